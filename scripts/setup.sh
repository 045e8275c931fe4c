#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Checks what building, testing and the demo need, all versions first. What is missing it installs by
# apt-get (Debian, Ubuntu); elsewhere it names the packages.
#   --fetch       without Eigen, xsimd and Catch2: for cmake ... -DHINT_FETCH_DEPENDENCIES=ON, which downloads them
#   --clang       also clang++, for the preset of that name
#   --toolchains  also what scripts/other_toolchains.sh compiles with (apt-get, pip)
#   --rivals      also what the benchmarks compare with; no test or demo needs it (apt-get, pip)
#   --torch       the same and torch for fit_vs_rivals, some 5 GB (pip)
# Quiet, and done at once when nothing is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() { sed -n '3,10s/^# \{0,1\}//p' "$0"; }
fetch=0 clang=0 toolchains=0 rivals=0 torch=0
for argument in "$@"; do
  case $argument in
    --fetch) fetch=1 ;;
    --clang) clang=1 ;;
    --toolchains) toolchains=1 ;;
    --rivals) rivals=1 ;;
    --torch) rivals=1 torch=1 ;;
    --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done

# ---- what there is ---------------------------------------------------------------------------------
manager=none
for name in apt-get dnf pacman brew; do
  if command -v "$name" >/dev/null; then manager=$name; break; fi
done

# at_least FOUND LEAST: by major and minor number.
at_least() {
  local a b c d
  IFS=. read -r a b _ <<<"$1.0"
  IFS=. read -r c d _ <<<"$2.0"
  ((10#${a:-0} > 10#$c || (10#${a:-0} == 10#$c && 10#${b:-0} >= 10#$d)))
}
number_of() { sed -n '/[0-9]/{s/[^0-9]*\([0-9][0-9.]*\).*/\1/p;q;}'; } # the first number that it reads
version_of() { if command -v "$1" >/dev/null; then "$1" --version 2>/dev/null | number_of; fi; }

compiler=''
for name in ${CXX:-} c++ g++ clang++; do # as CMake looks
  if command -v "$name" >/dev/null; then compiler=$name; break; fi
done
compiler_is='' compiler_version='' compiler_least=11
if [[ -n $compiler ]]; then
  macros=$("$compiler" -dM -E -x c++ /dev/null 2>/dev/null || true)
  compiler_is=g++ compiler_version=$(sed -n 's/^#define __GNUC__ //p' <<<"$macros")
  if [[ $macros == *__clang_major__* ]]; then
    compiler_is=clang++ compiler_least=14 compiler_version=$(sed -n 's/^#define __clang_major__ //p' <<<"$macros")
  fi
fi

# header_version FILE MACRO...: the numbers that a header in one of the usual folders defines.
header_version() {
  local file=$1 folder number found=''
  shift
  for folder in ${HINT_SETUP_INCLUDE:-/usr/include /usr/local/include /opt/homebrew/include /usr/include/eigen3 \
    /usr/local/include/eigen3 /opt/homebrew/include/eigen3}; do
    [[ -f $folder/$file ]] || continue
    for macro in "$@"; do
      number=$(sed -n "s/^# *define *$macro *\([0-9][0-9]*\).*/\1/p" "$folder/$file")
      [[ -z $number ]] || found=$found${found:+.}$number
    done
    echo "$found"
    return
  done
}
eigen=$(header_version Eigen/Version EIGEN_MAJOR_VERSION EIGEN_MINOR_VERSION) # since 5
: "${eigen:=$(header_version Eigen/src/Core/util/Macros.h EIGEN_WORLD_VERSION EIGEN_MAJOR_VERSION)}"
xsimd=$(header_version xsimd/config/xsimd_config.hpp XSIMD_VERSION_MAJOR XSIMD_VERSION_MINOR)
catch=$(header_version catch2/catch_version_macros.hpp CATCH_VERSION_MAJOR CATCH_VERSION_MINOR)
: "${catch:=$(header_version catch2/catch.hpp CATCH_VERSION_MAJOR CATCH_VERSION_MINOR)}"

# ---- what is wrong ---------------------------------------------------------------------------------
missing=() # packages
old=()     # sentences
candidate() { apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: \([0-9]*:\)\{0,1\}//p' | number_of; }
# need WHAT FOUND LEAST APT DNF PACMAN BREW: the package in missing, or the sentence in old.
need() {
  local package=$4 offered
  case $manager in dnf) package=$5 ;; pacman) package=$6 ;; brew) package=$7 ;; esac
  if [[ -n $2 ]]; then
    at_least "$2" "$3" || old+=("$1 is $2, $3 or later is needed")
    return
  fi
  missing+=("$package")
  if [[ $manager == apt-get ]]; then
    offered=$(candidate "$package")
    [[ -z $offered ]] || at_least "$offered" "$3" || old+=("$1 is $offered here (package $package), $3 or later is needed")
  fi
}
if [[ $manager == apt-get && -z $(candidate cmake) ]]; then refresh=1; else refresh=0; fi
as_root=()
if ((EUID != 0)); then as_root=(sudo); fi
apt() { ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" >>build/setup.log 2>&1; }
mkdir -p build
: >build/setup.log
if ((refresh)); then apt update || true; fi # a new system knows no packages yet

need "${compiler_is:-g++}" "$compiler_version" "$compiler_least" g++ gcc-c++ gcc llvm
need CMake "$(version_of cmake)" 3.25 cmake cmake cmake cmake
need Ninja "$(version_of ninja)" 1.10 ninja-build ninja-build ninja ninja
need Python "$(version_of python3)" 3.9 python3 python3 python python
need pkg-config "$(version_of pkg-config)" 0.29 pkg-config pkgconf-pkg-config pkgconf pkgconf
if ! ((fetch)); then
  need Eigen "$eigen" 3.4 libeigen3-dev eigen3-devel eigen eigen
  need xsimd "$xsimd" 8.1 libxsimd-dev xsimd-devel xsimd xsimd
  need Catch2 "$catch" 2.13 catch2 catch-devel catch2 catch2
fi
if ((clang)); then need clang++ "$(version_of clang++)" 14 clang clang clang llvm; fi

if ((${#old[@]})); then
  {
    echo "setup.sh: nothing was installed, for what this system has is too old:"
    printf '  %s\n' "${old[@]}"
    if ((${#missing[@]})); then echo "  missing, too: ${missing[*]}"; fi
    case "${old[*]}" in *++*) echo "A newer compiler: apt-get install g++-12, dnf install gcc-toolset-12; then CXX=g++-12" ;; esac
    case "${old[*]}" in *CMake*)
      echo "A newer CMake: pip install cmake, snap install cmake --classic, or https://apt.kitware.com" ;;
    esac
    case "${old[*]}" in *Eigen* | *xsimd* | *Catch2*)
      echo "Newer libraries: CMake's FetchContent downloads them: scripts/setup.sh --fetch, then"
      echo "  cmake --preset test -DHINT_FETCH_DEPENDENCIES=ON && cmake --build --preset test && ctest --preset test" ;;
    esac
  } >&2
  exit 1
fi

if [[ $manager != apt-get ]]; then
  if ((${#missing[@]})); then
    {
      echo "setup.sh: missing: ${missing[*]}"
      case $manager in
        dnf) echo "  sudo dnf install ${missing[*]}" ;;
        pacman) echo "  sudo pacman -S --needed ${missing[*]}" ;;
        brew) echo "  brew install ${missing[*]}" ;;
        none) echo "  (by the names that Debian gives them)" ;;
      esac
      ((fetch)) || echo "  Eigen, xsimd and Catch2 CMake can download, too (FetchContent): scripts/setup.sh --fetch, -DHINT_FETCH_DEPENDENCIES=ON"
      echo "  For the demo: FreeType, HarfBuzz, zlib, the bitmap build of Noto Color Emoji, the XML files of Unicode CLDR"
      echo "  and the Unicode Character Database's emoji-test.txt"
    } >&2
    exit 1
  fi
  echo "setup.sh: all that the tests need is here; --toolchains, --rivals and --torch install by apt-get alone"
else
  # ---- what apt-get installs -----------------------------------------------------------------------
  need_package() {
    local name
    for name in "$@"; do
      [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) == installed ]] || missing+=("$name")
    done
  }
  python3 -m pip --version >/dev/null 2>&1 || missing+=(python3-pip) # for the formatter
  need_package libfreetype-dev libharfbuzz-dev zlib1g-dev fonts-noto-color-emoji unicode-cldr-core unicode-data \
    libbenchmark-dev
  if ((clang)); then need_package libclang-rt-dev; fi
  if ((rivals)); then need_package libfaiss-dev libigraph-dev python3-igraph libopenblas-dev python3-venv; fi
  if ((toolchains)); then
    newest=$(apt-cache pkgnames clang- | grep -E '^clang-[0-9]+$' | sort -V | tail -n 1)
    need_package g++-11 "${newest:-clang}" g++-mingw-w64-x86-64-posix wine64
  fi
  if ((${#missing[@]})); then
    if ((EUID != 0)) && ! command -v sudo >/dev/null; then
      echo "setup.sh: run this as root, then once more: apt-get install ${missing[*]}" >&2
      exit 1
    fi
    echo "setup.sh: installing ${missing[*]}"
    ((refresh)) || apt update || true # one source out of reach need not matter
    if ! apt install -y --no-install-recommends "${missing[@]}"; then
      tail -n 20 build/setup.log >&2
      echo "setup.sh: apt-get failed; all it said is in build/setup.log" >&2
      exit 1
    fi
  fi
fi

# ---- what pip installs, below build/ ---------------------------------------------------------------
pip_install() { python3 -m pip install --quiet --disable-pip-version-check --upgrade "$@" 2>>build/setup.log; }
if ((toolchains)) && [[ ! -e build/meson/bin/meson ]]; then
  echo "setup.sh: installing meson into build/meson"
  pip_install --target build/meson meson==1.12.1 ||
    echo "setup.sh: no meson could be installed; the test of it will be skipped" >&2
fi
if ((rivals)) && ! build/rivals/bin/python -c 'import faiss, infomap, rdkit' 2>/dev/null; then
  echo "setup.sh: installing faiss-cpu, infomap and rdkit into build/rivals"
  python3 -m venv build/rivals
  build/rivals/bin/python -m pip install --quiet --disable-pip-version-check faiss-cpu numpy infomap rdkit==2026.9.1
fi
if ((torch)) && ! build/rivals/bin/python -c 'import torch' 2>/dev/null; then
  echo "setup.sh: installing torch into build/rivals"
  build/rivals/bin/python -m pip install --quiet --disable-pip-version-check torch
fi

# The formatter, in the one version that lays the sources out as they are (see scripts/format.py).
formatter=$(python3 scripts/format.py --version)
if ! PYTHONPATH=build/tools build/tools/bin/clang-format --version 2>/dev/null | grep -qF "$formatter"; then
  echo "setup.sh: installing clang-format $formatter into build/tools"
  pip_install --target build/tools "clang-format==$formatter" ||
    echo "setup.sh: no clang-format $formatter could be installed; the test of the layout will be skipped" >&2
fi
