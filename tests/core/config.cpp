// SPDX-License-Identifier: MIT
#include <hint/core/config.hpp>

#include <string>

#include "support/catch.hpp"

#define HINT_TEST_TEXT_(x) #x
#define HINT_TEST_TEXT(x) HINT_TEST_TEXT_(x)

namespace hint { inline namespace HINT_ABI {
struct config_probe {};
}}  // namespace hint::HINT_ABI

TEST_CASE("config: the inline namespace carries the version", "[core]") {
  CHECK(std::string(HINT_TEST_TEXT(HINT_ABI)) ==
        "v" + std::to_string(HINT_VERSION_MAJOR) + "_" + std::to_string(HINT_VERSION_MINOR));
  const hint::HINT_ABI::config_probe named;
  const hint::config_probe& found = named;  // one type under both names
  CHECK(&found == &named);
}
