// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/pairs/pair_tables.hpp>

#include "support/catch.hpp"
#include "support/clusters.hpp"
#include "support/random_codes.hpp"

using namespace hint::search::detail;
using row_list = std::vector<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>>;

TEST_CASE("passes over substrings of any number and length have every pair once") {
  const std::uint64_t seed = 8;
  CAPTURE(seed);
  for (const std::size_t bits : {64U, 100U}) {
    const auto codes = clustered(bits, 1500, 60, 14, {seed, bits});
    code_store store(bits, "test");
    store.add(codes);
    const live_codes live(store);
    const auto go_on = [] { return true; };
    for (const std::size_t radius : {0U, 4U, 11U})
      for (std::size_t tables = 1; tables <= (std::min<std::size_t>)(radius + 1, 6); ++tables)
        for (const std::size_t widest : {3U, 12U}) {
          CAPTURE(bits, radius, tables, widest);
          const auto substrings = near_substrings(bits, tables, widest, radius);
          row_list got;
          for (std::size_t pass = 0; pass < substrings.size(); ++pass) {
            const bucket_table table(live, substrings[pass].cut, go_on);
            const bucket_join find(table, table, substrings, pass,
                                   static_cast<std::uint32_t>(radius) + 1);
            for (std::size_t task = 0; task < find.tasks(); ++task) {
              std::vector<row_pair> found;
              for (std::size_t at = 0; !find(task, at, found);) CHECK(!found.empty());
              for (const row_pair& x : found) got.emplace_back(x.first, x.second, x.distance);
            }
          }
          std::sort(got.begin(), got.end());
          row_list expected;
          for (std::uint32_t i = 0; i < codes.size(); ++i)
            for (std::uint32_t j = i + 1; j < codes.size(); ++j)
              if (const auto d = hint::search::hamming_distance(codes[i], codes[j]); d <= radius)
                expected.emplace_back(i, j, d);
          REQUIRE(got == expected);
        }
  }
}

TEST_CASE("a task that comes to many pairs gives back control, and goes on where it was") {
  code_store store(64, "test");
  store.add(hint::code_set(64, 3000));
  const live_codes live(store);
  const bucket_table table(live, {0, 4}, [] { return true; });
  const std::vector<near_substring> substrings{{{0, 4}, 0}};
  const bucket_join find(table, table, substrings, 0, 1);
  std::size_t all = 0, calls = 0;
  for (std::size_t task = 0; task < find.tasks(); ++task) {
    std::size_t at = 0;
    for (bool done = false; !done; ++calls) {
      std::vector<row_pair> found;
      done = find(task, at, found);
      CHECK(found.size() < 200'000);
      all += found.size();
    }
  }
  CHECK(all == 3000U * 2999 / 2);
  CHECK(calls > 20);
}
