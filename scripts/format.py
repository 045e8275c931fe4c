#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Lays out all C++ sources with the clang-format that .clang-format is written for.

format.py                 formats every file in place
format.py --check         only says which are not formatted; exits with 1 if there are any
format.py --check FILE... the same for these files

scripts/setup.sh installs the version below into build/tools; one of that version on the PATH serves too. Other
versions lay some lines out otherwise, so that they are not used. What scripts make (single_include/) is left
out.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys

VERSION = "23.1.5"
ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ("include", "tests", "examples", "bench")
SKIPPED = 77  # ctest's word for "not run here"


def find_program():
    """The clang-format of VERSION, or None."""
    for candidate in (ROOT / "build/tools/bin/clang-format", shutil.which("clang-format")):
        if candidate and os.access(candidate, os.X_OK):
            environment = dict(os.environ, PYTHONPATH=str(ROOT / "build/tools"))
            said = subprocess.run([candidate, "--version"], env=environment, capture_output=True, text=True)
            if f"version {VERSION}" in said.stdout:
                return [str(candidate)], environment
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--version", action="version", version=VERSION)
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    found = find_program()
    if not found:
        print(f"format.py: no clang-format {VERSION} here; scripts/setup.sh installs it")
        return SKIPPED
    program, environment = found
    files = options.files or sorted(str(f) for folder in FOLDERS for f in (ROOT / folder).rglob("*")
                                    if f.suffix in (".hpp", ".cpp"))
    if not options.check:
        return subprocess.run(program + ["-i"] + files, env=environment).returncode
    done = subprocess.run(program + ["--dry-run"] + files, env=environment, capture_output=True,
                          text=True)
    wrong = sorted({line.split(":")[0] for line in done.stderr.splitlines() if ": warning: " in line})
    for name in wrong:
        print(f"{name}: not laid out as .clang-format says")
    print(f"{len(files)} files, {len(wrong)} to be formatted" + (" by scripts/format.py" if wrong else ""))
    return 1 if wrong or done.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
