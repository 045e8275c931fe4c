// SPDX-License-Identifier: MIT
/// \file
/// The factors of a product, and the order in which its innermost loop reads them.
#ifndef HINT_LINALG_PRODUCT_PACK_HPP
#define HINT_LINALG_PRODUCT_PACK_HPP

#include <algorithm>
#include <cstddef>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/config.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/simd.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace linalg {
namespace detail {

/// A factor seen as vectors along the summed dimension: element k of vector i is
/// data[i * vector_stride + k * depth_stride]. One of the strides is 1.
template <class T>
struct factor {
  const T* data;
  index vector_stride;
  index depth_stride;
};

template <class T>
[[nodiscard]] factor<T> rows_of(const matrix_view<T>& m) noexcept {
  return {m.data(), m.outerStride(), 1};
}
template <class T>
[[nodiscard]] factor<T> columns_of(const matrix_view<T>& m) noexcept {
  return {m.data(), 1, m.outerStride()};
}

/// Vectors side by side: a panel is depth after depth of so many vectors. A whole number of registers, and
/// of rows of the innermost loop.
template <class T>
inline constexpr index panel_width = (std::max)(static_cast<index>(batch<T>::size), index{4});

template <class T>
inline constexpr std::size_t panel_registers =
    static_cast<std::size_t>(panel_width<T>) / batch<T>::size;

[[nodiscard]] constexpr index round_up(index n, index to) noexcept {
  return (n + to - 1) / to * to;
}

/// Memory that is not filled with zeros first.
template <class T>
class scratch {
 public:
  explicit scratch(index n) : size_(static_cast<std::size_t>(n)) {
    if (n > 0) data_ = aligned_allocator<T>{}.allocate(size_);
  }
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;
  ~scratch() {
    if (data_ != nullptr) aligned_allocator<T>{}.deallocate(data_, size_);
  }
  [[nodiscard]] T* data() noexcept { return data_; }
  [[nodiscard]] const T* data() const noexcept { return data_; }

 private:
  T* data_ = nullptr;
  std::size_t size_;
};

/// Panels of packed vectors, `stride` elements from one to the next.
template <class T>
struct panels {
  const T* data;
  index stride;
};

/// Copies vectors `first` .. `first + count - 1`, depths `begin` .. `begin + depth - 1`, to panels `stride`
/// elements apart; what is missing in the last one becomes zeros.
template <class T>
void pack(const factor<T>& from, index first, index count, index begin, index depth, T* to,
          index stride) noexcept {
  constexpr index width = panel_width<T>;
  constexpr auto lanes = static_cast<index>(batch<T>::size);
  const T* const source = from.data + first * from.vector_stride + begin * from.depth_stride;
  const index full = count / width * width;
  if (from.vector_stride == 1) {
    for (index k = 0; k < depth; ++k) {
      const T* const row = source + k * from.depth_stride;
      for (index i = 0; i < full; i += lanes)
        batch<T>::load_unaligned(row + i).store_unaligned(to + i / width * stride + k * width +
                                                          i % width);
    }
  } else {
    for (index i = 0; i < full; i += lanes) {
      const T* const vectors = source + i * from.vector_stride;
      T* const panel = to + i / width * stride + i % width;
      index k = 0;
      for (batch<T> columns[8]; k + 8 <= depth; k += 8) {
        load_transposed(vectors + k, from.vector_stride, columns);
        for (index c = 0; c < 8; ++c) columns[c].store_unaligned(panel + (k + c) * width);
      }
      for (; k < depth; ++k)
        for (index lane = 0; lane < lanes; ++lane)
          panel[k * width + lane] = vectors[lane * from.vector_stride + k];
    }
  }
  if (full == count) return;
  T* const last = to + full / width * stride;
  std::fill_n(last, depth * width, T{0});
  for (index i = full; i < count; ++i)
    for (index k = 0; k < depth; ++k)
      last[k * width + i - full] = source[i * from.vector_stride + k * from.depth_stride];
}

/// Vectors that have been packed over their whole depth.
template <class T>
struct packed_factor {
  const T* data;
  index depth;
};

/// A factor without its first k depths.
template <class T>
[[nodiscard]] factor<T> from_depth(const factor<T>& f, index k) noexcept {
  return {f.data + k * f.depth_stride, f.vector_stride, f.depth_stride};
}
template <class T>
[[nodiscard]] packed_factor<T> from_depth(const packed_factor<T>& f, index k) noexcept {
  return {f.data + k * panel_width<T>, f.depth};
}

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::linalg::detail

#endif
