# SPDX-License-Identifier: MIT
"""Tests what is installed and packed: versions that find_package accepts, licence, dependencies, a base-only
version over a fuller one, and use by meson.

packages.py CMAKE CXX SOURCE [unittest's own arguments]
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

CMAKE, CXX, SOURCE = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])

CONSUMER = """cmake_minimum_required(VERSION 3.25)
project(consumer LANGUAGES CXX)
find_package(hint {arguments} CONFIG REQUIRED PATHS {prefix} NO_DEFAULT_PATH)
if(TARGET hint::hint)
  set(all "and hint::hint")
endif()
message(STATUS "found hint ${{hint_VERSION}} ${{all}}")
"""
MESON = """project('consumer', 'cpp', default_options: ['cpp_std=c++20'])
hint = dependency('hint', method: 'cmake', modules: ['hint::base'], components: ['base'])
executable('consumer', 'base.cpp', dependencies: hint)
"""


def run(*command, folder=None, **environment):
    done = subprocess.run([str(c) for c in command], cwd=folder, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, env={**os.environ, "LC_ALL": "C", **environment})
    return done.returncode, done.stdout


def must(*command, **options):
    status, output = run(*command, **options)
    if status != 0:
        raise RuntimeError(f"{command} failed:\n{output}")
    return output


def configure(source, build, *options):
    must(CMAKE, "-S", source, "-B", build, f"-DCMAKE_CXX_COMPILER={CXX}", "-DHINT_BUILD_TESTS=OFF",
         "-DHINT_BUILD_EXAMPLES=OFF", *options)


def meson():
    """The command, and where its module lies; or nothing."""
    own = SOURCE / "build" / "meson" / "bin" / "meson"
    if own.exists():
        return [sys.executable, str(own)], {"PYTHONPATH": str(own.parents[1])}
    found = shutil.which("meson")
    return ([found], {}) if found else None


class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="hint_packages_")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.full, cls.base, cls.prefix = (cls.folder / n for n in ("full", "base", "prefix"))
        configure(SOURCE, cls.full)
        configure(SOURCE, cls.base, "-DHINT_BASE_ONLY=ON")
        must(CMAKE, "--install", cls.full, "--prefix", cls.prefix)
        cls.version = next(line.split()[-1] for line in (cls.full / "CMakeCache.txt").read_text().splitlines()
                           if line.startswith("CMAKE_PROJECT_VERSION:")).split("=")[-1]

    def find(self, arguments, prefix=None):
        """Status and output of a project with find_package(hint `arguments`)."""
        source = self.folder / "consumer"
        shutil.rmtree(source, ignore_errors=True)
        source.mkdir()
        (source / "CMakeLists.txt").write_text(
            CONSUMER.format(arguments=arguments, prefix=prefix or self.prefix))
        return run(CMAKE, "-S", source, "-B", source / "build", f"-DCMAKE_CXX_COMPILER={CXX}")

    def test_versions(self):
        major, minor, patch = map(int, self.version.split("."))
        here, next_minor = f"{major}.{minor}", f"{major}.{minor + 1}"
        accepted = ["", here, self.version, f"{self.version} EXACT", f"{here}...{major}.{minor + 8}",
                    f"{here}...<{next_minor}", f"{here}...{self.version}", f"0.0...{self.version}",
                    f"0.0...<{next_minor}"]
        refused = [f"{here}.{patch + 1}", next_minor, f"{major + 1}.0", f"{here} EXACT" if patch else "9 EXACT",
                   f"{next_minor}...{major}.{minor + 8}", f"0.0...<{self.version}", f"0.0...0.0.9"]
        if major == 0 and minor > 0:
            refused.append(f"0.{minor - 1}")
        for asked in accepted:
            with self.subTest(asked=asked):
                self.assertIn(f"found hint {self.version} and hint::hint", self.find(asked)[1])
        for asked in refused:
            with self.subTest(asked=asked):
                status, output = self.find(asked)
                self.assertNotEqual(status, 0)
                self.assertIn("considered but not accepted", " ".join(output.split()))

    def test_base_over_a_fuller_version(self):
        prefix, copy = self.folder / "mixed", self.folder / "newer"
        shutil.copytree(self.prefix, prefix)
        # cmake --install leaves a file alone whose time is within a second of the new one's, so that on a fast
        # machine nothing of the newer version would be written.
        for path in prefix.rglob("*"):
            os.utime(path, (0, 0))
        copy.mkdir()
        for name in ("cmake", "include", "CMakeLists.txt", "LICENSE"):
            (shutil.copytree if (SOURCE / name).is_dir() else shutil.copy)(SOURCE / name, copy / name)
        header = copy / "include" / "hint" / "core" / "version.hpp"
        text = header.read_text()
        header.write_text(text.replace("HINT_VERSION_MINOR 1", "HINT_VERSION_MINOR 2"))
        self.assertNotEqual(header.read_text(), text)
        configure(copy, self.folder / "newer_build", "-DHINT_BASE_ONLY=ON")
        must(CMAKE, "--install", self.folder / "newer_build", "--prefix", prefix)
        for arguments in ("0.2", "COMPONENTS base"):
            self.assertIn("found hint 0.2.0 \n", self.find(arguments, prefix)[1] + "\n")
        status, output = self.find("COMPONENTS hint", prefix)
        self.assertNotEqual(status, 0)
        self.assertIn("this hint was installed with HINT_BASE_ONLY: it has the component base alone",
                      " ".join(output.split()))
        if shutil.which("pkg-config"):
            path = {"PKG_CONFIG_PATH": str(prefix / "share" / "pkgconfig")}
            self.assertEqual(run("pkg-config", "--modversion", "hint-base", **path), (0, "0.2.0\n"))
            status, output = run("pkg-config", "--cflags", "hint", **path)
            self.assertNotEqual(status, 0)
            self.assertIn(f"'hint-base = {self.version}'", output)

    def test_licence_is_installed(self):
        text = (SOURCE / "LICENSE").read_text()
        self.assertEqual((self.prefix / "share" / "doc" / "hint" / "LICENSE").read_text(), text)
        header = (SOURCE / "single_include" / "hint" / "search.hpp").read_text()
        self.assertEqual([line[3:] for line in header.splitlines()[1:len(text.splitlines()) + 1]],
                         text.splitlines())

    @unittest.skipUnless(shutil.which("dpkg-deb"), "no dpkg-deb")
    def test_debian_packages(self):
        cpack = str(pathlib.Path(CMAKE).with_name("cpack"))
        for build, depends in ((self.full, "libeigen3-dev (>= 3.4), libxsimd-dev (>= 8.1)"), (self.base, "")):
            must(cpack, "-G", "DEB", folder=build)
            (package,) = build.glob("*.deb")
            self.assertEqual(must("dpkg-deb", "-f", package, "Depends").strip(), depends)
            out = self.folder / f"{build.name}_deb"
            must("dpkg-deb", "-x", package, out)
            doc = out / "usr" / "share" / "doc" / "libhint-dev"
            self.assertEqual((doc / "copyright").read_text(), (SOURCE / "LICENSE").read_text())
            self.assertEqual((out / "usr/include/hint/learn.hpp").exists(), build == self.full)

    @unittest.skipUnless(meson(), "no meson; scripts/setup.sh --toolchains installs it")
    def test_meson_by_cmake(self):
        command, environment = meson()
        source = self.folder / "meson"
        source.mkdir()
        (source / "meson.build").write_text(MESON)
        shutil.copy(SOURCE / "tests" / "consumers" / "base.cpp", source)
        must(*command, "setup", source / "build", source, f"--cmake-prefix-path={self.prefix}", CXX=CXX,
             **environment)
        must(*command, "compile", "-C", source / "build", CXX=CXX, **environment)
        must(source / "build" / "consumer")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]])
