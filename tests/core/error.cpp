// SPDX-License-Identifier: MIT
#include <hint/core/error.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

#include "support/catch.hpp"

using hint::detail::concat;

TEST_CASE("error: one catch takes all", "[core]") {
  STATIC_REQUIRE(std::is_base_of_v<std::runtime_error, hint::error>);
  STATIC_REQUIRE(std::is_base_of_v<hint::error, hint::invalid_argument>);
  STATIC_REQUIRE(std::is_base_of_v<hint::invalid_argument, hint::shape_error>);
  STATIC_REQUIRE(std::is_base_of_v<hint::invalid_argument, hint::invalid_option>);
  STATIC_REQUIRE(std::is_base_of_v<hint::error, hint::io_error>);
  STATIC_REQUIRE(std::is_base_of_v<hint::io_error, hint::format_error>);
}

TEST_CASE("error: concat writes strings and numbers as people do", "[core]") {
  CHECK(concat() == "");
  CHECK(concat("a", std::string("b"), std::string_view("c"), 'd') == "abcd");
  CHECK(concat(true, ' ', false) == "true false");
  CHECK(concat(-7, ' ', std::uint8_t{200}, ' ', std::int8_t{-3}, ' ',
               (std::numeric_limits<std::uint64_t>::max)()) == "-7 200 -3 18446744073709551615");
  CHECK(concat(0.1, ' ', 0.1F, ' ', 1e300, ' ', -0.0) == "0.1 0.1 1e+300 -0");
  CHECK(concat(std::numeric_limits<double>::infinity(), ' ', std::nan("")) == "inf nan");
  CHECK(concat((std::numeric_limits<double>::lowest)()) == "-1.7976931348623157e+308");
  CHECK(concat((std::numeric_limits<long long>::min)(), ' ', std::uint16_t{65535}, ' ',
               16777217U) == "-9223372036854775808 65535 16777217");
  CHECK(concat(16777216.0F, ' ', 1.0F / 3, ' ', 1.0 / 3) ==
        "16777216 0.33333334 0.3333333333333333");
  CHECK(concat(std::string("a\0b", 3), std::string_view("cd").substr(1)) ==
        std::string("a\0bd", 4));
}

TEST_CASE("error: pieces of messages are texts and numbers, not pointers", "[core]") {
  using hint::detail::text_part;
  STATIC_REQUIRE(std::is_constructible_v<text_part, const char*>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<text_part, const int*>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<text_part, std::nullptr_t>);
}

TEST_CASE("error: expects throws the named type only when the condition fails", "[core]") {
  CHECK_NOTHROW(hint::expects(true, "never"));
  CHECK_THROWS_MESSAGE(hint::expects(false, "k is ", 3), hint::invalid_argument, "k is 3");
  CHECK_THROWS_MESSAGE(hint::expects<hint::io_error>(false, "x"), hint::io_error, "x");
  CHECK_THROWS_AS(hint::expects<hint::shape_error>(false, "x"), hint::shape_error);
}

TEST_CASE("error: option_in includes its bounds and refuses NaN", "[core]") {
  CHECK_NOTHROW(hint::option_in("k", 1, 1, 5));
  CHECK_NOTHROW(hint::option_in("k", 5, 1, 5));
  CHECK_THROWS_MESSAGE(hint::option_in("k", 0, 1, 5), hint::invalid_option,
                       "option k is 0, expected 1 to 5");
  CHECK_THROWS_MESSAGE(hint::option_in("k", 6, 1, 5), hint::invalid_option,
                       "option k is 6, expected 1 to 5");
  CHECK_THROWS_MESSAGE(hint::option_in("rate", std::nan(""), 0, 1), hint::invalid_option,
                       "option rate is nan, expected 0 to 1");
  CHECK_THROWS_MESSAGE(hint::option_in("rate", -0.5F, 0, 1), hint::invalid_option,
                       "option rate is -0.5, expected 0 to 1");
}
