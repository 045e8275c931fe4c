// SPDX-License-Identifier: MIT
/// \file
/// What is found for one query, by row from tables and cells, by id from scans.
#ifndef HINT_SEARCH_ROW_COLLECTORS_HPP
#define HINT_SEARCH_ROW_COLLECTORS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/search/code_store.hpp>
#include <hint/search/collectors.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/hits.hpp>
#include <hint/search/top_k.hpp>

namespace hint::inline HINT_ABI::search::detail {

/// The k nearest for one query, from tables and from scans.
template <search_filter Filter>
class nearest_rows {
 public:
  nearest_rows(const code_store& store, std::size_t query, std::size_t k, const Filter& filter)
      : store_(store), query_(query), best_(most_distance(store_), k), filter_(filter) {}
  [[nodiscard]] std::uint32_t limit(std::size_t = 0) const noexcept { return best_.limit(); }
  void offer(std::uint32_t distance, std::uint32_t row) {
    if (store_.live(row)) offer(query_, distance, store_.id(row));
  }
  void offer(std::size_t, std::uint32_t distance, std::int64_t id) {
    const hit candidate{distance, id};
    if (best_.admits(candidate) && accepts(filter_, query_, id)) best_.add(candidate);
  }
  [[nodiscard]] std::vector<hit> take() { return best_.take(); }

 private:
  const code_store& store_;
  std::size_t query_;
  top_k best_;
  const Filter& filter_;
};

/// All within a radius.
template <search_filter Filter>
class rows_within {
 public:
  rows_within(const code_store& store, std::size_t query, std::size_t radius, const Filter& filter)
      : store_(store),
        query_(query),
        limit_(static_cast<std::uint32_t>((std::min)(radius, most_distance(store_))) + 1),
        filter_(filter) {}
  [[nodiscard]] std::uint32_t limit(std::size_t = 0) const noexcept { return limit_; }
  void offer(std::uint32_t distance, std::uint32_t row) {
    if (store_.live(row)) offer(query_, distance, store_.id(row));
  }
  void offer(std::size_t, std::uint32_t distance, std::int64_t id) {
    if (accepts(filter_, query_, id)) found_.push_back({distance, id});
  }
  [[nodiscard]] std::vector<hit> take() {
    sort_hits(found_, most_distance(store_));
    return std::move(found_);
  }

 private:
  const code_store& store_;
  std::size_t query_;
  std::uint32_t limit_;
  const Filter& filter_;
  std::vector<hit> found_;
};

}  // namespace hint::inline HINT_ABI::search::detail

#endif
