// SPDX-License-Identifier: MIT
#include <hint/tree/work_tree.hpp>

#include <algorithm>
#include <map>
#include <vector>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

using namespace hint;
using namespace hint_tests;
using tree::encoding_tree;
using tree::no_node;
using tree::work_tree;

namespace {

std::vector<node_id> children_of(const work_tree& t, node_id v) {
  std::vector<node_id> out;
  for (node_id c = t.first_child(v); c != no_node; c = t.next_sibling(c)) out.push_back(c);
  return out;
}

/// Every weight and link of the work tree against a tree built anew from its parents.
void check_weights(const work_tree& t) {
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
        if (t.links() == tree::link_counts::intra && g.groups()[a] != g.groups()[b]) continue;
        if (below(a, v) && !below(b, v)) cut += weight;
        if (below(a, v) && below(b, v)) inside += weight / 2;
      }
    REQUIRE(t.volume(v) == Approx(volume).margin(1e-11));
    REQUIRE(t.cut(v) == Approx(cut).margin(1e-11));
    REQUIRE(t.inside(v) == Approx(inside).margin(1e-11));
    const auto children = children_of(t, v);
    REQUIRE(children.size() == t.child_count(v));
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
        if (t.links() == tree::link_counts::all || g.groups()[a] == g.groups()[b])
          if ((below(a, x) && below(b, y)) || (below(b, x) && below(a, y))) cut += weight;
      REQUIRE(t.cut_between(x, y) == Approx(cut).margin(1e-12));
      REQUIRE(t.cut_between(x, y) == t.cut_between(y, x));  // same bits
      REQUIRE(seen.count(y) == (cut > 0 ? 1 : 0));
      if (cut > 0) REQUIRE(seen[y] == t.cut_between(x, y));
    }
  }
}

}  // namespace

TEST_CASE("work_tree: edits by hand", "[tree]") {
  const relation_graph g = two_triangles();
  work_tree t(g);
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
  const node_id b = t.fuse(a, 2);
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

TEST_CASE("work_tree: weights after random edits", "[tree]") {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    CAPTURE(seed);
    const random_stream random{seed, stream_id("edits")};
    const relation_graph g = random_graph(seed, 14, 30, seed % 2 == 0);
    const auto links = seed % 3 == 0 ? tree::link_counts::intra : tree::link_counts::all;
    work_tree t(g, testing::random_tree(g, links, seed, random));
    check_weights(t);
    for (std::size_t i = 0; i < 25; ++i) {
      const auto tops = children_of(t, t.root());
      std::vector<node_id> communities;
      for (node_id v = 0; v < t.id_count(); ++v)
        if (t.contains(v) && !t.is_leaf(v) && v != t.root()) communities.push_back(v);
      if (random.below(4 * i, 3) == 0 && !communities.empty())
        t.contract(communities[random.below(4 * i + 1, communities.size())]);
      else if (tops.size() > 2 && random.below(4 * i + 2, 2) == 0)
        t.fuse(tops.front(), tops.back());
      else if (tops.size() > 2)
        t.combine(tops[tops.size() / 2], tops.back());
      check_weights(t);
      const encoding_tree frozen = t.freeze();
      testing::check_tree(g, frozen);
      REQUIRE(work_tree(g, frozen).freeze() == frozen);
    }
  }
}

TEST_CASE("work_tree: bad edits", "[tree]") {
  const relation_graph g = two_triangles();
  work_tree t(g);
  const node_id a = t.combine(0, 1);
  CHECK_THROWS_MESSAGE(t.combine(a, a), invalid_argument,
                       "work_tree: combine of nodes 7 and 7, expected two children of the root");
  CHECK_THROWS_MESSAGE(t.fuse(0, 2), invalid_argument,
                       "work_tree: fuse of nodes 0 and 2, expected two children of the root");
  CHECK_THROWS_MESSAGE(t.combine(2, 6), invalid_argument,
                       "work_tree: combine of nodes 2 and 6, expected two children of the root");
  CHECK_THROWS_MESSAGE(t.combine(2, 99), invalid_argument,
                       "work_tree: combine of nodes 2 and 99, expected two children of the root");
  CHECK_THROWS_MESSAGE(t.contract(0), invalid_argument,
                       "work_tree: contract of node 0, expected a community below the root");
  CHECK_THROWS_MESSAGE(t.contract(6), invalid_argument,
                       "work_tree: contract of node 6, expected a community below the root");
  t.contract(a);
  CHECK_THROWS_MESSAGE(t.contract(a), invalid_argument,
                       "work_tree: contract of node 7, expected a community below the root");
  const relation_graph pair = graph_of(2, {{0, 1, 1}});
  work_tree two(pair);
  CHECK_THROWS_MESSAGE(two.fuse(0, 1), invalid_argument,
                       "work_tree: fuse of nodes 0 and 1, which are the only children of the root");
  CHECK_THROWS_MESSAGE(work_tree(pair, encoding_tree::flat(g)), shape_error,
                       "work_tree: the tree has 6 leaves for a graph of 2 nodes");
  CHECK_THROWS_MESSAGE(work_tree(g, tree::link_counts::intra), invalid_argument,
                       "link_counts is intra, but the graph has no groups");
}

TEST_CASE("work_tree: versions tell trees and states apart", "[tree]") {
  const relation_graph g = two_triangles();
  work_tree t(g);
  const auto first = t.version();
  REQUIRE(first == t.version());
  work_tree copy = t;
  REQUIRE_FALSE(copy.version() == t.version());
  t.combine(0, 1);
  REQUIRE_FALSE(first == t.version());
  copy = t;
  REQUIRE_FALSE(copy.version() == t.version());
  REQUIRE(copy.freeze() == t.freeze());
  REQUIRE_FALSE(work_tree(g).version() == work_tree(g).version());
  REQUIRE_FALSE(tree::tree_version() == t.version());
}
