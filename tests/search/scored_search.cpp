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
  CHECK_THROWS_MESSAGE(search_scored(index, {bad, 0.5F}, 3), hint::invalid_argument,
                       "asymmetric_scorer: value 1 is nan, expected a finite number");
  CHECK_THROWS_MESSAGE(search_scored(index, {bad, std::numeric_limits<float>::infinity()}, 3),
                       hint::invalid_argument,
                       "search_scored: threshold is inf, expected a finite number");
}

TEST_CASE("values of 0 and 1 want a threshold, which moves bits and scores") {
  const hint::random_stream random(5, 5);
  const std::size_t bits = 40, count = 33;
  code_set codes(bits, 300);
  for (std::size_t i = 0; i < 300 * bits; ++i)
    codes.set_bit(i / bits, i % bits, random.below(i, 2) == 1);
  linear_scan index(bits);
  index.add(codes);
  std::vector<float> zeros_and_ones(count * bits), shares(count * bits), signs(count * bits);
  for (std::size_t i = 0; i < count * bits; ++i) {
    zeros_and_ones[i] = static_cast<float>(random.fork(1).below(i, 2));
    shares[i] = static_cast<float>(random.fork(2).below(i, 9)) / 8;  // exact sums
    signs[i] = shares[i] - 0.5F;
  }
  const char* const message =
      "search_scored: every value is 0 or 1, which the threshold 0 would make ones; expected "
      "values around "
      "0, or a threshold with them, such as 0.5";
  CHECK_THROWS_MESSAGE(search_scored(index, zeros_and_ones, 3), hint::invalid_argument, message);
  CHECK_THROWS_MESSAGE(search_scored(index, std::vector<float>(bits), 3), hint::invalid_argument,
                       message);
  CHECK(search_scored(index, std::vector<float>(bits, 1.0F), 3)[0].size() == 3);  // signs may be
  code_set asked(bits, count);
  for (std::size_t i = 0; i < count * bits; ++i)
    asked.set_bit(i / bits, i % bits, zeros_and_ones[i] == 1);
  const auto found = search_scored(index, {zeros_and_ones, 0.5F}, 300);
  const auto expected = index.search(asked, 300);
  for (std::size_t q = 0; q < count; ++q)
    for (std::size_t i = 0; i < 300; ++i) {
      REQUIRE(found[q][i].distance == expected[q][i].distance);
      REQUIRE(found[q][i].id == expected[q][i].id);
      REQUIRE(found[q][i].score == 20.0F - static_cast<float>(expected[q][i].distance));
    }
  CHECK(search_scored(index, {shares, 0.5F}, 20) == search_scored(index, signs, 20));
  CHECK(search_scored(index, {zeros_and_ones, 0}, 3)[0][0].distance ==
        search_scored(index, std::vector<float>(bits, 1.0F), 3)[0][0].distance);
}

TEST_CASE("a scored search tells and asks its observer") {
  struct listener {
    std::size_t answers = 0;
    std::size_t asked = 0, told = 0;
    bool stop_requested() { return asked++ >= answers; }
    void on(const hint::phase_report&) { ++told; }
  };
  linear_scan index(64);
  code_set codes(64, 3000);
  for (std::size_t i = 0; i < 3000; ++i) codes[i][0] = i * 0x9E3779B97F4A7C15ULL;
  index.add(codes);
  const auto values = random_values(100 * 64, hint::random_stream(6, 6));
  const auto expected = search_scored(index, values, 5);
  std::size_t most = 0;
  for (const std::size_t answers : {0U, 1U, 3U, 5U, 9U, 1000U}) {
    hint::sequential here;
    listener user{.answers = answers};
    const auto some =
        search_scored(index, values, 5, hint::search::accept_all{}, hint::context(here, user));
    CAPTURE(answers, some.size(), user.asked);
    CHECK((some.size() == 100) == (answers == 1000));
    CHECK(std::equal(some.begin(), some.end(), expected.begin()));
    CHECK(user.told >= 1);
    if (answers < 1000) most = (std::max)(most, some.size());
  }
  CHECK(most > 0);
}
