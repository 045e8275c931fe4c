// SPDX-License-Identifier: MIT
/// \file
/// Splits the communities of a partition into well-connected parts, which the search then moves as
/// wholes.
#ifndef HINT_TREE_MULTILEVEL_REFINED_PARTITION_HPP
#define HINT_TREE_MULTILEVEL_REFINED_PARTITION_HPP

#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/multilevel/neighbor_weights.hpp>
#include <hint/tree/multilevel/quotient_graph.hpp>
#include <hint/tree/multilevel/random_order.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// The refinement of the Leiden algorithm (Traag, Waltman and van Eck, "From Louvain to Leiden",
/// 2019, "Refinement phase"), with structural entropy in place of modularity: every node starts
/// alone; each that still is, in random order, may join a neighbouring part of its own community.
/// By joining part c, the value `between * log_ratio` of the parts (see `community`) rises by
///
///     gain = (between(c) + W(c) + inside(u)) (L - log2(vol(c) + vol(u))) - value(c) - value(u),
///
/// W(c) being the weight of the edges between u and c, and L the log2 of the parent's volume. Of
/// the parts that gain, u takes the one with the largest gain (1 - r/2), r being uniform in [0, 1)
/// and drawn anew for each: the better, the more likely.
class refinement {
 public:
  /// Returns the part of every node, named by one of its nodes. log_volume(u) is L. Gains up to
  /// `least_gain` are taken for rounding. `weights` is scratch memory. O(edges).
  template <class LogVolume>
  [[nodiscard]] std::vector<node_id> operator()(const quotient_graph& graph,
                                                std::span<const node_id> community_of,
                                                LogVolume&& log_volume, double least_gain,
                                                random_order& random, neighbor_weights& weights) {
    const std::size_t n = graph.size();
    weights.reserve(n);
    random.shuffle(n);
    std::vector<node_id> part_of(n);
    std::iota(part_of.begin(), part_of.end(), 0U);
    parts_.assign(n, {});
    for (node_id u = 0; u < n; ++u) {
      const double volume = graph.volume[u];
      parts_[u] = {volume, graph.inside[u], volume > 0 ? log_volume(u) - std::log2(volume) : 0, 1,
                   0};
    }
    for (std::size_t turn = 0; turn < n; ++turn) {
      weights.prefetch_ahead(graph, community_of.data(), part_of.data(), parts_.data(),
                             random.order(), turn);
      const node_id u = random.order()[turn];
      if (parts_[u].nodes != 1 || part_of[u] != u) continue;
      const node_id home = community_of[u];
      weights.gather(graph, u, part_of.data(), [&](node_id x) { return community_of[x] == home; });
      join(graph, u, log_volume(u), least_gain, random, weights, part_of);
      weights.clear();
    }
    return part_of;
  }

 private:
  /// Lets node u, which is alone, join a part, if one gains.
  void join(const quotient_graph& graph, node_id u, double log_volume, double least_gain,
            random_order& random, const neighbor_weights& weights, std::vector<node_id>& part_of) {
    const double volume = graph.volume[u];
    const double inside = graph.inside[u];
    const double loss = parts_[u].value();
    double best = 0;
    double best_ratio = 0;
    node_id target = u;
    for (const node_id c : weights.neighbors()) {
      const community& part = parts_[c];
      const double joining = weights[c] + inside;
      // Growth lowers log_ratio, so this bounds the gain.
      if (joining * part.log_ratio - loss < best + least_gain) continue;
      const double log_ratio = log_volume - std::log2(part.volume + volume);
      const double gain = (part.between + joining) * log_ratio - part.value() - loss;
      if (gain <= least_gain) continue;
      const double chance = gain * (1 - 0.5 * random.uniform());
      if (chance > best) {
        best = chance;
        best_ratio = log_ratio;
        target = c;
      }
    }
    if (target == u) return;
    community& part = parts_[target];
    part.between += weights[target] + inside;
    part.volume += volume;
    part.log_ratio = best_ratio;
    ++part.nodes;
    part_of[u] = target;
  }

  std::vector<community> parts_;
};

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
