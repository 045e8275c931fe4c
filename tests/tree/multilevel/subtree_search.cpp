// SPDX-License-Identifier: MIT
#include <hint/tree/multilevel/subtree_search.hpp>

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
using tree::detail::search_effort;
using tree::detail::two_level_subtrees;

namespace {

/// Improves the tree; the entropy falls by what is returned, the tree gets no higher than allowed.
double improve(const relation_graph& g, encoding_tree& t, std::size_t parity, std::size_t height,
               const search_effort& effort) {
  const encoding_tree old = t;
  const double gain = two_level_subtrees(g, t, parity, height).improve(t, effort);
  const double fall = structural_entropy(old) - structural_entropy(t);
  REQUIRE(gain >= 0);
  REQUIRE(std::abs(fall - gain) <= 1e-9);
  REQUIRE(t.height() <= (std::max)(height, old.height()));
  REQUIRE(t.counted() == old.counted());
  if (gain <= 0) REQUIRE(t == old);
  return gain;
}
/// At both parities until neither gains.
void reorder(const relation_graph& g, encoding_tree& t, std::size_t height, search_effort effort) {
  for (std::size_t turn = 0, idle = 0; idle < 4; ++turn) {
    REQUIRE(turn < 1000);
    ++effort.seed;
    idle = improve(g, t, turn % 2, height, effort) > 0 ? 0 : idle + 1;
  }
}

/// The entropy if node x (a leaf that is a child, or a grandchild) of two-level subtree f joined
/// community y (a child of f; a leaf joins to make a pair), or stood alone for `no_node`.
double entropy_after(const relation_graph& g, const encoding_tree& t, node_id f, node_id x,
                     node_id y) {
  std::vector<node_id> parents = parents_of(t);
  node_id target = f;
  if (y != no_node) {
    target = y;
    if (t.is_leaf(y)) {
      target = static_cast<node_id>(parents.size());
      parents.push_back(f);
      parents[y] = target;
    }
  }
  parents[x] = target;
  return structural_entropy(tree::detail::canonicalize(g, parents, t.root(), t.counted()));
}
/// The most that one move of a node in a two-level subtree of any depth could gain.
double best_move(const relation_graph& g, const encoding_tree& t, std::size_t height,
                 std::size_t largest) {
  const double before = structural_entropy(t);
  double best = 0;
  for (auto f = static_cast<node_id>(g.size()); f < t.size(); ++f) {
    if (t.depth(f) + 2 > height || t.children(f).size() < 2) continue;
    for (const node_id child : t.children(f)) {
      std::vector<node_id> nodes{child};
      if (!t.is_leaf(child)) nodes.assign(t.children(child).begin(), t.children(child).end());
      for (const node_id x : nodes) {
        if (x != child) best = (std::max)(best, before - entropy_after(g, t, f, x, no_node));
        for (const node_id y : t.children(f))
          if (y != child && t.leaves(y).size() + t.leaves(x).size() <= largest)
            best = (std::max)(best, before - entropy_after(g, t, f, x, y));
      }
    }
  }
  return best;
}

}  // namespace

TEST_CASE("two_level_subtrees: a node that is with the wrong triangle", "[tree]") {
  const relation_graph g = two_triangles(0.5);
  auto t = encoding_tree::from_parents(g, {6, 6, 7, 7, 7, 7, 8, 8, no_node});
  const double before = structural_entropy(t);
  const double gain = improve(g, t, 0, 2, {2});
  REQUIRE(parents_of(t) == std::vector<node_id>{6, 6, 6, 7, 7, 7, 8, 8, no_node});
  REQUIRE(gain == Approx(before - structural_entropy(t)).epsilon(1e-12));
  // At the other parity there is no room below height 2.
  auto same = t;
  REQUIRE(improve(g, same, 1, 2, {2}) == 0);
  REQUIRE(same == t);
  // Below height 3 there is: a pair in each triangle.
  REQUIRE(improve(g, t, 1, 3, {2}) == Approx(4 * std::log2(6.5 / 4) / 13).epsilon(1e-12));
  REQUIRE(t.height() == 3);
}

TEST_CASE("two_level_subtrees: the entropy falls by exactly the gain", "[tree]") {
  double total = 0;
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 1 + seed % 60;
    const relation_graph g = random_graph(seed, n, (1 + seed % 4) * n, seed % 2 == 0);
    const auto counted = seed % 5 == 0 ? counted_edges::intra : counted_edges::all;
    encoding_tree t = testing::random_tree(g, counted, seed % 3 * n / 2, {seed, stream_id("tree")});
    for (std::size_t turn = 0; turn < 4; ++turn) {
      CAPTURE(turn);
      const std::size_t height = seed % 2 == 0 ? tree::unbounded : 1 + seed % 6;
      total += improve(g, t, turn % 2, height, {1 + turn % 2, 0, 0, seed + turn});
      testing::check_tree(g, t);
    }
    REQUIRE(structural_entropy(t) ==
            Approx(entropy_by_definition(g, parents_of(t), counted == counted_edges::intra))
                .margin(1e-9));
  }
  REQUIRE(total > 10);
}

TEST_CASE("two_level_subtrees: no tree gets higher than it may", "[tree]") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 20 + seed;
    const relation_graph g = random_graph(seed, n, 3 * n, true);
    encoding_tree t = testing::random_tree(g, counted_edges::all, n, {seed, stream_id("tree")});
    const std::size_t limit = 1 + seed % (t.height() + 2);
    const std::size_t most = (std::max)(limit, t.height());
    for (std::size_t turn = 0; turn < 6; ++turn) {
      improve(g, t, turn % 2, limit, {2, 0, 0, turn});
      REQUIRE(t.height() <= most);
    }
  }
}

TEST_CASE("two_level_subtrees: trees with communities of one child", "[tree]") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 4 + seed;
    const relation_graph g = random_graph(seed, n, 3 * n, true);
    // Every node of a random tree but the root is put into a community of its own.
    const encoding_tree log_volume =
        testing::random_tree(g, counted_edges::all, n / 2, {seed, stream_id("tree")});
    std::vector<node_id> parents(n);
    const auto upper = [&](node_id v) { return static_cast<node_id>(n + 2 * (v - n) + n); };
    parents.resize(n + n + 2 * (log_volume.root() - n) + 1, no_node);
    for (node_id v = 0; v < log_volume.root(); ++v) {
      const node_id p = upper(log_volume.parent(v));
      if (v < n) {
        parents[v] = static_cast<node_id>(n + v);
        parents[n + v] = p;
      } else {
        parents[upper(v)] = upper(v) + 1;
        parents[upper(v) + 1] = p;
      }
    }
    auto t = encoding_tree::from_parents(g, parents);
    REQUIRE(structural_entropy(t) == Approx(structural_entropy(log_volume)).margin(1e-9));
    for (std::size_t turn = 0; turn < 4; ++turn)
      improve(g, t, turn % 2, t.height(), {2, 0, 0, turn});
    testing::check_tree(g, t);
  }
}

TEST_CASE("two_level_subtrees: when nothing gains, no move in a two-level subtree does", "[tree]") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 3 + seed % 24;
    const relation_graph g = random_graph(seed, n, 2 * n, true);
    const std::size_t height = seed % 3 == 0 ? tree::unbounded : 2 + seed % 3;
    const std::size_t largest = seed % 4 == 0 ? 6 : no_limit;
    encoding_tree t = encoding_tree::flat(g);
    reorder(g, t, height, {2, 0, 0, seed, largest});
    REQUIRE(best_move(g, t, height, largest) <= 1e-9);
  }
}

TEST_CASE("two_level_subtrees: communities are no larger than allowed", "[tree]") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 60, 180, true);
    const std::size_t largest = 2 + seed % 9;
    encoding_tree t = encoding_tree::flat(g);
    reorder(g, t, tree::unbounded, {2, 0, 0, seed, largest});
    std::size_t most = 0;
    for (node_id v = 0; v < t.root(); ++v) most = (std::max)(most, t.leaves(v).size());
    REQUIRE(most <= largest);
    REQUIRE(most >= 2);
  }
}

TEST_CASE("two_level_subtrees: communities that are too large take in nobody", "[tree]") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 60, 180, true);
    const std::size_t largest = 2 + seed % 9;
    std::vector<node_id> parents(63, 62);
    for (node_id v = 0; v < 60; ++v) parents[v] = v < 25 ? 60 : 61;
    parents[62] = no_node;
    auto t = encoding_tree::from_parents(g, parents);
    for (std::size_t turn = 0; turn < 4; ++turn)
      improve(g, t, turn % 2, tree::unbounded, {2, 0, 0, turn, largest});
    // What is still too large has leaves of one of the two only.
    for (node_id v = 0; v < t.root(); ++v) {
      const auto leaves = t.leaves(v);
      if (leaves.size() > largest)
        REQUIRE(std::all_of(leaves.begin(), leaves.end(),
                            [&](node_id leaf) { return (leaf < 25) == (leaves[0] < 25); }));
    }
  }
}

TEST_CASE("two_level_subtrees: small graphs against the best trees of their height", "[tree]") {
  int optimal = 0;
  for (std::uint64_t seed = 0; seed < 24; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 4 + seed % 4;
    const std::size_t height = 2 + seed % 3;
    const relation_graph g = random_graph(seed, n, 2 * n, seed % 2 == 0);
    const double least = least_entropy(g, height);
    double best = 1e300;
    for (std::uint64_t turn = 0; turn < 8; ++turn) {
      encoding_tree t = encoding_tree::flat(g);
      reorder(g, t, height, {3, 0, 0, 1000 * turn});
      REQUIRE(structural_entropy(t) >= least - 1e-9);
      best = (std::min)(best, structural_entropy(t));
    }
    optimal += best <= least + 1e-9;
  }
  REQUIRE(optimal >= 15);  // of 24
}

TEST_CASE("two_level_subtrees: nothing to move", "[tree]") {
  for (const std::size_t n : {0U, 1U, 2U, 5U}) {
    CAPTURE(n);
    const relation_graph g = graph_of(n, {});
    for (const std::size_t parity : {0U, 1U}) {
      encoding_tree t = encoding_tree::flat(g);
      REQUIRE(improve(g, t, parity, tree::unbounded, {4}) == 0);
    }
  }
  const relation_graph g = random_graph(1, 30, 90, true);
  encoding_tree t = encoding_tree::flat(g);
  REQUIRE(improve(g, t, 0, 1, {4}) == 0);                // no room
  REQUIRE(improve(g, t, 1, tree::unbounded, {4}) == 0);  // no two-level subtree at odd depths
  REQUIRE(improve(g, t, 0, tree::unbounded, {0}) == 0);  // no rounds
  REQUIRE(improve(g, t, 0, tree::unbounded, {1}) > 0);
  const relation_graph across =
      graph_of(4, {{0, 2, 1}, {0, 3, 1}, {1, 2, 1}, {1, 3, 1}}, {0, 0, 1, 1});
  encoding_tree intra = encoding_tree::flat(across, counted_edges::intra);
  REQUIRE(improve(across, intra, 0, tree::unbounded, {4}) == 0);
}

TEST_CASE("two_level_subtrees: a round that gains less than the tolerance is the last", "[tree]") {
  double hardly = 0;
  double hard = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 100, 300, true);
    encoding_tree once = encoding_tree::flat(g);
    encoding_tree same = once;
    encoding_tree often = once;
    improve(g, once, 0, 2, {1, 0, 0, seed});
    improve(g, same, 0, 2, {50, 0, 1e6, seed});  // no round gains a million bits
    improve(g, often, 0, 2, {50, 0, 0, seed});
    REQUIRE(once == same);
    hardly += structural_entropy(once);
    hard += structural_entropy(often);
  }
  REQUIRE(hard < hardly);
}

TEST_CASE("two_level_subtrees: the same seed, the same tree", "[tree]") {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 80, 240, true);
    encoding_tree a = tree::builder(tree::merge(), tree::compress({.height = 4}))(g);
    encoding_tree b = a;
    for (const std::size_t parity : {0U, 1U}) {
      REQUIRE(improve(g, a, parity, 4, {2, 0, 0, seed}) ==
              improve(g, b, parity, 4, {2, 0, 0, seed}));
      REQUIRE(a == b);
    }
  }
}

TEST_CASE("two_level_subtrees: regular, large and uneven graphs", "[tree]") {
  const auto try_on = [](const relation_graph& g, encoding_tree t, std::size_t height) {
    for (std::size_t turn = 0; turn < 4; ++turn) improve(g, t, turn % 2, height, {1, 0, 0, turn});
    return t;
  };
  const relation_graph all = complete_graph(50);
  REQUIRE(try_on(all, encoding_tree::flat(all), 3).height() == 3);
  const relation_graph around = star(10000);
  try_on(around, encoding_tree::flat(around), 4);
  const relation_graph along = path(100000);
  REQUIRE(try_on(along, encoding_tree::flat(along), 3).height() == 3);
  // A chain as deep as the path is long.
  std::vector<node_id> parents(2 * std::size_t{20000} - 1);
  for (node_id v = 0; v < 20000; ++v) parents[v] = 20000 + (v == 0 ? 0 : v - 1);
  for (node_id v = 20000; v < parents.size(); ++v) parents[v] = v + 1;
  parents.back() = no_node;
  const relation_graph chain = path(20000);
  const auto deep = encoding_tree::from_parents(chain, parents);
  REQUIRE(deep.height() == 19999);
  REQUIRE(try_on(chain, deep, 1).height() == 19999);  // nothing may sink
  REQUIRE(try_on(chain, deep, tree::unbounded).height() < 19999);
  const relation_graph parts =
      graph_of(7, {{0, 1, 1}, {0, 2, 1}, {1, 2, 1}, {3, 4, 1}, {3, 5, 1}, {4, 5, 1}});
  const encoding_tree two = try_on(parts, encoding_tree::flat(parts), 2);
  REQUIRE(two.parent(6) == two.root());
  REQUIRE(two.children(two.root()).size() == 3);
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    const relation_graph g = extreme_graph(seed, 2 + seed, 4 * seed);
    try_on(g, testing::random_tree(g, counted_edges::all, seed, {seed, 1}), tree::unbounded);
  }
}
