// SPDX-License-Identifier: MIT
#include <hint/io/archive_format.hpp>

#include <cstddef>
#include <cstdint>

#include "support/catch.hpp"

namespace io = hint::io;

TEST_CASE("archive_format: 64 bytes, every field where it has always been", "[io]") {
  io::archive_header h;
  h.version = 0x01020304;
  h.kind = 0x11121314;
  h.bit_order = 0x21222324;
  h.bits = 0x31323334;
  h.rows = 0x4142434445464748ULL;
  h.words_per_row = 0x51525354;
  h.reserved = 0x61626364;
  h.payload_offset = 0x7172737475767778ULL;
  h.payload_bytes = 0x8182838485868788ULL;
  h.checksum = 0x9192939495969798ULL;
  const auto bytes = io::detail::encode(h);
  STATIC_REQUIRE(sizeof(bytes) == 64);
  const auto at = [&](std::size_t i) { return std::to_integer<unsigned>(bytes[i]); };
  CHECK(at(0) == 0x89);
  CHECK(at(1) == 'H');
  CHECK(at(7) == 0x1a);
  CHECK(at(8) == 0x04);  // the lowest byte first
  CHECK(at(12) == 0x14);
  CHECK(at(16) == 0x24);
  CHECK(at(20) == 0x34);
  CHECK(at(24) == 0x48);
  CHECK(at(32) == 0x54);
  CHECK(at(36) == 0x64);
  CHECK(at(40) == 0x78);
  CHECK(at(48) == 0x88);
  CHECK(at(io::detail::checksum_offset) == 0x98);
  CHECK(at(63) == 0x91);
  CHECK(io::detail::encode(io::detail::decode(bytes)) == bytes);
}

TEST_CASE("archive_format: names, kinds, padding", "[io]") {
  CHECK(io::kind_name(1) == "codes");
  CHECK(io::kind_name(2) == "model");
  CHECK(io::kind_name(3) == "index");
  CHECK(io::kind_name(0) == "kind 0");
  CHECK(io::kind_name(4) == "checkpoint");
  CHECK(io::kind_name(5) == "kind 5");
  CHECK(io::detail::is_name("aZ09._-"));
  CHECK_FALSE(io::detail::is_name(""));
  CHECK_FALSE(io::detail::is_name("a b"));
  CHECK_FALSE(io::detail::is_name("\xc3\xa4"));
  CHECK(io::detail::padding_for(0) == 0);
  CHECK(io::detail::padding_for(1) == 63);
  CHECK(io::detail::padding_for(64) == 0);
  CHECK(io::detail::padding_for(65) == 63);
}
