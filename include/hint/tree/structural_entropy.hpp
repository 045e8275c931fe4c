// SPDX-License-Identifier: MIT
/// \file
/// Structural entropy: how many bits a step of a random walk on the graph costs, flat (Eq. 3) or
/// coded along an encoding tree (Eq. 4). Lower is better.
#ifndef HINT_TREE_STRUCTURAL_ENTROPY_HPP
#define HINT_TREE_STRUCTURAL_ENTROPY_HPP

#include <cmath>
#include <cstddef>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/encoding_tree.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree {

/// One term of Eq. 4, in bits: -g/vol(G) log2(V/V_parent). 0 where g is 0, so that isolated nodes,
/// whose volume is 0 too, cost nothing.
[[nodiscard]] inline double entropy_term(double cut, double volume, double parent_volume,
                                         double total) noexcept {
  return cut > 0 ? cut / total * std::log2(parent_volume / volume) : 0;
}

/// The term of one node; 0 for the root.
[[nodiscard]] inline double entropy_term(const encoding_tree& tree, node_id v) noexcept {
  if (v == tree.root()) return 0;
  return entropy_term(tree.cut(v), tree.volume(v), tree.volume(tree.parent(v)),
                      tree.volume(tree.root()));
}

/// One-dimensional structural entropy of a graph, in bits (Eq. 3). 0 for a graph without edges.
/// O(E).
[[nodiscard]] inline double structural_entropy(const relation_graph& graph) noexcept {
  const double total = graph.volume();
  double sum = 0;
  for (node_id v = 0; v < graph.size(); ++v) {
    const double degree = graph.degree(v);
    sum += entropy_term(degree, degree, total, total);
  }
  return sum;
}

/// Entropy of a graph coded along a tree, in bits (Eq. 4), from the weights that the tree stores.
/// O(size).
[[nodiscard]] inline double structural_entropy(const encoding_tree& tree) noexcept {
  double sum = 0;
  for (node_id v = 0; v < tree.root(); ++v) sum += entropy_term(tree, v);
  return sum;
}

/// Entropy of the graph's flat tree, in bits, from the leaves of any tree of it: what a tree's
/// entropy is compared with. It counts the edges that the tree counts; for all edges this is Eq. 3.
/// O(leaves).
[[nodiscard]] inline double flat_entropy(const encoding_tree& tree) noexcept {
  const double total = tree.volume(tree.root());
  double sum = 0;
  for (node_id v = 0; v < tree.leaf_count(); ++v)
    sum += entropy_term(tree.cut(v), tree.volume(v), total, total);
  return sum;
}

/// Entropy of any graph along a tree that may have been built for another one, or with other
/// `edges`: all weights are computed anew. O(size + E log height).
/// Throws `shape_error` unless the tree has one leaf per node.
[[nodiscard]] inline double structural_entropy(const relation_graph& graph,
                                               const encoding_tree& tree,
                                               counted_edges counted = counted_edges::all) {
  expects<shape_error>(tree.leaf_count() == graph.size(), "structural_entropy: the tree has ",
                       tree.leaf_count(), " leaves for a graph of ", graph.size(), " nodes");
  const auto parents = tree.parents();
  return structural_entropy(
      encoding_tree::from_parents(graph, {parents.begin(), parents.end()}, counted));
}

/// The entropy of a tree split by the depth of the nodes: entry d is the sum of the terms at depth
/// d (entry 0, the root's, is 0). O(size).
HINT_LAZY
[[nodiscard]] std::vector<double> entropy_by_depth(const encoding_tree& tree) {
  std::vector<double> sums(tree.height() + 1);
  for (node_id v = 0; v < tree.root(); ++v) sums[tree.depth(v)] += entropy_term(tree, v);
  return sums;
}

}}}  // namespace hint::HINT_ABI::tree

#endif
