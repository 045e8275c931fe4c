// SPDX-License-Identifier: MIT
/// \file
/// Finds the pair of top communities with the lowest key while communities are merged: the part of
/// `merge` that has to be fast.
#ifndef HINT_TREE_MERGE_QUEUE_HPP
#define HINT_TREE_MERGE_QUEUE_HPP

#include <algorithm>
#include <compare>
#include <cstddef>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/hub_row.hpp>
#include <hint/tree/pair_key.hpp>
#include <hint/tree/work_tree.hpp>

namespace hint::inline HINT_ABI::tree::tree_detail {

/// Keys of pairs do not change while both live. So each community, when it is new, scores its pairs
/// once, into a heap of its own, and a heap over all communities holds the best pair of each. As a
/// hub is new after each merge that would be quadratic in its neighbours; hubs have a `hub_row`
/// instead.
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
        live_(tree.id_count()),
        pairs_(tree.id_count()) {
    for (node_id a = tree.first_child(tree.root()); a != no_node; a = tree.next_sibling(a)) {
      live_[a] = true;
      tree.for_neighbors(a, [&](node_id b, double cut) {
        if (b < a) pairs_[a].push_back(score(tree, a, b, cut));
      });
      std::make_heap(pairs_[a].begin(), pairs_[a].end(), std::greater<>());
    }
    for (node_id a = 0; a < live_.size(); ++a) offer(a);
  }

  /// Of the tree that this queue is about.
  [[nodiscard]] const tree_version& version() const noexcept { return version_; }

  /// The pair of lowest key, of these the one with the lowest numbers.
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

  /// Whether a and b can be joined.
  [[nodiscard]] bool accepts(const work_tree& tree, node_id a, node_id b) const {
    return a != b && a < live_.size() && live_[a] && b < live_.size() && live_[b] &&
           tree.child_count(tree.root()) > 2;
  }
  /// Follows the edit `make()`, which joins a and b and returns the new community.
  template <class Make>
  void join(const work_tree& tree, node_id a, node_id b, Make&& make) {
    std::optional<hub_row> row = join_rows(tree, a, b);
    const node_id t = make();
    version_ = tree.version();
    for (const node_id part : {a, b}) {
      live_[part] = false;
      pairs_[part] = {};
      hubs_.erase(part);
    }
    live_.push_back(true);
    auto& mine = pairs_.emplace_back();
    const std::size_t degree = tree.neighbor_count(t);
    if (degree > (row ? hub_degree / 2 : hub_degree)) {
      if (row) {
        row->grow(key_.inside(tree, t), key_.volume(tree, t));
      } else {
        row.emplace(key_.inside(tree, t), key_.volume(tree, t), tree.volume(tree.root()));
        tree.for_neighbors(t, [&](node_id x, double cut) {
          if (!hubs_.contains(x)) row->insert(x, looks(tree, x, cut));
        });
      }
      for (const auto& [other, unused] : hubs_)
        if (const double cut = tree.cut_between(t, other); cut > 0)
          mine.push_back(score(tree, t, other, cut));
      hubs_.emplace(t, std::move(*row));
    } else {
      mine.reserve(degree);
      tree.for_neighbors(t, [&](node_id x, double cut) {
        mine.push_back(score(tree, t, x, cut));
        if (hubs_.empty()) return;
        if (const auto found = hubs_.find(x); found != hubs_.end())
          found->second.insert(t, looks(tree, t, cut));
      });
    }
    std::make_heap(mine.begin(), mine.end(), std::greater<>());
    offer(t);
  }

 private:
  /// More neighbours than this make a hub. Of no influence on the result.
  static constexpr std::size_t hub_degree = 256;

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
  [[nodiscard]] hub_row::looks looks(const work_tree& tree, node_id x, double cut) const noexcept {
    return {cut, key_.volume(tree, x), key_.inside(tree, x)};
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
    if (const auto found = hubs_.find(x); found != hubs_.end())
      found->second.search(
          best ? best->key : std::numeric_limits<double>::infinity(),
          [&](node_id id) { return live_[id]; },
          [&](double key, node_id id) {
            if (const pair p = ordered(key, x, id); !best || p < *best) best = p;
            return best->key;
          });
    if (!best) return;
    heap_.push_back({*best, x});
    std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
  }

  /// Before a and b are joined: the row of the hub that comes of it, if the one with more
  /// neighbours is a hub. Only the neighbours of the other are touched. Hubs are in no rows.
  [[nodiscard]] std::optional<hub_row> join_rows(const work_tree& tree, node_id a, node_id b) {
    if (hubs_.empty()) return std::nullopt;
    if (tree.neighbor_count(a) > tree.neighbor_count(b)) std::swap(a, b);
    const auto found = hubs_.find(b);
    if (found == hubs_.end()) return std::nullopt;
    hub_row row = std::move(found->second);
    tree.for_neighbors(a, [&](node_id x, double cut) {
      if (x == b || hubs_.contains(x)) return;
      const double old = tree.cut_between(b, x);
      if (old > 0) row.erase(x, looks(tree, x, old));
      row.insert(x, looks(tree, x, old + cut));
    });
    return row;
  }

  pair_key key_;
  tree_version version_;
  std::vector<bool> live_;
  std::vector<std::vector<pair>> pairs_;  // heaps, by community
  std::vector<offered> heap_;
  std::map<node_id, hub_row> hubs_;
};

}  // namespace hint::inline HINT_ABI::tree::tree_detail

#endif
