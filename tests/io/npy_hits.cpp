// SPDX-License-Identifier: MIT
#include <hint/io/npy_hits.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include <hint/search/hit_matrix.hpp>
#include <hint/search/hits.hpp>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace io = hint::io;
using hint::search::hit_matrix;
using hint::search::hits;

TEST_CASE("npy_hits: hits to files and back", "[io]") {
  STATIC_REQUIRE(io::hit_table<hit_matrix>);
  STATIC_REQUIRE_FALSE(io::hit_table<hits>);
  const hint_tests::temporary_folder folder;
  const auto ids = folder / "ids.npy", distances = folder / "distances.npy";
  for (const hits& found :
       {hits({{{1, 7}, {2, -3}}, {}, {{0, 9'000'000'000}}}), hits({{}, {}}), hits()}) {
    io::write_npy_hits(ids, distances, hint::search::to_matrix(found));
    const auto back = io::read_npy_hits<hit_matrix>(ids, distances);
    CHECK(back == hint::search::to_matrix(found));
    CHECK(hint::search::to_hits(back) == found);
  }
  // Files of others: any integers that fit.
  io::write_npy<std::int16_t>(ids, std::vector<std::int16_t>{4, -1}, {1, 2});
  io::write_npy<std::uint8_t>(distances, std::vector<std::uint8_t>{3, 255}, {1, 2});
  const auto read = io::read_npy_hits<hit_matrix>(ids, distances);
  CHECK(hint::search::to_hits(read, {.id = -1, .distance = 255}) == hits({{{3, 4}}}));
}

TEST_CASE("npy_hits: what is refused", "[io]") {
  const hint_tests::temporary_folder folder;
  const std::string ids = (folder / "ids.npy").string(),
                    distances = (folder / "distances.npy").string();
  CHECK_THROWS_MESSAGE(io::write_npy_hits(ids, distances, hit_matrix{1, 2, {1, 2}, {1}}),
                       hint::shape_error, "write_npy_hits: 1 distances for shape (1, 2)");
  CHECK_THROWS_AS(io::write_npy_hits(ids, distances, hit_matrix{1, 2, {1}, {1, 2}}),
                  hint::shape_error);
  CHECK(folder.size() == 0);
  io::write_npy<std::int64_t>(ids, std::vector<std::int64_t>{4, 5}, {1, 2});
  io::write_npy<std::int32_t>(distances, std::vector<std::int32_t>{4, 5}, {2, 1});
  const auto message = [&] {
    return hint_tests::message_of<hint::shape_error>(
        [&] { static_cast<void>(io::read_npy_hits<hit_matrix>(ids, distances)); });
  };
  CHECK(message() ==
        ids + " has shape (1, 2), " + distances + " (2, 1), expected queries x hits of both");
  io::write_npy<std::int64_t>(ids, std::vector<std::int64_t>{4, 5}, {2});
  io::write_npy<std::int32_t>(distances, std::vector<std::int32_t>{4, 5}, {2});
  CHECK(message() ==
        ids + " has shape (2,), " + distances + " (2,), expected queries x hits of both");
  io::write_npy<float>(distances, std::vector<float>{4, 5}, {1, 2});
  CHECK_THROWS_AS(io::read_npy_hits<hit_matrix>(ids, distances), hint::format_error);
}
