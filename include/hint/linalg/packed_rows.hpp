// SPDX-License-Identifier: MIT
/// \file
/// Rows in the order in which products read them, for operands of many products: the weights of a network, the
/// rows of a search of neighbours.
#ifndef HINT_LINALG_PACKED_ROWS_HPP
#define HINT_LINALG_PACKED_ROWS_HPP

#include <algorithm>
#include <cstddef>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product/blocks.hpp>
#include <hint/linalg/product/pack.hpp>
#include <hint/linalg/simd.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace linalg {

template <real T>
class packed_rows;

/// Some rows of `packed_rows`, which it refers to; from `packed_rows::block`, or all of them.
template <real T>
class packed_block {
 public:
  packed_block(const packed_rows<T>& all) noexcept;  // NOLINT: implicit, as a view of a matrix
  [[nodiscard]] index rows() const noexcept { return rows_; }
  [[nodiscard]] index cols() const noexcept { return factor_.depth; }
  /// For products.
  [[nodiscard]] const detail::packed_factor<T>& factor() const noexcept { return factor_; }

 private:
  friend class packed_rows<T>;
  packed_block(const T* data, index rows, index cols) noexcept : factor_{data, cols}, rows_(rows) {}
  detail::packed_factor<T> factor_;
  index rows_;
};

/// A copy of a matrix, packed: `multiply_transposed` takes it in place of the matrix, for either side or for
/// both, gives the same bits and need not pack it again. Memory n d numbers, n rounded up to whole panels. Const
/// use from many threads is safe.
template <real T>
class packed_rows {
 public:
  /// Blocks begin at multiples of so many rows; at most 16.
  static constexpr index panel = detail::panel_width<T>;

  packed_rows() = default;
  explicit packed_rows(const matrix_view<T>& x, const executor_ref& e = {}) { assign(x, e); }

  /// Becomes the rows of x; keeps its memory. O(n d).
  void assign(const matrix_view<T>& x, const executor_ref& e = {}) {
    assign(detail::rows_of<T>(x), x.rows(), x.cols(), e);
  }
  /// Becomes the columns of x, each a row: then x W = `multiply_transposed(x, columns of W)`.
  void assign_columns(const matrix_view<T>& x, const executor_ref& e = {}) {
    assign(detail::columns_of<T>(x), x.cols(), x.rows(), e);
  }

  [[nodiscard]] index rows() const noexcept { return rows_; }
  [[nodiscard]] index cols() const noexcept { return cols_; }
  /// Rows begin .. end - 1, valid as long as nothing is assigned. Throws `invalid_argument` unless begin is a
  /// multiple of `panel` and 0 <= begin <= end <= rows().
  [[nodiscard]] packed_block<T> block(index begin, index end) const {
    expects(begin >= 0 && begin <= end && end <= rows_ && begin % panel == 0,
            "packed_rows: block of rows ", begin, " to ", end, " of ", rows_,
            ", expected the first to be a multiple of ", panel);
    return {data_.data() + begin * cols_, end - begin, cols_};
  }

 private:
  void assign(const detail::factor<T>& from, index rows, index cols, const executor_ref& e) {
    rows_ = rows;
    cols_ = cols;
    data_.resize(static_cast<std::size_t>(detail::round_up(rows, panel) * cols));
    constexpr std::size_t at_once = 16;
    for_chunks(e, static_cast<std::size_t>(detail::round_up(rows, panel) / panel), at_once,
               [&](std::size_t begin, std::size_t end) {
                 const index first = static_cast<index>(begin) * panel;
                 const index last = (std::min)(static_cast<index>(end) * panel, rows);
                 detail::pack(from, first, last - first, 0, cols, data_.data() + first * cols,
                              panel * cols);
               });
  }

  index rows_ = 0, cols_ = 0;
  aligned_buffer<T> data_;
};

template <real T>
packed_block<T>::packed_block(const packed_rows<T>& all) noexcept
    : packed_block(all.block(0, all.rows())) {}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::linalg

#endif
