// SPDX-License-Identifier: MIT
// Graphs for the tests of tree/, and the definition of structural entropy at its plainest.
#ifndef HINT_TESTS_TREE_GRAPHS_HPP
#define HINT_TESTS_TREE_GRAPHS_HPP

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include <hint/core/relation_graph.hpp>
#include <hint/testing/tree_axioms.hpp>
#include <hint/tree/encoding_tree.hpp>

namespace hint_tests {

using hint::node_id;
using hint::relation_graph;
using hint::weighted_edge;

inline relation_graph graph_of(std::size_t nodes, std::vector<weighted_edge> edges,
                               std::vector<std::uint8_t> groups = {}) {
  return relation_graph::from_edges(nodes, edges, hint::duplicate_edges::sum, std::move(groups));
}

/// Two triangles 0 1 2 and 3 4 5, joined by the edge 2 - 3.
inline relation_graph two_triangles(double bridge = 1) {
  return graph_of(
      6, {{0, 1, 1}, {0, 2, 1}, {1, 2, 1}, {2, 3, bridge}, {3, 4, 1}, {3, 5, 1}, {4, 5, 1}});
}

inline relation_graph random_graph(std::uint64_t seed, std::size_t nodes, std::size_t edges,
                                   bool weighted) {
  return hint::testing::random_graph(nodes, edges, weighted, {seed, hint::stream_id("test graph")});
}

inline relation_graph star(std::size_t leaves) {
  std::vector<weighted_edge> edges;
  for (node_id i = 1; i <= leaves; ++i) edges.push_back({0, i, 1});
  return graph_of(leaves + 1, edges);
}

inline relation_graph path(std::size_t nodes) {
  std::vector<weighted_edge> edges;
  for (node_id i = 1; i < nodes; ++i) edges.push_back({i - 1, i, 1});
  return graph_of(nodes, edges);
}

/// Eq. 4 from the leaf sets of all nodes, with nothing shared with the library.
inline double entropy_by_definition(const relation_graph& graph,
                                    const std::vector<node_id>& parents, bool intra = false) {
  const auto root = parents.size() - 1;
  std::vector<std::vector<bool>> below(parents.size(), std::vector<bool>(graph.size()));
  for (node_id leaf = 0; leaf < graph.size(); ++leaf)
    for (std::size_t v = leaf;; v = parents[v]) {
      below[v][leaf] = true;
      if (v == root) break;
    }
  const auto volume = [&](std::size_t v) {
    double sum = 0;
    for (node_id a = 0; a < graph.size(); ++a)
      if (below[v][a]) sum += graph.degree(a);
    return sum;
  };
  double entropy = 0;
  for (std::size_t v = 0; v < root; ++v) {
    double cut = 0;
    for (const auto& [a, b, weight] : graph.edges())
      if (below[v][a] != below[v][b] && (!intra || graph.groups()[a] == graph.groups()[b]))
        cut += weight;
    if (cut > 0) entropy -= cut / volume(root) * std::log2(volume(v) / volume(parents[v]));
  }
  return entropy;
}

inline std::vector<node_id> parents_of(const hint::tree::encoding_tree& t) {
  return {t.parents().begin(), t.parents().end()};
}

}  // namespace hint_tests

#endif
