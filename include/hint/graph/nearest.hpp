// SPDX-License-Identifier: MIT
/// \file
/// Exact nearest neighbours of every row among all rows (or among a subset), blocked in memory.
#ifndef HINT_GRAPH_NEAREST_HPP
#define HINT_GRAPH_NEAREST_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numeric>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/data/block.hpp>
#include <hint/graph/neighbor_lists.hpp>
#include <hint/linalg/elementwise.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace graph {

/// How far two rows are from each other (paper, Table 7).
enum class metric : std::uint8_t {
  cosine,  ///< 1 - cos(x, y). Rows of zeros have no direction: they get and are no neighbours
  l2,  ///< ||x - y||, from ||x||^2 + ||y||^2 - 2 <x, y> where <x, y> is a float: off by up to about
       ///< 1e-3 of the rows' lengths when they are nearly equal, so centre what lies far from 0
  l1,  ///< |x - y|
  dot,  ///< -<x, y>
};
inline constexpr std::array<std::string_view, 4> metric_names{"cosine", "l2", "l1", "dot"};

namespace detail {

/// Rows of a tile: queries x candidates floats stay in the second-level cache.
inline constexpr std::size_t query_tile = 64;
inline constexpr std::size_t candidate_tile = 512;

/// Lengths, squared, in plain order (see normalizer on why not Eigen's).
[[nodiscard]] inline std::vector<double> squared_norms(const data::block& rows) {
  std::vector<double> out(rows.rows());
  for (std::size_t i = 0; i < out.size(); ++i)
    rows.for_each_in_row(i, [&](std::size_t, float v) {
      out[i] += static_cast<double>(v) * static_cast<double>(v);
    });
  return out;
}

/// From a scalar product to a distance.
struct finish {
  metric how;
  std::span<const double> squares;
  [[nodiscard]] bool usable(std::size_t row) const noexcept {
    return how != metric::cosine || squares[row] > 0;
  }
  [[nodiscard]] float distance(std::size_t i, std::size_t j, float product) const noexcept {
    switch (how) {
      case metric::cosine:
        return static_cast<float>(1 - static_cast<double>(product) /
                                          std::sqrt(squares[i] * squares[j]));
      case metric::l2:
        return static_cast<float>(
            std::sqrt((std::max)(0.0, squares[i] + squares[j] - 2 * static_cast<double>(product))));
      default:
        return -product;
    }
  }
};

/// Some rows of a block, with their numbers.
struct numbered_rows {
  linalg::matrix_view<float> x;
  std::span<const data::row_id> ids;
  [[nodiscard]] auto part(std::size_t first, std::size_t last) const {
    return x.middleRows(static_cast<linalg::index>(first),
                        static_cast<linalg::index>(last - first));
  }
};

/// The nearest candidates of queries begin .. end-1.
inline void dense_part(const numbered_rows& queries, const numbered_rows& candidates,
                       const finish& f, std::size_t begin, std::size_t end, std::size_t k,
                       neighbor_lists& out) {
  const auto cols = static_cast<std::size_t>(queries.x.cols());
  const auto wanted = queries.part(begin, end);
  std::vector<nearest_rows> best(end - begin, nearest_rows(k));
  linalg::matrix<float> products;
  for (std::size_t first = 0; first < candidates.ids.size(); first += candidate_tile) {
    const std::size_t last = (std::min)(candidates.ids.size(), first + candidate_tile);
    const auto offered = candidates.part(first, last);
    products.resize(wanted.rows(), offered.rows());
    if (f.how == metric::l1) {
      for (linalg::index q = 0; q < wanted.rows(); ++q)
        for (linalg::index c = 0; c < offered.rows(); ++c)
          products(q, c) = -linalg::l1_distance<float>(std::span(wanted.row(q).data(), cols),
                                                       std::span(offered.row(c).data(), cols));
    } else {
      linalg::multiply_transposed<float>(wanted, offered, products);
    }
    for (std::size_t q = begin; q < end; ++q) {
      const data::row_id row = queries.ids[q];
      if (!f.usable(row)) continue;
      for (std::size_t c = first; c < last; ++c) {
        const data::row_id candidate = candidates.ids[c];
        if (candidate == row || !f.usable(candidate)) continue;
        const float product =
            products(static_cast<linalg::index>(q - begin), static_cast<linalg::index>(c - first));
        best[q - begin].offer({candidate, f.distance(row, candidate, product)});
      }
    }
  }
  for (std::size_t q = begin; q < end; ++q) out.set(queries.ids[q], best[q - begin].get());
}

/// Columns of a sparse block: for each the rows that use it.
struct inverted_index {
  explicit inverted_index(const data::block& rows) : offsets(rows.cols() + 1) {
    for (std::size_t i = 0; i < rows.rows(); ++i)
      rows.for_each_in_row(i, [&](std::size_t j, float) { ++offsets[j + 1]; });
    std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
    entries.resize(offsets.back());
    std::vector<std::size_t> next(offsets.begin(), offsets.end() - 1);
    for (std::size_t i = 0; i < rows.rows(); ++i)
      rows.for_each_in_row(
          i, [&](std::size_t j, float v) { entries[next[j]++] = {static_cast<node_id>(i), v}; });
  }
  [[nodiscard]] std::span<const std::pair<node_id, float>> operator[](std::size_t column) const {
    return std::span(entries).subspan(offsets[column], offsets[column + 1] - offsets[column]);
  }
  std::vector<std::size_t> offsets;
  std::vector<std::pair<node_id, float>> entries;
};

/// All rows are candidates; only columns that a query uses are read.
inline void sparse_part(const data::block& rows, const inverted_index& columns, const finish& f,
                        std::span<const float> l1_norms, std::size_t begin, std::size_t end,
                        std::size_t k, neighbor_lists& out) {
  std::vector<float> sums(rows.rows());
  nearest_rows best(k);
  for (std::size_t q = begin; q < end; ++q) {
    if (!f.usable(q)) continue;
    std::fill(sums.begin(), sums.end(), 0.0F);
    rows.for_each_in_row(q, [&](std::size_t j, float value) {
      for (const auto& [row, other] : columns[j])
        sums[row] += f.how == metric::l1
                         ? std::abs(value) + std::abs(other) - std::abs(value - other)
                         : value * other;
    });
    best.clear();
    for (std::size_t c = 0; c < rows.rows(); ++c) {
      if (c == q || !f.usable(c)) continue;
      const float distance = f.how == metric::l1
                                 ? (std::max)(0.0F, l1_norms[q] + l1_norms[c] - sums[c])
                                 : f.distance(q, c, sums[c]);
      best.offer({static_cast<node_id>(c), distance});
    }
    out.set(q, best.get());
  }
}

}  // namespace detail

/// The k nearest of `candidates` for each of `queries` (both: row numbers of `rows`), itself excluded,
/// written to `out`, which must be made for rows.rows() rows; other rows of `out` are left as they
/// are. `squared_norms`: of all rows. Exact up to float rounding; ties by row. Unchecked.
/// O(queries candidates d) time, O((queries + candidates) d) memory (none for whole dense blocks).
inline void nearest_among(const data::block& rows, std::span<const data::row_id> queries,
                          std::span<const data::row_id> candidates,
                          std::span<const double> squared_norms, std::size_t k, metric how,
                          neighbor_lists& out, const context& ctx = {}) {
  const detail::finish f{how, squared_norms};
  k = (std::min)(k, candidates.size());  // also the size of buffers
  std::array<linalg::matrix<float>, 2> gathered;
  const auto view = [&](std::span<const data::row_id> ids, linalg::matrix<float>& copy) {
    // Strictly ascending row numbers, as many as there are: all rows in order.
    if (rows.is_contiguous() && ids.size() == rows.rows() &&
        std::adjacent_find(ids.begin(), ids.end(), std::greater_equal<>{}) == ids.end())
      return detail::numbered_rows{linalg::matrix_view<float>(rows.dense()), ids};
    copy.resize(static_cast<linalg::index>(ids.size()), static_cast<linalg::index>(rows.cols()));
    rows.gather(ids, copy);
    return detail::numbered_rows{linalg::matrix_view<float>(copy), ids};
  };
  const auto q = view(queries, gathered[0]);
  const auto c = queries.data() == candidates.data() && queries.size() == candidates.size()
                     ? q
                     : view(candidates, gathered[1]);
  for_chunks(
      ctx.executor, queries.size(), detail::query_tile,
      [&](std::size_t begin, std::size_t end) { detail::dense_part(q, c, f, begin, end, k, out); });
}

/// The k nearest other rows of every row. Sparse blocks stay sparse. Exact up to float rounding; ties
/// by row; the same bits for any number of threads.
/// Time: dense O(n^2 d) in matrix products (L1: plain loops), sparse O(n^2 + n nnz_column). Memory:
/// O(n k) and a tile per thread. Throws `invalid_argument` for k = 0.
[[nodiscard]] inline neighbor_lists nearest(const data::block& rows, std::size_t k, metric how,
                                            const context& ctx = {}) {
  expects(k >= 1, "nearest: k is 0, expected at least 1");
  const std::size_t n = rows.rows();
  k = (std::min)(k, n > 0 ? n - 1 : 0);
  neighbor_lists out(n, k);
  const std::vector<double> squares = detail::squared_norms(rows);
  if (rows.is_sparse()) {
    const detail::inverted_index columns(rows);
    std::vector<float> l1(n);
    for (std::size_t i = 0; i < n; ++i)
      rows.for_each_in_row(i, [&](std::size_t, float v) { l1[i] += std::abs(v); });
    const detail::finish f{how, squares};
    for_chunks(ctx.executor, n, detail::query_tile, [&](std::size_t begin, std::size_t end) {
      detail::sparse_part(rows, columns, f, l1, begin, end, k, out);
    });
    return out;
  }
  std::vector<data::row_id> all(n);
  std::iota(all.begin(), all.end(), 0U);
  nearest_among(rows, all, all, squares, k, how, out, ctx);
  return out;
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph

#endif
