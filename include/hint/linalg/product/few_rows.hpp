// SPDX-License-Identifier: MIT
/// \file
/// Products of so few rows that packing the columns would take longer than multiplying them.
#ifndef HINT_LINALG_PRODUCT_FEW_ROWS_HPP
#define HINT_LINALG_PRODUCT_FEW_ROWS_HPP

#include <algorithm>
#include <cstddef>
#include <type_traits>
#include <utility>

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

/// The same for columns that are the rows at `b`, `b_stride` elements apart: register after register the numbers of
/// a line of the cache, as rows whose stride is a power of two compete for a few places in it.
template <class T, std::size_t Rows, std::size_t... C>
void few_rows_across(index depth, const factor<T>& a, const T* b, index b_stride,
                     const tile_place<T>& to, std::index_sequence<C...>) noexcept {
  constexpr auto lanes = static_cast<index>(batch<T>::size);
  constexpr index at_once = 64 / static_cast<index>(sizeof(T));
  tile_of<T, Rows, sizeof...(C)> sums;
  const row_starts<T, Rows> from(a, to.rows);
  const auto element = [&](index k) {
    return [&, k](std::size_t r) { return from.data[r][k * a.depth_stride]; };
  };
  const auto add = [&](auto c, index first, index last) {
    const T* const rows = b + static_cast<index>(c()) * lanes * b_stride;
    index k = first;
    for (; k + 8 <= last; k += 8) {
      batch<T> columns[8];
      load_transposed(rows + k, b_stride, columns);
      for (index i = 0; i < 8; ++i) sums.template add_to<c()>(element(k + i), columns[i]);
    }
    for (; k < last; ++k) {
      T column[batch<T>::size];
      for (index i = 0; i < lanes; ++i) column[i] = rows[i * b_stride + k];
      sums.template add_to<c()>(element(k), batch<T>::load_unaligned(column));
    }
  };
  for (index k = 0; k < depth; k += at_once)
    (add(std::integral_constant<std::size_t, C>{}, k, (std::min)(depth, k + at_once)), ...);
  sums.put(to);
}

/// Whether few_rows_across is for these columns.
template <class T>
[[nodiscard]] bool lies_across(const factor<T>& b) noexcept {
  return b.depth_stride == 1;
}
template <class T>
[[nodiscard]] bool lies_across(const packed_factor<T>&) noexcept {
  return false;
}

/// At most `few_rows` rows of `a`, whose first is a.data, times columns of b from `column` on.
template <class T, std::size_t Rows, std::size_t Registers>
void few_rows_tile(const factor<T>& a, const factor<T>& b, index column, index depth,
                   const tile_place<T>& to) noexcept {
  constexpr index width = panel_width<T>;
  const T* const from = b.data + column * b.vector_stride;
  if (to.columns < tile_of<T, Rows, Registers>::width) {  // nothing may be read behind the last one
    T last[static_cast<std::size_t>(width * product_depth)];
    pack(b, column, to.columns, 0, depth, last, width * depth);
    few_rows_down<T, Rows, Registers>(depth, a, {last, width * depth}, width, to);
  } else if (lies_across(b)) {
    few_rows_across<T, Rows>(depth, a, from, b.vector_stride, to,
                             std::make_index_sequence<Registers>{});
  } else {
    few_rows_down<T, Rows, Registers>(depth, a, {from, width}, b.depth_stride, to);
  }
}
template <class T, std::size_t Rows, std::size_t Registers>
void few_rows_tile(const factor<T>& a, const packed_factor<T>& b, index column, index depth,
                   const tile_place<T>& to) noexcept {
  constexpr index width = panel_width<T>;
  few_rows_down<T, Rows, Registers>(depth, a, {b.data + column * b.depth, width * b.depth}, width,
                                    to);
}

/// All of the depth of at most `few_rows` rows, `Panels` panels of columns at once as long as there are so many.
template <class T, std::size_t Rows, std::size_t Panels, class B>
void few_rows_strips(const factor<T>& a, const B& b, index depth, index column,
                     const tile_place<T>& to) noexcept {
  constexpr index width = panel_width<T>;
  constexpr std::size_t registers = panel_registers<T>;
  for (index j = 0; j < to.columns;) {
    const index panels =
        to.columns - j >= static_cast<index>(Panels) * width ? static_cast<index>(Panels) : 1;
    for (index k = 0; k < depth; k += product_depth) {
      const index d = (std::min)(product_depth, depth - k);
      const tile_place<T> part{to.data + j, to.stride, to.rows, to.columns - j, k == 0};
      if (panels > 1)
        few_rows_tile<T, Rows, Panels * registers>(from_depth(a, k), from_depth(b, k), column + j,
                                                   d, part);
      else
        few_rows_tile<T, Rows, registers>(from_depth(a, k), from_depth(b, k), column + j, d, part);
    }
    j += panels * width;
  }
}

/// One block of a product, `to`, of at most `few_rows` rows.
template <class T, class B>
void few_rows_block(const factor<T>& all, const B& b, index depth, index row, index column,
                    const tile_place<T>& to) noexcept {
  const factor<T> a{all.data + row * all.vector_stride, all.vector_stride, all.depth_stride};
  constexpr bool many = sizeof(batch<T>) == 64;  // registers
  if (lies_across(b))
    to.rows == 1 ? few_rows_strips<T, 1, 2>(a, b, depth, column, to)
                 : few_rows_strips<T, few_rows, 2>(a, b, depth, column, to);
  else
    to.rows == 1 ? few_rows_strips<T, 1, many ? 4 : 8>(a, b, depth, column, to)
                 : few_rows_strips<T, few_rows, many ? 4 : 2>(a, b, depth, column, to);
}

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::linalg::detail

#endif
