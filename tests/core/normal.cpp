// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdint>
#include <numbers>

#include <hint/core/normal.hpp>
#include <hint/core/random.hpp>

#include "support/catch.hpp"

using hint::random_stream;
using hint::stream_id;

TEST_CASE("normal: two uniform numbers of the stream, by Box and Muller", "[core]") {
  const random_stream r(3, stream_id("normal"));
  for (std::uint64_t i = 0; i < 100; ++i) {
    CAPTURE(i);
    const auto w = r.words(i);
    const double u = (static_cast<double>(r.bits(i) >> 11) + 0.5) * 0x1p-53;
    const double v = static_cast<double>((w[2] | std::uint64_t{w[3]} << 32) >> 11) * 0x1p-53;
    CHECK(hint::normal(r, i) ==
          Approx(std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v)).epsilon(1e-12));
  }
}

TEST_CASE("random: normal has the moments of a standard normal", "[core]") {
  const std::uint64_t seed = GENERATE(0ULL, 1ULL, 2ULL);
  CAPTURE(seed);
  const random_stream r(seed, stream_id("normal"));
  constexpr double n = 100000;
  double m1 = 0;
  double m2 = 0;
  double m3 = 0;
  double m4 = 0;
  for (std::uint64_t i = 0; i < 100000; ++i) {
    const double x = hint::normal(r, i);
    REQUIRE(std::isfinite(x));
    m1 += x / n;
    m2 += x * x / n;
    m3 += x * x * x / n;
    m4 += x * x * x * x / n;
  }
  CHECK(std::abs(m1) < 5 * std::sqrt(1 / n));
  CHECK(std::abs(m2 - 1) < 5 * std::sqrt(2 / n));
  CHECK(std::abs(m3) < 5 * std::sqrt(15 / n));
  CHECK(std::abs(m4 - 3) < 5 * std::sqrt(96 / n));
}
