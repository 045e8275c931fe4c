// SPDX-License-Identifier: MIT
#include <hint/tree/links.hpp>

#include <vector>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

using namespace hint;
using namespace hint_tests;
using tree::link_counts;

TEST_CASE("links: weights between children, by climbing", "[tree]") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 2 + seed, 4 * seed, true);
    const auto parents =
        parents_of(testing::random_tree(g, link_counts::all, 2 * seed, {seed, 5}));
    for (const auto links : {link_counts::all, link_counts::intra}) {
      std::vector<double> expected(parents.size());
      for (const auto& [a, b, weight] : g.edges()) {
        if (links == link_counts::intra && g.groups()[a] != g.groups()[b]) continue;
        std::vector<bool> above(parents.size());
        for (node_id v = a; v != tree::no_node; v = parents[v]) above[v] = true;
        node_id v = b;
        while (!above[v]) v = parents[v];
        expected[v] += weight;
      }
      const auto found = tree::tree_detail::weights_between_children(g, links, parents);
      for (std::size_t v = 0; v < parents.size(); ++v)
        REQUIRE(found[v] == Approx(expected[v]).margin(1e-12));
    }
  }
}

TEST_CASE("links: what counts", "[tree]") {
  const relation_graph g = graph_of(3, {{0, 1, 2}, {1, 2, 5}}, {0, 0, 1});
  REQUIRE(tree::tree_detail::leaf_cuts(g, link_counts::all) == std::vector<double>{2, 7, 5});
  REQUIRE(tree::tree_detail::leaf_cuts(g, link_counts::intra) == std::vector<double>{2, 2, 0});
  tree::tree_detail::check_links(relation_graph(), link_counts::intra);
  CHECK_THROWS_MESSAGE(tree::tree_detail::check_links(path(3), link_counts::intra), invalid_argument,
                       "link_counts is intra, but the graph has no groups");
}
