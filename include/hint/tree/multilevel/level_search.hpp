// SPDX-License-Identifier: MIT
/// \file
/// Finds partitions of a quotient graph that lower the structural entropy: local moves of nodes,
/// then of the parts of communities, then of parts of parts, and so on.
#ifndef HINT_TREE_MULTILEVEL_LEVEL_SEARCH_HPP
#define HINT_TREE_MULTILEVEL_LEVEL_SEARCH_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/multilevel/neighbor_weights.hpp>
#include <hint/tree/multilevel/path_moves.hpp>
#include <hint/tree/multilevel/quotient_graph.hpp>
#include <hint/tree/multilevel/random_order.hpp>
#include <hint/tree/multilevel/refined_partition.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// Where the children of a tree node of log2 volume L are put into communities, which become its
/// children, the entropy H of Eq. 4 falls by
///
///     2/V sum over communities c of  between(c) (L - log2 vol(c)),        V = vol(G).
///
/// The sum, the value of the partition, is what this search makes large. A round moves nodes one by
/// one to the community of a neighbour, or to an empty one, as long as the value rises. Then the
/// parts into which `refinement` splits the communities become the nodes of a smaller graph, on
/// which the round goes on (Blondel et al. 2008; Traag, Waltman and van Eck 2019; both for another
/// objective). Parts are formed at random, so that every further round finds more. All random
/// choices follow from the seed and the numbers of the nodes.
class level_search {
 public:
  /// A community may get at most `largest` leaves, if the graph tells the leaves of its nodes.
  /// Gains of value up to `least_gain` are taken for rounding.
  level_search(search_scope scope, std::uint64_t seed, double least_gain, std::size_t largest)
      : scope_(scope),
        random_(seed),
        least_gain_(least_gain),
        largest_(largest),
        paths_(scope.log_volume, least_gain, largest) {}
  /// From now on the communities are themselves in communities, up to a root of log2 volume
  /// `scope.log_volume`: upper[s] partitions those of the level below it, upper[0] those that are
  /// searched. The value is then that of all levels together, and the number of communities in
  /// upper levels may fall. Only for a scope without constraint.
  void set_upper_levels(std::span<partition> upper) noexcept { upper_ = upper; }

  /// Every node by itself.
  [[nodiscard]] partition singletons(const quotient_graph& graph) const {
    partition p;
    p.community_of.resize(graph.size());
    std::iota(p.community_of.begin(), p.community_of.end(), 0U);
    measure(graph, p);
    return p;
  }
  /// Computes the communities and the spare numbers from `community_of`, whose entries are below
  /// the number of nodes. O(edges).
  void measure(const quotient_graph& graph, partition& p) const {
    p.communities.assign(graph.size(), {});
    for (node_id u = 0; u < graph.size(); ++u) {
      community& mine = p.communities[p.community_of[u]];
      mine.volume += graph.volume[u];
      mine.between += graph.inside[u];
      mine.log_ratio = log_volume_above(u);  // until the volume is complete
      ++mine.nodes;
      if (!graph.leaves.empty()) mine.leaves += graph.leaves[u];
      double weight = 0;
      for (std::size_t i = graph.begin[u]; i < graph.begin[u + 1]; ++i)
        if (p.community_of[graph.ends[i]] == p.community_of[u]) weight += graph.weights[i];
      mine.between += weight / 2;  // each edge is in two rows
    }
    p.spare.clear();
    for (auto id = static_cast<node_id>(graph.size()); id-- > 0;) {
      community& mine = p.communities[id];
      if (mine.nodes == 0) p.spare.push_back(id);
      mine.log_ratio = mine.volume > 0 ? mine.log_ratio - std::log2(mine.volume) : 0;
    }
  }

  /// One round, from nodes to parts of parts of communities, starting from any partition. Returns
  /// by how much the value rose. About O(edges).
  double round(const quotient_graph& graph, partition& p) {
    return scope_.constraint.empty() ? descend<false>(graph, p, scope_.constraint)
                                     : descend<true>(graph, p, scope_.constraint);
  }

 private:
  [[nodiscard]] double log_volume_above(node_id u) const noexcept {
    return scope_.constraint.empty() ? scope_.log_volume : scope_.log_volumes[scope_.constraint[u]];
  }

  /// The round on this graph and all smaller ones made of it. `constraint` is that of its nodes.
  template <bool Constrained>
  double descend(const quotient_graph& graph, partition& p, std::span<const node_id> constraint) {
    const std::size_t n = graph.size();
    const auto log_volume = [&](node_id u) {
      return Constrained ? scope_.log_volumes[constraint[u]] : scope_.log_volume;
    };
    random_.shuffle(n);
    double gain = upper_.empty() ? move_nodes(graph, p, log_volume)
                                 : paths_.run(graph, p, upper_, random_.order());
    std::vector<node_id> part =
        refine_(graph, p.community_of, log_volume, least_gain_, random_, weights_);
    const node_id count = renumber(part, n, numbers_);
    if (count + n / 64 >= n) return gain;  // hardly any nodes were joined
    const quotient_graph coarse = quotient_(graph, part, count, true);

    // The communities keep their numbers and weights, while parts take the place of nodes in them.
    std::vector<node_id> community_of_part(count);
    for (node_id u = 0; u < n; ++u) community_of_part[part[u]] = p.community_of[u];
    std::vector<node_id> fine = std::exchange(p.community_of, std::move(community_of_part));
    std::vector<node_id> coarse_constraint(Constrained ? count : 0);
    if (Constrained)
      for (node_id u = 0; u < n; ++u) coarse_constraint[part[u]] = constraint[u];
    count_nodes(p);
    gain += descend<Constrained>(coarse, p, coarse_constraint);

    for (node_id u = 0; u < n; ++u) fine[u] = p.community_of[part[u]];
    p.community_of = std::move(fine);
    count_nodes(p);
    return gain;
  }
  static void count_nodes(partition& p) {
    for (community& each : p.communities) each.nodes = 0;
    for (const node_id id : p.community_of) ++p.communities[id].nodes;
  }

  /// Moves nodes until no move gains and returns by how much the value rose. After the first pass
  /// over all nodes only those are tried again that have a neighbour that moved.
  template <class LogVolume>
  double move_nodes(const quotient_graph& graph, partition& p, const LogVolume& log_volume) {
    const std::size_t n = graph.size();
    weights_.reserve(p.communities.size());
    active_.assign(n, 1);
    // Local copies: the compiler cannot know that storing a byte changes no pointer.
    std::uint8_t* const active = active_.data();
    const node_id* const of = p.community_of.data();
    const node_id* const ends = graph.ends.data();
    const std::span<const node_id> order = random_.order();
    double gained = 0;
    for (bool moved = true; moved;) {
      moved = false;
      for (std::size_t turn = 0; turn < n; ++turn) {
        weights_.prefetch_ahead(graph, of, of, p.communities.data(), order, turn);
        const node_id u = order[turn];
        if (!active[u]) continue;
        active[u] = 0;
        weights_.gather(graph, u, of, [](node_id) { return true; });
        if (const double gain = move_node(graph, p, u, log_volume(u)); gain > 0) {
          gained += gain;
          moved = true;
          const std::size_t row_end = graph.begin[u + 1];
          for (std::size_t i = graph.begin[u]; i < row_end; ++i)
            if (of[ends[i]] != of[u]) active[ends[i]] = 1;
        }
        weights_.clear();
      }
    }
    return gained;
  }

  /// What the community of a node is without it.
  struct remainder {
    bool empty;
    double volume;
    double between;
  };
  /// Where a node may go.
  struct choice {
    node_id community;
    double value;      ///< by how much the value rises when the node, being nowhere, goes there
    double log_ratio;  ///< of the community with the node
  };

  /// Makes the best move of node u, whose edges are gathered, and returns its gain; 0 if none
  /// gains. `log_volume` is that of the parent.
  double move_node(const quotient_graph& graph, partition& p, node_id u, double log_volume) {
    const node_id from = p.community_of[u];
    const community& mine = p.communities[from];
    const double volume = graph.volume[u];
    const double inside = graph.inside[u];
    remainder rest{mine.nodes == 1, mine.volume - volume, 0};
    const double own = weights_.take(from);
    // Of a community whose other nodes have no edges only rounding would be left.
    if (!rest.empty && rest.volume > 0) rest.between = (std::max)(0.0, mine.between - own - inside);
    const double single =
        rest.empty || !(inside > 0) ? 0 : inside * (log_volume - std::log2(volume));
    if (!may_gain(p, from, rest, volume, inside, single)) return 0;

    const double loss =
        mine.value() -
        (rest.between > 0 ? rest.between * (log_volume - std::log2(rest.volume)) : 0);
    choice best = best_neighbor(graph, p, u, log_volume, {from, loss + least_gain_, 0});
    double joined = inside;
    if (!rest.empty &&
        (single > best.value || (rest.volume > 0 && -loss > least_gain_ && 0 > best.value))) {
      best = {p.spare.back(), (std::max)(single, 0.0), log_volume - std::log2(volume)};
      p.spare.pop_back();
    } else {
      joined += weights_[best.community];
    }
    if (best.community == from) return 0;
    leave(graph, p, u, rest.between, log_volume);
    enter(graph, p, u, best, joined);
    return best.value - loss;
  }

  /// Whether a move of a node could gain, by bounds without logarithms, which settle most nodes. At
  /// most it brings the largest (W(c) + inside) log_ratio(c), as growth lowers a log_ratio, or
  /// `single`, in a community of its own. At least it takes away what is left of the value of its
  /// community when log2(1 - t) >= -t / ((1 - t) ln 2) stands for the fall of that one's log2
  /// volume, t being the share of the volume that leaves.
  [[nodiscard]] bool may_gain(const partition& p, node_id from, const remainder& rest,
                              double volume, double inside, double single) const {
    constexpr double ln2 = 0.69314718055994530942;
    const community& mine = p.communities[from];
    const double least_loss =
        mine.value() -
        (rest.between > 0 ? rest.between * (mine.log_ratio + volume / rest.volume / ln2) : 0);
    double most = 0;
    for (const node_id c : weights_.neighbors())
      most = (std::max)(most, (weights_[c] + inside) * p.communities[c].log_ratio);
    return (std::max)(most, single) > least_loss + least_gain_;
  }
  /// The neighbouring community in which node u is worth most, if that is more than in `best`; ties
  /// between neighbours go to the lowest number.
  [[nodiscard]] choice best_neighbor(const quotient_graph& graph, const partition& p, node_id u,
                                     double log_volume, choice best) const {
    const node_id from = best.community;
    const double volume = graph.volume[u];
    const double inside = graph.inside[u];
    for (const node_id to : weights_.neighbors()) {
      const community& other = p.communities[to];
      const double joining = weights_[to] + inside;
      if (to == from || joining * other.log_ratio < best.value || !fits(graph, u, other)) continue;
      const double log_ratio = log_volume - std::log2(other.volume + volume);
      const double value = (other.between + joining) * log_ratio - other.value();
      if (value > best.value ||
          (value == best.value && best.community != from && to < best.community))
        best = {to, value, log_ratio};
    }
    return best;
  }
  [[nodiscard]] bool fits(const quotient_graph& graph, node_id u,
                          const community& other) const noexcept {
    return graph.leaves.empty() || std::size_t{other.leaves} + graph.leaves[u] <= largest_;
  }
  /// `joined`: weight of the edges that become edges between children of the community.
  static void enter(const quotient_graph& graph, partition& p, node_id u, const choice& to,
                    double joined) noexcept {
    community& other = p.communities[to.community];
    other.between += joined;
    other.volume += graph.volume[u];
    other.log_ratio = to.log_ratio;
    ++other.nodes;
    if (!graph.leaves.empty()) other.leaves += graph.leaves[u];
    p.community_of[u] = to.community;
  }
  /// `between`: what stays of that of the community that u is in.
  static void leave(const quotient_graph& graph, partition& p, node_id u, double between,
                    double log_volume) {
    const node_id from = p.community_of[u];
    community& mine = p.communities[from];
    if (mine.nodes == 1) {
      mine = {};
      p.spare.push_back(from);
      return;
    }
    mine.between = between;
    mine.volume -= graph.volume[u];
    mine.log_ratio = mine.volume > 0 ? log_volume - std::log2(mine.volume) : 0;
    --mine.nodes;
    if (!graph.leaves.empty()) mine.leaves -= graph.leaves[u];
  }

  search_scope scope_;
  random_order random_;
  double least_gain_;
  std::size_t largest_;
  path_moves paths_;
  refinement refine_;
  quotient_builder quotient_;
  std::span<partition> upper_;
  neighbor_weights weights_;
  std::vector<std::uint8_t> active_;
  std::vector<node_id> numbers_;
};

/// The value of a partition: V/2 times what its communities take off the entropy.
[[nodiscard]] inline double value(const partition& p) noexcept {
  double sum = 0;
  for (const community& each : p.communities) sum += each.value();
  return sum;
}

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
