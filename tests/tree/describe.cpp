// SPDX-License-Identifier: MIT
#include <hint/tree/describe.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

using namespace hint;
using namespace hint_tests;
using tree::encoding_tree;
using tree::no_node;

namespace {

encoding_tree triangles_tree() {
  return encoding_tree::from_parents(two_triangles(), {6, 6, 6, 7, 7, 7, 8, 8, no_node});
}

/// Leaf v and the one above it, by climbing.
node_id at_depth(const encoding_tree& t, node_id v, std::size_t depth) {
  while (t.depth(v) > depth) v = t.parent(v);
  return v;
}

}  // namespace

TEST_CASE("describe: two triangles by hand, as in docs/concepts/encoding_tree.md", "[tree]") {
  const auto found = tree::describe(triangles_tree());
  REQUIRE(found.leaves == 6);
  REQUIRE(found.communities == 3);
  REQUIRE(found.height == 2);
  REQUIRE(found.levels.size() == 3);
  REQUIRE(found.levels[1].largest == 3);
  REQUIRE(std::isnan(found.one_sided));
  REQUIRE(std::isnan(found.levels[0].pairs_together));
  REQUIRE(found.text() ==
          "encoding tree: 6 leaves, 3 communities, height 2\n"
          "entropy: 1.6995 bits a step, 2.5567 without the tree: 33.5 % less\n"
          "depth  leaves  communities  of leaves: min  median  mean  max  entropy (bits)\n"
          "    0       0            1               6     6.0   6.0    6          0.0000\n"
          "    1       0            2               3     3.0   3.0    3          0.1429\n"
          "    2       6            0               -       -     -    -          1.5567\n");
}

TEST_CASE("describe: pairs by hand", "[tree]") {
  // Pairs 0-3, 1-4, 2-5 and communities {0 1}, {2 5}, {3 4}: one pair stays together below the
  // root, and leaves 0, 1, 3, 4 have none of the other half in their lowest community. The terms
  // are 2/14 log2(14/4) + (5 + 3)/14 log2(14/5) at depth 1 and 2 (2/14 log2 2 + 3/14 log2(5/3) +
  // 2/14 log2(5/2)) at depth 2.
  const relation_graph g = two_triangles();
  const auto t = encoding_tree::from_parents(g, {6, 6, 7, 8, 8, 7, 9, 9, 9, no_node});
  const auto found = tree::describe(t, {.pairs = 3});
  REQUIRE(found.pairs == 3);
  REQUIRE(found.levels[0].pairs_together == 1);
  REQUIRE(found.levels[1].pairs_together == 1 / 3.);
  REQUIRE(found.levels[2].pairs_together == 0);
  REQUIRE(found.one_sided == 4 / 6.);
  REQUIRE(found.text() ==
          "encoding tree: 6 leaves, 4 communities, height 2\n"
          "entropy: 2.0863 bits a step, 2.5567 without the tree: 18.4 % less\n"
          "depth  leaves  communities  of leaves: min  median  mean  max  entropy (bits)  "
          "pairs together\n"
          "    0       0            1               6     6.0   6.0    6          0.0000         "
          "100.0 %\n"
          "    1       0            3               2     2.0   2.0    2          1.1070          "
          "33.3 %\n"
          "    2       6            0               -       -     -    -          0.9793           "
          "0.0 %\n"
          "leaves whose lowest community holds none of the other half: 66.7 %\n");
}

TEST_CASE("describe: sizes when leaves hang at different depths", "[tree]") {
  // Depth 1: leaf 7 and communities of 2, 4 and 1; depth 2: leaves and one of 3.
  const auto t = encoding_tree::from_parents(graph_of(8, {}),
                                             {9, 9, 10, 8, 8, 8, 11, 12, 10, 12, 12, 12, no_node});
  const auto found = tree::describe(t);
  REQUIRE(found.height == 3);
  REQUIRE(found.communities == 5);
  REQUIRE(found.share == 0);
  const auto& levels = found.levels;
  REQUIRE(levels[0].communities == 1);
  REQUIRE(levels[0].median == 8);
  REQUIRE(levels[1].leaves == 1);
  REQUIRE(levels[1].communities == 3);
  REQUIRE(levels[1].smallest == 1);
  REQUIRE(levels[1].median == 2);
  REQUIRE(levels[1].mean == Approx(7 / 3.).epsilon(1e-15));
  REQUIRE(levels[1].largest == 4);
  REQUIRE(levels[2].leaves == 4);
  REQUIRE(levels[2].communities == 1);
  REQUIRE(levels[3].leaves == 3);
  REQUIRE(levels[3].communities == 0);
  REQUIRE(levels[3].largest == 0);
  // An even number of communities: between the middle two.
  const auto even =
      tree::describe(encoding_tree::from_parents(graph_of(5, {}), {5, 5, 5, 5, 6, 7, 7, no_node}));
  REQUIRE(even.levels[1].median == 2.5);
}

TEST_CASE("describe: random trees against the definition", "[tree]") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 2 + 2 * (seed % 12);
    const relation_graph g = random_graph(seed, n, 3 * n, true);
    const auto t = testing::random_tree(g, tree::counted_edges::all, seed % 30, {seed, 1});
    const auto found = tree::describe(t, {.pairs = n / 2});
    const auto by_depth = tree::entropy_by_depth(t);
    REQUIRE(found.levels.size() == t.height() + 1);
    REQUIRE(found.entropy == tree::structural_entropy(t));
    REQUIRE(found.flat_entropy == Approx(tree::structural_entropy(g)).epsilon(1e-12));
    REQUIRE(found.share == Approx(1 - found.entropy / found.flat_entropy).margin(1e-15));
    for (std::size_t d = 0; d < found.levels.size(); ++d) {
      const tree::tree_level& level = found.levels[d];
      std::vector<std::size_t> sizes;
      std::size_t leaves = 0;
      for (node_id v = 0; v < t.size(); ++v) {
        if (t.depth(v) != d) continue;
        if (t.is_leaf(v))
          ++leaves;
        else
          sizes.push_back(t.leaves(v).size());
      }
      std::sort(sizes.begin(), sizes.end());
      REQUIRE(level.depth == d);
      REQUIRE(level.leaves == leaves);
      REQUIRE(level.communities == sizes.size());
      REQUIRE(level.entropy == by_depth[d]);
      if (!sizes.empty()) {
        REQUIRE(level.smallest == sizes.front());
        REQUIRE(level.largest == sizes.back());
        const double below = static_cast<double>(sizes[(sizes.size() - 1) / 2]);
        const double above = static_cast<double>(sizes[sizes.size() / 2]);
        REQUIRE(level.median == (below + above) / 2);
        double sum = 0;
        for (const std::size_t s : sizes) sum += static_cast<double>(s);
        REQUIRE(level.mean == Approx(sum / static_cast<double>(sizes.size())).epsilon(1e-14));
      }
      std::size_t together = 0;
      for (node_id i = 0; i < n / 2; ++i) {
        const node_id community = at_depth(t, i, d);
        if (community == at_depth(t, static_cast<node_id>(n / 2 + i), d)) ++together;
      }
      REQUIRE(level.pairs_together == static_cast<double>(together) / static_cast<double>(n / 2));
    }
    std::size_t alone = 0;
    for (node_id v = 0; v < n; ++v) {
      const auto around = t.leaves(t.parent(v));
      if (std::none_of(around.begin(), around.end(),
                       [&](node_id w) { return (w < n / 2) != (v < n / 2); }))
        ++alone;
    }
    REQUIRE(found.one_sided == static_cast<double>(alone) / static_cast<double>(n));
  }
}

TEST_CASE("describe: no leaf, one leaf, no edges", "[tree]") {
  const auto none = tree::describe(encoding_tree());
  REQUIRE(none.leaves == 0);
  REQUIRE(none.communities == 1);
  REQUIRE(none.entropy == 0);
  REQUIRE(none.share == 0);
  REQUIRE(none.text() ==
          "encoding tree: 0 leaves, 1 community, height 0\n"
          "entropy: 0.0000 bits a step, 0.0000 without the tree: 0.0 % less\n"
          "depth  leaves  communities  of leaves: min  median  mean  max  entropy (bits)\n"
          "    0       0            1               0     0.0   0.0    0          0.0000\n");
  const auto one = tree::describe(encoding_tree::flat(graph_of(1, {})));
  REQUIRE(one.text().starts_with("encoding tree: 1 leaf, 1 community, height 1\n"));
  REQUIRE(one.levels[0].largest == 1);
  REQUIRE(one.levels[1].leaves == 1);
  const auto pair = tree::describe(encoding_tree::flat(graph_of(2, {{0, 1, 1}})), {.pairs = 1});
  REQUIRE(pair.levels[0].pairs_together == 1);
  REQUIRE(pair.levels[1].pairs_together == 0);
  REQUIRE(pair.one_sided == 0);
  REQUIRE(pair.share == 0);
}

TEST_CASE("describe: edges within groups are compared with edges within groups", "[tree]") {
  const relation_graph g = graph_of(6, two_triangles().edges(), {0, 0, 1, 1, 0, 0});
  const auto flat = encoding_tree::flat(g, tree::counted_edges::intra);
  const auto found = tree::describe(flat);
  REQUIRE(found.entropy < tree::structural_entropy(g));
  REQUIRE(found.flat_entropy == found.entropy);
  REQUIRE(found.share == 0);
}

TEST_CASE("describe: a chain as deep as the graph is large", "[tree]") {
  constexpr node_id n = 100000;
  std::vector<node_id> parents(2 * n - 1);
  parents[0] = n;
  for (node_id i = 1; i < n; ++i) parents[i] = n + i - 1;
  for (node_id v = n; v + 1 < 2 * n - 1; ++v) parents[v] = v + 1;
  parents.back() = no_node;
  const auto found =
      tree::describe(encoding_tree::from_parents(path(n), parents), {.pairs = n / 2});
  REQUIRE(found.levels.size() == n);
  REQUIRE(found.levels[500].mean == n - 500);
  // Pair i parts where leaf n / 2 + i leaves the chain, at depth n / 2 - 1 - i.
  REQUIRE(found.levels[500].pairs_together == 1 - 500. / (n / 2));
  const std::string text = found.text();
  REQUIRE(std::count(text.begin(), text.end(), '\n') == 2 + 1 + 20 + 1 + 1 + 1);
  REQUIRE(text.find("\n... 99979 levels left out\n99999 ") != std::string::npos);
}

TEST_CASE("describe: pairs that do not fit", "[tree]") {
  CHECK_THROWS_MESSAGE(tree::describe(triangles_tree(), {.pairs = 2}), shape_error,
                       "describe: 2 pairs for 6 leaves, expected half as many");
  CHECK_THROWS_MESSAGE(tree::describe(encoding_tree::flat(path(5)), {.pairs = 2}), shape_error,
                       "describe: 2 pairs for 5 leaves, expected half as many");
}
