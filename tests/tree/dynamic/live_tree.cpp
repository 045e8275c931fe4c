// SPDX-License-Identifier: MIT
#include <hint/tree/dynamic/live_tree.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include <hint/tree/dynamic/dynamic_graph.hpp>
#include <hint/tree/structural_entropy.hpp>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

using namespace hint;
using namespace hint_tests;
using tree::encoding_tree;
using tree::no_node;
using tree::detail::boundary_edge;
using tree::detail::live_tree;
using tree::detail::tree_item;

namespace {

bool below(const live_tree& t, node_id leaf, node_id c) {
  node_id v = t.parent_of_leaf(leaf);
  while (v != c && v != no_node) v = t.parent(v);
  return v == c;
}

std::vector<node_id> leaves(const live_tree& t, tree_item i) {
  std::vector<node_id> out;
  t.collect(i, out);
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<boundary_edge> edges_out(const live_tree& t, const relation_graph& g,
                                     tree::counted_edges counted, tree_item i) {
  std::vector<boundary_edge> out;
  const auto own = leaves(t, i);
  for (const node_id a : own)
    for (const auto& [b, weight] : g[a])
      if (!std::binary_search(own.begin(), own.end(), b))
        out.push_back({b, weight, tree::detail::counts(g, counted, a, b)});
  return out;
}

/// All that the tree keeps, against sums over leaves and edges; `height` may be too high.
void check(const live_tree& t, const relation_graph& g, tree::counted_edges counted) {
  double entropy = 0;
  for (node_id v = 0; v < g.size(); ++v) {
    REQUIRE(t.volume(tree_item{v, true}) == Approx(g.degree(v)).margin(1e-10));
    double cut = 0;
    for (const auto& [b, weight] : g[v])
      if (tree::detail::counts(g, counted, v, b)) cut += weight;
    entropy += tree::entropy_term(cut, g.degree(v), t.volume(t.parent_of_leaf(v)), g.volume());
  }
  std::size_t communities = 0;
  for (node_id c = 0; c < t.community_count(); ++c) {
    if (!t.contains(c)) continue;
    CAPTURE(c);
    ++communities;
    double volume = 0;
    double inside = 0;
    double cut = 0;
    double between = 0;
    std::vector<node_id> members;
    std::size_t height = 1;
    std::size_t ends = 0;
    for (node_id a = 0; a < g.size(); ++a) {
      if (!below(t, a, c)) continue;
      members.push_back(a);
      volume += g.degree(a);
      ends += g[a].size();
      height = (std::max)(height, t.depth(t.parent_of_leaf(a)) + 1 - t.depth(c));
      for (const auto& [b, weight] : g[a]) {
        if (!tree::detail::counts(g, counted, a, b)) continue;
        (below(t, b, c) ? inside : cut) += weight;
        node_id child = t.parent_of_leaf(a);  // where a is among the children of c
        if (below(t, b, c) && child != c) {
          while (t.parent(child) != c) child = t.parent(child);
          if (below(t, b, child)) continue;
        }
        if (below(t, b, c)) between += weight;
      }
    }
    REQUIRE(leaves(t, {c, false}) == members);
    REQUIRE(t.size({c, false}) == members.size());
    REQUIRE(t.ends({c, false}) == ends);
    REQUIRE(t.height({c, false}) >= height);
    REQUIRE(t.volume(c) == Approx(volume).margin(1e-10));
    REQUIRE(t.between(c) == Approx(between / 2).margin(1e-10));
    if (c != t.root())
      entropy += tree::entropy_term(cut, volume, t.volume(t.parent(c)), g.volume());
    std::size_t children = 0;
    for (node_id v = t.first_leaf(c); v != no_node; v = t.next_leaf(v), ++children)
      REQUIRE(t.parent_of_leaf(v) == c);
    for (node_id d = t.first_community(c); d != no_node; d = t.next_community(d), ++children)
      REQUIRE(t.parent(d) == c);
    REQUIRE(children == t.child_count(c));
  }
  REQUIRE(communities >= 1);
  REQUIRE(t.entropy() == Approx(entropy).margin(1e-10));
}

}  // namespace

TEST_CASE("live_tree: takes over a tree", "[tree]") {
  for (std::uint64_t seed = 0; seed < 10; ++seed)
    for (const auto counted : {tree::counted_edges::all, tree::counted_edges::intra}) {
      CAPTURE(seed);
      const relation_graph g = random_graph(seed, 20, 50, seed % 2 == 0);
      const auto start = testing::random_tree(g, counted, 25, {seed, 2});
      const live_tree t(g, start);
      check(t, g, counted);
      REQUIRE(t.entropy() == Approx(tree::structural_entropy(start)).margin(1e-12));
      REQUIRE(t.height({t.root(), false}) == start.height());
    }
  const live_tree none{relation_graph(), encoding_tree()};
  REQUIRE(none.entropy() == 0);
  REQUIRE(none.child_count(none.root()) == 0);
  REQUIRE(live_tree().child_count(live_tree().root()) == 0);
}

TEST_CASE("live_tree: random moves, all weights from scratch", "[tree]") {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    CAPTURE(seed);
    const auto counted = seed % 3 == 0 ? tree::counted_edges::intra : tree::counted_edges::all;
    const relation_graph g = random_graph(seed, 16, 40, seed % 2 == 0);
    live_tree t(g, testing::random_tree(g, counted, 20, {seed, 2}));
    const random_stream random(seed, 3);
    for (std::uint64_t i = 0; i < 60; ++i) {
      CAPTURE(i);
      std::vector<node_id> all;
      for (node_id c = 0; c < t.community_count(); ++c)
        if (t.contains(c)) all.push_back(c);
      const node_id c = all[random.below(4 * i, all.size())];
      const node_id to = all[random.below(4 * i + 1, all.size())];
      const auto leaf = static_cast<node_id>(random.below(4 * i + 2, g.size()));
      switch (random.below(4 * i + 3, 4)) {
        case 0: {
          const auto out = edges_out(t, g, counted, {leaf, true});
          const node_id from = t.parent_of_leaf(leaf);
          t.detach({leaf, true}, out);
          t.attach({leaf, true}, to, out);
          t.splice_out(from);
          break;
        }
        case 1: {
          node_id up = to;  // not below c
          while (up != no_node && up != c) up = t.parent(up);
          if (c == t.root() || up == c) break;
          const auto out = edges_out(t, g, counted, {c, false});
          const node_id from = t.parent(c);
          t.detach({c, false}, out);
          t.attach({c, false}, to, out);
          t.splice_out(from);
          break;
        }
        case 2:
          if (c != t.root()) t.contract(c);
          break;
        default: {  // a new community over a leaf and what is beside it
          const node_id p = t.parent_of_leaf(leaf);
          const node_id fresh = t.make(p);
          t.reparent({leaf, true}, fresh);
          if (t.first_leaf(p) != no_node) {
            const node_id other = t.first_leaf(p);
            double weight = 0;
            for (const auto& [b, w] : g[leaf])
              if (b == other && tree::detail::counts(g, counted, leaf, b)) weight = w;
            t.reparent({other, true}, fresh);
            t.recompute_weights(fresh, weight);
            t.change_between(p, -weight);
          } else {
            t.recompute_weights(fresh, 0);
          }
          t.update_height({fresh, false});
          t.splice_out(fresh);
          t.splice_out(p);
        }
      }
      check(t, g, counted);
    }
    // Measured from the lowest up, the height is exact.
    std::vector<node_id> all;
    for (node_id c = 0; c < t.community_count(); ++c)
      if (t.contains(c)) all.push_back(c);
    std::sort(all.begin(), all.end(),
              [&](node_id a, node_id b) { return t.depth(a) > t.depth(b); });
    for (const node_id c : all) t.recompute_height(c);
    for (const node_id c : all) {
      std::size_t deepest = 0;
      for (const node_id v : leaves(t, {c, false}))
        deepest = (std::max)(deepest, t.depth(t.parent_of_leaf(v)) + 1);
      if (deepest > 0) REQUIRE(t.height({c, false}) == deepest - t.depth(c));
    }
  }
}

TEST_CASE("live_tree: splice_out leaves no community with less than two children", "[tree]") {
  const relation_graph g = path(4);
  // ((((0) 1)) 2) 3: 4 = 0, 5 = 4 1, 6 = 5, 7 = 6 2, 8 = 7 3.
  live_tree t(g, encoding_tree::from_parents(g, {4, 5, 7, 8, 5, 6, 7, 8, no_node}));
  const double entropy = t.entropy();
  t.splice_out(0);
  t.splice_out(2);
  REQUIRE_FALSE(t.contains(0));
  REQUIRE_FALSE(t.contains(2));
  REQUIRE(t.parent_of_leaf(0) == 1);
  REQUIRE(t.parent(1) == 3);
  REQUIRE(t.entropy() == Approx(entropy).epsilon(1e-14));
  REQUIRE(t.make(t.root()) == 2);  // the last number that became free
  t.splice_out(2);
  const auto out = edges_out(t, g, tree::counted_edges::all, {3, true});
  t.detach({3, true}, out);
  for (const auto& l : out) {
    t.change_end(l.leaf, -1, true, -1);
    t.change_end(3, -1, true, -1);
  }
  t.splice_out(t.root());
  REQUIRE(t.root() == 3);  // its only child has taken its place
  REQUIRE(t.parent(3) == no_node);
  check(t, path(3), tree::counted_edges::all);
}

TEST_CASE("live_tree: what has no edges weighs exactly nothing", "[tree]") {
  const relation_graph g = graph_of(3, {{0, 1, 0.1}, {1, 2, 0.7}, {0, 2, 0.2}});
  live_tree t(g, encoding_tree::flat(g));
  for (const auto& [a, b, weight] : g.edges()) {
    t.change_end(a, -weight, true, -1);
    t.change_end(b, -weight, true, -1);
    t.change_edge(a, b, -weight);
  }
  REQUIRE(t.volume(t.root()) == 0);
  for (node_id v = 0; v < 3; ++v) REQUIRE(t.volume(tree_item{v, true}) == 0);
  REQUIRE(t.entropy() == 0);
}
