// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/graph/neighbor_lists.hpp>

#include "graph/brute_force.hpp"
#include "support/catch.hpp"

using hint::graph::near_row;
using hint::graph::nearer;
using hint::graph::nearest_rows;
using hint::graph::neighbor_lists;

TEST_CASE("nearer is a total order: distance, then row") {
  CHECK(nearer({7, 1}, {3, 2}));
  CHECK_FALSE(nearer({3, 2}, {7, 1}));
  CHECK(nearer({3, 1}, {7, 1}));
  CHECK_FALSE(nearer({7, 1}, {3, 1}));
  CHECK_FALSE(nearer({3, 1}, {3, 1}));
}

TEST_CASE("neighbor_lists keep what they are given, up to k") {
  neighbor_lists lists(3, 2);
  CHECK(hint_tests::lists_of(lists) == hint_tests::lists_of_rows{{}, {}, {}});
  const std::vector<near_row> three{{5, 1}, {6, 2}, {7, 3}};
  lists.set(2, three);
  lists.set(0, std::span(three).first(1));
  CHECK(hint_tests::lists_of(lists) == hint_tests::lists_of_rows{{{5, 1}}, {}, {{5, 1}, {6, 2}}});
  lists.set(2, {});
  CHECK(lists[2].empty());
  CHECK(neighbor_lists().size() == 0);
  neighbor_lists none(2, 0);
  none.set(1, three);
  CHECK(hint_tests::lists_of(none) == hint_tests::lists_of_rows{{}, {}});
}

TEST_CASE("nearest_rows keeps the first k of a sort, whatever the order of offers") {
  for (const std::uint64_t seed : {1U, 2U, 3U})
    for (const std::size_t k : {0U, 1U, 5U, 50U, 300U}) {
      CAPTURE(seed, k);
      const hint::random_stream random(seed, 0);
      std::vector<near_row> all;
      for (const std::uint32_t row : hint::permutation(200, random))
        all.push_back({row, static_cast<float>(random.fork(1).below(row, 12))});  // many ties
      nearest_rows best(k);
      best.offer({999, -1});
      best.clear();
      CHECK(best.get().empty());
      for (const near_row& candidate : all) {
        const std::vector<near_row> before(best.get().begin(), best.get().end());
        const bool accepted = best.accepts(candidate);
        best.offer(candidate);
        const std::vector<near_row> after(best.get().begin(), best.get().end());
        REQUIRE(accepted == (before != after));
      }
      std::sort(all.begin(), all.end(), nearer);
      all.resize((std::min)(k, all.size()));
      CHECK(std::vector<near_row>(best.get().begin(), best.get().end()) == all);
    }
}
