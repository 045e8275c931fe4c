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
#include <tuple>
#include <type_traits>
#include <utility>

#include <hint/linalg/matrix.hpp>

#if !defined(HINT_NO_SIMD)
#include <xsimd/xsimd.hpp>
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
};
template <real T>
using batch = plain_batch<T>;

#else

/// One register: `size`, `load_unaligned(p)`, `store_unaligned(p)`, `+ - * /`; by argument-dependent
/// lookup `fma abs sqrt tanh`.
template <real T>
using batch = xsimd::batch<T>;

#endif

/// columns[k], lane i = from[i * stride + k] for k < 4: four columns of as many rows as a register has lanes.
template <real T>
void load_transposed(const T* from, index stride, batch<T> (&columns)[4]) noexcept {
#if defined(__SSE__) && !defined(HINT_NO_SIMD)  // xsimd has no transpose before version 9
  if constexpr (std::same_as<T, float>) {
    // Every quarter of a register is a matrix of its own of 4 x 4 floats, row 4 q + i in quarter q of row[i].
#if defined(__AVX512F__)
    const auto part = [&](index i, __m512 all, __mmask16 quarter, index q) {
      return _mm512_mask_broadcast_f32x4(all, quarter, _mm_loadu_ps(from + (4 * q + i) * stride));
    };
    // With masks, as GCC 12 warns of its own intrinsics that have none.
    __m512 row[4];
    for (index i = 0; i < 4; ++i) {
      row[i] = _mm512_castps128_ps512(_mm_loadu_ps(from + i * stride));
      row[i] = part(i, row[i], 0x00F0, 1);
      row[i] = part(i, row[i], 0x0F00, 2);
      row[i] = part(i, row[i], 0xF000, 3);
    }
    const auto low = [](__m512 x, __m512 y) { return _mm512_maskz_unpacklo_ps(0xFFFF, x, y); };
    const auto high = [](__m512 x, __m512 y) { return _mm512_maskz_unpackhi_ps(0xFFFF, x, y); };
    const auto lows = [](__m512 x, __m512 y) {
      return _mm512_maskz_shuffle_ps(0xFFFF, x, y, 0x44);
    };
    const auto highs = [](__m512 x, __m512 y) {
      return _mm512_maskz_shuffle_ps(0xFFFF, x, y, 0xEE);
    };
#elif defined(__AVX__)
    __m256 row[4];
    for (index i = 0; i < 4; ++i)
      row[i] = _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(from + i * stride)),
                                    _mm_loadu_ps(from + (4 + i) * stride), 1);
    const auto low = [](__m256 x, __m256 y) { return _mm256_unpacklo_ps(x, y); };
    const auto high = [](__m256 x, __m256 y) { return _mm256_unpackhi_ps(x, y); };
    const auto lows = [](__m256 x, __m256 y) { return _mm256_shuffle_ps(x, y, 0x44); };
    const auto highs = [](__m256 x, __m256 y) { return _mm256_shuffle_ps(x, y, 0xEE); };
#else
    __m128 row[4];
    for (index i = 0; i < 4; ++i) row[i] = _mm_loadu_ps(from + i * stride);
    const auto low = [](__m128 x, __m128 y) { return _mm_unpacklo_ps(x, y); };
    const auto high = [](__m128 x, __m128 y) { return _mm_unpackhi_ps(x, y); };
    const auto lows = [](__m128 x, __m128 y) { return _mm_movelh_ps(x, y); };
    const auto highs = [](__m128 x, __m128 y) { return _mm_movehl_ps(y, x); };
#endif
    const auto a = low(row[0], row[1]), b = low(row[2], row[3]);
    const auto c = high(row[0], row[1]), d = high(row[2], row[3]);
    columns[0] = lows(a, b);
    columns[1] = highs(a, b);
    columns[2] = lows(c, d);
    columns[3] = highs(c, d);
    return;
  }
#endif
  constexpr auto lanes = static_cast<index>(batch<T>::size);
  T column[4][batch<T>::size];
  for (index i = 0; i < lanes; ++i)
    for (index k = 0; k < 4; ++k) column[k][i] = from[i * stride + k];
  for (index k = 0; k < 4; ++k) columns[k] = batch<T>::load_unaligned(column[k]);
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
