# SPDX-License-Identifier: MIT
"""Tests scripts/check_layers.py on small trees: each breach of a rule is reported, with exactly its message."""

import contextlib
import io
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
import check_layers  # noqa: E402: the one in scripts/


class Layers(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.write("core/code_set.hpp")
        self.write("search/hits.hpp", "hint/core/code_set.hpp")
        self.write("search/scan/top_k.hpp", "hint/search/hits.hpp", "vector")
        self.write("search/linear_scan.hpp", "hint/search/scan/top_k.hpp")
        self.write("eval/ranking.hpp", "hint/search/hits.hpp")

    def write(self, name, *includes, test=True):
        guard = "HINT_" + name.upper().replace("/", "_").replace(".", "_")
        lines = ["// SPDX-License-Identifier: MIT", "/// \\file", "/// A header.", f"#ifndef {guard}",
                 f"#define {guard}", *(f"#include <{i}>" for i in includes), "#endif", ""]
        self.put(f"include/hint/{name}", "\n".join(lines))
        if test:
            self.put(f"tests/{name[:-4]}.cpp", "")

    def put(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run_main(self, *arguments):
        said = io.StringIO()
        with mock.patch.object(sys, "argv", ["check_layers.py", "--root", str(self.root), *arguments]), \
                contextlib.redirect_stdout(said):
            status = check_layers.main()
        return status, said.getvalue().splitlines()

    def breaches(self):
        """What the script says after umbrellas were written, without the arrows and the sum."""
        self.run_main("--fix-umbrellas")
        status, lines = self.run_main()
        found = [line for line in lines[:-1] if " parts, " not in line]
        self.assertEqual(status, 1 if found else 0)
        self.assertTrue(lines[-1].endswith(f" headers, {len(found)} breaches"), lines[-1])
        return found

    def test_a_tree_without_a_breach(self):
        self.assertEqual(self.breaches(), [])

    def test_an_outsider_includes_an_inner_header(self):
        self.write("eval/ranking.hpp", "hint/search/scan/top_k.hpp")
        self.assertEqual(self.breaches(), [
            "hint/eval/ranking.hpp: includes <hint/search/scan/top_k.hpp>, which only search/ may include"])

    def test_an_include_upwards(self):
        self.write("core/code_set.hpp", "hint/eval/ranking.hpp")
        self.write("eval/ranking.hpp")
        self.assertEqual(self.breaches(), [
            "hint/core/code_set.hpp: includes <hint/eval/ranking.hpp>, which is no floor below core"])

    def test_an_include_sideways(self):
        self.write("tree/links.hpp", "hint/search/hits.hpp")
        self.assertEqual(self.breaches(), [
            "hint/tree/links.hpp: includes <hint/search/hits.hpp>, which is no floor below tree"])

    def test_a_cycle(self):
        self.write("search/hits.hpp", "hint/search/linear_scan.hpp")
        self.assertEqual(self.breaches(), [
            "a cycle: hint/search/hits.hpp -> hint/search/linear_scan.hpp -> hint/search/scan/top_k.hpp"
            " -> hint/search/hits.hpp"])

    def test_an_include_of_an_umbrella(self):
        self.write("eval/ranking.hpp", "hint/search.hpp")
        self.assertEqual(self.breaches(), ["hint/eval/ranking.hpp: includes the umbrella <hint/search.hpp>"])

    def test_a_header_without_a_test(self):
        self.write("search/filter.hpp", test=False)
        self.write("search/scan/tally.hpp", test=False)
        self.write("search/concepts.hpp", test=False)  # is tested elsewhere
        self.assertEqual(self.breaches(), ["hint/search/filter.hpp: has no tests/search/filter.cpp",
                                           "hint/search/scan/tally.hpp: has no tests/search/scan/tally.cpp"])

    def test_what_may_be_included_from_elsewhere(self):
        self.write("linalg/matrix.hpp", "Eigen/Core", "cmath", "boost/any.hpp")
        self.write("search/hits.hpp", "Eigen/Core", "hint/search/none.hpp")
        self.assertEqual(self.breaches(), [
            "hint/linalg/matrix.hpp: includes <boost/any.hpp>, which linalg may not use",
            "hint/search/hits.hpp: includes <Eigen/Core>, which search may not use",
            "hint/search/hits.hpp: includes <hint/search/none.hpp>, which does not exist"])

    def test_where_a_header_stands(self):
        self.write("attic/old.hpp")
        self.write("loose.hpp")
        self.assertEqual(self.breaches(), ["hint/attic/old.hpp: the folder is not in FOLDERS",
                                           "hint/loose.hpp: is in no folder, and no umbrella"])

    def test_the_form_of_a_header(self):
        self.put("include/hint/search/hits.hpp", "#pragma once\n#include \"ids.hpp\"\n")
        self.assertEqual(self.breaches(), [
            "hint/search/hits.hpp: does not begin with the SPDX line, '/// \\file' and its purpose",
            "hint/search/hits.hpp: the guard is not HINT_SEARCH_HITS_HPP, from '#ifndef' to a last '#endif'",
            'hint/search/hits.hpp: includes "ids.hpp", expected <hint/...>'])

    def test_what_fast_math_takes_away(self):
        self.put("include/hint/core/code_set.hpp", (self.root / "include/hint/core/code_set.hpp").read_text(
            encoding="utf-8").replace("#endif", "// std::isnan in a comment\nbool b = std::isnan(x);\n#endif"))
        self.assertEqual(self.breaches(), [
            "hint/core/code_set.hpp: uses std::isnan, which -ffast-math takes away; see core/finite.hpp"])

    def test_umbrellas(self):
        self.breaches()
        self.write("search/filter.hpp")
        status, lines = self.run_main()
        self.assertEqual(status, 1)
        self.assertIn("hint/search.hpp: out of date, run scripts/check_layers.py --fix-umbrellas", lines)
        self.assertEqual(self.run_main("--fix-umbrellas"), (0, ["wrote hint/search.hpp"]))
        text = (self.root / "include/hint/search.hpp").read_text()
        self.assertIn("#include <hint/search/filter.hpp>\n", text)
        self.assertNotIn("top_k", text)

    def test_arrows(self):
        """search/: the umbrella, hits, linear_scan and the room scan; the umbrella has an arrow to each header
        on the floor, then there are linear_scan -> scan and scan -> hits."""
        self.run_main("--fix-umbrellas")
        line = "search/: 4 parts, 4 arrows between them; 4 includes in all"
        self.assertIn(line, self.run_main("--arrows")[1])
        self.assertIn(line, self.run_main()[1])


if __name__ == "__main__":
    unittest.main()
