// SPDX-License-Identifier: MIT
/// \file
/// Improves a tree of any shape: puts the grandchildren of its communities into other communities.
#ifndef HINT_TREE_MULTILEVEL_SUBTREE_SEARCH_HPP
#define HINT_TREE_MULTILEVEL_SUBTREE_SEARCH_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/canonicalize.hpp>
#include <hint/tree/encoding_tree.hpp>
#include <hint/tree/multilevel/level_search.hpp>
#include <hint/tree/multilevel/levels.hpp>
#include <hint/tree/multilevel/quotient_graph.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// A two-level subtree is a community f with its children and grandchildren. By the formula in
/// `level_search`, with the grandchildren as nodes and f as parent, the children of f are a
/// partition that can be searched while all else stays. An edge of the graph belongs to the
/// subtrees of the lowest common ancestor of its ends and of that one's parent, whose depths differ
/// by one. So the subtrees at all even depths share no edges, and those at all odd ones do not: one
/// search with the roots f as constraint serves all of a parity.
class two_level_subtrees {
 public:
  /// The subtrees at depths that are `parity` modulo 2 and at most `height` - 2. A child of f that
  /// is a leaf has no children: it is a node of the search itself, in a community of its own, and
  /// gets deeper by one if it comes to be with others. O(size log size + E log size).
  two_level_subtrees(const relation_graph& graph, const encoding_tree& t, std::size_t parity,
                     std::size_t height)
      : graph_(&graph) {
    for (auto f = static_cast<node_id>(graph.size()); f < t.size(); ++f)
      if (t.depth(f) % 2 == parity && t.depth(f) + 2 <= height && t.children(f).size() > 1)
        roots_.push_back(f);
    volume_order sort(t);
    sort(roots_);
    for (node_id r = 0; r < roots_.size(); ++r) {
      const std::size_t first = tree_nodes_.size();
      for (const node_id child : t.children(roots_[r])) {
        if (t.is_leaf(child)) {
          tree_nodes_.push_back(child);
        } else {
          const auto below = t.children(child);
          tree_nodes_.insert(tree_nodes_.end(), below.begin(), below.end());
        }
      }
      sort(std::span(tree_nodes_).subspan(first));
      root_of_.resize(tree_nodes_.size(), r);
    }
    std::vector<node_id> node_of(t.size(), no_node);
    for (node_id u = 0; u < tree_nodes_.size(); ++u) {
      node_of[tree_nodes_[u]] = u;
      nodes_.volume.push_back(t.volume(tree_nodes_[u]));
    }
    connect_relatives(nodes_, graph, t, node_of, root_of_);
  }

  /// Searches from the children that there are, and puts the tree that comes of it in place of `t`,
  /// the tree that was given. Returns by how many bits the entropy fell; where it did not, the tree
  /// stays.
  double improve(encoding_tree& t, const search_effort& effort) {
    const double volume = t.volume(t.root());
    if (tree_nodes_.empty() || !(volume > 0)) return 0;
    std::vector<double> log_volumes;
    for (const node_id f : roots_)
      log_volumes.push_back(t.volume(f) > 0 ? std::log2(t.volume(f)) : 0);
    if (effort.largest < graph_->size())
      for (const node_id v : tree_nodes_)
        nodes_.leaves.push_back(static_cast<node_id>(t.leaves(v).size()));
    level_search search({0, root_of_, log_volumes}, effort.seed, 1e-12 * volume, effort.largest);
    partition p;
    p.community_of.resize(tree_nodes_.size());
    std::vector<node_id> first(t.size(), no_node);  // by child of a root: its first node
    for (node_id u = 0; u < tree_nodes_.size(); ++u) {
      const node_id parent = t.parent(tree_nodes_[u]);
      const node_id child = parent == roots_[root_of_[u]] ? tree_nodes_[u] : parent;
      if (first[child] == no_node) first[child] = u;
      p.community_of[u] = first[child];
    }
    search.measure(nodes_, p);
    double gain = 0;
    for (std::size_t round = 0; round < effort.rounds; ++round) {
      const double more = 2 * search.round(nodes_, p) / volume;
      gain += more;
      if (more <= effort.tolerance) break;
    }
    if (gain <= 0) return 0;

    std::vector<node_id> parents(t.parents().begin(), t.parents().end());
    std::vector<node_id> made(tree_nodes_.size(), no_node);  // tree node of each community
    for (std::size_t u = 0; u < tree_nodes_.size(); ++u) {
      node_id& mine = made[p.community_of[u]];
      if (mine == no_node) {
        mine = static_cast<node_id>(parents.size());
        parents.push_back(roots_[root_of_[u]]);
      }
      parents[tree_nodes_[u]] = mine;
    }
    t = canonicalize(*graph_, parents, t.root(), t.counted());
    return gain;
  }

 private:
  const relation_graph* graph_;
  std::vector<node_id> roots_;
  quotient_graph nodes_;             ///< of the search: the grandchildren of all roots
  std::vector<node_id> tree_nodes_;  ///< by node of the search
  std::vector<node_id> root_of_;     ///< by node of the search: number of its root
};

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
