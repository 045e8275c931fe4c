// SPDX-License-Identifier: MIT
/// \file
/// The innermost loops of a product.
#ifndef HINT_LINALG_PRODUCT_KERNEL_HPP
#define HINT_LINALG_PRODUCT_KERNEL_HPP

#include <algorithm>
#include <cstddef>
#include <utility>

#include <hint/core/config.hpp>
#include <hint/core/prefetch.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product/pack.hpp>
#include <hint/linalg/simd.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace linalg {
namespace detail {

/// An element of a product is the sum, in ascending order, of partial sums over so many products each, and each of
/// them is one chain of fused multiply-adds. Nothing else shapes the result.
inline constexpr index product_depth = 256;

/// Where a kernel's tile goes: it overwrites what is there, or is added to it.
template <class T>
struct tile_place {
  T* data;
  index stride;   ///< from row to row
  index rows;     ///< so many of the tile's are wanted, at least 1; the kernel's if there are more
  index columns;  ///< likewise
  bool overwrite;
};

/// Sums of R rows and C registers of columns, which stay in registers.
template <class T, class Rows, class Columns>
struct tile;
template <class T, std::size_t... R, std::size_t... C>
struct tile<T, std::index_sequence<R...>, std::index_sequence<C...>> {
  static constexpr index lanes = static_cast<index>(batch<T>::size);
  static constexpr index height = static_cast<index>(sizeof...(R));
  static constexpr index width = static_cast<index>(sizeof...(C)) * lanes;
  struct line {
    batch<T> sum[sizeof...(C)];
  };
  line lines[sizeof...(R)] = {((void)R, line{{((void)C, batch<T>(T{0}))...}})...};

  static void prefetch(const tile_place<T>& to) noexcept {
    for (index r = 0; r < (std::min)(to.rows, height); ++r)
      for (index c = 0; c < width; c += 64 / static_cast<index>(sizeof(T)))
        hint::detail::prefetch(to.data + r * to.stride + c);
  }
  /// Adds left(row) * right(register of columns).
  template <class Left, class Right>
  HINT_INLINE void add(Left left, Right right) noexcept {
    const batch<T> columns[sizeof...(C)] = {right(C)...};
    const auto step = [&](const batch<T>& x, line& l) {
      ((l.sum[C] = fma(x, columns[C], l.sum[C])), ...);
    };
    (step(batch<T>(left(R)), lines[R]), ...);
  }
  /// The same with register c alone.
  template <std::size_t c, class Left>
  HINT_INLINE void add_to(Left left, const batch<T>& right) noexcept {
    ((lines[R].sum[c] = fma(batch<T>(left(R)), right, lines[R].sum[c])), ...);
  }
  HINT_INLINE void put(const tile_place<T>& to) const noexcept {
    if (to.columns >= width) {
      const auto whole = [&](index r, const line& l) {
        if (r >= to.rows) return;
        T* const row = to.data + r * to.stride;
        const auto at = [&](std::size_t c) { return row + static_cast<index>(c) * lanes; };
        if (to.overwrite)
          (l.sum[C].store_unaligned(at(C)), ...);
        else
          ((batch<T>::load_unaligned(at(C)) + l.sum[C]).store_unaligned(at(C)), ...);
      };
      (whole(static_cast<index>(R), lines[R]), ...);
      return;
    }
    T values[sizeof...(R)][sizeof...(C)][batch<T>::size];
    const auto spill = [](T(&row)[sizeof...(C)][batch<T>::size], const line& l) {
      (l.sum[C].store_unaligned(row[C]), ...);
    };
    (spill(values[R], lines[R]), ...);
    for (index r = 0; r < (std::min)(to.rows, height); ++r) {
      T* const row = to.data + r * to.stride;
      for (index c = 0; c < to.columns; ++c) {
        const T value = values[r][c / lanes][c % lanes];
        row[c] = to.overwrite ? value : row[c] + value;
      }
    }
  }
};
template <class T, std::size_t Rows, std::size_t Registers>
using tile_of = tile<T, std::make_index_sequence<Rows>, std::make_index_sequence<Registers>>;

/// Where register c of the columns begins at depth 0.
template <class T>
[[nodiscard]] const T* column_register(const panels<T>& b, std::size_t c) noexcept {
  const index lane = static_cast<index>(c * batch<T>::size);
  return b.data + lane / panel_width<T> * b.stride + lane % panel_width<T>;
}

/// The rows of a panel from `a` on times columns. Runs in the innermost loop: measure before changing.
template <class T, std::size_t Rows, std::size_t Registers>
void product_kernel(index depth, const T* a, const panels<T>& b, const tile_place<T>& to) noexcept {
  constexpr index width = panel_width<T>;
  tile_of<T, Rows, Registers> sums;
  sums.prefetch(to);  // there by the time that they are wanted
  const T* from[Registers];
  for (std::size_t c = 0; c < Registers; ++c) from[c] = column_register(b, c);
  for (index k = 0; k < depth; ++k)
    sums.add([&](std::size_t r) { return a[k * width + static_cast<index>(r)]; },
             [&](std::size_t c) { return batch<T>::load_unaligned(from[c] + k * width); });
  sums.put(to);
}

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::linalg::detail

#endif
