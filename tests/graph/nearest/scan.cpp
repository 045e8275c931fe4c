// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/graph/nearest/scan.hpp>

#include "support/catch.hpp"

namespace detail = hint::graph::detail;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Terms of n rows, of any size between 2^-20 and 2^20.
detail::score_terms terms_of(std::size_t n, const hint::random_stream& random) {
  detail::score_terms t(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double size = std::exp2(40 * random.uniform(5 * i) - 20);
    t.low[i] = size * (2 * random.uniform(5 * i + 1) - 1);
    t.factor[i] = size * random.uniform(5 * i + 2);
    t.slack[i] = 1e-3 * size * random.uniform(5 * i + 3);
    t.blur[i] = 1e-6 * size * random.uniform(5 * i + 4);
  }
  return t;
}

}  // namespace

TEST_CASE("rounding goes to the side that is asked for", "[graph][scan]") {
  for (const double x : {0.0, 1.0, 1 / 3.0, 1e-30, 3e38, 1e39, 1e300}) {
    CAPTURE(x);
    for (const double y : {x, -x}) {
      CHECK(static_cast<double>(detail::lowered(y)) <= y);
      CHECK(static_cast<double>(detail::raised(y)) >= y);
    }
    if (x < 1e38)
      CHECK(static_cast<double>(detail::raised(x) - detail::lowered(x)) <= 3 * 0x1p-20 * x);
  }
  CHECK(static_cast<double>(detail::raised(infinity)) == infinity);
  CHECK(static_cast<double>(detail::raised(-infinity)) < -3e38);
}

TEST_CASE("a scan finds every score that is low enough, in order, and few others",
          "[graph][scan]") {
  for (const std::uint64_t seed : {1U, 2U, 3U})
    for (const std::size_t n : {0U, 1U, 7U, 16U, 33U, 200U}) {
      const hint::random_stream random(seed, n);
      const detail::score_terms mine = terms_of(1, random.fork(0)),
                                theirs = terms_of(n, random.fork(1));
      const detail::float_terms row(mine), columns(theirs);
      std::vector<float> products(n), limits(n);
      for (std::size_t c = 0; c < n; ++c) products[c] = static_cast<float>(random.uniform(c) - 0.5);
      // Limits from the scores themselves: half of them just reached, where rounding shows.
      for (std::size_t c = 0; c < n; ++c) {
        const double low =
            detail::bounds_of(mine, 0, theirs, c, static_cast<double>(products[c])).low;
        limits[c] = detail::raised(c % 2 == 0 ? low : low - 0.01 * std::abs(low));
      }
      const double middle =
          n == 0
              ? 0
              : detail::bounds_of(mine, 0, theirs, n / 2, static_cast<double>(products[n / 2])).low;
      for (const bool both : {false, true})
        for (const std::size_t begin : {std::size_t{0}, std::min<std::size_t>(n, 3)}) {
          CAPTURE(seed, n, both, begin);
          const double limit = both ? -infinity : middle;
          std::vector<std::size_t> found;
          detail::scan(
              row, 0, columns, products.data(), 0, both ? limits.data() : nullptr, begin, n,
              [&] { return detail::raised(limit); },
              [&](std::size_t c, float p) {
                CHECK(p == products[c]);
                found.push_back(c);
              });
          CHECK(std::is_sorted(found.begin(), found.end()));
          std::size_t must = 0, may = 0;
          for (std::size_t c = begin; c < n; ++c) {
            const double low =
                detail::bounds_of(mine, 0, theirs, c, static_cast<double>(products[c])).low;
            const double bar = both ? (c % 2 == 0 ? low : low - 0.01 * std::abs(low)) : limit;
            const bool is = std::binary_search(found.begin(), found.end(), c);
            must += low <= bar && !is ? 1 : 0;
            const double size = std::abs(mine.low[0]) + std::abs(theirs.low[c]) + std::abs(bar) +
                                mine.factor[0] * theirs.factor[c];
            may += low > bar + 1e-4 * size && is ? 1 : 0;
          }
          CHECK(must == 0);
          CHECK(may == 0);
        }
    }
}

TEST_CASE("a scan asks for the limit again after what it found", "[graph][scan]") {
  detail::score_terms one(1), many(100);
  const detail::float_terms row(one), columns(many);
  std::vector<float> products(100);
  for (std::size_t c = 0; c < 100; ++c)
    products[c] = -static_cast<float>(c);  // scores 0, 1, 2, ...
  float limit = 1e6F;
  std::size_t calls = 0;
  detail::scan(
      row, 0, columns, products.data(), 0, nullptr, 0, 100, [&] { return limit; },
      [&](std::size_t, float) {
        ++calls;
        limit = 0;
      });
  CHECK(calls < 20);
}

TEST_CASE("products that are no numbers are looked at", "[graph][scan]") {
  detail::score_terms one(1), many(3);
  const detail::float_terms row(one), columns(many);
  const std::vector<float> products{-5, -std::numeric_limits<float>::infinity(),
                                    std::numeric_limits<float>::quiet_NaN()};
  std::vector<std::size_t> found;
  detail::scan(
      row, 0, columns, products.data(), 0, nullptr, 0, 3, [] { return 1.0F; },
      [&](std::size_t c, float) { found.push_back(c); });
  CHECK(found == std::vector<std::size_t>{1, 2});
}
