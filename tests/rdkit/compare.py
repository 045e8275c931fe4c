#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""compare.py PROGRAM: what the program rdkit_sets finds among fingerprints of well-known molecules is what RDKit
computes for every pair. Skipped (exit 77) without RDKit, which scripts/setup.sh --rivals installs."""

import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
try:
    from rdkit import Chem, DataStructs, RDLogger
    from rdkit.Chem import MACCSkeys, rdFingerprintGenerator
except ImportError:
    other = ROOT / "build/rivals/bin/python"
    if other.exists() and os.environ.get("HINT_TRIED_RIVALS") is None:
        os.environ["HINT_TRIED_RIVALS"] = "1"
        os.execv(other, [str(other), *sys.argv])
    print("no RDKit here; scripts/setup.sh --rivals installs it")
    sys.exit(77)

MOLECULES = """
acetic acid            CC(=O)O
acetone                CC(C)=O
adrenaline             CNCC(O)c1ccc(O)c(O)c1
amoxicillin            CC1(C)SC2C(NC(=O)C(N)c3ccc(O)cc3)C(=O)N2C1C(=O)O
amphetamine            CC(N)Cc1ccccc1
ampicillin             CC1(C)SC2C(NC(=O)C(N)c3ccccc3)C(=O)N2C1C(=O)O
aniline                Nc1ccccc1
aspirin                CC(=O)Oc1ccccc1C(=O)O
benzene                c1ccccc1
benzocaine             CCOC(=O)c1ccc(N)cc1
benzoic acid           O=C(O)c1ccccc1
caffeine               Cn1cnc2c1c(=O)n(C)c(=O)n2C
camphor                CC1(C)C2CCC1(C)C(=O)C2
capsaicin              COc1cc(CNC(=O)CCCCC=CC(C)C)ccc1O
cholesterol            CC(C)CCCC(C)C1CCC2C3CC=C4CC(O)CCC4(C)C3CCC12C
diazepam               CN1C(=O)CN=C(c2ccccc2)c2cc(Cl)ccc21
dopamine               NCCc1ccc(O)c(O)c1
ephedrine              CNC(C)C(O)c1ccccc1
estradiol              CC12CCC3c4ccc(O)cc4CCC3C1CCC2O
ethanol                CCO
eugenol                COc1cc(CC=C)ccc1O
glucose                OCC1OC(O)C(O)C(O)C1O
histamine              NCCc1c[nH]cn1
ibuprofen              CC(C)Cc1ccc(C(C)C(=O)O)cc1
ketoprofen             CC(C(=O)O)c1cccc(C(=O)c2ccccc2)c1
lidocaine              CCN(CC)CC(=O)Nc1c(C)cccc1C
melatonin              COc1ccc2[nH]cc(CCNC(C)=O)c2c1
menthol                CC(C)C1CCC(C)CC1O
methane                C
methanol               CO
methyl salicylate      COC(=O)c1ccccc1O
naphthalene            c1ccc2ccccc2c1
naproxen               COc1ccc2cc(C(C)C(=O)O)ccc2c1
niacin                 O=C(O)c1cccnc1
nicotinamide           NC(=O)c1cccnc1
nicotine               CN1CCCC1c1cccnc1
noradrenaline          NCC(O)c1ccc(O)c(O)c1
nordazepam             O=C1CN=C(c2ccccc2)c2cc(Cl)ccc2N1
paracetamol            CC(=O)Nc1ccc(O)cc1
penicillin G           CC1(C)SC2C(NC(=O)Cc3ccccc3)C(=O)N2C1C(=O)O
phenacetin             CCOc1ccc(NC(C)=O)cc1
phenethylamine         NCCc1ccccc1
phenol                 Oc1ccccc1
phenylalanine          NC(Cc1ccccc1)C(=O)O
procaine               CCN(CC)CCOC(=O)c1ccc(N)cc1
progesterone           CC(=O)C1CCC2C3CCC4=CC(=O)CCC4(C)C3CCC12C
salicylic acid         O=C(O)c1ccccc1O
serotonin              NCCc1c[nH]c2ccc(O)cc12
testosterone           CC12CCC3C(CCC4=CC(=O)CCC43C)C1CCC2O
theobromine            Cn1cnc2c1c(=O)[nH]c(=O)n2C
theophylline           Cn1c(=O)c2[nH]cnc2n(C)c1=O
toluene                Cc1ccccc1
tryptamine             NCCc1c[nH]c2ccccc12
tryptophan             NC(Cc1c[nH]c2ccccc12)C(=O)O
tyramine               NCCc1ccc(O)cc1
tyrosine               NC(Cc1ccc(O)cc1)C(=O)O
vanillin               COc1cc(C=O)ccc1O
"""


def expected(kind, query, item):
    """RDKit's answer; its own convention for empty sets is 0."""
    if kind == "tanimoto":
        return DataStructs.TanimotoSimilarity(query, item)
    if kind == "dice":
        return DataStructs.DiceSimilarity(query, item)
    weights = {"tversky": (0.3, 0.7), "subset": (0, 1), "superset": (1, 0)}[kind]
    return DataStructs.TverskySimilarity(query, item, *weights)


def compare(program, name, prints):
    bits = prints[0].GetNumBits()
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "sets"
        file.write_bytes(b"".join(DataStructs.BitVectToBinaryText(p) for p in prints))
        said = subprocess.run([program, str(file), str(bits)], check=True, capture_output=True, text=True).stdout
    rows = {}
    for line in said.splitlines():
        kind, query, item, common, size, similarity = line.split()
        rows.setdefault((kind, int(query)), []).append((float(similarity), int(item), int(common), int(size)))
    assert len(rows) == 5 * len(prints), name
    for (kind, q), row in rows.items():
        assert len(row) == len(prints)
        assert row == sorted(row, key=lambda r: (-r[0], r[1])), (name, kind, q)
        for similarity, i, common, size in row:
            where = (name, kind, q, i)
            assert size == prints[i].GetNumOnBits(), where
            assert common == (prints[q] & prints[i]).GetNumOnBits(), where
            theirs = expected(kind, prints[q], prints[i])
            none = {"subset": size == 0, "superset": prints[q].GetNumOnBits() == 0}.get(
                kind, size + prints[q].GetNumOnBits() == 0)
            if none:  # 0 / 0
                assert (similarity, theirs) == (1, 0), where
            elif kind == "tanimoto":
                assert similarity == theirs, where
            else:
                assert abs(similarity - theirs) < 1e-14, where
            if kind == "subset":
                assert (similarity == 1) == DataStructs.AllProbeBitsMatch(prints[i], prints[q]), where
    print(f"{name}: {len(prints)} sets of {bits} bits, all pairs as RDKit says")


def main():
    RDLogger.DisableLog("rdApp.*")
    molecules = [Chem.MolFromSmiles(line.split()[-1]) for line in MOLECULES.strip().splitlines()]
    assert len(molecules) > 50 and all(molecules)
    for bits in (1024, 2048, 4096):
        generator = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=bits)
        prints = [generator.GetFingerprint(m) for m in molecules]
        compare(sys.argv[1], "Morgan", prints + [DataStructs.ExplicitBitVect(bits), prints[7]])
    # MACCS keys have 167 bits, which is no whole number of bytes; RDKit's own paths have many.
    compare(sys.argv[1], "MACCS", [
        DataStructs.CreateFromBitString(MACCSkeys.GenMACCSKeys(m).ToBitString() + "0") for m in molecules])
    paths = rdFingerprintGenerator.GetRDKitFPGenerator(fpSize=2048)
    compare(sys.argv[1], "paths", [paths.GetFingerprint(m) for m in molecules])


if __name__ == "__main__":
    main()
