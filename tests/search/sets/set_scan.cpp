// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/search/sets/set_scan.hpp>

#include "support/catch.hpp"
#include "support/sets.hpp"

namespace search = hint::search;
namespace detail = hint::search::detail;
using detail::set_ranking;

TEST_CASE("scan_sets offers the live rows from one on that the filter lets pass") {
  const std::uint64_t seed = 51;
  CAPTURE(seed);
  // Some chunks of 4 MB.
  const auto sets = random_sets(4096, 20'000, 30, 10, hint::random_stream(seed, 0));
  detail::code_store store(4096, "test");
  store.add(sets);
  store.remove(std::vector<std::int64_t>{3, 8191, 8192, 19'999});
  const auto queries = sets.view().slice(40, 3);
  const std::vector<std::size_t> numbers{5, 0, 9};
  const auto filter = [](std::size_t query, std::int64_t id) { return query != 5 || id % 2 == 0; };
  std::vector<std::int64_t> ids(sets.size());
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<std::int64_t>(i);
  for (const std::size_t first : {0U, 1U, 33U, 9000U, 19'998U, 20'000U}) {
    std::vector<set_ranking> rankings;
    for (std::size_t q = 0; q < 3; ++q) {
      std::size_t count = 0;
      for (const std::uint64_t w : queries[q]) count += static_cast<std::size_t>(std::popcount(w));
      rankings.emplace_back(detail::set_request{search::jaccard{}, 100, 0.1}, count);
    }
    detail::scan_sets(store, queries, numbers, first, rankings, filter);
    for (std::size_t q = 0; q < 3; ++q) {
      auto expected = ranked_sets(sets, ids, queries[q], {1, 1}, [&](std::int64_t id) {
        const auto row = static_cast<std::size_t>(id);
        return row >= first && store.live(row) && filter(numbers[q], id);
      });
      std::erase_if(expected, [](const search::set_hit& h) { return h.similarity < 0.1; });
      if (expected.size() > 100) expected.resize(100);
      CAPTURE(first, q);
      CHECK(rankings[q].take() == expected);
    }
  }
}
