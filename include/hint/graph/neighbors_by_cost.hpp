// SPDX-License-Identifier: MIT
/// \file
/// Exact or approximate neighbours, whichever an estimate of their costs recommends.
#ifndef HINT_GRAPH_NEIGHBORS_BY_COST_HPP
#define HINT_GRAPH_NEIGHBORS_BY_COST_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/data/block.hpp>
#include <hint/graph/approximate_nearest.hpp>
#include <hint/graph/nearest.hpp>
#include <hint/graph/neighbor_lists.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace graph {

/// How neighbours are searched.
enum class search_kind : std::uint8_t {
  automatic,  ///< exactly, unless an approximate search is estimated to be far cheaper and proves useful
  exact,
  approximate,  ///< whatever its recall and cost
};

/// What two searches are expected to cost, in multiplications and additions of a matrix product (of which a core
/// does some 10^10 in a second).
struct search_estimate {
  double exact = 0;
  double approximate = 0;

  /// An approximate search has to promise this much, as an exact answer is worth more.
  static constexpr double worth = 6;
  [[nodiscard]] bool recommends_approximate() const noexcept {
    return approximate > 0 && exact > worth * approximate;
  }
};

/// For the k nearest of all rows. Dense rows: approximate search is recommended from about 10^5 rows on.
/// Sparse rows, searched through an inverted index: later, by how full their columns are. It is never
/// recommended (its cost is 0) for sparse rows of more than 8,192 columns, which it would make dense, nor for
/// k > 100. O(1), for sparse rows O(stored numbers).
HINT_LAZY
[[nodiscard]] search_estimate estimate_search(const data::block& rows, std::size_t k) {
  const auto n = static_cast<double>(rows.rows());
  const auto d = static_cast<double>(rows.cols());
  search_estimate e;
  e.exact = n * n / 2 * d;
  if (rows.is_sparse()) {  // a sum is as costly as twenty steps of a product, and so is looking at one
    std::vector<double> users(rows.cols());
    for (std::size_t i = 0; i < rows.rows(); ++i)
      rows.for_each_stored(i, [&](std::size_t j, float) { ++users[j]; });
    e.exact = 20 * n * n;
    for (const double u : users) e.exact += 20 * u * u;
  }
  // Eight trees of leaves of 3/4 of 1024 rows, half of whose products are computed, with as much again for the
  // rest; two rounds of 150 neighbours' neighbours, each as costly as six in a product; a sample of 256.
  const bool fits = !rows.is_sparse() || rows.cols() <= 8192;
  if (k <= 100 && fits) e.approximate = n * d * (8 * 768 + 2 * 150 * 6 + 256);
  return e;
}
/// The same for both modalities together.
HINT_LAZY
[[nodiscard]] search_estimate estimate_search(const std::array<data::block, 2>& rows,
                                              std::size_t k) {
  const search_estimate image = estimate_search(rows[0], k), text = estimate_search(rows[1], k);
  const bool possible = image.approximate > 0 && text.approximate > 0;
  return {image.exact + text.exact, possible ? image.approximate + text.approximate : 0};
}

/// Neighbour lists, and how they were found.
struct found_neighbors {
  neighbor_lists lists;
  bool exact = true;
  search_estimate estimate;
  double recall = 1;      ///< measured, see `approximate_lists`; also of a search that was given up
  std::size_t trees = 0;  ///< of an approximate search, also of one that was given up

  /// For people: "exact (cheaper than approximate search)", "exact (at about 2.1 times the cost of approximate
  /// search)", "approximate, recall 0.973 by 8 trees (at about 1/13 of the cost of exact search)".
  [[nodiscard]] std::string text() const {
    const auto round = [](double x) { return x < 9.5 ? std::round(10 * x) / 10 : std::round(x); };
    const approximate_lists found{{}, recall, trees};
    if (!exact)
      return ::hint::detail::concat("approximate, ", found.text(), " (at about 1/",
                                    round(estimate.exact / estimate.approximate),
                                    " of the cost of exact search)");
    if (trees > 0) return "exact, as approximate search had " + found.text();
    if (!(estimate.approximate > 0)) return "exact";
    if (estimate.exact < estimate.approximate) return "exact (cheaper than approximate search)";
    return ::hint::detail::concat("exact (at about ", round(estimate.exact / estimate.approximate),
                                  " times the cost of approximate search)");
  }
};

/// Calls `exactly()` (-> neighbor_lists) or `approximately()` (-> approximate_lists) as `how` and the estimate say.
/// Automatic search that is disappointed, by a recall below `useful_recall`, calls both.
template <class Exactly, class Approximately>
[[nodiscard]] found_neighbors search_by_cost(search_kind how, const search_estimate& estimate,
                                             const context& ctx, Exactly exactly,
                                             Approximately approximately) {
  constexpr double useful_recall = 0.8;
  found_neighbors out;
  out.estimate = estimate;
  if (how == search_kind::approximate ||
      (how == search_kind::automatic && estimate.recommends_approximate())) {
    approximate_lists found = approximately();
    out.recall = found.recall;
    out.trees = found.trees;
    out.exact = how == search_kind::automatic && found.recall < useful_recall &&
                !ctx.observer.stop_requested();
    out.lists = std::move(found.lists);
  }
  if (out.exact) out.lists = exactly();
  return out;
}

/// The k nearest other rows of every row, by `nearest` or `approximate_nearest`, and what both throw. Time:
/// that of the chosen one; of both where an approximate search is disappointed.
HINT_LAZY
[[nodiscard]] found_neighbors neighbors_by_cost(const data::block& rows, std::size_t k, metric by,
                                                search_kind how = search_kind::automatic,
                                                const approximate_options& o = {},
                                                const context& ctx = {}) {
  return search_by_cost(
      how, estimate_search(rows, k), ctx, [&] { return nearest(rows, k, by, ctx); },
      [&] { return approximate_nearest(rows, k, by, o, ctx); });
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph

#endif
