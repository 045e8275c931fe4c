// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <hint/core/error.hpp>
#include <hint/core/random.hpp>
#include <hint/search/set_similarity.hpp>

#include "support/catch.hpp"

namespace search = hint::search;
using search::set_similarity;

TEST_CASE("similarities are the fractions of their definitions") {
  // 5 bits, 8 bits, 3 in common.
  CHECK(set_similarity(search::jaccard{})(5, 8, 3) == 3.0 / 10);
  CHECK(set_similarity(search::tversky{0.5, 0.5})(5, 8, 3) == 6.0 / 13);  // Dice
  CHECK(set_similarity(search::tversky{1, 1})(5, 8, 3) == 3.0 / 10);
  CHECK(set_similarity(search::tversky{0.9, 0.1})(5, 8, 3) == 30.0 / 53);
  CHECK(set_similarity(search::tversky{0, 2.5})(5, 8, 3) == 6.0 / 31);
  CHECK(set_similarity(search::subset{})(5, 8, 3) == 3.0 / 8);
  CHECK(set_similarity(search::superset{})(5, 8, 3) == 3.0 / 5);
  CHECK(set_similarity(search::subset{})(8, 5, 5) == 1);
  CHECK(set_similarity(search::superset{})(5, 8, 5) == 1);
  static_assert(set_similarity(search::jaccard{})(4096, 4096, 0) == 0);
}

TEST_CASE("the empty set is like itself and a subset of every set") {
  const set_similarity dice = search::tversky{0.5, 0.5};
  CHECK(set_similarity(search::jaccard{})(0, 0, 0) == 1);
  CHECK(dice(0, 0, 0) == 1);
  CHECK(set_similarity(search::jaccard{})(0, 3, 0) == 0);
  CHECK(set_similarity(search::jaccard{})(3, 0, 0) == 0);
  CHECK(set_similarity(search::subset{})(3, 0, 0) == 1);
  CHECK(set_similarity(search::subset{})(0, 3, 0) == 0);
  CHECK(set_similarity(search::superset{})(3, 0, 0) == 0);
  CHECK(set_similarity(search::superset{})(0, 3, 0) == 1);
}

TEST_CASE("weights are decimal numbers of six places") {
  const set_similarity s = search::tversky{0.3, 0.7};
  // A query of 8 bits; 1 in common and 7 alone, and all in common with 24 more: 1 / 3.1 = 8 / 24.8.
  CHECK(s(8, 1, 1) == s(8, 32, 8));
  CHECK_FALSE(s.less(8, 1, 1, 32, 8));
  CHECK_FALSE(s.less(8, 32, 8, 1, 1));
  CHECK(s.less(8, 1, 1, 31, 8));
  CHECK(s.less(8, 33, 8, 1, 1));
  CHECK(set_similarity(search::tversky{1e-6, 0}).less(4096, 4095, 4095, 4096, 4096));
  CHECK_THROWS_MESSAGE(set_similarity(search::tversky{0, 4e-7}), hint::invalid_option,
                       "options alpha and beta are 0 and 4e-07, expected one that is not 0");
  CHECK_THROWS_MESSAGE(set_similarity(search::tversky{-1, 1}), hint::invalid_option,
                       "option alpha is -1, expected 0 to 1000");
  CHECK_THROWS_MESSAGE(set_similarity(search::tversky{1, 1001}), hint::invalid_option,
                       "option beta is 1001, expected 0 to 1000");
  CHECK_THROWS_AS(set_similarity(search::tversky{1, std::numeric_limits<double>::quiet_NaN()}),
                  hint::invalid_option);
}

TEST_CASE("fractions are compared exactly where doubles are equal") {
  // 64 bits by 64 bits, against long division done bit by bit.
  const hint::random_stream random(81, 0);
  const set_similarity s = search::tversky{999.999999, 1000};
  std::size_t same = 0;
  for (std::size_t i = 0; i < 20'000; ++i) {
    const std::size_t query = 60'000 + random.below(5 * i, 5'000);
    const std::size_t a = 1 + random.below(5 * i + 1, query - 1);
    const std::size_t b = (std::min)(query, a + random.below(5 * i + 2, 2));
    const std::size_t size_a = a + random.below(5 * i + 3, 3);
    const std::size_t size_b = b + random.below(5 * i + 4, 3);
    const auto value = [&](std::size_t size, std::size_t common) {
      return std::pair(1'000'000 * std::uint64_t{common},
                       1'000'000 * std::uint64_t{common} +
                           999'999'999 * std::uint64_t{query - common} +
                           1'000'000'000 * std::uint64_t{size - common});
    };
    const auto below = [](std::pair<std::uint64_t, std::uint64_t> x,
                          std::pair<std::uint64_t, std::uint64_t> y) {
      for (int bit = 0; bit < 130; ++bit) {  // both below 1
        x.first *= 2, y.first *= 2;
        const bool one = x.first >= x.second, other = y.first >= y.second;
        if (one != other) return other;
        if (one) x.first -= x.second, y.first -= y.second;
      }
      return false;
    };
    const bool expected = below(value(size_a, a), value(size_b, b));
    CAPTURE(query, a, b, size_a, size_b);
    CHECK(s.less(query, size_a, a, size_b, b) == expected);
    same += s(query, size_a, a) == s(query, size_b, b);
  }
  CHECK(same > 100);
}

TEST_CASE("least_common is the first number of common bits that is enough") {
  const hint::random_stream random(82, 0);
  const set_similarity kinds[] = {search::jaccard{},
                                  search::subset{},
                                  search::superset{},
                                  search::tversky{0.3, 0.7},
                                  search::tversky{0.000001, 1000},
                                  search::tversky{1000, 0}};
  for (const auto& s : kinds) {
    for (std::size_t i = 0; i < 2'000; ++i) {
      const std::size_t query = random.below(4 * i, 80), item = random.below(4 * i + 1, 80);
      const std::size_t most = (std::min)(query, item);
      const std::size_t some = random.below(4 * i + 2, most + 1);
      const double bounds[] = {
          0, 0.1, 0.5, 0.7, 1, s(query, item, some), random.uniform(4 * i + 3)};
      for (const double bound : bounds) {
        std::size_t expected = 0;
        while (expected <= most && s(query, item, expected) < bound) ++expected;
        CAPTURE(query, item, bound);
        CHECK(s.least_common(query, item, bound) == expected);
        for (std::size_t common = expected; common <= most; ++common)
          CHECK(s.may_reach(query, item, common, bound - bound * 1e-12));
        if (expected > 0) CHECK_FALSE(s.may_reach(query, item, expected - 1, bound));
      }
    }
  }
}
