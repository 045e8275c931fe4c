// SPDX-License-Identifier: MIT
#include <hint/tree/multilevel/levels.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include <hint/testing/tree_axioms.hpp>
#include <hint/tree/structural_entropy.hpp>

#include "support/catch.hpp"
#include "tree/graphs.hpp"
#include "tree/search_oracle.hpp"

using namespace hint;
using namespace hint_tests;
using tree::counted_edges;
using tree::encoding_tree;
using tree::no_node;
using tree::detail::level_hierarchy;
using tree::detail::search_effort;

namespace {

level_hierarchy start(const relation_graph& g, const search_effort& effort,
                      counted_edges counted = counted_edges::all) {
  const auto order = tree::detail::canonical_order(g);
  return {tree::detail::leaf_graph(g, counted, order), order, g.volume(), effort};
}
/// Those of a copy: `parents` uses the levels up.
std::vector<node_id> parents_of(level_hierarchy s) { return std::move(s).parents(); }
encoding_tree tree_of(const relation_graph& g, const level_hierarchy& s,
                      counted_edges counted = counted_edges::all) {
  return tree::detail::canonicalize(g, parents_of(s), static_cast<node_id>(g.size()), counted);
}
void check_largest(const encoding_tree& t, std::size_t largest) {
  for (node_id v = 0; v < t.root(); ++v) REQUIRE(t.leaves(v).size() <= largest);
}
/// Puts in levels up to a height, improving after each if told so. Every gain is the fall of the
/// entropy.
level_hierarchy grow(const relation_graph& g, std::size_t height, const search_effort& effort,
                     bool improve = true, counted_edges counted = counted_edges::all) {
  level_hierarchy s = start(g, effort, counted);
  double before = structural_entropy(encoding_tree::flat(g, counted));
  const auto check = [&](double gain) {
    const encoding_tree t = tree_of(g, s, counted);
    const double now = structural_entropy(t);
    REQUIRE(gain >= 0);
    REQUIRE(std::abs(before - now - gain) <= 1e-9);
    REQUIRE(t.height() <= s.height());
    if (effort.largest < g.size()) check_largest(t, effort.largest);
    before = now;
  };
  while (s.height() < height) {
    const std::size_t old = s.height();
    const double gain = s.insert();
    check(gain);
    REQUIRE(s.height() == old + (gain > 0 ? 1 : 0));
    if (gain <= 0) break;
    if (!improve) continue;
    const double more = s.improve();
    check(more);
    REQUIRE(s.height() == old + 1);
  }
  return s;
}

}  // namespace

TEST_CASE("level_hierarchy: all leaves under the root at first", "[tree]") {
  for (const std::size_t n : {0U, 1U, 2U, 9U}) {
    CAPTURE(n);
    const relation_graph g = random_graph(1, n, 3 * n, true);
    const level_hierarchy s = start(g, {1, 4});
    REQUIRE(s.height() == 1);
    std::vector<node_id> flat(n + 1, static_cast<node_id>(n));
    flat.back() = no_node;
    REQUIRE(parents_of(s) == flat);
    REQUIRE(s.leaves().size() == n);
  }
}

TEST_CASE("level_hierarchy: two triangles by hand", "[tree]") {
  const relation_graph g = two_triangles(0.5);
  level_hierarchy s = start(g, {4, 4});
  REQUIRE(s.insert() == Approx(2 * 6.0 / 13).epsilon(1e-12));  // 3 + 3 edges, halves of the volume
  const encoding_tree two = tree_of(g, s);
  REQUIRE(parents_of(two) == std::vector<node_id>{6, 6, 6, 7, 7, 7, 8, 8, no_node});
  REQUIRE(s.height() == 2);
  // Below them a pair in each triangle: an edge each, of log2(6.5/4).
  REQUIRE(s.insert() == Approx(2 * 2 * std::log2(6.5 / 4) / 13).epsilon(1e-12));
  REQUIRE(s.height() == 3);
  const encoding_tree three = tree_of(g, s);
  REQUIRE(three.size() == 11);
  REQUIRE(three.parent(0) == three.parent(1));
  REQUIRE(three.parent(4) == three.parent(5));
}

TEST_CASE("level_hierarchy: every gain is the fall of the entropy", "[tree]") {
  for (std::uint64_t seed = 0; seed < 90; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 1 + seed;
    const relation_graph g = random_graph(seed, n, n + 2 * (seed % 3) * n, seed % 2 == 0);
    const auto counted = seed % 5 == 0 ? counted_edges::intra : counted_edges::all;
    const search_effort effort{1 + seed % 3, seed % 4, 0, seed, seed % 7 < 2 ? 6 : no_limit};
    const level_hierarchy s = grow(g, 2 + seed % 4, effort, seed % 3 != 0, counted);
    const encoding_tree t = tree_of(g, s, counted);
    testing::check_tree(g, t);
    REQUIRE(structural_entropy(t) ==
            Approx(entropy_by_definition(g, parents_of(t), seed % 5 == 0)).margin(1e-9));
  }
}

TEST_CASE("level_hierarchy: communities and parents tell the same tree", "[tree]") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 50, 150, true);
    const level_hierarchy s = grow(g, 4, {2, 2, 0, seed});
    const auto parents = parents_of(s);
    REQUIRE(parents[50] == no_node);
    // All leaves are at the height that is promised, communities as they are not left out.
    for (node_id leaf = 0; leaf < 50; ++leaf) {
      std::size_t depth = 0;
      for (node_id v = leaf; v != 50; v = parents[v]) ++depth;
      REQUIRE(depth == s.height());
    }
    // Leaves are nodes of the quotient graph in another order: they have the same volumes.
    std::vector<double> volumes = s.leaves().volume;
    std::vector<double> degrees;
    for (node_id v = 0; v < 50; ++v) degrees.push_back(g.degree(v));
    std::sort(volumes.begin(), volumes.end());
    std::sort(degrees.begin(), degrees.end());
    for (std::size_t i = 0; i < 50; ++i) REQUIRE(volumes[i] == Approx(degrees[i]).epsilon(1e-12));
    for (std::size_t level = 0; level + 1 < s.height(); ++level) {
      const auto of = s[level];
      const std::size_t communities = *std::max_element(of.begin(), of.end()) + std::size_t{1};
      std::vector<bool> used(communities);
      for (const node_id id : of) used[id] = true;
      REQUIRE(std::find(used.begin(), used.end(), false) == used.end());
      if (level + 2 < s.height()) REQUIRE(s[level + 1].size() == communities);
    }
  }
}

TEST_CASE("level_hierarchy: a tree that is there already", "[tree]") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 8 + seed;
    const relation_graph g = random_graph(seed, n, 3 * n, true);
    const auto counted = seed % 2 == 0 ? counted_edges::all : counted_edges::intra;
    const search_effort effort{2, 5, 0, seed};
    const auto order = tree::detail::canonical_order(g);
    level_hierarchy s(tree::detail::leaf_graph(g, counted, order), order, g.volume(), effort);
    // Three levels of random communities, none of them empty.
    const std::size_t sizes[] = {n, n / 2, n / 4, 2};
    std::vector<std::vector<node_id>> of;
    for (std::size_t level = 0; level < 3; ++level) {
      of.push_back(random_numbers(sizes[level], sizes[level + 1], 10 * seed + level));
      for (node_id id = 0; id < sizes[level + 1]; ++id) of.back()[id] = id;
      s.add(of.back());
      REQUIRE(s.height() == level + 2);
    }
    std::vector<node_id> parents(n + 1 + n / 2 + n / 4 + 2, static_cast<node_id>(n));
    parents[n] = no_node;
    std::size_t begin = 0;
    std::size_t first = n + 1;
    for (std::size_t level = 0; level < 3; ++level) {
      for (std::size_t u = 0; u < sizes[level]; ++u)
        parents[level == 0 ? order[u] : begin + u] = static_cast<node_id>(first + of[level][u]);
      begin = first;
      first += sizes[level + 1];
    }
    const encoding_tree old = tree_of(g, s, counted);
    REQUIRE(old == tree::detail::canonicalize(g, parents, static_cast<node_id>(g.size()), counted));
    const double gain = s.improve();
    const encoding_tree better = tree_of(g, s, counted);
    REQUIRE(gain > 0);
    REQUIRE(structural_entropy(old) - structural_entropy(better) == Approx(gain).margin(1e-9));
    REQUIRE(s.height() == 4);
    testing::check_tree(g, better);
    const double more = s.insert();
    const encoding_tree higher = tree_of(g, s, counted);
    REQUIRE(structural_entropy(better) - structural_entropy(higher) == Approx(more).margin(1e-9));
  }
}

TEST_CASE("level_hierarchy: trees of small graphs against the best of their height", "[tree]") {
  int optimal = 0;
  for (std::uint64_t seed = 0; seed < 24; ++seed) {
    const std::size_t n = 4 + seed % 4;
    const relation_graph g = random_graph(seed, n, 2 * n, seed % 2 == 0);
    for (std::size_t height = 1; height <= 4; ++height) {
      CAPTURE(seed, height);
      const double least = least_entropy(g, height);
      double best = 1e300;
      for (std::uint64_t turn = 0; turn < 8; ++turn) {
        const level_hierarchy s = grow(g, height, {4, 8, 0, turn});
        const double found = structural_entropy(tree_of(g, s));
        REQUIRE(found >= least - 1e-9);
        best = (std::min)(best, found);
      }
      optimal += best <= least + 1e-9;
    }
  }
  REQUIRE(optimal >= 88);  // of 96
}

TEST_CASE("level_hierarchy: without effort nothing changes", "[tree]") {
  const relation_graph g = random_graph(3, 40, 120, true);
  level_hierarchy s = grow(g, 3, {2, 0, 0, 1}, false);
  REQUIRE(s.height() == 3);
  const auto before = parents_of(s);
  REQUIRE(s.improve() == 0);  // no turns
  REQUIRE(parents_of(s) == before);
  // What cannot gain is not put in: in communities of two there is no more room.
  const relation_graph pairs = graph_of(6, {{0, 1, 1}, {2, 3, 1}, {4, 5, 1}});
  level_hierarchy two = start(pairs, {4, 4});
  REQUIRE(two.insert() == Approx(std::log2(3.0)).epsilon(1e-12));
  const auto parents = parents_of(two);
  REQUIRE(two.improve() == 0);
  REQUIRE(two.insert() == 0);
  REQUIRE(two.insert() == 0);
  REQUIRE(two.height() == 2);
  REQUIRE(parents_of(two) == parents);
}

TEST_CASE("level_hierarchy: nothing to put together", "[tree]") {
  for (const std::size_t n : {0U, 1U, 5U}) {
    CAPTURE(n);
    const relation_graph g = graph_of(n, {});
    level_hierarchy s = start(g, {4, 4});
    REQUIRE(s.improve() == 0);
    REQUIRE(s.insert() == 0);
    REQUIRE(s.height() == 1);
    REQUIRE(tree_of(g, s) == encoding_tree::flat(g));
  }
  const relation_graph across =
      graph_of(4, {{0, 2, 1}, {0, 3, 1}, {1, 2, 1}, {1, 3, 1}}, {0, 0, 1, 1});
  level_hierarchy s = start(across, {4, 4}, counted_edges::intra);
  REQUIRE(s.insert() == 0);
  REQUIRE(tree_of(across, s, counted_edges::intra) ==
          encoding_tree::flat(across, counted_edges::intra));
}

TEST_CASE("level_hierarchy: isolated nodes stay under the root", "[tree]") {
  auto edges = ring_of_cliques(8).edges();
  const relation_graph g = graph_of(43, edges);
  const encoding_tree t = tree_of(g, grow(g, 3, {4, 4}));
  REQUIRE(t.height() == 3);
  for (node_id v = 40; v < 43; ++v) REQUIRE(t.parent(v) == t.root());
}

TEST_CASE("level_hierarchy: the same seed, the same tree", "[tree]") {
  bool others_differ = false;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 80, 240, true);
    const auto parents = parents_of(grow(g, 4, {2, 2, 0, seed}));
    REQUIRE(parents_of(grow(g, 4, {2, 2, 0, seed})) == parents);
    others_differ = others_differ || parents_of(grow(g, 4, {2, 2, 0, seed + 1})) != parents;
  }
  REQUIRE(others_differ);
}

TEST_CASE("level_hierarchy: a round that gains less than the tolerance is the last", "[tree]") {
  double hardly = 0;
  double hard = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 100, 300, true);
    // No round gains a million bits. (The lowest level is searched twice for the first time.)
    const auto parents = parents_of(grow(g, 3, {50, 50, 1e6, seed}));
    REQUIRE(parents == parents_of(grow(g, 3, {2, 1, 1e6, seed})));
    hardly += structural_entropy(
        tree::detail::canonicalize(g, parents, static_cast<node_id>(g.size()), counted_edges::all));
    hard += structural_entropy(tree_of(g, grow(g, 3, {8, 8, 0, seed})));
  }
  REQUIRE(hard < hardly);
}

TEST_CASE("level_hierarchy: regular, large and uneven graphs", "[tree]") {
  REQUIRE(grow(complete_graph(60), 4, {2, 2}).height() == 4);
  grow(star(10000), 4, {2, 2});
  REQUIRE(grow(path(100000), 3, {1, 1}).height() == 3);
  grow(graph_of(7, {{0, 1, 1}, {0, 2, 1}, {1, 2, 1}, {3, 4, 1}, {3, 5, 1}, {4, 5, 1}}), 4, {2, 2});
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    grow(extreme_graph(seed, 2 + seed, 4 * seed), 4, {2, 2, 0, seed});
  }
}
