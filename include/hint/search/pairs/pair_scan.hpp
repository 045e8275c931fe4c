// SPDX-License-Identifier: MIT
/// \file
/// Pairs within a radius by looking at all of them, or at half when both come from one store.
#ifndef HINT_SEARCH_PAIRS_PAIR_SCAN_HPP
#define HINT_SEARCH_PAIRS_PAIR_SCAN_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/search/pairs/row_pairs.hpp>
#include <hint/search/scan/store_scan.hpp>
#include <hint/search/store/code_store.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// The pairs of rows of two stores, or of one with itself (the same object; first < second then), whose
/// distance is below a limit. Tasks are tiles of 256 by 4096 rows, which stay in the cache. Rows are looked at by
/// `scan`: four queries at a time. Const calls are safe from many threads. O(rows^2 words) in all.
class pair_scan {
 public:
  HINT_LAZY
  pair_scan(const code_store& a, const code_store& b, std::uint32_t limit)
      : a_(a), b_(b), limit_(limit), same_(&a == &b) {
    for (std::size_t c = 0; c < a.chunk_count(); ++c)
      for (std::size_t i = 0; i < a.chunk(c).rows(); i += queries_each) {
        const std::size_t first = a.first_row(c) + i;
        groups_.push_back({first, (std::min)(queries_each, a.chunk(c).rows() - i), tasks_});
        tasks_ += (b.rows() - begin_of(first) + rows_each - 1) / rows_each;
      }
  }

  [[nodiscard]] std::size_t tasks() const noexcept { return tasks_; }

  /// For `in_rounds`: a whole task.
  template <class Found>
  [[nodiscard]] bool operator()(std::size_t task, std::size_t&, Found& found) const {
    const auto after = std::upper_bound(groups_.begin(), groups_.end(), task,
                                        [](std::size_t t, const group& g) { return t < g.task; });
    const group& g = *(after - 1);
    code_set queries(a_.bits());
    std::vector<std::uint32_t> rows;
    queries.resize(g.count);
    for (std::size_t row = g.first; row < g.first + g.count; ++row) {
      if (!a_.live(row)) continue;
      a_.code(row, queries[rows.size()]);
      rows.push_back(static_cast<std::uint32_t>(row));
    }
    queries.resize(rows.size());
    collector tile{rows, limit_, same_, {}};
    const std::size_t first = begin_of(g.first) + (task - g.task) * rows_each;
    scan(b_, queries, {0, rows.size(), first, (std::min)(b_.rows(), first + rows_each)}, tile);
    std::vector<query_row> spare;
    by_query(tile.list, rows.size(), spare, [&](const query_row& x) {
      found.push_back(row_pair{rows[x.query], x.row, x.distance});
    });
    return true;
  }

 private:
  static constexpr std::size_t queries_each = 256;
  static constexpr std::size_t rows_each = 4096;

  struct group {
    std::size_t first;  // a multiple of group_codes from the first of its chunk
    std::size_t count;
    std::size_t task;  // its first
  };
  struct collector {
    const std::vector<std::uint32_t>& rows;
    std::uint32_t most;
    bool same;
    std::vector<query_row> list;

    [[nodiscard]] std::uint32_t limit(std::size_t) const noexcept { return most; }
    void offer(std::size_t query, std::uint32_t distance, std::int64_t, std::size_t row) {
      if (same && row <= rows[query]) return;
      list.push_back(
          {static_cast<std::uint32_t>(query), static_cast<std::uint32_t>(row), distance});
    }
  };

  /// The first row that a group's first has to meet: scans begin at whole groups of a chunk.
  [[nodiscard]] std::size_t begin_of(std::size_t row) const noexcept { return same_ ? row : 0; }

  const code_store& a_;
  const code_store& b_;
  std::uint32_t limit_;
  bool same_;
  std::vector<group> groups_;
  std::size_t tasks_ = 0;
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
