// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <hint/core/context.hpp>
#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/search/automatic.hpp>
#include <hint/search/linear_scan.hpp>
#include <hint/search/multi_index.hpp>
#include <hint/search/weighted_search.hpp>

#include "support/catch.hpp"
#include "support/random_codes.hpp"

using hint::code_set;
using hint::search::search_weighted;
using hint::search::weighted_hit;

TEMPLATE_TEST_CASE("a weighted search sorts by the sum of the weights of differing bits", "",
                   hint::search::linear_scan, hint::search::multi_index, hint::search::automatic) {
  const std::uint64_t seed = 71;
  CAPTURE(seed);
  for (const std::size_t bits : {1U, 20U, 64U, 130U}) {
    const hint::random_stream random(seed, bits);
    const std::size_t n = 500, count = 19;  // two chunks of queries
    const code_set codes = random_codes(bits, n, random.fork(0));
    const code_set queries = random_codes(bits, count, random.fork(1));
    std::vector<std::int64_t> ids(n);
    for (std::size_t i = 0; i < n; ++i) ids[i] = static_cast<std::int64_t>(i * 311 % 1009) - 20;
    TestType original(bits);
    original.add(codes, ids);
    original.remove({ids[5]});
    const TestType index = original;
    original.remove({ids[6]});
    std::vector<float> weights(bits);  // exact in any order; some are 0, many sums are alike
    for (std::size_t j = 0; j < bits; ++j)
      weights[j] = static_cast<float>(random.fork(2).below(j, 4)) / 4;
    const auto keep = [](std::size_t query, std::int64_t id) {
      return (id + std::int64_t(query)) % 3 != 0;
    };
    std::vector<std::vector<weighted_hit>> truth(count);
    for (std::size_t q = 0; q < count; ++q) {
      for (std::size_t i = 0; i < n; ++i) {
        if (i == 5 || !keep(q, ids[i])) continue;
        weighted_hit h{0, ids[i]};
        for (std::size_t j = 0; j < bits; ++j)
          if (codes.bit(i, j) != queries.bit(q, j)) h.distance += weights[j];
        truth[q].push_back(h);
      }
      std::sort(truth[q].begin(), truth[q].end(), [](const weighted_hit& a, const weighted_hit& b) {
        return a.distance != b.distance ? a.distance < b.distance : a.id < b.id;
      });
    }
    for (const std::size_t threads : {1U, 3U}) {
      hint::thread_pool pool{threads};
      const hint::context ctx(pool);
      for (const std::size_t k : {0U, 1U, 10U, 1000U}) {
        CAPTURE(bits, threads, k);
        auto expected = truth;
        for (auto& row : expected) row.resize((std::min)(k, row.size()));
        CHECK(search_weighted(index, queries, weights, k, keep, ctx) == expected);
        const float radius = static_cast<float>(bits) / 8;
        for (auto& row : expected)
          std::erase_if(row, [&](const weighted_hit& h) { return h.distance > radius; });
        CHECK(search_weighted(index, queries, weights, k, radius, keep, ctx) == expected);
      }
    }
    // Weights of one give the Hamming distance.
    const auto plain = index.search(queries, 12);
    const auto ones = search_weighted(index, queries, std::vector<float>(bits, 1.0F), 12);
    for (std::size_t q = 0; q < count; ++q)
      for (std::size_t i = 0; i < 12; ++i)
        CHECK(ones[q][i] == weighted_hit{static_cast<float>(plain[q][i].distance), plain[q][i].id});
  }
}

TEST_CASE(
    "weighted distances are 0 for the query itself and never negative, whatever the weights") {
  const hint::random_stream random(72, 0);
  const std::size_t bits = 200;
  const code_set codes = random_codes(bits, 300, random);
  hint::search::linear_scan index(bits);
  index.add(codes);
  std::vector<float> weights(bits);
  for (std::size_t j = 0; j < bits; ++j)
    weights[j] = static_cast<float>(random.fork(1).uniform(j)) * (j % 7 == 0 ? 1e-6F : 1e3F);
  const auto found = search_weighted(index, codes, weights, 300);
  for (std::size_t q = 0; q < 300; ++q) {
    CHECK(found[q][0].distance == 0);
    CHECK(found[q].size() == 300);
  }
}

TEST_CASE("weighted distances are right beside each other, however far apart the weights are") {
  const std::size_t bits = 70;
  std::vector<float> weights(bits);
  for (std::size_t j = 0; j < bits; ++j) weights[j] = j % 3 == 0 ? 1e7F : 0.01F;
  hint::search::linear_scan index(bits);
  code_set codes(bits,
                 bits);  // code j differs from the query, which is empty, in bit j and those before
  for (std::size_t j = 0; j < bits; ++j)
    for (std::size_t i = 0; i <= j; ++i) codes.set_bit(j, (i * 3 + 1) % bits, true);
  index.add(codes);
  const auto found = search_weighted(index, code_set(bits, 1), weights, bits);
  REQUIRE(found[0].size() == bits);
  double expected = 0;
  for (std::size_t j = 0; j < bits; ++j) {
    expected += static_cast<double>(weights[(j * 3 + 1) % bits]);
    CAPTURE(j, expected);
    const auto h = std::ranges::find(found[0], static_cast<std::int64_t>(j), &weighted_hit::id);
    CHECK(static_cast<double>(h->distance) > expected * (1 - 1e-5));
    CHECK(static_cast<double>(h->distance) < expected * (1 + 1e-5));
  }
}

TEST_CASE("a weighted search checks what it is given, and hears its observer") {
  hint::search::linear_scan index(8);
  index.add(code_set(8, 3));
  const std::vector<float> weights(8, 1.0F);
  const code_set queries(8, 40);
  CHECK(search_weighted(index, code_set(8, 0), weights, 3).empty());
  CHECK_THROWS_MESSAGE(search_weighted(index, queries, std::vector<float>(9), 1), hint::shape_error,
                       "search_weighted: 9 weights for 8 bits");
  CHECK_THROWS_MESSAGE(search_weighted(index, code_set(9, 1), weights, 1), hint::shape_error,
                       "search_weighted: queries have 9 bits, expected 8");
  auto bad = weights;
  bad[3] = -0.5F;
  CHECK_THROWS_MESSAGE(search_weighted(index, queries, bad, 1), hint::invalid_argument,
                       "search_weighted: weight 3 is -0.5, expected a finite number from 0 on");
  bad = weights;
  bad[2] = bad[5] = 1e38F;
  CHECK_THROWS_MESSAGE(search_weighted(index, code_set(8, 0), bad, 1), hint::invalid_argument,
                       "search_weighted: weight 5 is 1e+38; the weights up to it add up to more "
                       "than 1.7014117e+38");
  CHECK_THROWS_MESSAGE(
      search_weighted(index, queries, weights, 1, std::numeric_limits<float>::quiet_NaN()),
      hint::invalid_argument, "search_weighted: radius is nan, expected a number");
  struct patient {
    std::size_t answers = 3, asked = 0;
    bool stop_requested() { return asked++ >= answers; }
  } user;
  hint::sequential here;
  const auto some = search_weighted(index, queries, weights, 2, hint::search::accept_all{},
                                    hint::context(here, user));
  CHECK(some.size() == 16);
}
