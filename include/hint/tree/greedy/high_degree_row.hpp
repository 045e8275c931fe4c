// SPDX-License-Identifier: MIT
/// \file
/// The neighbours of a community that has very many: finds the best partner again and again, while
/// the community grows, without scoring all of them each time.
#ifndef HINT_TREE_GREEDY_HIGH_DEGREE_ROW_HPP
#define HINT_TREE_GREEDY_HIGH_DEGREE_ROW_HPP

#include <algorithm>
#include <cmath>
#include <compare>
#include <functional>
#include <map>
#include <queue>
#include <set>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/greedy/pair_key.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// The neighbours of a hub, which is a community with very many of them. When the hub takes in a
/// neighbour, its keys (`pair_key`) with all others change, but nearly alike. So neighbours are
/// kept by lower bounds of their keys that share one summand: when the hub grows, the least that
/// any key can rise is added to it, and only neighbours whose bound is below the best key are
/// scored again. Neighbours with equal terms in the key are scored together.
class high_degree_row {
 public:
  /// What the key of a neighbour depends on, besides the hub.
  struct key_terms {
    double cut;     ///< weight of the edges to the hub
    double volume;  ///< as in pair_key, smoothing included
    double inside;
    friend auto operator<=>(const key_terms&, const key_terms&) = default;
  };

  /// An empty row of a hub in a graph of volume `total`.
  high_degree_row(double inside, double volume, double total)
      : inside_(inside), volume_(volume), total_(total) {}

  void insert(node_id id, const key_terms& l) {
    if (members_.empty()) {
      least_cut_ = l.cut;
      least_volume_ = most_volume_ = l.volume;
    } else {
      least_cut_ = (std::min)(least_cut_, l.cut);
      least_volume_ = (std::min)(least_volume_, l.volume);
      most_volume_ = (std::max)(most_volume_, l.volume);
    }
    const auto [found, is_new] = members_.try_emplace(l);
    if (is_new) order_.emplace(key(l) - risen_, l);
    found->second.insert(id);
  }
  /// The member was inserted with these terms.
  void erase(node_id id, const key_terms& l) {
    // An entry that is left empty goes when a search meets it.
    if (const auto found = members_.find(l); found != members_.end()) found->second.erase(id);
  }
  /// The hub has taken in others.
  void grow(double inside, double volume) {
    risen_ += least_rise(inside, volume);
    inside_ = inside;
    volume_ = volume;
  }

  /// Calls better(key, id) -> limit with the members that may be best, until the keys of all others
  /// are above the limit that it returned last. `live(id)` tells who has not gone meanwhile.
  template <class Live, class Better>
  void search(double limit, Live&& live, Better&& better) {
    const double room = 1e-9 * most_volume_ / total_;  // for rounding
    scored_.clear();
    while (!order_.empty() && order_.top().first + risen_ <= limit + room) {
      const key_terms l = order_.top().second;
      order_.pop();
      const auto found = members_.find(l);
      auto& ids = found->second;
      while (!ids.empty() && !live(*ids.begin())) ids.erase(ids.begin());
      if (ids.empty()) {
        members_.erase(found);
        continue;
      }
      const double exact = key(l);
      limit = better(exact, *ids.begin());
      scored_.emplace_back(exact - risen_, l);
    }
    for (const auto& each : scored_) order_.push(each);
  }

 private:
  [[nodiscard]] double key(const key_terms& l) const noexcept {
    return pair_key::value(inside_, volume_, l.inside, l.volume, l.cut, total_);
  }
  /// The key of a member (cut c, volume u) has the summands i log2(1 + u/v), where the hub's i and
  /// v grow, one that only rises, and -c log2(total/(v + u)). The rise of the first is smallest
  /// where i'/(v' + u) = i/(v + u), that of the last for the least c and the largest u.
  [[nodiscard]] double least_rise(double inside, double volume) const noexcept {
    double u = most_volume_;
    if (inside > inside_)
      u = std::clamp((inside_ * volume - inside * volume_) / (inside - inside_), least_volume_,
                     most_volume_);
    const double first = inside * std::log2(1 + u / volume) - inside_ * std::log2(1 + u / volume_);
    const double last = least_cut_ * std::log2((volume + most_volume_) / (volume_ + most_volume_));
    return 2 * (first + last) / total_;
  }

  double inside_;
  double volume_;
  double total_;
  double risen_ = 0;
  double least_cut_ = 0;  // of all members that there ever were
  double least_volume_ = 0;
  double most_volume_ = 0;
  std::map<key_terms, std::set<node_id>> members_;  // may hold some that are gone
  using bound = std::pair<double, key_terms>;       // without `risen_`
  std::priority_queue<bound, std::vector<bound>, std::greater<>> order_;  // the least first
  std::vector<bound> scored_;
};

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
