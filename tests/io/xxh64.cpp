// SPDX-License-Identifier: MIT
#include <hint/io/xxh64.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"

namespace io = hint::io;

namespace {
std::uint64_t of(std::string_view text) {
  return io::xxh64_of(std::as_bytes(std::span(text.data(), text.size())));
}
/// The sequence of xxHash's own tests (`sanity_check` in its repository).
std::vector<std::byte> sanity_bytes(std::size_t n) {
  std::vector<std::byte> out;
  std::uint64_t generator = 2654435761U;
  for (std::size_t i = 0; i < n; ++i) {
    out.push_back(static_cast<std::byte>(generator >> 56));
    generator *= 11400714785074694797ULL;
  }
  return out;
}
}  // namespace

TEST_CASE("xxh64: published values", "[io]") {
  CHECK(of("") == 0xef46db3751d8e999ULL);
  CHECK(of("a") == 0xd24ec4f1a98c6e5bULL);
  CHECK(of("abc") == 0x44bc2cf5ad770999ULL);
  const auto bytes = sanity_bytes(222);
  const auto first = [&](std::size_t n) { return io::xxh64_of(std::span(bytes).first(n)); };
  CHECK(first(1) == 0xe934a84adb052768ULL);
  CHECK(first(4) == 0x9136a0dca57457eeULL);
  CHECK(first(14) == 0x8282dcc4994e35c8ULL);
  CHECK(first(222) == 0xb641ae8cb691c174ULL);
}

TEST_CASE("xxh64: pieces of any length give the same", "[io]") {
  const auto bytes = sanity_bytes(150);
  for (std::size_t n = 0; n <= bytes.size(); ++n)
    for (std::size_t piece = 1; piece <= 70; piece += 1 + piece / 10) {
      io::xxh64 h;
      for (std::size_t i = 0; i < n; i += piece)
        h.update(std::span(bytes).subspan(i, (std::min)(piece, n - i)));
      REQUIRE(h.digest() == io::xxh64_of(std::span(bytes).first(n)));
      REQUIRE(h.digest() == h.digest());
    }
}
