// SPDX-License-Identifier: MIT
#include <hint/core/aligned_buffer.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <utility>

#include "support/catch.hpp"

namespace {
bool on_boundary(const void* p) {
  return reinterpret_cast<std::uintptr_t>(p) % hint::buffer_alignment == 0;
}
}  // namespace

TEMPLATE_TEST_CASE("aligned_buffer: every size begins on a 64-byte boundary", "[core]",
                   std::uint8_t, float, std::uint64_t) {
  for (std::size_t n = 1; n < 300; ++n) {
    CAPTURE(n);
    const hint::aligned_buffer<TestType> buffer(n);
    REQUIRE(on_boundary(buffer.data()));
    REQUIRE(buffer.back() == TestType{});
  }
}

TEST_CASE("aligned_buffer: growing keeps the values, copies and moves behave", "[core]") {
  hint::aligned_buffer<int> a;
  for (int i = 0; i < 10000; ++i) {
    a.push_back(i);
    REQUIRE(on_boundary(a.data()));
  }
  for (int i = 0; i < 10000; ++i) REQUIRE(a[static_cast<std::size_t>(i)] == i);
  auto b = a;
  CHECK(b == a);
  CHECK(b.data() != a.data());
  const int* memory = b.data();
  a = std::move(b);
  CHECK(a.data() == memory);  // equal allocators: moved, not copied
}

TEST_CASE("aligned_buffer: a size that overflows is refused", "[core]") {
  hint::aligned_allocator<std::uint64_t> allocator;
  CHECK_THROWS_AS(allocator.allocate((std::numeric_limits<std::size_t>::max)() / 8 + 1),
                  std::bad_array_new_length);
}
