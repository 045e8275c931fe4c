// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/histograms.hpp>
#include <hint/search/linear_scan.hpp>

#include "support/catch.hpp"
#include "support/random_codes.hpp"

using hint::code_set;
using hint::search::distance_histograms;
using hint::search::linear_scan;

TEST_CASE("histograms count every code that is there, at its distance") {
  const std::uint64_t seed = 12;
  CAPTURE(seed);
  for (const std::size_t bits : {1U, 64U, 100U, 1024U}) {
    for (const std::size_t n : {0U, 1U, 33U, 9000U}) {
      const auto codes = random_codes(bits, n, hint::random_stream(seed, bits));
      const auto queries = random_codes(bits, 5, hint::random_stream(seed, bits + 1));
      linear_scan index(bits);
      index.add(codes);
      if (n > 1) index.remove({0, 7});
      distance_histograms expected(5, bits);
      for (std::size_t q = 0; q < 5; ++q)
        for (std::size_t i = 0; i < n; ++i)
          if (index.contains(static_cast<std::int64_t>(i)))
            ++expected[q][hint::search::hamming_distance(queries[q], codes[i])];
      CAPTURE(bits, n);
      CHECK(index.histograms(queries) == expected);
      hint::thread_pool pool{2};
      CHECK(index.histograms(queries, hint::context{pool}) == expected);
    }
  }
}

TEST_CASE("histograms of one query are cut among threads") {
  linear_scan index(1024);
  index.add(random_codes(1024, 60000, hint::random_stream(1, 1)));
  const auto query = random_codes(1024, 1, hint::random_stream(1, 2));
  const auto one = index.histograms(query);
  std::uint64_t sum = 0;
  for (const std::uint64_t count : one[0]) sum += count;
  CHECK(sum == 60000);
  hint::thread_pool pool{3};
  CHECK(index.histograms(query, hint::context{pool}) == one);
  CHECK(index.histograms(code_set(1024, 0)).size() == 0);
}

TEST_CASE("histograms check their queries") {
  CHECK_THROWS_MESSAGE(linear_scan(64).histograms(code_set(65, 1)), hint::shape_error,
                       "linear_scan::histograms: queries have 65 bits, expected 64");
}

TEST_CASE("bin_counts count numbers and marks together") {
  const hint::random_stream random(41, 0);
  for (std::size_t n = 0; n < 50; ++n) {
    std::vector<std::uint16_t> list(n);
    std::vector<std::uint8_t> marks(n);
    std::vector<std::uint64_t> expected(40), found(40);
    for (std::size_t i = 0; i < n; ++i) {
      list[i] = static_cast<std::uint16_t>(random.fork(n).below(i, 20));
      marks[i] = static_cast<std::uint8_t>(random.fork(n + 100).below(i, 2));
      ++expected[2U * list[i] + marks[i]];
    }
    hint::search::bin_counts bins(40);
    bins.add(list, marks);
    bins.move_to(found);
    CAPTURE(n);
    CHECK(found == expected);
  }
}

TEST_CASE("bin_counts count what std::count counts") {
  const std::uint64_t seed = 4;
  CAPTURE(seed);
  hint::search::bin_counts bins(100);
  for (const std::size_t n : {0U, 1U, 3U, 4U, 5U, 1000U}) {
    CAPTURE(n);
    std::vector<std::uint16_t> list(n);
    for (std::size_t i = 0; i < n; ++i)
      list[i] = static_cast<std::uint16_t>(hint::random_stream(seed, n).below(i, 100));
    bins.add(list);
    bins.add(std::uint16_t{99});
    std::vector<std::uint64_t> counts(100, 7);  // it adds
    bins.move_to(counts);
    for (std::size_t v = 0; v < 100; ++v)
      CHECK(counts[v] == 7 + (v == 99 ? 1U : 0U) +
                             static_cast<std::uint64_t>(std::count(list.begin(), list.end(), v)));
  }
  std::vector<std::uint64_t> nothing(100);
  bins.move_to(nothing);
  CHECK(nothing == std::vector<std::uint64_t>(100));
}
