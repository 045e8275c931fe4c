// SPDX-License-Identifier: MIT
/// \file
/// Nearest rows from their definition: all distances in double, then a sort.
#ifndef HINT_TESTS_GRAPH_BRUTE_FORCE_HPP
#define HINT_TESTS_GRAPH_BRUTE_FORCE_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <hint/data/block.hpp>
#include <hint/graph/nearest.hpp>
#include <hint/graph/neighbor_lists.hpp>

#include "data/rows.hpp"

namespace hint_tests {

using hint::graph::metric;
using hint::graph::near_row;
using lists_of_rows = std::vector<std::vector<near_row>>;

inline constexpr std::array<metric, 4> all_metrics{metric::cosine, metric::l2, metric::l1,
                                                   metric::dot};

inline std::string name_of(metric how) {
  return std::string(hint::graph::metric_names[static_cast<std::size_t>(how)]);
}

/// Nothing where one of the rows has no direction and needs one.
inline std::optional<double> distance(const rows_matrix& x, Eigen::Index i, Eigen::Index j,
                                      metric how) {
  double ii = 0, jj = 0, product = 0, l2 = 0, l1 = 0;
  for (Eigen::Index c = 0; c < x.cols(); ++c) {
    const double a = static_cast<double>(x(i, c));
    const double b = static_cast<double>(x(j, c));
    ii += a * a;
    jj += b * b;
    product += a * b;
    l2 += (a - b) * (a - b);
    l1 += std::abs(a - b);
  }
  switch (how) {
    case metric::cosine:
      if (ii == 0 || jj == 0) return {};
      return 1 - product / std::sqrt(ii * jj);
    case metric::l2:
      return std::sqrt(l2);
    case metric::l1:
      return l1;
    default:
      return -product;
  }
}

/// The same in long double, and without cancellation: half the squared distance of directions is 1 - cos.
inline std::optional<long double> exact_distance(const rows_matrix& x, Eigen::Index i,
                                                 Eigen::Index j, metric how) {
  const auto sum = [&](auto f) {
    long double s = 0;
    for (Eigen::Index c = 0; c < x.cols(); ++c)
      s += f(static_cast<long double>(x(i, c)), static_cast<long double>(x(j, c)));
    return s;
  };
  if (how == metric::l1) return sum([](auto a, auto b) { return std::abs(a - b); });
  if (how == metric::l2) return std::sqrt(sum([](auto a, auto b) { return (a - b) * (a - b); }));
  if (how == metric::dot) return -sum([](auto a, auto b) { return a * b; });
  const long double p = std::sqrt(sum([](auto a, auto) { return a * a; }));
  const long double q = std::sqrt(sum([](auto, auto b) { return b * b; }));
  if (p == 0 || q == 0) return {};
  const long double half = sum([&](auto a, auto b) {
                             const long double d = a / p - b / q;
                             return d * d;
                           }) /
                           2;
  return half > 1e-28L ? half : 0;  // what is left of parallel rows is rounding
}

/// To float where that is a normal number: how neighbours are ordered.
inline long double rounded_once(long double d) {
  const long double size = std::abs(d);
  return size >= static_cast<long double>((std::numeric_limits<float>::min)()) &&
                 size <= static_cast<long double>((std::numeric_limits<float>::max)())
             ? static_cast<long double>(static_cast<float>(d))
             : d;
}

/// The nearest of `candidates` of one row, by (distance, row).
inline std::vector<near_row> brute_force(const rows_matrix& x, hint::data::row_id row,
                                         std::span<const hint::data::row_id> candidates,
                                         std::size_t k, metric how) {
  std::vector<near_row> all;
  for (const auto c : candidates) {
    const auto d = distance(x, static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(c), how);
    if (c != row && d) all.push_back({c, static_cast<float>(*d)});
  }
  std::sort(all.begin(), all.end(), [](const near_row& a, const near_row& b) {
    return a.distance != b.distance ? a.distance < b.distance : a.row < b.row;
  });
  all.resize((std::min)(k, all.size()));
  return all;
}

inline lists_of_rows brute_force(const rows_matrix& x, std::size_t k, metric how) {
  std::vector<hint::data::row_id> all(static_cast<std::size_t>(x.rows()));
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<hint::data::row_id>(i);
  lists_of_rows out;
  for (const auto i : all) out.push_back(brute_force(x, i, all, k, how));
  return out;
}

inline lists_of_rows lists_of(const hint::graph::neighbor_lists& lists) {
  lists_of_rows out;
  for (std::size_t i = 0; i < lists.size(); ++i) out.emplace_back(lists[i].begin(), lists[i].end());
  return out;
}

}  // namespace hint_tests

#endif
