// SPDX-License-Identifier: MIT
/// \file
/// Who uses a column: what a search among sparse rows reads.
#ifndef HINT_GRAPH_NEAREST_INVERTED_INDEX_HPP
#define HINT_GRAPH_NEAREST_INVERTED_INDEX_HPP

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/observer.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/core/until_stopped.hpp>
#include <hint/data/block.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI {
namespace graph::detail {

/// Columns of a sparse block: for each the rows that use it, with the numbers, which are not 0.
struct inverted_index {
  /// Of the first rows alone when the observer asks to stop.
  inverted_index(const data::block& rows, const observer_ref& observer)
      : inverted_index(rows, 0, rows.rows(), observer) {}
  /// Of rows first .. last-1, which it calls 0, 1, ...
  inverted_index(const data::block& rows, std::size_t first, std::size_t last,
                 const observer_ref& observer = {})
      : offsets(rows.cols() + 1) {
    const auto for_rows = [&](std::size_t n, auto&& f) {
      return until_stopped(observer, n, 256, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
          rows.for_each_stored(first + i, [&](std::size_t j, float v) {
            if (v != 0) f(i, j, v);
          });
      });
    };
    const std::size_t counted =
        for_rows(last - first, [&](std::size_t, std::size_t j, float) { ++offsets[j + 1]; });
    std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
    entries.resize(offsets.back());
    std::vector<std::size_t> next(offsets.begin(), offsets.end() - 1);
    for_rows(counted, [&](std::size_t i, std::size_t j, float v) {
      entries[next[j]++] = {static_cast<node_id>(i), v};
    });
  }
  /// Rows that are searched in one go: some milliseconds' worth of entries to be read.
  [[nodiscard]] std::size_t queries_at_once(std::size_t rows) const noexcept {
    double read = 1;
    for (std::size_t j = 0; j + 1 < offsets.size(); ++j) {
      const auto users = static_cast<double>(offsets[j + 1] - offsets[j]);
      read += users * users / static_cast<double>(rows);
    }
    const double some = 4e6 / (read + static_cast<double>(rows));
    return some < 1 ? 1 : (std::min)(std::size_t{64}, static_cast<std::size_t>(some));
  }
  [[nodiscard]] std::span<const std::pair<node_id, float>> operator[](std::size_t column) const {
    return std::span(entries).subspan(offsets[column], offsets[column + 1] - offsets[column]);
  }
  std::vector<std::size_t> offsets;
  std::vector<std::pair<node_id, float>> entries;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph::detail

#endif
