// SPDX-License-Identifier: MIT
/// \file
/// A tree of bounded height while it is searched for: storeys of groups over the leaves, all leaves
/// at one depth.
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
#include <hint/tree/multilevel/layer.hpp>
#include <hint/tree/multilevel/level_search.hpp>
#include <hint/tree/links.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// How hard to search.
struct search_effort {
  std::size_t rounds = 1;  ///< at most, each time something is searched
  std::size_t turns = 0;   ///< at most, over all levels together
  double tolerance = 0;    ///< a round or turn that gains less, in bits, is the last
  std::uint64_t seed = 0;
  std::size_t largest = unbounded;  ///< leaves in a group
};

/// Storey 0 groups the leaves, storey s the groups of storey s - 1; the root is above the last. A
/// group of one is harmless: it has its part's volume, so it adds nothing to the entropy.
class storeys {
 public:
  /// All leaves under the root. The leaf that is unit i of the layer is order[i].
  storeys(layer leaves, std::vector<node_id> order, double volume, const search_effort& effort)
      : leaves_(std::move(leaves)),
        order_(std::move(order)),
        volume_(volume),
        base_(volume > 0 ? std::log2(volume) : 0),
        effort_(effort) {
    if (effort.largest < leaves_.size()) leaves_.leaves.assign(leaves_.size(), 1);
  }

  /// Links from the root to a leaf.
  [[nodiscard]] std::size_t height() const noexcept { return levels_.size() + 1; }
  [[nodiscard]] const layer& leaves() const noexcept { return leaves_; }
  /// Which group of storey s every group of the storey below (or leaf) is in.
  [[nodiscard]] std::span<const node_id> operator[](std::size_t s) const noexcept {
    return levels_[s].of;
  }

  /// As a tree; the root comes after the leaves. Gives all other memory back.
  [[nodiscard]] std::vector<node_id> parents() && {
    leaves_ = {};
    candidates_ = {};
    quotient_ = {};
    std::size_t first = order_.size() + 1;  // node of the first group of the storey
    std::vector<node_id> out(first, no_node);
    const auto root = static_cast<node_id>(order_.size());
    if (levels_.empty()) std::fill(out.begin(), out.end() - 1, root);
    for (std::size_t s = 0; s < levels_.size(); ++s) {
      const std::size_t below = s == 0 ? 0 : first - levels_[s - 1].groups.size();
      const std::vector<node_id>& of = levels_[s].of;
      for (std::size_t u = 0; u < of.size(); ++u)
        out[s == 0 ? order_[u] : below + u] = static_cast<node_id>(first + of[u]);
      out.resize(first + levels_[s].groups.size(), root);
      first = out.size();
    }
    return out;
  }

  /// Adds a storey on top whose groups are `of`, numbers below that of the units.
  void add(std::vector<node_id> of) {
    candidates_.clear();
    grouping g;
    g.of = std::move(of);
    levels_.push_back(std::move(g));
    measure(units(levels_.size() - 1), levels_.size() - 1);
  }

  /// Puts in the storey that gains most, anywhere. Returns its gain in bits, 0 when none gains.
  double insert() {
    candidates_.resize(levels_.size() + 1);  // what else was found last time still holds
    layer below;
    for (std::size_t s = 0; s <= levels_.size(); ++s) {
      if (s > 0) below = above(s == 1 ? leaves_ : below, s - 1);
      if (!candidates_[s].searched) candidates_[s] = candidate(s == 0 ? leaves_ : below, s);
    }
    const auto best =
        std::max_element(candidates_.begin(), candidates_.end(),
                         [](const storey& a, const storey& b) { return a.gain < b.gain; });
    if (best->gain <= 0) return 0;
    const double gain = best->gain;
    const std::size_t s = static_cast<std::size_t>(best - candidates_.begin());
    grouping found = std::move(best->found);
    *best = {};
    candidates_.insert(best, storey{});  // the gaps below and above it are new
    compact(found, nullptr);
    for (group& g : found.groups) g.worth = g.volume > 0 ? base_ - std::log2(g.volume) : 0;
    if (s < levels_.size()) {
      std::vector<node_id> of(found.groups.size());
      for (std::size_t u = 0; u < found.of.size(); ++u) of[found.of[u]] = levels_[s].of[u];
      levels_[s].of = std::move(of);
    }
    levels_.insert(levels_.begin() + static_cast<std::ptrdiff_t>(s), std::move(found));
    if (s + 1 < levels_.size()) measure(units(s + 1), s + 1);
    return gain;
  }

  /// Moves parts between the groups of all storeys, as long as a turn gains more than the
  /// tolerance. Returns the gain in bits.
  double improve() {
    double total = 0;
    candidates_.clear();
    for (std::size_t turn = 0; turn < effort_.turns; ++turn) {
      double gain = 0;
      layer upper_units;
      for (std::size_t s = 0; s < levels_.size(); ++s) {
        if (s > 0) upper_units = above(s == 1 ? leaves_ : upper_units, s - 1);
        const layer& below = s == 0 ? leaves_ : upper_units;
        level_search search({base_, {}, {}}, next_seed(), least_gain(), effort_.largest);
        grouping g = std::move(levels_[s]);
        grouping* const next = s + 1 < levels_.size() ? &levels_[s + 1] : nullptr;
        expand(g, below.size(), next);
        search.put_under(std::span(levels_).subspan(s + 1));
        gain += bits(levels_.size() == 1 ? run(search, below, g) : search.round(below, g));
        compact(g, next);
        for (std::size_t up = s + 1; up < levels_.size(); ++up)
          compact(levels_[up], up + 1 < levels_.size() ? &levels_[up + 1] : nullptr);
        levels_[s] = std::move(g);
      }
      total += gain;
      if (levels_.size() == 1 || gain < effort_.tolerance) break;
    }
    return total;
  }

 private:
  /// One that might be put in.
  struct storey {
    bool searched = false;
    double gain = 0;
    grouping found;
  };

  /// The best storey below storey s, whose units `below` are.
  [[nodiscard]] storey candidate(const layer& below, std::size_t s) {
    storey out;
    out.searched = true;
    if (s < levels_.size()) {
      const std::vector<node_id>& fence = levels_[s].of;
      std::vector<double> bases;
      for (const group& g : levels_[s].groups)
        bases.push_back(g.volume > 0 ? std::log2(g.volume) : 0);
      const layer fenced = within(below, fence);
      level_search search({0, fence, bases}, next_seed(), least_gain(), effort_.largest);
      out.found = search.singletons(fenced);
      run(search, fenced, out.found);
    } else {
      level_search search({base_, {}, {}}, next_seed(), least_gain(), effort_.largest);
      out.found = search.singletons(below);
      if (levels_.empty()) {
        search.round(below, out.found);
        settle(out.found);
      }
      run(search, below, out.found, levels_.empty() ? 1 : 0);
    }
    out.gain = bits(value(out.found));
    return out;
  }
  /// Puts the leaves of each group side by side: from here on the search finds most of what it looks
  /// for nearby in memory.
  void settle(grouping& g) {
    const node_id count = renumber(g.of, g.groups.size(), numbers_);
    std::vector<node_id> start(count + std::size_t{1});
    for (const node_id id : g.of) ++start[id + 1];
    std::partial_sum(start.begin(), start.end(), start.begin());
    std::vector<node_id> places(order_.size());
    for (node_id u = 0; u < places.size(); ++u) places[start[g.of[u]]++] = u;
    leaves_ = reorder(leaves_, places);
    std::vector<node_id> order(order_.size());
    std::vector<node_id> of(order_.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
      order[i] = order_[places[i]];
      of[i] = g.of[places[i]];
    }
    order_ = std::move(order);
    g.of = std::move(of);
    level_search({base_, {}, {}}, 0, 0, effort_.largest).measure(leaves_, g);
  }
  [[nodiscard]] double bits(double value) const noexcept {
    return volume_ > 0 ? 2 * value / volume_ : 0;
  }
  [[nodiscard]] double least_gain() const noexcept { return 1e-12 * volume_; }
  [[nodiscard]] std::uint64_t next_seed() noexcept {
    return effort_.seed + 0x9e3779b97f4a7c15ULL * ++searches_;
  }
  double run(level_search& search, const layer& l, grouping& g, std::size_t done = 0) const {
    double total = 0;
    double before = volume_;  // one round may gain little by chance
    for (std::size_t round = done; round < effort_.rounds; ++round) {
      const double gain = search.round(l, g);
      total += gain;
      if (bits(before + gain) <= 2 * effort_.tolerance) break;
      before = gain;
    }
    return total;
  }
  /// The layer of the groups of storey s, given that of its units.
  [[nodiscard]] layer above(const layer& below, std::size_t s) {
    return quotient_(below, levels_[s].of, static_cast<node_id>(levels_[s].groups.size()), false);
  }
  /// The layer of what storey s groups.
  [[nodiscard]] layer units(std::size_t s) {
    if (s == 0) return leaves_;
    layer l = above(leaves_, 0);
    for (std::size_t below = 1; below < s; ++below) l = above(l, below);
    return l;
  }
  void measure(const layer& l, std::size_t s) {
    const level_search search({base_, {}, {}}, 0, 0, effort_.largest);
    search.measure(l, levels_[s]);
    compact(levels_[s], s + 1 < levels_.size() ? &levels_[s + 1] : nullptr);
  }
  /// Drops the spare numbers; the storey above follows.
  void compact(grouping& g, grouping* next) {
    const std::size_t ids = g.groups.size();
    const node_id count = renumber(g.of, ids, numbers_);
    std::vector<group> groups(count);
    std::vector<node_id> parents(next != nullptr ? count : 0);
    for (std::size_t id = 0; id < ids; ++id) {
      if (numbers_[id] == no_node) continue;
      groups[numbers_[id]] = g.groups[id];
      if (next != nullptr) parents[numbers_[id]] = next->of[id];
    }
    g.groups = std::move(groups);
    g.spare.clear();
    if (next != nullptr) next->of = std::move(parents);
  }
  /// Makes room for as many groups as there are units.
  static void expand(grouping& g, std::size_t units, grouping* next) {
    const std::size_t used = g.groups.size();
    g.groups.resize(units);
    for (std::size_t id = units; id-- > used;) g.spare.push_back(static_cast<node_id>(id));
    if (next != nullptr) next->of.resize(units, no_node);
  }

  layer leaves_;
  std::vector<node_id> order_;
  double volume_;
  double base_;
  search_effort effort_;
  std::uint64_t searches_ = 0;
  std::vector<grouping> levels_;
  std::vector<storey> candidates_;  ///< by the storey above
  quotients quotient_;
  std::vector<node_id> numbers_;
};

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
