// SPDX-License-Identifier: MIT
#include <hint/io/describe.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/io/archive.hpp>
#include <hint/io/archive_writer.hpp>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace io = hint::io;

TEST_CASE("describe: header, entries and arrays", "[io]") {
  const hint_tests::temporary_folder folder;
  io::archive_writer w(io::index_kind);
  w.meta("seed", 42);
  w.meta("note", "two\nlines");
  w.codes(hint::code_set(70, 3));
  w.array("weights", std::vector<float>(6), 2, 3);
  w.save(folder / "a.hint");
  CHECK(io::describe(folder / "a.hint") ==
        (folder / "a.hint").string() +
            ": hint archive, format 1, index, 320 bytes, checksum ok\n"
            "codes: 3 of 70 bits, 2 words each, least significant bit first\n"
            "library: " HINT_VERSION
            "\n"
            "note: two\\x0alines\n"
            "seed: 42\n"
            "array codes: 3 x 2 u8\n"
            "array weights: 2 x 3 f4\n");
}

TEST_CASE("describe: one section after the other", "[io]") {
  const hint_tests::temporary_folder folder;
  io::archive_writer first(1000);
  first.save(folder / "a.hint");
  const std::string one = io::describe(folder / "a.hint");
  io::archive_writer second(1000);
  second.array("weights", std::vector<float>(6), 2, 3);
  second.save(folder / "b.hint");
  io::append(folder / "a.hint", second);
  std::string two = io::describe(folder / "b.hint");
  two.replace(0, (folder / "b.hint").string().size(), (folder / "a.hint").string());
  CHECK(io::describe(folder / "a.hint") == one + two);
}

TEST_CASE("describe: a broken file is refused", "[io]") {
  const hint_tests::temporary_folder folder;
  hint_tests::write_file(folder / "a", "no");
  CHECK_THROWS_AS(io::describe(folder / "a"), hint::format_error);
}
