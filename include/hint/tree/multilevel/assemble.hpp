// SPDX-License-Identifier: MIT
/// \file
/// Makes an encoding tree of parents that come in any order.
#ifndef HINT_TREE_MULTILEVEL_ASSEMBLE_HPP
#define HINT_TREE_MULTILEVEL_ASSEMBLE_HPP

#include <cstddef>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/encoding_tree.hpp>
#include <hint/tree/links.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree {
namespace detail {

/// The number of a node of an encoding tree where the root comes right after the leaves.
[[nodiscard]] inline node_id root_first(const encoding_tree& t, node_id v) noexcept {
  const auto n = static_cast<node_id>(t.leaf_count());
  return v < n ? v : v == t.root() ? n : v + 1;
}
/// The parents of an encoding tree as `assemble` takes them.
[[nodiscard]] inline std::vector<node_id> root_first(const encoding_tree& t) {
  std::vector<node_id> parents(t.size(), no_node);
  for (node_id v = 0; v < t.root(); ++v) parents[root_first(t, v)] = root_first(t, t.parent(v));
  return parents;
}

/// `parents` is a tree whose nodes 0 .. n-1 are the leaves and node n the root, the only one with
/// parent `no_node`; communities may have any higher number. Communities without leaves and those
/// with one child are left out (of one child the entropy is the same); only the root may have one.
/// The others are numbered by
/// depth from the lowest up and, within a depth, by their smallest leaf: equal trees are equal
/// values. O((E + size) log size) at worst.
[[nodiscard]] inline encoding_tree assemble(const relation_graph& graph,
                                            std::span<const node_id> parents, link_counts links) {
  const auto n = static_cast<node_id>(graph.size());
  const node_id root = n;
  // Climbs from every leaf to the first node that is met already.
  std::vector<node_id> kids(parents.size());
  std::vector<bool> met(parents.size());
  met[root] = true;
  for (node_id leaf = 0; leaf < n; ++leaf)
    for (node_id v = leaf; !met[v]; v = parents[v]) {
      met[v] = true;
      ++kids[parents[v]];
    }
  const auto kept = [&](node_id v) { return v <= root || kids[v] > 1; };
  std::vector<node_id> above(parents.begin(),
                             parents.end());  // of those met: the next that is kept
  std::vector<node_id> depth(parents.size(), no_node);
  depth[root] = 0;
  std::vector<node_id> order;  // kept communities, by their smallest leaf, lower ones first
  std::vector<node_id> trail;
  node_id deepest = 0;
  for (node_id leaf = 0; leaf < n; ++leaf) {
    trail.clear();
    node_id v = leaf;
    for (; depth[v] == no_node; v = parents[v]) trail.push_back(v);
    // A node that is left out has the depth of the one above it.
    node_id up = kept(v) ? v : above[v];
    node_id d = depth[v];
    for (std::size_t i = trail.size(); i-- > 0;) {
      const node_id here = trail[i];
      above[here] = up;
      depth[here] = kept(here) ? ++d : d;
      if (!kept(here)) continue;
      up = here;
      if (here > root) order.push_back(here);
    }
    deepest = d > deepest ? d : deepest;
  }
  // Stable by depth: counting sort, the lowest first. Nodes of one depth are in the order of their
  // smallest leaves already.
  std::vector<node_id> start(deepest + std::size_t{2});
  for (const node_id v : order) ++start[deepest - depth[v] + 1];
  std::partial_sum(start.begin(), start.end(), start.begin());
  std::vector<node_id> number(parents.size(), no_node);
  for (const node_id v : order) number[v] = n + start[deepest - depth[v]]++;
  const auto last = static_cast<node_id>(n + order.size());
  number[root] = last;

  std::vector<node_id> out(last + std::size_t{1}, no_node);
  for (node_id leaf = 0; leaf < n; ++leaf) out[leaf] = number[above[leaf]];
  for (const node_id v : order) out[number[v]] = number[above[v]];
  return encoding_tree::from_parents(graph, std::move(out), links);
}

}  // namespace detail

/// The tree without its communities of fewer than `smallest` leaves: their children go to the next
/// community above that is large enough, or to the root. O(size + E log height).
[[nodiscard]] inline encoding_tree dissolve_small(const relation_graph& graph,
                                                  const encoding_tree& t, std::size_t smallest) {
  std::vector<node_id> parents = detail::root_first(t);
  // From the top down, so that every parent is settled before its children.
  for (node_id v = t.root(); v-- > 0;) {
    const node_id p = t.parent(v);
    if (p != t.root() && t.leaves(p).size() < smallest)
      parents[detail::root_first(t, v)] = parents[detail::root_first(t, p)];
  }
  return detail::assemble(graph, parents, t.links());
}

}}}  // namespace hint::HINT_ABI::tree

#endif
