# SPDX-License-Identifier: MIT
"""parts.py NM OBJECT...: no two of the object files may define a function of ours under one name, for the
linker would take one of them for both, and it may need a newer processor than the other part."""

import subprocess
import sys


def ours(nm, path):
    lines = subprocess.run([nm, "--defined-only", path], check=True, text=True, stdout=subprocess.PIPE).stdout
    names = {line.split()[-1] for line in lines.splitlines() if line.strip()}
    return {name for name in names if "4hint" in name}


def main():
    nm, *objects = sys.argv[1:]
    seen, status = {}, 0
    for path in objects:
        found = ours(nm, path)
        if len(found) < 20:
            print(f"{path}: defines only {len(found)} functions of ours; does this test still look at them?")
            status = 1
        for name in sorted(found & seen.keys())[:5]:
            print(f"{name}: in {seen[name]} and in {path}")
            status = 1
        seen.update(dict.fromkeys(found, path))
    print(f"{len(seen)} functions in {len(objects)} parts")
    return status


if __name__ == "__main__":
    sys.exit(main())
