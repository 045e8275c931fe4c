// SPDX-License-Identifier: MIT
// Trees of SEP's own implementation, which merge and compress reproduce with smoothing 1.
//
// Where the values come from: SEPN/codingTree.py of github.com/Wu-Junran/SEP (commit
// 22e3ec31aec713af02b155a04e2e810f59f00840) in mode v1, PartitionTree(matrix).build_coding_tree(k,
// "v1"), k = None for an unbounded tree, run with Python 3.11 and numpy on 24 November 2026. The
// matrix held integers (of the weighted graph float64); cut_volume was a numpy sum over a submatrix
// instead of numba's loop. `exact` follows from SEP's trees by Eq. 4 and the nodes' sets of leaves;
// `own` is what SEP's entropy() returns, which adds 1 to every volume. Nodes count leaves and root.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include <hint/io/npy.hpp>
#include <hint/tree/builder.hpp>
#include <hint/tree/compress.hpp>
#include <hint/tree/merge.hpp>
#include <hint/tree/structural_entropy.hpp>

#include "support/catch.hpp"
#include "support/data.hpp"
#include "tree/graphs.hpp"

using namespace hint;
using namespace hint_tests;
using tree::encoding_tree;
using tree::unbounded;

namespace {

struct golden {
  std::size_t height;  ///< limit
  double exact;
  double own;
  std::size_t nodes;
  std::vector<std::size_t> by_depth;  ///< nodes per depth from the root down
};

encoding_tree sep(const relation_graph& graph, std::size_t height) {
  const tree::builder build{tree::merge{{.smoothing = 1}},
                            tree::compress{{.height = height, .smoothing = 1}}};
  return build(graph);
}

double own_entropy(const encoding_tree& t) {
  double bits = 0;
  for (node_id v = 0; v < t.root(); ++v)
    bits +=
        t.cut(v) / t.volume(t.root()) * std::log2((t.volume(t.parent(v)) + 1) / (t.volume(v) + 1));
  return bits;
}

std::vector<std::size_t> nodes_by_depth(const encoding_tree& t) {
  std::vector<std::size_t> counts(t.height() + 1);
  for (node_id v = 0; v < t.size(); ++v) ++counts[t.depth(v)];
  return counts;
}

/// For each leaf the smallest leaf below its parent.
std::vector<node_id> lowest_communities(const encoding_tree& t) {
  std::vector<node_id> out(t.leaf_count());
  for (node_id v = 0; v < t.leaf_count(); ++v)
    out[v] = *std::ranges::min_element(t.leaves(t.parent(v)));
  return out;
}

void check(const relation_graph& graph, const std::vector<golden>& expected) {
  for (const golden& g : expected) {
    CAPTURE(g.height);
    const encoding_tree t = sep(graph, g.height);
    CHECK(std::abs(tree::structural_entropy(t) - g.exact) <= 1e-12);
    CHECK(std::abs(own_entropy(t) - g.own) <= 1e-12);
    CHECK(t.size() == g.nodes);
    if (!g.by_depth.empty()) CHECK(nodes_by_depth(t) == g.by_depth);
  }
}

/// Zachary's karate club: 34 nodes, 78 edges, many ties.
relation_graph karate() {
  const std::vector<std::vector<node_id>> above{
      {1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 17, 19, 21, 31},
      {2, 3, 7, 13, 17, 19, 21, 30},
      {3, 7, 8, 9, 13, 27, 28, 32},
      {7, 12, 13},
      {6, 10},
      {6, 10, 16},
      {16},
      {},
      {30, 32, 33},
      {33},
      {},
      {},
      {},
      {33},
      {32, 33},
      {32, 33},
      {},
      {},
      {32, 33},
      {33},
      {32, 33},
      {},
      {32, 33},
      {25, 27, 29, 32, 33},
      {25, 27, 31},
      {31},
      {29, 33},
      {33},
      {31, 33},
      {32, 33},
      {32, 33},
      {32, 33},
      {33},
      {}};
  std::vector<weighted_edge> edges;
  for (node_id a = 0; a < above.size(); ++a)
    for (const node_id b : above[a]) edges.push_back({a, b, 1});
  return graph_of(above.size(), edges);
}

relation_graph read_graph(const std::filesystem::path& file) {
  const auto list = io::read_npy<std::uint32_t>(file);
  std::vector<weighted_edge> edges(list.rows());
  for (std::size_t i = 0; i < edges.size(); ++i)
    edges[i] = {list.values[2 * i], list.values[2 * i + 1], 1};
  return graph_of(std::size_t{1} + *std::ranges::max_element(list.values), edges);
}

}  // namespace

TEST_CASE("SEP's trees: karate club", "[tree]") {
  const relation_graph g = karate();
  REQUIRE(g.edge_count() == 78);
  check(g, {{2, 3.83316286019184, 3.57722182598956, 37, {1, 2, 34}},
            {3, 3.14884231685607, 2.90947288028801, 42, {1, 2, 10, 29}},
            {5, 2.86205807430553, 2.63711433005663, 53, {1, 2, 4, 12, 20, 14}},
            {unbounded,
             2.76486256028485,
             2.54362084453783,
             67,
             {1, 2, 4, 8, 12, 10, 8, 6, 4, 4, 4, 2, 2}}});
  CHECK(lowest_communities(sep(g, 2)) == std::vector<node_id>{0, 0, 0, 0, 0, 0, 0, 0, 8, 8, 0, 0,
                                                              0, 0, 8, 8, 0, 0, 8, 0, 8, 0, 8, 8,
                                                              8, 8, 8, 8, 8, 8, 8, 8, 8, 8});
  CHECK(lowest_communities(sep(g, 3)) ==
        std::vector<node_id>{0, 0, 0, 0, 4, 4, 4, 0,  8,  9, 4, 0,  0, 0, 8,  8, 4,
                             0, 8, 0, 8, 0, 8, 9, 24, 24, 9, 9, 24, 9, 8, 24, 8, 9});
}

TEST_CASE("SEP's trees: random graph of several components with isolated nodes", "[tree]") {
  const relation_graph g = random_graph(3, 60, 55, false);
  REQUIRE(g.edge_count() == 54);  // else it is not the graph that SEP was given
  check(g, {{2, 3.41692058504565, 2.96196179920789, 69, {1, 17, 51}},
            {3, 2.63500913612561, 2.22496405080452, 78, {1, 14, 15, 48}},
            {5, 2.14512575722728, 1.7926198024592, 97, {1, 13, 8, 12, 24, 39}},
            {unbounded, 2.01445383931169, 1.67647585950047, 109, {1, 12, 6, 6, 8, 16, 30, 26, 4}}});
}

TEST_CASE("SEP's trees: random graph with double edges", "[tree]") {
  const relation_graph g = random_graph(6, 80, 200, false);
  REQUIRE(g.edge_count() == 193);
  REQUIRE(g.volume() == 392);
  check(g,
        {{2, 5.11966294837357, 4.86873712076438, 84, {1, 4, 79}},
         {3, 4.33519543101564, 4.09734881366313, 94, {1, 4, 25, 64}},
         {5, 3.84609384703431, 3.62436315579557, 116, {1, 3, 5, 15, 48, 44}},
         {unbounded, 3.57935764062106, 3.37101149989604, 159, {1, 2, 2, 4, 8, 16, 32, 48, 38, 8}}});
}

TEST_CASE("SEP's trees: random weights", "[tree]") {
  const relation_graph g = random_graph(5, 50, 120, true);
  REQUIRE(g.edge_count() == 114);
  REQUIRE(g.volume() == Approx(137.12533454618648).epsilon(1e-14));
  check(g, {{2, 4.03419766775677, 3.63739127374321, 57, {1, 6, 50}},
            {3, 3.86594720371715, 3.47090839924206, 59, {1, 2, 6, 50}},
            {5, 3.15298047155137, 2.80597613411737, 83, {1, 2, 4, 8, 18, 50}},
            {unbounded, 3.03197275057198, 2.69813985088546, 99, {1, 2, 4, 8, 16, 32, 28, 6, 2}}});
}

TEST_CASE("SEP's trees: relation graphs of 500 and 1,000 pairs", "[tree]") {
  const auto folder = data_folder("graphs");
  if (!folder) return;
  check(read_graph(*folder / "g500.npy"),
        {{2, 7.269717100605606, 7.0210578985826935, 1016, {1, 48, 967}},
         {3, 6.253508500635755, 6.007024290618689, 1030, {1, 3, 26, 1000}},
         {unbounded, 4.404233525446325, 4.192291596041277, 1999, {}}});
  check(read_graph(*folder / "g1000.npy"),
        {{2, 7.265579208196648, 7.023541873682758, 2023, {1, 22, 2000}},
         {3, 7.177346557836424, 6.935395042576941, 2025, {1, 14, 1148, 862}},
         {unbounded, 4.653692523884272, 4.446016903348454, 3999, {}}});
}
