// SPDX-License-Identifier: MIT
/// \file
/// Improves a tree of any shape: regroups the grandchildren of its communities.
#ifndef HINT_TREE_MULTILEVEL_SUBTREE_SEARCH_HPP
#define HINT_TREE_MULTILEVEL_SUBTREE_SEARCH_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/multilevel/assemble.hpp>
#include <hint/tree/encoding_tree.hpp>
#include <hint/tree/multilevel/layer.hpp>
#include <hint/tree/multilevel/level_search.hpp>
#include <hint/tree/links.hpp>
#include <hint/tree/multilevel/levels.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// A window is a community with its children and grandchildren. Each link of the graph counts in
/// the window of the lowest community over both ends and in the one above; windows at every other
/// depth share no links, so one search serves them all.
class windows {
 public:
  /// Those whose depth is `parity` modulo 2. Where children are leaves they are units of their own,
  /// and sink by one if they are grouped: no deeper than `height`.
  windows(const relation_graph& graph, const encoding_tree& t, std::size_t parity,
          std::size_t height)
      : graph_(&graph), tree_(&t) {
    for (auto f = static_cast<node_id>(graph.size()); f < t.size(); ++f)
      if (t.depth(f) % 2 == parity && t.depth(f) + 2 <= height && t.children(f).size() > 1)
        fences_.push_back(f);
    // By volume, not by number: renaming the graph's nodes must rename the tree.
    const auto larger = [&](node_id a, node_id b) {
      return std::tuple(t.volume(b), a) < std::tuple(t.volume(a), b);
    };
    std::sort(fences_.begin(), fences_.end(), larger);
    unit_.assign(t.size(), no_node);
    for (node_id w = 0; w < fences_.size(); ++w) {
      const std::size_t first = nodes_.size();
      for (const node_id child : t.children(fences_[w])) {
        if (t.is_leaf(child)) {
          nodes_.push_back(child);
        } else {
          const auto units = t.children(child);
          nodes_.insert(nodes_.end(), units.begin(), units.end());
        }
      }
      std::sort(nodes_.begin() + static_cast<std::ptrdiff_t>(first), nodes_.end(), larger);
      fence_.resize(nodes_.size(), w);
    }
    for (node_id u = 0; u < nodes_.size(); ++u) unit_[nodes_[u]] = u;
    find_links();
  }

  /// Searches, and puts the tree that comes of it in place of the old one. Returns by how many bits
  /// the entropy falls.
  double improve(encoding_tree& t, const search_effort& effort) {
    const double volume = t.volume(t.root());
    if (nodes_.empty() || !(volume > 0)) return 0;
    std::vector<double> bases;
    for (const node_id f : fences_) bases.push_back(t.volume(f) > 0 ? std::log2(t.volume(f)) : 0);
    if (effort.largest < graph_->size())
      for (const node_id v : nodes_)
        layer_.leaves.push_back(static_cast<node_id>(t.leaves(v).size()));
    level_search search({0, fence_, bases}, effort.seed, 1e-12 * volume, effort.largest);
    grouping g;
    g.of.resize(nodes_.size());
    std::vector<node_id> first(t.size(), no_node);  // unit of each group
    for (node_id u = 0; u < nodes_.size(); ++u) {
      const node_id parent = t.parent(nodes_[u]);
      const node_id child = parent == fences_[fence_[u]] ? nodes_[u] : parent;
      if (first[child] == no_node) first[child] = u;
      g.of[u] = first[child];
    }
    search.measure(layer_, g);
    double gain = 0;
    for (std::size_t round = 0; round < effort.rounds; ++round) {
      const double more = 2 * search.round(layer_, g) / volume;
      gain += more;
      if (more <= effort.tolerance) break;
    }
    if (gain <= 0) return 0;

    std::vector<node_id> parents = root_first(t);
    const auto number = [&](node_id v) { return root_first(t, v); };
    std::vector<node_id> community(nodes_.size(), no_node);
    for (std::size_t u = 0; u < nodes_.size(); ++u) {
      node_id& mine = community[g.of[u]];
      if (mine == no_node) {
        mine = static_cast<node_id>(parents.size());
        parents.push_back(number(fences_[fence_[u]]));
      }
      parents[number(nodes_[u])] = mine;
    }
    t = assemble(*graph_, parents, t.links());
    return gain;
  }

 private:
  void find_links() {
    const encoding_tree& t = *tree_;
    layer_.inside.assign(nodes_.size(), 0);
    for (const node_id v : nodes_) layer_.volume.push_back(t.volume(v));
    connect(layer_, [&](auto&& link) {
      for (node_id a = 0; a < graph_->size(); ++a)
        for (const auto& [b, weight] : (*graph_)[a]) {
          if (a > b || !counts(*graph_, t.links(), a, b)) continue;
          const std::size_t depth = t.depth(t.lowest_common_ancestor(a, b));
          for (const std::size_t down : {std::size_t{1}, std::size_t{2}}) {
            const node_id x = unit_[t.ancestor(a, depth + down)];
            const node_id y = unit_[t.ancestor(b, depth + down)];
            if (x == no_node || y == no_node || x == y || fence_[x] != fence_[y]) continue;
            link(x, y, weight);
            break;
          }
        }
    });
  }

  const relation_graph* graph_;
  const encoding_tree* tree_;
  std::vector<node_id> fences_;
  std::vector<node_id> nodes_;  ///< of units
  std::vector<node_id> fence_;  ///< of units
  std::vector<node_id> unit_;   ///< of nodes
  layer layer_;
};

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
