// SPDX-License-Identifier: MIT
#include <hint/tree/encoding_tree.hpp>

#include <vector>

#include <hint/tree/work_tree.hpp>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

using namespace hint;
using namespace hint_tests;
using tree::encoding_tree;
using tree::no_node;

namespace {

template <class Range>
std::vector<node_id> list(const Range& r) {
  return {r.begin(), r.end()};
}
using ids = std::vector<node_id>;

}  // namespace

TEST_CASE("encoding_tree: two triangles by hand", "[tree]") {
  const relation_graph g = two_triangles();
  // 6 = {3 4 5}, 7 = {0 1 2}, 8 = root; given out of the order of leaves on purpose
  const auto t = encoding_tree::from_parents(g, {7, 7, 7, 6, 6, 6, 8, 8, no_node});
  REQUIRE(t.size() == 9);
  REQUIRE(t.leaf_count() == 6);
  REQUIRE(t.root() == 8);
  REQUIRE(t.height() == 2);
  REQUIRE(t.is_leaf(5));
  REQUIRE_FALSE(t.is_leaf(6));
  REQUIRE(t.parent(8) == no_node);
  REQUIRE(t.parent(6) == 8);
  REQUIRE(list(t.children(8)) == ids{7, 6});  // by smallest leaf
  REQUIRE(list(t.children(6)) == ids{3, 4, 5});
  REQUIRE(t.children(0).empty());
  REQUIRE(list(t.leaves(8)) == ids{0, 1, 2, 3, 4, 5});
  REQUIRE(list(t.leaves(6)) == ids{3, 4, 5});
  REQUIRE(list(t.leaves(4)) == ids{4});
  REQUIRE(t.depth(8) == 0);
  REQUIRE(t.depth(7) == 1);
  REQUIRE(t.depth(0) == 2);
  REQUIRE(t.volume(8) == 14);
  REQUIRE(t.volume(7) == 7);
  REQUIRE(t.cut(7) == 1);
  REQUIRE(t.cut(8) == 0);
  REQUIRE(t.cut(2) == 3);
  testing::check_tree(g, t);
}

TEST_CASE("encoding_tree: graphs of no, one and two nodes", "[tree]") {
  const encoding_tree none;
  REQUIRE(none.size() == 1);
  REQUIRE(none.leaf_count() == 0);
  REQUIRE(none.root() == 0);
  REQUIRE_FALSE(none.is_leaf(0));
  REQUIRE(none.height() == 0);
  REQUIRE(none.leaves(0).empty());
  REQUIRE(none.children(0).empty());
  REQUIRE(none == encoding_tree::flat(relation_graph()));

  const auto one = encoding_tree::flat(graph_of(1, {}));
  REQUIRE(one.size() == 2);
  REQUIRE(one.height() == 1);
  REQUIRE(list(one.leaves(one.root())) == ids{0});
  REQUIRE(one.volume(0) == 0);

  const auto two = encoding_tree::flat(graph_of(2, {{0, 1, 0.5}}));
  REQUIRE(two.volume(two.root()) == 1);
  REQUIRE(two.cut(0) == 0.5);
  REQUIRE(two.cut(two.root()) == 0);
}

TEST_CASE("encoding_tree: bad parents", "[tree]") {
  const relation_graph g = graph_of(3, {{0, 1, 1}});
  const auto make = [&](ids parents) { return encoding_tree::from_parents(g, std::move(parents)); };
  CHECK_THROWS_MESSAGE(make({}), shape_error,
                       "encoding_tree: 0 parents for a graph of 3 nodes, expected at least 4");
  CHECK_THROWS_MESSAGE(make({3, 3, no_node}), shape_error,
                       "encoding_tree: 3 parents for a graph of 3 nodes, expected at least 4");
  CHECK_THROWS_MESSAGE(make({3, 3, 3, 3}), invalid_argument,
                       "encoding_tree: the root, node 3, has parent 3, expected no_node");
  CHECK_THROWS_MESSAGE(make({3, 2, 3, no_node}), invalid_argument,
                       "encoding_tree: node 1 has parent 2, expected 3 to 3");
  CHECK_THROWS_MESSAGE(make({4, 3, 3, 3, no_node}), invalid_argument,
                       "encoding_tree: node 3 has parent 3, expected 4 to 4");
  CHECK_THROWS_MESSAGE(make({4, 3, 9, 4, no_node}), invalid_argument,
                       "encoding_tree: node 2 has parent 9, expected 3 to 4");
  CHECK_THROWS_MESSAGE(make({4, 4, no_node, 4, no_node}), invalid_argument,
                       "encoding_tree: node 2 has parent 4294967295, expected 3 to 4");
  CHECK_THROWS_MESSAGE(make({4, 4, 4, 4, no_node}), invalid_argument,
                       "encoding_tree: node 3 is no leaf but has no children");
  CHECK_THROWS_MESSAGE(encoding_tree::from_parents(relation_graph(), {1, no_node}), invalid_argument,
                       "encoding_tree: node 0 is no leaf but has no children");
  CHECK_THROWS_MESSAGE(encoding_tree::flat(g, tree::link_counts::intra), invalid_argument,
                       "link_counts is intra, but the graph has no groups");
}

TEST_CASE("encoding_tree: random trees keep the axioms", "[tree]") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    const random_stream random{seed, stream_id("tree")};
    const std::size_t n = random.below(0, 25);
    const relation_graph g = random_graph(seed, n, random.below(1, 60), seed % 2 == 0);
    const auto links = n > 0 && seed % 3 == 0 ? tree::link_counts::intra : tree::link_counts::all;
    testing::check_tree(g, testing::random_tree(g, links, random.below(2, 30), random));
  }
}

TEST_CASE("encoding_tree: a chain as deep as the graph is large", "[tree]") {
  // Caterpillar: community n + i holds leaf i + 1 and the community below.
  constexpr node_id n = 100000;
  const relation_graph g = path(n);
  ids parents(2 * n - 1);
  parents[0] = n;
  for (node_id i = 1; i < n; ++i) parents[i] = n + i - 1;
  for (node_id v = n; v + 1 < 2 * n - 1; ++v) parents[v] = v + 1;
  parents.back() = no_node;
  const auto t = encoding_tree::from_parents(g, parents);
  REQUIRE(t.height() == n - 1);
  REQUIRE(t.depth(0) == n - 1);
  REQUIRE(t.leaves(n + 500).size() == 502);
  REQUIRE(t.cut(n + 500) == 1);
  REQUIRE(t.volume(n + 500) == 2 * 502 - 1);
  REQUIRE(t.volume(t.root()) == 2 * (n - 1));
  REQUIRE(tree::work_tree(g, t).freeze() == t);
}

TEST_CASE("encoding_tree: several components and isolated nodes", "[tree]") {
  const relation_graph g = graph_of(6, {{0, 1, 0.1}, {0, 2, 0.2}, {1, 2, 0.3}, {3, 4, 0.7}});
  const auto t = encoding_tree::from_parents(g, {6, 6, 8, 7, 7, 9, 8, 9, 9, no_node});
  testing::check_tree(g, t);
  REQUIRE(t.cut(7) == 0);
  REQUIRE(t.cut(8) == Approx(0).margin(1e-15));
  REQUIRE(t.volume(5) == 0);
}
