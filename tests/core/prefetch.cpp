// SPDX-License-Identifier: MIT
#include <hint/core/prefetch.hpp>

#include <array>
#include <cstdint>

#include "support/catch.hpp"

TEST_CASE("prefetch: any address may be asked for, and nothing changes", "[core]") {
  std::array<int, 2> values{1, 2};
  hint::detail::prefetch(values.data());
  hint::detail::prefetch(values.data() + values.size());
  hint::detail::prefetch(nullptr);
  hint::detail::prefetch(reinterpret_cast<const void*>(std::uintptr_t{1}));
  CHECK(values == std::array<int, 2>{1, 2});
}
