// SPDX-License-Identifier: MIT
/// \file
/// Local moves of nodes between communities that are themselves in communities: each move is priced
/// along both paths to the root.
#ifndef HINT_TREE_MULTILEVEL_PATH_MOVES_HPP
#define HINT_TREE_MULTILEVEL_PATH_MOVES_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/edges.hpp>
#include <hint/tree/multilevel/quotient_graph.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// Over the nodes there are levels of communities: level 0 partitions the nodes, level s the
/// communities of level s - 1, and the root is above all. Sorting Eq. 4 by communities, with V =
/// vol(G),
///
///     H = constant - 2/V sum over levels s, communities c of level s of
///                        between(c) (log2 V - log2 vol(c)).
///
/// The double sum is the value that moves make larger. A node that moves changes the terms of the
/// communities on its old and its new path to the root, below where the two meet.
class path_moves {
 public:
  /// `log_volume` is log2 V. A move must gain more value than `least_gain`; a community may get at
  /// most `largest` leaves, if the graph tells the leaves of its nodes.
  path_moves(double log_volume, double least_gain, std::size_t largest)
      : log_volume_(log_volume), least_gain_(least_gain), largest_(largest) {}

  /// Makes for each node, in this order, the move that gains most: to a community of level 0 in
  /// which it has neighbours, or to a new one, in a community of level 1 in which it has neighbours
  /// or in that where it was. Goes on until no move gains; after the first pass only nodes are
  /// tried that have a neighbour that moved. `lowest` is level 0, `upper[s]` level s + 1. Returns
  /// by how much the value rose. O(edges x levels) for each pass over all nodes.
  double run(const quotient_graph& graph, partition& lowest, std::span<partition> upper,
             std::span<const node_id> order) {
    lowest_ = &lowest;
    upper_ = upper;
    const std::size_t levels = upper.size() + 1;
    weights_.resize((std::max)(weights_.size(), levels));
    neighbors_.resize((std::max)(neighbors_.size(), levels));
    path_.resize(levels);
    for (std::size_t s = 0; s < levels; ++s)
      weights_[s].resize((std::max)(weights_[s].size(), at(s).communities.size()));
    active_.assign(graph.size(), 1);
    double gained = 0;
    for (bool moved = true; moved;) {
      moved = false;
      for (const node_id u : order) {
        if (!active_[u]) continue;
        active_[u] = 0;
        look_around(graph, u);
        if (const double gain = move(graph, u); gain > 0) {
          gained += gain;
          moved = true;
          for (std::size_t i = graph.begin[u]; i < graph.begin[u + 1]; ++i)
            if (lowest.community_of[graph.ends[i]] != lowest.community_of[u])
              active_[graph.ends[i]] = 1;
        }
        for (std::size_t s = 0; s < levels; ++s) {
          for (const node_id id : neighbors_[s]) weights_[s][id] = 0;
          neighbors_[s].clear();
        }
      }
    }
    return gained;
  }

 private:
  /// A community on the path of the node to the root, as it is without the node.
  struct remainder {
    node_id id;
    double between;
    double volume;
    double value;
  };
  struct choice {
    double gain = 0;
    node_id community = no_node;  ///< of level 0; `no_node`: a new one
    node_id parent = no_node;     ///< of the new one
  };

  [[nodiscard]] partition& at(std::size_t level) noexcept {
    return level == 0 ? *lowest_ : upper_[level - 1];
  }
  [[nodiscard]] node_id parent(std::size_t level, node_id id) const noexcept {
    return level < upper_.size() ? upper_[level].community_of[id] : no_node;
  }
  /// The term of a community in the double sum.
  [[nodiscard]] double value(double between, double volume) const noexcept {
    return between > 0 && volume > 0 ? between * (log_volume_ - std::log2(volume)) : 0;
  }

  /// Computes W_s(c), the weight of the edges between u and the nodes below community c of level s,
  /// for all c where it is not 0; and, with W_-1 = -inside(u), as what u has inside counts as edges
  /// between children of level 0, the path of u without u: of the edges of u, community c on it
  /// loses W_s(c) - W_s-1(child on the path) from its `between`.
  void look_around(const quotient_graph& graph, node_id u) {
    for (std::size_t i = graph.begin[u]; i < graph.begin[u + 1]; ++i) {
      node_id id = lowest_->community_of[graph.ends[i]];
      for (std::size_t s = 0; s < path_.size(); ++s) {
        if (weights_[s][id] == 0) neighbors_[s].push_back(id);
        weights_[s][id] += graph.weights[i];
        id = parent(s, id);
      }
    }
    node_id id = lowest_->community_of[u];
    double below = -graph.inside[u];
    bool empties = true;
    removed_ = 0;
    for (std::size_t s = 0; s < path_.size(); ++s) {
      const community& mine = at(s).communities[id];
      empties = empties && mine.nodes == 1;
      const double weight = weights_[s][id];
      remainder& r = path_[s];
      r.id = id;
      // Where only nodes without edges stay, only rounding would be left.
      r.volume = empties ? 0 : (std::max)(0.0, mine.volume - graph.volume[u]);
      r.between = r.volume > 0 ? (std::max)(0.0, mine.between - (weight - below)) : 0;
      r.value = value(r.between, r.volume);
      removed_ += mine.value() - r.value;
      below = weight;
      id = parent(s, id);
    }
  }

  /// By how much the value rises when u, which is in no community, comes below community `id` of
  /// level `level` and those above it, `below` being the weight of its edges to nodes of the child
  /// of `id` that it joins: the terms of `id` and of all above it, with u minus without.
  [[nodiscard]] double worth_of_joining(const quotient_graph& graph, node_id u, std::size_t level,
                                        node_id id, double below) {
    double sum = 0;
    for (std::size_t s = level; s < path_.size(); ++s) {
      const community& g = at(s).communities[id];
      const bool mine = path_[s].id == id;
      const double weight = weights_[s][id];
      const double between = (mine ? path_[s].between : g.between) + (weight - below);
      sum += value(between, (mine ? path_[s].volume : g.volume) + graph.volume[u]) -
             (mine ? path_[s].value : g.value());
      below = weight;
      id = parent(s, id);
    }
    return sum;
  }
  [[nodiscard]] bool fits(const quotient_graph& graph, node_id u, std::size_t level, node_id id) {
    if (graph.leaves.empty()) return true;
    for (std::size_t s = level; s < path_.size(); ++s) {
      if (path_[s].id != id &&
          std::size_t{at(s).communities[id].leaves} + graph.leaves[u] > largest_)
        return false;
      id = parent(s, id);
    }
    return true;
  }

  /// Makes the best move of u and returns its gain; 0 when no move gains.
  double move(const quotient_graph& graph, node_id u) {
    choice best{least_gain_, path_[0].id, no_node};
    const auto consider = [&](const choice& c) {
      if (c.gain > best.gain) best = c;
    };
    for (const node_id id : neighbors_[0])
      if (id != path_[0].id && fits(graph, u, 0, id))
        consider({worth_of_joining(graph, u, 0, id, -graph.inside[u]) - removed_, id, no_node});
    const double alone = value(graph.inside[u], graph.volume[u]);
    const auto consider_new = [&](node_id id) {
      if ((id == path_[1].id && lowest_->communities[path_[0].id].nodes == 1) ||
          !fits(graph, u, 1, id))
        return;
      consider({alone + worth_of_joining(graph, u, 1, id, 0) - removed_, no_node, id});
    };
    if (path_.size() > 1 && !lowest_->spare.empty()) {
      for (const node_id id : neighbors_[1])
        if (id != path_[1].id) consider_new(id);
      consider_new(path_[1].id);
    }
    if (best.community == path_[0].id) return 0;
    take_out(graph, u);
    put_in(graph, u, best);
    return best.gain;
  }

  void update(community& g, double between, double volume) const noexcept {
    g.between = between;
    g.volume = volume;
    g.log_ratio = volume > 0 ? log_volume_ - std::log2(volume) : 0;
  }
  /// Takes u out of the communities on its path. Those that are left empty become spare.
  void take_out(const quotient_graph& graph, node_id u) {
    bool gone = true;  // whether the child on the path is
    for (std::size_t s = 0; s < path_.size(); ++s) {
      partition& level = at(s);
      community& g = level.communities[path_[s].id];
      if (gone && --g.nodes == 0) {
        g = {};
        level.spare.push_back(path_[s].id);
        continue;
      }
      gone = false;
      update(g, path_[s].between, path_[s].volume);
      if (!graph.leaves.empty()) g.leaves -= graph.leaves[u];
    }
  }
  /// Puts u, whose path was taken away, where it was chosen to go.
  void put_in(const quotient_graph& graph, node_id u, const choice& c) {
    node_id id = c.community;
    if (id == no_node) {
      id = lowest_->spare.back();
      lowest_->spare.pop_back();
      upper_[0].community_of[id] = c.parent;
      ++upper_[0].communities[c.parent].nodes;
    }
    lowest_->community_of[u] = id;
    ++lowest_->communities[id].nodes;
    double below = -graph.inside[u];
    for (std::size_t s = 0; s < path_.size(); ++s) {
      community& g = at(s).communities[id];
      const double weight = c.community == no_node && s == 0 ? 0 : weights_[s][id];
      update(g, g.between + (weight - below), g.volume + graph.volume[u]);
      if (!graph.leaves.empty()) g.leaves += graph.leaves[u];
      below = weight;
      id = parent(s, id);
    }
  }

  double log_volume_;
  double least_gain_;
  std::size_t largest_;
  partition* lowest_ = nullptr;
  std::span<partition> upper_;
  std::vector<std::vector<double>> weights_;     ///< W: by level and community; all 0 between nodes
  std::vector<std::vector<node_id>> neighbors_;  ///< by level
  std::vector<remainder> path_;
  double removed_ = 0;
  std::vector<std::uint8_t> active_;
};

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
