// SPDX-License-Identifier: MIT
#include <hint/core/hash.hpp>
#include <hint/core/random.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
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

TEST_CASE("close_gap leaves a table in which everything is found", "[core]") {
  const std::uint64_t seed = 41;
  CAPTURE(seed);
  const hint::random_stream random(seed, 1);
  constexpr std::size_t mask = 15;
  constexpr std::uint64_t nothing = 0;
  std::array<std::uint64_t, mask + 1> table{};
  std::set<std::uint64_t> inside;
  const auto place = [&](std::uint64_t key) {  // keys are 1 .. 60, four of which share each home
    std::size_t i = key & mask;
    while (table[i] != nothing && table[i] != key) i = (i + 1) & mask;
    return i;
  };
  for (std::uint64_t turn = 0; turn < 4000; ++turn) {
    const std::uint64_t key = 1 + random.below(turn, 60);
    if (inside.count(key) > 0) {
      const std::size_t free = hint::close_gap(
          place(key), mask, [&](std::size_t i) { return table[i] != nothing; },
          [&](std::size_t i) { return static_cast<std::size_t>(table[i] & mask); },
          [&](std::size_t from, std::size_t to) { table[to] = table[from]; });
      table[free] = nothing;
      inside.erase(key);
    } else if (inside.size() < 12) {
      table[place(key)] = key;
      inside.insert(key);
    }
    for (std::uint64_t k = 1; k <= 60; ++k)
      REQUIRE((table[place(k)] == k) == (inside.count(k) > 0));
  }
}
