// SPDX-License-Identifier: MIT
#include <algorithm>
#include <atomic>
#include <barrier>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/core/version.hpp>
#include <hint/io/archive.hpp>
#include <hint/search/linear_scan.hpp>
#include <hint/testing/search_axioms.hpp>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using hint::code_set;
using hint::search::hit;
using hint::search::linear_scan;

namespace {

/// Codes with many equal distances: only `free` bits vary, and rows repeat.
code_set clustered(std::size_t bits, std::size_t n, std::size_t free, hint::random_stream random) {
  code_set codes(bits, n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < (std::min)(bits, free); ++j)
      codes.set_bit(i, bits - 1 - j, random.below(i * free + j, 2) == 1);
  return codes;
}
std::vector<hit> list(std::span<const hit> row) { return {row.begin(), row.end()}; }

struct temporary {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / "hint_test_linear_scan.hint";
  ~temporary() { std::filesystem::remove(path); }
};

}  // namespace

TEST_CASE("linear_scan obeys the axioms of a hamming_index") {
  const std::uint64_t seed = 5;
  CAPTURE(seed);
  const auto make = [](std::size_t bits) { return linear_scan(bits); };
  std::vector<std::size_t> lengths{192, 200, 256, 513, 4096, 16384};
  for (std::size_t bits = 1; bits <= 130; ++bits) lengths.push_back(bits);
  for (const std::size_t bits : lengths) {
    const hint::random_stream random(seed, bits);
    const std::size_t n = 30 + bits % 40;
    CAPTURE(bits, n);
    CHECK(hint::testing::violated_search_axioms(make, clustered(bits, n, 6, random.fork(0)),
                                                clustered(bits, 11, 9, random.fork(1)),
                                                random) == std::vector<std::string>{});
  }
  for (const std::size_t n : {0U, 1U, 2U, 3U, 1023U, 1024U, 1025U, 2100U}) {
    const hint::random_stream random(seed, n);
    CAPTURE(n);
    CHECK(hint::testing::violated_search_axioms(make, clustered(64, n, 64, random.fork(0)),
                                                clustered(64, 3, 64, random.fork(1)),
                                                random) == std::vector<std::string>{});
  }
}

TEST_CASE("linear_scan on an example worked out by hand") {
  code_set codes(3, 4);  // 000, 100, 110, 100
  codes.set_bit(1, 0, true);
  codes.set_bit(2, 0, true);
  codes.set_bit(2, 1, true);
  codes.set_bit(3, 0, true);
  linear_scan index(3);
  index.add(codes, {40, 30, 20, 10});
  const code_set query(3, 1);
  CHECK(list(index.search(query, 3)[0]) == std::vector<hit>{{0, 40}, {1, 10}, {1, 30}});
  CHECK(list(index.search(query, 100)[0]) == std::vector<hit>{{0, 40}, {1, 10}, {1, 30}, {2, 20}});
  CHECK(list(index.search_radius(query, 1)[0]) == std::vector<hit>{{0, 40}, {1, 10}, {1, 30}});
  CHECK(list(index.search(query, 1, [](std::int64_t id) { return id < 30; })[0]) ==
        std::vector<hit>{{1, 10}});
  CHECK(index.search(query, 0)[0].empty());
  CHECK(index.search(query, 5, hint::search::accept_ids({}))[0].empty());
}

TEST_CASE("an empty index answers with empty rows, no queries with no rows") {
  const linear_scan index(70);
  CHECK(index.search(code_set(70, 2), 5).size() == 2);
  CHECK(index.search(code_set(70, 2), 5).all().empty());
  CHECK(index.search_radius(code_set(70, 2), 70).all().empty());
  linear_scan full(70);
  full.add(code_set(70, 5));
  CHECK(full.search(code_set(70, 0), 5).empty());
}

TEST_CASE("equal codes come by id, whatever the order of adding") {
  linear_scan index(64);
  index.add(code_set(64, 3), {5, -1, 3});
  index.add(code_set(64, 2));
  CHECK(list(index.search(code_set(64, 1), 9)[0]) ==
        std::vector<hit>{{0, -1}, {0, 3}, {0, 5}, {0, 6}, {0, 7}});
  CHECK(index.size() == 5);
  CHECK(index.ids() == std::vector<std::int64_t>{5, -1, 3, 6, 7});
}

TEST_CASE("ids may be of any integer type, and continue from the largest") {
  linear_scan index(8);
  index.add(code_set(8, 2), std::vector<std::uint32_t>{4, 2});
  index.add(code_set(8, 1), std::vector<std::int64_t>{-7});
  index.add(code_set(8, 1));
  index.add(code_set(8, 0));
  index.add(code_set(8, 1), std::vector<std::size_t>{6});
  CHECK(index.ids() == std::vector<std::int64_t>{4, 2, -7, 5, 6});
  linear_scan negative(8);
  negative.add(code_set(8, 1), {-10});
  negative.add(code_set(8, 1));
  CHECK(negative.ids()[1] == -9);
}

TEST_CASE("refused codes and ids leave the index as it was") {
  linear_scan index(64);
  index.add(code_set(64, 2), {1, 2});
  CHECK_THROWS_MESSAGE(index.add(code_set(64, 2), {7, 2}), hint::invalid_argument,
                       "linear_scan::add: id 2 is in the index already");
  CHECK_THROWS_MESSAGE(index.add(code_set(64, 2), {7, 7}), hint::invalid_argument,
                       "linear_scan::add: id 7 comes twice");
  CHECK_THROWS_MESSAGE(index.add(code_set(64, 2), {7}), hint::shape_error,
                       "linear_scan::add: 1 ids for 2 codes");
  CHECK_THROWS_MESSAGE(index.add(code_set(65, 1)), hint::shape_error,
                       "linear_scan::add: codes have 65 bits, expected 64");
  CHECK_THROWS_MESSAGE(index.add(code_set(64, 1), std::vector<std::uint64_t>{~std::uint64_t{0}}),
                       hint::invalid_argument,
                       "linear_scan::add: id 18446744073709551615 does not fit 63 bits");
  CHECK(index.size() == 2);
  CHECK(index.ids() == std::vector<std::int64_t>{1, 2});
  index.add(code_set(64, 1), {7});  // which was refused only for its company
  index.add(code_set(64, 1), {0});
  CHECK_THROWS_MESSAGE(index.add(code_set(64, 1), {7}), hint::invalid_argument,
                       "linear_scan::add: id 7 is in the index already");
  index.add(code_set(64, 1), {(std::numeric_limits<std::int64_t>::max)()});
  CHECK_THROWS_MESSAGE(index.add(code_set(64, 1)), hint::invalid_argument,
                       "linear_scan::add: no 1 ids follow the largest so far, 9223372036854775807");
}

TEST_CASE("linear_scan checks queries at the border") {
  linear_scan index(70);
  index.add(code_set(70, 2));
  CHECK_THROWS_MESSAGE(index.search(code_set(64, 1), 1), hint::shape_error,
                       "linear_scan::search: queries have 64 bits, expected 70");
  CHECK_THROWS_MESSAGE(index.search_radius(code_set(128, 1), 1), hint::shape_error,
                       "linear_scan::search_radius: queries have 128 bits, expected 70");
  const std::vector<std::uint64_t> words{0, 0, 0, 64};  // bit 70 of the second code
  CHECK_THROWS_MESSAGE(index.search(hint::code_view(words, 70), 1), hint::invalid_argument,
                       "linear_scan::search: code 1 of queries has bits set past its end, bit 69");
  CHECK_THROWS_MESSAGE(index.add(hint::code_view(words, 70)), hint::invalid_argument,
                       "linear_scan::add: code 1 of codes has bits set past its end, bit 69");
  CHECK_THROWS_MESSAGE(linear_scan(0), hint::invalid_argument,
                       "linear_scan: bits is 0, expected 1 to 16384");
}

TEST_CASE("linear_scan lets the exception of a filter through") {
  linear_scan index(8);
  index.add(code_set(8, 100));
  hint::thread_pool pool{3};
  const auto bad = [](std::int64_t id) -> bool {
    if (id == 42) throw std::runtime_error("42");
    return true;
  };
  CHECK_THROWS_MESSAGE(index.search(code_set(8, 20), 100, bad, hint::context{pool}),
                       std::runtime_error, "42");
}

TEST_CASE("many threads may search one index") {
  const hint::random_stream random(9, 0);
  linear_scan index(128);
  index.add(clustered(128, 500, 128, random.fork(0)));
  const code_set queries = clustered(128, 20, 128, random.fork(1));
  const auto expected = index.search(queries, 7);
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] { good += index.search(queries, 7) == expected ? 1 : 0; });
  for (auto& t : threads) t.join();
  CHECK(good == 4);
}

TEST_CASE("a published index stays as it was while the original changes") {
  const hint::random_stream random(10, 0);
  const code_set codes = clustered(128, 40, 128, random.fork(0));
  const code_set queries = clustered(128, 4, 128, random.fork(1));
  linear_scan index(128);
  linear_scan published(128);
  for (std::size_t i = 0; i < 40; i += 2) {
    index.add(codes.view().slice(i, 1));
    published = index;
    const auto before = index.search(queries, 100);
    const auto ids = index.ids();
    index.add(codes.view().slice(i + 1, 1));
    CHECK(published.search(queries, 100) == before);
    published = index;
    const auto later = index.search(queries, 100);
    index.remove({static_cast<std::int64_t>(i)});
    CHECK(published.search(queries, 100) == later);
    CHECK(published.ids().size() == ids.size() + 1);
  }
}

TEST_CASE("threads search snapshots while one thread changes the index") {
  const hint::random_stream random(10, 0);
  constexpr std::size_t rounds = 60;
  constexpr int readers = 3;
  const code_set codes = clustered(128, 10 * rounds, 128, random.fork(0));
  const code_set queries = clustered(128, 4, 128, random.fork(1));
  linear_scan index(128), published(128);
  hint::search::hits expected;
  std::atomic<int> wrong = 0;
  // All meet before each round, when the writer has changed the index, and when all have looked: so every
  // snapshot is searched while the writer is at work and once more when it has done.
  std::barrier meet(readers + 1);
  std::vector<std::thread> threads;
  for (int t = 0; t < readers; ++t)
    threads.emplace_back([&] {
      for (std::size_t round = 0; round < rounds; ++round) {
        meet.arrive_and_wait();
        const linear_scan mine = published;
        if (mine.search(queries, 1000) != expected) ++wrong;
        meet.arrive_and_wait();
        if (mine.search(queries, 1000) != expected) ++wrong;
        meet.arrive_and_wait();
      }
    });
  for (std::size_t round = 0; round < rounds; ++round) {
    // What is there, from scratch: no row of this index is shared with another.
    linear_scan whole(128);
    for (const std::int64_t id : index.ids())
      whole.add(codes.view().slice(static_cast<std::size_t>(id), 1), {id});
    expected = whole.search(queries, 1000);
    published = index;
    meet.arrive_and_wait();
    for (std::size_t i = 0; i < 10; ++i) index.add(codes.view().slice(10 * round + i, 1));
    if (round % 3 == 2) index.remove({static_cast<std::int64_t>(5 * round)});
    meet.arrive_and_wait();
    meet.arrive_and_wait();
  }
  for (auto& t : threads) t.join();
  CHECK(wrong == 0);
  CHECK(index.size() == 10 * rounds - rounds / 3);
}

TEST_CASE("an index survives its file") {
  const hint::random_stream random(11, 0);
  for (const std::size_t n : {0U, 1U, 300U}) {
    linear_scan index(100);
    index.add(clustered(100, n, 100, random.fork(0)));
    index.add(code_set(100, 2), {-5, -9});
    const temporary file;
    hint::io::save(file.path, index);
    linear_scan back = hint::io::load<linear_scan>(file.path);
    const code_set queries = clustered(100, 9, 100, random.fork(1));
    CHECK(back.bits() == 100);
    CHECK(back.search(queries, 50) == index.search(queries, 50));
    back.add(code_set(100, 1));
    CHECK(back.ids().back() == (n == 0 ? -4 : static_cast<std::int64_t>(n)));
    CHECK_THROWS_AS(back.add(code_set(100, 1), {-9}), hint::invalid_argument);
  }
}

TEST_CASE("linear_scan refuses a file of something else, with the reason") {
  const temporary file;
  const std::string path = file.path.string();
  const auto written = [&](std::string_view type, std::size_t bits, std::size_t rows,
                           std::vector<std::int64_t> ids, std::size_t blocks) {
    hint::io::archive_writer w(linear_scan::archive_kind);
    w.meta("type", type);
    w.meta("bits", bits);
    w.meta("rows", rows);
    w.meta("ids_ascend", false);
    w.array("blocks", std::vector<std::uint64_t>(blocks * 8), blocks, std::size_t{8});
    w.array("ids", ids, ids.size(), std::size_t{1});
    w.save(file.path);
  };
  const auto refuses = [&](const std::string& reason) {
    CHECK_THROWS_MESSAGE(hint::io::load<linear_scan>(file.path), hint::format_error,
                         path + ": " + reason);
  };
  written("multi_index", 64, 2, {1, 2}, 4);
  refuses("type is 'multi_index', expected 'linear_scan'");
  written("linear_scan", 0, 2, {1, 2}, 4);
  refuses("bits is 0, expected 1 to 16384");
  written("linear_scan", 16385, 2, {1, 2}, 4);
  refuses("bits is 16385, expected 1 to 16384");
  written("linear_scan", 64, 2, {1, 2, 3}, 4);
  refuses("array 'ids' is 3 x 1, expected 2 x 1");
  written("linear_scan", 64, 2, {1, 2}, 8);
  refuses("array 'blocks' is 8 x 8, expected 4 x 8 for 2 codes of 64 bits");
  written("linear_scan", 65, 2, {1, 2}, 4);
  refuses("array 'blocks' is 4 x 8, expected 4 x 16 for 2 codes of 65 bits");
  written("linear_scan", 64, 33, std::vector<std::int64_t>(33), 4);
  refuses("array 'blocks' is 4 x 8, expected 8 x 8 for 33 codes of 64 bits");
  written("linear_scan", 64, (std::numeric_limits<std::size_t>::max)(), {1, 2}, 4);
  refuses("array 'ids' is 2 x 1, expected 18446744073709551615 x 1");
  written("linear_scan", 64, 2, {1, 1}, 4);
  refuses("linear_scan::add: id 1 comes twice");
}

TEST_CASE("indexes that the first version of the format saved and appended to are still read") {
  const auto path = std::filesystem::path(__FILE__).parent_path().parent_path() / "golden" /
                    "linear_scan_v1.hint";
  code_set codes(70, 40);
  for (std::size_t i = 0; i < 40; ++i)
    for (std::size_t j = 0; j < 70; ++j) codes.set_bit(i, j, (i * j) % 7 == 3);
  linear_scan expected(70);
  for (std::size_t i = 0; i < 40; ++i)
    if (i != 2) expected.add(codes.view().slice(i, 1), {i < 39 ? std::int64_t(10 * i) : -5});
  expected.add(codes.view().slice(0, 3), {1000, 1001, 1002});
  for (const auto& index : {hint::io::load<linear_scan>(path), hint::io::map<linear_scan>(path)}) {
    CHECK(index.ids() == expected.ids());
    CHECK(index.search(codes, 100) == expected.search(codes, 100));
  }
}

TEST_CASE(
    "indexes that the second version of the format saved and appended to are read, and written "
    "alike") {
  const auto golden = std::filesystem::path(__FILE__).parent_path().parent_path() / "golden" /
                      "linear_scan_v2.hint";
  // Short codes in planes; ids that follow each other, runs, offsets and a list.
  std::vector<std::vector<std::int64_t>> ids(4);
  for (std::int64_t i = 0; i < 80; ++i) {
    ids[0].push_back(i);
    ids[1].push_back(i < 40 ? 100 + i : 200 + i);
  }
  ids[2] = {900, 880, 1000};
  ids[3] = {-5, std::int64_t{1} << 60, 3000};
  const hint_tests::temporary_folder folder;
  linear_scan expected(20);
  for (const auto& part : ids) {
    code_set codes(20, part.size());
    for (std::size_t i = 0; i < part.size(); ++i)
      for (std::size_t j = 0; j < 20; ++j) codes.set_bit(i, j, (i * j + part.size()) % 7 == 3);
    linear_scan section(20);
    section.add(codes, part);
    expected.add(codes, part);
    if (&part == &ids[0])
      hint::io::save(folder / "index", section);
    else
      hint::io::append(folder / "index", section);
  }
  // But for the number of the library's version.
  if (std::string_view(HINT_VERSION) == "0.1.0")
    CHECK(hint_tests::read_file(folder / "index") == hint_tests::read_file(golden));
  code_set queries(20, 5);
  for (std::size_t i = 0; i < 100; ++i) queries.set_bit(i / 20, i % 20, i % 3 == 1);
  for (const auto& index :
       {hint::io::load<linear_scan>(golden), hint::io::map<linear_scan>(golden)}) {
    CHECK(index.ids() == expected.ids());
    CHECK(index.search(queries, 100) == expected.search(queries, 100));
  }
  CHECK(hint::io::map<linear_scan>(golden).store().mapped());
}
