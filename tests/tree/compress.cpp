// SPDX-License-Identifier: MIT
#include <hint/tree/compress.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include <hint/tree/merge.hpp>
#include <hint/tree/structural_entropy.hpp>

#include "support/catch.hpp"
#include "tree/graphs.hpp"
#include "tree/naive.hpp"

using namespace hint;
using namespace hint_tests;
using tree::build_tree;
using tree::compress;
using tree::encoding_tree;

namespace {

template <class Operator>
void run(build_tree& t, Operator op) {
  while (const auto found = op.best(t)) op.apply(t, found->move);
}

}  // namespace

TEST_CASE("compress: two triangles by hand", "[tree]") {
  const relation_graph g = two_triangles();
  // ((0 1) 2) ((4 5) 3): 6 = 0 1, 7 = 4 5, 8 = 6 2, 9 = 7 3.
  build_tree t(g, encoding_tree::from_parents(g, {6, 6, 8, 9, 7, 7, 8, 9, 10, 10, tree::no_node}));
  compress c({.height = 2});
  const auto found = c.best(t);
  // One edge between 0 and 1, volume 4 in 7; contracting 8 would cost 2 log2(14/7).
  REQUIRE(found->move == compress::move{6});
  REQUIRE(found->gain == Approx(-2 / 14. * std::log2(7 / 4.)).epsilon(1e-14));
  run(t, c);
  REQUIRE(t.freeze() == encoding_tree::from_parents(g, {6, 6, 6, 7, 7, 7, 8, 8, tree::no_node}));
}

TEST_CASE("compress: gains and caches, random trees", "[tree]") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 25, 60, seed % 2 == 0);
    for (const auto counted : {tree::counted_edges::all, tree::counted_edges::intra})
      for (const double smoothing : {0.0, 1.0})
        for (const std::size_t height : {1U, 2U, 3U, 5U, 17U}) {
          const auto start = testing::random_tree(g, counted, 40, {seed, 4});
          const auto t = testing::check_tree_operator(
              compress({.height = height, .smoothing = smoothing}), g, start);
          REQUIRE(t.height() <= height);
          if (height == 1) REQUIRE(t == encoding_tree::flat(g, counted));
          if (start.height() > height) REQUIRE(t.height() == height);
        }
  }
}

TEST_CASE("compress: equals the reference, from exact to SEP's trees", "[tree]") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 3 + seed, 8 + 3 * seed, seed % 3 == 0);
    for (const double smoothing : {0.0, 1.0})
      for (const std::size_t height : {2U, 3U, 4U}) {
        CAPTURE(smoothing, height);
        naive_tree reference(g);
        reference.merge({.smoothing = smoothing});
        reference.compress(height, smoothing);
        build_tree t(g);
        run(t, tree::merge({.smoothing = smoothing}));
        run(t, compress({.height = height, .smoothing = smoothing}));
        const encoding_tree frozen = t.freeze();
        REQUIRE(frozen == reference.value());
        REQUIRE(tree::structural_entropy(frozen) ==
                Approx(entropy_by_definition(g, parents_of(frozen))).margin(1e-12));
      }
  }
}

TEST_CASE("compress: equals the reference on deep trees, for low and for high limits", "[tree]") {
  // Up to height 16 a few steps in the tree tell what is too deep, above it the depths of leaves.
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    CAPTURE(seed);
    std::vector<weighted_edge> edges;  // a star makes a chain; some more edges make it less even
    for (node_id i = 1; i <= 44; ++i)
      edges.push_back({0, i, 1 + static_cast<double>(seed * i % 5)});
    for (node_id i = 2; i <= 44; i += static_cast<node_id>(5 + seed))
      edges.push_back({i, i - 1, 2});
    const relation_graph g = graph_of(45, edges);
    for (const std::size_t height : {2U, 3U, 7U, 15U, 16U, 17U, 18U, 25U}) {
      CAPTURE(height);
      naive_tree reference(g);
      reference.merge({});
      reference.compress(height, 0);
      build_tree t(g);
      run(t, tree::merge());
      REQUIRE(t.freeze().height() > 25);
      run(t, compress({.height = height}));
      REQUIRE(t.freeze() == reference.value());
    }
  }
}

TEST_CASE("compress: unbounded leaves everything as it is", "[tree]") {
  const relation_graph g = random_graph(1, 30, 80, true);
  build_tree t(g);
  run(t, tree::merge());
  REQUIRE_FALSE(compress({.height = tree::unbounded}).best(t));
  REQUIRE(t.freeze().height() > 3);
}

TEST_CASE("compress: somebody else's edits are noticed", "[tree]") {
  const relation_graph g = random_graph(2, 40, 120, true);
  build_tree t(g);
  run(t, tree::merge());
  compress c({.height = 2});
  for (int i = 0; i < 3; ++i) c.apply(t, c.best(t)->move);
  const auto mine = *c.best(t);
  t.contract(mine.move.node);
  REQUIRE(c.best(t)->move == compress({.height = 2}).best(t)->move);
  run(t, c);
  REQUIRE(t.freeze().height() == 2);
}

TEST_CASE("compress: a chain of 10^5 communities", "[tree]") {
  const node_id n = 100000;
  const relation_graph g = path(n);
  std::vector<node_id> parents(2 * n - 1);
  for (node_id i = 0; i < n; ++i) parents[i] = n + (std::max)(i, 1U) - 1;
  for (node_id v = n; v < 2 * n - 1; ++v) parents[v] = v + 1;
  parents.back() = tree::no_node;
  for (const std::size_t height : {1U, 3U, 40U}) {
    build_tree t(g, encoding_tree::from_parents(g, parents));
    run(t, compress({.height = height}));
    REQUIRE(t.freeze().height() == height);
  }
}

TEST_CASE("compress: options", "[tree]") {
  CHECK_THROWS_MESSAGE(compress({.height = 0}), invalid_option,
                       "option height is 0, expected 1 to 18446744073709551615");
  CHECK_THROWS_MESSAGE(compress({.smoothing = 2e6}), invalid_option,
                       "option smoothing is 2e+06, expected 0 to 1e+06");
  REQUIRE(compress().parameters().height == 3);
}
