// SPDX-License-Identifier: MIT
#include <hint/io/archive_section.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <hint/io/archive_format.hpp>
#include <hint/io/xxh64.hpp>

#include "support/catch.hpp"

namespace io = hint::io;
using io::detail::section_place;

namespace {

const section_place place("f.hint", 3, 640);

/// A section without entries: a header and `payload`, which is a multiple of 64 bytes.
std::vector<std::byte> section(const std::string& payload) {
  io::archive_header h;
  h.kind = 1000;
  h.payload_offset = 64;
  h.payload_bytes = payload.size();
  auto bytes = io::detail::encode(h);
  io::xxh64 sum;
  sum.update(bytes);
  sum.update(io::detail::as_bytes(payload));
  h.checksum = sum.digest();
  bytes = io::detail::encode(h);
  std::vector<std::byte> out(bytes.begin(), bytes.end());
  const auto more = io::detail::as_bytes(payload);
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

}  // namespace

TEST_CASE("archive_section: messages say where", "[io]") {
  place.require(true, "not a word");
  CHECK_THROWS_MESSAGE(place.require(false, "rate is ", 3), hint::format_error,
                       "f.hint: section 3 at byte 640: rate is 3");
  CHECK_THROWS_MESSAGE(section_place("f.hint").require(false, "x"), hint::format_error,
                       "f.hint: x");
  CHECK(io::detail::hex(0) == "0");
  CHECK(io::detail::hex(0x0123456789abcdefULL) == "123456789abcdef");
}

TEST_CASE("archive_section: a section among others", "[io]") {
  const auto whole = section(std::string(128, 'x'));
  auto more = whole;  // what follows is none of its business
  more.insert(more.end(), 100, std::byte{7});
  const auto h = io::detail::read_header(more, place);
  CHECK(h.kind == 1000);
  CHECK(io::detail::section_bytes(h) == whole.size());
  io::detail::verify_checksum(whole, h, place);
  CHECK_THROWS_AS(io::detail::verify_checksum(more, h, place), hint::format_error);
  CHECK(io::detail::begins_section(more));
  CHECK_FALSE(io::detail::begins_section(std::span(more).subspan(1)));
  CHECK_FALSE(io::detail::begins_section(std::span(more).first(7)));
}

TEST_CASE("archive_section: cut, foreign, damaged", "[io]") {
  const auto whole = section(std::string(64, 'x'));
  for (std::size_t n = 1; n < whole.size(); ++n) {
    CAPTURE(n);
    const std::string expected =
        n < 64 ? std::to_string(n) + " bytes, expected a header of 64"
               : "payload has " + std::to_string(n - 64) + " bytes, expected 64";
    REQUIRE_THROWS_MESSAGE(io::detail::read_header(std::span(whole).first(n), place),
                           hint::format_error,
                           "f.hint: section 3 at byte 640: truncated: " + expected);
  }
  CHECK_THROWS_MESSAGE(io::detail::read_header(std::span(whole).subspan(64), place),
                       hint::format_error,
                       "f.hint: section 3 at byte 640: not a hint archive: begins with 'xxxxxxxx', "
                       "expected '\\x89HINT\\x0d\\x0a\\x1a'");
  auto damaged = whole;
  damaged.back() = std::byte{0};
  const auto h = io::detail::read_header(damaged, place);
  io::xxh64 found;
  auto zeroed = h;
  zeroed.checksum = 0;
  found.update(io::detail::encode(zeroed));
  found.update(std::span(damaged).subspan(64));
  CHECK_THROWS_MESSAGE(io::detail::verify_checksum(damaged, h, place), hint::format_error,
                       "f.hint: section 3 at byte 640: damaged: checksum is " +
                           io::detail::hex(found.digest()) + ", expected " +
                           io::detail::hex(h.checksum));
}
