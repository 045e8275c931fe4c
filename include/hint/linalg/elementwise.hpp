// SPDX-License-Identifier: MIT
/// \file
/// Functions of one or two arrays whose result does not depend on where in memory they lie, nor, for
/// a function of single elements, on the element's place.
#ifndef HINT_LINALG_ELEMENTWISE_HPP
#define HINT_LINALG_ELEMENTWISE_HPP

#include <cstddef>
#include <limits>
#include <span>

#include <hint/core/config.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/simd.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace linalg {

/// How many neighbouring elements make one task of elementwise work.
inline constexpr std::size_t elementwise_chunk = std::size_t{1} << 14;

/// x = tanh(x) in place, within a few units in the last place; NaN stays NaN.
template <real T>
void apply_tanh(std::span<T> x) noexcept {
  for_batches(x.size(), [](auto& v) { v = tanh(v); }, x.data());
}

/// x = max(x, 0) in place; NaN stays NaN.
template <real T>
void apply_relu(std::span<T> x) noexcept {
  for (T& v : x) v = v < T{0} ? T{0} : v;
}

/// y += factor * x, by fused multiply-adds; two arrays of equal length.
template <real T>
void add_multiple(T factor, std::span<const T> x, std::span<T> y) noexcept {
  const batch<T> by(factor);
  for_batches(y.size(), [&](const auto& a, auto& b) { b = fma(by, a, b); }, x.data(), y.data());
}

namespace detail {

/// The sum of f(sum, batches...) over arrays of length n: four running registers, then their lanes.
template <class T, class F, class... P>
[[nodiscard]] T fold(std::size_t n, F f, const P*... p) noexcept {
  using Batch = batch<T>;
  constexpr std::size_t width = Batch::size;
  Batch sum[4] = {Batch(T{0}), Batch(T{0}), Batch(T{0}), Batch(T{0})};
  std::size_t i = 0;
  for (; i + 4 * width <= n; i += 4 * width)
    for (std::size_t u = 0; u < 4; ++u)
      sum[u] = f(sum[u], Batch::load_unaligned(p + i + u * width)...);
  if (i < n) for_batches(n - i, [&](const auto&... v) { sum[0] = f(sum[0], v...); }, (p + i)...);
  return sum_lanes((sum[0] + sum[1]) + (sum[2] + sum[3]));
}

}  // namespace detail

/// The inner product of two arrays of equal length.
template <real T>
[[nodiscard]] T dot(std::span<const T> a, std::span<const T> b) noexcept {
  return detail::fold<T>(
      a.size(), [](const auto& s, const auto& x, const auto& y) { return fma(x, y, s); }, a.data(),
      b.data());
}

/// Sum of |a - b| over two arrays of equal length.
template <real T>
[[nodiscard]] T l1_distance(std::span<const T> a, std::span<const T> b) noexcept {
  return detail::fold<T>(
      a.size(), [](const auto& s, const auto& x, const auto& y) { return s + abs(x - y); },
      a.data(), b.data());
}

/// The sum of an array.
template <real T>
[[nodiscard]] T sum(std::span<const T> a) noexcept {
  return detail::fold<T>(a.size(), [](const auto& s, const auto& x) { return s + x; }, a.data());
}

/// The largest of an array, the lowest number of none. NaN is passed over or not.
template <real T>
[[nodiscard]] T largest(std::span<const T> a) noexcept {
  using Batch = batch<T>;
  constexpr std::size_t width = Batch::size;
  T top = std::numeric_limits<T>::lowest();
  std::size_t i = 0;
  if (a.size() >= width) {
    Batch tops(top);
    for (; i + width <= a.size(); i += width)
      tops = larger(tops, Batch::load_unaligned(a.data() + i));
    T lanes[width];
    tops.store_unaligned(lanes);
    for (const T x : lanes) top = top < x ? x : top;
  }
  for (; i < a.size(); ++i) top = top < a[i] ? a[i] : top;
  return top;
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::linalg

#endif
