// SPDX-License-Identifier: MIT
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/io/archive.hpp>
#include <hint/search/linear_scan.hpp>
#include <hint/search/multi_index.hpp>
#include <hint/testing/search_axioms.hpp>

#include "support/catch.hpp"
#include "support/clusters.hpp"

using hint::code_set;
using hint::search::duplicates;
using hint::search::linear_scan;
using hint::search::multi_index;
using hint::search::scan_fallback;

namespace {

multi_index forced(std::size_t bits, std::size_t tables) {
  return multi_index(bits, {.tables = tables, .fallback = scan_fallback::when_needed});
}

/// Everything that can be asked gives what a scan gives.
void check_same(const multi_index& index, const linear_scan& scan, const hint::code_view& queries) {
  REQUIRE(index.size() == scan.size());
  const auto even = [](std::size_t query, std::int64_t id) {
    return (static_cast<std::uint64_t>(id) + query) % 2 == 0;
  };
  for (const std::size_t k : {std::size_t{0}, std::size_t{1}, std::size_t{10}, std::size_t{100},
                              scan.size(), scan.size() + 5}) {
    CAPTURE(k);
    CHECK(index.search(queries, k) == scan.search(queries, k));
    CHECK(index.search(queries, k, even) == scan.search(queries, k, even));
  }
  for (const std::size_t radius : {std::size_t{0}, std::size_t{1}, scan.bits() / 8, scan.bits() / 2,
                                   scan.bits(), scan.bits() + 9}) {
    CAPTURE(radius);
    CHECK(index.search_radius(queries, radius) == scan.search_radius(queries, radius));
    CHECK(index.search_radius(queries, radius, even) == scan.search_radius(queries, radius, even));
  }
}

struct temporary {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / "hint_test_multi_index.hint";
  ~temporary() { std::filesystem::remove(path); }
};

}  // namespace

static_assert(hint::search::range_searchable<multi_index>);
static_assert(hint::search::removable<multi_index>);

TEST_CASE("multi_index obeys the axioms of a hamming_index, whatever the number of tables") {
  const std::uint64_t seed = 6;
  CAPTURE(seed);
  for (const std::size_t bits :
       {1U, 2U, 7U, 31U, 32U, 33U, 63U, 64U, 65U, 100U, 128U, 130U, 256U, 300U, 1000U}) {
    for (const std::size_t tables : {1U, 2U, 3U, 7U, 13U, 64U}) {
      if (tables > bits) continue;
      const hint::random_stream random(seed, bits);
      const std::size_t n = 70 + bits % 40;
      CAPTURE(bits, tables, n);
      const auto make = [&](std::size_t length) {
        return forced(length, (std::min)(tables, length));
      };
      CHECK(make(bits).tables() == 0);
      CHECK(hint::testing::violated_search_axioms(make, clustered(bits, n, 5, 6, random.fork(0)),
                                                  clustered(bits, 7, 5, 6, random.fork(0)),
                                                  random) == std::vector<std::string>{});
    }
  }
}

TEST_CASE("multi_index finds what a scan finds, in clustered, random, repeated and empty codes") {
  const hint::random_stream random(7, 0);
  for (const std::size_t bits : {24U, 64U, 128U, 200U}) {
    std::vector<code_set> sets;
    sets.push_back(clustered(bits, 3000, 30, 8, random.fork(0)));
    sets.push_back(clustered(bits, 3000, 3000, 2, random.fork(1)));
    sets.push_back(clustered(bits, 3000, 10, 1U << 30, random.fork(2)));  // ten codes
    sets.push_back(code_set(bits, 3000));
    for (std::size_t i = 0; i < sets.size(); ++i) {
      linear_scan scan(bits);
      scan.add(sets[i]);
      code_set queries = clustered(bits, 12, 30, 8, random.fork(0));
      queries.append(sets[i].view().slice(5, 3));
      for (const std::size_t tables : {0U, 1U, 4U, 9U}) {
        CAPTURE(bits, i, tables);
        for (const auto fallback : {scan_fallback::when_needed, scan_fallback::when_faster}) {
          multi_index index(bits, {.tables = tables, .fallback = fallback});
          index.add(sets[i]);
          CHECK(index.tables() == tables);  // so few codes are not worth any
          check_same(index, scan, queries);
        }
      }
    }
  }
}

TEST_CASE("multi_index finds what a scan finds with the tables that it chooses for itself") {
  const hint::random_stream random(8, 0);
  const code_set codes = clustered(64, 70'000, 700, 10, random.fork(0));
  linear_scan scan(64);
  multi_index index(64);
  scan.add(codes);
  index.add(codes);
  CAPTURE(index.tables());  // some on every machine so far, but that is up to the clock
  check_same(index, scan, clustered(64, 9, 700, 10, random.fork(0)));
  hint::thread_pool pool{3};
  const hint::context ctx{pool};
  const code_set queries = clustered(64, 300, 700, 10, random.fork(0));
  CHECK(index.search(queries, 9, hint::search::accept_all{}, ctx) == scan.search(queries, 9));
}

TEST_CASE("multi_index while codes come and go") {
  const std::uint64_t seed = 9;
  CAPTURE(seed);
  const hint::random_stream random(seed, 0);
  const std::size_t bits = 70;
  const code_set codes = clustered(bits, 6000, 40, 10, random.fork(0));
  const code_set queries = clustered(bits, 5, 40, 10, random.fork(0));
  multi_index index = forced(bits, 4);
  linear_scan scan(bits);
  std::size_t next = 0, step = 0;
  const auto both = [&](auto&& change) {
    change(index);
    change(scan);
    ++step;
  };
  while (next < codes.size()) {
    CAPTURE(next, step);
    const std::size_t count =
        (std::min<std::size_t>)(1 + random.below(step, 400), codes.size() - next);
    std::vector<std::int64_t> ids;
    for (std::size_t i = 0; i < count; ++i)  // some are there already
      ids.push_back(static_cast<std::int64_t>(random.below(1000 * step + i, 4000)));
    both([&](auto& x) { x.add(codes.view().slice(next, count), ids, duplicates::replace); });
    next += count;
    if (step % 3 == 0) {
      std::vector<std::int64_t> gone;
      for (std::size_t i = 0; i < 150; ++i)
        gone.push_back(static_cast<std::int64_t>(random.below(777 * step + i, 4000)));
      both([&](auto& x) { x.remove(gone); });
    }
    if (step % 5 == 0) index.build();
    REQUIRE(index.search(queries, 20) == scan.search(queries, 20));
    REQUIRE(index.search_radius(queries, 9) == scan.search_radius(queries, 9));
  }
  CHECK(index.ids() == scan.ids());
  const multi_index snapshot = index;
  const auto before = scan.search(queries, 50);
  both([&](auto& x) { x.remove(scan.ids()); });
  CHECK(index.empty());
  CHECK(index.search(queries, 3).all().empty());
  CHECK(snapshot.search(queries, 50) == before);
  both([&](auto& x) { x.add(codes); });
  check_same(index, scan, queries);
}

TEST_CASE("many threads may search one multi_index") {
  const hint::random_stream random(10, 0);
  multi_index index = forced(128, 6);
  index.add(clustered(128, 2000, 20, 8, random.fork(0)));
  const code_set queries = clustered(128, 40, 20, 8, random.fork(0));
  const auto expected = index.search(queries, 7);
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] { good += index.search(queries, 7) == expected ? 1 : 0; });
  for (auto& t : threads) t.join();
  CHECK(good == 4);
}

TEST_CASE("multi_index checks options, codes and ids at the border") {
  CHECK_THROWS_MESSAGE(multi_index(0), hint::invalid_argument,
                       "multi_index: bits is 0, expected 1 to 16384");
  CHECK_THROWS_MESSAGE(multi_index(128, {.tables = 65}), hint::invalid_option,
                       "option tables is 65, expected 0 to 64");
  CHECK_THROWS_MESSAGE(multi_index(8, {.tables = 9}), hint::invalid_option,
                       "option tables is 9, expected no more than the 8 bits of a code");
  multi_index index(70);
  index.add(code_set(70, 2));
  CHECK_THROWS_MESSAGE(index.search(code_set(64, 1), 1), hint::shape_error,
                       "multi_index::search: queries have 64 bits, expected 70");
  CHECK_THROWS_MESSAGE(index.search_radius(code_set(64, 1), 1), hint::shape_error,
                       "multi_index::search_radius: queries have 64 bits, expected 70");
  CHECK_THROWS_MESSAGE(index.add(code_set(64, 1)), hint::shape_error,
                       "multi_index::add: codes have 64 bits, expected 70");
  CHECK_THROWS_MESSAGE(index.add(code_set(70, 1), {1}), hint::invalid_argument,
                       "multi_index::add: id 1 is in the index already");
  CHECK_THROWS_MESSAGE(index.remove(std::vector<std::uint64_t>{~std::uint64_t{0}}),
                       hint::invalid_argument,
                       "multi_index::remove: id 18446744073709551615 does not fit 63 bits");
  CHECK(index.contains(1));
  CHECK_FALSE(index.contains(2));
}

TEST_CASE("a multi_index survives its file") {
  const hint::random_stream random(11, 0);
  multi_index index(100, {.tables = 5});
  index.add(clustered(100, 500, 9, 8, random.fork(0)));
  index.remove({3, 499});
  const temporary file;
  hint::io::save(file.path, index);
  multi_index back = hint::io::load<multi_index>(file.path);
  CHECK(back.tables() == 5);
  CHECK(back.ids() == index.ids());
  const code_set queries = clustered(100, 9, 9, 8, random.fork(0));
  CHECK(back.search(queries, 50) == index.search(queries, 50));
  back.add(code_set(100, 1));
  CHECK(back.ids().back() == 500);
  CHECK_THROWS_MESSAGE(hint::io::load<linear_scan>(file.path), hint::format_error,
                       file.path.string() + ": type is 'multi_index', expected 'linear_scan'");
}
