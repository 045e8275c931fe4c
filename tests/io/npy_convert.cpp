// SPDX-License-Identifier: MIT
// Conversions are tested with whole files in npy.cpp; here, the pieces at compile time.
#include <hint/io/npy_convert.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "support/catch.hpp"

namespace detail = hint::io::detail;

TEST_CASE("npy_convert: half precision by hand", "[io]") {
  STATIC_REQUIRE(detail::value_of(detail::half_bits{0x3c00}) == 1.0F);
  STATIC_REQUIRE(detail::value_of(detail::half_bits{0xc000}) == -2.0F);
  STATIC_REQUIRE(detail::value_of(detail::half_bits{0x7bff}) == 65504.0F);
  STATIC_REQUIRE(detail::value_of(detail::half_bits{0x0001}) == 0x1p-24F);
  STATIC_REQUIRE(detail::value_of(detail::half_bits{0x03ff}) == 1023 * 0x1p-24F);
  STATIC_REQUIRE(detail::value_of(detail::half_bits{0x0400}) == 0x1p-14F);
  STATIC_REQUIRE(detail::value_of(detail::half_bits{0x7c00}) ==
                 std::numeric_limits<float>::infinity());
}

TEST_CASE("npy_convert: what survives", "[io]") {
  CHECK(detail::survives<std::uint8_t>(255));
  CHECK_FALSE(detail::survives<std::uint8_t>(256));
  CHECK_FALSE(detail::survives<std::uint8_t>(-1));
  CHECK(detail::survives<float>(3.4028234663852886e38));
  CHECK_FALSE(detail::survives<float>(3.5e38));
  CHECK(detail::survives<float>(std::numeric_limits<double>::quiet_NaN()));
}

TEST_CASE("npy_convert: returns the first that does not survive", "[io]") {
  const std::array<std::int16_t, 4> stored{1, 2, 300, 400};
  std::array<std::uint8_t, 4> out{};
  const auto* bytes = reinterpret_cast<const std::byte*>(stored.data());
  CHECK(detail::convert<std::int16_t>(bytes, false, std::span<std::uint8_t>(out)) == 2);
  CHECK(detail::convert<std::int16_t>(bytes, false, std::span<std::uint8_t>(out).first(2)) == 2);
  CHECK(out[1] == 2);
}
