#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# RDKit and FPSim2: the Tversky similarity of a fingerprint to itself can be below 1, and above.
#
# By Tversky's ratio a set is wholly like itself whatever the weights: c / (c + alpha * 0 + beta * 0) = 1. Both
# compute the denominator as alpha * (bits of one) + beta * (bits of the other) + (1 - alpha - beta) * c, where
# what should cancel does not always: RDKit in double precision, FPSim2 in single precision, with a bound on the
# sizes in double precision. So `TverskySimilarity(f, f, 0.2, 0.8) >= 1` is false, and FPSim2's search for all with
# similarity >= 1 leaves out the very molecule that is asked for, and whole sizes with it.
#
# Seen with RDKit 2026.9.1 and FPSim2 0.7.4 (PyPI), x86-64 Linux, aspirin, Morgan fingerprint of 2048 bits:
#   weights 0.5 0.5: RDKit 1.0, FPSim2 from 1 on: found
#   weights 0.2 0.8: RDKit 0.9999999999999999, FPSim2 from 1 on: missing
#   weights 0.3 0.7: RDKit 1.0000000000000002, FPSim2 from 1 on: found
#   weights 0.15 0.85: RDKit 1.0, FPSim2 from 1 on: missing
# Consequence here: set_similarity takes weights as decimal numbers and works with fractions of integers.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip install -q --disable-pip-version-check FPSim2==0.7.4 rdkit==2026.9.1
cat > probe.py <<'END'
from importlib.metadata import version

from FPSim2 import FPSim2Engine
from FPSim2.io import create_db_file
from rdkit import Chem, DataStructs
from rdkit.Chem import rdFingerprintGenerator

aspirin = "CC(=O)Oc1ccccc1C(=O)O"
print("RDKit", version("rdkit"), "FPSim2", version("FPSim2"))
create_db_file([[aspirin, 1], ["CCO", 2]], "molecules.h5", "smiles", "Morgan", {"radius": 2, "fpSize": 2048})
engine = FPSim2Engine("molecules.h5")
morgan = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)
bits = morgan.GetFingerprint(Chem.MolFromSmiles(aspirin))
changed = False
for a, b, *expected in ((0.5, 0.5, 1.0, "found"), (0.2, 0.8, 0.9999999999999999, "missing"),
                        (0.3, 0.7, 1.0000000000000002, "found"), (0.15, 0.85, 1.0, "missing")):
    itself = DataStructs.TverskySimilarity(bits, bits, a, b)
    found = "found" if 1 in engine.tversky(aspirin, 1.0, a, b)["mol_id"] else "missing"
    assert 1 in engine.tversky(aspirin, 0.999, a, b)["mol_id"]
    print(f"  weights {a} {b}: RDKit {itself}, FPSim2 from 1 on: {found}")
    if [itself, found] != expected:
        changed = True
        print("  changed, expected", *expected)
raise SystemExit(changed)
END
v/bin/python probe.py
