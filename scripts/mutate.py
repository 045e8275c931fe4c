#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Breaks the library on purpose, one small change at a time, and asks whether a test notices.

mutate.py                   builds and runs the tests of every mutant; says which of them survived
mutate.py --only s06,e07    these alone
mutate.py --list            prints the mutants
mutate.py --check           only looks whether every mutant still fits the sources; ctest runs this

The list is scripts/mutants.txt, where a mutant is written

    [s06]
    file: search/store/code_store.hpp       below include/hint/
    old: other.marked_ = true;              occurs exactly once in the file, or
    at: 2                                   the second occurrence is meant
    new:                                    what stands there instead; may be empty
    tests: search.code_store                as ctest names them; without this line, the test of the file itself
    equivalent: why no test can tell        only where the mutant is as correct as the original

A mutant is a change that somebody could make by mistake. It is killed when a test fails or is not done in time,
and survives when all its tests pass. The exit status is 1 if a mutant survives that is not marked as equivalent,
if one is killed that is marked so, if one does not fit or does not compile, or if a test fails without any mutant.

To repair a mutant that does not fit: look up its old text in the history of the file
(git log -S 'old text' -- FILE), write down what stands there now, and change `new` in the same way. When what it
changed is gone, put another one in its place that breaks the same promise.

The sources stay as they are: the changed header lies in a temporary folder that is searched first. What all tests
include is compiled once. The compiler is that of the environment variable CXX, or g++; Eigen is found by
pkg-config, other flags come from --flags.
"""

import argparse
import concurrent.futures
import configparser
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

FIELDS = {"file", "old", "new", "at", "tests", "equivalent"}
COMMON = """#include "support/catch.hpp"
#include <Eigen/Core>
#include <Eigen/SparseCore>
#include <xsimd/xsimd.hpp>
"""


class Mutant:
    """One entry of the list; ValueError, naming it, where a line is missing or unknown."""

    def __init__(self, name, entry):
        self.name = name
        for field in ("file", "old", "new"):
            if field not in entry:
                raise ValueError(f"[{name}]: has no '{field}:'")
        for field in entry:
            if field not in FIELDS:
                raise ValueError(f"[{name}]: '{field}:' is unknown, expected one of {', '.join(sorted(FIELDS))}")
        self.file, self.old, self.new = entry["file"], entry["old"], entry["new"]
        self.at = int(entry.get("at", "0"))
        self.equivalent = entry.get("equivalent", "")
        path = pathlib.PurePosixPath(self.file)
        self.tests = entry.get("tests", f"{path.parts[0]}.{path.stem}").split()

    def apply(self, root):
        """The changed text of its file; ValueError where the old text is not there as often as expected."""
        path = root / "include" / "hint" / self.file
        if not path.exists():
            raise ValueError(f"[{self.name}]: {self.file} does not exist")
        pieces = path.read_text(encoding="utf-8").split(self.old)
        found = len(pieces) - 1
        if self.at == 0 and found != 1:
            raise ValueError(f"[{self.name}]: {self.file} has the old text {found} times, expected 1: {self.old}")
        if self.at > found:
            raise ValueError(f"[{self.name}]: {self.file} has the old text {found} times, "
                             f"expected {self.at} at least: {self.old}")
        at = max(self.at, 1)
        return self.old.join(pieces[:at]) + self.new + self.old.join(pieces[at:])


def read(text):
    """The mutants of a list."""
    parser = configparser.RawConfigParser(delimiters=(":",), comment_prefixes=("#",))
    parser.read_string(text)
    return [Mutant(name, parser[name]) for name in parser.sections()]


def source_of(test, root):
    """tests/FOLDER/**/NAME.cpp of FOLDER.NAME; ValueError where there is none."""
    folder, _, name = test.partition(".")
    found = sorted((root / "tests" / folder).rglob(f"{name}.cpp"))
    if len(found) != 1:
        raise ValueError(f"test {test}: {len(found)} files tests/{folder}/**/{name}.cpp, expected 1")
    return found[0]


def misfits(mutants, root):
    """What is wrong with the list, as messages."""
    for mutant in mutants:
        try:
            mutant.apply(root)
            if mutant.old == mutant.new:
                raise ValueError(f"[{mutant.name}]: changes nothing")
            for test in mutant.tests:
                source_of(test, root)
        except ValueError as wrong:
            yield str(wrong)


class Workshop:
    """A temporary folder in which tests are built and run."""

    def __init__(self, root, folder, flags, timeout):
        self.root, self.folder, self.timeout = root, folder, timeout
        self.compiler = shlex.split(os.environ.get("CXX", "g++"))
        eigen = []
        if shutil.which("pkg-config"):
            eigen = subprocess.run(["pkg-config", "--cflags", "eigen3"], capture_output=True, text=True).stdout.split()
        self.flags = ["-std=c++20", "-O1", "-w", f"-I{root}/tests", *eigen, *shlex.split(flags), "-pthread"]

    def prepare(self):
        """Compiles what all tests share."""
        common = self.folder / "common.hpp"
        common.write_text(COMMON, encoding="utf-8")
        here = [*self.compiler, *self.flags, f"-I{self.root}/include"]
        subprocess.run([*here, "-x", "c++-header", common, "-o", f"{common}.gch"], check=True)
        subprocess.run([*here, "-c", self.root / "tests/support/main.cpp", "-o", self.folder / "main.o"], check=True)
        three = subprocess.run([*here, "-E", "-x", "c++", "-", "-o", "-"], capture_output=True, text=True,
                               input="#if __has_include(<catch2/catch_all.hpp>)\nTHREE\n#endif\n").stdout
        self.libraries = ["-lCatch2Main", "-lCatch2"] if "THREE" in three else []

    def run(self, test, name, overlay):
        """Whether the test fails with the headers of `overlay` before ours: "passes", "fails", "is not done in
        time" or "does not compile"."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        program, began = folder / "program", time.monotonic()
        includes = [f"-I{overlay}"] if overlay else []
        command = [*self.compiler, *includes, f"-I{self.root}/include", "-include", self.folder / "common.hpp",
                   *self.flags, source_of(test, self.root), self.folder / "main.o", *self.libraries, "-o", program]
        try:
            built = subprocess.run(command, capture_output=True, text=True, timeout=self.timeout)
            if built.returncode:
                (folder / "errors").write_text(built.stderr, encoding="utf-8")
                return "does not compile"
            left = max(1.0, self.timeout - (time.monotonic() - began))
            done = subprocess.run([program], cwd=folder, capture_output=True, timeout=left)
            return "fails" if done.returncode else "passes"
        except subprocess.TimeoutExpired:
            return "is not done in time"
        finally:
            program.unlink(missing_ok=True)


def judge(mutant, run):
    """(is it as it should be, a line about it), where run(test) tells how a test goes with the mutant."""
    for test in mutant.tests:
        how = run(test)
        if how == "does not compile":
            return False, f"{mutant.name}: WRONG, {test} does not compile"
        if how != "passes":
            if mutant.equivalent:
                return False, f"{mutant.name}: KILLED, although listed as equivalent: {test} {how}"
            return True, f"{mutant.name}: killed, {test} {how}"
    if mutant.equivalent:
        return True, f"{mutant.name}: survived, equivalent: {mutant.equivalent}"
    return False, f"{mutant.name}: SURVIVED {', '.join(mutant.tests)}"


def study(mutants, workshop, jobs):
    """Prints a line for each mutant; returns whether all are as they should be."""
    workshop.prepare()
    good = True

    def unchanged(test):
        return test, workshop.run(test, f"unchanged_{test}", None)

    def changed(mutant):
        overlay = workshop.folder / f"{mutant.name}_include"
        path = overlay / "hint" / mutant.file
        path.parent.mkdir(parents=True)
        path.write_text(mutant.apply(workshop.root), encoding="utf-8")
        return judge(mutant, lambda test: workshop.run(test, mutant.name, overlay))

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for test, how in pool.map(unchanged, sorted({t for m in mutants for t in m.tests})):
            if how != "passes":
                good = False
                print(f"{test} {how} without any mutant", flush=True)
        if not good:
            return False
        killed = 0
        for right, line in pool.map(changed, mutants):
            good = good and right
            killed += ": killed" in line
            print(line, flush=True)
    print(f"{len(mutants)} mutants, {killed} killed, {sum(bool(m.equivalent) for m in mutants)} equivalent")
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument("--only", help="names, separated by commas")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--jobs", type=int, default=1, help="tests built at a time")
    parser.add_argument("--timeout", type=float, default=300, help="seconds to build and run one test")
    parser.add_argument("--flags", default="", help="more flags for the compiler")
    options = parser.parse_args()
    try:
        mutants = read((options.root / "scripts" / "mutants.txt").read_text(encoding="utf-8"))
    except (ValueError, configparser.Error) as wrong:
        print(f"mutants.txt: {wrong}")
        return 1
    if options.only:
        wanted = options.only.split(",")
        unknown = set(wanted) - {m.name for m in mutants}
        if unknown:
            print(f"no mutant is called {', '.join(sorted(unknown))}")
            return 1
        mutants = [m for m in mutants if m.name in wanted]
    if options.list:
        for m in mutants:
            print(f"{m.name}  {m.file}: {m.old}  ->  {m.new or '(nothing)'}" + ("  (equivalent)" if m.equivalent else ""))
        return 0
    wrong = list(misfits(mutants, options.root))
    for message in wrong:
        print(message)
    if wrong or options.check:
        print(f"{len(mutants)} mutants, {len(wrong)} do not fit" + ("; see scripts/mutate.py --help" if wrong else ""))
        return 1 if wrong else 0
    with tempfile.TemporaryDirectory(prefix="hint_mutants_") as folder:
        return 0 if study(mutants, Workshop(options.root.resolve(), pathlib.Path(folder), options.flags,
                                            options.timeout), options.jobs) else 1


if __name__ == "__main__":
    sys.exit(main())
