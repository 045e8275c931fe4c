# SPDX-License-Identifier: MIT
"""Tests scripts/setup.sh on made-up systems: what it names, all at once, and that nothing is installed before."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOLS = "bash sed grep sort tail head dirname mkdir cat env id".split()


class Setup(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        (self.root / "scripts").mkdir()
        shutil.copy(ROOT / "scripts" / "setup.sh", self.root / "scripts")
        self.bin = self.root / "bin"
        self.bin.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool))

    def program(self, name, script):
        path = self.bin / name
        path.write_text(f"#!{shutil.which('bash')}\n{script}\n")
        path.chmod(0o755)

    def tools(self, compiler=12, clang=0, cmake="3.25.1"):
        macros = f"#define __GNUC__ {compiler}\n" + (f"#define __clang_major__ {clang}\n" if clang else "")
        self.program("g++", f"printf '{macros}'")
        self.program("cmake", f"echo cmake version {cmake}")
        self.program("ninja", "echo 1.11.1")
        self.program("python3", "echo Python 3.11.2")
        self.program("pkg-config", "echo 1.8.1")

    def libraries(self, eigen="3.4", xsimd="8.1", catch="2.13"):
        def put(name, text):
            path = self.root / "include" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        for name, version, macros in (("Eigen/src/Core/util/Macros.h", eigen, ("EIGEN_WORLD_VERSION", "EIGEN_MAJOR_VERSION")),
                                      ("xsimd/config/xsimd_config.hpp", xsimd, ("XSIMD_VERSION_MAJOR", "XSIMD_VERSION_MINOR")),
                                      ("catch2/catch.hpp", catch, ("CATCH_VERSION_MAJOR", "CATCH_VERSION_MINOR"))):
            if version:
                put(name, "".join(f"#define {m} {v}\n" for m, v in zip(macros, version.split("."))))

    def apt(self, **candidates):
        """An apt-get that notes what it is asked for, and what apt-cache says there is."""
        self.program("apt-get", f'echo "$@" >> {self.root}/asked')
        cases = "".join(f"{k.replace('_', '-')}) v={v} ;;\n" for k, v in candidates.items())
        self.program("apt-cache", f'case $2 in\n{cases}*) v=99.0-1 ;;\nesac\necho "  Candidate: $v"')
        self.program("dpkg-query", "exit 1")

    def setup_sh(self, *arguments):
        environment = {"PATH": str(self.bin), "HINT_SETUP_INCLUDE": str(self.root / "include")}
        done = subprocess.run([shutil.which("bash"), self.root / "scripts" / "setup.sh", *arguments], text=True,
                              env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout

    def asked(self):
        path = self.root / "asked"
        return path.read_text() if path.exists() else ""

    def test_ubuntu_22_04_hears_of_all_walls_at_once(self):
        self.apt(cmake="3.22.1-1ubuntu1", libxsimd_dev="7.6.0-2", libeigen3_dev="3.4.0-2", g_="11")
        status, said = self.setup_sh()
        self.assertEqual(status, 1)
        self.assertIn("CMake is 3.22.1 here (package cmake), 3.25 or later is needed", said)
        self.assertIn("xsimd is 7.6.0 here (package libxsimd-dev), 8.1 or later is needed", said)
        self.assertNotIn("Eigen is", said)
        self.assertIn("pip install cmake", said)
        self.assertIn("-DHINT_FETCH_DEPENDENCIES=ON", said)
        self.assertIn("missing, too: g++ cmake ninja-build python3 pkg-config libeigen3-dev libxsimd-dev catch2", said)
        self.assertNotIn("install", self.asked())

    def test_old_tools_that_are_installed(self):
        self.apt()
        self.tools(compiler=10, cmake="3.22.1")
        self.libraries(eigen="3.3", xsimd="7.6")
        status, said = self.setup_sh()
        self.assertEqual(status, 1)
        for sentence in ("g++ is 10, 11 or later is needed", "CMake is 3.22.1, 3.25 or later is needed",
                         "Eigen is 3.3, 3.4 or later is needed", "xsimd is 7.6, 8.1 or later is needed"):
            self.assertIn(sentence, said)
        self.assertEqual(self.asked(), "")

    def test_fetch_needs_no_libraries(self):
        self.apt()
        self.tools(compiler=4, clang=13)
        self.libraries(eigen="3.3", xsimd="", catch="")
        status, said = self.setup_sh("--fetch")
        self.assertEqual(status, 1)
        self.assertIn("clang++ is 13, 14 or later is needed", said)
        self.assertNotIn("Eigen is", said)

    def test_names_of_packages_elsewhere(self):
        for manager, command in (
                ("dnf", "sudo dnf install gcc-c++ cmake ninja-build python3 pkgconf-pkg-config eigen3-devel "
                        "xsimd-devel catch-devel\n"),
                ("pacman", "sudo pacman -S --needed gcc cmake ninja python pkgconf eigen xsimd catch2\n"),
                ("brew", "brew install llvm cmake ninja python pkgconf eigen xsimd catch2\n")):
            with self.subTest(manager=manager):
                self.program(manager, "exit 9")
                status, said = self.setup_sh()
                (self.bin / manager).unlink()
                self.assertEqual(status, 1)
                self.assertIn(command, said)
                self.assertIn("FetchContent", said)

    def test_what_is_here_is_not_named(self):
        self.program("dnf", "exit 9")
        self.tools()
        self.libraries(xsimd="")
        status, said = self.setup_sh()
        self.assertEqual(status, 1)
        self.assertIn("sudo dnf install xsimd-devel\n", said)

    def test_numbers_are_compared_as_numbers(self):
        self.program("pacman", "exit 9")
        self.tools(compiler=15, cmake="4.0.2")
        self.libraries(eigen="5.0", xsimd="14.3", catch="3.7")
        self.program("python3", 'if [[ $1 == --version ]]; then echo Python 3.13.1; else echo 1; fi')
        status, said = self.setup_sh()
        self.assertIn("all that the tests need is here", said)

    def test_help(self):
        status, said = self.setup_sh("--help")
        self.assertEqual(status, 0)
        self.assertIn("--toolchains", said)
        self.assertNotIn("set -euo", said)
        self.assertEqual(self.setup_sh("--no-such")[0], 2)


if __name__ == "__main__":
    unittest.main()
