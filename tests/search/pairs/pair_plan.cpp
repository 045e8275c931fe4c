// SPDX-License-Identifier: MIT
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/search/pairs/pair_plan.hpp>

#include "support/catch.hpp"
#include "support/clusters.hpp"
#include "support/random_codes.hpp"

using namespace hint::search::detail;

namespace {

code_store stored(const hint::code_view& codes) {
  code_store store(codes.bits(), "test");
  store.add(codes);
  return store;
}

}  // namespace

TEST_CASE("masks are all numbers with few bits, each once") {
  for (const std::uint32_t bits : {1U, 2U, 5U, 12U})
    for (const std::uint32_t radius : {0U, 1U, 2U, 3U, 12U}) {
      std::vector<std::uint32_t> expected;
      for (std::uint32_t x = 0; x < 1U << bits; ++x)
        if (std::popcount(x) <= static_cast<int>(radius)) expected.push_back(x);
      auto masks = masks_within(bits, radius);
      CHECK(masks.front() == 0);
      CHECK(std::is_sorted(masks.begin(), masks.end(), [](std::uint32_t a, std::uint32_t b) {
        return std::popcount(a) < std::popcount(b);
      }));
      std::sort(masks.begin(), masks.end());
      CHECK(masks == expected);
    }
}

TEST_CASE("substrings' radii add up to what no near pair can exceed in all of them") {
  for (std::size_t radius = 0; radius < 20; ++radius)
    for (std::size_t tables = 1; tables <= radius + 1; ++tables) {
      const auto all = near_substrings(64, tables, 20, radius);
      REQUIRE(all.size() == tables);
      std::size_t sum = 0;
      std::uint32_t next = 0;
      for (const near_substring& s : all) {
        sum += s.radius + 1;
        CHECK(s.cut.first == next);
        next += s.cut.bits;
      }
      CHECK(sum == radius + 1);
      CHECK(next <= 64);
    }
}

TEST_CASE("plans choose tables for small radii and scans for large ones") {
  const auto random = stored(random_codes(64, 20000, {1, 0}));
  CHECK(pair_plan(random, random, 0).worth_it());
  CHECK(pair_plan(random, random, 3).worth_it());
  CHECK_FALSE(pair_plan(random, random, 30).worth_it());
  CHECK_FALSE(pair_plan(random, random, 64).worth_it());
  const auto equal = stored(hint::code_set(64, 20000));
  CHECK_FALSE(pair_plan(equal, equal, 3).worth_it());
  const auto other = stored(random_codes(64, 30000, {2, 0}));
  CHECK(pair_plan(random, other, 3).worth_it());
}

TEST_CASE("a plan notices that bits of a substring go together") {
  // 16 bits by a coin, each four times: far apart on average, but substrings have few values.
  auto codes = random_codes(64, 20000, {3, 0});
  for (std::size_t i = 0; i < codes.size(); ++i) {
    std::uint64_t spread = 0;
    for (std::size_t j = 0; j < 64; ++j) spread |= (codes[i][0] >> (j / 32) & 1) << j;
    codes[i][0] = spread;
  }
  const auto store = stored(codes);
  CHECK_FALSE(pair_plan(store, store, 3).worth_it());
}

TEST_CASE("plans for tables that were asked for always have one") {
  for (const std::size_t bits : {1U, 3U, 64U, 4096U, 16384U})
    for (const std::size_t n : {2U, 100U})
      for (const std::size_t radius : {std::size_t{0}, bits / 2, bits}) {
        const auto store = stored(random_codes(bits, n, {4, bits}));
        const pair_plan plan(store, store, radius);
        REQUIRE(!plan.substrings().empty());
        std::size_t sum = 0;
        for (const near_substring& s : plan.substrings()) {
          sum += s.radius + 1;
          CHECK(s.cut.bits >= 1);
        }
        CHECK(sum == radius + 1);
      }
}
