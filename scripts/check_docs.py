#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The program in README.md is examples/01_first_search.cpp; links in the documents lead somewhere.

check_docs.py          fails where they differ
check_docs.py --fix    writes the example into README.md
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(r"(<!-- the same text as (\S+), which is a test -->\n```cpp\n)(.*?)(```\n)", re.S)


def example(name):
    lines = (ROOT / name).read_text().splitlines(keepends=True)
    while lines[0].startswith("//"):
        lines.pop(0)
    return "".join(lines)


def main():
    wrong = []
    text = README.read_text()
    if not BLOCK.search(text):
        wrong.append("README.md: no program with the mark '<!-- the same text as ...'")
    fixed = BLOCK.sub(lambda m: m[1] + example(m[2]) + m[4], text)
    if fixed != text:
        if "--fix" in sys.argv:
            README.write_text(fixed)
        else:
            wrong.append("README.md: the program is not that of the example; run scripts/check_docs.py --fix")
    for page in [README, *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            if not (page.parent / target).exists():
                wrong.append(f"{page.relative_to(ROOT)}: link to {target}, which is not there")
    print("\n".join(wrong) or "the documents agree with the code")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
