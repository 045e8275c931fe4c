# SPDX-License-Identifier: MIT
"""Tests scripts/draw_architecture.py: which floor a folder stands on, and which arrows are drawn."""

import pathlib
import sys
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
import check_layers  # noqa: E402: the ones in scripts/
import draw_architecture  # noqa: E402

FOLDERS = {
    "core": ((), False, "Codes & errors."),
    "io": (("core",), False, "Files."),
    "data": (("io", "core"), True, "Data sets."),
    "nn": (("core",), True, "Networks."),
    "learn": (("data", "nn", "io"), True, "Learners."),
}


@mock.patch.object(check_layers, "FOLDERS", FOLDERS)
class Picture(unittest.TestCase):
    def test_floors(self):
        self.assertEqual(draw_architecture.floors(), {"core": 0, "io": 1, "data": 2, "nn": 1, "learn": 3})

    def test_arrows_that_others_imply_are_left_out(self):
        self.assertEqual(list(draw_architecture.arrows()), [
            ("io", "core"), ("data", "io"), ("nn", "core"), ("learn", "data"), ("learn", "nn")])

    def test_boxes_of_a_floor_stand_apart(self):
        floor = draw_architecture.floors()
        place = draw_architecture.places(floor)
        for level in set(floor.values()):
            across = sorted(place[f] for f in floor if floor[f] == level)
            self.assertTrue(all(b - a >= 1 for a, b in zip(across, across[1:])), across)

    def test_text_is_escaped_and_rooms_are_named(self):
        folder = pathlib.Path("/x/include/hint")
        layout = mock.Mock(headers=[folder / "core/room/a.hpp"], room=lambda h: "core/room", folder=lambda h: "core")
        text = draw_architecture.picture(layout)
        self.assertIn("Codes &amp; errors.", text)
        self.assertIn(">rooms: room<", text)
        self.assertEqual(text.count("<path d=\"M"), 1 + 5)  # the tip, and the arrows


if __name__ == "__main__":
    unittest.main()
