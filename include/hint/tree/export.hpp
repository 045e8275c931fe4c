// SPDX-License-Identifier: MIT
/// \file
/// Encoding trees for other programs: parent-child-weight triplets and Graphviz.
#ifndef HINT_TREE_EXPORT_HPP
#define HINT_TREE_EXPORT_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/encoding_tree.hpp>
#include <hint/tree/structural_entropy.hpp>

namespace hint::inline HINT_ABI::tree {

/// What a link from parent to child weighs on export.
enum class link_weight : std::uint8_t {
  volume,  ///< the child's volume (a parent's outgoing weights add up to its own volume)
  entropy  ///< the child's term of the structural entropy, in bits (all add up to the entropy)
};

struct tree_link {
  node_id parent;
  node_id child;
  double weight;
  friend bool operator==(const tree_link&, const tree_link&) = default;
};

/// One link for every node but the root, by ascending child. O(size).
[[nodiscard]] inline std::vector<tree_link> triplets(const encoding_tree& tree,
                                                     link_weight weight = link_weight::volume) {
  std::vector<tree_link> out;
  out.reserve(tree.size() - 1);
  for (node_id v = 0; v < tree.root(); ++v)
    out.push_back({tree.parent(v), v,
                   weight == link_weight::volume ? tree.volume(v) : entropy_term(tree, v)});
  return out;
}

/// The same as lines "parent,child,weight" below a heading. Numbers read back unchanged.
[[nodiscard]] inline std::string to_csv(const encoding_tree& tree,
                                        link_weight weight = link_weight::volume) {
  std::string out = "parent,child,weight\n";
  for (const tree_link& link : triplets(tree, weight))
    out += hint::detail::concat(link.parent, ',', link.child, ',', link.weight, '\n');
  return out;
}

struct dot_options {
  /// Nodes deeper than this are left out; communities at this depth say how many leaves they have.
  std::size_t depth = static_cast<std::size_t>(-1);
  link_weight weight = link_weight::volume;

  void validate() const noexcept {}
};

/// A Graphviz digraph. Communities show their number of leaves; leaves show `names[v]`, or their
/// number when there are no names. Links carry their weights.
/// Throws `shape_error` unless names is empty or has one entry per leaf.
[[nodiscard]] inline std::string to_dot(const encoding_tree& tree,
                                        std::span<const std::string> names = {},
                                        const dot_options& options = {}) {
  expects<shape_error>(names.empty() || names.size() == tree.leaf_count(), "to_dot: ", names.size(),
                       " names for ", tree.leaf_count(), " leaves");
  const auto quoted = [](std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') out += '\\';
      if (c == '\n')
        out += "\\n";
      else
        out += c;
    }
    return out += '"';
  };
  std::string out = "digraph encoding_tree {\n  node [shape=box];\n";
  for (node_id v = 0; v < tree.size(); ++v) {
    if (tree.depth(v) > options.depth) continue;
    const std::size_t leaves = tree.leaves(v).size();
    if (!tree.is_leaf(v))
      out += hint::detail::concat("  ", v, " [label=\"", leaves, leaves == 1 ? " leaf" : " leaves",
                                  "\", shape=ellipse];\n");
    else
      out += hint::detail::concat(
          "  ", v, " [label=", quoted(names.empty() ? hint::detail::concat(v) : names[v]), "];\n");
  }
  for (const auto& [parent, child, weight] : triplets(tree, options.weight))
    if (tree.depth(child) <= options.depth)
      out += hint::detail::concat("  ", parent, " -> ", child, " [label=\"", weight, "\"];\n");
  return out += "}\n";
}

}  // namespace hint::inline HINT_ABI::tree

#endif
