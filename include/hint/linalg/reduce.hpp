// SPDX-License-Identifier: MIT
/// \file
/// Sums over rows and columns in a fixed order: the same bits for any number of threads and any
/// address, and for a row whatever the others are. (Eigen's sums start with the elements before an
/// aligned address, so their last bits depend on where the memory lies.)
#ifndef HINT_LINALG_REDUCE_HPP
#define HINT_LINALG_REDUCE_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/core/finite.hpp>
#include <hint/linalg/elementwise.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/simd.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace linalg {

/// Row `i` as a span.
template <real T>
[[nodiscard]] std::span<const T> row_span(const matrix_view<T>& x, index i) noexcept {
  return {x.data() + i * x.outerStride(), static_cast<std::size_t>(x.cols())};
}
template <real T>
[[nodiscard]] std::span<T> row_span(matrix_ref<T>& x, index i) noexcept {
  return {x.data() + i * x.outerStride(), static_cast<std::size_t>(x.cols())};
}

/// The L2 norm; right also where the squares would overflow or vanish.
template <real T>
[[nodiscard]] T norm(std::span<const T> a) noexcept {
  const T squares = dot(a, a);
  if (is_finite(squares) && squares > T{1e-30f}) return std::sqrt(squares);
  T largest = 0;
  for (const T x : a) largest = (std::max)(largest, std::abs(x));
  if (!is_finite(largest) || largest <= 0) return std::sqrt(squares);
  T sum = 0;
  for (const T x : a) sum += (x / largest) * (x / largest);
  return largest * std::sqrt(sum);
}

/// The L2 norm of every row. O(n d).
template <real T>
[[nodiscard]] vector<T> row_norms(const matrix_view<T>& x, const executor_ref& e = {}) {
  vector<T> norms(x.rows());
  for_chunks(e, static_cast<std::size_t>(x.rows()), 64, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
      norms[static_cast<index>(i)] = norm(row_span<T>(x, static_cast<index>(i)));
  });
  return norms;
}

/// Divides every row by its L2 norm; rows of zeros stay. O(n d).
template <real T>
void normalize_rows(matrix_ref<T> x, const executor_ref& e = {}) {
  for_chunks(e, static_cast<std::size_t>(x.rows()), 64, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const std::span<T> row = row_span<T>(x, static_cast<index>(i));
      const T length = norm(std::span<const T>(row));
      if (length == 0) continue;
      for (T& v : row) v /= length;
    }
  });
}

/// The sum of every column: rows are added in chunks of 256, the chunks pairwise. O(n d), and a row
/// of memory per chunk.
template <real T>
[[nodiscard]] row_vector<T> column_sums(const matrix_view<T>& x, const executor_ref& e = {}) {
  if (x.rows() == 0) return row_vector<T>::Zero(x.cols());
  return reduce_chunks<row_vector<T>>(e, static_cast<std::size_t>(x.rows()), 256,
                                      [&](std::size_t begin, std::size_t end) {
                                        row_vector<T> sum = x.row(static_cast<index>(begin));
                                        for (std::size_t i = begin + 1; i < end; ++i)
                                          sum += x.row(static_cast<index>(i));
                                        return sum;
                                      });
}

/// The mean of every column. Throws `shape_error` when there is no row.
template <real T>
[[nodiscard]] row_vector<T> column_means(const matrix_view<T>& x, const executor_ref& e = {}) {
  expects<shape_error>(x.rows() > 0, "column_means: x is 0 x ", x.cols(),
                       ", expected at least one row");
  return column_sums<T>(x, e) / static_cast<T>(x.rows());
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::linalg

#endif
