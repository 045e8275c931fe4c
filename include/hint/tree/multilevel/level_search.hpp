// SPDX-License-Identifier: MIT
/// \file
/// Finds groupings of one layer that lower the structural entropy: local moves of units, of chunks
/// of units, of chunks of chunks, and so on.
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
#include <hint/tree/multilevel/layer.hpp>
#include <hint/tree/links.hpp>
#include <hint/tree/multilevel/path_moves.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// Where the groups of a search hang. Without fences all hang under one community with
/// log2(volume) = base. With fences, units u with f = fence[u] hang under one of log2(volume) =
/// bases[f]; the layer must have no links across fences (`within`), so they group only among
/// themselves.
struct search_scope {
  double base = 0;
  std::span<const node_id> fence;
  std::span<const double> bases;
};

/// For a node with log2 volume L whose children are grouped, the entropy falls by 2/V times the sum
/// over groups of between (L - log2 volume): the value that is searched for. Units move one by one
/// to the group of a neighbour, or to an empty one, as long as the value rises; then chunks of each
/// group are units of a smaller layer, and so on (Blondel et al. 2008; Traag, Waltman and van Eck
/// 2019, for another objective). Chunks are formed at random, so that every further `round` finds
/// more. All random choices follow from the seed and the numbers of the units.
class level_search {
 public:
  /// A group may get at most `largest` leaves, if the layers tell them. Gains below `least_gain`
  /// (in units of value) count as rounding.
  level_search(search_scope scope, std::uint64_t seed, double least_gain, std::size_t largest)
      : scope_(scope),
        random_(seed),
        least_gain_(least_gain),
        largest_(largest),
        paths_(scope.base, least_gain, largest) {}
  /// From now on the groups themselves are in groups: upper[s] tells where those of storey s are.
  /// Moves then count all storeys; the number of groups of the upper ones may change. Without
  /// fences only.
  void put_under(std::span<grouping> upper) noexcept { upper_ = upper; }

  /// Every unit by itself.
  [[nodiscard]] grouping singletons(const layer& l) const {
    grouping g;
    g.of.resize(l.size());
    std::iota(g.of.begin(), g.of.end(), 0U);
    measure(l, g);
    return g;
  }
  /// Groups and spare numbers from `of`, whose numbers are below the number of units.
  void measure(const layer& l, grouping& g) const {
    g.groups.assign(l.size(), {});
    for (node_id u = 0; u < l.size(); ++u) {
      group& mine = g.groups[g.of[u]];
      mine.volume += l.volume[u];
      mine.between += l.inside[u];
      mine.worth = base(u);  // until the volume is complete
      ++mine.units;
      if (!l.leaves.empty()) mine.leaves += l.leaves[u];
      double linked = 0;
      for (std::size_t i = l.begin[u]; i < l.begin[u + 1]; ++i)
        if (g.of[l.ends[i]] == g.of[u]) linked += l.weights[i];
      mine.between += linked / 2;
    }
    g.spare.clear();
    for (auto id = static_cast<node_id>(l.size()); id-- > 0;) {
      group& mine = g.groups[id];
      if (mine.units == 0) g.spare.push_back(id);
      mine.worth = mine.volume > 0 ? mine.worth - std::log2(mine.volume) : 0;
    }
  }

  /// One round on all scales, from any grouping. Returns by how much the value rose. O(links) or
  /// a little more.
  double round(const layer& l, grouping& g) {
    return scope_.fence.empty() ? descend<false>(l, g, scope_.fence)
                                : descend<true>(l, g, scope_.fence);
  }

 private:
  [[nodiscard]] double base(node_id u) const noexcept {
    return scope_.fence.empty() ? scope_.base : scope_.bases[scope_.fence[u]];
  }
  /// SplitMix64 (Steele, Lea and Flood 2014): cheaper than the moves that it decides.
  [[nodiscard]] std::uint64_t bits() noexcept {
    std::uint64_t z = random_ += 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  [[nodiscard]] std::size_t below(std::size_t n) noexcept {
    return static_cast<std::size_t>(((bits() >> 32) * n) >> 32);
  }
  /// In `order_`, the units from a random one on, shuffled only within blocks: large layers are
  /// then walked in the order of memory.
  void shuffle(std::size_t n) {
    constexpr std::size_t block = 64;
    order_.resize(n);
    const std::size_t first = n > block ? below(n) : 0;
    for (std::size_t i = 0; i < n; ++i)
      order_[i] = static_cast<node_id>(i + first < n ? i + first : i + first - n);
    for (std::size_t begin = 0; begin < n; begin += block)
      for (std::size_t i = (std::min)(block, n - begin); i > 1; --i)
        std::swap(order_[begin + i - 1], order_[begin + below(i)]);
  }

  template <bool Fenced>
  double descend(const layer& l, grouping& g, std::span<const node_id> fence) {
    const std::size_t n = l.size();
    shuffle(n);
    double gain =
        upper_.empty() ? move_units<Fenced>(l, g, fence) : paths_.run(l, g, upper_, order_);
    std::vector<node_id> chunk = chunks<Fenced>(l, g, fence);
    const node_id count = renumber(chunk, n, numbers_);
    if (count + n / 64 >= n) return gain;  // hardly anything was joined
    const layer coarse = quotient_(l, chunk, count, true);

    // The groups keep their numbers; only who is in them is told by chunks now.
    std::vector<node_id> before(count);
    for (node_id u = 0; u < n; ++u) before[chunk[u]] = g.of[u];
    std::vector<node_id> fine = std::exchange(g.of, before);
    std::vector<node_id> coarse_fence(Fenced ? count : 0);
    if (Fenced)
      for (node_id u = 0; u < n; ++u) coarse_fence[chunk[u]] = fence[u];
    count_units(g);
    gain += descend<Fenced>(coarse, g, coarse_fence);

    for (node_id u = 0; u < n; ++u) fine[u] = g.of[chunk[u]];
    g.of = std::move(fine);
    count_units(g);
    return gain;
  }
  static void count_units(grouping& g) {
    for (group& each : g.groups) each.units = 0;
    for (const node_id id : g.of) ++g.groups[id].units;
  }

  /// Moves units until none gains. After the first turn only neighbours of what moved are tried.
  template <bool Fenced>
  double move_units(const layer& l, grouping& g, std::span<const node_id> fence) {
    const std::size_t n = l.size();
    reserve(g.groups.size());
    active_.assign(n, 1);
    std::uint8_t* const active = active_.data();
    double gained = 0;
    // Local copies of pointers: the compiler cannot know that no store changes them.
    double* const linked = linked_.data();
    node_id* const near = near_.data();
    node_id* const of = g.of.data();
    group* const groups = g.groups.data();
    const node_id* const ends = l.ends.data();
    const double* const weights = l.weights.data();
    for (bool moved = true; moved;) {
      moved = false;
      for (std::size_t turn = 0; turn < n; ++turn) {
        fetch_ahead(l, of, of, groups, turn);
        const node_id u = order_[turn];
        if (!active[u]) continue;
        active[u] = 0;
        const node_id from = of[u];
        const std::size_t row_end = l.begin[u + 1];
        std::size_t count = 0;
        for (std::size_t i = l.begin[u]; i < row_end; ++i) {
          const node_id to = of[ends[i]];
          const double before = linked[to];
          near[count] = to;
          count += before == 0;
          linked[to] = before + weights[i];
        }
        const group& mine = groups[from];
        const double volume = l.volume[u];
        const double inner = l.inside[u];
        const double own = std::exchange(linked[from], 0.0);
        const bool alone = mine.units == 1;
        const double rest_volume = mine.volume - volume;
        // Of a group whose other units have no links only rounding is left.
        const double rest =
            alone || !(rest_volume > 0) ? 0 : (std::max)(0.0, mine.between - own - inner);
        // Bounds without logarithms settle most units: growth lowers a group's worth, and
        // log2(1 - t) >= -t / ((1 - t) ln 2).
        const double least_loss =
            mine.value() - (rest > 0 ? rest * (mine.worth + volume / rest_volume / ln2) : 0);
        double most_gain = 0;
        for (std::size_t i = 0; i < count; ++i)
          most_gain = (std::max)(most_gain, (linked[near[i]] + inner) * groups[near[i]].worth);
        const double above = Fenced ? scope_.bases[fence[u]] : scope_.base;
        const double single = alone || !(inner > 0) ? 0 : inner * (above - std::log2(volume));
        if ((std::max)(most_gain, single) > least_loss + least_gain_) {
          const double loss =
              mine.value() - (rest > 0 ? rest * (above - std::log2(rest_volume)) : 0);
          double best = loss + least_gain_;
          double worth = 0;
          node_id target = from;
          for (std::size_t i = 0; i < count; ++i) {
            const node_id to = near[i];
            const group& other = groups[to];
            const double joining = linked[to] + inner;
            if (to == from || joining * other.worth < best || !fits(l, u, other)) continue;
            const double new_worth = above - std::log2(other.volume + volume);
            const double gain = (other.between + joining) * new_worth - other.value();
            if (gain > best || (gain == best && target != from && to < target)) {
              best = gain;
              worth = new_worth;
              target = to;
            }
          }
          double joined = inner;
          if (!alone && (single > best || (rest_volume > 0 && -loss > least_gain_ && 0 > best))) {
            best = (std::max)(single, 0.0);
            worth = above - std::log2(volume);
            target = g.spare.back();
            g.spare.pop_back();
          } else {
            joined += linked[target];
          }
          if (target != from) {
            gained += best - loss;
            moved = true;
            leave(l, u, g, from, rest, above);
            enter(l, u, groups[target], joined, worth);
            of[u] = target;
            for (std::size_t i = l.begin[u]; i < row_end; ++i)
              if (of[ends[i]] != target) active[ends[i]] = 1;
          }
        }
        for (std::size_t i = 0; i < count; ++i) linked[near[i]] = 0;
        linked[from] = 0;
      }
    }
    return gained;
  }

  [[nodiscard]] bool fits(const layer& l, node_id u, const group& other) const noexcept {
    return l.leaves.empty() || std::size_t{other.leaves} + l.leaves[u] <= largest_;
  }
  static void enter(const layer& l, node_id u, group& to, double joined, double worth) noexcept {
    to.between += joined;
    to.volume += l.volume[u];
    to.worth = worth;
    ++to.units;
    if (!l.leaves.empty()) to.leaves += l.leaves[u];
  }
  static void leave(const layer& l, node_id u, grouping& g, node_id from, double rest,
                    double above) {
    group& mine = g.groups[from];
    if (mine.units == 1) {
      mine = {};
      g.spare.push_back(from);
      return;
    }
    mine.between = rest;
    mine.volume -= l.volume[u];
    mine.worth = mine.volume > 0 ? above - std::log2(mine.volume) : 0;
    --mine.units;
    if (!l.leaves.empty()) mine.leaves -= l.leaves[u];
  }

  /// Parts of the groups: each unit that is still alone joins a neighbouring chunk of its group, if
  /// that gains; the better, the more likely.
  template <bool Fenced>
  [[nodiscard]] std::vector<node_id> chunks(const layer& l, const grouping& g,
                                            std::span<const node_id> fence) {
    const std::size_t n = l.size();
    reserve(n);
    shuffle(n);
    std::vector<node_id> chunk(n);
    std::iota(chunk.begin(), chunk.end(), 0U);
    chunk_.assign(n, {});
    double* const linked = linked_.data();
    node_id* const near = near_.data();
    node_id* const of = chunk.data();
    const node_id* const ends = l.ends.data();
    const double* const weights = l.weights.data();
    for (node_id u = 0; u < n; ++u) {
      const double above = Fenced ? scope_.bases[fence[u]] : scope_.base;
      const double worth = l.volume[u] > 0 ? above - std::log2(l.volume[u]) : 0;
      chunk_[u] = {l.volume[u], l.inside[u], worth, 1, 0};
    }
    for (std::size_t turn = 0; turn < n; ++turn) {
      fetch_ahead(l, g.of.data(), of, chunk_.data(), turn);
      const node_id u = order_[turn];
      if (chunk_[u].units != 1 || of[u] != u) continue;
      const node_id home = g.of[u];
      const std::size_t row_end = l.begin[u + 1];
      std::size_t count = 0;
      for (std::size_t i = l.begin[u]; i < row_end; ++i) {
        if (g.of[ends[i]] != home) continue;
        const node_id to = of[ends[i]];
        const double before = linked[to];
        near[count] = to;
        count += before == 0;
        linked[to] = before + weights[i];
      }
      const double above = Fenced ? scope_.bases[fence[u]] : scope_.base;
      const double volume = l.volume[u];
      const double inner = l.inside[u];
      const double loss = chunk_[u].value();
      double best = 0;
      double worth = 0;
      node_id target = u;
      for (std::size_t i = 0; i < count; ++i) {
        const node_id to = near[i];
        const group& other = chunk_[to];
        const double joining = linked[to] + inner;
        if (joining * other.worth - loss < best + least_gain_) continue;
        const double new_worth = above - std::log2(other.volume + volume);
        const double gain = (other.between + joining) * new_worth - other.value() - loss;
        if (gain <= least_gain_) continue;
        const double luck = gain * (1 - 0.5 * static_cast<double>(bits() >> 11) * 0x1p-53);
        if (luck > best) {
          best = luck;
          worth = new_worth;
          target = to;
        }
      }
      if (target != u) {
        group& to = chunk_[target];
        to.between += linked[target] + inner;
        to.volume += volume;
        to.worth = worth;
        ++to.units;
        of[u] = target;
      }
      for (std::size_t i = 0; i < count; ++i) linked[near[i]] = 0;
    }
    return chunk;
  }

  /// Where a graph does not fit into the caches, waiting for memory would take most of the time:
  /// asks for the rows of units that are soon to come, then for what the rows lead to, as far as it
  /// is in the same home.
  void fetch_ahead(const layer& l, const node_id* home, const node_id* of, const group* groups,
                   std::size_t turn) const {
    constexpr std::size_t step = 4;
    const std::size_t n = l.size();
    if (n < large || turn + 3 * step >= n) return;
    const std::size_t row = l.begin[order_[turn + 3 * step]];
    prefetch(l.ends.data() + row);
    prefetch(l.weights.data() + row);
    const node_id next = order_[turn + 2 * step];
    for (std::size_t i = l.begin[next]; i < l.begin[next + 1]; ++i) prefetch(home + l.ends[i]);
    const node_id soon = order_[turn + step];
    for (std::size_t i = l.begin[soon]; i < l.begin[soon + 1]; ++i) {
      if (home != of && home[l.ends[i]] != home[soon]) continue;
      prefetch(groups + of[l.ends[i]]);
      prefetch(linked_.data() + of[l.ends[i]]);
    }
  }
  void reserve(std::size_t numbers) {
    linked_.resize((std::max)(linked_.size(), numbers));
    near_.resize((std::max)(near_.size(), numbers + 1));
  }

  static constexpr std::size_t large = 50000;  ///< units
  static constexpr double ln2 = 0.69314718055994530942;

  search_scope scope_;
  std::uint64_t random_;
  double least_gain_;
  std::size_t largest_;
  path_moves paths_;
  std::span<grouping> upper_;
  std::vector<double> linked_;  ///< weight to each group nearby; all 0 between units
  std::vector<node_id> near_;
  std::vector<node_id> order_;
  std::vector<std::uint8_t> active_;
  std::vector<group> chunk_;
  std::vector<node_id> numbers_;
  quotients quotient_;
};

[[nodiscard]] inline double value(const grouping& g) noexcept {
  double sum = 0;
  for (const group& each : g.groups) sum += each.value();
  return sum;
}

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
