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
#include <xmmintrin.h>
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

/// to[k * to_stride + i] = from[i * from_stride + k] for i, k < 4.
template <real T>
void transpose_4x4(const T* from, index from_stride, T* to, index to_stride) noexcept {
#if defined(__SSE__) && !defined(HINT_NO_SIMD)  // xsimd has no transpose before version 9
  if constexpr (std::same_as<T, float>) {
    __m128 row[4];
    for (int i = 0; i < 4; ++i) row[i] = _mm_loadu_ps(from + i * from_stride);
    _MM_TRANSPOSE4_PS(row[0], row[1], row[2], row[3]);
    for (int k = 0; k < 4; ++k) _mm_storeu_ps(to + k * to_stride, row[k]);
    return;
  }
#endif
  for (int i = 0; i < 4; ++i)
    for (int k = 0; k < 4; ++k) to[k * to_stride + i] = from[i * from_stride + k];
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
