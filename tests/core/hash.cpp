// SPDX-License-Identifier: MIT
#include <hint/core/hash.hpp>

#include <cstdint>
#include <string_view>

#include "support/catch.hpp"

namespace {

constexpr std::uint64_t fnv1a_of(std::string_view text) {
  hint::fnv1a hash;
  for (const char c : text) hash.add(static_cast<unsigned char>(c));
  return hash.value;
}

}  // namespace

TEST_CASE("hash: FNV-1a gives its authors' test vectors", "[core]") {
  STATIC_REQUIRE(fnv1a_of("") == 0xcbf29ce484222325ULL);
  STATIC_REQUIRE(fnv1a_of("a") == 0xaf63dc4c8601ec8cULL);
  STATIC_REQUIRE(fnv1a_of("foobar") == 0x85944171f73967e8ULL);
}

TEST_CASE("hash: SplitMix64 with seed 0 gives its known first numbers", "[core]") {
  constexpr std::uint64_t step = 0x9e3779b97f4a7c15ULL;
  STATIC_REQUIRE(hint::mix64(step) == 0xe220a8397b1dcdafULL);
  STATIC_REQUIRE(hint::mix64(2 * step) == 0x6e789e6aa1b965f4ULL);
  STATIC_REQUIRE(hint::mix64(3 * step) == 0x06c45d188009454fULL);
}
