#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# PyNNDescent: with random_state given, the neighbour graph still depends on n_jobs.
#
# A whole number as random_state is described as the seed of the random numbers, and two runs with equal n_jobs
# agree bit by bit. But rows are worked off in blocks whose size is a multiple of the number of threads, and what a
# block has improved is seen by the next, so one job and two give graphs that differ. Since n_jobs is by default
# what the machine has, the same script gives other neighbours on a machine of other size.
#
# Seen with pynndescent 0.7.0, numba 0.68.1 (PyPI), x86-64 Linux, 5,000 vectors in 100 clusters, 10 neighbours:
#   n_jobs 1 and 1: equal
#   n_jobs 2 and 2: equal
#   n_jobs 1 and 2: 22 of 5,000 lists differ
# Consequence here: every result is the same for any number of threads, that of the approximate neighbour graph
# too, and tests compare one, two and three.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip install -q --disable-pip-version-check pynndescent==0.7.0 numba==0.68.1 numpy==2.4.6
cat > probe.py <<'END'
from importlib.metadata import version

import numba
import numpy as np
from pynndescent import NNDescent

print("pynndescent", version("pynndescent"), "numba", version("numba"))
if numba.config.NUMBA_NUM_THREADS < 2:
    raise SystemExit("skipped: needs two cores")
random = np.random.default_rng(0)
centers = random.standard_normal((100, 32))
rows = centers[random.integers(0, 100, 5000)] + 0.3 * random.standard_normal((5000, 32))
rows = rows.astype(np.float32)


def graph(jobs):
    return NNDescent(rows, n_neighbors=10, random_state=1, n_jobs=jobs).neighbor_graph[0]


one, two = graph(1), graph(2)
differ = int((one != two).any(1).sum())
same = [bool((one == graph(1)).all()), bool((two == graph(2)).all())]
print("  n_jobs 1 and 1:", "equal" if same[0] else "different")
print("  n_jobs 2 and 2:", "equal" if same[1] else "different")
print("  n_jobs 1 and 2:", differ, "of", len(one), "lists differ")
changed = same != [True, True] or differ == 0
if changed:
    print("  changed, see the top of this file")
raise SystemExit(changed)
END
v/bin/python probe.py
