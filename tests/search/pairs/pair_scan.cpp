// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/pairs/pair_scan.hpp>

#include "support/catch.hpp"
#include "support/random_codes.hpp"

using namespace hint::search::detail;
using row_list = std::vector<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>>;

TEST_CASE("tiles have every pair of rows once, over chunks of any size") {
  const std::uint64_t seed = 5;
  CAPTURE(seed);
  // Chunks of 4 MB have 8192 rows of 4096 bits; mapped ones have as many as they have.
  const auto codes = random_codes(4096, 9000, {seed, 0});
  code_store store(4096, "test");
  store.add(codes);
  CHECK(store.chunk_count() == 2);
  const std::vector<std::int64_t> gone{0, 4096, 8191, 8192, 8999};
  store.remove(gone);
  const std::uint32_t limit = 1930;
  for (const bool same : {true, false}) {
    const code_store other = store;
    const pair_scan find(store, same ? store : other, limit);
    row_list got;
    for (std::size_t task = 0; task < find.tasks(); ++task) {
      std::vector<row_pair> found;
      std::size_t at = 0;
      CHECK(find(task, at, found));
      for (const row_pair& x : found) got.emplace_back(x.first, x.second, x.distance);
      CHECK(std::is_sorted(found.begin(), found.end(), [](const row_pair& a, const row_pair& b) {
        return std::tie(a.first, a.second) < std::tie(b.first, b.second);
      }));
    }
    std::sort(got.begin(), got.end());
    row_list expected;
    std::vector<std::uint16_t> distances(hint::search::code_blocks::padded(9000));
    const hint::search::code_blocks blocks(codes);
    for (std::uint32_t i = 0; i < 9000; ++i) {
      if (!store.live(i)) continue;
      blocks.distances(codes[i], 0, distances);
      for (std::uint32_t j = same ? i + 1 : 0; j < 9000; ++j)
        if (store.live(j) && distances[j] < limit) expected.emplace_back(i, j, distances[j]);
    }
    CHECK(expected.size() > 100);
    CHECK(got == expected);
  }
}
