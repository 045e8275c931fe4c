#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes one C++ source of all C++ blocks in the documents, so that a compiler reads what readers read.

snippets.py             prints the source
snippets.py --output F  writes it into the file F
snippets.py --pages     prints the names of the pages, one a line

Every block fenced by ```cpp in README.md, CONTRIBUTING.md and docs/**/*.md is compiled; a block that is not
C++ of today carries another tag (```text), which is the only way out. (One marked as the same text as an example,
or a part of it, is compiled there; scripts/check_docs.py compares the two.) The blocks of one page are one program:

- Lines `#include <...>` go to the top of the source. The whole library and <hint/testing.hpp> are there anyway.
- Definitions of types, templates and functions (`struct my_part { ... };`, `int main() {`, the head of a function
  in one line) that begin in the first column stand in a namespace of the page.
- All other lines are statements of one function of the page. Each block opens a scope within that of the
  block before it: it sees the names that earlier blocks declared, and may give them another meaning.
- What a page takes for granted (`graph`, `images`, `split`, `my_sampler`, ...) is declared once for all
  pages in tests/snippets/given.hpp.

The compiler's messages name the page and its line.
"""

import argparse
import pathlib
import re
import sys

COPY = re.compile(r"<!-- (?:the same text as|a part of) (\S+), which is a test -->")
TAGS = {"cpp", "sh", "cmake", "json", "python", "text"}
BEGINS = re.compile(r"(template|struct|class|enum|union|namespace|concept|static_assert)\b")
FUNCTION = re.compile(r"(?!(?:if|for|while|switch|do|try|else|return)\b)[\w:<>,&* ]+? [\w:]+\([^;]*\)[\w ]*\{")
NOT_CODE = re.compile(r'//.*|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])+\'')


def blocks(name, text):
    """(number of its first line, its lines) of each ```cpp block; ValueError for a fence that is not known."""
    opened, lines, margin, before = None, [], 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.lstrip().startswith("```"):
            lines.append(line[min(margin, len(line) - len(line.lstrip())):])
        elif opened is None:
            opened, first, lines = line.strip()[3:].strip(), number + 1, []
            margin = len(line) - len(line.lstrip())  # of a block within a list
            copied = COPY.fullmatch(before.strip())
            if opened and opened not in TAGS:
                raise ValueError(f"{name}:{number}: a block of '{opened}', expected one of "
                                 + ", ".join(sorted(TAGS)))
        else:
            if opened == "cpp" and not copied:
                yield first, lines
            opened = None
        before = line
    if opened is not None:
        raise ValueError(f"{name}:{first - 1}: a block without an end")


def parts(lines):
    """Cuts a block: (what it includes, its definitions, its statements), each a list of (index of its first
    line, its lines)."""
    includes, definitions, statements = [], [], []
    at = 0
    while at < len(lines):
        first = at
        if lines[at].startswith("#include"):
            into = includes
        elif BEGINS.match(lines[at]) or FUNCTION.match(lines[at]):
            into = definitions
            depth, opened = 0, False
            while at < len(lines):
                code = NOT_CODE.sub("", lines[at])
                depth += code.count("{") - code.count("}")
                opened = opened or "{" in code
                if depth == 0 and (opened or code.rstrip().endswith(";")):
                    break
                at += 1
        else:
            into = statements
        at += 1
        into.append((first, lines[first:at]))
    return includes, definitions, statements


def source(pages):
    """The source for pages, a list of (name, text)."""
    headers = ["#include <hint/hint.hpp>", "#include <hint/testing.hpp>", '#include "snippets/given.hpp"']
    body = []
    for name, text in pages:
        definitions, statements, scopes = [], [], 0
        for first, lines in blocks(name, text):
            found, defined, stated = parts(lines)
            headers += [line for _, (line,) in found if line not in headers]
            for at, piece in defined:
                definitions += [f'#line {first + at} "{name}"', *piece]
            if any(line.strip() for _, piece in stated for line in piece):
                statements.append("{")
                scopes += 1
                for at, piece in stated:
                    statements += [f'#line {first + at} "{name}"', *piece]
        if definitions or statements:
            page = re.sub(r"\W", "_", name)
            body += [f"namespace snippets::{page} {{", *definitions, "void statements();",
                     "void statements() {", *statements, "}" * scopes, "}", f"}}  // {page}"]
    return "\n".join(["// Made by scripts/snippets.py of the documents.", *headers, *body, ""])


def page_files(root):
    top = [root / "README.md", root / "CONTRIBUTING.md"]
    return [p for p in top if p.exists()] + sorted((root / "docs").rglob("*.md"))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument("--output", type=pathlib.Path)
    parser.add_argument("--pages", action="store_true")
    options = parser.parse_args()
    files = [(p.relative_to(options.root).as_posix(), p) for p in page_files(options.root)]
    if options.pages:
        print("\n".join(name for name, _ in files))
        return 0
    try:
        text = source([(name, path.read_text(encoding="utf-8")) for name, path in files])
    except ValueError as wrong:
        print(wrong, file=sys.stderr)
        return 1
    if options.output:
        if not options.output.exists() or options.output.read_text(encoding="utf-8") != text:
            options.output.write_text(text, encoding="utf-8")  # else nothing is compiled anew
    else:
        print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
