// SPDX-License-Identifier: MIT
/// \file
/// Groups the children of one or a few communities anew: `level_search` on some dozen nodes.
#ifndef HINT_TREE_MULTILEVEL_REGROUP_HPP
#define HINT_TREE_MULTILEVEL_REGROUP_HPP

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/multilevel/layer.hpp>
#include <hint/tree/multilevel/level_search.hpp>
#include <hint/tree/links.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

struct regrouped {
  std::vector<node_id> group;   ///< of each node, numbered by their first nodes
  std::vector<double> between;  ///< of each group: weight of the links between its nodes
  /// Sum over the groups of between log2(volume / outer): half of what the groups change of
  /// vol(G) H when all nodes else lie below a community of volume `outer`. 0 or less.
  double cost = 0;
};

/// Lowers the cost of a grouping by a round of `level_search`. Every call searches in another
/// random order, which follows from the number of calls before it.
class regrouping {
 public:
  /// Nodes are as many as volumes; links may occur more than once and then add up. `start[i]`, a
  /// number below that of nodes, is the group of node i. Gains up to `least_gain` do not count.
  /// O(links).
  [[nodiscard]] regrouped operator()(std::span<const double> volumes,
                                     std::span<const weighted_edge> links,
                                     std::span<const node_id> start, double outer,
                                     double least_gain) {
    layer nodes;
    nodes.volume.assign(volumes.begin(), volumes.end());
    nodes.inside.assign(volumes.size(), 0);
    connect(nodes, [&](auto&& link) {
      for (const auto& [a, b, weight] : links) link(a, b, weight);
    });
    grouping found;
    found.of.assign(start.begin(), start.end());
    if (outer > 0) {
      level_search search({std::log2(outer), {}, {}}, ++calls_, least_gain, unbounded);
      search.measure(nodes, found);
      search.round(nodes, found);
    }
    regrouped out;
    out.group = std::move(found.of);
    const node_id count = renumber(out.group, volumes.size(), scratch_);
    out.between.resize(count);
    for (const auto& [a, b, weight] : links)
      if (out.group[a] == out.group[b]) out.between[out.group[a]] += weight;
    sums_.assign(count, 0);
    for (std::size_t i = 0; i < volumes.size(); ++i) sums_[out.group[i]] += volumes[i];
    for (node_id g = 0; g < count; ++g)
      if (out.between[g] > 0) out.cost += out.between[g] * std::log2(sums_[g] / outer);
    return out;
  }

 private:
  std::uint64_t calls_ = 0;
  std::vector<node_id> scratch_;
  std::vector<double> sums_;
};

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
