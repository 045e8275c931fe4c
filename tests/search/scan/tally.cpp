// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/search/scan/tally.hpp>

#include "support/catch.hpp"

TEST_CASE("a tally counts what std::count counts") {
  const std::uint64_t seed = 4;
  CAPTURE(seed);
  hint::search::detail::tally tally(100);
  for (const std::size_t n : {0U, 1U, 3U, 4U, 5U, 1000U}) {
    CAPTURE(n);
    std::vector<std::uint16_t> list(n);
    for (std::size_t i = 0; i < n; ++i)
      list[i] = static_cast<std::uint16_t>(hint::random_stream(seed, n).below(i, 100));
    tally.add(list);
    tally.add(std::uint16_t{99});
    std::vector<std::uint64_t> counts(100, 7);  // it adds
    tally.move_to(counts);
    for (std::size_t v = 0; v < 100; ++v)
      CHECK(counts[v] == 7 + (v == 99 ? 1U : 0U) +
                             static_cast<std::uint64_t>(std::count(list.begin(), list.end(), v)));
  }
  std::vector<std::uint64_t> nothing(100);
  tally.move_to(nothing);
  CHECK(nothing == std::vector<std::uint64_t>(100));
}
