// SPDX-License-Identifier: MIT
#include <hint/core/version.hpp>

#include <string>

#include "support/catch.hpp"

TEST_CASE("version: the text is made of the numbers", "[core]") {
  CHECK(std::string(HINT_VERSION) == std::to_string(HINT_VERSION_MAJOR) + "." +
                                         std::to_string(HINT_VERSION_MINOR) + "." +
                                         std::to_string(HINT_VERSION_PATCH));
}
