// SPDX-License-Identifier: MIT
/// \file
/// A tree of bounded height while it is searched for: levels of communities over the leaves, all
/// leaves at one depth.
#ifndef HINT_TREE_MULTILEVEL_LEVELS_HPP
#define HINT_TREE_MULTILEVEL_LEVELS_HPP

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
#include <hint/tree/edges.hpp>
#include <hint/tree/multilevel/level_search.hpp>
#include <hint/tree/multilevel/quotient_graph.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// How hard to search.
struct search_effort {
  std::size_t rounds = 1;  ///< of `level_search`, at most, each time a partition is searched for
  std::size_t turns = 0;   ///< over all levels together, at most
  double tolerance = 0;    ///< a round or turn that gains less, in bits, is the last
  std::uint64_t seed = 0;
  std::size_t largest = unbounded;  ///< leaves in a community
};

/// Level 0 partitions the leaves, level s the communities of level s - 1; the root is above the
/// last level. A community of one child is harmless: the two have the same volume, so that the term
/// of the child in Eq. 4 is 0.
class level_hierarchy {
 public:
  /// All leaves under the root. `leaves` is their graph, node i of which is leaf order[i]; `volume`
  /// is vol(G).
  level_hierarchy(quotient_graph leaves, std::vector<node_id> order, double volume,
                  const search_effort& effort)
      : leaves_(std::move(leaves)),
        order_(std::move(order)),
        volume_(volume),
        log_volume_(volume > 0 ? std::log2(volume) : 0),
        effort_(effort) {
    if (effort.largest < leaves_.size()) leaves_.leaves.assign(leaves_.size(), 1);
  }

  /// Edges from the root to a leaf.
  [[nodiscard]] std::size_t height() const noexcept { return levels_.size() + 1; }
  [[nodiscard]] const quotient_graph& leaves() const noexcept { return leaves_; }
  /// Which community of level s every community of the level below it (or leaf) is in.
  [[nodiscard]] std::span<const node_id> operator[](std::size_t s) const noexcept {
    return levels_[s].community_of;
  }

  /// The tree as parents, for `canonicalize`: the root is the number after the leaves. Gives all
  /// other memory back.
  [[nodiscard]] std::vector<node_id> parents() && {
    leaves_ = {};
    candidates_ = {};
    quotient_ = {};
    std::size_t first = order_.size() + 1;  // number of the first community of the level
    std::vector<node_id> out(first, no_node);
    const auto root = static_cast<node_id>(order_.size());
    if (levels_.empty()) std::fill(out.begin(), out.end() - 1, root);
    for (std::size_t s = 0; s < levels_.size(); ++s) {
      const std::size_t below = s == 0 ? 0 : first - levels_[s - 1].communities.size();
      const std::vector<node_id>& of = levels_[s].community_of;
      for (std::size_t u = 0; u < of.size(); ++u)
        out[s == 0 ? order_[u] : below + u] = static_cast<node_id>(first + of[u]);
      out.resize(first + levels_[s].communities.size(), root);
      first = out.size();
    }
    return out;
  }

  /// Adds a level on top: child u of the root comes into community of[u], a number below that of
  /// these children. O(edges x levels).
  void add(std::vector<node_id> of) {
    candidates_.clear();
    partition p;
    p.community_of = std::move(of);
    levels_.push_back(std::move(p));
    measure(nodes(levels_.size() - 1), levels_.size() - 1);
  }

  /// Searches a partition for each gap between two levels (or level and root) and puts in the one
  /// that lowers the entropy most, as a new level. Returns by how many bits the entropy fell; 0
  /// when none lowers it.
  double insert() {
    candidates_.resize(levels_.size() + 1);  // those found for other gaps still hold
    quotient_graph below;
    for (std::size_t s = 0; s <= levels_.size(); ++s) {
      if (s > 0) below = above(s == 1 ? leaves_ : below, s - 1);
      if (!candidates_[s].searched) candidates_[s] = candidate(s == 0 ? leaves_ : below, s);
    }
    const auto best =
        std::max_element(candidates_.begin(), candidates_.end(),
                         [](const auto& a, const auto& b) { return a.gain < b.gain; });
    if (best->gain <= 0) return 0;
    const double gain = best->gain;
    const std::size_t s = static_cast<std::size_t>(best - candidates_.begin());
    partition found = std::move(best->found);
    *best = {};
    candidates_.insert(best, candidate_level{});  // the gaps below and above the new level
    compact(found, nullptr);
    for (community& c : found.communities)
      c.log_ratio = c.volume > 0 ? log_volume_ - std::log2(c.volume) : 0;
    if (s < levels_.size()) {
      std::vector<node_id> of(found.communities.size());
      for (std::size_t u = 0; u < found.community_of.size(); ++u)
        of[found.community_of[u]] = levels_[s].community_of[u];
      levels_[s].community_of = std::move(of);
    }
    levels_.insert(levels_.begin() + static_cast<std::ptrdiff_t>(s), std::move(found));
    if (s + 1 < levels_.size()) measure(nodes(s + 1), s + 1);
    return gain;
  }

  /// Turn by turn, moves leaves between the communities of level 0 and communities of each level
  /// between those of the next, with the gain over all levels, as long as a turn gains more than
  /// the tolerance. Returns by how many bits the entropy fell.
  double improve() {
    double total = 0;
    candidates_.clear();
    for (std::size_t turn = 0; turn < effort_.turns; ++turn) {
      double gain = 0;
      quotient_graph children;
      for (std::size_t s = 0; s < levels_.size(); ++s) {
        if (s > 0) children = above(s == 1 ? leaves_ : children, s - 1);
        const quotient_graph& below = s == 0 ? leaves_ : children;
        level_search search({log_volume_, {}, {}}, next_seed(), least_gain(), effort_.largest);
        partition p = std::move(levels_[s]);
        partition* const next = s + 1 < levels_.size() ? &levels_[s + 1] : nullptr;
        expand(p, below.size(), next);
        search.set_upper_levels(std::span(levels_).subspan(s + 1));
        gain += in_bits(levels_.size() == 1 ? run(search, below, p) : search.round(below, p));
        compact(p, next);
        for (std::size_t up = s + 1; up < levels_.size(); ++up)
          compact(levels_[up], up + 1 < levels_.size() ? &levels_[up + 1] : nullptr);
        levels_[s] = std::move(p);
      }
      total += gain;
      if (levels_.size() == 1 || gain < effort_.tolerance) break;
    }
    return total;
  }

 private:
  /// A level that might be put in.
  struct candidate_level {
    bool searched = false;
    double gain = 0;
    partition found;
  };

  /// Searches for a level between what level s partitions, the nodes of `below`, and level s, or
  /// the root above the last level: children of one community stay in one.
  [[nodiscard]] candidate_level candidate(const quotient_graph& below, std::size_t s) {
    candidate_level out;
    out.searched = true;
    if (s < levels_.size()) {
      const std::vector<node_id>& constraint = levels_[s].community_of;
      std::vector<double> log_volumes;
      for (const community& c : levels_[s].communities)
        log_volumes.push_back(c.volume > 0 ? std::log2(c.volume) : 0);
      const quotient_graph siblings = edges_within(below, constraint);
      level_search search({0, constraint, log_volumes}, next_seed(), least_gain(), effort_.largest);
      out.found = search.singletons(siblings);
      run(search, siblings, out.found);
    } else {
      level_search search({log_volume_, {}, {}}, next_seed(), least_gain(), effort_.largest);
      out.found = search.singletons(below);
      if (levels_.empty()) {
        search.round(below, out.found);
        reorder(out.found);
      }
      run(search, below, out.found, levels_.empty() ? 1 : 0);
    }
    out.gain = in_bits(value(out.found));
    return out;
  }
  /// Renumbers the leaves so that those of one community follow one another: from here on the
  /// search finds most of what it looks for nearby in memory.
  void reorder(partition& p) {
    const node_id count = renumber(p.community_of, p.communities.size(), numbers_);
    std::vector<node_id> start(count + std::size_t{1});
    for (const node_id id : p.community_of) ++start[id + 1];
    std::partial_sum(start.begin(), start.end(), start.begin());
    std::vector<node_id> places(order_.size());
    for (node_id u = 0; u < places.size(); ++u) places[start[p.community_of[u]]++] = u;
    leaves_ = permuted(leaves_, places);
    std::vector<node_id> order(order_.size());
    std::vector<node_id> of(order_.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
      order[i] = order_[places[i]];
      of[i] = p.community_of[places[i]];
    }
    order_ = std::move(order);
    p.community_of = std::move(of);
    level_search({log_volume_, {}, {}}, 0, 0, effort_.largest).measure(leaves_, p);
  }
  /// By how many bits the entropy falls when the value rises by this.
  [[nodiscard]] double in_bits(double value) const noexcept {
    return volume_ > 0 ? 2 * value / volume_ : 0;
  }
  [[nodiscard]] double least_gain() const noexcept { return 1e-12 * volume_; }
  [[nodiscard]] std::uint64_t next_seed() noexcept {
    return effort_.seed + 0x9e3779b97f4a7c15ULL * ++searches_;
  }
  /// Rounds `done` to `effort.rounds`, until two in a row gain less than the tolerance on average.
  /// Returns by how much the value rose.
  double run(level_search& search, const quotient_graph& graph, partition& p,
             std::size_t done = 0) const {
    double total = 0;
    double before = volume_;  // one round may gain little by chance
    for (std::size_t round = done; round < effort_.rounds; ++round) {
      const double gain = search.round(graph, p);
      total += gain;
      if (in_bits(before + gain) <= 2 * effort_.tolerance) break;
      before = gain;
    }
    return total;
  }
  /// The graph whose nodes are the communities of level s, given the graph of what it partitions.
  [[nodiscard]] quotient_graph above(const quotient_graph& below, std::size_t s) {
    return quotient_(below, levels_[s].community_of,
                     static_cast<node_id>(levels_[s].communities.size()), false);
  }
  /// The graph of what level s partitions.
  [[nodiscard]] quotient_graph nodes(std::size_t s) {
    if (s == 0) return leaves_;
    quotient_graph graph = above(leaves_, 0);
    for (std::size_t below = 1; below < s; ++below) graph = above(graph, below);
    return graph;
  }
  /// Computes the communities of level s from `community_of`, without spare numbers.
  void measure(const quotient_graph& graph, std::size_t s) {
    const level_search search({log_volume_, {}, {}}, 0, 0, effort_.largest);
    search.measure(graph, levels_[s]);
    compact(levels_[s], s + 1 < levels_.size() ? &levels_[s + 1] : nullptr);
  }
  /// Drops the spare numbers; the level above, if there is one, is renumbered alike.
  void compact(partition& p, partition* next) {
    const std::size_t ids = p.communities.size();
    const node_id count = renumber(p.community_of, ids, numbers_);
    std::vector<community> communities(count);
    std::vector<node_id> parents(next != nullptr ? count : 0);
    for (std::size_t id = 0; id < ids; ++id) {
      if (numbers_[id] == no_node) continue;
      communities[numbers_[id]] = p.communities[id];
      if (next != nullptr) parents[numbers_[id]] = next->community_of[id];
    }
    p.communities = std::move(communities);
    p.spare.clear();
    if (next != nullptr) next->community_of = std::move(parents);
  }
  /// Adds spare numbers until there are as many as nodes, since each may come to be alone.
  static void expand(partition& p, std::size_t nodes, partition* next) {
    const std::size_t used = p.communities.size();
    p.communities.resize(nodes);
    for (std::size_t id = nodes; id-- > used;) p.spare.push_back(static_cast<node_id>(id));
    if (next != nullptr) next->community_of.resize(nodes, no_node);
  }

  quotient_graph leaves_;
  std::vector<node_id> order_;
  double volume_;
  double log_volume_;
  search_effort effort_;
  std::uint64_t searches_ = 0;
  std::vector<partition> levels_;
  std::vector<candidate_level> candidates_;  ///< by gap: entry s is for the one below level s
  quotient_builder quotient_;
  std::vector<node_id> numbers_;
};

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
