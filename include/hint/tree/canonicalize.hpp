// SPDX-License-Identifier: MIT
/// \file
/// Makes an encoding tree of parents that come in any order, numbered by its shape alone; dissolves
/// communities that are too small.
#ifndef HINT_TREE_CANONICALIZE_HPP
#define HINT_TREE_CANONICALIZE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/encoding_tree.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree {
namespace detail {

/// What becomes of communities with one child. Their entropy term takes as much as it saves: such a
/// community has the volume of its child, whose term becomes 0.
enum class chains : std::uint8_t {
  splice_out,  ///< the child takes their place; only the root may have one child
  keep
};

/// A tree of which each node but the root knows its parent: nodes 0 .. n-1 are the leaves, `root`
/// and the communities have any higher numbers. Communities without leaves are left out, so
/// `parents` may hold numbers in no use. The others are numbered from n on by depth, the deepest
/// first, and within a depth by their smallest leaf: equal trees are equal values. O(size + E log
/// height).
HINT_LAZY
[[nodiscard]] encoding_tree canonicalize(const relation_graph& graph,
                                         std::span<const node_id> parents, node_id root,
                                         counted_edges counted,
                                         chains single = chains::splice_out) {
  const auto n = static_cast<node_id>(graph.size());
  // Climbs from every leaf to the first node that is met already.
  std::vector<node_id> child_counts(parents.size());
  std::vector<bool> met(parents.size());
  met[root] = true;
  for (node_id leaf = 0; leaf < n; ++leaf)
    for (node_id v = leaf; !met[v]; v = parents[v]) {
      met[v] = true;
      ++child_counts[parents[v]];
    }
  const node_id least = single == chains::keep ? 1 : 2;
  const auto kept = [&](node_id v) { return v < n || v == root || child_counts[v] >= least; };
  std::vector<node_id> above(parents.begin(),
                             parents.end());  // of those met: the next that is kept
  std::vector<node_id> depth(parents.size(), no_node);
  depth[root] = 0;
  std::vector<node_id> order;  // kept communities, by their smallest leaf, lower ones first
  std::vector<node_id> path;
  node_id deepest = 0;
  for (node_id leaf = 0; leaf < n; ++leaf) {
    path.clear();
    node_id v = leaf;
    for (; depth[v] == no_node; v = parents[v]) path.push_back(v);
    // A node that is left out has the depth of the one above it.
    node_id up = kept(v) ? v : above[v];
    node_id d = depth[v];
    for (std::size_t i = path.size(); i-- > 0;) {
      const node_id here = path[i];
      above[here] = up;
      depth[here] = kept(here) ? ++d : d;
      if (!kept(here)) continue;
      up = here;
      if (here >= n) order.push_back(here);
    }
    deepest = (std::max)(deepest, d);
  }
  // A counting sort by depth, the deepest first, leaves nodes of one depth in the order of their
  // smallest leaves.
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
  return encoding_tree::from_parents(graph, std::move(out), counted);
}

}  // namespace detail

/// The tree without its communities of fewer than `smallest` leaves: their children go to the next
/// community above that is large enough, or to the root. O(size + E log height).
HINT_LAZY
[[nodiscard]] encoding_tree dissolve_small(const relation_graph& graph, const encoding_tree& t,
                                           std::size_t smallest) {
  std::vector<node_id> parents(t.parents().begin(), t.parents().end());
  // From the top down, so that the parent of a community is final before its children ask for it.
  for (node_id v = t.root(); v-- > 0;) {
    const node_id p = t.parent(v);
    if (p != t.root() && t.leaves(p).size() < smallest) parents[v] = parents[p];
  }
  return detail::canonicalize(graph, parents, t.root(), t.counted());
}

}}}  // namespace hint::HINT_ABI::tree

#endif
