// SPDX-License-Identifier: MIT
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/sets/set_engine.hpp>

#include "support/catch.hpp"
#include "support/sets.hpp"

namespace search = hint::search;
using search::accept_all;
using search::detail::set_engine;

TEST_CASE("a set_engine sorts from 4096 rows on, anew when they have grown by an eighth") {
  set_engine engine(2048, "test");
  const auto sets = random_sets(2048, 4096, 50, 20, hint::random_stream(41, 0));
  const auto add = [&](std::size_t n) {
    engine.store().add(sets.view().slice(0, n));
    engine.refresh();
    return engine.sorted();
  };
  CHECK(add(4095) == 0);
  CHECK(add(1) == 4096);
  CHECK(add(511) == 4096);
  const set_engine copy = engine;
  CHECK(add(1) == 4608);
  CHECK(copy.sorted() == 4096);
}

TEST_CASE("a search of sorted sets looks at few of them") {
  // Asked about by the filter are those that would be kept: copies of the query and what came before.
  set_engine engine(2048, "test");
  const auto sets = random_sets(2048, 40'000, 4000, 40, hint::random_stream(42, 0));
  engine.store().add(sets);
  engine.refresh();
  std::atomic<std::size_t> asked = 0;
  const auto counting = [&](std::int64_t) {
    ++asked;
    return true;
  };
  const auto queries = sets.view().slice(100, 20);
  const auto found = engine.search(queries, {search::jaccard{}, 5, 0}, counting, {});
  CHECK(asked < queries.size() * 400);
  asked = 0;
  const auto above =
      engine.search(queries, {search::jaccard{}, ~std::size_t{0}, 0.9}, counting, {});
  std::size_t hits = 0;
  for (const auto& row : above) hits += row.size();
  CHECK(asked == hits);
  engine.build();
  CHECK(engine.search(queries, {search::jaccard{}, 5, 0}, accept_all{}, {}) == found);
}

TEST_CASE("queries that sketches tell nothing about are given up and scanned for") {
  set_engine sorted(2048, "test"), plain(2048, "test");
  const auto sets = random_sets(2048, 30'000, 2, 40, hint::random_stream(43, 0));  // all alike
  sorted.store().add(sets);
  sorted.build();
  plain.store().add(sets);
  const auto queries = random_sets(2048, 40, 2, 40, hint::random_stream(43, 0), 1);
  for (const std::size_t k : {10U, 300U, 20'000U})
    for (const double threshold : {0.0, 0.3, 0.6}) {
      CAPTURE(k, threshold);
      const search::detail::set_request request{search::jaccard{}, k, threshold};
      CHECK(sorted.search(queries, request, accept_all{}, {}) ==
            plain.search(queries, request, accept_all{}, {}));
    }
}
