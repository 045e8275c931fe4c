#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws the floors and rooms of include/hint/ as docs/images/architecture.svg.

draw_architecture.py            writes the picture where it is out of date
draw_architecture.py --check    only says whether it is; exits with 1 if so

Folders, what they use and what they are for come from the table in scripts/check_layers.py, rooms from the
folders' subfolders. A folder stands one floor above the highest that it uses. An arrow leads from a folder to one
that it uses; where another way leads there, too, there is none, because whatever can be reached may be used.
"""

import sys
import textwrap
from xml.sax.saxutils import escape

sys.dont_write_bytecode = True
import check_layers  # noqa: E402: the one beside this file

WIDTH, HEIGHT = 232, 92  # of a box
ACROSS, UP = 252, 128    # from box to box, from floor to floor
MARGIN, LEFT = 16, 70    # around the picture, and for the numbers of floors
BASE, NUMERIC, LINE, INK = "#e3f0e6", "#e4ebf7", "#6b7785", "#1d2733"


def floors():
    """folder -> its floor."""
    found = {}
    for folder, (below, _, _) in check_layers.FOLDERS.items():  # a folder comes after those that it uses
        found[folder] = 1 + max((found[b] for b in below), default=-1)
    return found


def arrows():
    """(folder, one that it uses) where no other way leads there."""
    for folder, (below, _, _) in check_layers.FOLDERS.items():
        for target in below:
            others = (check_layers.allowed_folders(b) for b in below if b != target)
            if not any(target in reached for reached in others):
                yield folder, target


def places(floor):
    """folder -> how far to the right, in boxes: above the middle of what it uses, beside its neighbours."""
    straight = list(arrows())
    found = {}
    widest = max(sum(f == level for f in floor.values()) for level in floor.values())
    for level in range(max(floor.values()) + 1):
        folders = [f for f in floor if floor[f] == level]
        if level <= 1:
            start = (widest - len(folders)) / 2
            found |= {f: start + i for i, f in enumerate(folders)}
            continue
        wish = {}
        for f in folders:
            below = [found[b] for a, b in straight if a == f]
            wish[f] = sum(below) / len(below)
        folders.sort(key=wish.get)
        for i, f in enumerate(folders):
            found[f] = wish[f] if i == 0 else max(wish[f], found[folders[i - 1]] + 1)
    return found


def box(x, y, name, says, rooms, fill, dashed=False):
    """A box with a folder's name, its rooms and its purpose."""
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    yield (f'<rect x="{x:g}" y="{y:g}" width="{WIDTH}" height="{HEIGHT}" rx="6" fill="{fill}" '
           f'stroke="{LINE}"{dash}/>')
    yield f'<text x="{x + 10:g}" y="{y + 20:g}" class="name">{escape(name)}/</text>'
    lines = [(line, "says") for line in textwrap.wrap(says, 35)]
    lines += [(line, "room") for line in textwrap.wrap("rooms: " + ", ".join(rooms), 35) if rooms]
    for i, (line, kind) in enumerate(lines):
        yield f'<text x="{x + 10:g}" y="{y + 38 + 15 * i:g}" class="{kind}">{escape(line)}</text>'


def picture(layout):
    """The text of the SVG file."""
    floor = floors()
    place = places(floor)
    top, right = max(floor.values()), max(place.values())
    width = LEFT + ACROSS * right + WIDTH + MARGIN
    height = MARGIN + UP * top + HEIGHT + 44

    def left_of(folder):
        return LEFT + ACROSS * place[folder]

    def top_of(level):
        return MARGIN + UP * (top - level)

    rooms = {}
    for header in layout.headers:
        if layout.room(header):
            rooms.setdefault(layout.folder(header), set()).add(layout.room(header).split("/", 1)[1])
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
           f'width="{width:g}" height="{height:g}">',
           "<!-- Made by scripts/draw_architecture.py. -->",
           "<style>", f"text {{ font-family: sans-serif; font-size: 11.5px; fill: {INK}; }}",
           ".name { font-size: 15px; font-weight: bold; }", ".room { font-style: italic; }",
           f".floor {{ fill: {LINE}; }}", "</style>",
           '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
           f'orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="{LINE}"/></marker></defs>',
           f'<rect width="{width:g}" height="{height:g}" fill="#ffffff"/>']
    for level in range(top + 1):
        out.append(f'<text x="{MARGIN}" y="{top_of(level) + HEIGHT / 2:g}" class="floor">floor {level}</text>')
    for folder, target in arrows():
        a = left_of(folder) + WIDTH / 2
        b = left_of(target) + WIDTH / 2
        away = max(-1, min(1, (b - a) / ACROSS)) * WIDTH / 4  # arrows to both sides leave apart
        out.append(f'<path d="M{a + away:g} {top_of(floor[folder]) + HEIGHT:g} L{b - away / 2:g} '
                   f'{top_of(floor[target]) - 2:g}" stroke="{LINE}" fill="none" marker-end="url(#tip)"/>')
    for folder, (_, numeric, says) in check_layers.FOLDERS.items():
        out += box(left_of(folder), top_of(floor[folder]), folder, says, sorted(rooms.get(folder, ())),
                   NUMERIC if numeric else BASE)
    for i, (folder, says) in enumerate(check_layers.OPT_IN.items()):
        out += box(width - MARGIN - WIDTH - ACROSS * i, top_of(top), folder, says + " May use all floors.",
                   (), "#ffffff", dashed=True)
    y = height - 22
    for x, fill, says in ((LEFT, BASE, "hint::base: the standard library alone"),
                          (LEFT + 260, NUMERIC, "hint::hint: these with Eigen and xsimd"),
                          (LEFT + 520, "#ffffff", "dashed: not in hint.hpp, include by name")):
        out.append(f'<rect x="{x}" y="{y - 10:g}" width="14" height="14" fill="{fill}" stroke="{LINE}"/>')
        out.append(f'<text x="{x + 20}" y="{y + 1:g}">{says}</text>')
    return "\n".join([*out, "</svg>", ""])


if __name__ == "__main__":
    sys.exit(check_layers.write_or_check(__doc__, picture, "docs/images/architecture.svg"))
