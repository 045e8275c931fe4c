#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Puts include/hint/search.hpp and all that it includes into one file, single_include/hint/search.hpp.

amalgamate.py            writes the file where it is out of date
amalgamate.py --check    only says whether it is; exits with 1 if so, or when it has grown too large

Each header comes once, after those that it includes and in its own guard, so that the file may meet the
library itself in one program. Standard headers are collected at the top, those between #if and #endif
stay where they are. Of the comments only the first sentences of what documents the interface stay, and
not even these where the file would grow too large; of the indentation half.
"""

import argparse
import pathlib
import re
import sys
import textwrap

sys.dont_write_bytecode = True
import check_layers  # noqa: E402: the one beside this file

TOP = "hint/search.hpp"
MOST_BYTES = 300_000  # so that it stays easy to paste and to fetch
WIDTH = 100
GUARDED = re.compile(r"#ifndef (\w+)\n#define \1\n(.*)\n#endif\n\Z", re.DOTALL)
OPENS = re.compile(r"\s*#\s*if")
CLOSES = re.compile(r"\s*#\s*endif")
COMMENT = re.compile(r"(\s*)//(?:(/)(?!<))?\s?(.*)")
TRAILING = re.compile(r'^([^"]*?[^"\s])\s+//(?!/<).*$')
SENTENCE = re.compile(r".*?[\w)`'\"\]]\.(?=\s|$)")


class Amalgamation:
    def __init__(self, layout, documented):
        self.layout = layout
        self.documented = documented
        self.standard = set()
        self.done = []  # names, each after those that it includes
        self.parts = {}  # name -> its guard, what is in it
        self.add(TOP)

    def add(self, name):
        if name in self.parts:
            return
        self.parts[name] = None  # also ends a cycle, which check_layers.py reports
        header = self.layout.hint.parent / name
        text = self.layout.text[header]
        for _, included in self.layout.includes[header]:
            if included.startswith("hint/"):
                self.add(included)
        guarded = GUARDED.search(text)
        if not guarded:
            sys.exit(f"{name}: has no guard, from '#ifndef' to a last '#endif'")
        self.parts[name] = guarded[1], self.body(guarded[2])
        self.done.append(name)

    def body(self, inside):
        """Without comments at length and the includes that go to the top."""
        lines, depth = [], 0
        for line in inside.split("\n"):
            depth += 1 if OPENS.match(line) else -1 if CLOSES.match(line) else 0
            include = check_layers.INCLUDE.match(line)
            if not include:
                lines.append(line)
            elif not include[2].startswith("hint/"):  # ours are above already, whatever the #if
                if depth > 0:
                    lines.append(line)
                else:
                    self.standard.add(include[2])
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.shortened(lines))).strip("\n")

    def shortened(self, lines):
        block, indent, detail = [], "", False
        for line in [*lines, ""]:
            comment = COMMENT.match(line)
            if comment:
                if comment[2] and self.documented and not detail:
                    indent = comment[1][::2]
                    block.append(comment[3].strip())
                continue
            yield from self.first_sentence(indent, block)
            block = []
            if "namespace" in line and "detail" in line:
                detail = line.endswith("{")  # else it ends here
            line = TRAILING.sub(r"\1", line)
            yield line[(len(line) - len(line.lstrip())) // 2:]

    @staticmethod
    def first_sentence(indent, block):
        words = []
        for text in block:
            if words and (not text or text[0] in "\\|-"):  # the paragraph ends
                break
            if text and text[0] != "\\":
                words.append(text)
        text = " ".join(words)
        sentence = SENTENCE.match(text)
        return textwrap.wrap(sentence[0] if sentence else text, WIDTH, break_long_words=False,
                             initial_indent=indent + "/// ", subsequent_indent=indent + "/// ",
                             break_on_hyphens=False)

    def text(self):
        top = self.parts[TOP][0]
        yield "// SPDX-License-Identifier: MIT\n"
        yield self.licence() + "//\n"
        yield f"// The library hint {self.version()}, <{TOP}> with all that it includes, in one file. "
        yield "Made by\n// scripts/amalgamate.py: change the headers that it is made of, not this one.\n"
        yield f"#ifndef {top}\n#define {top}\n"
        standard = "".join(f"#include <{name}>\n" for name in sorted(self.standard))
        for name in self.done:
            guard, body = self.parts[name]
            if standard and not self.bare(name):
                yield f"\n{standard}"
                standard = ""
            if body:
                yield f"\n// ---- {name}\n#ifndef {guard}\n#define {guard}\n\n{body}\n\n#endif\n"
        yield "\n#endif\n"

    def bare(self, name):
        """Whether it includes nothing standard; so the language's version is checked before all that needs it."""
        includes = self.layout.includes[self.layout.hint.parent / name]
        return all(included.startswith("hint/") for _, included in includes)

    def licence(self):
        lines = (self.layout.root / "LICENSE").read_text(encoding="utf-8").splitlines()
        return "".join(f"// {line}".rstrip() + "\n" for line in lines)

    def version(self):
        text = self.layout.text[self.layout.hint / "core" / "version.hpp"]
        return ".".join(re.search(rf"#define HINT_VERSION_{part} (\d+)", text)[1]
                        for part in ("MAJOR", "MINOR", "PATCH"))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    layout = check_layers.Layout(options.root)
    text = "".join(Amalgamation(layout, documented=True).text())
    if len(text.encode()) > MOST_BYTES:
        text = "".join(Amalgamation(layout, documented=False).text())
    path = options.root / "single_include" / TOP
    name = path.relative_to(options.root).as_posix()
    size = len(text.encode())
    if size > MOST_BYTES:
        print(f"{name}: has {size} bytes, expected at most {MOST_BYTES}")
        return 1
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        if options.check:
            print(f"{name}: out of date, run scripts/amalgamate.py")
            return 1
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(f"wrote {name}")
    print(f"{name}: {size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
