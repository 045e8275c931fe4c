# SPDX-License-Identifier: MIT
"""Tests scripts/check_docs.py on small trees: each fault of a document is reported, with exactly its message."""

import contextlib
import io
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
import check_docs  # noqa: E402: the one in scripts/

PROGRAM = "<!-- the same text as examples/a.cpp, which is a test -->\n```cpp\nint main() {}\n```\n"


class Documents(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.put("examples/a.cpp", "// SPDX-License-Identifier: MIT\nint main() {}\n")
        self.put("include/hint/core/error.hpp", "")
        self.put("README.md", PROGRAM + "[docs](docs/README.md#top), [elsewhere](https://example.org)\n")
        self.put("docs/README.md", "[start](../README.md) [a](concepts/a.md)\n")
        self.put("docs/concepts/a.md", "`hint/core/error.hpp` and tests/core/none.hpp\n")

    def put(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def check(self, *arguments):
        said = io.StringIO()
        with mock.patch.object(sys, "argv", ["check_docs.py", "--root", str(self.root), *arguments]), \
                contextlib.redirect_stdout(said):
            status = check_docs.main()
        lines = said.getvalue().splitlines()
        if status == 0:
            self.assertEqual(lines, ["the documents agree with the code"])
            return []
        return lines

    def test_documents_without_a_fault(self):
        self.assertEqual(self.check(), [])

    def test_links(self):
        self.put("docs/concepts/a.md", "[b](b.md) `[](int x)` [c](../README.md)\n```cpp\n[](int y) {};\n```\n")
        self.assertEqual(self.check(), ["docs/concepts/a.md: link to b.md, which is not there"])

    def test_headers(self):
        self.put("docs/concepts/a.md", "`core/none.hpp`, <hint/io/none.hpp>\n")
        self.assertEqual(self.check(), ["docs/concepts/a.md: names core/none.hpp, which is not there",
                                        "docs/concepts/a.md: names io/none.hpp, which is not there"])

    def test_every_page_is_in_the_index(self):
        self.put("docs/concepts/b.md", "")
        self.assertEqual(self.check(), ["docs/README.md: has no link to docs/concepts/b.md"])

    def test_programs(self):
        self.put("examples/a.cpp", "// SPDX-License-Identifier: MIT\nint main() { return 0; }\n")
        self.assertEqual(self.check(), [
            "README.md: the program is not that of the example; run scripts/check_docs.py --fix"])
        self.assertEqual(self.check("--fix"), [])
        self.assertEqual(self.check(), [])
        self.put("README.md", "[docs](docs/README.md)\n")
        self.assertEqual(self.check(), ["README.md: no program with the mark '<!-- the same text as ...'"])

    def test_parts_of_programs(self):
        self.put("examples/b.cpp", "int f() {\n  int a = 1;\n  return a;\n}\nint main() {}\n")
        mark = "<!-- a part of examples/b.cpp, which is a test -->\n```cpp\n"
        for whole_lines in ("  int a = 1;\n  return a;\n", "int f() {\n", "int main() {}\n"):
            self.put("docs/concepts/a.md", f"{mark}{whole_lines}```\n")
            self.assertEqual(self.check(), [])
        for other in ("  int a = 2;\n  return a;\n", "int a = 1;\n", "  int a = 1;\n\n  return a;\n"):
            self.put("docs/concepts/a.md", f"{mark}{other}```\n")
            first = other.splitlines()[0].strip()
            self.assertEqual(self.check("--fix"), [
                f"docs/concepts/a.md: the part that begins '{first}' is not in examples/b.cpp"])


if __name__ == "__main__":
    unittest.main()
