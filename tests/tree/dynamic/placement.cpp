// SPDX-License-Identifier: MIT
#include <hint/tree/dynamic/placement.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <hint/tree/structural_entropy.hpp>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

using namespace hint;
using namespace hint_tests;
using tree::encoding_tree;
using tree::no_node;
using tree::detail::boundary_edge;
using tree::detail::live_tree;
using tree::detail::placement_search;
using tree::detail::placing;
using tree::detail::tree_item;

namespace {

/// A tree as plain parents: leaves, communities as in `live_tree` after them, one number kept
/// free for a new community, the root.
struct plain_tree {
  const relation_graph& graph;
  const encoding_tree& tree;
  bool intra;
  std::vector<node_id> parents;

  plain_tree(const relation_graph& g, const encoding_tree& t)
      : graph(g),
        tree(t),
        intra(t.counted() == tree::counted_edges::intra),
        parents(parents_of(t)) {
    parents.insert(parents.end() - 1, fresh() + 1);  // an empty child of the root
    for (node_id& p : parents)
      if (p == fresh()) p = root();
    parents.back() = no_node;
  }
  node_id fresh() const { return t_root(); }
  node_id root() const { return t_root() + 1; }
  node_id t_root() const { return tree.root(); }
  node_id number(tree_item i) const {
    if (i.leaf) return i.id;
    const auto v = static_cast<node_id>(graph.size() + i.id);
    return v == t_root() ? root() : v;
  }
  std::size_t depth(node_id v) const {
    std::size_t counted = 0;
    for (; v != root(); v = parents[v]) ++counted;
    return counted;
  }
  std::size_t height(node_id v) const {
    std::size_t deepest = depth(v);
    for (node_id leaf = 0; leaf < graph.size(); ++leaf)
      if (below(leaf, v)) deepest = (std::max)(deepest, depth(leaf));
    return deepest - depth(v);
  }
  std::size_t height() const { return height(root()); }
  bool below(node_id v, node_id above) const {
    while (v != above && v != root()) v = parents[v];
    return v == above;
  }
  double entropy() const { return entropy_by_definition(graph, parents, intra); }
  void place(node_id item, placing how, node_id at) {
    if (how == placing::inside) {
      parents[item] = at;
    } else if (how == placing::merged) {
      parents[item] = root();  // and empty
      for (node_id& p : parents)
        if (p == item) p = at;
      parents[item] = root();
    } else {
      parents[fresh()] = parents[at];
      parents[at] = parents[item] = fresh();
    }
  }
};

std::vector<boundary_edge> edges_out(const plain_tree& t, node_id item) {
  std::vector<boundary_edge> out;
  for (node_id a = 0; a < t.graph.size(); ++a) {
    if (!t.below(a, item)) continue;
    for (const auto& [b, weight] : t.graph[a])
      if (!t.below(b, item))
        out.push_back({b, weight, !t.intra || t.graph.groups()[a] == t.graph.groups()[b]});
  }
  return out;
}

/// The least entropy of all places that the search promises to know.
double least_entropy(const plain_tree& t, tree_item item, std::size_t height) {
  double least = std::numeric_limits<double>::infinity();
  const node_id v = t.number(item);
  const auto see = [&](placing how, node_id at) {
    plain_tree moved = t;
    moved.place(v, how, at);
    // What is above the item counts as being as deep as with the item in it.
    if (how == placing::beside_community && t.below(v, at) &&
        t.depth(at) + t.height(at) + 1 > height)
      return;
    if (moved.height() <= height) least = (std::min)(least, moved.entropy());
  };
  for (node_id at = 0; at < t.parents.size(); ++at) {
    if (at == t.fresh() || t.below(at, v)) continue;
    if (at >= t.graph.size()) see(placing::inside, at);
    if (at >= t.graph.size() && !item.leaf) see(placing::merged, at);
    if (at != t.root() && (item.leaf || at >= t.graph.size())) see(placing::beside_community, at);
  }
  return least;
}

}  // namespace

TEST_CASE("placement: the best of all places, by the definition of entropy", "[tree]") {
  placement_search search;
  int moves = 0;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const relation_graph g = random_graph(seed, 12, 8 + 2 * seed, seed % 2 == 0);
    for (const auto counted : {tree::counted_edges::all, tree::counted_edges::intra}) {
      const auto tree = testing::random_tree(g, counted, 14, {seed, 1});
      const plain_tree plain(g, tree);
      const live_tree t(g, tree);
      for (const std::size_t height : {tree.height(), tree.height() + 2})
        for (node_id v = 0; v < tree.root(); ++v) {
          const tree_item item = tree.is_leaf(v)
                                     ? tree_item{v, true}
                                     : tree_item{static_cast<node_id>(v - g.size()), false};
          CAPTURE(seed, v, height);
          const auto found = search.best(t, item, edges_out(plain, plain.number(item)), height);
          const double now = plain.entropy();
          const double bits = 2 * found.gain / g.volume();
          REQUIRE(now - bits == Approx(least_entropy(plain, item, height)).margin(1e-11));
          moves += found.gain > 1e-9;
          // And the place is where that comes from.
          plain_tree moved = plain;
          moved.place(plain.number(item), found.how,
                      plain.number({found.at, found.how == placing::beside_leaf}));
          REQUIRE(moved.entropy() == Approx(now - bits).margin(1e-11));
          REQUIRE(moved.height() <= height);
        }
    }
  }
  REQUIRE(moves > 300);
}

TEST_CASE("placement: an item that is nowhere yet", "[tree]") {
  placement_search search;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 12, 30, seed % 2 == 0);
    const auto tree = testing::random_tree(g, tree::counted_edges::all, 14, {seed, 1});
    const plain_tree plain(g, tree);
    for (node_id v = 0; v < g.size(); ++v) {
      const auto out = edges_out(plain, v);
      live_tree t(g, tree);
      t.detach({v, true}, out);
      const auto found = search.best(t, {v, true}, out, tree.height());
      REQUIRE(found.gain == (std::numeric_limits<double>::max)());
      plain_tree moved = plain;
      moved.place(v, found.how, plain.number({found.at, found.how == placing::beside_leaf}));
      REQUIRE(moved.entropy() ==
              Approx(least_entropy(plain, {v, true}, tree.height())).margin(1e-11));
    }
  }
}

TEST_CASE("placement: no edges, no volume, ties", "[tree]") {
  const relation_graph g = graph_of(5, {{0, 1, 1}, {2, 3, 1}});
  const auto tree =
      encoding_tree::from_parents(g, {5, 5, 6, 6, 6, 7, 7, no_node});  // 4 is isolated in 6
  const live_tree t(g, tree);
  placement_search search;
  const auto nothing = search.best(t, {4, true}, {}, 2);
  REQUIRE(nothing.gain == 0);
  REQUIRE(nothing.how == placing::inside);
  REQUIRE(search.nearest_sibling(t, {4, true}) == no_node);
  // The same edges to both communities: the same cost, so the lower number.
  const relation_graph both = graph_of(5, {{0, 1, 1}, {2, 3, 1}, {4, 0, 2}, {4, 2, 2}});
  const live_tree symmetric(both,
                            encoding_tree::from_parents(both, {5, 5, 6, 6, 7, 7, 7, no_node}));
  const std::vector<boundary_edge> out{{2, 2, true}, {0, 2, true}};
  const auto tied = search.best(symmetric, {4, true}, out, 2);
  REQUIRE(tied.gain > 0);
  REQUIRE((tied.how == placing::inside && tied.at == 0));
  REQUIRE(search.nearest_sibling(symmetric, {4, true}) == 0);
}
