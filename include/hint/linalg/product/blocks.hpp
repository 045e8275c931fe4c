// SPDX-License-Identifier: MIT
/// \file
/// A product in blocks, from factors that are packed on the way or have been before.
#ifndef HINT_LINALG_PRODUCT_BLOCKS_HPP
#define HINT_LINALG_PRODUCT_BLOCKS_HPP

#include <algorithm>
#include <cstddef>
#include <type_traits>

#include <hint/core/config.hpp>
#include <hint/core/executor.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product/few_rows.hpp>
#include <hint/linalg/product/kernel.hpp>
#include <hint/linalg/product/pack.hpp>
#include <hint/linalg/simd.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace linalg {
namespace detail {

// Sizes that are free to tune: a block of a (256 KiB of floats) and some columns of b stay in L2.
inline constexpr index block_rows = 256;
inline constexpr index block_columns = 512;
template <class T>
inline constexpr index packed_columns = 12 * panel_width<T>;

/// Sums take 24 of 32 registers, 12 or 8 of 16.
template <class T>
inline constexpr index kernel_rows = 64 == sizeof(batch<T>) ? 8 : 4;

/// Panels of columns that a kernel takes next when so many are left. Four are two and two: one alone has
/// too few sums to hide how long each takes.
template <class T>
[[nodiscard]] constexpr index panels_at_once(index left) noexcept {
  if (sizeof(batch<T>) < 32) return (std::min)(left, index{2 / panel_registers<T>});
  return left >= 5 ? 3 : left == 4 ? 2 : left;
}

/// Gives panels of vectors first .. first + count - 1 at depths k .. k + depth - 1, where `first` is the first of
/// a panel: packs them if they are not yet.
template <class T>
class panel_source {
 public:
  panel_source(const factor<T>& f, index count, index depth)
      : from_(f), buffer_(round_up(count, panel_width<T>) / panel_width<T> * stride(depth)) {}
  [[nodiscard]] panels<T> operator()(index first, index count, index k, index depth) noexcept {
    pack(from_, first, count, k, depth, buffer_.data(), stride(depth));
    return {buffer_.data(), stride(depth)};
  }

 private:
  /// A line of the cache more than a panel takes, so that panels do not compete for the same places in it.
  [[nodiscard]] static index stride(index depth) noexcept {
    return panel_width<T> * depth + 64 / static_cast<index>(sizeof(T));
  }
  factor<T> from_;
  scratch<T> buffer_;
};
template <class T>
class packed_source {
 public:
  packed_source(const packed_factor<T>& f, index, index) : from_(f) {}
  [[nodiscard]] panels<T> operator()(index first, index, index k, index) const noexcept {
    return {from_.data + first * from_.depth + k * panel_width<T>, panel_width<T> * from_.depth};
  }

 private:
  packed_factor<T> from_;
};
template <class T>
panel_source<T> source_of(const factor<T>&);
template <class T>
packed_source<T> source_of(const packed_factor<T>&);

/// `to` becomes, or gets added, all rows of a times all columns of b.
template <class T>
void multiply_panels(const panels<T>& a, const panels<T>& b, index depth,
                     tile_place<T> to) noexcept {
  constexpr index width = panel_width<T>;
  const auto columns = [&](index j, auto registers) {
    for (index i = 0; i < to.rows; i += kernel_rows<T>)
      product_kernel<T, static_cast<std::size_t>(kernel_rows<T>), registers()>(
          depth, a.data + i / width * a.stride + i % width,
          {b.data + j / width * b.stride, b.stride},
          {to.data + i * to.stride + j, to.stride, to.rows - i, to.columns - j, to.overwrite});
  };
  for (index j = 0; j < to.columns;) {
    const index n = panels_at_once<T>((to.columns - j + width - 1) / width);
    if (n == 1) columns(j, std::integral_constant<std::size_t, panel_registers<T>>{});
    if (n == 2) columns(j, std::integral_constant<std::size_t, 2 * panel_registers<T>>{});
    if (n == 3) columns(j, std::integral_constant<std::size_t, 3 * panel_registers<T>>{});
    j += n * width;
  }
}

/// One block of a product, `to`, whose first row and column are those of panels; all of the depth.
template <class T, class A, class B>
void product_block(const A& a, const B& b, index depth, index row, index column,
                   const tile_place<T>& to) {
  if constexpr (std::is_same_v<A, factor<T>>)
    if (to.rows <= static_cast<index>(few_rows))
      return few_rows_block<T>(a, b, depth, row, column, to);
  const index deepest = (std::min)(depth, product_depth);
  decltype(source_of(a)) rows(a, to.rows, deepest);
  decltype(source_of(b)) columns(b, (std::min)(packed_columns<T>, to.columns), deepest);
  for (index k = 0; k < depth; k += product_depth) {
    const index d = (std::min)(product_depth, depth - k);
    const panels<T> left = rows(row, to.rows, k, d);
    for (index j = 0; j < to.columns; j += packed_columns<T>) {
      const index n = (std::min)(packed_columns<T>, to.columns - j);
      multiply_panels<T>(left, columns(column + j, n, k, d), d,
                         {to.data + j, to.stride, to.rows, n, k == 0});
    }
  }
}

template <class T>
[[nodiscard]] index packing_of(const factor<T>&) noexcept {
  return 8;
}
template <class T>
[[nodiscard]] index packing_of(const packed_factor<T>&) noexcept {
  return 0;
}

/// A product in blocks of `height` x `width`.
struct product_grid {
  index height, width, down, across;

  product_grid(index rows, index columns, index unit, index down_, index across_)
      : height(round_up(ceil_div(rows, down_), unit)),
        width(round_up(ceil_div(columns, across_), unit)),
        down(ceil_div(rows, height)),
        across(ceil_div(columns, width)) {}
  [[nodiscard]] static index ceil_div(index n, index d) noexcept { return (n + d - 1) / d; }
};

/// The grid by which `threads` are done first: by the size of blocks, what it takes to pack their rows and columns
/// (so many multiplications for each, `pack_row` and `pack_column`), and how many of them a thread gets.
template <class T>
[[nodiscard]] product_grid grid_of(index rows, index columns, index depth, index threads,
                                   index pack_row, index pack_column) {
  const auto make = [&](index down, index across) {
    return product_grid(rows, columns, panel_width<T>, down, across);
  };
  index down = product_grid::ceil_div(rows, block_rows),
        across = product_grid::ceil_div(columns, block_columns);
  // What takes some microseconds is not worth a second thread.
  if (threads == 1 || rows * columns * depth < (index{1} << 20)) return make(down, across);
  while (8 * down * across < threads) (rows / down > columns / across ? down : across) *= 2;
  product_grid best = make(down, across);
  double least = 0;
  for (index i = down; i < down + 8; ++i)
    for (index j = across; j < across + 8; ++j) {
      const product_grid g = make(i, j);
      const double block =
          static_cast<double>(g.height * g.width + pack_row * g.height + pack_column * g.width);
      const double time =
          block * static_cast<double>(product_grid::ceil_div(g.down * g.across, threads));
      if (least == 0 || time < least) {
        least = time;
        best = g;
      }
    }
  return best;
}

template <class T, class A, class B>
void product(const A& a, const B& b, index depth, matrix_ref<T>& out, const executor_ref& e) {
  if (depth == 0) out.setZero();
  if (out.size() == 0 || depth == 0) return;
  const auto threads = static_cast<index>((std::min<std::size_t>)(e.concurrency(), 4096));
  const product_grid g =
      grid_of<T>(out.rows(), out.cols(), depth, threads, packing_of(a), packing_of(b));
  e.bulk(static_cast<std::size_t>(g.across * g.down), [&](std::size_t task) {
    const index i = static_cast<index>(task) / g.across * g.height;
    const index j = static_cast<index>(task) % g.across * g.width;
    product_block<T>(
        a, b, depth, i, j,
        {out.data() + i * out.outerStride() + j, out.outerStride(),
         (std::min)(g.height, out.rows() - i), (std::min)(g.width, out.cols() - j), true});
  });
}

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::linalg::detail

#endif
