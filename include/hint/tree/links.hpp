// SPDX-License-Identifier: MIT
/// \file
/// Which links of a graph count as leaving a community, and the weights that follow for a tree.
#ifndef HINT_TREE_LINKS_HPP
#define HINT_TREE_LINKS_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/relation_graph.hpp>

namespace hint::inline HINT_ABI::tree {

/// Stands for "no node": the parent of the root, the sibling after the last.
inline constexpr node_id no_node = 0xffffffff;

/// Which links g_alpha of Eq. 4 counts. The volume always is the sum of all degrees.
enum class link_counts : std::uint8_t {
  all,   ///< every link (Li and Pan 2016)
  intra  ///< only links whose ends have the same entry of `graph.groups()` (the paper's wording)
};

namespace tree_detail {

inline void check_links(const relation_graph& graph, link_counts links) {
  expects(links == link_counts::all || !graph.groups().empty() || graph.size() == 0,
          "link_counts is intra, but the graph has no groups");
}

[[nodiscard]] inline bool counts(const relation_graph& graph, link_counts links, node_id a,
                                 node_id b) noexcept {
  return links == link_counts::all || graph.groups()[a] == graph.groups()[b];
}

/// g of every leaf: the weight of its links that count.
[[nodiscard]] inline std::vector<double> leaf_cuts(const relation_graph& graph, link_counts links) {
  std::vector<double> out(graph.size());
  for (node_id a = 0; a < graph.size(); ++a)
    for (const auto& [b, weight] : graph[a])
      if (counts(graph, links, a, b)) out[a] += weight;
  return out;
}

/// For every node of a tree the weight of counting links between leaves under different children of
/// it, by the lowest common ancestor of each link's ends. Every parent has a higher number than its
/// child. O((E + size) log size) time however deep the tree is: besides its parent each node knows
/// one further ancestor, at distances that double (skew-binary jump pointers; Myers 1983).
[[nodiscard]] inline std::vector<double> weights_between_children(
    const relation_graph& graph, link_counts links, std::span<const node_id> parents) {
  const std::size_t size = parents.size();
  std::vector<double> between(size);
  std::vector<node_id> jump(size);
  std::vector<node_id> depth(size);
  const auto root = static_cast<node_id>(size - 1);
  jump[root] = root;
  for (node_id v = root; v-- > 0;) {
    const node_id p = parents[v];
    const node_id above = jump[p];
    depth[v] = depth[p] + 1;
    jump[v] = depth[p] - depth[above] == depth[above] - depth[jump[above]] ? jump[above] : p;
  }
  const auto common_ancestor = [&](node_id a, node_id b) {
    if (depth[a] < depth[b]) std::swap(a, b);
    while (depth[a] > depth[b]) a = depth[jump[a]] >= depth[b] ? jump[a] : parents[a];
    while (a != b) {
      const bool below = jump[a] != jump[b];
      a = below ? jump[a] : parents[a];
      b = below ? jump[b] : parents[b];
    }
    return a;
  };
  for (node_id a = 0; a < graph.size(); ++a)
    for (const auto& [b, weight] : graph[a])
      if (a < b && counts(graph, links, a, b)) between[common_ancestor(a, b)] += weight;
  return between;
}

}  // namespace tree_detail
}  // namespace hint::inline HINT_ABI::tree

#endif
