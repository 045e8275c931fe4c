// SPDX-License-Identifier: MIT
/// \file
/// The one place that knows xsimd: a register of numbers, and loops over arrays by whole registers.
/// Works with xsimd 8 to 14; plain loops take its place when HINT_NO_SIMD is defined or xsimd does
/// not know the processor.
#ifndef HINT_LINALG_SIMD_HPP
#define HINT_LINALG_SIMD_HPP

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

#include <hint/core/config.hpp>
#include <hint/linalg/matrix.hpp>

#if !defined(HINT_NO_SIMD)
// GCC 12 takes what its own intrinsics leave undefined on purpose for uninitialized (its bug 105593), wherever they
// are inlined, and would say so dozens of times to who compiles with -Wall and AVX-512.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <xsimd/xsimd.hpp>
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
#if defined(XSIMD_NO_SUPPORTED_ARCHITECTURE)
#define HINT_NO_SIMD
#endif
#endif
#if defined(__SSE__) && !defined(HINT_NO_SIMD)
#include <immintrin.h>
#endif

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace linalg {

/// The real numbers that the library computes with.
template <class T>
concept real = std::same_as<T, float> || std::same_as<T, double>;

#if defined(HINT_NO_SIMD)

/// A register made of an array; the compiler may or may not find instructions for it.
template <real T>
struct plain_batch {
  static constexpr std::size_t size = 16 / sizeof(T);
  T lane[size];

  plain_batch() = default;
  plain_batch(T value) noexcept {  // NOLINT: implicit, as in xsimd
    for (T& x : lane) x = value;
  }
  template <class F, class... B>
  [[nodiscard]] static plain_batch map(F f, const B&... b) noexcept {
    plain_batch out;
    for (std::size_t i = 0; i < size; ++i) out.lane[i] = f(b.lane[i]...);
    return out;
  }
  [[nodiscard]] static plain_batch load_unaligned(const T* from) noexcept {
    plain_batch out;
    std::copy_n(from, size, out.lane);
    return out;
  }
  void store_unaligned(T* to) const noexcept { std::copy_n(lane, size, to); }

  friend plain_batch operator+(const plain_batch& a, const plain_batch& b) noexcept {
    return map([](T x, T y) { return x + y; }, a, b);
  }
  friend plain_batch operator-(const plain_batch& a, const plain_batch& b) noexcept {
    return map([](T x, T y) { return x - y; }, a, b);
  }
  friend plain_batch operator*(const plain_batch& a, const plain_batch& b) noexcept {
    return map([](T x, T y) { return x * y; }, a, b);
  }
  friend plain_batch operator/(const plain_batch& a, const plain_batch& b) noexcept {
    return map([](T x, T y) { return x / y; }, a, b);
  }
  friend plain_batch fma(const plain_batch& a, const plain_batch& b,
                         const plain_batch& c) noexcept {
#if defined(FP_FAST_FMA) && defined(FP_FAST_FMAF)  // spelled out, the compiler must not choose
    return map([](T x, T y, T z) { return std::fma(x, y, z); }, a, b, c);
#else
    return map([](T x, T y, T z) { return x * y + z; }, a, b, c);
#endif
  }
  friend plain_batch abs(const plain_batch& a) noexcept {
    return map([](T x) { return std::abs(x); }, a);
  }
  friend plain_batch sqrt(const plain_batch& a) noexcept {
    return map([](T x) { return std::sqrt(x); }, a);
  }
  friend plain_batch tanh(const plain_batch& a) noexcept {
    return map([](T x) { return std::tanh(x); }, a);
  }
  friend plain_batch exp(const plain_batch& a) noexcept {
    return map([](T x) { return std::exp(x); }, a);
  }
};
template <real T>
using batch = plain_batch<T>;

#else

/// One register: `size`, `load_unaligned(p)`, `store_unaligned(p)`, `+ - * /`; by argument-dependent
/// lookup `fma abs sqrt tanh exp`.
template <real T>
using batch = xsimd::batch<T>;

#endif

#if defined(__SSE__) && !defined(HINT_NO_SIMD)  // xsimd has no transpose before version 9
namespace detail {

#if defined(__AVX512F__)
// With masks, as GCC 12 warns of its own intrinsics that have none.
HINT_INLINE __m512 two_rows(const float* low, const float* high) noexcept {
  return _mm512_castpd_ps(
      _mm512_mask_broadcast_f64x4(_mm512_castps_pd(_mm512_castps256_ps512(_mm256_loadu_ps(low))),
                                  0xF0, _mm256_castps_pd(_mm256_loadu_ps(high))));
}
HINT_INLINE __m512 low_pairs(__m512 x, __m512 y) noexcept {
  return _mm512_maskz_unpacklo_ps(0xFFFF, x, y);
}
HINT_INLINE __m512 high_pairs(__m512 x, __m512 y) noexcept {
  return _mm512_maskz_unpackhi_ps(0xFFFF, x, y);
}
template <int Pick>
HINT_INLINE __m512 shuffled(__m512 x, __m512 y) noexcept {
  return _mm512_maskz_shuffle_ps(0xFFFF, x, y, Pick);
}
HINT_INLINE __m512 even_quarters(__m512 x, __m512 y) noexcept {
  return _mm512_maskz_shuffle_f32x4(0xFFFF, x, y, 0x88);
}
HINT_INLINE __m512 odd_quarters(__m512 x, __m512 y) noexcept {
  return _mm512_maskz_shuffle_f32x4(0xFFFF, x, y, 0xDD);
}
#elif defined(__AVX__)
HINT_INLINE __m256 low_pairs(__m256 x, __m256 y) noexcept { return _mm256_unpacklo_ps(x, y); }
HINT_INLINE __m256 high_pairs(__m256 x, __m256 y) noexcept { return _mm256_unpackhi_ps(x, y); }
template <int Pick>
HINT_INLINE __m256 shuffled(__m256 x, __m256 y) noexcept {
  return _mm256_shuffle_ps(x, y, Pick);
}
HINT_INLINE __m256 two_rows(const float* low, const float* high) noexcept {
  return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(low)), _mm_loadu_ps(high), 1);
}
#else
HINT_INLINE __m128 low_pairs(__m128 x, __m128 y) noexcept { return _mm_unpacklo_ps(x, y); }
HINT_INLINE __m128 high_pairs(__m128 x, __m128 y) noexcept { return _mm_unpackhi_ps(x, y); }
template <int Pick>
HINT_INLINE __m128 shuffled(__m128 x, __m128 y) noexcept {
  return _mm_shuffle_ps(x, y, Pick);
}
#endif
/// In every quarter of a register, the transposed of four rows.
template <class Register>
HINT_INLINE void transpose_quarters(Register (&row)[4]) noexcept {
  const Register a = low_pairs(row[0], row[1]), b = low_pairs(row[2], row[3]);
  const Register c = high_pairs(row[0], row[1]), d = high_pairs(row[2], row[3]);
  row[0] = shuffled<0x44>(a, b);
  row[1] = shuffled<0xEE>(a, b);
  row[2] = shuffled<0x44>(c, d);
  row[3] = shuffled<0xEE>(c, d);
}

}  // namespace detail
#endif

/// columns[k], lane i = from[i * stride + k] for k < 8: eight columns of as many rows as a register has lanes.
template <real T>
HINT_INLINE void load_transposed(const T* from, index stride, batch<T> (&columns)[8]) noexcept {
#if defined(__SSE__) && !defined(HINT_NO_SIMD)
  if constexpr (std::same_as<T, float>) {
    const float* start = from;
    const auto next_four_rows = [&] {
      const float* const rows = start;
      start += 4 * stride;
#if defined(__GNUC__) || defined(__clang__)
      __asm__(
          ""
          : "+r"(start));  // GCC would keep addresses of all rows, more than there are registers
#endif
      return rows;
    };
#if defined(__AVX512F__)
    __m512 first[4], second[4];
    const float *a = next_four_rows(), *b = next_four_rows();
    for (index i = 0; i < 4; ++i) first[i] = detail::two_rows(a + i * stride, b + i * stride);
    a = next_four_rows();
    b = next_four_rows();
    for (index i = 0; i < 4; ++i) second[i] = detail::two_rows(a + i * stride, b + i * stride);
#elif defined(__AVX__)
    __m256 first[4], second[4];
    const float *const a = next_four_rows(), *const b = next_four_rows();
    for (index i = 0; i < 4; ++i) {
      first[i] = detail::two_rows(a + i * stride, b + i * stride);
      second[i] = detail::two_rows(a + i * stride + 4, b + i * stride + 4);
    }
#else
    __m128 first[4], second[4];
    const float* const a = next_four_rows();
    for (index i = 0; i < 4; ++i) {
      first[i] = _mm_loadu_ps(a + i * stride);
      second[i] = _mm_loadu_ps(a + i * stride + 4);
    }
#endif
    detail::transpose_quarters(first);
    detail::transpose_quarters(second);
    for (int k = 0; k < 4; ++k) {
#if defined(__AVX512F__)
      columns[k] = detail::even_quarters(first[k], second[k]);
      columns[4 + k] = detail::odd_quarters(first[k], second[k]);
#else
      columns[k] = first[k];
      columns[4 + k] = second[k];
#endif
    }
    return;
  }
#endif
  constexpr auto lanes = static_cast<index>(batch<T>::size);
  T column[8][batch<T>::size];
  for (index i = 0; i < lanes; ++i)
    for (index k = 0; k < 8; ++k) column[k][i] = from[i * stride + k];
  for (index k = 0; k < 8; ++k) columns[k] = batch<T>::load_unaligned(column[k]);
}

/// The larger of each two lanes. (A function of our own, as some systems have a macro `max`.)
template <class Batch>
[[nodiscard]] Batch larger(const Batch& a, const Batch& b) noexcept {
#if defined(HINT_NO_SIMD)
  return Batch::map([](auto x, auto y) { return x < y ? y : x; }, a, b);
#else
  return (xsimd::max)(a, b);
#endif
}

/// a b + c, rounded once where the processor can. (xsimd 8 leaves that of AVX-512 to the compiler.)
template <real T>
[[nodiscard]] HINT_INLINE batch<T> multiply_add(const batch<T>& a, const batch<T>& b,
                                                const batch<T>& c) noexcept {
#if defined(__AVX512F__) && !defined(HINT_NO_SIMD)
  if constexpr (std::same_as<T, float>)
    return _mm512_fmadd_ps(a, b, c);
  else
    return _mm512_fmadd_pd(a, b, c);
#else
  return fma(a, b, c);
#endif
}

/// The sum of a register's lanes, in an order that depends on the instruction set alone.
template <class Batch>
[[nodiscard]] auto sum_lanes(const Batch& b) noexcept {
#if defined(HINT_NO_SIMD)
  auto sum = b.lane[0];
  for (std::size_t i = 1; i < Batch::size; ++i) sum += b.lane[i];
  return sum;
#elif XSIMD_VERSION_MAJOR >= 9
  return xsimd::reduce_add(b);
#else
  return xsimd::hadd(b);
#endif
}

/// Bit i is set unless lane i of `a` is above that of `b`; set where one of them is NaN.
template <class Batch>
[[nodiscard]] std::uint32_t lanes_not_above(const Batch& a, const Batch& b) noexcept {
  [[maybe_unused]] constexpr std::size_t bytes = sizeof(Batch);
#if defined(__AVX512F__) && !defined(HINT_NO_SIMD)
  if constexpr (bytes == 64) return _mm512_cmp_ps_mask(a, b, _CMP_NGT_UQ);
#endif
#if defined(__AVX__) && !defined(HINT_NO_SIMD)
  if constexpr (bytes == 32)
    return static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_cmp_ps(a, b, _CMP_NGT_UQ)));
#endif
#if defined(__SSE__) && !defined(HINT_NO_SIMD)
  if constexpr (bytes == 16)
    return static_cast<std::uint32_t>(_mm_movemask_ps(_mm_cmpngt_ps(a, b)));
#endif
  float x[Batch::size], y[Batch::size];
  a.store_unaligned(x);
  b.store_unaligned(y);
  std::uint32_t lanes = 0;
  for (std::size_t i = 0; i < Batch::size; ++i)
    lanes |= static_cast<std::uint32_t>(!(x[i] > y[i])) << i;
  return lanes;
}

namespace detail {

template <class Batch, class F, class... P, std::size_t... I>
void on_batch(F& f, std::index_sequence<I...>, P*... p) {
  std::tuple values{((void)I, Batch::load_unaligned(p))...};
  f(std::get<I>(values)...);
  const auto store = [](const Batch& value, auto* to) {
    if constexpr (!std::is_const_v<std::remove_pointer_t<decltype(to)>>) value.store_unaligned(to);
  };
  (store(std::get<I>(values), p), ...);
}

template <class Batch, class F, class... P, std::size_t... I>
void on_tail(std::size_t n, F& f, std::index_sequence<I...> each, P*... p) {
  std::remove_const_t<std::common_type_t<P...>> lanes[sizeof...(P)][Batch::size] = {};
  (std::copy_n(p, n, lanes[I]), ...);
  on_batch<Batch>(f, each, static_cast<P*>(lanes[I])...);
  const auto store = [n](const auto* from, auto* to) {
    if constexpr (!std::is_const_v<std::remove_pointer_t<decltype(to)>>) std::copy_n(from, n, to);
  };
  (store(lanes[I], p), ...);
}

}  // namespace detail

/// Calls f(batch&...) on registers loaded from the arrays `p[0 .. n-1]` and stores back those that
/// are not const. A rest goes through a full register filled up with zeros, so an element's result
/// has the same bits wherever in an array and in memory it stands. (Eigen's expressions compute the
/// elements before an aligned address, and the last ones, with other instructions.)
template <class F, class... P>
void for_batches(std::size_t n, F&& f, P*... p) {
  using Batch = batch<std::remove_const_t<std::common_type_t<P...>>>;
  constexpr auto each = std::index_sequence_for<P...>{};
  std::size_t i = 0;
  for (; i + Batch::size <= n; i += Batch::size) detail::on_batch<Batch>(f, each, (p + i)...);
  if (i < n) detail::on_tail<Batch>(n - i, f, each, (p + i)...);
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::linalg

#endif
