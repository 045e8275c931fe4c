// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/io/archive.hpp>
#include <hint/io/archive_stream.hpp>

#include "support/catch.hpp"
#include "support/random_codes.hpp"
#include "support/temporary_folder.hpp"

using namespace hint;

namespace {

}  // namespace

TEST_CASE("a streamed archive is the one that is written at once", "[io][archive_stream]") {
  const hint_tests::temporary_folder folder;
  for (const std::size_t n : {0U, 1U, 7U, 8U, 1000U})
    for (const std::size_t piece : {1U, 3U, 1000U}) {
      CAPTURE(n, piece);
      std::vector<std::int32_t> values(3 * n);
      for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::int32_t>(i * i);
      const std::vector<double> before{1, 2, 3};
      const auto head = [&] {
        io::archive_writer w(1000);
        w.meta("a", "b");
        w.array("before", before, 3, 1);
        return w;
      };
      io::archive_writer whole = head();
      whole.array("last", values, n, 3);
      whole.save(folder / "whole");
      io::archive_writer first = head();
      first.array_to_come<std::int32_t>("last", n, 3);
      io::archive_stream stream(folder / "parts", first);
      const auto bytes = std::as_bytes(std::span<const std::int32_t>(values));
      for (std::size_t at = 0; at < bytes.size(); at += piece)
        stream.write(bytes.subspan(at, (std::min)(piece, bytes.size() - at)));
      CHECK(!std::filesystem::exists(folder / "parts"));
      stream.commit();
      CHECK(hint_tests::read_file(folder / "parts") == hint_tests::read_file(folder / "whole"));
      std::filesystem::remove(folder / "parts");
    }
}

TEST_CASE("streamed codes are codes", "[io][archive_stream]") {
  const hint_tests::temporary_folder folder;
  const code_set codes = random_codes(70, 33, {1, 2});
  io::save(folder / "whole", codes);
  io::archive_writer head(io::codes_kind);
  head.codes_to_come(70, 33);
  io::archive_stream stream(folder / "parts", head);
  stream.write(std::as_bytes(codes.words()));
  stream.commit();
  CHECK(hint_tests::read_file(folder / "parts") == hint_tests::read_file(folder / "whole"));
  CHECK(io::load<code_set>(folder / "parts") == codes);
}

TEST_CASE("a streamed archive is whole or not there", "[io][archive_stream]") {
  const hint_tests::temporary_folder folder;
  io::archive_writer head(1000);
  head.array_to_come<std::uint8_t>("x", 10, 1);
  const std::vector<std::byte> some(6);
  {
    io::archive_stream stream(folder / "x", head);
    stream.write(some);
    CHECK_THROWS_MESSAGE((stream.write(some), 0), shape_error,
                         "archive_stream: 6 bytes, expected 4 at most");
    CHECK_THROWS_MESSAGE((stream.commit(), 0), shape_error, "archive_stream: 4 bytes are missing");
  }
  CHECK(folder.size() == 0);
  CHECK_THROWS_MESSAGE((head.save(folder / "x"), 0), invalid_argument,
                       "archive_writer: an array is still to come");
  const std::vector<std::uint8_t> more(6);
  CHECK_THROWS_MESSAGE((head.array("y", more, 6, 1), 0), invalid_argument,
                       "archive_writer: array 'y' after one whose values are to come");
  CHECK_THROWS_MESSAGE(io::archive_stream(folder / "x", io::archive_writer(1000)), invalid_argument,
                       "archive_stream: no array is to come");
  CHECK(folder.size() == 0);
}
