// SPDX-License-Identifier: MIT
/// \file
/// Moves of units between groups that are themselves in groups: the gain along the whole path to the
/// root.
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
#include <hint/tree/multilevel/layer.hpp>
#include <hint/tree/links.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// With storeys of groups, each in a group of the next, the entropy is a constant minus 2/V times
/// the sum over all groups of all storeys of between (log2 V - log2 volume). A unit that moves
/// changes the groups on two paths, up to where they meet.
class path_moves {
 public:
  path_moves(double base, double least_gain, std::size_t largest)
      : base_(base), least_gain_(least_gain), largest_(largest) {}

  /// Moves units, in this order, until none gains; after the first turn only neighbours of what
  /// moved. `upper[s]` says where the groups of storey s are, `lowest` being storey 0. Returns by
  /// how much the value of all storeys rose.
  double run(const layer& l, grouping& lowest, std::span<grouping> upper,
             std::span<const node_id> order) {
    lowest_ = &lowest;
    upper_ = upper;
    const std::size_t storeys = upper.size() + 1;
    linked_.resize((std::max)(linked_.size(), storeys));
    near_.resize((std::max)(near_.size(), storeys));
    path_.resize(storeys);
    for (std::size_t s = 0; s < storeys; ++s)
      linked_[s].resize((std::max)(linked_[s].size(), at(s).groups.size()));
    active_.assign(l.size(), 1);
    double gained = 0;
    for (bool moved = true; moved;) {
      moved = false;
      for (const node_id u : order) {
        if (!active_[u]) continue;
        active_[u] = 0;
        look_around(l, u);
        if (const double gain = move(l, u); gain > 0) {
          gained += gain;
          moved = true;
          for (std::size_t i = l.begin[u]; i < l.begin[u + 1]; ++i)
            if (lowest.of[l.ends[i]] != lowest.of[u]) active_[l.ends[i]] = 1;
        }
        for (std::size_t s = 0; s < storeys; ++s) {
          for (const node_id id : near_[s]) linked_[s][id] = 0;
          near_[s].clear();
        }
      }
    }
    return gained;
  }

 private:
  /// A group on the path of the unit, without it.
  struct rest {
    node_id id;
    double between;
    double volume;
    double value;
  };
  struct choice {
    double gain = 0;
    node_id group = no_node;   ///< `no_node`: a fresh one
    node_id parent = no_node;  ///< of the fresh one
  };

  [[nodiscard]] grouping& at(std::size_t storey) noexcept {
    return storey == 0 ? *lowest_ : upper_[storey - 1];
  }
  [[nodiscard]] node_id parent(std::size_t storey, node_id id) const noexcept {
    return storey < upper_.size() ? upper_[storey].of[id] : no_node;
  }
  [[nodiscard]] double value(double between, double volume) const noexcept {
    return between > 0 && volume > 0 ? between * (base_ - std::log2(volume)) : 0;
  }

  /// The weights from u to the groups of all storeys, and the path of u without u.
  void look_around(const layer& l, node_id u) {
    for (std::size_t i = l.begin[u]; i < l.begin[u + 1]; ++i) {
      node_id id = lowest_->of[l.ends[i]];
      for (std::size_t s = 0; s < path_.size(); ++s) {
        if (linked_[s][id] == 0) near_[s].push_back(id);
        linked_[s][id] += l.weights[i];
        id = parent(s, id);
      }
    }
    node_id id = lowest_->of[u];
    double below = -l.inside[u];
    bool empties = true;
    removed_ = 0;
    for (std::size_t s = 0; s < path_.size(); ++s) {
      const group& mine = at(s).groups[id];
      empties = empties && mine.units == 1;
      const double linked = linked_[s][id];
      rest& r = path_[s];
      r.id = id;
      // Where only nodes without links stay, only rounding is left.
      r.volume = empties ? 0 : (std::max)(0.0, mine.volume - l.volume[u]);
      r.between = r.volume > 0 ? (std::max)(0.0, mine.between - (linked - below)) : 0;
      r.value = value(r.between, r.volume);
      removed_ += mine.value() - r.value;
      below = linked;
      id = parent(s, id);
    }
  }

  /// What it is worth to put u, which is in no group, under `id` of a storey, when its links of
  /// weight `below` are settled further down.
  [[nodiscard]] double worth_of_joining(const layer& l, node_id u, std::size_t storey, node_id id,
                                        double below) {
    double sum = 0;
    for (std::size_t s = storey; s < path_.size(); ++s) {
      const group& g = at(s).groups[id];
      const bool mine = path_[s].id == id;
      const double linked = linked_[s][id];
      const double between = (mine ? path_[s].between : g.between) + (linked - below);
      sum += value(between, (mine ? path_[s].volume : g.volume) + l.volume[u]) -
             (mine ? path_[s].value : g.value());
      below = linked;
      id = parent(s, id);
    }
    return sum;
  }
  [[nodiscard]] bool fits(const layer& l, node_id u, std::size_t storey, node_id id) {
    if (l.leaves.empty()) return true;
    for (std::size_t s = storey; s < path_.size(); ++s) {
      if (path_[s].id != id && std::size_t{at(s).groups[id].leaves} + l.leaves[u] > largest_)
        return false;
      id = parent(s, id);
    }
    return true;
  }

  /// Makes the best move of u and returns its gain; 0 when there is none.
  double move(const layer& l, node_id u) {
    choice best{least_gain_, path_[0].id, no_node};
    const auto consider = [&](const choice& c) {
      if (c.gain > best.gain) best = c;
    };
    for (const node_id id : near_[0])
      if (id != path_[0].id && fits(l, u, 0, id))
        consider({worth_of_joining(l, u, 0, id, -l.inside[u]) - removed_, id, no_node});
    const double alone = value(l.inside[u], l.volume[u]);
    const auto consider_fresh = [&](node_id id) {
      if ((id == path_[1].id && lowest_->groups[path_[0].id].units == 1) || !fits(l, u, 1, id))
        return;
      consider({alone + worth_of_joining(l, u, 1, id, 0) - removed_, no_node, id});
    };
    if (path_.size() > 1 && !lowest_->spare.empty()) {
      for (const node_id id : near_[1])
        if (id != path_[1].id) consider_fresh(id);
      consider_fresh(path_[1].id);
    }
    if (best.group == path_[0].id) return 0;
    take_out(l, u);
    put_in(l, u, best);
    return best.gain;
  }

  void update(group& g, double between, double volume) const noexcept {
    g.between = between;
    g.volume = volume;
    g.worth = volume > 0 ? base_ - std::log2(volume) : 0;
  }
  void take_out(const layer& l, node_id u) {
    bool gone = true;  // whether what was below is
    for (std::size_t s = 0; s < path_.size(); ++s) {
      grouping& storey = at(s);
      group& g = storey.groups[path_[s].id];
      if (gone && --g.units == 0) {
        g = {};
        storey.spare.push_back(path_[s].id);
        continue;
      }
      gone = false;
      update(g, path_[s].between, path_[s].volume);
      if (!l.leaves.empty()) g.leaves -= l.leaves[u];
    }
  }
  void put_in(const layer& l, node_id u, const choice& c) {
    node_id id = c.group;
    if (id == no_node) {
      id = lowest_->spare.back();
      lowest_->spare.pop_back();
      upper_[0].of[id] = c.parent;
      ++upper_[0].groups[c.parent].units;
    }
    lowest_->of[u] = id;
    ++lowest_->groups[id].units;
    double below = -l.inside[u];
    for (std::size_t s = 0; s < path_.size(); ++s) {
      group& g = at(s).groups[id];
      const double linked = c.group == no_node && s == 0 ? 0 : linked_[s][id];
      update(g, g.between + (linked - below), g.volume + l.volume[u]);
      if (!l.leaves.empty()) g.leaves += l.leaves[u];
      below = linked;
      id = parent(s, id);
    }
  }
  double base_;
  double least_gain_;
  std::size_t largest_;
  grouping* lowest_ = nullptr;
  std::span<grouping> upper_;
  std::vector<std::vector<double>> linked_;  ///< by storey and group; all 0 between units
  std::vector<std::vector<node_id>> near_;   ///< by storey
  std::vector<rest> path_;
  double removed_ = 0;
  std::vector<std::uint8_t> active_;
};

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
