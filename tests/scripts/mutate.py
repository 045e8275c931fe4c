# SPDX-License-Identifier: MIT
"""Tests scripts/mutate.py: its list, how a mutant is applied, and what counts as a failure."""

import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
import mutate  # noqa: E402: the one in scripts/

LIST = """# a comment
[s01]
file: search/scan/top_k.hpp
old: a < b && c[0] == "x:y"
new: a <= b && c[0] == "x:y"

[s02]
file: search/hits.hpp
old: + 1
new:
at: 2
tests: search.hits learn.hint
equivalent: more is looked at, the same is found
"""


class List(unittest.TestCase):
    def test_fields(self):
        first, second = mutate.read(LIST)
        self.assertEqual((first.name, first.file, first.at, first.equivalent), ("s01", "search/scan/top_k.hpp", 0, ""))
        self.assertEqual((first.old, first.new), ('a < b && c[0] == "x:y"', 'a <= b && c[0] == "x:y"'))
        self.assertEqual(first.tests, ["search.top_k"])
        self.assertEqual((second.new, second.at, second.tests), ("", 2, ["search.hits", "learn.hint"]))
        self.assertEqual(second.equivalent, "more is looked at, the same is found")

    def test_what_is_missing_or_unknown_is_named(self):
        for text, message in (("[a]\nfile: x\nold: y", "[a]: has no 'new:'"),
                              ("[a]\nfile: x\nold: y\nnew: z\ntest: b",
                               "[a]: 'test:' is unknown, expected one of at, equivalent, file, new, old, tests")):
            with self.assertRaises(ValueError) as caught:
                mutate.read(text)
            self.assertEqual(str(caught.exception), message)


class Apply(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        for name, text in (("include/hint/core/a.hpp", "x + 1; y + 1; z;\n"), ("tests/core/room/a.cpp", "")):
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text(text)

    def mutant(self, **entry):
        return mutate.Mutant("m", {"file": "core/a.hpp", **entry})

    def test_the_occurrence_that_is_meant_changes(self):
        self.assertEqual(self.mutant(old="z;", new="w;").apply(self.root), "x + 1; y + 1; w;\n")
        self.assertEqual(self.mutant(old=" + 1", new="", at="1").apply(self.root), "x; y + 1; z;\n")
        self.assertEqual(self.mutant(old=" + 1", new="", at="2").apply(self.root), "x + 1; y; z;\n")
        self.assertEqual(list(mutate.misfits([self.mutant(old="z;", new="w;")], self.root)), [])

    def test_misfits(self):
        for entry, message in (
                (dict(old="+ 1", new=""), "[m]: core/a.hpp has the old text 2 times, expected 1: + 1"),
                (dict(old="q", new=""), "[m]: core/a.hpp has the old text 0 times, expected 1: q"),
                (dict(old="+ 1", new="", at="3"),
                 "[m]: core/a.hpp has the old text 2 times, expected 3 at least: + 1"),
                (dict(old="z", new="z"), "[m]: changes nothing"),
                (dict(file="core/b.hpp", old="z", new="w"), "[m]: core/b.hpp does not exist"),
                (dict(old="z", new="w", tests="core.b"), "test core.b: 0 files tests/core/**/b.cpp, expected 1")):
            self.assertEqual(list(mutate.misfits([self.mutant(**entry)], self.root)), [message])


class Judge(unittest.TestCase):
    def judge(self, results, **entry):
        mutant = mutate.Mutant("m", {"file": "f", "old": "o", "new": "n", "tests": " ".join(results), **entry})
        return mutate.judge(mutant, results.__getitem__)

    def test_killed_by_any_of_its_tests(self):
        self.assertEqual(self.judge({"a.b": "passes", "c.d": "fails"}), (True, "m: killed, c.d fails"))
        self.assertEqual(self.judge({"a.b": "is not done in time"}), (True, "m: killed, a.b is not done in time"))

    def test_survivors(self):
        self.assertEqual(self.judge({"a.b": "passes", "c.d": "passes"}), (False, "m: SURVIVED a.b, c.d"))
        self.assertEqual(self.judge({"a.b": "passes"}, equivalent="why"), (True, "m: survived, equivalent: why"))
        self.assertEqual(self.judge({"a.b": "fails"}, equivalent="why"),
                         (False, "m: KILLED, although listed as equivalent: a.b fails"))

    def test_what_does_not_compile_tells_nothing(self):
        self.assertEqual(self.judge({"a.b": "does not compile"}), (False, "m: WRONG, a.b does not compile"))


if __name__ == "__main__":
    unittest.main()
