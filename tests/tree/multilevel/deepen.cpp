// SPDX-License-Identifier: MIT
#include <hint/tree/multilevel/deepen.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <hint/testing/tree_axioms.hpp>
#include <hint/tree/builder.hpp>
#include <hint/tree/structural_entropy.hpp>

#include "support/catch.hpp"
#include "tree/graphs.hpp"
#include "tree/search_oracle.hpp"

using namespace hint;
using namespace hint_tests;
using tree::counted_edges;
using tree::encoding_tree;
using tree::no_node;
using tree::detail::deepener;
using tree::detail::search_effort;
using tree::detail::sibling_graph;
using tree::detail::sibling_graph_of;

namespace {

encoding_tree deepened(const relation_graph& g, const encoding_tree& t,
                       const search_effort& effort) {
  std::vector<node_id> parents = parents_of(t);
  deepener deepen(parents, t.volume(t.root()), effort);
  deepen(sibling_graph_of(g, t, effort.largest < g.size()));
  return tree::detail::canonicalize(g, parents, t.root(), t.counted());
}

/// Every community of the old tree with at least two children is one of the new tree.
void check_kept(const encoding_tree& old, const encoding_tree& now) {
  std::vector<std::vector<node_id>> sets;
  for (auto v = static_cast<node_id>(now.leaf_count()); v < now.size(); ++v) {
    const auto leaves = now.leaves(v);
    sets.emplace_back(leaves.begin(), leaves.end());
    std::sort(sets.back().begin(), sets.back().end());
  }
  std::sort(sets.begin(), sets.end());
  for (auto v = static_cast<node_id>(old.leaf_count()); v < old.size(); ++v) {
    const auto leaves = old.leaves(v);
    std::vector<node_id> set(leaves.begin(), leaves.end());
    std::sort(set.begin(), set.end());
    REQUIRE(std::binary_search(sets.begin(), sets.end(), set));
  }
}

/// The most bits that a community over two children of any one community could save, if it has no
/// more leaves than allowed. O(E (depth + children)).
double best_combination(const relation_graph& g, const encoding_tree& t, std::size_t largest) {
  double best = 0;
  for (auto v = static_cast<node_id>(t.leaf_count()); v < t.size(); ++v) {
    const auto children = t.children(v);
    if (children.size() < 3) continue;
    std::vector<node_id> child(g.size(), no_node);
    for (node_id i = 0; i < children.size(); ++i)
      for (const node_id leaf : t.leaves(children[i])) child[leaf] = i;
    std::vector<std::vector<double>> cut(children.size(), std::vector<double>(children.size()));
    for (const auto& [a, b, weight] : g.edges())
      if (child[a] != no_node && child[b] != no_node && child[a] != child[b] &&
          tree::detail::counts(g, t.counted(), a, b)) {
        cut[child[a]][child[b]] += weight;
        cut[child[b]][child[a]] += weight;
      }
    for (std::size_t i = 0; i < children.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (cut[i][j] > 0 && t.leaves(children[i]).size() + t.leaves(children[j]).size() <= largest)
          best = (std::max)(best, 2 * cut[i][j] / t.volume(t.root()) *
                                      std::log2(t.volume(v) /
                                                (t.volume(children[i]) + t.volume(children[j]))));
  }
  return best;
}

}  // namespace

TEST_CASE("deepen: the sibling graph of a tree", "[tree]") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 2 * seed;
    const relation_graph g = random_graph(seed, n, 3 * n, true);
    const auto counted = seed % 3 == 0 ? counted_edges::intra : counted_edges::all;
    const encoding_tree t = testing::random_tree(g, counted, n, {seed, stream_id("tree")});
    const sibling_graph f = sibling_graph_of(g, t, seed % 2 == 0);
    REQUIRE(f.nodes.size() == t.root());
    REQUIRE(f.parents.size() == (n == 0 ? 0 : t.size() - n));
    REQUIRE(f.log_volumes.size() == f.parents.size());
    std::vector<node_id> place(t.root(), no_node);
    for (node_id u = 0; u < f.nodes.size(); ++u) {
      const node_id v = f.nodes[u];
      REQUIRE(place[v] == no_node);
      place[v] = u;
      REQUIRE(f.parents[f.constraint[u]] == t.parent(v));
      REQUIRE(f.log_volumes[f.constraint[u]] ==
              (t.volume(t.parent(v)) > 0 ? std::log2(t.volume(t.parent(v))) : 0));
      REQUIRE(f.children.volume[u] == t.volume(v));
      REQUIRE(f.children.inside[u] == 0);
      if (seed % 2 == 0) REQUIRE(f.children.leaves[u] == t.leaves(v).size());
    }
    REQUIRE(f.children.leaves.size() == (seed % 2 == 0 ? f.nodes.size() : 0));
    // Edges between siblings: those whose ends' paths to the root meet right above both.
    std::vector<std::vector<double>> cut(t.root(), std::vector<double>(t.root()));
    for (const auto& [a, b, weight] : g.edges()) {
      if (!tree::detail::counts(g, counted, a, b)) continue;
      for (node_id x = a; x != t.root(); x = t.parent(x))
        for (node_id y = b; y != t.root(); y = t.parent(y))
          if (x != y && t.parent(x) == t.parent(y)) {
            cut[place[x]][place[y]] += weight;
            cut[place[y]][place[x]] += weight;
          }
    }
    for (node_id u = 0; u < f.nodes.size(); ++u) {
      for (std::size_t i = f.children.begin[u]; i < f.children.begin[u + 1]; ++i)
        cut[u][f.children.ends[i]] -= f.children.weights[i];
      for (const double rest : cut[u]) REQUIRE(rest == Approx(0).margin(1e-12));
    }
  }
}

TEST_CASE("deepen: a path of four by hand", "[tree]") {
  const relation_graph g = path(4);
  const encoding_tree t = deepened(g, encoding_tree::flat(g), {4});
  // Any community over two neighbours saves an edge; the two pairs at the ends save the most.
  REQUIRE(parents_of(t) == std::vector<node_id>{4, 4, 5, 5, 6, 6, no_node});
}

TEST_CASE("deepen: no two children can be combined any more", "[tree]") {
  for (std::uint64_t seed = 0; seed < 90; ++seed) {
    CAPTURE(seed);
    const std::size_t n = seed < 10 ? seed : 2 + seed;
    const relation_graph g = random_graph(seed, n, (1 + seed % 4) * n, seed % 2 == 0);
    const auto counted = seed % 5 == 0 ? counted_edges::intra : counted_edges::all;
    const search_effort effort{1 + seed % 3, 0, seed % 7 == 0 ? 0.01 : 0, seed,
                               seed % 3 == 0 ? 5 : no_limit};
    const encoding_tree old =
        testing::random_tree(g, counted, seed % 4 * n / 4, {seed, stream_id("tree")});
    const encoding_tree t = deepened(g, old, effort);
    testing::check_tree(g, t);
    check_kept(old, t);
    const double before = structural_entropy(old);
    const double after = structural_entropy(t);
    REQUIRE(after <= before + 1e-9);
    REQUIRE(after ==
            Approx(entropy_by_definition(g, parents_of(t), counted == counted_edges::intra))
                .margin(1e-9));
    REQUIRE(best_combination(g, t, effort.largest) <= 1e-9);  // whatever the tolerance
    if (t != old) REQUIRE(after < before);
    // Once more finds nothing, and takes nothing away.
    REQUIRE(deepened(g, t, effort) == t);
  }
}

TEST_CASE("deepen: communities are no larger than allowed", "[tree]") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 60, 180, true);
    const std::size_t largest = 2 + seed % 10;
    const encoding_tree t = deepened(g, encoding_tree::flat(g), {2, 0, 0, seed, largest});
    std::size_t most = 0;
    for (node_id v = 0; v < t.root(); ++v) most = (std::max)(most, t.leaves(v).size());
    REQUIRE(most <= largest);
    REQUIRE(most >= 2);
  }
}

TEST_CASE("deepen: small graphs against the lowest entropy of all trees", "[tree]") {
  int optimal = 0;
  for (std::uint64_t seed = 0; seed < 36; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 3 + seed % 5;
    const relation_graph g = random_graph(seed, n, 2 * n, seed % 2 == 0);
    const double least = least_entropy(g, n);
    double best = 1e300;
    for (std::uint64_t turn = 0; turn < 8; ++turn) {
      const double found = structural_entropy(deepened(g, encoding_tree::flat(g), {4, 0, 0, turn}));
      REQUIRE(found >= least - 1e-9);
      best = (std::min)(best, found);
    }
    optimal += best <= least + 1e-9;
  }
  REQUIRE(optimal >= 30);  // of 36
}

TEST_CASE("deepen: a binary tree stays", "[tree]") {
  const relation_graph g = random_graph(1, 50, 200, true);
  const encoding_tree binary = tree::builder(tree::merge())(g);
  REQUIRE(deepened(g, binary, {3}) == binary);
  REQUIRE(deepened(g, encoding_tree::flat(g), {0}) == encoding_tree::flat(g));  // no rounds
}

TEST_CASE("deepen: nothing to split", "[tree]") {
  for (const std::size_t n : {0U, 1U, 2U, 6U}) {
    CAPTURE(n);
    const relation_graph g = graph_of(n, {});
    REQUIRE(deepened(g, encoding_tree::flat(g), {2}) == encoding_tree::flat(g));
  }
  const relation_graph one = graph_of(4, {{1, 2, 1}});  // a pair and two isolated nodes
  REQUIRE(structural_entropy(deepened(one, encoding_tree::flat(one), {2})) ==
          Approx(1).epsilon(1e-12));
  const relation_graph across =
      graph_of(4, {{0, 2, 1}, {0, 3, 1}, {1, 2, 1}, {1, 3, 1}}, {0, 0, 1, 1});
  const encoding_tree flat = encoding_tree::flat(across, counted_edges::intra);
  REQUIRE(deepened(across, flat, {2}) == flat);
}

TEST_CASE("deepen: a round that gains less than the tolerance is the last", "[tree]") {
  double hardly = 0;
  double hard = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 100, 300, true);
    const encoding_tree flat = encoding_tree::flat(g);
    const encoding_tree once = deepened(g, flat, {1, 0, 0, seed});
    REQUIRE(once == deepened(g, flat, {50, 0, 1e6, seed}));  // no round gains a million bits
    hardly += structural_entropy(once);
    hard += structural_entropy(deepened(g, flat, {50, 0, 0, seed}));
  }
  REQUIRE(hard < hardly);
}

TEST_CASE("deepen: the same seed, the same tree", "[tree]") {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 80, 240, true);
    const encoding_tree flat = encoding_tree::flat(g);
    REQUIRE(deepened(g, flat, {2, 0, 0, seed}) == deepened(g, flat, {2, 0, 0, seed}));
  }
}

TEST_CASE("deepen: regular, large and uneven graphs", "[tree]") {
  const relation_graph all = complete_graph(64);
  const encoding_tree binary = deepened(all, encoding_tree::flat(all), {2});
  REQUIRE(binary.size() == 127);  // every two children are connected, so each has two
  const relation_graph around = star(2000);
  REQUIRE(best_combination(around, deepened(around, encoding_tree::flat(around), {1}), no_limit) <=
          1e-9);
  const relation_graph along = path(100000);
  const encoding_tree t = deepened(along, encoding_tree::flat(along), {1});
  REQUIRE(t.height() < 200);
  bool split = true;
  for (node_id v = 100000; v < t.size(); ++v) {
    if (t.children(v).size() < 3) continue;
    // Three or more stretches of a path: neighbouring ones could be combined.
    split = false;
  }
  REQUIRE(split);
  const relation_graph parts =
      graph_of(7, {{0, 1, 1}, {0, 2, 1}, {1, 2, 1}, {3, 4, 1}, {3, 5, 1}, {4, 5, 1}});
  const encoding_tree two = deepened(parts, encoding_tree::flat(parts), {4});
  REQUIRE(two.parent(6) == two.root());
  REQUIRE(two.children(two.root()).size() == 3);
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    const relation_graph g = extreme_graph(seed, 2 + seed, 4 * seed);
    const encoding_tree u = deepened(g, encoding_tree::flat(g), {2, 0, 0, seed});
    REQUIRE(structural_entropy(u) <= structural_entropy(encoding_tree::flat(g)) + 1e-9);
    REQUIRE(best_combination(g, u, no_limit) <= 1e-9);
  }
}
