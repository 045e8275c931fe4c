// SPDX-License-Identifier: MIT
/// \file
/// Lift: moves a node up by one level, from its parent to its grandparent.
#ifndef HINT_TREE_LIFT_HPP
#define HINT_TREE_LIFT_HPP

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/concepts.hpp>
#include <hint/tree/edges.hpp>
#include <hint/tree/greedy/least_heap.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree {

struct lift_options {
  void validate() const noexcept {}
};

/// A `tree_operator` that makes a node the child of its grandparent where that lowers the entropy:
/// always the node that gains most, ties to the lowest number. A parent that is left without
/// children goes. Done when no lift gains more than rounding (1e-12 bits); this comes to pass, as
/// every lift takes leaves nearer to the root.
///
/// On the binary tree that `merge` makes, no lift ever gains: there a lift leaves the parent with
/// one child and is the same as contracting it, which costs entropy or nothing.
///
/// The first `best` on a tree costs O(size log size) and for each edge the distance of its ends in
/// the tree. After a lift, the edges below the parent are looked at again, O(height) each, and the
/// gains of its children and grandchildren, the grandparent's children and the node's own, O(log
/// size) each; after somebody else's edit all begins again.
/// Source: the text of HINT's "Compress" (ICLR 2026) and the lifting of Zou et al., "SE-GSL: a
/// general and effective graph structure learning framework through structural entropy
/// optimization", 2023. The gain is the difference of the terms of Eq. 4 of the node, its siblings
/// and its parent.
class lift {
 public:
  using options = lift_options;
  struct move {
    node_id node;
    friend bool operator==(const move&, const move&) = default;
  };

  lift() = default;
  explicit lift(const options& o) { o.validate(); }

  HINT_LAZY
  [[nodiscard]] std::optional<proposal<move>> best(const build_tree& tree) {
    if (!(version_ == tree.version())) remember(tree);
    while (!heap_.empty()) {
      const auto [loss, v] = heap_.front();
      if (tree.contains(v) && gains_[v] == -loss) return proposal<move>{{v}, -loss};
      heap_.pop();  // out of date
    }
    return std::nullopt;
  }

  /// Throws `invalid_argument` for a node that has no grandparent.
  HINT_LAZY
  void apply(build_tree& tree, const move& m) {
    const node_id p = tree.contains(m.node) ? tree.parent(m.node) : no_node;
    expects(p != no_node && p != tree.root(), "lift: node ", m.node,
            ", expected a node with a grandparent");
    const node_id q = tree.parent(p);
    const bool remembered = version_ == tree.version();
    tree.relocate(m.node, q);
    if (!remembered) return;
    version_ = tree.version();
    gains_.resize(tree.id_count());
    near_[m.node] = weight_near(tree, m.node);
    if (tree.contains(p)) {
      near_[p] = weight_near(tree, p);
      for (node_id c = tree.first_child(p); c != no_node; c = tree.next_sibling(c))
        near_[c] = weight_near(tree, c);
      offer_children(tree, p);
      for (node_id c = tree.first_child(p); c != no_node; c = tree.next_sibling(c))
        offer_children(tree, c);  // their grandparent has another volume
    }
    offer_children(tree, m.node);
    offer_children(tree, q);
  }

  /// By how much the entropy falls when v moves up. O(edges below v x height).
  /// Throws `invalid_argument` for a node that has no grandparent.
  HINT_LAZY
  [[nodiscard]] static double gain(const build_tree& tree, const move& m) {
    expects(tree.contains(m.node) && m.node != tree.root() && tree.parent(m.node) != tree.root(),
            "lift: node ", m.node, ", expected a node with a grandparent");
    return gain(tree, m.node, weight_near(tree, m.node));
  }

 private:
  static constexpr double least_gain = 1e-12;
  struct entry {
    double loss;
    node_id node;
    friend bool operator<(const entry& x, const entry& y) noexcept {
      return x.loss != y.loss ? x.loss < y.loss : x.node < y.node;
    }
  };

  /// The gain that docs/concepts/tree_operator.md derives for `lift`. `near`: weight of the
  /// counting edges between v and its siblings.
  [[nodiscard]] static double gain(const build_tree& tree, node_id v, double near) {
    const node_id p = tree.parent(v);
    const double total = tree.volume(tree.root());
    if (tree.child_count(p) == 1 || !(total > 0)) return 0;
    const double volume_p = tree.volume(p);
    const double volume_q = tree.volume(tree.parent(p));
    const double rest = volume_p - tree.volume(v);
    const double cut_rest = (std::max)(0.0, tree.cut(p) - tree.cut(v) + 2 * near);
    // The sum of g over the other children of p.
    const double cuts = (std::max)(0.0, tree.cut(p) + 2 * tree.between(p) - tree.cut(v));
    double rise = 0;
    if (volume_p > 0) rise += (tree.cut(v) - tree.cut(p)) * std::log2(volume_q / volume_p);
    if (rest > 0) rise += cut_rest * std::log2(volume_q / rest) - cuts * std::log2(volume_p / rest);
    return -rise / total;
  }

  /// Sums of weights run over edges in the order of their ends, however they were found: what is
  /// remembered has the same bits as what is found anew.
  struct edge {
    node_id low;
    node_id high;
    double weight;
  };
  HINT_LAZY
  [[nodiscard]] static double weight_near(const build_tree& tree, node_id v) {
    std::vector<edge> counted;
    const node_id p = tree.parent(v);
    tree.for_leaves(v, [&](node_id a) {
      for (const auto& [b, weight] : tree.graph()[a]) {
        if (!detail::counts(tree.graph(), tree.counted(), a, b)) continue;
        node_id up = b;
        while (up != v && up != p && up != no_node) up = tree.parent(up);
        if (up == p) counted.push_back({(std::min)(a, b), (std::max)(a, b), weight});
      }
    });
    std::sort(counted.begin(), counted.end(), [](const edge& x, const edge& y) {
      return std::tuple(x.low, x.high) < std::tuple(y.low, y.high);
    });
    double sum = 0;
    for (const edge& l : counted) sum += l.weight;
    return sum;
  }

  HINT_LAZY
  void remember(const build_tree& tree) {
    version_ = tree.version();
    gains_.assign(tree.id_count(), 0);
    near_.assign(tree.id_count(), 0);
    std::vector<node_id> depths(tree.id_count());
    for (node_id v = tree.root(); v != no_node;) {
      node_id next = tree.first_child(v);
      if (next != no_node) depths[next] = depths[v] + 1;
      while (next == no_node && v != tree.root()) {
        next = tree.next_sibling(v);
        if (next != no_node)
          depths[next] = depths[v];
        else
          v = tree.parent(v);
      }
      v = next;
    }
    const relation_graph& graph = tree.graph();
    for (node_id a = 0; a < graph.size(); ++a)
      for (const auto& [b, weight] : graph[a]) {
        if (b < a || !detail::counts(graph, tree.counted(), a, b)) continue;
        node_id x = a;
        node_id y = b;
        while (tree.parent(x) != tree.parent(y)) {
          node_id& deeper = depths[x] < depths[y] ? y : x;
          deeper = tree.parent(deeper);
        }
        near_[x] += weight;
        near_[y] += weight;
      }
    std::vector<entry> entries;
    for (node_id v = 0; v < tree.id_count(); ++v)
      if (tree.contains(v) && update_gain(tree, v)) entries.push_back({-gains_[v], v});
    heap_.assign(std::move(entries));
  }
  /// Computes the gain of lifting v anew. Returns whether it is more than rounding.
  bool update_gain(const build_tree& tree, node_id v) {
    const bool can = v != tree.root() && tree.parent(v) != tree.root();
    gains_[v] = can ? gain(tree, v, near_[v]) : 0;
    return gains_[v] > least_gain;
  }
  HINT_LAZY
  void offer_children(const build_tree& tree, node_id p) {
    for (node_id c = tree.first_child(p); c != no_node; c = tree.next_sibling(c)) {
      const double before = gains_[c];
      if (update_gain(tree, c) && gains_[c] != before) heap_.push({-gains_[c], c});
    }
  }

  tree_version version_;
  std::vector<double> gains_;       // by number, as they are now
  std::vector<double> near_;        // by number, weight of the edges to the siblings
  detail::least_heap<entry> heap_;  // some out of date
};

}}}  // namespace hint::HINT_ABI::tree

#endif
