// SPDX-License-Identifier: MIT
#include <hint/tree/structural_entropy.hpp>

#include <cmath>
#include <numeric>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

using namespace hint;
using namespace hint_tests;
using tree::encoding_tree;
using tree::no_node;

TEST_CASE("structural_entropy: two triangles by hand", "[tree]") {
  const relation_graph g = two_triangles();
  // Degrees 2 2 3 3 2 2 of 14.
  const double flat = 4 * 2 / 14. * std::log2(14 / 2.) + 2 * 3 / 14. * std::log2(14 / 3.);
  REQUIRE(tree::structural_entropy(g) == Approx(flat).epsilon(1e-14));
  const auto t = encoding_tree::from_parents(g, {6, 6, 6, 7, 7, 7, 8, 8, no_node});
  // Two communities of volume 7, one edge out: 2 x 1/14 log2(14/7); leaves within volume 7.
  const double two = 2 / 14. + 4 * 2 / 14. * std::log2(7 / 2.) + 2 * 3 / 14. * std::log2(7 / 3.);
  REQUIRE(tree::structural_entropy(t) == Approx(two).epsilon(1e-14));
  const auto by_depth = tree::entropy_by_depth(t);
  REQUIRE(by_depth.size() == 3);
  REQUIRE(by_depth[0] == 0);
  REQUIRE(by_depth[1] == Approx(1 / 7.).epsilon(1e-14));
  REQUIRE(by_depth[1] + by_depth[2] == Approx(two).epsilon(1e-14));
}

TEST_CASE("structural_entropy: the flat tree gives Eq. 3", "[tree]") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 1 + seed, 3 * seed, true);
    REQUIRE(tree::structural_entropy(encoding_tree::flat(g)) ==
            Approx(tree::structural_entropy(g)).margin(1e-12));
  }
}

TEST_CASE("structural_entropy: the flat tree's, from any tree", "[tree]") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 3 + seed, 3 * seed, true);
    const auto t = testing::random_tree(g, tree::counted_edges::all, seed, {seed, 2});
    REQUIRE(tree::flat_entropy(t) == Approx(tree::structural_entropy(g)).margin(1e-12));
    const auto intra = testing::random_tree(g, tree::counted_edges::intra, seed, {seed, 2});
    const auto flat = encoding_tree::flat(g, tree::counted_edges::intra);
    REQUIRE(tree::flat_entropy(intra) == Approx(tree::structural_entropy(flat)).margin(1e-12));
  }
  REQUIRE(tree::flat_entropy(encoding_tree()) == 0);
}

TEST_CASE("structural_entropy: random trees against the definition", "[tree]") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 3 + seed % 20, 4 * (seed % 20), seed % 2 == 0);
    const bool intra = seed % 3 == 0;
    const auto counted = intra ? tree::counted_edges::intra : tree::counted_edges::all;
    const auto t = testing::random_tree(g, counted, seed % 30, {seed, 1});
    const double expected = entropy_by_definition(g, parents_of(t), intra);
    REQUIRE(tree::structural_entropy(t) == Approx(expected).margin(1e-11));
    REQUIRE(tree::structural_entropy(g, t, counted) == Approx(expected).margin(1e-11));
    // The other way of counting, on the same tree.
    REQUIRE(tree::structural_entropy(
                g, t, intra ? tree::counted_edges::all : tree::counted_edges::intra) ==
            Approx(entropy_by_definition(g, parents_of(t), !intra)).margin(1e-11));
    const auto by_depth = tree::entropy_by_depth(t);
    REQUIRE(std::accumulate(by_depth.begin(), by_depth.end(), 0.0) ==
            Approx(expected).margin(1e-11));
  }
}

TEST_CASE("structural_entropy: no edges, no entropy", "[tree]") {
  for (const std::size_t n : {0U, 1U, 2U, 7U}) {
    const relation_graph g = graph_of(n, {});
    REQUIRE(tree::structural_entropy(g) == 0);
    REQUIRE(tree::structural_entropy(encoding_tree::flat(g)) == 0);
  }
  // An isolated node adds nothing, wherever it hangs.
  const relation_graph g = graph_of(3, {{0, 1, 1}});
  REQUIRE(tree::structural_entropy(encoding_tree::from_parents(g, {4, 4, 3, 4, no_node})) == 1);
}

TEST_CASE("structural_entropy: a tree of another graph", "[tree]") {
  const auto t = encoding_tree::flat(graph_of(3, {}));
  CHECK_THROWS_MESSAGE(tree::structural_entropy(two_triangles(), t), shape_error,
                       "structural_entropy: the tree has 3 leaves for a graph of 6 nodes");
}
