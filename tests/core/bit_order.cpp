// SPDX-License-Identifier: MIT
#include <hint/core/bit_order.hpp>

#include <array>
#include <cstddef>

#include "support/catch.hpp"

using hint::bit_order;

TEST_CASE("bit_order: names", "[core]") {
  CHECK(hint::name_of(bit_order::least_significant_first) == "least_significant_first");
  CHECK(hint::name_of(bit_order::most_significant_first) == "most_significant_first");
  CHECK(hint::name_of(bit_order::big_endian) == "big_endian");
}

TEST_CASE("bit_order: bytes in reverse, all of them", "[core]") {
  for (unsigned value = 0; value < 256; ++value) {
    unsigned expected = 0;
    for (unsigned k = 0; k < 8; ++k) expected |= (value >> k & 1U) << (7 - k);
    REQUIRE(hint::detail::reversed(static_cast<std::byte>(value)) ==
            static_cast<std::byte>(expected));
  }
}

TEST_CASE("bit_order: the way there is the way back", "[core]") {
  const std::array<std::byte, 3> code{std::byte{1}, std::byte{0x80}, std::byte{0x35}};
  for (const auto order : {bit_order::least_significant_first, bit_order::most_significant_first,
                           bit_order::big_endian}) {
    auto bytes = code;
    hint::detail::reorder(bytes, order);
    CHECK((bytes == code) == (order == bit_order::least_significant_first));
    CHECK(bytes[0] == (order == bit_order::least_significant_first  ? std::byte{1}
                       : order == bit_order::most_significant_first ? std::byte{0x80}
                                                                    : std::byte{0x35}));
    hint::detail::reorder(bytes, order);
    CHECK(bytes == code);
  }
}
