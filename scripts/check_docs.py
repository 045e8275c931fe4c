#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Programs in the documents are those of examples/; links and paths of headers lead somewhere;
docs/README.md has a link to every page.

check_docs.py          fails where they differ
check_docs.py --fix    writes the examples into the documents

A copy of an example stands below the line `<!-- the same text as examples/NAME.cpp, which is a test -->`. A part
of one, some of its lines one after another, stands below `<!-- a part of examples/NAME.cpp, which is a test -->`;
where to begin and end is for the writer to say, so that --fix leaves it alone. All other C++ is compiled, see
scripts/snippets.py.
"""
import argparse
import pathlib
import re
import sys

sys.dont_write_bytecode = True
import check_layers  # noqa: E402: the one beside this file
import snippets  # noqa: E402: the same

QUOTE = r"(<!-- {} (\S+), which is a test -->\n```cpp\n)(.*?)(```\n)"  # see snippets.COPY
BLOCK = re.compile(QUOTE.format("the same text as"), re.S)
PART = re.compile(QUOTE.format("a part of"), re.S)
HEADER = re.compile(rf"(?<![\w/])(?:hint/)?((?:{'|'.join([*check_layers.FOLDERS, *check_layers.OPT_IN])})/[\w/]+\.hpp)")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.S)


def example(path):
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    while lines[0].startswith("//"):
        lines.pop(0)
    return "".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument("--fix", action="store_true")
    options = parser.parse_args()
    wrong = []
    for page in snippets.page_files(options.root):
        name, text = page.relative_to(options.root).as_posix(), page.read_text(encoding="utf-8")
        fixed = BLOCK.sub(lambda m: m[1] + example(options.root / m[2]) + m[4], text)
        if name == "README.md" and not BLOCK.search(text):
            wrong.append(f"{name}: no program with the mark '<!-- the same text as ...'")
        if fixed != text and options.fix:
            page.write_text(fixed, encoding="utf-8")
        elif fixed != text:
            wrong.append(f"{name}: the program is not that of the example; run scripts/check_docs.py --fix")
        for quote in PART.finditer(text):
            if "\n" + quote[3] not in "\n" + (options.root / quote[2]).read_text(encoding="utf-8"):
                first = quote[3].splitlines()[0].strip() if quote[3] else "nothing"
                wrong.append(f"{name}: the part that begins '{first}' is not in {quote[2]}")
        for target in LINK.findall(CODE.sub("", text)):
            if not (page.parent / target).exists():
                wrong.append(f"{name}: link to {target}, which is not there")
        for header in HEADER.findall(text):
            if not (options.root / "include" / "hint" / header).exists():
                wrong.append(f"{name}: names {header}, which is not there")
    index = options.root / "docs" / "README.md"
    linked = {(index.parent / target).resolve() for target in LINK.findall(index.read_text(encoding="utf-8"))}
    for page in snippets.page_files(options.root):
        if page != index and page.resolve() not in linked:
            wrong.append(f"docs/README.md: has no link to {page.relative_to(options.root).as_posix()}")
    print("\n".join(wrong) or "the documents agree with the code")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
