// SPDX-License-Identifier: MIT
// A program's macros of one letter change nothing.
#define e 2.718
#define k 3
#include <hint/core/config.hpp>
#undef e
#undef k

#include <string>

#include "support/catch.hpp"

#define HINT_TEST_TEXT_(x) #x
#define HINT_TEST_ONE 1
#define HINT_TEST_ZERO 0
#define HINT_TEST_TEXT(x) HINT_TEST_TEXT_(x)

namespace hint { inline namespace HINT_ABI {
struct config_probe {};
}}  // namespace hint::HINT_ABI

TEST_CASE("config: the inline namespace carries the version and the instruction set", "[core]") {
  const std::string expected =
      "v" + std::to_string(HINT_VERSION_MAJOR) + "_" + std::to_string(HINT_VERSION_MINOR) + "_";
  const std::string name = HINT_TEST_TEXT(HINT_ABI);
#if defined(__x86_64__) && !defined(__SSE3__) && !defined(__POPCNT__)
  CHECK(name == expected);  // nothing beyond what every such processor has
#elif defined(__POPCNT__)
  CHECK(name.find("0e", expected.size()) != std::string::npos);
#endif
  CHECK(name.starts_with(expected));
  CHECK(std::string(HINT_TEST_TEXT(HINT_DETAIL_IF(HINT_TEST_ONE, 0a))) == "0a");
  CHECK(std::string(HINT_TEST_TEXT(HINT_DETAIL_IF(HINT_TEST_ZERO, 0a))).empty());
  CHECK(std::string(HINT_TEST_TEXT(HINT_DETAIL_IF(HINT_TEST_NOTHING, 0a))).empty());
  const hint::HINT_ABI::config_probe named;
  const hint::config_probe& found = named;  // one type under both names
  CHECK(&found == &named);
}
