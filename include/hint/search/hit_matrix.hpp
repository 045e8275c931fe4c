// SPDX-License-Identifier: MIT
/// \file
/// Results as two matrices, as Faiss returns them: to other programs and back.
#ifndef HINT_SEARCH_HIT_MATRIX_HPP
#define HINT_SEARCH_HIT_MATRIX_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/search/hits.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// What stands where a query has no further hits.
struct hit_filling {
  std::int64_t id = -1;                                                ///< as in Faiss
  std::int32_t distance = (std::numeric_limits<std::int32_t>::max)();  ///< as in Faiss
  friend bool operator==(const hit_filling&, const hit_filling&) = default;
};

/// Ids and distances of `rows` queries with `cols` places each, row after row.
/// `io::write_npy_hits` and `io::read_npy_hits` are its way to files.
struct hit_matrix {
  std::size_t rows = 0;
  std::size_t cols = 0;
  std::vector<std::int64_t> ids;
  std::vector<std::int32_t> distances;

  friend bool operator==(const hit_matrix&, const hit_matrix&) = default;
};

/// The first `cols` hits of every query, filled up behind the last. Throws `invalid_argument` when one of
/// these hits equals the filling, so that it could not be told from it. O(rows * cols).
HINT_LAZY
[[nodiscard]] hit_matrix to_matrix(const hits& found, std::size_t cols,
                                   const hit_filling& filling = {}) {
  hit_matrix out{found.size(), cols, {}, {}};
  expects(cols == 0 || out.rows <= out.ids.max_size() / cols, "to_matrix: ", out.rows, " x ", cols,
          " places are more than memory can hold");
  out.ids.assign(out.rows * cols, filling.id);
  out.distances.assign(out.rows * cols, filling.distance);
  for (std::size_t q = 0; q < out.rows; ++q) {
    const std::size_t count = (std::min)(cols, found[q].size());
    for (std::size_t i = 0; i < count; ++i) {
      const auto [distance, id] = found[q][i];
      expects(std::in_range<std::int32_t>(distance), "to_matrix: hit ", i, " of query ", q,
              " has distance ", distance, ", expected no more than 2147483647");
      expects(id != filling.id || std::cmp_not_equal(distance, filling.distance), "to_matrix: hit ",
              i, " of query ", q, " has id ", id, " and distance ", distance,
              ", as the filling has; take another");
      out.ids[q * cols + i] = id;
      out.distances[q * cols + i] = static_cast<std::int32_t>(distance);
    }
  }
  return out;
}
/// The same with as many columns as the longest row has hits, so that nothing is left out.
HINT_LAZY
[[nodiscard]] hit_matrix to_matrix(const hits& found, const hit_filling& filling = {}) {
  std::size_t cols = 0;
  for (std::size_t q = 0; q < found.size(); ++q) cols = (std::max)(cols, found[q].size());
  return to_matrix(found, cols, filling);
}

/// The way back: every row up to its first filling, put in the order of all hits, by (distance, id); other
/// programs leave those of equal distance in any order. Throws `shape_error` unless there are rows * cols ids
/// and distances, `invalid_argument` for a negative distance and for a hit behind a filling.
/// O(rows * cols), and O(cols log cols) for a row in another order.
HINT_LAZY
[[nodiscard]] hits to_hits(const hit_matrix& matrix, const hit_filling& filling = {}) {
  const auto fits = [&](std::size_t values) {
    return matrix.rows == 0 || matrix.cols == 0
               ? values == 0
               : values % matrix.cols == 0 && values / matrix.cols == matrix.rows;
  };
  expects<shape_error>(fits(matrix.ids.size()) && fits(matrix.distances.size()),
                       "to_hits: ", matrix.ids.size(), " ids and ", matrix.distances.size(),
                       " distances, expected ", matrix.rows, " x ", matrix.cols, " each");
  std::vector<std::vector<hit>> rows(matrix.rows);
  for (std::size_t q = 0; q < matrix.rows; ++q) {
    bool filled = false;
    for (std::size_t i = 0; i < matrix.cols; ++i) {
      const hit_filling place{matrix.ids[q * matrix.cols + i],
                              matrix.distances[q * matrix.cols + i]};
      if (place == filling) {
        filled = true;
        continue;
      }
      expects(!filled, "to_hits: query ", q, " has a hit in column ", i, ", behind the filling");
      expects(place.distance >= 0, "to_hits: distance ", place.distance, " of query ", q,
              " in column ", i, ", expected 0 or more");
      rows[q].push_back({static_cast<std::uint32_t>(place.distance), place.id});
    }
    if (!std::is_sorted(rows[q].begin(), rows[q].end())) std::sort(rows[q].begin(), rows[q].end());
  }
  return hits(rows);
}

}}}  // namespace hint::HINT_ABI::search

#endif
