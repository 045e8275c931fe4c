// SPDX-License-Identifier: MIT
/// \file
/// Products of so few rows that packing the columns would take longer than multiplying them.
#ifndef HINT_LINALG_PRODUCT_FEW_ROWS_HPP
#define HINT_LINALG_PRODUCT_FEW_ROWS_HPP

#include <algorithm>
#include <cstddef>

#include <hint/core/config.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product/kernel.hpp>
#include <hint/linalg/product/pack.hpp>
#include <hint/linalg/simd.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace linalg {
namespace detail {

inline constexpr std::size_t few_rows = 4;

/// Row r of those that are wanted, the last in place of those behind it.
template <class T, std::size_t Rows>
struct row_starts {
  const T* data[Rows];
  row_starts(const factor<T>& a, index rows) noexcept {
    for (std::size_t r = 0; r < Rows; ++r)
      data[r] = a.data + (std::min)(static_cast<index>(r), rows - 1) * a.vector_stride;
  }
};

/// Rows of `a` times panels of columns whose depths are `b_stride` elements apart.
template <class T, std::size_t Rows, std::size_t Registers>
void few_rows_down(index depth, const factor<T>& a, const panels<T>& b, index b_stride,
                   const tile_place<T>& to) noexcept {
  tile_of<T, Rows, Registers> sums;
  const row_starts<T, Rows> from(a, to.rows);
  for (index k = 0; k < depth; ++k)
    sums.add([&](std::size_t r) { return from.data[r][k * a.depth_stride]; },
             [&](std::size_t c) {
               return batch<T>::load_unaligned(column_register(b, c) + k * b_stride);
             });
  sums.put(to);
}

/// The same for columns that are the rows at `b`, `b_stride` elements apart.
template <class T, std::size_t Rows, std::size_t Registers>
void few_rows_across(index depth, const factor<T>& a, const T* b, index b_stride,
                     const tile_place<T>& to) noexcept {
  constexpr auto lanes = static_cast<index>(batch<T>::size);
  tile_of<T, Rows, Registers> sums;
  const row_starts<T, Rows> from(a, to.rows);
  index k = 0;
  for (; k + 4 <= depth; k += 4) {
    batch<T> columns[Registers][4];
    for (std::size_t c = 0; c < Registers; ++c)
      load_transposed(b + static_cast<index>(c) * lanes * b_stride + k, b_stride, columns[c]);
    for (index i = 0; i < 4; ++i)
      sums.add([&](std::size_t r) { return from.data[r][(k + i) * a.depth_stride]; },
               [&](std::size_t c) { return columns[c][i]; });
  }
  for (; k < depth; ++k)
    sums.add([&](std::size_t r) { return from.data[r][k * a.depth_stride]; },
             [&](std::size_t c) {
               T column[batch<T>::size];
               for (index i = 0; i < lanes; ++i)
                 column[i] = b[(static_cast<index>(c) * lanes + i) * b_stride + k];
               return batch<T>::load_unaligned(column);
             });
  sums.put(to);
}

/// At most `few_rows` rows of `a`, whose first is a.data, times the columns of b from `column` on.
template <class T, std::size_t Rows, std::size_t Registers>
void few_rows_tile(const factor<T>& a, const factor<T>& b, index column, index depth, const tile_place<T>& to) {
  constexpr index width = panel_width<T>;
  const T* const from = b.data + column * b.vector_stride;
  if (to.columns < tile_of<T, Rows, Registers>::width) {  // nothing may be read behind the last one
    T last[static_cast<std::size_t>(width * product_depth)];
    pack(b, column, to.columns, 0, depth, last, width * depth);
    few_rows_down<T, Rows, Registers>(depth, a, {last, width * depth}, width, to);
  } else if (b.depth_stride == 1) {
    few_rows_across<T, Rows, Registers>(depth, a, from, b.vector_stride, to);
  } else {
    few_rows_down<T, Rows, Registers>(depth, a, {from, width}, b.depth_stride, to);
  }
}
template <class T, std::size_t Rows, std::size_t Registers>
void few_rows_tile(const factor<T>& a, const packed_factor<T>& b, index column, index depth, const tile_place<T>& to) noexcept {
  constexpr index width = panel_width<T>;
  few_rows_down<T, Rows, Registers>(depth, a, {b.data + column * b.depth, width * b.depth}, width, to);
}

/// All of the depth of at most `few_rows` rows, columns from `column` on.
template <class T, std::size_t Rows, class B>
void few_rows_strips(factor<T> a, const B& b, index depth, index column, const tile_place<T>& to) {
  constexpr index width = panel_width<T>;
  constexpr std::size_t per_panel = static_cast<std::size_t>(width) / batch<T>::size;
  for (index j = 0; j < to.columns;) {
    const bool four = to.columns - j >= 4 * width;
    for (index k = 0; k < depth; k += product_depth) {
      const index d = (std::min)(product_depth, depth - k);
      const tile_place<T> part{to.data + j, to.stride, to.rows, to.columns - j, k == 0};
      const auto rows = from_depth(a, k);
      const auto columns = from_depth(b, k);
      if (four)
        few_rows_tile<T, Rows, 4 * per_panel>(rows, columns, column + j, d, part);
      else
        few_rows_tile<T, Rows, per_panel>(rows, columns, column + j, d, part);
    }
    j += four ? 4 * width : width;
  }
}

/// One block of a product, `to`, of at most `few_rows` rows.
template <class T, class B>
void few_rows_block(factor<T> a, const B& b, index depth, index row, index column, const tile_place<T>& to) {
  a.data += row * a.vector_stride;
  if (to.rows == 1)
    few_rows_strips<T, 1>(a, b, depth, column, to);
  else
    few_rows_strips<T, few_rows>(a, b, depth, column, to);
}

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::linalg::detail

#endif
