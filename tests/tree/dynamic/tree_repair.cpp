// SPDX-License-Identifier: MIT
#include <hint/tree/dynamic/tree_repair.hpp>

#include <algorithm>
#include <limits>
#include <vector>

#include <hint/tree/structural_entropy.hpp>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

using namespace hint;
using namespace hint_tests;
using tree::encoding_tree;
using tree::incident_edge;
using tree::no_node;
using tree::detail::tree_repair;

namespace {

constexpr auto all_looks = (std::numeric_limits<std::int64_t>::max)();

/// `count` cliques of `size` nodes, each joined to the next by one edge.
std::vector<weighted_edge> cliques(node_id count, node_id size) {
  std::vector<weighted_edge> edges;
  for (node_id c = 0; c < count; ++c) {
    for (node_id i = 0; i < size; ++i)
      for (node_id j = 0; j < i; ++j) edges.push_back({c * size + i, c * size + j, 1});
    if (c > 0) edges.push_back({c * size, c * size - 1, 1});
  }
  return edges;
}

/// Which leaves share a community with v.
std::vector<node_id> beside(const tree_repair& r, node_id v) {
  std::vector<node_id> out;
  r.tree().collect({r.tree().parent_of_leaf(v), false}, out);
  std::sort(out.begin(), out.end());
  return out;
}

encoding_tree partition(const relation_graph& g, const std::vector<node_id>& part) {
  const auto n = static_cast<node_id>(g.size());
  const node_id parts = 1 + *std::max_element(part.begin(), part.end());
  std::vector<node_id> parents;
  for (const node_id p : part) parents.push_back(n + p);
  parents.resize(n + parts, n + parts);
  parents.push_back(no_node);
  return encoding_tree::from_parents(g, std::move(parents));
}

}  // namespace

TEST_CASE("tree_repair: a leaf goes home when a neighbour is edited", "[tree]") {
  const relation_graph g = graph_of(12, cliques(3, 4));
  // Leaf 3 is with the second clique, leaf 11 with the first.
  const auto start = partition(g, {0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 0});
  tree_repair r(g, start, 2, 64);
  const double before = r.tree().entropy();
  r.set_edge(2, 3, 2);
  REQUIRE(std::ranges::count(beside(r, 0), 3U) == 1);
  r.set_edge(10, 11, 2);
  REQUIRE(beside(r, 0) == std::vector<node_id>{0, 1, 2, 3});
  REQUIRE(beside(r, 8) == std::vector<node_id>{8, 9, 10, 11});
  REQUIRE(r.tree().entropy() < before);
}

TEST_CASE("tree_repair: halves of a clique are merged, two cliques in one are split", "[tree]") {
  const relation_graph g = graph_of(24, cliques(4, 6));
  std::vector<node_id> part(24);
  for (node_id v = 0; v < 24; ++v) part[v] = v < 6 ? v / 3 : v < 18 ? 2 : 3;
  tree_repair r(g, partition(g, part), 2, 64);
  r.improve(all_looks);
  for (node_id v = 0; v < 24; ++v) REQUIRE(beside(r, v) == beside(r, v / 6 * 6));
  REQUIRE(beside(r, 0).size() == 6);
  REQUIRE(beside(r, 6).size() == 6);
  REQUIRE(r.pending() == 0);
}

TEST_CASE("tree_repair: a level is put in where the height allows", "[tree]") {
  const relation_graph g = graph_of(24, cliques(4, 6));
  std::vector<node_id> part(24);
  for (node_id v = 0; v < 24; ++v) part[v] = v / 12;
  tree_repair r(g, partition(g, part), 3, 64);
  r.improve(all_looks);
  REQUIRE(beside(r, 0) == std::vector<node_id>{0, 1, 2, 3, 4, 5});
  REQUIRE(r.tree().depth(r.tree().parent_of_leaf(0)) == 2);
}

TEST_CASE("tree_repair: without a budget nothing but placing happens", "[tree]") {
  const relation_graph g = graph_of(12, cliques(3, 4));
  tree_repair r(g, partition(g, {0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 0}), 2, 0);
  r.set_edge(2, 3, 2);
  r.set_edge(10, 11, 2);
  const std::vector<incident_edge> edges{{8}, {9}, {10}};
  const node_id v = r.insert(edges, 0);
  REQUIRE(beside(r, 0) == std::vector<node_id>{0, 1, 2, 11});
  REQUIRE(beside(r, v) == std::vector<node_id>{8, 9, 10, 12});
  REQUIRE(r.pending() == 0);
  r.improve(all_looks);  // but when asked to
  REQUIRE(beside(r, 0) == std::vector<node_id>{0, 1, 2, 3});
}

TEST_CASE("tree_repair: what exceeds the budget waits for the next edits", "[tree]") {
  const node_id n = 1000;
  std::vector<weighted_edge> edges = cliques(n / 4, 4);
  for (node_id v = 0; v < n; ++v) edges.push_back({v, n, 1});
  const relation_graph g = graph_of(n + 1, edges);
  tree_repair r(g, encoding_tree::flat(g), 2, 16);
  r.remove(n);  // all are its neighbours
  REQUIRE(r.pending() > n / 2);
  const double before = r.tree().entropy();
  for (node_id i = 0; i < n && r.pending() > 0; ++i) r.set_edge(0, 1, i % 2 == 0 ? 2 : 1);
  REQUIRE(r.pending() == 0);
  REQUIRE(r.tree().entropy() < 0.7 * before);
}

TEST_CASE("tree_repair: a hub is looked at when a sixteenth of its edges has changed", "[tree]") {
  // Cliques 0 .. 63, 64 .. 127, and so on; hub 320 belongs to the first and is with the last.
  std::vector<weighted_edge> edges = cliques(5, 64);
  for (node_id i = 0; i < 64; ++i) edges.push_back({i, 320, 1});
  const relation_graph g = graph_of(321, edges);
  std::vector<node_id> part(321);
  for (node_id v = 0; v < 321; ++v) part[v] = (std::min)(v / 64, 4U);
  tree_repair r(g, partition(g, part), 2, 64);
  for (node_id i = 0; i < 4; ++i) {
    REQUIRE(beside(r, 320).back() == 320);
    REQUIRE(beside(r, 320).front() == 256);
    r.set_edge(i, 320, 2);
  }
  REQUIRE(beside(r, 320).size() == 65);
  REQUIRE(beside(r, 320).front() == 0);
}

TEST_CASE("tree_repair: many edits beside a hub", "[tree]") {
  const node_id n = 20000;
  const relation_graph g = star(n);
  tree_repair r(g, encoding_tree::flat(g), 2, 64);
  for (node_id i = 0; i < n; ++i) {
    r.remove(1 + i);
    const std::vector<incident_edge> edges{{0}};
    r.insert_as(1 + i, edges, 0);
  }
  REQUIRE(r.graph()[0].size() == n);
  REQUIRE(r.tree().entropy() <= tree::structural_entropy(g) + 1e-9);
}
