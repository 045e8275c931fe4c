// SPDX-License-Identifier: MIT
#include <hint/io/element.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "support/catch.hpp"

namespace io = hint::io;

TEST_CASE("element: names", "[io]") {
  STATIC_REQUIRE(io::element_name<float>() == "f4");
  STATIC_REQUIRE(io::element_name<double>() == "f8");
  STATIC_REQUIRE(io::element_name<std::int8_t>() == "i1");
  STATIC_REQUIRE(io::element_name<std::uint16_t>() == "u2");
  STATIC_REQUIRE(io::element_name<std::int32_t>() == "i4");
  STATIC_REQUIRE(io::element_name<std::uint64_t>() == "u8");
  STATIC_REQUIRE(io::element_name<long long>() == "i8");
}

TEST_CASE("element: bytes of a shape, without overflow", "[io]") {
  const auto bytes = [](std::size_t a, std::size_t b, std::size_t size) {
    return io::detail::bytes_of(std::array{a, b}, size);
  };
  constexpr std::size_t top = (std::numeric_limits<std::size_t>::max)();
  CHECK(io::detail::bytes_of({}, 8) == 8);
  CHECK(bytes(3, 4, 8) == 96);
  CHECK(bytes(0, 4, 8) == 0);
  CHECK(bytes(1, top / 2, 1) == top / 2);
  CHECK(bytes(1, top / 2 + 1, 1) == std::nullopt);
  CHECK(bytes(top, top, 8) == std::nullopt);
  CHECK(bytes(0, top, 8) == std::nullopt);
  CHECK(bytes(top, 0, 8) == std::nullopt);
}

TEST_CASE("element: shapes and bytes as text", "[io]") {
  CHECK(io::detail::shape_text({}) == "()");
  CHECK(io::detail::shape_text(std::array<std::size_t, 1>{3}) == "(3,)");
  CHECK(io::detail::shape_text(std::array<std::size_t, 2>{3, 4}) == "(3, 4)");
  CHECK(io::detail::printable("a\n\x80~") == "a\\x0a\\x80~");
  CHECK(io::detail::printable(std::string(30, 'x'), 5) == "xxxxx...");
  CHECK(io::detail::printable("xxxxx", 5) == "xxxxx");
}
