// SPDX-License-Identifier: MIT
#include <hint/io/archive_writer.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <hint/core/code_set.hpp>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace io = hint::io;

TEST_CASE("archive_writer: the bytes of a small file", "[io]") {
  const hint_tests::temporary_folder folder;
  io::archive_writer w(io::model_kind);
  w.meta("rate", 0.1);
  w.meta("name", "two\nlines \\");
  w.array("b", std::vector<std::uint8_t>{1, 2, 3}, 1, 3);
  w.array("a", std::vector<std::uint16_t>{4}, 1, 1);
  w.save(folder / "m");
  const std::string file = hint_tests::read_file(folder / "m");
  const std::string text = std::string("library ") + HINT_VERSION +
                           "\nname two\\nlines \\\\\nrate 0.1\n"
                           "array b u1 1 3 0\narray a u2 1 1 64\n";
  REQUIRE(text.size() > 64);
  REQUIRE(text.size() < 128);
  REQUIRE(file.size() == 64 + 128 + 64 + 64);
  CHECK(file.substr(0, 8) == "\x89HINT\r\n\x1a");
  CHECK(file.substr(64, 128) == text + std::string(128 - text.size(), '\n'));
  CHECK(file.substr(192) ==
        std::string("\1\2\3") + std::string(61, '\0') + "\4" + std::string(63, '\0'));
  w.save(folder / "again");
  CHECK(hint_tests::read_file(folder / "again") == file);
  CHECK(folder.size() == 2);
}

TEST_CASE("archive_writer: copies unless told otherwise", "[io]") {
  const hint_tests::temporary_folder folder;
  std::vector<std::uint8_t> values{1};
  io::archive_writer w(1000);
  w.array("copy", values, 1, 1);
  w.array("reference", values, 1, 1, io::hold::reference);
  values[0] = 2;
  const io::archive_writer moved = w;  // copies of the writer hold the same
  moved.save(folder / "m");
  const std::string file = hint_tests::read_file(folder / "m");
  CHECK(file[file.size() - 128] == 1);
  CHECK(file[file.size() - 64] == 2);
}

TEST_CASE("archive_writer: bad calls", "[io]") {
  CHECK_THROWS_MESSAGE(io::archive_writer(0), hint::invalid_argument,
                       "archive_writer: kind is 0, expected 1 (codes), 2 (model), 3 (index) or "
                       "1000 and more for types of your own");
  io::archive_writer w(2);
  w.meta("a", 1);
  CHECK_THROWS_MESSAGE(w.meta("a", true), hint::invalid_argument,
                       "archive_writer: key 'a' is taken");
  CHECK_THROWS_MESSAGE(w.meta("library", "x"), hint::invalid_argument,
                       "archive_writer: key 'library' is taken");
  CHECK_THROWS_MESSAGE(w.meta("array", "x"), hint::invalid_argument,
                       "archive_writer: key 'array' is taken");
  CHECK_THROWS_MESSAGE(w.meta("a b", 1), hint::invalid_argument,
                       "archive_writer: key 'a b', expected letters, digits, '.', '_' and '-'");
  const std::vector<float> v(6);
  CHECK_THROWS_MESSAGE(w.array("v", v, 2, 2), hint::shape_error,
                       "archive_writer: array 'v' has 6 values, expected 2 x 2");
  CHECK_THROWS_AS(w.array("v", v, ~std::size_t{0}, 2), hint::shape_error);
  CHECK_THROWS_AS(w.array("v", std::span<const float>(), ~std::size_t{0}, 0), hint::shape_error);
  CHECK_THROWS_MESSAGE(w.array("", v, 2, 3), hint::invalid_argument,
                       "archive_writer: array '', expected letters, digits, '.', '_' and '-'");
  w.array("v", v, 2, 3);
  CHECK_THROWS_MESSAGE(w.array("v", v, 2, 3), hint::invalid_argument,
                       "archive_writer: array 'v' is taken");
  w.codes(hint::code_set(8, 1));
  CHECK_THROWS_MESSAGE(w.codes(hint::code_set(8, 1)), hint::invalid_argument,
                       "archive_writer: array 'codes' is taken");
}

TEST_CASE("archive_writer: a place that cannot be written", "[io]") {
  const hint_tests::temporary_folder folder;
  const io::archive_writer w(2);
  CHECK_THROWS_AS(w.save(folder / "no" / "m"), hint::io_error);
  CHECK(folder.size() == 0);
}
