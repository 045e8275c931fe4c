// SPDX-License-Identifier: MIT
#include <hint/core/finite.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include "support/catch.hpp"

namespace {

using hint::all_finite;
using hint::is_finite;
using hint::is_nan;

/// The definition, by the fields of IEEE 754.
template <class T>
struct fields {
  using bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  static constexpr int mantissa_bits = std::numeric_limits<T>::digits - 1;
  static constexpr bits ones = (bits{1} << (8 * sizeof(T) - 1 - mantissa_bits)) - 1;

  static T number(bool negative, bits exponent, bits mantissa) {
    return std::bit_cast<T>(static_cast<bits>(bits{negative} << (8 * sizeof(T) - 1) |
                                              exponent << mantissa_bits | mantissa));
  }
};

TEMPLATE_TEST_CASE("finite: every exponent, at the ends of the mantissa", "[core][finite]", float,
                   double) {
  using f = fields<TestType>;
  using bits = typename f::bits;
  const bits last = (bits{1} << f::mantissa_bits) - 1;
  for (const bool negative : {false, true})
    for (bits exponent = 0; exponent <= f::ones; ++exponent)
      for (const bits mantissa : {bits{0}, bits{1}, last / 2, last / 2 + 1, last - 1, last}) {
        const TestType x = f::number(negative, exponent, mantissa);
        REQUIRE(is_finite(x) == (exponent != f::ones));
        REQUIRE(is_nan(x) == (exponent == f::ones && mantissa != 0));
        REQUIRE(all_finite(&x, 1) == is_finite(x));
      }
}

TEMPLATE_TEST_CASE("finite: an array is, when each of its numbers is", "[core][finite]", float,
                   double) {
  using limits = std::numeric_limits<TestType>;
  for (std::size_t n = 0; n < 70; ++n) {
    std::vector<TestType> x(n + 1, -(limits::max)());
    x[n] = limits::infinity();  // beyond the end
    REQUIRE(all_finite(x.data(), n));
    for (std::size_t i = 0; i < n; ++i)
      for (const TestType bad : {limits::infinity(), -limits::infinity(), limits::quiet_NaN()}) {
        x[i] = bad;
        REQUIRE_FALSE(all_finite(x.data(), n));
        x[i] = limits::denorm_min();
      }
  }
}

TEST_CASE("finite: also at compile time", "[core][finite]") {
  static_assert(is_finite(1.0F) && is_finite(-0.0) && !is_nan(0.0));
  static_assert(!is_finite(std::numeric_limits<double>::infinity()) &&
                !is_nan(std::numeric_limits<double>::infinity()));
  static_assert(!is_finite(std::numeric_limits<float>::quiet_NaN()) &&
                is_nan(std::numeric_limits<float>::quiet_NaN()));
}

}  // namespace
