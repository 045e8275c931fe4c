// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <hint/data/split.hpp>

#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/temporary_folder.hpp"

namespace {

using hint::data::row_id;
using hint::data::row_selection;
using hint::data::split;
using bytes = std::vector<std::uint8_t>;

const hint::random_stream stream(7, hint::stream_id("split"));

}  // namespace

TEST_CASE("a split from marks, and back") {
  const bytes marks{1, 0, 2, 0, 2, 1};
  const split s = split::from_marks(marks);
  CHECK(s.train == row_selection({1, 3}, 6));
  CHECK(s.database == row_selection({0, 1, 3, 5}, 6));
  CHECK(s.query == row_selection({2, 4}, 6));
  CHECK(s.marks() == marks);
  CHECK(split::from_marks(bytes{}).marks().empty());
  CHECK_THROWS_MESSAGE(
      split::from_marks(bytes{0, 3}), hint::invalid_argument,
      "split: row 1 has mark 3, expected 0 (train), 1 (database only) or 2 (query)");
}

TEST_CASE("a split that is none has no marks") {
  split s = split::from_marks(bytes{1, 0, 2});
  s.query = {{1}, 3};
  CHECK_THROWS_MESSAGE(s.marks(), hint::invalid_argument,
                       "split: row 1 of query, expected each row in one place");
  s.query = {{}, 3};
  CHECK_THROWS_MESSAGE(s.marks(), hint::invalid_argument,
                       "split: 2 rows of database and 0 of query, expected 3 in all");
  s.query = {{3}, 4};
  CHECK_THROWS_MESSAGE(s.marks(), hint::shape_error, "split: query is of 4 rows, database of 3");
  s.query = {{2}, 3};
  s.train = {{2}, 3};
  CHECK_THROWS_MESSAGE(s.checksum(), hint::invalid_argument,
                       "split: row 2 of train, expected each row once and in the database");
  s.train = {{1, 1}, 3};
  CHECK_THROWS_MESSAGE(s.marks(), hint::invalid_argument,
                       "split: row 1 of train, expected each row once and in the database");
  s.train = {};
  CHECK_THROWS_MESSAGE(s.marks(), hint::shape_error, "split: train is of 0 rows, database of 3");
  s.database = {{0, 0}, 3};
  CHECK_THROWS_MESSAGE(s.marks(), hint::invalid_argument,
                       "split: row 0 of database, expected each row in one place");
}

TEST_CASE("a split is for as many rows as it was made for") {
  const split s = split::from_marks(bytes{1, 0, 2, 0});
  CHECK(s.total() == 4);
  for (const row_selection& part : {s.train, s.database, s.query}) CHECK(part.total() == 4);
  CHECK(split{}.total() == 0);
  CHECK(split::random(1000, 10, 20, stream).query.total() == 1000);
}

TEST_CASE("a random split is disjoint, whole and seeded") {
  for (const std::size_t n : {1U, 10U, 1000U}) {
    const std::size_t queries = n / 5;
    const std::size_t train = n / 2;
    const split s = split::random(n, queries, train, stream);
    CAPTURE(n);
    CHECK(s.query.size() == queries);
    CHECK(s.train.size() == train);
    CHECK(s.database.size() == n - queries);
    for (const row_selection& part : {s.query, s.train, s.database})
      CHECK(std::is_sorted(part.begin(), part.end()));
    std::set<row_id> all(s.query.begin(), s.query.end());
    all.insert(s.database.begin(), s.database.end());
    CHECK(all.size() == n);
    CHECK(std::includes(s.database.begin(), s.database.end(), s.train.begin(), s.train.end()));
    CHECK(split::random(n, queries, train, stream).marks() == s.marks());
  }
  const split s = split::random(1000, 200, 500, stream);
  const split other = split::random(1000, 200, 500, {8, hint::stream_id("split")});
  CHECK(s.marks() != other.marks());
  CHECK(s.checksum() != other.checksum());
  // not the first rows: of 200 of 1000, about 100 are below 500
  const auto below =
      std::count_if(s.query.begin(), s.query.end(), [](row_id r) { return r < 500; });
  CHECK(below > 60);
  CHECK(below < 140);
}

TEST_CASE("a random split may use all rows, but not more") {
  const split all = split::random(5, 2, 3, stream);
  CHECK(all.train == all.database);
  CHECK(split::random(5, 5, 0, stream).database.empty());
  CHECK(split::random(0, 0, 0, stream).marks().empty());
  CHECK_THROWS_MESSAGE(split::random(5, 2, 4, stream), hint::invalid_argument,
                       "split::random: 2 queries and 4 training rows of 5 rows");
  CHECK_THROWS_MESSAGE(split::random(5, 6, 0, stream), hint::invalid_argument,
                       "split::random: 6 queries and 0 training rows of 5 rows");
  CHECK_THROWS_AS(split::random(5, 1, static_cast<std::size_t>(-1), stream),
                  hint::invalid_argument);
}

TEST_CASE("the checksum tells splits apart") {
  const bytes marks{1, 0, 2, 0, 2, 1, 1, 1};
  const std::uint64_t sum = split::from_marks(marks).checksum();
  CHECK(split::from_marks(marks).checksum() == sum);
  for (std::size_t i = 0; i < marks.size(); ++i) {
    bytes moved = marks;
    moved[i] = static_cast<std::uint8_t>((moved[i] + 1) % 3);
    CAPTURE(i);
    CHECK(split::from_marks(moved).checksum() != sum);
  }
  bytes longer = marks;
  longer.push_back(1);
  CHECK(split::from_marks(longer).checksum() != sum);
  // figures quote it, so it may never change: FNV-1a of nothing and of the byte 0
  CHECK(split{}.checksum() == 0xcbf29ce484222325ULL);
  CHECK(split::from_marks(bytes{0}).checksum() == 0xaf63bd4c8601b7dfULL);
}

TEST_CASE("a split through a file") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "split.npy";
  const split s = split::random(100, 20, 50, stream);
  s.write(path);
  const split back = split::read(path);
  CHECK(back.train == s.train);
  CHECK(back.database == s.database);
  CHECK(back.query == s.query);
  split{}.write(path);
  CHECK(split::read(path).marks().empty());
  std::filesystem::create_symlink("split.npy", folder / "link.npy");
  s.write(folder / "link.npy");
  CHECK(split::read(path).marks() == s.marks());

  hint::io::write_npy<std::uint8_t>(path, bytes{0, 1, 2, 0}, {2, 2});
  CHECK_THROWS_MESSAGE(split::read(path), hint::format_error,
                       path.string() +
                           ": a split has shape (2, 2), expected one number for each "
                           "item, (n,) or (n, 1)");
  hint::io::write_npy<std::int64_t>(path, std::vector<std::int64_t>{2, 0, 1}, {3, 1});
  CHECK(split::read(path).marks() == bytes{2, 0, 1});
  for (const auto& [mark, text] : std::vector<std::pair<double, std::string>>{
           {-1, "-1"}, {0.5, "0.5"}, {300, "300"}, {std::nan(""), "nan"}}) {
    hint::io::write_npy<double>(path, std::vector<double>{2, 0, mark}, {3});
    CHECK_THROWS_MESSAGE(split::read(path), hint::invalid_argument,
                         path.string() + ": row 2 has mark " + text +
                             ", expected 0 (train), 1 (database only) or 2 (query)");
  }
  hint::io::write_npy<float>(path, std::vector<float>{2, 0, 1}, {3});
  CHECK(split::read(path).marks() == bytes{2, 0, 1});
  const std::array<bool, 2> mask{true, false};
  hint::io::write_npy<bool>(path, mask, {2});
  CHECK_THROWS_MESSAGE(
      split::read(path), hint::format_error,
      path.string() + ": holds bools, expected marks 0 (train), 1 (database only) or 2 (query)");
  hint::io::write_npy<std::uint8_t>(path, bytes{0, 9}, {2});
  CHECK_THROWS_MESSAGE(
      split::read(path), hint::invalid_argument,
      path.string() + ": row 1 has mark 9, expected 0 (train), 1 (database only) or 2 (query)");
  CHECK_THROWS_AS(split::read(folder / "none.npy"), hint::io_error);
}

TEST_CASE("the split of real data") {
  const auto folder = hint_tests::data_folder("mirflickr20k");
  if (!folder) return;
  const split s = split::read(*folder / "split.npy");
  CHECK(s.train.size() == 10000);
  CHECK(s.database.size() == 11218);
  CHECK(s.query.size() == 2000);
}
