// SPDX-License-Identifier: MIT
/// \file
/// Normal random numbers. Apart from core/random.hpp because <cmath> takes long to compile.
#ifndef HINT_CORE_NORMAL_HPP
#define HINT_CORE_NORMAL_HPP

#include <cmath>
#include <cstdint>
#include <numbers>

#include <hint/core/config.hpp>
#include <hint/core/random.hpp>

namespace hint { inline namespace HINT_ABI {

/// Standard normal: number `index` of the stream (Box and Muller).
[[nodiscard]] inline double normal(const random_stream& random, std::uint64_t index) noexcept {
  const auto w = random.words(index);
  const auto join = [](std::uint32_t low, std::uint32_t high) {
    return low | (std::uint64_t{high} << 32);
  };
  const double u = (static_cast<double>(join(w[0], w[1]) >> 11) + 0.5) * 0x1p-53;  // in (0, 1)
  const double v = static_cast<double>(join(w[2], w[3]) >> 11) * 0x1p-53;
  return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
}

}}  // namespace hint::HINT_ABI

#endif
