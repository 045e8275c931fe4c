// SPDX-License-Identifier: MIT
#include <hint/tree/greedy/contracted_row.hpp>

#include <map>

#include <hint/core/random.hpp>

#include "support/catch.hpp"

using namespace hint;

TEST_CASE("contracted_row: holds what a map holds", "[tree]") {
  tree::detail::contracted_row row;
  std::map<node_id, double> expected;
  const random_stream random{7, stream_id("row")};
  for (std::uint64_t i = 0; i < 20000; ++i) {
    const auto key = static_cast<node_id>(random.below(2 * i, i < 10000 ? 600 : 40));
    if (random.below(2 * i + 1, 100) < (i / 2000 % 2 == 0 ? 70U : 30U)) {
      row.add(key, 0.5);
      expected[key] += 0.5;
    } else {
      const double weight = row.take(key);
      REQUIRE(weight == (expected.count(key) ? expected[key] : 0));
      expected.erase(key);
    }
    REQUIRE(row.size() == expected.size());
    if (i % 500 == 0) {
      std::map<node_id, double> seen;
      row.for_each([&](node_id k, double w) { seen[k] = w; });
      REQUIRE(seen == expected);
      for (node_id k = 0; k < 600; ++k)
        REQUIRE(row.weight(k) == (expected.count(k) ? expected[k] : 0));
    }
  }
}
