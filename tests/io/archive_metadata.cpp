// SPDX-License-Identifier: MIT
#include <hint/io/archive_metadata.hpp>

#include <cstdint>
#include <string>
#include <string_view>

#include <hint/io/archive_section.hpp>

#include "support/catch.hpp"

namespace io = hint::io;

// What is wrong with a text is checked on whole files, in archive_reader.cpp.

TEST_CASE("archive_metadata: entries and arrays of a text", "[io]") {
  const io::detail::section_place place("f.hint");
  const auto found = io::detail::parse_metadata(
      "a two words\nb \\n\\\\\nempty \n"
      "array x f4 2 3 0\narray none i8 0 7 64\narray y u1 1 1 64\n\n",
      128, place);
  CHECK(found.entries.size() == 3);
  CHECK(found.entries.at("a") == "two words");
  CHECK(found.entries.at("b") == "\n\\");
  CHECK(found.entries.at("empty").empty());
  CHECK(found.arrays.size() == 3);
  const io::archive_array& x = found.arrays.at("x");
  CHECK((x.type == "f4" && x.rows == 2 && x.cols == 3 && x.offset == 0 && x.bytes == 24));
  const io::archive_array& none = found.arrays.at("none");
  CHECK((none.type == "i8" && none.rows == 0 && none.cols == 7 && none.bytes == 0));
  const io::archive_array& y = found.arrays.at("y");
  CHECK((y.type == "u1" && y.offset == 64 && y.bytes == 1));
  CHECK(io::detail::parse_metadata("", 0, place).entries.empty());
  CHECK_THROWS_MESSAGE(io::detail::parse_metadata("array x f4 2 9 0\n", 64, place),
                       hint::format_error,
                       "f.hint: array 'x' of 2 x 9 f4 does not fit the 64 bytes left of the "
                       "payload");
}

TEST_CASE("archive_metadata: a number is the whole text or none", "[io]") {
  std::uint8_t small = 7;
  CHECK((io::detail::parse_number("255", small) && small == 255));
  double real = 0;
  CHECK((io::detail::parse_number("-1e3", real) && real == -1000));
  for (const std::string_view bad : {"", " 1", "1 ", "256", "-1", "1x"}) {
    CAPTURE(bad);
    CHECK_FALSE(io::detail::parse_number(bad, small));
  }
}
