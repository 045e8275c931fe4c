// SPDX-License-Identifier: MIT
#include <hint/tree/lift.hpp>

#include <cmath>
#include <vector>

#include <hint/tree/builder.hpp>
#include <hint/tree/structural_entropy.hpp>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

using namespace hint;
using namespace hint_tests;
using tree::build_tree;
using tree::encoding_tree;
using tree::lift;
using tree::no_node;

namespace {

/// By how much the entropy falls, by making the edit.
double gain_by_trial(const relation_graph& g, const encoding_tree& from, node_id v) {
  build_tree t(g, from);
  t.relocate(v, t.parent(t.parent(v)));
  return entropy_by_definition(g, parents_of(from), from.counted() == tree::counted_edges::intra) -
         entropy_by_definition(g, parents_of(t.freeze()),
                               from.counted() == tree::counted_edges::intra);
}

}  // namespace

TEST_CASE("lift: by hand", "[tree]") {
  // Two triangles; 3 is among the wrong ones: 6 = 0 1 2 3 under 8, 7 = 4 5.
  const relation_graph g = two_triangles();
  const auto start = encoding_tree::from_parents(g, {6, 6, 6, 6, 7, 7, 8, 8, no_node});
  build_tree t(g, start);
  lift l;
  const auto found = l.best(t);
  REQUIRE(found);
  REQUIRE(found->move == lift::move{3});
  // vol = 14. Of 3: 3/14 (log2(14/3) - log2(10/3)). Of 0, 1, 2 (2, 2 and 3 edges): log2(10/7) / 14
  // each. Of the community: from 2/14 log2(14/10) to 1/14 log2(14/7).
  const double expected = (7 * std::log2(10 / 7.) - 3 * std::log2(14 / 10.) +
                           2 * std::log2(14 / 10.) - 1 * std::log2(14 / 7.)) /
                          14;
  REQUIRE(found->gain == Approx(expected).epsilon(1e-13));
  REQUIRE(lift::gain(t, {3}) == found->gain);
  l.apply(t, found->move);
  REQUIRE(t.parent(3) == 8);
  REQUIRE_FALSE(l.best(t));  // nothing else has a grandparent and gains
}

TEST_CASE("lift: gains are those of the edit, for every node of random trees", "[tree]") {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 16, 40, seed % 2 == 0);
    for (const auto counted : {tree::counted_edges::all, tree::counted_edges::intra}) {
      const auto start = testing::random_tree(g, counted, 25, {seed, 1});
      const build_tree t(g, start);
      double most = 0;
      for (node_id v = 0; v < start.root(); ++v) {
        if (start.depth(v) < 2) continue;
        CAPTURE(v);
        const double gain = gain_by_trial(g, start, v);
        REQUIRE(lift::gain(t, {v}) == Approx(gain).margin(1e-12));
        most = (std::max)(most, gain);
      }
      const auto found = lift().best(t);
      REQUIRE((found ? found->gain : 0) == Approx(most).margin(1e-11));
    }
  }
}

TEST_CASE("lift: until no lift gains, random trees", "[tree]") {
  std::size_t lifted = 0;
  for (std::uint64_t seed = 0; seed < 16; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 24, 60, seed % 2 == 0);
    for (const auto counted : {tree::counted_edges::all, tree::counted_edges::intra}) {
      const auto start = testing::random_tree(g, counted, 40, {seed, 2});
      const auto end = testing::check_tree_operator(lift(), g, start);
      testing::check_tree(g, end);
      REQUIRE(end.height() <= start.height());
      if (!(end == start)) ++lifted;
      for (node_id v = 0; v < end.root(); ++v)
        if (end.depth(v) > 1) REQUIRE(gain_by_trial(g, end, v) <= 1e-11);
    }
  }
  REQUIRE(lifted > 10);
}

TEST_CASE("lift: never gains on the binary tree of merge", "[tree]") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 5 + 10 * seed, 12 + 25 * seed, seed % 2 == 0);
    for (const auto key : {tree::merge_key::merge, tree::merge_key::combine}) {
      const encoding_tree binary = tree::builder{tree::merge{{.key = key}}}(g);
      const build_tree t(g, binary);
      REQUIRE_FALSE(lift().best(t));
      for (node_id v = 0; v < binary.root() && seed < 8; ++v)
        if (binary.depth(v) > 1) REQUIRE(lift::gain(t, {v}) <= 1e-13);
    }
  }
}

TEST_CASE("lift: lowers the entropy of what compress leaves, or keeps it", "[tree]") {
  const relation_graph g = random_graph(7, 300, 900, true);
  const auto before = tree::builder{tree::merge{}, tree::compress{{.height = 4}}}(g);
  const auto after = tree::builder{tree::merge{}, tree::compress{{.height = 4}}, lift{}}(g);
  REQUIRE(after.height() <= 4);
  REQUIRE(tree::structural_entropy(after) < tree::structural_entropy(before));
}

TEST_CASE("lift: somebody else's edits are noticed", "[tree]") {
  const relation_graph g = random_graph(2, 30, 80, true);
  const auto start = testing::random_tree(g, tree::counted_edges::all, 40, {9, 9});
  build_tree t(g, start);
  lift l;
  for (int i = 0; i < 4; ++i) {
    const auto found = l.best(t);
    REQUIRE(found);
    l.apply(t, found->move);
    const auto next = l.best(t);
    if (!next) break;
    t.contract(t.parent(next->move.node));
    const auto again = l.best(t);
    const auto fresh = lift().best(t);
    REQUIRE(again.has_value() == fresh.has_value());
    if (!again) break;
    REQUIRE(again->move == fresh->move);
    REQUIRE(again->gain == fresh->gain);
  }
  // An edit that it did not propose.
  build_tree u(g, start);
  REQUIRE(l.best(u)->move == lift().best(u)->move);
  for (node_id v = 0; v < g.size(); ++v)
    if (u.parent(v) != u.root()) {
      l.apply(u, {v});
      break;
    }
  const auto found = l.best(u);
  const auto fresh = lift().best(u);
  REQUIRE(found->move == fresh->move);
  REQUIRE(found->gain == fresh->gain);
}

TEST_CASE("lift: nothing to lift, isolated nodes, deep chains", "[tree]") {
  for (const std::size_t n : {0U, 1U, 5U}) {
    const relation_graph g = graph_of(n, {});
    REQUIRE_FALSE(lift().best(build_tree(g)));
  }
  // Isolated nodes in a community with others: nothing changes by taking them out.
  const relation_graph g = graph_of(5, {{0, 1, 1}, {2, 4, 1}});
  testing::check_tree_operator(lift(), g,
                               encoding_tree::from_parents(g, {5, 5, 6, 5, 6, 6, no_node}));
  // A chain of 30,000 communities over a path, from the middle outwards.
  const node_id n = 30000;
  const relation_graph line = path(n);
  std::vector<node_id> parents(2 * n - 1);
  for (node_id i = 0; i < n; ++i) parents[i] = n + (std::max)(i, 1U) - 1;
  for (node_id v = n; v < 2 * n - 1; ++v) parents[v] = v + 1;
  parents.back() = no_node;
  build_tree t(line, encoding_tree::from_parents(line, parents));
  REQUIRE_FALSE(lift().best(t));  // binary
}

TEST_CASE("lift: bad moves", "[tree]") {
  const relation_graph g = two_triangles();
  build_tree t(g);
  const node_id a = t.combine(0, 1);
  lift l;
  CHECK_THROWS_MESSAGE(l.apply(t, {2}), invalid_argument,
                       "lift: node 2, expected a node with a grandparent");
  CHECK_THROWS_MESSAGE(l.apply(t, {t.root()}), invalid_argument,
                       "lift: node 6, expected a node with a grandparent");
  CHECK_THROWS_MESSAGE(l.apply(t, {99}), invalid_argument,
                       "lift: node 99, expected a node with a grandparent");
  CHECK_THROWS_MESSAGE(lift::gain(t, {a}), invalid_argument,
                       "lift: node 7, expected a node with a grandparent");
  l.apply(t, {0});  // whatever it gains
  l.apply(t, {1});
  REQUIRE_FALSE(t.contains(a));
  REQUIRE(t.freeze() == encoding_tree::flat(g));
}
