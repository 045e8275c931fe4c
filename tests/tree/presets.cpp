// SPDX-License-Identifier: MIT
#include <hint/tree/presets.hpp>

#include <hint/core/thread_pool.hpp>
#include <hint/testing/tree_axioms.hpp>
#include <hint/tree/structural_entropy.hpp>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

using namespace hint;
using namespace hint_tests;

TEST_CASE("presets: trees of the height asked for, best below fast below paper", "[tree]") {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 300, 900, true);
    for (const std::size_t height : {1U, 2U, 3U, 5U, 1000U}) {
      CAPTURE(height);
      const tree::preset_options o{.height = height};
      const auto paper = testing::check_tree_builder(tree::paper(o), g, height);
      const auto fast = testing::check_tree_builder(tree::fast(o), g, height);
      const auto best = testing::check_tree_builder(tree::best(o), g, height);
      REQUIRE(tree::structural_entropy(fast) <= tree::structural_entropy(paper) + 1e-9);
      REQUIRE(tree::structural_entropy(best) <= tree::structural_entropy(fast) + 1e-9);
    }
    testing::check_relabelling(tree::fast(), g, {seed, 1});
    testing::check_relabelling(tree::best(), g, {seed, 2});
    testing::check_relabelling(tree::paper(), g, {seed, 3});
  }
}

TEST_CASE("presets: edges and sizes of communities", "[tree]") {
  const relation_graph g = random_graph(3, 200, 600, false);
  const tree::preset_options o{.height = 3, .edges = tree::counted_edges::intra, .largest = 20};
  const auto check = [&](const auto& build) {
    const auto t = testing::check_tree_builder(build, g, 3);
    REQUIRE(t.counted() == tree::counted_edges::intra);
    REQUIRE(t.size() > g.size() + 1);
    for (auto v = static_cast<node_id>(g.size()); v < t.root(); ++v)
      REQUIRE(t.leaves(v).size() <= 20);
  };
  check(tree::paper(o));
  check(tree::fast(o));
  check(tree::best(o));
}

TEST_CASE("presets: the executor makes no difference", "[tree]") {
  const relation_graph g = random_graph(9, 500, 1500, false);
  const auto paper = tree::paper()(g);
  const auto fast = tree::fast()(g);
  const auto best = tree::best()(g);
  for (const std::size_t threads : {1U, 2U, 3U}) {
    thread_pool pool(threads);
    context ctx(pool);
    ctx.seed = threads;
    REQUIRE(tree::paper()(g, ctx) == paper);
    REQUIRE(tree::fast()(g, ctx) == fast);
    REQUIRE(tree::best()(g, ctx) == best);
  }
}

TEST_CASE("presets: bad options", "[tree]") {
  CHECK_THROWS_MESSAGE(tree::paper({.height = 0}), invalid_option,
                       "option height is 0, expected 1 to 18446744073709551615");
  CHECK_THROWS_MESSAGE(tree::fast({.largest = 0}), invalid_option,
                       "option largest is 0, expected 1 to 18446744073709551615");
  CHECK_THROWS_MESSAGE(tree::best({.height = 0}), invalid_option,
                       "option height is 0, expected 1 to 18446744073709551615");
}
