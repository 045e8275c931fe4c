// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/linear_scan.hpp>
#include <hint/search/scored_search.hpp>

#include "support/catch.hpp"

using hint::code_set;
using hint::search::linear_scan;
using hint::search::scored_hit;
using hint::search::search_scored;

namespace {

/// Whole numbers, so that sums in any order are the same.
std::vector<float> random_values(std::size_t n, hint::random_stream random) {
  std::vector<float> out(n);
  for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<float>(random.below(i, 9)) - 4;
  return out;
}

}  // namespace

TEST_CASE("a scored search sorts all items by distance, score and id") {
  const std::uint64_t seed = 21;
  CAPTURE(seed);
  for (const std::size_t bits : {3U, 8U, 64U, 100U}) {
    for (const std::size_t n : {0U, 1U, 500U}) {
      const hint::random_stream random(seed, bits + n);
      code_set codes(bits, n);
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < (std::min<std::size_t>)(bits, 9); ++j)
          codes.set_bit(i, j, random.fork(0).below(i * 9 + j, 2) == 1);
      std::vector<std::int64_t> ids(n);
      for (std::size_t i = 0; i < n; ++i) ids[i] = static_cast<std::int64_t>(i * 311 % 1009);
      linear_scan index(bits);
      index.add(codes, ids);
      const std::size_t count = 18;  // two chunks
      const auto values = random_values(count * bits, random.fork(1));
      const auto keep = [](std::size_t q, std::int64_t id) {
        return (id + std::int64_t(q)) % 4 != 0;
      };

      std::vector<std::vector<scored_hit>> truth(count);
      for (std::size_t q = 0; q < count; ++q) {
        for (std::size_t i = 0; i < n; ++i) {
          if (!keep(q, ids[i])) continue;
          scored_hit h{0, ids[i], 0};
          for (std::size_t j = 0; j < bits; ++j) {
            const float v = values[q * bits + j];
            h.distance += codes.bit(i, j) != (v >= 0) ? 1 : 0;
            h.score += codes.bit(i, j) ? v : -v;
          }
          truth[q].push_back(h);
        }
        std::sort(truth[q].begin(), truth[q].end(), [](const scored_hit& a, const scored_hit& b) {
          if (a.distance != b.distance) return a.distance < b.distance;
          return a.score != b.score ? a.score > b.score : a.id < b.id;
        });
      }
      for (const std::size_t k : {0U, 1U, 7U, 1000U}) {
        CAPTURE(bits, n, k);
        auto expected = truth;
        for (auto& row : expected) row.resize((std::min)(k, row.size()));
        CHECK(search_scored(index, values, k, keep) == expected);
        hint::thread_pool pool{2};
        CHECK(search_scored(index, values, k, keep, hint::context{pool}) == expected);
      }
    }
  }
}

TEST_CASE("a scored search checks its values") {
  const linear_scan index(8);
  CHECK(search_scored(index, std::vector<float>{}, 3).empty());
  CHECK_THROWS_MESSAGE(search_scored(index, std::vector<float>(9), 3), hint::shape_error,
                       "search_scored: 9 values are not a multiple of 8 bits");
  std::vector<float> bad(16);
  bad[9] = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_MESSAGE(search_scored(index, bad, 3), hint::invalid_argument,
                       "asymmetric_scorer: value 1 is nan, expected a finite number");
}
