// SPDX-License-Identifier: MIT
/// \file
/// The oracle of all metrics: every order of tied items, one by one.
#ifndef HINT_TESTS_EVAL_ORDERS_HPP
#define HINT_TESTS_EVAL_ORDERS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/eval/ties.hpp>

namespace hint_tests {

using groups = std::vector<hint::eval::tie_group>;

inline hint::eval::ranking ranking_of(const groups& g, std::size_t bits = 64) {
  hint::eval::ranking r;
  r.groups = g;
  r.bits = bits;
  for (const auto& group : g) {
    r.items += group.items;
    r.relevant += group.relevant;
  }
  return r;
}

/// Calls f(order) for every order, all equally likely; order[i] says whether item i is relevant.
template <class F>
void for_each_order(const groups& all, F&& f, std::size_t first = 0, std::vector<bool> order = {}) {
  if (first == all.size()) {
    f(order);
    return;
  }
  std::vector<int> mine(static_cast<std::size_t>(all[first].items), 0);
  std::fill_n(mine.rbegin(), all[first].relevant, 1);
  do {
    std::vector<bool> longer = order;
    for (const int m : mine) longer.push_back(m == 1);
    for_each_order(all, f, first + 1, longer);
  } while (std::next_permutation(mine.begin(), mine.end()));
}

struct values {
  double mean = 0;
  double highest = 0;
  double lowest = 0;
};
/// Of metric(order) over all orders.
template <class Metric>
values over_orders(const groups& all, Metric&& metric) {
  values v;
  double count = 0;
  for_each_order(all, [&](const std::vector<bool>& order) {
    const double x = metric(order);
    v.highest = count == 0 ? x : (std::max)(v.highest, x);
    v.lowest = count == 0 ? x : (std::min)(v.lowest, x);
    v.mean += x;
    ++count;
  });
  v.mean /= count;
  return v;
}

/// Up to 4 groups of up to 5 items.
inline groups random_groups(const hint::random_stream& random) {
  groups g(1 + random.below(0, 4));
  for (std::size_t i = 0; i < g.size(); ++i) {
    g[i].distance = static_cast<std::uint32_t>(3 * i + random.below(3 * i + 1, 3));
    g[i].items = 1 + random.below(3 * i + 2, 5);
    g[i].relevant = random.below(3 * i + 3, g[i].items + 1);
  }
  return g;
}

}  // namespace hint_tests

#endif
