// SPDX-License-Identifier: MIT
#include <cstddef>
#include <optional>
#include <vector>

#include <hint/core/resident_memory.hpp>

#include "support/catch.hpp"

TEST_CASE("the peak of resident memory knows of memory that was touched and given back", "[core]") {
  const std::optional<std::size_t> before = hint::peak_resident_bytes();
  if (!before) {
    WARN("this system does not tell the peak");
    return;
  }
  constexpr std::size_t size = 200'000'000;  // larger than what an allocator keeps
  const auto now = hint::resident_bytes();
  std::size_t held = 0;
  {
    std::vector<char> touched(size, 1);
    held = hint::resident_bytes().value_or(0);
    CHECK(touched[size / 2] == 1);
  }
  if (now) CHECK(held >= *now + size * 9 / 10);
  const auto peak = hint::peak_resident_bytes();
  REQUIRE(peak);
  CHECK(*peak >= size);
  CHECK(*peak >= *before);
  if (hint::resident_bytes().value_or(held) > held - size / 2 ||
      !hint::reset_peak_resident_bytes()) {
    WARN("the allocator keeps what was given back, or the peak cannot start anew");
    return;
  }
  const auto after = hint::peak_resident_bytes();
  REQUIRE(after);
  CHECK(*after <= *peak - size / 2);
}
