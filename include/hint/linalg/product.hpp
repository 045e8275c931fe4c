// SPDX-License-Identifier: MIT
/// \file
/// Parallel matrix products whose every element is a fixed function of its own row and column: the
/// same bits for any number of threads, any number of other rows and any place among them. Eigen's
/// products promise neither (its kernels differ with the position, and with OpenMP it splits by
/// threads).
#ifndef HINT_LINALG_PRODUCT_HPP
#define HINT_LINALG_PRODUCT_HPP

#include <algorithm>
#include <cstddef>
#include <utility>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/simd.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace linalg {

namespace detail {

// Only `product_depth` shapes the result: an element is the sum, in ascending order, of partial sums
// over so many products each, and each of them is one chain of fused multiply-adds. The rest are
// block sizes, free to tune: a panel of b (16 KiB) stays in L1, a block of a (192 KiB) in L2.
inline constexpr index product_depth = 256;
inline constexpr index kernel_rows = 6;
template <class Batch>
inline constexpr index kernel_columns = 2 * static_cast<index>(Batch::size);
inline constexpr index block_rows = 32 * kernel_rows;
inline constexpr index block_columns = 512;
inline constexpr index block_panels = 4;

/// A factor seen as vectors along the summed dimension: element k of vector i is
/// data[i * vector_stride + k * depth_stride]. One of the strides is 1.
template <class T>
struct factor {
  const T* data;
  index vector_stride;
  index depth_stride;
};

/// Copies vectors `first` .. `first + count - 1`, depths `begin` .. `begin + depth - 1`, to panels
/// of to[depth][Width]; what is missing in the last one becomes zeros.
template <index Width, class T>
void pack(const factor<T>& from, index first, index count, index begin, index depth,
          T* to) noexcept {
  const T* const source = from.data + first * from.vector_stride + begin * from.depth_stride;
  const index full = count / Width * Width;
  if (full < count) std::fill_n(to + full * depth, depth * Width, T{0});
  if (from.vector_stride == 1) {
    for (index k = 0; k < depth; ++k) {
      const T* const row = source + k * from.depth_stride;
      for (index i = 0; i < full; i += Width)
        std::copy_n(row + i, Width, to + i * depth + k * Width);
      std::copy_n(row + full, count - full, to + full * depth + k * Width);
    }
    return;
  }
  for (index panel = 0; panel < count; panel += Width, to += depth * Width) {
    // Four vectors at a time while that goes; more at once compete for the same lines of the cache.
    const index n = (std::min)(Width, count - panel);
    const T* const vectors = source + panel * from.vector_stride;
    for (index i = 0; i + 4 <= n; i += 4)
      for (index k = 0; k + 4 <= depth; k += 4)
        transpose_4x4(vectors + i * from.vector_stride + k, from.vector_stride, to + k * Width + i,
                      Width);
    for (index i = 0; i < n; ++i)
      for (index k = i < n / 4 * 4 ? depth / 4 * 4 : 0; k < depth; ++k)
        to[k * Width + i] = vectors[i * from.vector_stride + k];
  }
}

/// tile[kernel_rows][kernel_columns] = packed rows times packed columns. Runs in the innermost loop:
/// measure before changing.
template <class Batch, class T, std::size_t... I>
void product_kernel(index depth, const T* a, const T* b, T* tile,
                    std::index_sequence<I...>) noexcept {
  constexpr std::size_t width = Batch::size;
  Batch left[sizeof...(I)] = {((void)I, Batch(T{0}))...};
  Batch right[sizeof...(I)] = {((void)I, Batch(T{0}))...};
  for (index k = 0; k < depth; ++k, a += sizeof...(I), b += 2 * width) {
    const Batch b0 = Batch::load_unaligned(b);
    const Batch b1 = Batch::load_unaligned(b + width);
    const auto step = [&](Batch x, Batch& l, Batch& r) {
      l = fma(x, b0, l);
      r = fma(x, b1, r);
    };
    (step(Batch(a[I]), left[I], right[I]), ...);
  }
  (left[I].store_unaligned(tile + 2 * I * width), ...);
  (right[I].store_unaligned(tile + (2 * I + 1) * width), ...);
}

/// One block of rows and columns of the product, the whole of the summed dimension.
template <class T, class Batch = batch<T>>
void product_block(const factor<T>& a, const factor<T>& b, index depth, index row_begin,
                   index row_end, index column_begin, index column_end, matrix_ref<T>& out) {
  constexpr index width = kernel_columns<Batch>;
  const index groups = (row_end - row_begin + kernel_rows - 1) / kernel_rows;
  const index panels = (std::min)(block_panels, (column_end - column_begin + width - 1) / width);
  const index deepest = (std::min)(product_depth, depth);
  aligned_buffer<T> rows(static_cast<std::size_t>(groups * kernel_rows * deepest));
  aligned_buffer<T> columns(static_cast<std::size_t>(panels * width * deepest));
  alignas(buffer_alignment) T tile[static_cast<std::size_t>(kernel_rows * width)];
  for (index k = 0; k < depth; k += product_depth) {
    const index d = (std::min)(product_depth, depth - k);
    pack<kernel_rows>(a, row_begin, row_end - row_begin, k, d, rows.data());
    for (index block = column_begin; block < column_end; block += block_panels * width) {
      const index block_end = (std::min)(block + block_panels * width, column_end);
      pack<width>(b, block, block_end - block, k, d, columns.data());
      for (index j = block; j < block_end; j += width) {
        const index column_count = (std::min)(width, block_end - j);
        for (index g = 0; g < groups; ++g) {
          product_kernel<Batch>(d, rows.data() + g * kernel_rows * d,
                                columns.data() + (j - block) * d, tile,
                                std::make_index_sequence<kernel_rows>{});
          const index i = row_begin + g * kernel_rows;
          const index row_count = (std::min)(kernel_rows, row_end - i);
          for (index r = 0; r < row_count; ++r) {
            T* const to = out.data() + (i + r) * out.outerStride() + j;
            for (index c = 0; c < column_count; ++c)
              to[c] = k == 0 ? tile[r * width + c] : to[c] + tile[r * width + c];
          }
        }
      }
    }
  }
}

template <class T>
void product(const factor<T>& a, const factor<T>& b, index depth, matrix_ref<T>& out,
             const executor_ref& e) {
  if (depth == 0) out.setZero();
  if (out.size() == 0 || depth == 0) return;
  const auto ceil_div = [](index n, index d) { return (n + d - 1) / d; };
  index down = ceil_div(out.rows(), block_rows);
  index across = ceil_div(out.cols(), block_columns);
  // Large blocks copy less, but every thread should have one.
  const index threads = static_cast<index>((std::min<std::size_t>)(e.concurrency(), 4096));
  while (down * across < threads && 64 * across < out.cols()) across *= 2;
  while (down * across < threads && 48 * down < out.rows()) down *= 2;
  // Blocks of about equal size, so that the last one does not keep the others waiting.
  constexpr index columns = kernel_columns<batch<T>>;
  const index height = ceil_div(ceil_div(out.rows(), down), kernel_rows) * kernel_rows;
  const index width = ceil_div(ceil_div(out.cols(), across), columns) * columns;
  down = ceil_div(out.rows(), height);
  across = ceil_div(out.cols(), width);
  e.bulk(static_cast<std::size_t>(across * down), [&](std::size_t task) {
    const index i = static_cast<index>(task) / across * height;
    const index j = static_cast<index>(task) % across * width;
    product_block(a, b, depth, i, (std::min)(i + height, out.rows()), j,
                  (std::min)(j + width, out.cols()), out);
  });
}

inline void check_product(const char* name, index a_rows, index a_cols, index b_rows, index b_cols,
                          bool fits, index out_rows, index out_cols, index rows, index cols) {
  expects<shape_error>(fits, name, ": a is ", a_rows, " x ", a_cols, " and b is ", b_rows, " x ",
                       b_cols);
  expects<shape_error>(out_rows == rows && out_cols == cols, name, ": out is ", out_rows, " x ",
                       out_cols, ", expected ", rows, " x ", cols);
}

}  // namespace detail

/// out = a * b^T for a of n x d, b of m x d, out of n x m. Name the number type at the call:
/// `multiply_transposed<float>(a, b, out)`. `out` must not overlap `a` or `b`. O(n m d).
/// Throws `shape_error`.
template <real T>
void multiply_transposed(const matrix_view<T>& a, const matrix_view<T>& b, matrix_ref<T> out,
                         const executor_ref& e = {}) {
  detail::check_product("multiply_transposed", a.rows(), a.cols(), b.rows(), b.cols(),
                        a.cols() == b.cols(), out.rows(), out.cols(), a.rows(), b.rows());
  detail::product<T>({a.data(), a.outerStride(), 1}, {b.data(), b.outerStride(), 1}, a.cols(), out,
                     e);
}

/// out = a * b for a of n x d, b of d x m, out of n x m; otherwise as `multiply_transposed`.
template <real T>
void multiply(const matrix_view<T>& a, const matrix_view<T>& b, matrix_ref<T> out,
              const executor_ref& e = {}) {
  detail::check_product("multiply", a.rows(), a.cols(), b.rows(), b.cols(), a.cols() == b.rows(),
                        out.rows(), out.cols(), a.rows(), b.cols());
  detail::product<T>({a.data(), a.outerStride(), 1}, {b.data(), 1, b.outerStride()}, a.cols(), out,
                     e);
}

/// out = a^T * b for a of n x p, b of n x q, out of p x q; otherwise as `multiply_transposed`.
template <real T>
void transposed_multiply(const matrix_view<T>& a, const matrix_view<T>& b, matrix_ref<T> out,
                         const executor_ref& e = {}) {
  detail::check_product("transposed_multiply", a.rows(), a.cols(), b.rows(), b.cols(),
                        a.rows() == b.rows(), out.rows(), out.cols(), a.cols(), b.cols());
  detail::product<T>({a.data(), 1, a.outerStride()}, {b.data(), 1, b.outerStride()}, a.rows(), out,
                     e);
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::linalg

#endif
