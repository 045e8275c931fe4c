// SPDX-License-Identifier: MIT
#include <hint/core/modality.hpp>

#include "support/catch.hpp"

TEST_CASE("modality: the numbers are part of the file format", "[core]") {
  STATIC_REQUIRE(static_cast<int>(hint::image) == 0);
  STATIC_REQUIRE(static_cast<int>(hint::text) == 1);
  STATIC_REQUIRE(sizeof(hint::modality) == 1);
}

TEST_CASE("modality: other, index and name", "[core]") {
  CHECK(hint::other(hint::image) == hint::text);
  CHECK(hint::other(hint::text) == hint::image);
  CHECK(hint::name_of(hint::image) == "image");
  CHECK(hint::name_of(hint::text) == "text");
  for (const auto m : hint::modalities) CHECK(hint::modalities[hint::index_of(m)] == m);
}
