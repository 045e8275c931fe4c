#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# clang with -ffinite-math-only: a look at the bits of a float argument does not find NaN either.
#
# That std::isnan and x != x become constants under this flag is well known, and the usual advice is to compare
# the bits. clang 19 and 22 mark float parameters as never NaN or infinite, keep that through std::bit_cast to an
# integer, and answer "finite" for a NaN that was passed by value. The same comparison of a float that was passed
# by reference finds it; so does clang 14, and g++ 12, either way.
#
# Seen with clang 19.1.7 and 22.1.8 (as in the PyPI packages ziglang 0.14.1 and 0.17.1), x86-64 Linux:
#   -O2                     NaN is finite: by value 0, by reference 0
#   -O2 -ffinite-math-only  NaN is finite: by value 1, by reference 0
# Consequence here: hint::is_finite reads through an address whose origin the compiler cannot see.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export ZIG_GLOBAL_CACHE_DIR=$folder/cache ZIG_LOCAL_CACHE_DIR=$folder/cache
cat > probe.cpp <<'END'
#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstring>
constexpr std::uint32_t magnitude = 0x7fffffff, infinity = 0x7f800000;
[[gnu::noinline]] bool finite_by_value(float x) {
  return (std::bit_cast<std::uint32_t>(x) & magnitude) < infinity;
}
[[gnu::noinline]] bool finite_by_reference(const float& x) {
  return (std::bit_cast<std::uint32_t>(x) & magnitude) < infinity;
}
int main() {
  volatile std::uint32_t pattern = 0x7fc00000;  // NaN
  const std::uint32_t bits = pattern;
  float x;
  std::memcpy(&x, &bits, sizeof x);
  std::printf("NaN is finite: by value %d, by reference %d\n", finite_by_value(x), finite_by_reference(x));
}
END
status=0
expect() { # expect TEXT COMMAND...
  local wanted=$1 found
  shift
  "$@" -std=c++20 -fno-sanitize=all probe.cpp -o probe
  found=$(./probe)
  echo "  ${*:4}: $found"
  [[ $found == "NaN is finite: $wanted" ]] || { echo "  changed, expected $wanted"; status=1; }
}
for version in 0.14.1 0.17.1; do
  python3 -m venv "v$version"
  "v$version/bin/pip" install -q --disable-pip-version-check "ziglang==$version"
  compiler=("v$version/bin/python" -m ziglang c++)
  "${compiler[@]}" --version | sed -n 's/ (.*//; 1p'
  expect "by value 0, by reference 0" "${compiler[@]}" -O2
  expect "by value 1, by reference 0" "${compiler[@]}" -O2 -ffinite-math-only
done
exit $status
