// SPDX-License-Identifier: MIT
#include <hint/tree/refine.hpp>

#include <algorithm>

#include <hint/testing/tree_axioms.hpp>
#include <hint/tree/builder.hpp>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

using namespace hint;
using namespace hint_tests;
using tree::encoding_tree;
using tree::refine;

TEST_CASE("refine: gains are exact and it comes to an end", "[tree]") {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 30, 70, seed % 2 == 0);
    for (const auto counted : {tree::counted_edges::all, tree::counted_edges::intra})
      for (const std::size_t height : {2U, 3U, 5U, 1000U}) {
        CAPTURE(height);
        const refine op({.height = height});
        const auto start = testing::random_tree(g, counted, 25, {seed, 3});
        const auto end = testing::check_tree_operator(op, g, start);
        REQUIRE(end.height() <= std::max(height, start.height()));
        testing::check_tree_operator(op, g, encoding_tree::flat(g, counted));
      }
  }
}

TEST_CASE("refine: after merge and compress", "[tree]") {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 200, 600, seed % 2 == 0);
    const auto greedy = tree::builder{tree::merge{}, tree::compress{}};
    const auto refined = tree::builder{tree::merge{}, tree::compress{}, refine{}};
    const auto t = testing::check_tree_builder(refined, g, 3);
    REQUIRE(tree::structural_entropy(t) < tree::structural_entropy(greedy(g)));
    // What the builder runs is what best and apply would do once.
    tree::build_tree w(g, greedy(g));
    refine op;
    const auto found = op.best(w);
    REQUIRE(found);
    op.apply(w, found->move);
    REQUIRE(w.freeze() == t);
  }
}

TEST_CASE("refine: nothing to refine", "[tree]") {
  for (const std::size_t n : {0U, 1U, 2U, 9U}) {
    const relation_graph g = graph_of(n, {});
    tree::build_tree t(g);
    REQUIRE_FALSE(refine().best(t));
    refine().run(t);
    REQUIRE(t.freeze() == encoding_tree::flat(g));
  }
  CHECK_THROWS_MESSAGE(refine({.rounds = 20000}), invalid_option,
                       "option rounds is 20000, expected 0 to 10000");
}
