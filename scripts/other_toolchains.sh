#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Examples and the tests of some folders with g++ 11 and the newest clang that are here (preset compiler), and
# what needs hint::base alone by mingw-w64 under wine (preset mingw). scripts/setup.sh --toolchains installs
# them; one that is not here is left out with a line that says so.
#   --require  ends with 1 when one is left out
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
left_out=0
leave_out() {
  echo "other_toolchains.sh: no $1, left out"
  left_out=1
}

newest=$(compgen -c | grep -E '^clang\+\+-[0-9]+$' | sort -V | tail -n 1 || true)
for compiler in g++-11 "${newest:-clang++-NN}"; do
  if ! command -v "$compiler" >/dev/null; then
    leave_out "$compiler"
    continue
  fi
  echo "== $compiler"
  cmake --preset compiler -B "build/$compiler" -DCMAKE_CXX_COMPILER="$compiler" >/dev/null
  cmake --build "build/$compiler"
  ctest --test-dir "build/$compiler" --output-on-failure --no-tests=error -j 2
done

if command -v x86_64-w64-mingw32-g++-posix >/dev/null && { command -v wine64 || command -v wine || [[ -x /usr/lib/wine/wine64 ]]; } >/dev/null; then
  echo "== mingw-w64"
  cmake --workflow --preset mingw
else
  leave_out "mingw-w64 with wine"
fi
[[ ${1:-} != --require ]] || exit "$left_out"
