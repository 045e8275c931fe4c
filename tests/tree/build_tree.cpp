// SPDX-License-Identifier: MIT
#include <hint/tree/build_tree.hpp>

#include <algorithm>
#include <map>
#include <vector>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

using namespace hint;
using namespace hint_tests;
using tree::build_tree;
using tree::encoding_tree;
using tree::no_node;

namespace {

std::vector<node_id> children_of(const build_tree& t, node_id v) {
  std::vector<node_id> out;
  for (node_id c = t.first_child(v); c != no_node; c = t.next_sibling(c)) out.push_back(c);
  return out;
}

/// Every weight and edge of the work tree against a tree built anew from its parents.
void check_weights(const build_tree& t) {
  const relation_graph& g = t.graph();
  const auto below = [&](node_id leaf, node_id v) {
    for (node_id up = leaf; up != no_node; up = t.parent(up))
      if (up == v) return true;
    return false;
  };
  for (node_id v = 0; v < t.id_count(); ++v) {
    if (!t.contains(v)) continue;
    CAPTURE(v);
    double volume = 0;
    double cut = 0;
    double inside = 0;
    for (node_id a = 0; a < g.size(); ++a)
      for (const auto& [b, weight] : g[a]) {
        if (below(a, v)) volume += weight;
        if (t.counted() == tree::counted_edges::intra && g.groups()[a] != g.groups()[b]) continue;
        if (below(a, v) && !below(b, v)) cut += weight;
        if (below(a, v) && below(b, v)) inside += weight / 2;
      }
    REQUIRE(t.volume(v) == Approx(volume).margin(1e-11));
    REQUIRE(t.cut(v) == Approx(cut).margin(1e-11));
    REQUIRE(t.inside(v) == Approx(inside).margin(1e-11));
    const auto children = children_of(t, v);
    REQUIRE(children.size() == t.child_count(v));
    std::size_t communities = 0;
    for (const node_id c : children) communities += t.is_leaf(c) ? 0 : 1;
    REQUIRE(communities == t.community_count(v));
    std::vector<node_id> leaves;
    t.for_leaves(v, [&](node_id leaf) { leaves.push_back(leaf); });
    REQUIRE(leaves.size() == t.leaf_count(v));
    for (const node_id leaf : leaves) REQUIRE(below(leaf, v));
    std::sort(leaves.begin(), leaves.end());
    REQUIRE(std::adjacent_find(leaves.begin(), leaves.end()) == leaves.end());
    double between = inside;
    for (const node_id c : children) {
      REQUIRE(t.parent(c) == v);
      between -= t.inside(c);
    }
    REQUIRE(t.between(v) == Approx(between).margin(1e-11));
  }
  const auto tops = children_of(t, t.root());
  for (const node_id x : tops) {
    std::map<node_id, double> seen;
    t.for_neighbors(x, [&](node_id y, double weight) { seen[y] += weight; });
    REQUIRE(seen.size() == t.neighbor_count(x));
    for (const node_id y : tops) {
      if (x == y) continue;
      double cut = 0;
      for (const auto& [a, b, weight] : g.edges())
        if (t.counted() == tree::counted_edges::all || g.groups()[a] == g.groups()[b])
          if ((below(a, x) && below(b, y)) || (below(b, x) && below(a, y))) cut += weight;
      REQUIRE(t.cut_between(x, y) == Approx(cut).margin(1e-12));
      REQUIRE(t.cut_between(x, y) == t.cut_between(y, x));  // same bits
      REQUIRE(seen.count(y) == (cut > 0 ? 1 : 0));
      if (cut > 0) REQUIRE(seen[y] == t.cut_between(x, y));
    }
  }
}

}  // namespace

TEST_CASE("build_tree: edits by hand", "[tree]") {
  const relation_graph g = two_triangles();
  build_tree t(g);
  REQUIRE(t.root() == 6);
  REQUIRE(t.child_count(6) == 6);
  REQUIRE(t.between(6) == 7);
  const node_id a = t.combine(0, 1);
  REQUIRE(a == 7);
  REQUIRE(t.parent(0) == a);
  REQUIRE(t.parent(a) == t.root());
  REQUIRE(t.volume(a) == 4);
  REQUIRE(t.cut(a) == 2);
  REQUIRE(t.between(a) == 1);
  REQUIRE(t.between(t.root()) == 6);
  REQUIRE(t.cut_between(a, 2) == 2);
  const node_id b = t.merge(a, 2);
  REQUIRE_FALSE(t.contains(a));
  REQUIRE(children_of(t, b) == std::vector<node_id>{0, 1, 2});
  REQUIRE(t.between(b) == 3);
  REQUIRE(t.cut(b) == 1);
  REQUIRE(children_of(t, t.root()) == std::vector<node_id>{3, 4, 5, b});
  t.contract(b);
  REQUIRE(t.child_count(t.root()) == 6);
  REQUIRE(t.between(t.root()) == 7);
  REQUIRE(t.freeze() == encoding_tree::flat(g));
}

TEST_CASE("build_tree: weights after random edits", "[tree]") {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    CAPTURE(seed);
    const random_stream random{seed, stream_id("edits")};
    const relation_graph g = random_graph(seed, 14, 30, seed % 2 == 0);
    const auto counted = seed % 3 == 0 ? tree::counted_edges::intra : tree::counted_edges::all;
    build_tree t(g, testing::random_tree(g, counted, seed, random));
    check_weights(t);
    for (std::size_t i = 0; i < 25; ++i) {
      const auto tops = children_of(t, t.root());
      std::vector<node_id> communities;
      for (node_id v = 0; v < t.id_count(); ++v)
        if (t.contains(v) && !t.is_leaf(v) && v != t.root()) communities.push_back(v);
      if (random.below(4 * i, 3) == 0 && !communities.empty())
        t.contract(communities[random.below(4 * i + 1, communities.size())]);
      else if (tops.size() > 2 && random.below(4 * i + 2, 2) == 0)
        t.merge(tops.front(), tops.back());
      else if (tops.size() > 2)
        t.combine(tops[tops.size() / 2], tops.back());
      check_weights(t);
      const encoding_tree frozen = t.freeze();
      testing::check_tree(g, frozen);
      REQUIRE(build_tree(g, frozen).freeze() == frozen);
    }
  }
}

TEST_CASE("build_tree: weights after random edits at all levels", "[tree]") {
  for (std::uint64_t seed = 0; seed < 16; ++seed) {
    CAPTURE(seed);
    const random_stream random{seed, stream_id("edits at all levels")};
    const relation_graph g = random_graph(seed, 14, 40, seed % 2 == 0);
    const auto counted = seed % 3 == 0 ? tree::counted_edges::intra : tree::counted_edges::all;
    build_tree t(g, testing::random_tree(g, counted, 10 + seed, random));
    for (std::uint64_t i = 0; i < 40; ++i) {
      CAPTURE(i);
      const auto draw = [&](std::uint64_t k, std::size_t count) {
        return random.below(8 * i + k, count);
      };
      std::vector<node_id> nodes;
      std::vector<node_id> communities;
      for (node_id v = 0; v < t.id_count(); ++v) {
        if (!t.contains(v)) continue;
        if (v != t.root()) nodes.push_back(v);
        if (!t.is_leaf(v)) communities.push_back(v);
      }
      const node_id v = nodes[draw(0, nodes.size())];
      const auto siblings = children_of(t, t.parent(v));
      const node_id w = siblings[draw(1, siblings.size())];
      const node_id to = communities[draw(2, communities.size())];
      bool below = false;
      for (node_id up = to; up != no_node; up = t.parent(up)) below = below || up == v;
      const auto version = t.version();
      const std::uint64_t kind = draw(3, 8);
      if (kind < 2 && siblings.size() > 2 && v != w) {
        REQUIRE(t.can_join(v, w));
        const node_id p = t.parent(v);
        const node_id joined = kind == 0 ? t.combine(v, w) : t.merge(v, w);
        REQUIRE(t.parent(joined) == p);
        REQUIRE_FALSE(version == t.version());
      } else if (kind == 2 && !t.is_leaf(v)) {
        t.contract(v);
      } else if (kind == 3) {
        const encoding_tree other = testing::random_tree(g, counted, draw(4, 20), {seed, i});
        t.replace(other);
        REQUIRE(t.freeze() == other);
        REQUIRE(t.id_count() == other.size());
        REQUIRE_FALSE(version == t.version());
      } else if (!below) {
        const node_id from = t.parent(v);
        t.relocate(v, to);
        REQUIRE(t.parent(v) == to);
        REQUIRE((version == t.version()) == (from == to));
      }
      check_weights(t);
      const encoding_tree frozen = t.freeze();
      testing::check_tree(g, frozen);
      REQUIRE(build_tree(g, frozen).freeze() == frozen);
    }
  }
}

TEST_CASE("build_tree: relocate by hand", "[tree]") {
  // ((0 1) 2) ((4 5) 3): 6 = 0 1, 7 = 4 5, 8 = 6 2, 9 = 7 3; root 10.
  const relation_graph g = two_triangles();
  build_tree t(g, encoding_tree::from_parents(g, {6, 6, 8, 9, 7, 7, 8, 9, 10, 10, no_node}));
  t.relocate(2, 9);  // across the root
  REQUIRE(t.parent(2) == 9);
  REQUIRE(children_of(t, 8) == std::vector<node_id>{6});
  REQUIRE(t.volume(8) == 4);
  REQUIRE(t.cut(8) == 2);
  REQUIRE(t.between(8) == 0);
  REQUIRE(t.volume(9) == 10);
  REQUIRE(t.cut(9) == 2);
  REQUIRE(t.between(9) == 3);
  REQUIRE(t.between(10) == 2);
  REQUIRE(t.cut_between(8, 9) == 2);
  // The last child of 8, so that 8 goes.
  t.relocate(6, 10);
  REQUIRE_FALSE(t.contains(8));
  REQUIRE(children_of(t, 10) == std::vector<node_id>{9, 6});
  // Both children of 6, one by one: then 6 goes, too.
  t.relocate(0, 7);
  REQUIRE(t.contains(6));
  t.relocate(1, 7);
  REQUIRE_FALSE(t.contains(6));
  REQUIRE(children_of(t, 10) == std::vector<node_id>{9});
  REQUIRE(t.inside(9) == 7);
  check_weights(t);
}

TEST_CASE("build_tree: a chain is left without children from its end", "[tree]") {
  // 3 = 0, 4 = 3, 5 = 4, 6 = 5 1 2: moving 0 takes 3, 4 and 5 away.
  const relation_graph g = graph_of(3, {{0, 1, 1}, {1, 2, 2}});
  build_tree t(g, encoding_tree::from_parents(g, {3, 6, 6, 4, 5, 6, no_node}));
  t.relocate(0, 6);
  for (const node_id v : {3U, 4U, 5U}) REQUIRE_FALSE(t.contains(v));
  REQUIRE(t.freeze() == encoding_tree::flat(g));
  // Down a chain, to where it was.
  build_tree u(g, encoding_tree::from_parents(g, {3, 6, 6, 4, 5, 6, no_node}));
  u.relocate(1, 3);
  REQUIRE(u.volume(5) == 4);
  REQUIRE(u.between(3) == 1);
  u.relocate(0, 5);
  REQUIRE(u.between(5) == 1);
  REQUIRE(u.between(3) == 0);
  check_weights(u);
}

TEST_CASE("build_tree: joins below the root of a deep tree", "[tree]") {
  // A chain of 20,000 communities; joins and moves at its end.
  const node_id n = 20000;
  const relation_graph g = path(n);
  std::vector<node_id> parents(2 * n - 2);
  for (node_id i = 0; i < n; ++i) parents[i] = n + (i < 3 ? 0 : i - 2);
  for (node_id v = n; v < 2 * n - 2; ++v) parents[v] = v + 1;
  parents.back() = no_node;
  build_tree t(g, encoding_tree::from_parents(g, parents));
  const node_id pair = t.combine(0, 1);
  REQUIRE(t.parent(pair) == n);
  REQUIRE(t.between(pair) == 1);
  REQUIRE(t.between(n) == 1);
  t.relocate(pair, t.root());
  REQUIRE(t.cut(pair) == 1);
  REQUIRE(t.between(t.root()) == 2);  // 1 - 2 and the last of the chain
  testing::check_tree_operator(tree::keep{}, g, t.freeze());
}

TEST_CASE("build_tree: bad edits", "[tree]") {
  const relation_graph g = two_triangles();
  build_tree t(g);
  const node_id a = t.combine(0, 1);
  CHECK_THROWS_MESSAGE(t.combine(a, a), invalid_argument,
                       "build_tree: combine of nodes 7 and 7, expected two children of one "
                       "community");
  CHECK_THROWS_MESSAGE(t.merge(0, 2), invalid_argument,
                       "build_tree: merge of nodes 0 and 2, expected two children of one "
                       "community");
  CHECK_THROWS_MESSAGE(t.combine(2, 6), invalid_argument,
                       "build_tree: combine of nodes 2 and 6, expected two children of one "
                       "community");
  CHECK_THROWS_MESSAGE(t.combine(2, 99), invalid_argument,
                       "build_tree: combine of nodes 2 and 99, expected two children of one "
                       "community");
  CHECK_THROWS_MESSAGE(t.contract(0), invalid_argument,
                       "build_tree: contract of node 0, expected a community below the root");
  CHECK_THROWS_MESSAGE(t.contract(6), invalid_argument,
                       "build_tree: contract of node 6, expected a community below the root");
  CHECK_THROWS_MESSAGE(t.relocate(6, 7), invalid_argument,
                       "build_tree: relocate of node 6, expected a node below the root");
  CHECK_THROWS_MESSAGE(t.relocate(99, 7), invalid_argument,
                       "build_tree: relocate of node 99, expected a node below the root");
  const char* const relocate_7_to_7 =
      "build_tree: relocate of node 7 to node 7, expected a community that is neither that node "
      "nor "
      "below it";
  CHECK_THROWS_MESSAGE(t.relocate(a, a), invalid_argument, relocate_7_to_7);
  const node_id b = t.combine(a, 2);  // 8
  CHECK_THROWS_MESSAGE(t.relocate(b, a), invalid_argument,
                       "build_tree: relocate of node 8 to node 7, expected a community that is "
                       "neither that node nor below it");
  CHECK_THROWS_MESSAGE(t.relocate(3, 0), invalid_argument,
                       "build_tree: relocate of node 3 to node 0, expected a community that is "
                       "neither that node nor below it");
  CHECK_THROWS_MESSAGE(t.combine(a, 2), invalid_argument,
                       "build_tree: combine of nodes 7 and 2, which are the only children of "
                       "node 8");
  REQUIRE_FALSE(t.can_join(a, 2));
  REQUIRE_FALSE(t.can_join(3, 3));
  REQUIRE_FALSE(t.can_join(3, 6));
  REQUIRE_FALSE(t.can_join(3, 99));
  REQUIRE(t.can_join(3, 4));
  t.contract(b);
  t.contract(a);
  CHECK_THROWS_MESSAGE(t.contract(a), invalid_argument,
                       "build_tree: contract of node 7, expected a community below the root");
  const relation_graph pair = graph_of(2, {{0, 1, 1}});
  build_tree two(pair);
  CHECK_THROWS_MESSAGE(two.merge(0, 1), invalid_argument,
                       "build_tree: merge of nodes 0 and 1, which are the only children of node 2");
  CHECK_THROWS_MESSAGE(build_tree(pair, encoding_tree::flat(g)), shape_error,
                       "build_tree: the tree has 6 leaves for a graph of 2 nodes");
  CHECK_THROWS_MESSAGE(two.replace(encoding_tree::flat(g)), shape_error,
                       "build_tree: the tree has 6 leaves for a graph of 2 nodes");
  const relation_graph grouped = graph_of(2, {{0, 1, 1}}, {0, 1});
  build_tree all(grouped);
  CHECK_THROWS_MESSAGE(all.replace(encoding_tree::flat(grouped, tree::counted_edges::intra)),
                       invalid_argument, "build_tree: replace by a tree that counts other edges");
  CHECK_THROWS_MESSAGE(build_tree(g, tree::counted_edges::intra), invalid_argument,
                       "counted_edges is intra, but the graph has no groups");
}

TEST_CASE("build_tree: versions tell trees and states apart", "[tree]") {
  const relation_graph g = two_triangles();
  build_tree t(g);
  const auto first = t.version();
  REQUIRE(first == t.version());
  build_tree copy = t;
  REQUIRE_FALSE(copy.version() == t.version());
  t.combine(0, 1);
  REQUIRE_FALSE(first == t.version());
  copy = t;
  REQUIRE_FALSE(copy.version() == t.version());
  REQUIRE(copy.freeze() == t.freeze());
  REQUIRE_FALSE(build_tree(g).version() == build_tree(g).version());
  REQUIRE_FALSE(tree::tree_version() == t.version());
}
