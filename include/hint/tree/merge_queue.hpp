// SPDX-License-Identifier: MIT
/// \file
/// Finds the pair of top communities with the lowest key while communities are merged: the part of
/// `merge` that has to be fast.
#ifndef HINT_TREE_MERGE_QUEUE_HPP
#define HINT_TREE_MERGE_QUEUE_HPP

#include <algorithm>
#include <cmath>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/work_tree.hpp>

namespace hint::inline HINT_ABI::tree {

/// By which figure pairs of communities are chosen.
enum class merge_key : std::uint8_t {
  fuse,    ///< change of the two-dimensional entropy, were both one module of vertices
  combine  ///< change of the tree's entropy by a new community over the two ("stretch")
};

namespace tree_detail {

/// The key of a pair, in bits; low is good. With x, y the pair, c the weight between them, s the
/// smoothing, v_x = vol x + s, v = v_x + v_y and i_x the weight inside x:
///   2 (i_x log2(v/v_x) + i_y log2(v/v_y) - c log2(vol G/v)) / vol G,
/// where i is 0 for the key `combine`.
struct pair_key {
  merge_key key = merge_key::fuse;
  /// Whether "inside" means all leaves below or only the children, which fuse would make siblings.
  bool nested = true;
  double smoothing = 0;

  [[nodiscard]] double inside(const work_tree& tree, node_id v) const noexcept {
    if (key == merge_key::combine) return 0;
    return nested ? tree.inside(v) : tree.between(v);
  }
  [[nodiscard]] double volume(const work_tree& tree, node_id v) const noexcept {
    return tree.volume(v) + smoothing;
  }
  [[nodiscard]] static double bits(double inside_x, double volume_x, double inside_y,
                                   double volume_y, double cut, double total) noexcept {
    // One order of summation for (x, y) and (y, x), for the sake of fused multiply-add.
    if (inside_x < inside_y || (inside_x == inside_y && volume_x < volume_y)) {
      std::swap(inside_x, inside_y);
      std::swap(volume_x, volume_y);
    }
    const double v = volume_x + volume_y;
    double sum = 0;
    if (inside_x > 0) sum += inside_x * std::log2(v / volume_x);
    if (inside_y > 0) sum += inside_y * std::log2(v / volume_y);
    return 2 * (sum - cut * std::log2(total / v)) / total;
  }
  [[nodiscard]] double operator()(const work_tree& tree, node_id x, node_id y,
                                  double cut) const noexcept {
    return bits(inside(tree, x), volume(tree, x), inside(tree, y), volume(tree, y), cut,
                tree.volume(tree.root()));
  }
};

/// Keys of pairs do not change while both live: each new community scores its pairs once, into a heap
/// of its own, and a heap over communities holds the best pair of each. That would be quadratic in the
/// length of a hub's row, as a hub is a new community after each merge. So hubs keep their neighbours in
/// a set ordered such that neighbours of equal key are equal up to their number, of which the first
/// serves for all, and that the rest can be bounded from below.
class merge_queue {
 public:
  struct pair {
    double key;
    node_id a;  ///< a < b
    node_id b;
    friend auto operator<=>(const pair&, const pair&) = default;
  };

  merge_queue() = default;
  merge_queue(const work_tree& tree, pair_key key)
      : key_(key),
        version_(tree.version()),
        total_(tree.volume(tree.root())),
        live_(tree.id_count()),
        pairs_(tree.id_count()) {
    for (node_id a = tree.first_child(tree.root()); a != no_node; a = tree.next_sibling(a)) {
      live_[a] = true;
      auto& mine = pairs_[a];
      tree.for_neighbors(a, [&](node_id b, double cut) {
        if (b < a) mine.push_back(score(tree, a, b, cut));
      });
      std::make_heap(mine.begin(), mine.end(), std::greater<>());
    }
    for (node_id a = 0; a < live_.size(); ++a) offer(a);
  }

  [[nodiscard]] const tree_version& version() const noexcept { return version_; }

  /// The pair of lowest key.
  [[nodiscard]] std::optional<pair> top() {
    while (!heap_.empty()) {
      const auto [best, by] = heap_.front();
      if (live_[best.a] && live_[best.b]) return best;
      std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
      heap_.pop_back();
      if (live_[by]) offer(by);
    }
    return std::nullopt;
  }

  /// Follows the edit `make()`, which joins a and b to the community that it returns.
  template <class Make>
  void join(const work_tree& tree, node_id a, node_id b, Make&& make) {
    hub h = join_hubs(tree, a, b);
    const node_id t = make();
    version_ = tree.version();
    live_[a] = live_[b] = false;
    pairs_[a] = {};
    pairs_[b] = {};
    live_.resize(t + std::size_t{1});
    pairs_.resize(t + std::size_t{1});
    live_[t] = true;
    auto& mine = pairs_[t];
    const std::size_t degree = tree.neighbor_count(t);
    if (degree > (h.members.empty() ? hub_degree : hub_degree / 2)) {
      if (h.members.empty())
        tree.for_neighbors(t, [&](node_id x, double cut) {
          if (!hubs_.contains(x)) h.members.insert(member_of(tree, x, cut));
        });
      h.inside = key_.inside(tree, t);
      h.volume = key_.volume(tree, t);
      for (const auto& [other, unused] : hubs_)
        if (const double cut = tree.cut_between(t, other); cut > 0)
          mine.push_back(score(tree, t, other, cut));
      hubs_.emplace(t, std::move(h));
    } else {
      mine.reserve(degree);
      tree.for_neighbors(t, [&](node_id x, double cut) {
        mine.push_back(score(tree, t, x, cut));
        if (hubs_.empty()) return;
        if (const auto found = hubs_.find(x); found != hubs_.end())
          found->second.members.insert(member_of(tree, t, cut));
      });
    }
    std::make_heap(mine.begin(), mine.end(), std::greater<>());
    offer(t);
  }

 private:
  /// Rows longer than this make a hub. Of no influence on the result.
  static constexpr std::size_t hub_degree = 256;

  /// A neighbour of a hub that is no hub itself. Those with equal `cut`, `volume` and `inside` have
  /// equal keys with the hub.
  struct member {
    double cut;
    double volume;
    double inside;
    node_id id;
    friend bool operator<(const member& x, const member& y) noexcept {
      return std::tuple(x.cut, x.volume, x.inside, x.id) <
             std::tuple(y.cut, y.volume, y.inside, y.id);
    }
  };
  struct hub {
    std::set<member> members;  // may hold some that are gone
    double inside = 0;
    double volume = 0;
  };
  struct offered {
    pair best;
    node_id by;
    friend auto operator<=>(const offered&, const offered&) = default;
  };

  [[nodiscard]] static pair ordered(double key, node_id x, node_id y) noexcept {
    return {key, (std::min)(x, y), (std::max)(x, y)};
  }
  [[nodiscard]] pair score(const work_tree& tree, node_id x, node_id y, double cut) const noexcept {
    return ordered(key_(tree, x, y, cut), x, y);
  }
  [[nodiscard]] member member_of(const work_tree& tree, node_id x, double cut) const noexcept {
    return {cut, key_.volume(tree, x), key_.inside(tree, x), x};
  }

  /// Puts the best pair of x into the heap over all.
  void offer(node_id x) {
    auto& mine = pairs_[x];
    while (!mine.empty() && !(live_[mine.front().a] && live_[mine.front().b])) {
      std::pop_heap(mine.begin(), mine.end(), std::greater<>());
      mine.pop_back();
    }
    std::optional<pair> best;
    if (!mine.empty()) best = mine.front();
    if (const auto found = hubs_.find(x); found != hubs_.end()) search(x, found->second, best);
    if (!best) return;
    heap_.push_back({*best, x});
    std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
  }

  /// Lowers `best` to the best pair of hub x with one of its members. A member's volume is at least its
  /// cut c, so f(c), the key with a member of volume c and nothing inside, bounds all keys of cut c from
  /// below. f is convex: from its minimum the search goes up and down until f exceeds the best key.
  void search(node_id x, hub& h, std::optional<pair>& best) {
    if (h.members.empty()) return;
    const auto first_of = [&](double cut) { return h.members.lower_bound({cut, 0, 0, 0}); };
    const auto ruled_out = [&](double cut) {
      return bound(h, cut, cut + key_.smoothing) > margin(best);
    };
    const double turn = cheapest_cut(h);
    for (auto m = first_of(turn); m != h.members.end() && !ruled_out(m->cut);)
      m = search_cut(x, h, m, best);
    for (auto m = first_of(turn); m != h.members.begin();) {
      const double cut = std::prev(m)->cut;
      if (ruled_out(cut)) return;
      search_cut(x, h, first_of(cut), best);
      m = first_of(cut);
    }
  }

  /// The same for the members with the cut of m, the first of them. Returns the first with a higher cut.
  std::set<member>::iterator search_cut(node_id x, hub& h, std::set<member>::iterator m,
                                        std::optional<pair>& best) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const double cut = m->cut;
    while (m != h.members.end() && m->cut == cut) {
      if (!live_[m->id]) {
        m = h.members.erase(m);
        continue;
      }
      const double key = pair_key::bits(h.inside, h.volume, m->inside, m->volume, cut, total_);
      if (const pair p = ordered(key, x, m->id); !best || p < *best) best = p;
      // Of equal members the first has the lowest number; larger ones have higher keys.
      m = bound(h, cut, m->volume) > margin(best)
              ? h.members.upper_bound({cut, infinity, infinity, no_node})
              : h.members.upper_bound({cut, m->volume, m->inside, no_node});
    }
    return m;
  }

  [[nodiscard]] double bound(const hub& h, double cut, double volume) const noexcept {
    return pair_key::bits(h.inside, h.volume, 0, volume, cut, total_);
  }
  /// The best key, with room for rounding.
  [[nodiscard]] static double margin(const std::optional<pair>& best) noexcept {
    return best ? best->key + 1e-9 * std::abs(best->key) : std::numeric_limits<double>::infinity();
  }
  /// Where f has its minimum, by bisection of its slope.
  [[nodiscard]] double cheapest_cut(const hub& h) const noexcept {
    double low = 0;
    double high = h.members.rbegin()->cut;
    for (int step = 0; step < 50; ++step) {
      const double c = (low + high) / 2;
      const double v = h.volume + c + key_.smoothing;
      const double slope = (h.inside + c) / v / std::log(2.0) - std::log2(total_ / v);
      (slope < 0 ? low : high) = c;
    }
    return high;
  }

  /// Before a and b are joined: the members of the hub that comes of it, if the one with the longer row
  /// is a hub. Only the neighbours in the shorter row are touched.
  [[nodiscard]] hub join_hubs(const work_tree& tree, node_id a, node_id b) {
    if (tree.neighbor_count(a) > tree.neighbor_count(b)) std::swap(a, b);
    hub h;
    if (const auto found = hubs_.find(b); found != hubs_.end()) h = std::move(found->second);
    hubs_.erase(a);
    hubs_.erase(b);
    if (!h.members.empty())
      tree.for_neighbors(a, [&](node_id x, double cut) {
        if (x == b || hubs_.contains(x)) return;
        const double old = tree.cut_between(b, x);
        if (old > 0) h.members.erase(member_of(tree, x, old));
        h.members.insert(member_of(tree, x, old + cut));
      });
    return h;
  }

  pair_key key_;
  tree_version version_;
  double total_ = 0;
  std::vector<bool> live_;
  std::vector<std::vector<pair>> pairs_;  // heaps, by community
  std::vector<offered> heap_;
  std::map<node_id, hub> hubs_;
};

}  // namespace tree_detail
}  // namespace hint::inline HINT_ABI::tree

#endif
