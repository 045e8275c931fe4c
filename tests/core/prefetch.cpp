// SPDX-License-Identifier: MIT
#include <hint/core/prefetch.hpp>

#include <array>
#include <cstdint>

#include "support/catch.hpp"

TEST_CASE("prefetch: any address may be asked for, and nothing changes", "[core]") {
  std::array<int, 2> values{1, 2};
  hint::prefetch(values.data());
  hint::prefetch(values.data() + values.size());
  hint::prefetch(nullptr);
  hint::prefetch(reinterpret_cast<const void*>(std::uintptr_t{1}));
  CHECK(values == std::array<int, 2>{1, 2});
}
