// SPDX-License-Identifier: MIT
// (That joining keeps the weights: tests/tree/work_tree.cpp, after every edit.)
#include <hint/tree/sibling_cuts.hpp>

#include <map>
#include <vector>

#include <hint/core/random.hpp>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

using namespace hint;

TEST_CASE("sibling_cuts: rows hold what a map holds", "[tree]") {
  tree::tree_detail::cut_row row;
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

TEST_CASE("sibling_cuts: joining by hand", "[tree]") {
  // A square 0 1 2 3 with weights 1 2 3 4 and the diagonal 0 - 2 of weight 5.
  const auto g = hint_tests::graph_of(4, {{0, 1, 1}, {1, 2, 2}, {2, 3, 3}, {3, 0, 4}, {0, 2, 5}});
  const std::vector<node_id> tops{0, 1, 2, 3};
  tree::tree_detail::sibling_cuts cuts(g, tree::link_counts::all, tops, 5);
  REQUIRE(cuts.degree(0) == 3);
  REQUIRE(cuts.weight(0, 2) == 5);
  REQUIRE(cuts.weight(1, 3) == 0);
  cuts.join(0, 2, 5);
  REQUIRE(cuts.degree(5) == 2);
  REQUIRE(cuts.weight(5, 1) == 3);
  REQUIRE(cuts.weight(3, 5) == 7);
  cuts.join(1, 5, 6);
  REQUIRE(cuts.degree(6) == 1);
  REQUIRE(cuts.weight(6, 3) == 7);
}
