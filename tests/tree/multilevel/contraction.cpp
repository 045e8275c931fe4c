// SPDX-License-Identifier: MIT
#include <hint/tree/multilevel/contraction.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include <hint/testing/tree_axioms.hpp>
#include <hint/tree/builder.hpp>
#include <hint/tree/structural_entropy.hpp>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

using namespace hint;
using namespace hint_tests;
using tree::encoding_tree;
using tree::no_node;

namespace {

/// The lowest entropy of all trees of the height that contractions make: every subset of the
/// communities is tried.
double lowest(const relation_graph& g, const encoding_tree& t, std::size_t height) {
  const std::size_t n = g.size();
  const std::size_t inner = t.size() - n - 1;  // without the root
  double best = std::numeric_limits<double>::infinity();
  for (std::size_t kept = 0; kept < std::size_t{1} << inner; ++kept) {
    const auto stays = [&](node_id v) { return v == t.root() || (kept >> (v - n) & 1U) != 0; };
    auto parents = parents_of(t);
    for (node_id v = 0; v < t.root(); ++v)
      while (!stays(parents[v])) parents[v] = t.parent(parents[v]);
    std::size_t deepest = 0;
    for (node_id leaf = 0; leaf < n; ++leaf) {
      std::size_t depth = 0;
      for (node_id v = leaf; v != t.root(); v = parents[v]) ++depth;
      deepest = (std::max)(deepest, depth);
    }
    if (deepest <= height)
      best = (std::min)(best, tree::structural_entropy(
                                  tree::detail::canonicalize(g, parents, t.root(), t.counted())));
  }
  return best;
}

encoding_tree binary(const relation_graph& g, tree::counted_edges counted) {
  return tree::builder<tree::merge>({.edges = counted}, tree::merge{})(g);
}

}  // namespace

TEST_CASE("contraction: the best of all contractions of small trees", "[tree]") {
  for (std::uint64_t seed = 0; seed < 30; ++seed)
    for (const auto counted : {tree::counted_edges::all, tree::counted_edges::intra})
      for (std::size_t height = 1; height <= 5; ++height) {
        CAPTURE(seed, height);
        const relation_graph g = random_graph(seed, 5 + seed % 7, 20, seed % 2 == 0);
        const auto t =
            seed % 3 == 0 ? testing::random_tree(g, counted, 12, {seed, 5}) : binary(g, counted);
        if (t.size() > g.size() + 12) continue;
        const auto found = tree::detail::best_contraction(g, t, height);
        testing::check_tree(g, found);
        REQUIRE(found.height() <= height);
        REQUIRE(found.counted() == counted);
        REQUIRE(tree::structural_entropy(found) == Approx(lowest(g, t, height)).margin(1e-12));
      }
}

TEST_CASE("contraction: never worse than compress", "[tree]") {
  int better = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const relation_graph g = random_graph(seed, 150, 200 + 60 * seed, true);
    const auto t = binary(g, tree::counted_edges::all);
    for (const std::size_t height : {2U, 3U, 4U, 7U, 12U}) {
      CAPTURE(seed, height);
      const double found = tree::structural_entropy(tree::detail::best_contraction(g, t, height));
      const double greedy = tree::structural_entropy(tree::detail::compressed(g, t, height));
      REQUIRE(found <= greedy + 1e-12);
      better += found < greedy - 1e-6;
    }
  }
  REQUIRE(better > 30);
}

TEST_CASE("contraction: low trees stay, chains of any depth are served", "[tree]") {
  const relation_graph g = two_triangles();
  const auto triangles = encoding_tree::from_parents(g, {6, 6, 6, 7, 7, 7, 8, 8, no_node});
  REQUIRE(tree::detail::best_contraction(g, triangles, 2) == triangles);
  REQUIRE(tree::detail::best_contraction(g, triangles, 1) == encoding_tree::flat(g));
  for (const node_id n : {65U, 66U, 67U, 20000U}) {
    CAPTURE(n);
    const relation_graph long_path = path(n);
    std::vector<node_id> parents(2 * n - 1);
    parents[0] = n;
    for (node_id i = 1; i < n; ++i) parents[i] = n + i - 1;
    for (node_id v = n; v + 1 < 2 * n - 1; ++v) parents[v] = v + 1;
    parents.back() = no_node;
    const auto t = encoding_tree::from_parents(long_path, parents);
    for (const std::size_t height : {1U, 3U, 64U}) {
      const auto found = tree::detail::best_contraction(long_path, t, height);
      REQUIRE(found.height() <= height);
      REQUIRE(tree::structural_entropy(found) <=
              tree::structural_entropy(tree::detail::compressed(long_path, t, height)) + 1e-9);
    }
  }
  REQUIRE(tree::detail::best_contraction(relation_graph(), encoding_tree(), 3) == encoding_tree());
}
