// SPDX-License-Identifier: MIT
/// \file
/// Finds groups among the children of one community: local moving on a graph of some dozen nodes.
#ifndef HINT_TREE_REGROUP_HPP
#define HINT_TREE_REGROUP_HPP

#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/links.hpp>

namespace hint::inline HINT_ABI::tree::tree_detail {

struct regrouped {
  std::vector<node_id> group;   ///< of each node, numbered by their first nodes
  std::vector<double> between;  ///< of each group: weight of the links between its nodes
  /// Sum over the groups of between log2(volume / outer): half of what the groups change of
  /// vol(G) H when all nodes else lie below a community of volume `outer`. 0 or less.
  double cost = 0;
};

/// Partitions the nodes so that `cost` is low: starts from single nodes, moves each to the group of
/// a neighbour or out of its group, wherever that lowers the cost most (nodes in order, ties to the
/// lowest group, again when a neighbour has moved), then does the same with the groups as nodes,
/// until no two join. O(E) a sweep, at most 20 sweeps for each coarser graph.
/// Source: Blondel et al., "Fast unfolding of communities in large networks", 2008, with the
/// structural entropy in place of modularity.
class regrouping {
 public:
  [[nodiscard]] regrouped operator()(const relation_graph& graph, std::span<const double> volumes,
                                    double outer) {
    outer_ = outer;
    regrouped found;
    found.group.resize(graph.size());
    for (node_id i = 0; i < graph.size(); ++i) found.group[i] = i;
    volumes_.assign(volumes.begin(), volumes.end());
    inner_.assign(graph.size(), 0);
    relation_graph level = graph;
    while (move_nodes(level)) {
      const std::size_t groups = number_groups();
      for (node_id& g : found.group) g = group_[g];
      std::vector<weighted_edge> links;
      for (const auto& [a, b, weight] : level.edges())
        if (group_[a] != group_[b]) links.push_back({group_[a], group_[b], weight});
      level = relation_graph::from_edges(groups, links);
      volumes_.swap(group_volumes_);
      inner_.swap(group_between_);
    }
    for (std::size_t g = 0; g < level.size(); ++g) found.cost += cost(inner_[g], volumes_[g]);
    found.between = inner_;
    return found;
  }

 private:
  [[nodiscard]] double cost(double between, double volume) const noexcept {
    return between > 0 && volume > 0 ? between * std::log2(volume / outer_) : 0;
  }
  /// False when all stay alone.
  bool move_nodes(const relation_graph& level) {
    const std::size_t n = level.size();
    group_.resize(n);
    group_costs_.resize(n);
    for (node_id i = 0; i < n; ++i) {
      group_[i] = i;
      group_costs_[i] = cost(inner_[i], volumes_[i]);
    }
    group_volumes_ = volumes_;
    group_between_ = inner_;
    weights_.assign(n, 0);
    members_.assign(n, 1);
    waits_.assign(n, true);
    empty_.clear();
    bool any = false;
    bool moved = true;
    for (int sweep = 0; moved && sweep < 20; ++sweep) {
      moved = false;
      for (node_id i = 0; i < n; ++i)
        if (waits_[i]) moved = move_node(level, i) || moved;
      any = any || moved;
    }
    return any;
  }
  bool move_node(const relation_graph& level, node_id i) {
    waits_[i] = false;
    near_.clear();
    for (const auto& [j, weight] : level[i]) {
      const node_id g = group_[j];
      if (weights_[g] == 0) near_.push_back(g);
      weights_[g] += weight;
    }
    const node_id own = group_[i];
    const double volume = volumes_[i];
    const auto with = [&](node_id g) {
      return cost(group_between_[g] + inner_[i] + weights_[g], group_volumes_[g] + volume);
    };
    const double stay = group_costs_[own];
    if (--members_[own] == 0) {
      group_volumes_[own] = group_between_[own] = group_costs_[own] = 0;
    } else {
      group_volumes_[own] -= volume;
      group_between_[own] -= inner_[i] + weights_[own];
      group_costs_[own] = cost(group_between_[own], group_volumes_[own]);
    }
    node_id best = own;
    double least = stay - group_costs_[own] - 1e-9 * volume;  // no sweeps for rounding
    if (members_[own] > 0 && !empty_.empty() && cost(inner_[i], volume) < least) {
      best = empty_.back();
      least = cost(inner_[i], volume);
    }
    for (const node_id g : near_) {
      if (g == own) continue;
      const double there = with(g) - group_costs_[g];
      if (there < least || (there == least && g < best)) {
        best = g;
        least = there;
      }
    }
    group_costs_[best] = best == own ? stay : with(best);
    group_volumes_[best] += volume;
    group_between_[best] += inner_[i] + weights_[best];
    group_[i] = best;
    if (members_[best]++ == 0 && best != own) empty_.pop_back();
    if (members_[own] == 0) empty_.push_back(own);
    for (const node_id g : near_) weights_[g] = 0;
    if (best == own) return false;
    for (const auto& [j, weight] : level[i])
      if (group_[j] != best) waits_[j] = true;
    return true;
  }
  /// Gives groups the numbers 0, 1, ... by their first nodes; returns how many there are.
  std::size_t number_groups() {
    std::vector<node_id> number(group_.size(), no_node);
    std::vector<double> volumes;
    std::vector<double> between;
    for (node_id& g : group_) {
      if (number[g] == no_node) {
        number[g] = static_cast<node_id>(volumes.size());
        volumes.push_back(group_volumes_[g]);
        between.push_back(group_between_[g]);
      }
      g = number[g];
    }
    group_volumes_.swap(volumes);
    group_between_.swap(between);
    return group_volumes_.size();
  }

  double outer_ = 0;
  std::vector<double> volumes_;
  std::vector<double> inner_;
  std::vector<node_id> group_;
  std::vector<double> group_volumes_;
  std::vector<double> group_between_;
  std::vector<double> group_costs_;
  std::vector<bool> waits_;
  std::vector<node_id> members_;
  std::vector<node_id> empty_;  // groups without members
  std::vector<double> weights_;
  std::vector<node_id> near_;
};

}  // namespace hint::inline HINT_ABI::tree::tree_detail

#endif
