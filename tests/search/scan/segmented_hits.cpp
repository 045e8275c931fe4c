// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <hint/search/scan/segmented_hits.hpp>

#include "support/catch.hpp"

TEST_CASE("segmented hits come back as they went in, once") {
  for (const std::size_t n : {0U, 1U, 16U, 17U, 4096U, 20000U}) {
    using entry = std::pair<std::uint32_t, hint::search::hit>;
    hint::search::detail::segmented_hits list;
    std::vector<entry> expected;
    for (std::size_t i = 0; i < n; ++i) {
      const auto query = static_cast<std::uint32_t>(i * 7 % 65536);
      const hint::search::hit h{static_cast<std::uint32_t>(i * 5 % 4097),
                                static_cast<std::int64_t>(i) - 9};
      expected.emplace_back(query, h);
      list.add(query, h);
    }
    CHECK(list.size() == n);
    std::vector<entry> seen, drained;
    list.for_each(
        [&](std::uint32_t query, const hint::search::hit& h) { seen.emplace_back(query, h); });
    list.drain(
        [&](std::uint32_t query, const hint::search::hit& h) { drained.emplace_back(query, h); });
    CHECK(seen == expected);
    CHECK(drained == expected);
    CHECK(list.size() == 0);
    list.for_each([](std::uint32_t, const hint::search::hit&) { FAIL("nothing is left"); });
  }
}
