// SPDX-License-Identifier: MIT
#include <hint/core/error.hpp>
#include <hint/io/archive_reader.hpp>
#include <hint/io/archive_writer.hpp>
#include <hint/learn/checkpoint/record_archive.hpp>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace hint;

TEST_CASE("a training record survives an archive", "[learn][checkpoint]") {
  const hint_tests::temporary_folder folder;
  learn::training_record r;
  const auto back = [&] {
    io::archive_writer writer(1000);
    learn::detail::write_record(writer, r);
    writer.save(folder / "x");
    return learn::detail::read_record(io::archive_reader(folder / "x"));
  };
  CHECK(back().steps == 0);
  CHECK(back().epochs.empty());
  r.steps = 12;
  r.seconds = {{"scale", 0.25}, {"train", 1.0 / 3}};
  r.epochs = {{1, 0.1, 0.5, {{"hash loss", 1e-300}, {"a = b\\", -3}}}, {2, 0.2, 0.75, {}}};
  const learn::training_record s = back();
  CHECK(s.steps == 12);
  CHECK(s.seconds == r.seconds);
  REQUIRE(s.epochs.size() == 2);
  for (std::size_t e = 0; e < 2; ++e) {
    CHECK(s.epochs[e].epoch == r.epochs[e].epoch);
    CHECK(s.epochs[e].loss == r.epochs[e].loss);
    CHECK(s.epochs[e].seconds == r.epochs[e].seconds);
    CHECK(s.epochs[e].terms == r.epochs[e].terms);
  }
}

TEST_CASE("a record whose figures are not those named is refused", "[learn][checkpoint]") {
  const hint_tests::temporary_folder folder;
  io::archive_writer writer(1000);
  writer.meta("record.steps", 1);
  writer.meta("record.names", "one\n");
  writer.array("record.epochs", std::vector<double>{1, 0, 0, 3}, 1, 4);
  writer.array("record.values", std::vector<double>{5, 6}, 1, 2);
  writer.save(folder / "x");
  CHECK_THROWS_MESSAGE(
      learn::detail::read_record(io::archive_reader(folder / "x")), format_error,
      (folder / "x").string() + ": array 'record.values' has 2 figures, which are not those named");
}
