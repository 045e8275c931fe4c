// SPDX-License-Identifier: MIT
#include <hint/tree/edges.hpp>

#include <numeric>
#include <vector>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

using namespace hint;
using namespace hint_tests;
using tree::counted_edges;

TEST_CASE("edges: weights between children, by climbing", "[tree]") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 2 + seed, 4 * seed, true);
    const auto parents =
        parents_of(testing::random_tree(g, counted_edges::all, 2 * seed, {seed, 5}));
    for (const auto counted : {counted_edges::all, counted_edges::intra}) {
      std::vector<double> expected(parents.size());
      for (const auto& [a, b, weight] : g.edges()) {
        if (counted == counted_edges::intra && g.groups()[a] != g.groups()[b]) continue;
        std::vector<bool> above(parents.size());
        for (node_id v = a; v != tree::no_node; v = parents[v]) above[v] = true;
        node_id v = b;
        while (!above[v]) v = parents[v];
        expected[v] += weight;
      }
      const auto found = tree::detail::weights_between_children(g, counted, parents);
      for (std::size_t v = 0; v < parents.size(); ++v)
        REQUIRE(found[v] == Approx(expected[v]).margin(1e-12));
    }
  }
}

TEST_CASE("edges: climbing and walking find the same", "[tree]") {
  using tree::detail::layout_view;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    // Whole weights: their sums are the same in any order.
    const relation_graph g = random_graph(seed, 2 + seed, 5 * seed, false);
    const auto t = testing::random_tree(g, counted_edges::all, 3 * seed, {seed, 6});
    const auto order = t.leaves(t.root());
    std::vector<node_id> depths(t.size());
    std::vector<node_id> begin(t.size());
    for (node_id v = 0; v < t.size(); ++v) {
      depths[v] = static_cast<node_id>(t.depth(v));
      begin[v] = static_cast<node_id>(t.leaves(v).data() - order.data());
    }
    const layout_view layout{t.parents(), depths, begin, order, t.height()};
    for (const auto counted : {counted_edges::all, counted_edges::intra}) {
      std::vector<double> climbed(t.size());
      std::vector<double> walked(t.size());
      tree::detail::climb_to_common_ancestors(g, counted, layout,
                                              [&](node_id v, double w) { climbed[v] += w; });
      tree::detail::walk_to_common_ancestors(g, counted, layout,
                                             [&](node_id v, double w) { walked[v] += w; });
      REQUIRE(climbed == walked);
      REQUIRE(climbed == tree::detail::weights_between_children(g, counted, t.parents()));
      if (counted == counted_edges::all)
        REQUIRE(std::accumulate(climbed.begin(), climbed.end(), 0.0) == g.volume() / 2);
    }
  }
}

TEST_CASE("edges: long and short edges in a chain as deep as the graph is large", "[tree]") {
  // Community n + i holds leaf i + 1 and the community below, the first one leaf 0 too.
  constexpr node_id n = 100000;
  std::vector<node_id> parents(2 * n - 1);
  parents[0] = n;
  for (node_id i = 1; i < n; ++i) parents[i] = n + i - 1;
  for (node_id v = n; v + 1 < 2 * n - 1; ++v) parents[v] = v + 1;
  parents.back() = tree::no_node;
  const relation_graph g = random_graph(1, n, 3 * n, false);
  std::vector<double> expected(parents.size());
  for (const auto& [a, b, weight] : g.edges()) expected[n + b - 1] += weight;
  REQUIRE(tree::detail::weights_between_children(g, counted_edges::all, parents) == expected);
}

TEST_CASE("edges: what counts", "[tree]") {
  const relation_graph g = graph_of(3, {{0, 1, 2}, {1, 2, 5}}, {0, 0, 1});
  REQUIRE(tree::detail::leaf_cuts(g, counted_edges::all) == std::vector<double>{2, 7, 5});
  REQUIRE(tree::detail::leaf_cuts(g, counted_edges::intra) == std::vector<double>{2, 2, 0});
  tree::detail::check_counted_edges(relation_graph(), counted_edges::intra);
  CHECK_THROWS_MESSAGE(tree::detail::check_counted_edges(path(3), counted_edges::intra),
                       invalid_argument, "counted_edges is intra, but the graph has no groups");
}
