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
using tree::encoding_tree;
using tree::link_counts;
using tree::no_node;
using tree::detail::search_effort;
using tree::detail::storeys;

namespace {

storeys start(const relation_graph& g, const search_effort& effort,
              link_counts links = link_counts::all) {
  const auto order = tree::detail::canonical_order(g);
  return {tree::detail::leaf_layer(g, links, order), order, g.volume(), effort};
}
/// Those of a copy: `parents` uses the storeys up.
std::vector<node_id> parents_of(storeys s) { return std::move(s).parents(); }
encoding_tree tree_of(const relation_graph& g, const storeys& s,
                      link_counts links = link_counts::all) {
  return tree::detail::assemble(g, parents_of(s), links);
}
void check_largest(const encoding_tree& t, std::size_t largest) {
  for (node_id v = 0; v < t.root(); ++v) REQUIRE(t.leaves(v).size() <= largest);
}
/// Puts in storeys up to a height, improving after each if told so. Every gain is the fall of the
/// entropy.
storeys grow(const relation_graph& g, std::size_t height, const search_effort& effort,
             bool improve = true, link_counts links = link_counts::all) {
  storeys s = start(g, effort, links);
  double before = structural_entropy(encoding_tree::flat(g, links));
  const auto check = [&](double gain) {
    const encoding_tree t = tree_of(g, s, links);
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

TEST_CASE("storeys: all leaves under the root at first", "[tree]") {
  for (const std::size_t n : {0U, 1U, 2U, 9U}) {
    CAPTURE(n);
    const relation_graph g = random_graph(1, n, 3 * n, true);
    const storeys s = start(g, {1, 4});
    REQUIRE(s.height() == 1);
    std::vector<node_id> flat(n + 1, static_cast<node_id>(n));
    flat.back() = no_node;
    REQUIRE(parents_of(s) == flat);
    REQUIRE(s.leaves().size() == n);
  }
}

TEST_CASE("storeys: two triangles by hand", "[tree]") {
  const relation_graph g = two_triangles(0.5);
  storeys s = start(g, {4, 4});
  REQUIRE(s.insert() == Approx(2 * 6.0 / 13).epsilon(1e-12));  // 3 + 3 links, halves of the volume
  const encoding_tree two = tree_of(g, s);
  REQUIRE(parents_of(two) == std::vector<node_id>{6, 6, 6, 7, 7, 7, 8, 8, no_node});
  REQUIRE(s.height() == 2);
  // Below them a pair in each triangle: a link each, of log2(6.5/4).
  REQUIRE(s.insert() == Approx(2 * 2 * std::log2(6.5 / 4) / 13).epsilon(1e-12));
  REQUIRE(s.height() == 3);
  const encoding_tree three = tree_of(g, s);
  REQUIRE(three.size() == 11);
  REQUIRE(three.parent(0) == three.parent(1));
  REQUIRE(three.parent(4) == three.parent(5));
}

TEST_CASE("storeys: every gain is the fall of the entropy", "[tree]") {
  for (std::uint64_t seed = 0; seed < 90; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 1 + seed;
    const relation_graph g = random_graph(seed, n, n + 2 * (seed % 3) * n, seed % 2 == 0);
    const auto links = seed % 5 == 0 ? link_counts::intra : link_counts::all;
    const search_effort effort{1 + seed % 3, seed % 4, 0, seed, seed % 7 < 2 ? 6 : no_limit};
    const storeys s = grow(g, 2 + seed % 4, effort, seed % 3 != 0, links);
    const encoding_tree t = tree_of(g, s, links);
    testing::check_tree(g, t);
    REQUIRE(structural_entropy(t) ==
            Approx(entropy_by_definition(g, parents_of(t), seed % 5 == 0)).margin(1e-9));
  }
}

TEST_CASE("storeys: groups and parents tell the same tree", "[tree]") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 50, 150, true);
    const storeys s = grow(g, 4, {2, 2, 0, seed});
    const auto parents = parents_of(s);
    REQUIRE(parents[50] == no_node);
    // All leaves are at the height that is promised, communities as they are not left out.
    for (node_id leaf = 0; leaf < 50; ++leaf) {
      std::size_t depth = 0;
      for (node_id v = leaf; v != 50; v = parents[v]) ++depth;
      REQUIRE(depth == s.height());
    }
    // Leaves are units of the layer in another order: they have the same volumes.
    std::vector<double> volumes = s.leaves().volume;
    std::vector<double> degrees;
    for (node_id v = 0; v < 50; ++v) degrees.push_back(g.degree(v));
    std::sort(volumes.begin(), volumes.end());
    std::sort(degrees.begin(), degrees.end());
    for (std::size_t i = 0; i < 50; ++i) REQUIRE(volumes[i] == Approx(degrees[i]).epsilon(1e-12));
    for (std::size_t storey = 0; storey + 1 < s.height(); ++storey) {
      const auto of = s[storey];
      const std::size_t groups = *std::max_element(of.begin(), of.end()) + std::size_t{1};
      std::vector<bool> used(groups);
      for (const node_id id : of) used[id] = true;
      REQUIRE(std::find(used.begin(), used.end(), false) == used.end());
      if (storey + 2 < s.height()) REQUIRE(s[storey + 1].size() == groups);
    }
  }
}

TEST_CASE("storeys: a tree that is there already", "[tree]") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 8 + seed;
    const relation_graph g = random_graph(seed, n, 3 * n, true);
    const auto links = seed % 2 == 0 ? link_counts::all : link_counts::intra;
    const search_effort effort{2, 5, 0, seed};
    const auto order = tree::detail::canonical_order(g);
    storeys s(tree::detail::leaf_layer(g, links, order), order, g.volume(), effort);
    // Three storeys of random groups, none of them empty.
    const std::size_t sizes[] = {n, n / 2, n / 4, 2};
    std::vector<std::vector<node_id>> of;
    for (std::size_t storey = 0; storey < 3; ++storey) {
      of.push_back(random_numbers(sizes[storey], sizes[storey + 1], 10 * seed + storey));
      for (node_id id = 0; id < sizes[storey + 1]; ++id) of.back()[id] = id;
      s.add(of.back());
      REQUIRE(s.height() == storey + 2);
    }
    std::vector<node_id> parents(n + 1 + n / 2 + n / 4 + 2, static_cast<node_id>(n));
    parents[n] = no_node;
    std::size_t begin = 0;
    std::size_t first = n + 1;
    for (std::size_t storey = 0; storey < 3; ++storey) {
      for (std::size_t u = 0; u < sizes[storey]; ++u)
        parents[storey == 0 ? order[u] : begin + u] = static_cast<node_id>(first + of[storey][u]);
      begin = first;
      first += sizes[storey + 1];
    }
    const encoding_tree old = tree_of(g, s, links);
    REQUIRE(old == tree::detail::assemble(g, parents, links));
    const double gain = s.improve();
    const encoding_tree better = tree_of(g, s, links);
    REQUIRE(gain > 0);
    REQUIRE(structural_entropy(old) - structural_entropy(better) == Approx(gain).margin(1e-9));
    REQUIRE(s.height() == 4);
    testing::check_tree(g, better);
    const double more = s.insert();
    const encoding_tree higher = tree_of(g, s, links);
    REQUIRE(structural_entropy(better) - structural_entropy(higher) == Approx(more).margin(1e-9));
  }
}

TEST_CASE("storeys: trees of small graphs against the best of their height", "[tree]") {
  int optimal = 0;
  for (std::uint64_t seed = 0; seed < 24; ++seed) {
    const std::size_t n = 4 + seed % 4;
    const relation_graph g = random_graph(seed, n, 2 * n, seed % 2 == 0);
    for (std::size_t height = 1; height <= 4; ++height) {
      CAPTURE(seed, height);
      const double least = least_entropy(g, height);
      double best = 1e300;
      for (std::uint64_t turn = 0; turn < 8; ++turn) {
        const storeys s = grow(g, height, {4, 8, 0, turn});
        const double found = structural_entropy(tree_of(g, s));
        REQUIRE(found >= least - 1e-9);
        best = (std::min)(best, found);
      }
      optimal += best <= least + 1e-9;
    }
  }
  REQUIRE(optimal >= 88);  // of 96
}

TEST_CASE("storeys: without effort nothing changes", "[tree]") {
  const relation_graph g = random_graph(3, 40, 120, true);
  storeys s = grow(g, 3, {2, 0, 0, 1}, false);
  REQUIRE(s.height() == 3);
  const auto before = parents_of(s);
  REQUIRE(s.improve() == 0);  // no turns
  REQUIRE(parents_of(s) == before);
  // What cannot gain is not put in: in groups of two there is no more room.
  const relation_graph pairs = graph_of(6, {{0, 1, 1}, {2, 3, 1}, {4, 5, 1}});
  storeys two = start(pairs, {4, 4});
  REQUIRE(two.insert() == Approx(std::log2(3.0)).epsilon(1e-12));
  const auto parents = parents_of(two);
  REQUIRE(two.improve() == 0);
  REQUIRE(two.insert() == 0);
  REQUIRE(two.insert() == 0);
  REQUIRE(two.height() == 2);
  REQUIRE(parents_of(two) == parents);
}

TEST_CASE("storeys: nothing to group", "[tree]") {
  for (const std::size_t n : {0U, 1U, 5U}) {
    CAPTURE(n);
    const relation_graph g = graph_of(n, {});
    storeys s = start(g, {4, 4});
    REQUIRE(s.improve() == 0);
    REQUIRE(s.insert() == 0);
    REQUIRE(s.height() == 1);
    REQUIRE(tree_of(g, s) == encoding_tree::flat(g));
  }
  const relation_graph across =
      graph_of(4, {{0, 2, 1}, {0, 3, 1}, {1, 2, 1}, {1, 3, 1}}, {0, 0, 1, 1});
  storeys s = start(across, {4, 4}, link_counts::intra);
  REQUIRE(s.insert() == 0);
  REQUIRE(tree_of(across, s, link_counts::intra) ==
          encoding_tree::flat(across, link_counts::intra));
}

TEST_CASE("storeys: isolated nodes stay under the root", "[tree]") {
  auto edges = ring_of_cliques(8).edges();
  const relation_graph g = graph_of(43, edges);
  const encoding_tree t = tree_of(g, grow(g, 3, {4, 4}));
  REQUIRE(t.height() == 3);
  for (node_id v = 40; v < 43; ++v) REQUIRE(t.parent(v) == t.root());
}

TEST_CASE("storeys: the same seed, the same tree", "[tree]") {
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

TEST_CASE("storeys: a round that gains less than the tolerance is the last", "[tree]") {
  double hardly = 0;
  double hard = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 100, 300, true);
    // No round gains a million bits. (The lowest storey is searched twice for the first time.)
    const auto parents = parents_of(grow(g, 3, {50, 50, 1e6, seed}));
    REQUIRE(parents == parents_of(grow(g, 3, {2, 1, 1e6, seed})));
    hardly += structural_entropy(tree::detail::assemble(g, parents, link_counts::all));
    hard += structural_entropy(tree_of(g, grow(g, 3, {8, 8, 0, seed})));
  }
  REQUIRE(hard < hardly);
}

TEST_CASE("storeys: regular, large and uneven graphs", "[tree]") {
  REQUIRE(grow(complete_graph(60), 4, {2, 2}).height() == 4);
  grow(star(10000), 4, {2, 2});
  REQUIRE(grow(path(100000), 3, {1, 1}).height() == 3);
  grow(graph_of(7, {{0, 1, 1}, {0, 2, 1}, {1, 2, 1}, {3, 4, 1}, {3, 5, 1}, {4, 5, 1}}), 4, {2, 2});
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    grow(extreme_graph(seed, 2 + seed, 4 * seed), 4, {2, 2, 0, seed});
  }
}
