// SPDX-License-Identifier: MIT
/// \file
/// Search by real-valued queries: the nearest codes by Hamming distance, ties by asymmetric score.
#ifndef HINT_SEARCH_SCORED_SEARCH_HPP
#define HINT_SEARCH_SCORED_SEARCH_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/search/asymmetric.hpp>
#include <hint/search/store/code_store.hpp>
#include <hint/search/scan/collectors.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/hits.hpp>
#include <hint/search/scan/store_scan.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

namespace detail {

/// Everything up to a distance of each query's own, with scores.
template <search_filter Filter>
struct scoring_collector {
  std::span<const std::uint32_t> limits;
  const code_store& store;
  const Filter& filter;
  std::size_t first;
  std::vector<asymmetric_scorer> scorers;  // of queries from `first` on
  std::vector<std::vector<scored_hit>> found;

  [[nodiscard]] std::uint32_t limit(std::size_t query) const noexcept { return limits[query]; }
  void offer(std::size_t query, std::uint32_t distance, std::int64_t id, std::size_t row) {
    if (accepts(filter, query, id))
      found[query - first].push_back(
          {distance, id, score_of_row(scorers[query - first], store, row)});
  }
};

}  // namespace detail

/// For every query the min(k, accepted) first accepted items by (distance ascending, score descending, id
/// ascending): distances are those of the binarised query, 1 for values >= 0, and what is equally far is
/// ranked by the real values, also at the k-th place. `values` has index.bits() values for each query,
/// query after query; `index` is one of the library's.
///
/// Two scans, the second for what is as near as the k-th; O(queries * size * words), and 8 KiB for each
/// word of each query in flight. Throws `shape_error` for another number of values and
/// `invalid_argument` for values that are not finite.
template <class Index, search_filter Filter = accept_all>
  requires requires(const Index& i) {
    { i.store() } -> std::same_as<const detail::code_store&>;
  }
[[nodiscard]] std::vector<std::vector<scored_hit>> search_scored(const Index& index,
                                                                 std::span<const float> values,
                                                                 std::size_t k,
                                                                 const Filter& filter = {},
                                                                 const context& ctx = {}) {
  const detail::code_store& store = index.store();
  const std::size_t bits = store.bits();
  expects<shape_error>(values.size() % bits == 0, "search_scored: ", values.size(),
                       " values are not a multiple of ", bits, " bits");
  code_set queries(bits, values.size() / bits);
  for (std::size_t i = 0; i < values.size(); ++i)
    queries.set_bit(i / bits, i % bits, values[i] >= 0);

  const hits nearest = detail::scan_nearest(store, queries, k, filter, ctx);
  std::vector<std::uint32_t> limits(queries.size());
  for (std::size_t q = 0; q < queries.size(); ++q)
    limits[q] = nearest[q].empty() ? 0 : nearest[q].back().distance + 1;

  std::vector<std::vector<scored_hit>> rows(queries.size());
  for_chunks(ctx.executor, queries.size(), 16, [&](std::size_t begin, std::size_t end) {
    detail::scoring_collector<Filter> collector{limits, store, filter, begin, {}, {}};
    for (std::size_t q = begin; q < end; ++q)
      collector.scorers.emplace_back(values.subspan(q * bits, bits));
    collector.found.resize(end - begin);
    detail::scan(store, queries, {begin, end, 0, store.rows()}, collector);
    for (std::size_t q = begin; q < end; ++q) {
      rows[q] = std::move(collector.found[q - begin]);
      std::sort(rows[q].begin(), rows[q].end(), detail::by_distance_and_score);
      if (rows[q].size() > nearest[q].size()) rows[q].resize(nearest[q].size());
    }
  });
  return rows;
}

}}}  // namespace hint::HINT_ABI::search

#endif
