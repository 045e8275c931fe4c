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
#include <hint/tree/edges.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree {

/// Nodes 0 .. leaf_count()-1 are the leaves and are the nodes of the graph; the rest are
/// communities, each with a higher number than its children; the root is the last. A tree of an
/// empty graph is a root without children. Children come in the order of their smallest leaf, so
/// that the leaves of every node are one stretch of the leaf order. All accessors but the two that
/// say otherwise are O(1); none checks its arguments: nodes must be below `size()`. Const use from
/// many threads is safe. Memory: 44 bytes a node.
class encoding_tree {
 public:
  /// The tree of a graph without nodes.
  encoding_tree() : encoding_tree(relation_graph(), {no_node}, counted_edges::all) {}

  /// `parents[v]` is the parent of node v; for the root, which is the last, it is `no_node`. Every
  /// parent is a community and has a higher number than its child; every community has a child.
  /// O(size + E log height), without temporary memory to speak of.
  /// Throws `shape_error` when there are too few nodes for the graph and `invalid_argument` for a
  /// parent out of range, a community without children, a root with a parent, or `counted` intra
  /// for a graph without groups.
  [[nodiscard]] static encoding_tree from_parents(const relation_graph& graph,
                                                  std::vector<node_id> parents,
                                                  counted_edges counted = counted_edges::all) {
    const std::size_t n = graph.size();
    const std::size_t size = parents.size();
    expects<shape_error>(size > n && size < no_node, "encoding_tree: ", size,
                         " parents for a graph of ", n, " nodes, expected at least ", n + 1);
    expects(parents.back() == no_node, "encoding_tree: the root, node ", size - 1, ", has parent ",
            parents.back(), ", expected no_node");
    for (std::size_t v = 0; v + 1 < size; ++v) {
      const std::size_t low = (std::max)(v + 1, n);
      expects(parents[v] >= low && parents[v] < size, "encoding_tree: node ", v, " has parent ",
              parents[v], ", expected ", low, " to ", size - 1);
    }
    return {graph, std::move(parents), counted};
  }

  /// The tree of height 1: every node of the graph hangs under the root.
  [[nodiscard]] static encoding_tree flat(const relation_graph& graph,
                                          counted_edges counted = counted_edges::all) {
    std::vector<node_id> parents(graph.size() + 1, static_cast<node_id>(graph.size()));
    parents.back() = no_node;
    return from_parents(graph, std::move(parents), counted);
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
  /// Edges from the root down to v.
  [[nodiscard]] std::size_t depth(node_id v) const noexcept { return depths_[v]; }
  /// The lowest node that has both a and b below it, or is one of them. O(log size), whatever the
  /// height.
  [[nodiscard]] node_id lowest_common_ancestor(node_id a, node_id b) const noexcept {
    const node_id begin = leaf_begin_[b];
    const node_id end = begin + leaf_counts_[b];
    // Of nodes with the same leaves the one with the higher number is above.
    return climb(a, [&](node_id v) {
      return v >= b && leaf_begin_[v] <= begin && leaf_begin_[v] + leaf_counts_[v] >= end;
    });
  }
  /// The ancestor of v that is `depth` edges below the root; v itself where it is no deeper than
  /// that, so that all leaves have one at every depth. O(log size), whatever the height.
  [[nodiscard]] node_id ancestor(node_id v, std::size_t depth) const noexcept {
    return climb(v, [&](node_id above) { return depths_[above] <= depth; });
  }
  /// Depth of the deepest leaf; 0 for an empty graph.
  [[nodiscard]] std::size_t height() const noexcept { return height_; }
  /// Sum of the degrees of the leaves below (V_alpha of Eq. 4).
  [[nodiscard]] double volume(node_id v) const noexcept { return volumes_[v]; }
  /// Weight of the counting edges with exactly one end below v (g_alpha of Eq. 4).
  [[nodiscard]] double cut(node_id v) const noexcept { return cuts_[v]; }
  /// Which edges `cut` counts.
  [[nodiscard]] counted_edges counted() const noexcept { return counted_; }

  /// Same nodes, shape and weights.
  friend bool operator==(const encoding_tree&, const encoding_tree&) = default;

 private:
  encoding_tree(const relation_graph& graph, std::vector<node_id> parents, counted_edges counted)
      : parents_(std::move(parents)), counted_(counted) {
    arrange(graph.size());
    detail::check_counted_edges(graph, counted);
    compute_weights(graph);
  }

  /// The lowest of v and its ancestors for which `found` holds, as it then does for all above.
  template <class Found>
  [[nodiscard]] node_id climb(node_id v, const Found& found) const noexcept {
    while (!found(v)) {
      if (is_leaf(v)) {
        v = parents_[v];
      } else {
        const node_id above = jumps_[v - leaf_count()];
        v = found(above) ? parents_[v] : above;
      }
    }
    return v;
  }

  /// Children, leaf order, depths and jumps, bottom-up and top-down over the numbers instead of
  /// recursion. Numbers of neighbours in the tree are far apart, so what counts is how often other
  /// nodes are looked up: measure before changing.
  void arrange(std::size_t n) {
    const std::size_t count = size();
    child_begin_.assign(count + 1, 0);
    leaf_counts_.assign(count, 0);
    std::fill_n(leaf_counts_.begin(), n, 1U);
    for (std::size_t v = 0; v + 1 < count; ++v) {
      ++child_begin_[parents_[v] + 1];
      leaf_counts_[parents_[v]] += leaf_counts_[v];
    }
    node_id begin = 0;
    for (std::size_t v = 0; v < count; ++v) {
      const node_id below = std::exchange(child_begin_[v + 1], begin);
      begin += below;
      expects(v < n || below > 0 || count == 1, "encoding_tree: node ", v,
              " is no leaf but has no children");
    }
    // Climb from each leaf until a node that is placed: a node is met first from its smallest leaf.
    // Entry v + 1 moves from the begin of v's children to their end.
    children_.resize(count - 1);
    std::vector<bool> placed(count - n);
    for (node_id leaf = 0; leaf < n; ++leaf) {
      for (node_id v = leaf;;) {
        const node_id p = parents_[v];
        children_[child_begin_[p + 1]++] = v;
        if (p == root() || placed[p - n]) break;
        placed[p - n] = true;
        v = p;
      }
    }
    order_.resize(n);
    depths_.assign(count, 0);
    leaf_begin_.assign(count, 0);
    jumps_.assign(count - n, root());
    for (std::size_t v = count; v-- > n;) {
      begin = leaf_begin_[v];
      const node_id depth = depths_[v] + 1;
      for (const node_id c : children(static_cast<node_id>(v))) {
        depths_[c] = depth;
        leaf_begin_[c] = begin;
        if (c < n) {
          order_[begin++] = c;
          height_ = (std::max)(height_, depth);
        } else {
          begin += leaf_counts_[c];
        }
      }
      if (v + 1 < count) jumps_[v - n] = jump_from(parents_[v], n);
    }
  }

  /// Where the jump of a child of p ends: besides its parent every community knows one further
  /// ancestor, at distances that double (skew-binary jump pointers; Myers 1983).
  [[nodiscard]] node_id jump_from(node_id p, std::size_t n) const noexcept {
    const node_id once = jumps_[p - n];
    const node_id twice = jumps_[once - n];
    return depths_[p] - depths_[once] == depths_[once] - depths_[twice] ? twice : p;
  }

  /// Volumes and cuts: g of a community is the sum of those of its children minus twice the weight
  /// of the counting edges between them.
  void compute_weights(const relation_graph& graph) {
    volumes_.assign(size(), 0);
    for (node_id v = 0; v < graph.size(); ++v) volumes_[v] = graph.degree(v);
    cuts_.assign(size(), 0);
    if (counted_ == counted_edges::all)
      std::copy_n(volumes_.begin(), graph.size(), cuts_.begin());
    else
      std::ranges::copy(detail::leaf_cuts(graph, counted_), cuts_.begin());
    // An edge between two children counts in the cuts of both, but not in that of their parent.
    detail::for_common_ancestors(graph, counted_, {parents_, depths_, leaf_begin_, order_, height_},
                                 [&](node_id v, double weight) { cuts_[v] -= 2 * weight; });
    for (std::size_t v = 0; v + 1 < size(); ++v) {
      cuts_[v] = (std::max)(0.0, cuts_[v]);  // rounding must not leave it below
      cuts_[parents_[v]] += cuts_[v];
      volumes_[parents_[v]] += volumes_[v];
    }
    cuts_.back() = 0;  // no edge leaves the whole graph
  }

  std::vector<node_id> parents_;
  std::vector<node_id> child_begin_;
  std::vector<node_id> children_;
  std::vector<node_id> leaf_begin_;
  std::vector<node_id> leaf_counts_;
  std::vector<node_id> order_;
  std::vector<node_id> depths_;
  std::vector<node_id> jumps_;  // of communities only
  std::vector<double> volumes_;
  std::vector<double> cuts_;
  node_id height_ = 0;
  counted_edges counted_ = counted_edges::all;
};

}}}  // namespace hint::HINT_ABI::tree

#endif
