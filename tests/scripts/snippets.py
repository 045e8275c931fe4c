# SPDX-License-Identifier: MIT
"""Tests scripts/snippets.py: how the C++ blocks of a page become one program."""

import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
import snippets  # noqa: E402: the one in scripts/

HEAD = """// Made by scripts/snippets.py of the documents.
#include <hint/hint.hpp>
#include <hint/testing.hpp>
#include "snippets/given.hpp"
"""


class Source(unittest.TestCase):
    maxDiff = None

    def body(self, *lines, name="docs/a.md"):
        text = snippets.source([(name, "\n".join(lines))])
        self.assertTrue(text.startswith(HEAD), text)
        return text[len(HEAD):]

    def test_definitions_and_statements_are_told_apart(self):
        self.assertEqual(self.body(
            "Text.", "```cpp", "#include <cstdio>", "struct part {", "  int x() { return 1; }  // }", "};",
            "part p;", "for (int i : list) {", "  use(i);", "}", "```"), """#include <cstdio>
namespace snippets::docs_a_md {
#line 4 "docs/a.md"
struct part {
  int x() { return 1; }  // }
};
void statements();
void statements() {
{
#line 7 "docs/a.md"
part p;
#line 8 "docs/a.md"
for (int i : list) {
#line 9 "docs/a.md"
  use(i);
#line 10 "docs/a.md"
}
}
}
}  // docs_a_md
""")

    def test_later_blocks_lie_within_earlier_ones(self):
        body = self.body("```cpp", "int a = 1;", "```", "```cpp", "int a = 2;", "```")
        self.assertIn('{\n#line 2 "docs/a.md"\nint a = 1;\n{\n#line 5 "docs/a.md"\nint a = 2;\n}}\n', body)

    def test_functions_and_templates_are_definitions(self):
        for first in ("int main() {", "template <class T>", "hint::code_set code(const my& m) const {",
                      "namespace mine {"):
            with self.subTest(first):
                self.assertEqual(snippets.parts([first, "}"]), ([], [(0, [first, "}"])], []))
        for first in ("for (auto x : y) {", "if (a) {", "auto f = [](int x) {", "graph g = f(x);"):
            with self.subTest(first):
                self.assertEqual(snippets.parts([first, "}"])[1], [])

    def test_a_block_within_a_list_loses_its_margin(self):
        self.assertEqual(list(snippets.blocks("p", "- a\n\n  ```cpp\n  struct a {\n    int b;\n  };\n  ```\n")),
                         [(4, ["struct a {", "  int b;", "};"])])

    def test_copies_of_examples_are_compiled_there(self):
        for what in ("the same text as", "a part of"):
            self.assertEqual(self.body(f"<!-- {what} examples/a.cpp, which is a test -->", "```cpp", "int a;",
                                       "```"), "")

    def test_other_tags_are_left_out_and_unknown_ones_refused(self):
        self.assertEqual(self.body("```text", "not C++", "```", "```", "output", "```"), "")
        with self.assertRaises(ValueError) as caught:
            self.body("", "```c++", "int a;", "```")
        self.assertEqual(str(caught.exception),
                         "docs/a.md:2: a block of 'c++', expected one of cmake, cpp, json, python, sh, text")
        with self.assertRaises(ValueError) as caught:
            self.body("```cpp", "int a;")
        self.assertEqual(str(caught.exception), "docs/a.md:1: a block without an end")


if __name__ == "__main__":
    unittest.main()
