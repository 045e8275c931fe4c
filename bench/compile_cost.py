#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a program that includes hint costs the compiler: CPU seconds, peak MiB and KB of code, each beside
one that includes Eigen/Dense. Compiles all in turns and prints medians, so that a busy machine
bothers all alike; the ratios are what to compare.

usage: compile_cost.py [--cxx g++] [--flags "-O2"] [--runs 3] [--include FOLDER] [--only NAME ...]
"""
import argparse
import os
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent

EIGEN = """#include <Eigen/Dense>
int main(int n, char**) {
  Eigen::MatrixXf a = Eigen::MatrixXf::Constant(8, 8, static_cast<float>(n)), b = a * a;
  return static_cast<int>(b(0, 0));
}
"""
SEARCH = """#include <cstdint>
#include <vector>
#include <hint/search.hpp>
int main() {
  std::vector<std::uint64_t> words(100);
  hint::search::linear_scan index{64};
  const hint::code_view codes{words, 64};
  index.add(codes);
  return static_cast<int>(index.search(codes, 5)[0].size());
}
"""
TREE = """#include <vector>
#include <hint/tree.hpp>
int main() {
  const std::vector<hint::weighted_edge> edges{{0, 1, 1}, {1, 2, 2}};
  const auto graph = hint::relation_graph::from_edges(3, edges);
  return static_cast<int>(hint::tree::best()(graph).size());
}
"""


FIT = (ROOT / "examples/01_first_search.cpp").read_text()

# name: (source, flags of its own)
PROGRAMS = {
    "Eigen/Dense, one product": (EIGEN, []),
    "hint/search.hpp, linear_scan": (SEARCH, []),
    "hint/tree.hpp, tree::best": (TREE, []),
    "the same with hint::compiled": (TREE, ["-DHINT_COMPILED"]),
    "hint/hint.hpp, nothing used": ("#include <hint/hint.hpp>\nint main() {}\n", []),
    "hint/hint.hpp, fit, encode, search": (FIT, []),
    "fit with hint::compiled": (FIT, ["-DHINT_COMPILED"]),
}


def compiled(command, source, folder):
    """CPU seconds, peak MiB and KB of text and data of one compilation."""
    file, program = folder / "program.cpp", folder / "program.o"
    file.write_text(source)
    child = subprocess.Popen([*command, "-c", str(file), "-o", str(program)])
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"compile_cost: {shlex.join(command)} failed on\n{source}")
    size = subprocess.run(["size", str(program)], capture_output=True, text=True, check=True)
    text, data = size.stdout.splitlines()[1].split()[:2]
    peak = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    return usage.ru_utime + usage.ru_stime, peak, (int(text) + int(data)) / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cxx", default=os.environ.get("CXX", "g++"))
    parser.add_argument("--flags", default="-O2")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--include", default=str(ROOT / "include"), help="the folder of hint's headers")
    parser.add_argument("--eigen", default="/usr/include/eigen3", help="the folder of Eigen's headers")
    parser.add_argument("--only", nargs="*", default=[], help="parts of the names of programs")
    options = parser.parse_args()
    command = [*shlex.split(options.cxx), "-std=c++20", *shlex.split(options.flags), "-I", options.include,
               "-isystem", options.eigen]
    chosen = {name: program for name, program in PROGRAMS.items()
              if not options.only or name.startswith("Eigen") or any(part in name for part in options.only)}
    costs = {name: [] for name in chosen}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.runs):
            for name, (source, flags) in chosen.items():
                costs[name].append(compiled([*command, *flags], source, pathlib.Path(folder)))
    print(f"{shlex.join(command)}: medians of {options.runs}\n")
    print(f"{'program':36} {'seconds':>8} {'of Eigen':>9} {'MiB':>6} {'of Eigen':>9} {'KB':>6}")
    medians = {name: [statistics.median(column) for column in zip(*runs)] for name, runs in costs.items()}
    eigen = next(iter(medians.values()))
    for name, (seconds, peak, size) in medians.items():
        print(f"{name:36} {seconds:8.1f} {seconds / eigen[0]:9.2f} {peak:6.0f} {peak / eigen[1]:9.2f} {size:6.0f}")


if __name__ == "__main__":
    main()
