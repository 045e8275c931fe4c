// SPDX-License-Identifier: MIT
/// \file
/// Whether numbers are finite, told by their bits. With -ffast-math or -ffinite-math-only compilers take
/// every number for finite, and std::isfinite, std::isnan and x != x are constants; what looks at input
/// must go through here instead.
#ifndef HINT_CORE_FINITE_HPP
#define HINT_CORE_FINITE_HPP

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <hint/core/config.hpp>

namespace hint { inline namespace HINT_ABI {

namespace detail {

template <std::floating_point T>
  requires(std::numeric_limits<T>::is_iec559 && (sizeof(T) == 4 || sizeof(T) == 8))
struct float_bits {
  using type = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  static constexpr type sign = type{1} << (8 * sizeof(T) - 1);
  /// The exponent's last bit. Added to a magnitude whose exponent is all ones, it carries into the sign.
  static constexpr type carry = type{1} << (std::numeric_limits<T>::digits - 1);
  /// Of a number that is infinite.
  static constexpr type infinity = sign - carry;
};

/// The address, of whose origin compilers know nothing: newer ones (clang 22) remember that a number came
/// out of arithmetic or an argument, which they take for finite, also where only its bits are looked at.
template <class T>
[[nodiscard]] inline const T* unforeseen(const T* p) noexcept {
  const T* volatile hidden = p;
  return hidden;
}

/// The magnitude's bits.
template <class T>
[[nodiscard]] constexpr auto magnitude_bits(const T* x) noexcept {
  return std::bit_cast<typename float_bits<T>::type>(*x) & ~float_bits<T>::sign;
}
/// Those of a number of any origin.
template <class T>
[[nodiscard]] constexpr auto unforeseen_bits(const T& x) noexcept {
  return magnitude_bits(std::is_constant_evaluated() ? &x : unforeseen(&x));
}

}  // namespace detail

/// Whether all of x[0 .. n-1] are finite: neither infinite nor NaN. O(n), in vector registers.
template <std::floating_point T>
[[nodiscard]] inline bool all_finite(const T* x, std::size_t n) noexcept {
  using bits = detail::float_bits<T>;
  constexpr std::size_t step = 16;  // known, so that loops of it become vector instructions at -O2
  x = detail::unforeseen(x);
  typename bits::type sums[step] = {};
  for (; n >= step; n -= step, x += step)
    for (std::size_t i = 0; i < step; ++i) sums[i] |= detail::magnitude_bits(x + i) + bits::carry;
  for (std::size_t i = 0; i < n; ++i) sums[0] |= detail::magnitude_bits(x + i) + bits::carry;
  for (std::size_t i = 1; i < step; ++i) sums[0] |= sums[i];
  return (sums[0] & bits::sign) == 0;
}

/// Whether `x` is neither infinite nor NaN.
template <std::floating_point T>
[[nodiscard]] constexpr bool is_finite(const T& x) noexcept {
  return detail::unforeseen_bits(x) < detail::float_bits<T>::infinity;
}

/// Whether `x` is NaN.
template <std::floating_point T>
[[nodiscard]] constexpr bool is_nan(const T& x) noexcept {
  return detail::unforeseen_bits(x) > detail::float_bits<T>::infinity;
}

}}  // namespace hint::HINT_ABI

#endif
