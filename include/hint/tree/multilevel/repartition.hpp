// SPDX-License-Identifier: MIT
/// \file
/// Puts the children of one or two communities into new communities: `level_search` on some dozen
/// nodes.
#ifndef HINT_TREE_MULTILEVEL_REPARTITION_HPP
#define HINT_TREE_MULTILEVEL_REPARTITION_HPP

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/edges.hpp>
#include <hint/tree/multilevel/level_search.hpp>
#include <hint/tree/multilevel/quotient_graph.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

struct repartition_result {
  std::vector<node_id> community;  ///< of each node, numbered by their first nodes
  std::vector<double> between;     ///< of each community: weight of the edges between its nodes
  /// Sum over the communities c of between(c) log2(vol(c) / outer): by how much vol(G) H / 2
  /// changes when they come between the nodes and a parent of volume `outer`. 0 or less.
  double cost = 0;
};

/// Lowers the cost of a partition by a round of `level_search`. Every call searches in another
/// random order, which follows from the number of calls before it.
class repartitioner {
 public:
  /// volumes[i] is the volume of node i; edges between the same nodes add up. The search starts
  /// with node i in community start[i], a number below that of nodes. Gains up to `least_gain` are
  /// taken for rounding. O(edges).
  [[nodiscard]] repartition_result operator()(std::span<const double> volumes,
                                              std::span<const weighted_edge> edges,
                                              std::span<const node_id> start, double outer,
                                              double least_gain) {
    quotient_graph nodes;
    nodes.volume.assign(volumes.begin(), volumes.end());
    nodes.inside.assign(volumes.size(), 0);
    connect(nodes, [&](auto&& add) {
      for (const auto& [a, b, weight] : edges) add(a, b, weight);
    });
    partition found;
    found.community_of.assign(start.begin(), start.end());
    if (outer > 0) {
      level_search search({std::log2(outer), {}, {}}, ++calls_, least_gain, unbounded);
      search.measure(nodes, found);
      search.round(nodes, found);
    }
    repartition_result out;
    out.community = std::move(found.community_of);
    const node_id count = renumber(out.community, volumes.size(), scratch_);
    out.between.resize(count);
    for (const auto& [a, b, weight] : edges)
      if (out.community[a] == out.community[b]) out.between[out.community[a]] += weight;
    volumes_.assign(count, 0);
    for (std::size_t i = 0; i < volumes.size(); ++i) volumes_[out.community[i]] += volumes[i];
    for (node_id c = 0; c < count; ++c)
      if (out.between[c] > 0) out.cost += out.between[c] * std::log2(volumes_[c] / outer);
    return out;
  }

 private:
  std::uint64_t calls_ = 0;
  std::vector<node_id> scratch_;
  std::vector<double> volumes_;
};

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
