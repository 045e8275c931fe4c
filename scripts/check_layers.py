#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks how the headers are laid out.

check_layers.py                    every rule below; prints the arrows and each breach, exits with 1 if there is one
check_layers.py --fix-umbrellas    writes include/hint/FOLDER.hpp and include/hint/hint.hpp anew
check_layers.py --foreign-headers  prints an #include for each header that is not ours
check_layers.py --arrows           prints how many headers each folder has and how they include each other

- A header includes only its own folder and folders below it (FOLDERS), by <hint/...> paths that exist,
  in no cycle. The folders that are std-only include nothing but the standard library and the system.
- FOLDER/ROOM/NAME.hpp is an inner header: only headers of FOLDER include it, outsiders and umbrellas do not.
- No header includes an umbrella, except umbrellas.
- NaN and infinity are told by core/finite.hpp alone: -ffast-math turns what the standard has into constants.
- The first lines are the licence and \\file; the guard is the path.
- Umbrellas are complete.
- Each include/hint/FOLDER/NAME.hpp has its tests/FOLDER/NAME.cpp, and so have those in rooms; except
  testing/, which the tests use.
"""

import argparse
import pathlib
import re
import sys

# folder: (what it may use directly, may it use Eigen and xsimd, what the umbrella says)
FOLDERS = {
    "core": ((), False, "The foundations: codes, graphs, random numbers, executors, errors."),
    "search": (("core",), False, "Search among binary codes by Hamming distance, and among sets of bits by similarity."),
    "tree": (("core",), False, "Structural entropy and encoding trees, for any graph."),
    "io": (("core",), False, "Files: arrays of other programs, and archives of our own."),
    "linalg": (("core",), True, "Matrices and the elementary operations on them."),
    "eval": (("core", "search"), False, "How good a ranking is."),
    "data": (("linalg", "io"), True, "Data sets of two modalities: reading, splitting, normalising."),
    "nn": (("linalg",), True, "Neural networks: layers, activations, optimisers."),
    "graph": (("data", "tree"), True, "From data sets to weighted graphs of relations."),
    "align": (("graph", "tree", "nn", "data"), True, "How two modalities are brought together."),
    "learn": (("align", "eval", "search"), True, "Learners: from a data set to a model that hashes."),
}
# May use everything; hint.hpp leaves them out.
OPT_IN = {
    "testing": "Executable axioms and archetypes, for models of the concepts that are your own.",
}
# Rarely wanted by those who search: an umbrella leaves them out, to compile fast, and says so.
LEFT_OUT = {"search": ("hint/search/any_within.hpp", "hint/search/bit_set_index.hpp", "hint/search/items.hpp",
                       "hint/search/masked_search.hpp", "hint/search/near_duplicates.hpp",
                       "hint/search/neighbor_graph.hpp", "hint/search/pairs.hpp",
                       "hint/search/set_similarity.hpp", "hint/search/streamed_scan.hpp",
                       "hint/search/weighted_search.hpp")}
# By the static assertions in tests/static; in tests/search/kernels/kernels.cpp; wherever codes are added.
TESTED_ELSEWHERE = {"concepts", "portable", "x86", "avx2", "avx2_batch", "avx2_layout", "popcnt", "neon", "planes",
                    "planes_x86", "duplicates"}

STD = set("""algorithm any array atomic barrier bit bitset cassert cctype cerrno cfenv cfloat charconv chrono
cinttypes climits cmath compare complex concepts condition_variable coroutine csetjmp csignal cstdarg
cstddef cstdint cstdio cstdlib cstring ctime cwchar deque exception execution filesystem forward_list
fstream functional future initializer_list iomanip ios iosfwd iostream istream iterator latch limits list
locale map memory memory_resource mutex new numbers numeric optional ostream queue random ranges ratio
regex scoped_allocator semaphore set shared_mutex span sstream stack stdexcept stop_token streambuf string
string_view syncstream system_error thread tuple type_traits typeindex typeinfo unordered_map
unordered_set utility valarray variant vector version""".split())
SYSTEM = re.compile(r"(sys/.+|fcntl|unistd|windows|io|[a-z]*intrin|arm_neon|cpuid)\.h")
# Compilers bring these along for any processor, and refuse them on all but one.
PROCESSORS = {"arm_neon.h": "__aarch64__", "xmmintrin.h": "__x86_64__"}
NUMERICS = re.compile(r"(Eigen|xsimd)/.+")
FINITE = re.compile(r"\b(std::(isnan|isinf|isfinite|fpclassify|isnormal)|hasNaN|allFinite)\b")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def allowed_folders(folder):
    """The folder, what it uses, and what those use."""
    if folder in OPT_IN:
        return set(FOLDERS) | {folder}
    found = {folder}
    for below in FOLDERS[folder][0]:
        found |= allowed_folders(below)
    return found


class Layout:
    def __init__(self, root):
        self.root = root
        self.hint = root / "include" / "hint"
        self.headers = sorted(self.hint.rglob("*.hpp"))
        self.text = {h: h.read_text(encoding="utf-8") for h in self.headers}
        self.includes = {h: INCLUDE.findall(text) for h, text in self.text.items()}

    def name(self, header):
        return header.relative_to(self.hint.parent).as_posix()

    def folder(self, header):
        parts = header.relative_to(self.hint).parts
        return parts[0] if len(parts) > 1 else None

    def room(self, header):
        """FOLDER/ROOM of an inner header, None for what stands on the floor of its folder."""
        parts = header.relative_to(self.hint).parts
        return "/".join(parts[:-1]) if len(parts) > 2 else None

    def umbrellas(self):
        """Path -> the text that it should have."""
        result = {}
        for folder, says in [(f, v[2]) for f, v in FOLDERS.items()] + list(OPT_IN.items()):
            names = [self.name(h) for h in self.headers
                     if self.folder(h) == folder and not self.room(h)]
            left_out = LEFT_OUT.get(folder, ())
            names = [n for n in names if n not in left_out]
            if left_out:
                says += "".join(["\n/// Not in it, to compile fast; include by name:",
                                 *(f"\n/// - {n}" for n in left_out)])
            result[self.hint / f"{folder}.hpp"] = self.umbrella(says, f"HINT_{folder.upper()}_HPP", names)
        says = "The whole library. Not in it, include by name: " + ", ".join(
            f"hint/{f}.hpp" for f in OPT_IN) + "."
        names = [f"hint/{f}.hpp" for f in FOLDERS]
        if (self.hint / "fwd.hpp").exists():
            names.append("hint/fwd.hpp")
        result[self.hint / "hint.hpp"] = self.umbrella(says, "HINT_HINT_HPP", sorted(names))
        return result

    @staticmethod
    def umbrella(says, guard, names):
        lines = ["// SPDX-License-Identifier: MIT", "/// \\file", f"/// {says}",
                 f"#ifndef {guard}", f"#define {guard}", ""]
        if names:
            lines += [f"#include <{n}>" for n in names] + [""]
        return "\n".join(lines + ["#endif", ""])

    def breaches(self):
        umbrellas = self.umbrellas()
        for path, text in umbrellas.items():
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                yield f"{self.name(path)}: out of date, run scripts/check_layers.py --fix-umbrellas"
        for header in self.headers:
            if header not in umbrellas:
                yield from self.form(header)
                yield from self.floors(header, umbrellas)
        yield from self.cycles()

    def form(self, header):
        name, text = self.name(header), self.text[header]
        if not text.startswith("// SPDX-License-Identifier: MIT\n/// \\file\n///"):
            yield f"{name}: does not begin with the SPDX line, '/// \\file' and its purpose"
        guard = re.sub(r"[^A-Z0-9]", "_", name.upper())
        if f"#ifndef {guard}\n#define {guard}\n" not in text or not text.endswith("#endif\n"):
            yield f"{name}: the guard is not {guard}, from '#ifndef' to a last '#endif'"
        for line in text.splitlines():
            if found := FINITE.search(line.split("//")[0]):
                yield f"{name}: uses {found[0]}, which -ffast-math takes away; see core/finite.hpp"
        folder = self.folder(header)
        if folder in FOLDERS and header.stem not in TESTED_ELSEWHERE:
            test = (self.root / "tests" / header.relative_to(self.hint)).with_suffix(".cpp")
            if not test.exists():
                yield f"{name}: has no {test.relative_to(self.root).as_posix()}"

    def floors(self, header, umbrellas):
        name, folder = self.name(header), self.folder(header)
        if folder is None and header.stem != "fwd":
            yield f"{name}: is in no folder, and no umbrella"
            return
        if folder is not None and folder not in FOLDERS and folder not in OPT_IN:
            yield f"{name}: the folder is not in FOLDERS"
            return
        allowed = {"core"} if folder is None else allowed_folders(folder)  # fwd.hpp: as core
        numerics = folder is not None and (folder in OPT_IN or FOLDERS[folder][1])
        for bracket, included in self.includes[header]:
            target = self.hint.parent / included
            if bracket == '"':
                yield f'{name}: includes "{included}", expected <hint/...>'
            elif included.startswith("hint/"):
                if not target.exists():
                    yield f"{name}: includes <{included}>, which does not exist"
                elif target in umbrellas:
                    yield f"{name}: includes the umbrella <{included}>"
                elif self.folder(target) not in allowed | {None}:
                    yield f"{name}: includes <{included}>, which is no floor below {folder or 'fwd'}"
                elif self.room(target) and self.folder(target) != folder:
                    yield f"{name}: includes <{included}>, which only {self.folder(target)}/ may include"
            elif included not in STD and not SYSTEM.fullmatch(included):
                if not (numerics and NUMERICS.fullmatch(included)):
                    yield f"{name}: includes <{included}>, which {folder or 'fwd'} may not use"

    def cycles(self):
        done, path = set(), []

        def visit(header):
            if header in path:
                names = [self.name(h) for h in path[path.index(header):] + [header]]
                yield "a cycle: " + " -> ".join(names)
            elif header not in done:
                done.add(header)
                path.append(header)
                for _, included in self.includes.get(header, ()):
                    yield from visit(self.hint.parent / included)
                path.pop()

        for header in self.headers:
            yield from visit(header)

    def arrows(self):
        """(folder, its parts, arrows between parts, includes between headers) for every folder: a part is a
        header on the floor, the umbrella among them, or a whole room."""
        for folder in list(FOLDERS) + list(OPT_IN):
            inside = {h: self.room(h) or self.name(h) for h in self.headers
                      if self.folder(h) == folder or h == self.hint / f"{folder}.hpp"}
            pairs = [(h, self.hint.parent / i) for h in inside for _, i in self.includes[h]]
            pairs = [(a, b) for a, b in pairs if b in inside]
            between = {(inside[a], inside[b]) for a, b in pairs if inside[a] != inside[b]}
            yield folder, len(set(inside.values())), len(between), len(pairs)

    def foreign(self):
        return sorted({i for found in self.includes.values() for _, i in found
                       if not i.startswith("hint/")})


def write_or_check(says, make, name):
    """The main function of a script that makes the file `name` by make(Layout): writes it where it is out of
    date or, with --check, only says so. Returns the exit status."""
    parser = argparse.ArgumentParser(description=says,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    path = options.root / name
    text = make(Layout(options.root))
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return 0
    if options.check:
        print(f"{name}: out of date, run scripts/{pathlib.Path(sys.argv[0]).name}")
        return 1
    path.write_text(text, encoding="utf-8")
    print(f"wrote {name}")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument("--fix-umbrellas", action="store_true")
    parser.add_argument("--foreign-headers", action="store_true")
    parser.add_argument("--arrows", action="store_true")
    options = parser.parse_args()
    layout = Layout(options.root)
    if options.fix_umbrellas:
        for path, text in layout.umbrellas().items():
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                path.write_text(text, encoding="utf-8")
                print(f"wrote {layout.name(path)}")
        return 0
    if options.foreign_headers:
        for name in layout.foreign():
            only = f" && defined({PROCESSORS[name]})" if name in PROCESSORS else ""
            print(f"#if __has_include(<{name}>){only}\n#include <{name}>\n#endif")
        return 0
    for folder, parts, between, includes in layout.arrows():
        print(f"{folder}/: {parts} parts, {between} arrows between them; {includes} includes in all")
    if options.arrows:
        return 0
    breaches = list(layout.breaches())
    for breach in breaches:
        print(breach)
    print(f"{len(layout.headers)} headers, {len(breaches)} breaches")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
