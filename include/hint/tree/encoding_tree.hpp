// SPDX-License-Identifier: MIT
/// \file
/// The encoding tree of a graph: nested communities, from the whole graph at the root down to
/// single nodes at the leaves. An immutable value on flat arrays.
#ifndef HINT_TREE_ENCODING_TREE_HPP
#define HINT_TREE_ENCODING_TREE_HPP

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/links.hpp>

namespace hint::inline HINT_ABI::tree {

/// Nodes 0 .. leaf_count()-1 are the leaves and are the nodes of the graph; the rest are
/// communities, each with a higher number than its children; the root is the last. A tree of an
/// empty graph is a root without children. Children come in the order of their smallest leaf, so
/// that the leaves of every node are one stretch of the leaf order. All accessors are O(1); const
/// use from many threads is safe. Memory: 40 bytes a node.
class encoding_tree {
 public:
  /// The tree of a graph without nodes.
  encoding_tree() : encoding_tree(relation_graph(), {no_node}, link_counts::all) {}

  /// `parents[v]` is the parent of node v; for the root, which is the last, it is `no_node`. Every
  /// parent is a community and has a higher number than its child; every community has a child.
  /// O((E + size) log size), whatever the height.
  /// Throws `shape_error` when there are too few nodes for the graph and `invalid_argument` for a
  /// parent out of range, a community without children, a root with a parent, or `links` intra for
  /// a graph without groups.
  [[nodiscard]] static encoding_tree from_parents(const relation_graph& graph,
                                                  std::vector<node_id> parents,
                                                  link_counts links = link_counts::all) {
    const std::size_t n = graph.size();
    const std::size_t size = parents.size();
    expects<shape_error>(size > n && size < no_node, "encoding_tree: ", size,
                         " parents for a graph of ", n, " nodes, expected at least ", n + 1);
    expects(parents.back() == no_node, "encoding_tree: the root, node ", size - 1, ", has parent ",
            parents.back(), ", expected no_node");
    std::vector<bool> used(size);
    for (std::size_t v = 0; v + 1 < size; ++v) {
      const std::size_t low = (std::max)(v + 1, n);
      expects(parents[v] >= low && parents[v] < size, "encoding_tree: node ", v, " has parent ",
              parents[v], ", expected ", low, " to ", size - 1);
      used[parents[v]] = true;
    }
    for (std::size_t v = n; v < size; ++v)
      expects(used[v] || size == 1, "encoding_tree: node ", v, " is no leaf but has no children");
    tree_detail::check_links(graph, links);
    return {graph, std::move(parents), links};
  }

  /// The tree of height 1: every node of the graph hangs under the root.
  [[nodiscard]] static encoding_tree flat(const relation_graph& graph,
                                          link_counts links = link_counts::all) {
    std::vector<node_id> parents(graph.size() + 1, static_cast<node_id>(graph.size()));
    parents.back() = no_node;
    return from_parents(graph, std::move(parents), links);
  }

  /// Leaves and communities, the root included.
  [[nodiscard]] std::size_t size() const noexcept { return parents_.size(); }
  [[nodiscard]] std::size_t leaf_count() const noexcept { return order_.size(); }
  [[nodiscard]] node_id root() const noexcept { return static_cast<node_id>(size() - 1); }
  [[nodiscard]] bool is_leaf(node_id v) const noexcept { return v < leaf_count(); }
  /// `no_node` for the root.
  [[nodiscard]] node_id parent(node_id v) const noexcept { return parents_[v]; }
  [[nodiscard]] std::span<const node_id> parents() const noexcept { return parents_; }
  [[nodiscard]] std::span<const node_id> children(node_id v) const noexcept {
    return std::span(children_).subspan(child_begin_[v], child_begin_[v + 1] - child_begin_[v]);
  }
  /// The graph nodes below v, v itself if it is a leaf. `leaves(root())` is the leaf order.
  [[nodiscard]] std::span<const node_id> leaves(node_id v) const noexcept {
    return std::span(order_).subspan(leaf_begin_[v], leaf_counts_[v]);
  }
  /// Links from the root down to v.
  [[nodiscard]] std::size_t depth(node_id v) const noexcept { return depths_[v]; }
  /// Depth of the deepest leaf; 0 for an empty graph.
  [[nodiscard]] std::size_t height() const noexcept { return height_; }
  /// Sum of the degrees of the leaves below (V_alpha of Eq. 4).
  [[nodiscard]] double volume(node_id v) const noexcept { return volumes_[v]; }
  /// Weight of the counting links with exactly one end below v (g_alpha of Eq. 4).
  [[nodiscard]] double cut(node_id v) const noexcept { return cuts_[v]; }
  /// Which links `cut` counts.
  [[nodiscard]] link_counts links() const noexcept { return links_; }

  /// Same nodes, shape and weights.
  friend bool operator==(const encoding_tree&, const encoding_tree&) = default;

 private:
  encoding_tree(const relation_graph& graph, std::vector<node_id> parents, link_counts links)
      : parents_(std::move(parents)), links_(links) {
    arrange(graph.size());
    weigh(graph);
  }

  /// Children, leaf order and depths, bottom-up and top-down over the numbers instead of recursion.
  void arrange(std::size_t n) {
    const std::size_t count = size();
    child_begin_.assign(count + 1, 0);
    for (std::size_t v = 0; v + 1 < count; ++v) ++child_begin_[parents_[v] + 1];
    for (std::size_t v = 0; v < count; ++v) child_begin_[v + 1] += child_begin_[v];
    // Climb from each leaf until a node that is placed: a node is met first from its smallest leaf.
    children_.resize(count - 1);
    std::vector<node_id> next(child_begin_.begin(), child_begin_.end() - 1);
    std::vector<bool> placed(count);
    for (node_id leaf = 0; leaf < n; ++leaf)
      for (node_id v = leaf; v != root() && !placed[v]; v = parents_[v]) {
        children_[next[parents_[v]]++] = v;
        placed[v] = true;
      }

    leaf_counts_.assign(count, 0);
    std::fill_n(leaf_counts_.begin(), n, 1U);
    for (std::size_t v = 0; v + 1 < count; ++v) leaf_counts_[parents_[v]] += leaf_counts_[v];
    leaf_begin_.assign(count, 0);
    depths_.assign(count, 0);
    order_.resize(n);
    for (std::size_t v = count; v-- > 0;) {
      node_id begin = leaf_begin_[v];
      for (const node_id c : children(static_cast<node_id>(v))) {
        leaf_begin_[c] = begin;
        begin += leaf_counts_[c];
        depths_[c] = depths_[v] + 1;
      }
      if (v < n) {
        order_[leaf_begin_[v]] = static_cast<node_id>(v);
        height_ = (std::max)(height_, depths_[v]);
      }
    }
  }

  void weigh(const relation_graph& graph) {
    cuts_ = tree_detail::leaf_cuts(graph, links_);
    cuts_.resize(size());
    volumes_.assign(size(), 0);
    for (node_id v = 0; v < graph.size(); ++v) volumes_[v] = graph.degree(v);
    const auto between = tree_detail::weights_between_children(graph, links_, parents_);
    for (std::size_t v = 0; v + 1 < size(); ++v) {
      if (!is_leaf(static_cast<node_id>(v)))
        cuts_[v] = (std::max)(0.0, cuts_[v] - 2 * between[v]);  // rounding must not leave it below
      cuts_[parents_[v]] += cuts_[v];
      volumes_[parents_[v]] += volumes_[v];
    }
    cuts_.back() = 0;  // no link leaves the whole graph
  }

  std::vector<node_id> parents_;
  std::vector<node_id> child_begin_;
  std::vector<node_id> children_;
  std::vector<node_id> leaf_begin_;
  std::vector<node_id> leaf_counts_;
  std::vector<node_id> order_;
  std::vector<node_id> depths_;
  std::vector<double> volumes_;
  std::vector<double> cuts_;
  node_id height_ = 0;
  link_counts links_ = link_counts::all;
};

}  // namespace hint::inline HINT_ABI::tree

#endif
