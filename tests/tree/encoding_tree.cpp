// SPDX-License-Identifier: MIT
#include <hint/tree/encoding_tree.hpp>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/tree/build_tree.hpp>
#include <hint/tree/structural_entropy.hpp>

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

/// A caterpillar: community n + i holds leaf i + 1 and the community below, the first also leaf 0.
ids caterpillar(node_id n) {
  ids parents(2 * n - 1);
  parents[0] = n;
  for (node_id i = 1; i < n; ++i) parents[i] = n + i - 1;
  for (node_id v = n; v + 1 < 2 * n - 1; ++v) parents[v] = v + 1;
  parents.back() = no_node;
  return parents;
}

/// Random parents of n > 0 leaves: again and again up to three nodes get a common parent. One node
/// alone may get one as well, so there are communities with the same leaves.
ids random_parents(std::size_t n, std::size_t communities, random_stream random) {
  ids parents(n);
  ids tops;
  for (node_id v = 0; v < n; ++v) tops.push_back(v);
  for (std::size_t i = 0; i < communities; ++i) {
    const auto made = static_cast<node_id>(parents.size());
    const std::size_t count = 1 + random.below(4 * i, (std::min<std::size_t>)(3, tops.size()));
    for (std::size_t k = 0; k < count; ++k) {
      std::swap(tops[random.below(4 * i + 1 + k, tops.size())], tops.back());
      parents[tops.back()] = made;
      tops.pop_back();
    }
    tops.push_back(made);
    parents.push_back(no_node);
  }
  for (const node_id v : tops) parents[v] = static_cast<node_id>(parents.size());
  parents.push_back(no_node);
  return parents;
}

node_id naive_ancestor(const encoding_tree& t, node_id v, std::size_t depth) {
  while (t.depth(v) > depth) v = t.parent(v);
  return v;
}
node_id naive_common_ancestor(const encoding_tree& t, node_id a, node_id b) {
  std::vector<bool> above(t.size());
  for (; a != no_node; a = t.parent(a)) above[a] = true;
  while (!above[b]) b = t.parent(b);
  return b;
}

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
  CHECK_THROWS_MESSAGE(encoding_tree::from_parents(relation_graph(), {1, no_node}),
                       invalid_argument, "encoding_tree: node 0 is no leaf but has no children");
  CHECK_THROWS_MESSAGE(encoding_tree::flat(g, tree::counted_edges::intra), invalid_argument,
                       "counted_edges is intra, but the graph has no groups");
}

TEST_CASE("encoding_tree: random trees keep the axioms", "[tree]") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    const random_stream random{seed, stream_id("tree")};
    const std::size_t n = random.below(0, 25);
    const relation_graph g = random_graph(seed, n, random.below(1, 60), seed % 2 == 0);
    const auto counted =
        n > 0 && seed % 3 == 0 ? tree::counted_edges::intra : tree::counted_edges::all;
    testing::check_tree(g, testing::random_tree(g, counted, random.below(2, 30), random));
  }
}

TEST_CASE("encoding_tree: a chain as deep as the graph is large", "[tree]") {
  constexpr node_id n = 100000;
  const relation_graph g = path(n);
  const auto t = encoding_tree::from_parents(g, caterpillar(n));
  REQUIRE(t.height() == n - 1);
  REQUIRE(t.depth(0) == n - 1);
  REQUIRE(t.leaves(n + 500).size() == 502);
  REQUIRE(t.cut(n + 500) == 1);
  REQUIRE(t.volume(n + 500) == 2 * 502 - 1);
  REQUIRE(t.volume(t.root()) == 2 * (n - 1));
  REQUIRE(tree::build_tree(g, t).freeze() == t);
}

TEST_CASE("encoding_tree: several components and isolated nodes", "[tree]") {
  const relation_graph g = graph_of(6, {{0, 1, 0.1}, {0, 2, 0.2}, {1, 2, 0.3}, {3, 4, 0.7}});
  const auto t = encoding_tree::from_parents(g, {6, 6, 8, 7, 7, 9, 8, 9, 9, no_node});
  testing::check_tree(g, t);
  REQUIRE(t.cut(7) == 0);
  REQUIRE(t.cut(8) == Approx(0).margin(1e-15));
  REQUIRE(t.volume(5) == 0);
}

TEST_CASE("encoding_tree: ancestors by climbing", "[tree]") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    const random_stream random{seed, stream_id("parents")};
    const std::size_t n = 1 + seed % 20;
    const relation_graph g = random_graph(seed, n, 2 * n, false);
    const auto t = encoding_tree::from_parents(g, random_parents(n, seed, random));
    testing::check_tree(g, t);
    for (node_id a = 0; a < t.size(); ++a) {
      for (std::size_t d = 0; d <= t.height() + 1; ++d)
        REQUIRE(t.ancestor(a, d) == naive_ancestor(t, a, d));
      for (node_id b = 0; b < t.size(); ++b)
        REQUIRE(t.lowest_common_ancestor(a, b) == naive_common_ancestor(t, a, b));
    }
  }
}

TEST_CASE("encoding_tree: ancestors in graphs of no, one and two nodes", "[tree]") {
  const encoding_tree none;
  REQUIRE(none.lowest_common_ancestor(0, 0) == 0);
  REQUIRE(none.ancestor(0, 0) == 0);
  REQUIRE(none.ancestor(0, 5) == 0);
  const auto one = encoding_tree::flat(graph_of(1, {}));
  REQUIRE(one.lowest_common_ancestor(0, 0) == 0);
  REQUIRE(one.lowest_common_ancestor(0, 1) == 1);
  REQUIRE(one.lowest_common_ancestor(1, 0) == 1);
  REQUIRE(one.ancestor(0, 0) == 1);
  REQUIRE(one.ancestor(0, 1) == 0);
  const auto two = encoding_tree::flat(graph_of(2, {}));
  REQUIRE(two.lowest_common_ancestor(0, 1) == 2);
  REQUIRE(two.lowest_common_ancestor(1, 1) == 1);
}

TEST_CASE("encoding_tree: ancestors in a chain as deep as the graph is large", "[tree]") {
  constexpr node_id n = 100000;
  const auto t = encoding_tree::from_parents(path(n), caterpillar(n));
  const random_stream random{1, stream_id("chain")};
  // All steps of a climb over this many queries: by parents alone it would be 10^10 of them.
  for (std::size_t i = 0; i < 200000; ++i) {
    const auto a = static_cast<node_id>(random.below(3 * i, n));
    const auto b = static_cast<node_id>(random.below(3 * i + 1, n));
    const node_id higher = (std::max)(a, b);
    const node_id expected = a == b ? a : n + (std::max)(higher, 1U) - 1;
    if (t.lowest_common_ancestor(a, b) != expected) {
      CAPTURE(a, b);
      REQUIRE(t.lowest_common_ancestor(a, b) == expected);
    }
    // The community at depth d is 2 n - 2 - d.
    const auto d = static_cast<node_id>(random.below(3 * i + 2, n));
    const node_id above = d < t.depth(a) ? 2 * n - 2 - d : a;
    if (t.ancestor(a, d) != above) {
      CAPTURE(a, d);
      REQUIRE(t.ancestor(a, d) == above);
    }
  }
}

TEST_CASE("encoding_tree: the numbers of docs/concepts/encoding_tree.md", "[tree]") {
  const relation_graph g = two_triangles();
  const auto flat = encoding_tree::flat(g);
  const auto low = encoding_tree::from_parents(g, {6, 6, 6, 7, 7, 7, 8, 8, no_node});
  const auto binary = encoding_tree::from_parents(g, {6, 6, 8, 9, 7, 7, 8, 9, 10, 10, no_node});
  const auto bits = [](double value) { return Approx(value).margin(0.00005); };
  using tree::entropy_term;
  const auto term = [](const encoding_tree& t, node_id v) { return entropy_term(t, v); };

  REQUIRE(g.volume() == 14);
  // flat
  for (const node_id v : {0U, 1U, 4U, 5U}) REQUIRE(term(flat, v) == bits(0.4011));
  for (const node_id v : {2U, 3U}) REQUIRE(term(flat, v) == bits(0.4762));
  REQUIRE(4 * term(flat, 0) == bits(1.6042));
  REQUIRE(2 * term(flat, 2) == bits(0.9525));
  REQUIRE(tree::structural_entropy(g) == bits(2.5567));
  REQUIRE(tree::structural_entropy(flat) == bits(2.5567));
  // height 2
  for (const node_id v : {6U, 7U}) {
    REQUIRE(low.volume(v) == 7);
    REQUIRE(low.cut(v) == 1);
    REQUIRE(term(low, v) == bits(0.0714));
  }
  for (const node_id v : {0U, 1U, 4U, 5U}) REQUIRE(term(low, v) == bits(0.2582));
  for (const node_id v : {2U, 3U}) REQUIRE(term(low, v) == bits(0.2619));
  REQUIRE(2 * term(low, 6) == bits(0.1429));
  REQUIRE(4 * term(low, 0) == bits(1.0328));
  REQUIRE(2 * term(low, 2) == bits(0.5239));
  REQUIRE(tree::structural_entropy(low) == bits(1.6995));
  // binary
  for (const node_id v : {6U, 7U}) {
    REQUIRE(binary.volume(v) == 4);
    REQUIRE(binary.cut(v) == 2);
    REQUIRE(term(binary, v) == bits(0.1153));
  }
  for (const node_id v : {0U, 1U, 4U, 5U}) REQUIRE(term(binary, v) == bits(0.1429));
  for (const node_id v : {2U, 3U}) REQUIRE(term(binary, v) == bits(0.2619));
  for (const node_id v : {8U, 9U}) REQUIRE(term(binary, v) == bits(0.0714));
  REQUIRE(2 * term(binary, 8) == bits(0.1429));
  REQUIRE(2 * term(binary, 6) == bits(0.2307));
  REQUIRE(2 * term(binary, 2) == bits(0.5239));
  REQUIRE(4 * term(binary, 0) == bits(0.5714));
  REQUIRE(tree::structural_entropy(binary) == bits(1.4688));
  REQUIRE(tree::flat_entropy(binary) == bits(2.5567));

  // V H = 2 sum of w log2 vol(lowest common ancestor) - sum of d log2 d
  double constant = 0;
  for (node_id v = 0; v < 6; ++v) constant += g.degree(v) * std::log2(g.degree(v));
  REQUIRE(constant == bits(17.5098));
  const auto over_edges = [&](const encoding_tree& t) {
    double sum = 0;
    for (const auto& [a, b, weight] : g.edges())
      sum += 2 * weight * std::log2(t.volume(t.lowest_common_ancestor(a, b)));
    REQUIRE((sum - constant) / 14 == Approx(tree::structural_entropy(t)).epsilon(1e-14));
    return sum;
  };
  REQUIRE(over_edges(flat) == bits(53.3030));
  REQUIRE(14 * std::log2(14) == bits(53.3030));
  REQUIRE(2 * (6 * std::log2(7) + std::log2(14)) == bits(41.3030));
  REQUIRE(2 * (2 * std::log2(4) + 4 * std::log2(7) + std::log2(14)) == bits(38.0735));
  REQUIRE(over_edges(low) == bits(41.3030));
  REQUIRE(over_edges(binary) == bits(38.0735));

  // queries
  REQUIRE(binary.lowest_common_ancestor(0, 2) == 8);
  REQUIRE(binary.lowest_common_ancestor(0, 5) == 10);
  REQUIRE(binary.ancestor(0, 1) == 8);
  REQUIRE(binary.ancestor(0, 2) == 6);
  REQUIRE(binary.ancestor(2, 9) == 2);
  REQUIRE(list(binary.leaves(8)) == ids{0, 1, 2});
  REQUIRE(list(binary.children(8)) == ids{6, 2});
  REQUIRE(binary.parent(0) == 6);
  REQUIRE(binary.depth(0) == 3);
}

TEST_CASE("encoding_tree: the entropy by edges on random trees", "[tree]") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 2 + seed;
    const relation_graph g = random_graph(seed, n, 3 * n, true);
    const auto t = encoding_tree::from_parents(g, random_parents(n, seed, {seed, 9}));
    double sum = 0;
    for (const auto& [a, b, weight] : g.edges())
      sum += 2 * weight * std::log2(t.volume(t.lowest_common_ancestor(a, b)));
    for (node_id v = 0; v < n; ++v)
      if (g.degree(v) > 0) sum -= g.degree(v) * std::log2(g.degree(v));
    REQUIRE(sum / g.volume() == Approx(tree::structural_entropy(t)).margin(1e-11));
  }
}
