// SPDX-License-Identifier: MIT
// Greedy merging and contracting as it is told, in cubic time: what the fast operators must equal.
#ifndef HINT_TESTS_TREE_NAIVE_HPP
#define HINT_TESTS_TREE_NAIVE_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include <hint/tree/build_tree.hpp>
#include <hint/tree/encoding_tree.hpp>
#include <hint/tree/merge.hpp>

#include "tree/graphs.hpp"

namespace hint_tests {

/// A tree of plain structs. Numbers as in build_tree: leaves, root, then communities as they are
/// made.
class naive_tree {
 public:
  explicit naive_tree(const relation_graph& g) : graph_(g), nodes_(g.size() + 1) {
    for (node_id v = 0; v < g.size(); ++v) {
      nodes_[v].leaves = {v};
      nodes_[root()].children.insert(v);
      nodes_[root()].leaves.insert(v);
    }
  }
  node_id root() const { return static_cast<node_id>(graph_.size()); }

  double volume(node_id v) const {
    double sum = 0;
    for (const node_id leaf : nodes_[v].leaves) sum += graph_.degree(leaf);
    return sum;
  }
  double weight(const std::set<node_id>& from, const std::set<node_id>& to) const {
    double sum = 0;
    for (const node_id a : from)
      for (const auto& [b, w] : graph_[a])
        if (to.count(b)) sum += w;
    return sum;
  }
  double cut(node_id a, node_id b) const { return weight(nodes_[a].leaves, nodes_[b].leaves); }
  /// Edges with both ends below v, each counted at both.
  double twice_inside(node_id v) const { return weight(nodes_[v].leaves, nodes_[v].leaves); }
  double between(node_id v) const {
    double sum = twice_inside(v);
    for (const node_id c : nodes_[v].children) sum -= twice_inside(c);
    return sum / 2;
  }

  /// The key of SEP's implementation ("CombineDelta") with any smoothing; 0 makes it the exact
  /// change of the two-dimensional entropy.
  double merge_key_of(node_id a, node_id b, double smoothing) const {
    const double total = volume(root());
    const double v1 = volume(a) + smoothing;
    const double v2 = volume(b) + smoothing;
    const double v12 = v1 + v2;
    return (twice_inside(a) * std::log2(v12 / v1) + twice_inside(b) * std::log2(v12 / v2) -
            2 * cut(a, b) * std::log2(total / v12)) /
           total;
  }
  double combine_key(node_id a, node_id b) const {
    return -2 * cut(a, b) * std::log2(volume(root()) / (volume(a) + volume(b))) / volume(root());
  }

  /// Merges until the rule says stop; returns the merges.
  std::vector<std::pair<node_id, node_id>> merge(const hint::tree::merge_options& o) {
    std::vector<std::pair<node_id, node_id>> done;
    while (nodes_[root()].children.size() > 2) {
      std::optional<std::tuple<double, node_id, node_id>> best;
      const auto& tops = nodes_[root()].children;
      for (const node_id a : tops)
        for (const node_id b : tops) {
          if (a >= b || !(cut(a, b) > 0)) continue;
          if (nodes_[a].leaves.size() + nodes_[b].leaves.size() > o.largest) continue;
          const double key = o.key == hint::tree::merge_key::merge ? merge_key_of(a, b, o.smoothing)
                                                                   : combine_key(a, b);
          // Keys that differ by rounding alone are ties.
          if (!best || key < std::get<0>(*best) - 1e-12 ||
              (key < std::get<0>(*best) + 1e-12 &&
               std::pair(a, b) < std::pair(std::get<1>(*best), std::get<2>(*best))))
            best = {key, a, b};
        }
      if (!best) break;
      if (o.stop == hint::tree::merge_stop::no_gain && std::get<0>(*best) >= -1e-14) break;
      join(std::get<1>(*best), std::get<2>(*best), o.edit == hint::tree::merge_edit::merge);
      done.emplace_back(std::get<1>(*best), std::get<2>(*best));
    }
    return done;
  }

  /// SEP's compression: of the communities on a path that is too long, always the cheapest.
  void compress(std::size_t height, double smoothing) {
    while (true) {
      std::optional<std::pair<double, node_id>> best;
      for (node_id v = root() + 1; v < nodes_.size(); ++v) {
        if (nodes_[v].children.empty() || depth(v) + height_below(v) <= height) continue;
        const node_id p = parent(v);
        const double key =
            between(v) * std::log2((volume(p) + smoothing) / (volume(v) + smoothing));
        if (!best || key < best->first - 1e-11) best = {key, v};
      }
      if (!best) return;
      const node_id v = best->second;
      const node_id p = parent(v);
      nodes_[p].children.erase(v);
      nodes_[p].children.insert(nodes_[v].children.begin(), nodes_[v].children.end());
      nodes_[v].children.clear();
    }
  }

  /// As a value that can be compared.
  hint::tree::encoding_tree value() const {
    std::vector<node_id> order;
    for (node_id v = root() + 1; v < nodes_.size(); ++v)
      if (!nodes_[v].children.empty()) order.push_back(v);
    std::sort(order.begin(), order.end(),
              [&](node_id a, node_id b) { return depth(a) > depth(b); });
    std::vector<node_id> number(nodes_.size());
    for (node_id v = 0; v < root(); ++v) number[v] = v;
    for (std::size_t i = 0; i < order.size(); ++i)
      number[order[i]] = static_cast<node_id>(root() + i);
    const auto last = static_cast<node_id>(root() + order.size());
    number[root()] = last;
    std::vector<node_id> parents(last + std::size_t{1}, hint::tree::no_node);
    for (node_id v = 0; v < nodes_.size(); ++v)
      for (const node_id c : nodes_[v].children) parents[number[c]] = number[v];
    return hint::tree::build_tree(graph_, hint::tree::encoding_tree::from_parents(graph_, parents))
        .freeze();
  }

 private:
  struct node {
    std::set<node_id> children;
    std::set<node_id> leaves;
  };
  void join(node_id a, node_id b, bool merging) {
    const auto t = static_cast<node_id>(nodes_.size());
    nodes_.emplace_back();
    for (const node_id part : {a, b}) {
      nodes_[root()].children.erase(part);
      nodes_[t].leaves.insert(nodes_[part].leaves.begin(), nodes_[part].leaves.end());
      if (merging && part > root()) {
        nodes_[t].children.insert(nodes_[part].children.begin(), nodes_[part].children.end());
        nodes_[part].children.clear();
      } else {
        nodes_[t].children.insert(part);
      }
    }
    nodes_[root()].children.insert(t);
  }
  node_id parent(node_id v) const {
    for (node_id p = 0; p < nodes_.size(); ++p)
      if (nodes_[p].children.count(v)) return p;
    return hint::tree::no_node;
  }
  std::size_t depth(node_id v) const { return v == root() ? 0 : 1 + depth(parent(v)); }
  std::size_t height_below(node_id v) const {
    std::size_t height = 0;
    for (const node_id c : nodes_[v].children) height = (std::max)(height, 1 + height_below(c));
    return height;
  }

  const relation_graph& graph_;
  std::vector<node> nodes_;
};

}  // namespace hint_tests

#endif
