#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Installs what building, testing and the demo need and what is not there yet (Debian, Ubuntu).
#   --rivals  also what the benchmarks compare with; no test or demo needs it
#   --clang   also clang++, for the preset of that name
# Quiet, and done at once when nothing is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

rivals=0 clang=0
for argument in "$@"; do
  case $argument in
    --rivals) rivals=1 ;;
    --clang) clang=1 ;;
    --help) sed -n '3,6s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) sed -n '3,6s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
done

# Programs that any source may provide, then packages.
missing=()
need_program() { command -v "$1" >/dev/null || missing+=("$2"); }
need_package() {
  local name
  for name in "$@"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) == installed ]] || missing+=("$name")
  done
}

need_program g++ g++
need_program cmake cmake
need_program ninja ninja-build
need_program python3 python3
need_program pkg-config pkg-config
python3 -m pip --version >/dev/null 2>&1 || missing+=(python3-pip) # for the formatter
if ((clang)); then need_program clang++ clang; fi

if ! command -v apt-get >/dev/null; then
  cat >&2 <<'END'
setup.sh: no apt-get here, so please install by hand what is missing of
  a C++20 compiler (g++ >= 12 or clang >= 14), CMake >= 3.25, Ninja, Python 3, pkg-config,
  Eigen >= 3.4, xsimd >= 8.1, Catch2 (2 or 3)     or let CMake fetch these three: -DHINT_FETCH_DEPENDENCIES=ON
  for the demo: FreeType, HarfBuzz, zlib, the bitmap build of Noto Color Emoji, the XML files of Unicode CLDR
  and the Unicode Character Database's emoji-test.txt
then run
  cmake --workflow --preset demo
  cmake --workflow --preset test
END
  exit 1
fi

[[ -d /usr/include/catch2 ]] || missing+=(catch2) # its package changes name
need_package libeigen3-dev libxsimd-dev libbenchmark-dev \
  libfreetype-dev libharfbuzz-dev zlib1g-dev fonts-noto-color-emoji unicode-cldr-core unicode-data
if ((clang)); then need_package libclang-rt-dev; fi
if ((rivals)); then need_package libfaiss-dev libigraph-dev python3-igraph libopenblas-dev python3-venv; fi

if ((${#missing[@]})); then
  as_root=()
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
      echo "setup.sh: run this as root, then once more: apt-get install ${missing[*]}" >&2
      exit 1
    fi
    as_root=(sudo)
  fi
  echo "setup.sh: installing ${missing[*]}"
  mkdir -p build
  apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" >>build/setup.log 2>&1; }
  : >build/setup.log
  apt update || true # one source out of reach need not matter
  if ! apt install -y --no-install-recommends "${missing[@]}"; then
    tail -n 20 build/setup.log >&2
    echo "setup.sh: apt-get failed; all it said is in build/setup.log" >&2
    exit 1
  fi
fi

if ((rivals)) && ! build/rivals/bin/python -c 'import faiss' 2>/dev/null; then
  echo "setup.sh: installing faiss-cpu into build/rivals"
  python3 -m venv build/rivals
  build/rivals/bin/python -m pip install --quiet --disable-pip-version-check faiss-cpu numpy
fi

# The formatter, in the one version that lays the sources out as they are (see scripts/format.py).
formatter=$(python3 scripts/format.py --version)
if ! PYTHONPATH=build/tools build/tools/bin/clang-format --version 2>/dev/null | grep -qF "$formatter"; then
  echo "setup.sh: installing clang-format $formatter into build/tools"
  mkdir -p build
  python3 -m pip install --quiet --disable-pip-version-check --upgrade --target build/tools \
    "clang-format==$formatter" 2>>build/setup.log ||
    echo "setup.sh: no clang-format $formatter could be installed; the test of the layout will be skipped" >&2
fi

version=$(cmake --version | sed -n '1s/[^0-9]*//p')
if [[ $(printf '%s\n' 3.25 "$version" | sort -V | head -n 1) != 3.25 ]]; then
  echo "setup.sh: CMake is $version, but 3.25 or later is needed. A newer one: pip install cmake," >&2
  echo "  snap install cmake --classic, or https://apt.kitware.com" >&2
  exit 1
fi
