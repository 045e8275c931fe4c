// SPDX-License-Identifier: MIT
/// \file
/// What is found for one query, by row from tables and inverted lists, by id from scans.
#ifndef HINT_SEARCH_SCAN_ROW_COLLECTORS_HPP
#define HINT_SEARCH_SCAN_ROW_COLLECTORS_HPP

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/search/store/code_store.hpp>
#include <hint/search/scan/collectors.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/hits.hpp>
#include <hint/search/scan/top_k.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// A collector for one query that takes rows as well: those that have been removed are passed over.
template <class Collector>
class by_row {
 public:
  by_row(const code_store& store, std::size_t query, Collector collector)
      : store_(store), query_(query), collector_(std::move(collector)) {}
  [[nodiscard]] std::uint32_t limit(std::size_t = 0) const noexcept {
    return collector_.limit(query_);
  }
  void offer(std::uint32_t distance, std::uint32_t row) {
    if (store_.live(row)) offer(query_, distance, store_.id(row));
  }
  void offer(std::size_t, std::uint32_t distance, std::int64_t id) {
    collector_.offer(query_, distance, id);
  }
  [[nodiscard]] std::vector<hit> take() { return collector_.take(query_); }

 private:
  const code_store& store_;
  std::size_t query_;
  Collector collector_;
};

/// The k nearest for one query, from tables and from scans: rows come in no order.
template <search_filter Filter>
struct nearest_rows : by_row<nearest_collector<Filter>> {
  nearest_rows(const code_store& store, std::size_t query, std::size_t k, const Filter& filter,
               const radii& within = radii::any)
      : by_row<nearest_collector<Filter>>(
            store, query, {store, {query, query + 1, 0, 0}, k, filter, id_order::any, within}) {}
};
/// All within a radius.
template <search_filter Filter>
struct rows_within : by_row<radius_collector<Filter>> {
  rows_within(const code_store& store, std::size_t query, const radii& within, const Filter& filter)
      : by_row<radius_collector<Filter>>(store, query,
                                         {store, {query, query + 1, 0, 0}, within, filter}) {}
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
