// SPDX-License-Identifier: MIT
#include <hint/tree/canonicalize.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include <hint/testing/tree_axioms.hpp>
#include <hint/tree/build_tree.hpp>
#include <hint/tree/builder.hpp>
#include <hint/tree/structural_entropy.hpp>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

using namespace hint;
using namespace hint_tests;
using tree::counted_edges;
using tree::encoding_tree;
using tree::no_node;
using tree::detail::chains;

namespace {

/// As `canonicalize`, with the only node without a parent as root.
encoding_tree canonical(const relation_graph& g, const std::vector<node_id>& parents,
                        counted_edges counted, chains single = chains::splice_out) {
  const auto root = std::find(parents.begin(), parents.end(), no_node) - parents.begin();
  return tree::detail::canonicalize(g, parents, static_cast<node_id>(root), counted, single);
}

/// A tree of random shape with chains of communities with one child, communities without leaves and
/// numbers in no order, but two branches with leaves at the root.
std::vector<node_id> random_parents(std::uint64_t seed, std::size_t n, std::size_t communities) {
  const random_stream random{seed, stream_id("random parents")};
  const auto root = static_cast<node_id>(n);
  std::vector<node_id> names = permutation(static_cast<node_id>(communities), random.fork(0));
  for (node_id& name : names) name += root + 1;
  std::vector<node_id> parents(n + 1 + communities, root);
  parents[root] = no_node;
  // Community i hangs under a nearby one before it: deep trees.
  for (std::size_t i = 2; i < communities; ++i)
    parents[names[i]] = names[i - 1 - random.below(i, (std::min)(i, std::size_t{3}))];
  for (node_id v = 2; v < n; ++v) parents[v] = names[random.below(communities + v, communities)];
  return parents;  // leaves 0 and 1 stay at the root
}

/// The same tree with nothing that is of no use: communities are the sets of leaves that occur and
/// have `smallest` leaves or more.
encoding_tree by_leaf_sets(const relation_graph& g, const std::vector<node_id>& parents,
                           counted_edges counted, int smallest = 2) {
  const auto n = static_cast<node_id>(g.size());
  std::vector<std::uint64_t> below(parents.size());
  for (node_id leaf = 0; leaf < n; ++leaf)
    for (node_id v = leaf; v != no_node; v = parents[v]) below[v] |= std::uint64_t{1} << leaf;
  std::vector<std::uint64_t> sets(below.begin() + n, below.end());
  const std::uint64_t all = (std::uint64_t{1} << n) - 1;
  std::erase_if(sets, [&](std::uint64_t s) { return s != all && std::popcount(s) < smallest; });
  std::sort(sets.begin(), sets.end());
  sets.erase(std::unique(sets.begin(), sets.end()), sets.end());
  const auto above = [&](std::uint64_t s, std::uint64_t t) { return s != t && (s & t) == s; };
  std::map<std::uint64_t, std::size_t> depth;
  for (const std::uint64_t s : sets)
    for (const std::uint64_t t : sets) depth[s] += above(s, t);
  std::sort(sets.begin(), sets.end(), [&](std::uint64_t s, std::uint64_t t) {
    return std::tuple(depth[t], s & (~s + 1)) < std::tuple(depth[s], t & (~t + 1));
  });
  const auto parent = [&](std::uint64_t s) {
    std::size_t best = sets.size();
    for (std::size_t i = 0; i < sets.size(); ++i)
      if (above(s, sets[i]) && (best == sets.size() || above(sets[i], sets[best]))) best = i;
    return best == sets.size() ? no_node : static_cast<node_id>(n + best);
  };
  std::vector<node_id> out(n + sets.size(), no_node);
  for (node_id leaf = 0; leaf < n; ++leaf) out[leaf] = parent(std::uint64_t{1} << leaf);
  for (std::size_t i = 0; i < sets.size(); ++i) out[n + i] = parent(sets[i]);
  return encoding_tree::from_parents(g, out, counted);
}

}  // namespace

TEST_CASE("canonicalize: by hand", "[tree]") {
  const relation_graph g = two_triangles();
  // 7 over 0 1 2 through 9, 8 over nothing, 10 over 4 alone, 11 over 3, 10 and 5; root 6.
  const std::vector<node_id> parents{9, 9, 9, 11, 10, 11, no_node, 6, 6, 7, 11, 6};
  REQUIRE(parents_of(canonical(g, parents, counted_edges::all)) ==
          std::vector<node_id>{6, 6, 6, 7, 7, 7, 8, 8, no_node});
}

TEST_CASE("canonicalize: random trees, by their sets of leaves", "[tree]") {
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 2 + seed % 37;
    const relation_graph g = random_graph(seed, n, 3 * n, true);
    const auto counted = seed % 3 == 0 ? counted_edges::intra : counted_edges::all;
    const auto parents = random_parents(seed, n, 2 + seed % 50);
    const encoding_tree t = canonical(g, parents, counted);
    REQUIRE(t == by_leaf_sets(g, parents, counted));
    REQUIRE(t.counted() == counted);
    testing::check_tree(g, t);
    for (auto v = static_cast<node_id>(n); v < t.root(); ++v) REQUIRE(t.children(v).size() > 1);
    REQUIRE(t == tree::build_tree(g, t).freeze());
    REQUIRE(t == canonical(g, parents_of(t), counted));
  }
}

TEST_CASE("canonicalize: what is left out does not count", "[tree]") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 4 + seed;
    const relation_graph g = random_graph(seed, n, 3 * n, true);
    const auto parents = random_parents(seed, n, 3 * n);
    // The same tree with all that is of no use: the root goes last, communities without leaves get
    // no number, parents come after children.
    std::vector<std::size_t> depth(parents.size());
    std::vector<bool> used(parents.size());
    for (node_id v = 0; v < parents.size(); ++v)
      for (node_id up = v; parents[up] != no_node; up = parents[up]) {
        ++depth[v];
        if (v < n) used[parents[up]] = true;
      }
    std::vector<node_id> order;
    for (auto v = static_cast<node_id>(n); v < parents.size(); ++v)
      if (used[v]) order.push_back(v);
    std::stable_sort(order.begin(), order.end(),
                     [&](node_id a, node_id b) { return depth[a] > depth[b]; });
    std::map<node_id, node_id> number;
    for (std::size_t i = 0; i < order.size(); ++i) number[order[i]] = static_cast<node_id>(n + i);
    std::vector<node_id> raw;
    for (node_id v = 0; v < n; ++v) raw.push_back(number.at(parents[v]));
    for (const node_id v : order)
      raw.push_back(parents[v] == no_node ? no_node : number.at(parents[v]));
    const encoding_tree t = canonical(g, parents, counted_edges::all);
    REQUIRE(structural_entropy(t) == Approx(entropy_by_definition(g, raw)).margin(1e-9));
    REQUIRE(t.height() <= encoding_tree::from_parents(g, raw).height());
  }
}

TEST_CASE("canonicalize: numbers of communities do not matter", "[tree]") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 3 + seed;
    const relation_graph g = random_graph(seed, n, 4 * n, true);
    const auto parents = random_parents(seed, n, 2 * n);
    const auto first = static_cast<node_id>(n + 1);
    auto names = permutation(static_cast<node_id>(2 * n), {seed, stream_id("names")});
    const auto renamed = [&](node_id v) {
      return v < first || v == no_node ? v : first + names[v - first];
    };
    std::vector<node_id> other(parents.size() + 3, no_node);
    other[parents.size()] = other[parents.size() + 1] = other[parents.size() + 2] =
        static_cast<node_id>(n);  // three more without leaves
    for (node_id v = 0; v < parents.size(); ++v) other[renamed(v)] = renamed(parents[v]);
    REQUIRE(canonical(g, parents, counted_edges::all) == canonical(g, other, counted_edges::all));
  }
}

TEST_CASE("canonicalize: there and back", "[tree]") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 3 * seed, 9 * seed, true);
    const encoding_tree t =
        testing::random_tree(g, counted_edges::all, 4 * seed, {seed, stream_id("tree")});
    REQUIRE(canonical(g, parents_of(t), counted_edges::all) == t);
    REQUIRE(canonical(g, parents_of(t), counted_edges::all, chains::keep) == t);
  }
}

TEST_CASE("canonicalize: chains that stay", "[tree]") {
  // 7 over 9 over 0 1 2; 11 over 3, 5 and 10, which is over 4; 8 over nothing; root 6.
  const relation_graph g = two_triangles();
  const std::vector<node_id> by_hand{9, 9, 9, 11, 10, 11, no_node, 6, 6, 7, 11, 6};
  REQUIRE(parents_of(canonical(g, by_hand, counted_edges::all, chains::keep)) ==
          std::vector<node_id>{6, 6, 6, 9, 7, 9, 8, 9, 10, 10, no_node});
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 2 + seed % 37;
    const relation_graph h = random_graph(seed, n, 3 * n, true);
    const auto parents = random_parents(seed, n, 2 + seed % 50);
    std::vector<bool> used(parents.size());
    std::size_t count = 0;
    for (node_id leaf = 0; leaf < n; ++leaf)
      for (node_id v = leaf; v != no_node; v = parents[v]) {
        count += used[v] ? 0 : 1;
        used[v] = true;
      }
    const encoding_tree t = canonical(h, parents, counted_edges::all, chains::keep);
    REQUIRE(t.size() == count);
    for (node_id leaf = 0; leaf < n; ++leaf) {
      std::size_t depth = 0;
      for (node_id v = leaf; parents[v] != no_node; v = parents[v]) ++depth;
      REQUIRE(t.depth(leaf) == depth);
    }
    for (auto v = static_cast<node_id>(n); v < t.root(); ++v) {
      const auto smallest = [&](node_id c) { return std::ranges::min(t.leaves(c)); };
      const bool ascends =
          std::pair(t.depth(v + 1), smallest(v)) < std::pair(t.depth(v), smallest(v + 1));
      REQUIRE(ascends);
    }
    // What splices chains out afterwards finds the same tree.
    REQUIRE(canonical(h, parents_of(t), counted_edges::all) ==
            canonical(h, parents, counted_edges::all));
  }
}

TEST_CASE("canonicalize: without small communities", "[tree]") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 2 + seed % 39;
    const relation_graph g = random_graph(seed, n, 3 * n, true);
    const auto counted = seed % 3 == 0 ? counted_edges::intra : counted_edges::all;
    const encoding_tree t =
        testing::random_tree(g, counted, seed % 4 * n / 2, {seed, stream_id("tree")});
    REQUIRE(tree::dissolve_small(g, t, 0) == t);
    REQUIRE(tree::dissolve_small(g, t, 2) == t);
    for (const int smallest : {3, 5, 12, 100}) {
      const encoding_tree large = tree::dissolve_small(g, t, static_cast<std::size_t>(smallest));
      REQUIRE(large == by_leaf_sets(g, parents_of(t), counted, smallest));
      REQUIRE(structural_entropy(large) >= structural_entropy(t) - 1e-9);
    }
    REQUIRE(tree::dissolve_small(g, t, 100) == encoding_tree::flat(g, counted));
  }
}

TEST_CASE("canonicalize: hardly any tree", "[tree]") {
  REQUIRE(tree::dissolve_small(relation_graph(), encoding_tree(), 3) == encoding_tree());
  REQUIRE(canonical(relation_graph(), std::vector<node_id>{no_node}, counted_edges::all) ==
          encoding_tree());
  REQUIRE(canonical(relation_graph(), std::vector<node_id>{no_node, 0, 1}, counted_edges::all) ==
          encoding_tree());
  const relation_graph one = graph_of(1, {});
  REQUIRE(canonical(one, std::vector<node_id>{1, no_node}, counted_edges::all) ==
          encoding_tree::flat(one));
  REQUIRE(canonical(one, std::vector<node_id>{3, no_node, 1, 2}, counted_edges::all) ==
          encoding_tree::flat(one));
  const relation_graph lonely = graph_of(4, {});
  REQUIRE(
      canonical(lonely, std::vector<node_id>{4, 5, 5, 4, no_node, 4}, counted_edges::all).size() ==
      6);
}

TEST_CASE("canonicalize: chains of 100000", "[tree]") {
  constexpr node_id n = 100000;
  const relation_graph g = path(n);
  // Leaf i hangs under community i, and that under community i + 1: every leaf of its own depth.
  std::vector<node_id> parents(2 * std::size_t{n} + 1, no_node);
  for (node_id v = 0; v < n; ++v) {
    parents[v] = n + 1 + v;
    parents[n + 1 + v] = v + 1 < n ? n + 2 + v : n;
  }
  parents[n - 1] = n;
  const encoding_tree t = canonical(g, parents, counted_edges::all);
  // Community 0 has one child, and so has the last, whose leaf is at the root.
  REQUIRE(t.size() == 2 * std::size_t{n} - 1);
  REQUIRE(t.height() == n - 1);
  REQUIRE(t.depth(0) == n - 1);
  REQUIRE(t == canonical(g, parents_of(t), counted_edges::all));
  REQUIRE(tree::dissolve_small(g, t, n - 3).height() == 4);
  // A chain of communities with one child comes to nothing.
  std::vector<node_id> chain(2 * std::size_t{n} + 1, n);
  chain[n] = no_node;
  chain[7] = n + 1;
  for (node_id i = 1; i < n; ++i) chain[n + i] = n + i + 1;
  REQUIRE(canonical(g, chain, counted_edges::all) == encoding_tree::flat(g));
}
