// SPDX-License-Identifier: MIT
// The store against a plain list of (id, code).
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/search/store/code_store.hpp>

#include "support/catch.hpp"
#include "support/random_codes.hpp"

using hint::code_set;
using hint::search::duplicates;
using hint::search::detail::code_layout;
using hint::search::detail::code_store;
using hint::search::detail::row_ids;
using map = std::map<std::int64_t, std::vector<std::uint64_t>>;

namespace {

/// What a store holds, read by rows; empty when rows contradict each other.
std::optional<map> contents(const code_store& store) {
  map all;
  std::size_t rows = 0;
  for (std::size_t c = 0; c < store.chunk_count(); ++c) {
    if (store.first_row(c) != rows || store.chunk(c).rows() == 0) return {};
    rows += store.chunk(c).rows();
  }
  if (rows != store.rows()) return {};
  std::vector<std::uint64_t> code(store.words());
  std::int64_t last = 0;
  for (std::size_t row = 0; row < store.rows(); ++row) {
    const std::int64_t id = store.id(row);
    if (store.ascending() && row > 0 && id <= last) return {};
    last = id;
    if (!store.live(row)) continue;
    if (store.find(id) != row) return {};
    store.code(row, code);
    if (!all.emplace(id, code).second) return {};
  }
  const auto ids = store.ids();
  if (all.size() != store.size() || ids.size() != all.size()) return {};
  for (const std::int64_t id : ids)
    if (!all.contains(id)) return {};
  return all;
}

}  // namespace

TEST_CASE("a store does what a map does, through changes at random") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    CAPTURE(seed);
    const hint::random_stream random(seed, 5);
    const std::size_t bits = std::vector<std::size_t>{1, 64, 100, 128, 300}[seed % 5];
    const bool rising = seed % 3 == 0;  // the store never needs its table
    code_store store(bits, "store");
    map truth;
    std::vector<std::pair<code_store, map>> snapshots;
    std::int64_t next = 0;
    for (std::uint64_t step = 0; step < 60; ++step) {
      const auto r = random.fork(step);
      const std::size_t n = static_cast<std::size_t>(r.below(0, 40));
      const code_set codes = random_codes(bits, n, r.fork(1));
      std::vector<std::int64_t> ids(n);
      for (std::size_t i = 0; i < n; ++i)
        ids[i] = rising ? (next += 1 + static_cast<std::int64_t>(r.below(i, 3)))
                        : static_cast<std::int64_t>(r.below(i, 400)) - 50;
      switch (r.fork(2).below(0, 5)) {
        case 0:
        case 1: {
          bool fresh = true;
          for (std::size_t i = 0; i < n; ++i)
            fresh = fresh && !truth.contains(ids[i]) &&
                    std::find(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(i), ids[i]) ==
                        ids.begin() + static_cast<std::ptrdiff_t>(i);
          if (!fresh) {
            CHECK_THROWS_AS(store.add(codes, ids, duplicates::refuse), hint::invalid_argument);
            break;
          }
          store.add(codes, ids, duplicates::refuse);
          for (std::size_t i = 0; i < n; ++i) truth[ids[i]] = {codes[i].begin(), codes[i].end()};
          break;
        }
        case 2:
          store.add(codes, ids, duplicates::replace);
          for (std::size_t i = 0; i < n; ++i) truth[ids[i]] = {codes[i].begin(), codes[i].end()};
          break;
        case 3: {
          std::size_t gone = 0;
          for (const std::int64_t id : ids) gone += truth.erase(id);
          CHECK(store.remove(ids) == gone);
          break;
        }
        default:
          if (r.below(99, 2) == 0) {
            store.compact();
            CHECK(store.rows() == store.size());
          } else {
            snapshots.emplace_back(store, truth);
          }
      }
      CHECK(store.ascending() >= rising);
      REQUIRE(contents(store) == truth);
    }
    for (const auto& [copy, then] : snapshots) CHECK(contents(copy) == then);
    if (!snapshots.empty()) {  // copies change by themselves
      auto& [copy, then] = snapshots.front();
      copy.add(random_codes(bits, 1, random), std::vector<std::int64_t>{12345}, duplicates::refuse);
      CHECK(copy.size() == then.size() + 1);
      CHECK(contents(store) == truth);
    }
  }
}

TEST_CASE("a store of many chunks keeps its rows in order") {
  const std::size_t bits = 4096;  // 8192 rows to a chunk
  code_store store(bits, "store");
  const code_set codes = random_codes(bits, 100, hint::random_stream(1, 1));
  std::vector<std::int64_t> ids(100);
  for (std::int64_t next = 0; next < 20000; next += 100) {
    for (std::size_t i = 0; i < 100; ++i) ids[i] = next + static_cast<std::int64_t>(i);
    store.add(codes, ids, duplicates::refuse);
  }
  CHECK(store.chunk_count() == 3);
  std::vector<std::uint64_t> code(64);
  bool good = true;
  for (std::size_t row = 0; row < 20000; row += 37) {
    store.code(row, code);
    good = good && store.id(row) == static_cast<std::int64_t>(row) &&
           store.find(static_cast<std::int64_t>(row)) == row &&
           std::equal(code.begin(), code.end(), codes[row % 100].begin());
  }
  CHECK(good);
  CHECK(store.find(20000) == code_store::not_found);
  CHECK(store.find(-1) == code_store::not_found);
}

TEST_CASE("mapped rows are searched in place; changes leave them alone") {
  const code_set codes = random_codes(100, 50, hint::random_stream(2, 2));
  const auto layout = code_layout::by_words(100);  // not the one of rows that are added
  hint::aligned_buffer<std::uint64_t> blocks(layout.room(50));
  layout.put(codes, 0, blocks.data());
  const auto untouched = blocks;
  const auto ids = row_ids::consecutive(0, 50);
  auto keeper = std::make_shared<int>(0);

  code_store store(100, "store");
  store.add_mapped(layout, blocks.data(), ids, true, keeper);
  CHECK(store.mapped());
  CHECK(store.ascending());
  CHECK(store.chunk(0).blocks() == blocks.data());
  CHECK(store.bytes_per_code() == 16);
  store.add(codes);  // 50 .. 99
  CHECK(store.chunk_count() == 2);
  CHECK(store.find(99) == 99);
  CHECK(store.remove(std::vector<std::int64_t>{3, 60}) == 2);
  store.add(codes.view().slice(0, 1), std::vector<std::int64_t>{7}, duplicates::replace);
  CHECK(store.size() == 98);
  CHECK(blocks == untouched);
  CHECK(contents(store).has_value());
  store.compact();
  CHECK_FALSE(store.mapped());
  CHECK(keeper.use_count() == 1);
  CHECK(contents(store)->size() == 98);

  code_store other(100, "store");
  other.add_mapped(layout, blocks.data(), ids, true, keeper);
  std::vector<std::int64_t> falling(50);
  for (std::size_t i = 0; i < 50; ++i) falling[i] = 99 - static_cast<std::int64_t>(i);
  other.add_mapped(layout, blocks.data(), std::span<const std::int64_t>(falling), false, keeper);
  CHECK_FALSE(other.ascending());
  CHECK(contents(other)->size() == 100);
  other.add(codes.view().slice(0, 1));
  CHECK(other.find(100) == 100);
}

TEST_CASE("running ids follow the largest ever, also after it was removed") {
  code_store store(8, "store");
  store.add(code_set(8, 3));
  CHECK(store.remove(std::vector<std::int64_t>{2}) == 1);
  store.add(code_set(8, 1));
  CHECK(store.ids() == std::vector<std::int64_t>{0, 1, 3});
  store.remove(store.ids());
  store.compact();
  CHECK(store.rows() == 0);
  store.add(code_set(8, 1));
  CHECK(store.ids() == std::vector<std::int64_t>{4});
}

TEST_CASE("a copy by assignment stays as it was when either changes") {
  const hint::random_stream random(3, 3);
  const code_set codes = random_codes(64, 60, random);
  const auto added = [&](code_store& store, std::size_t first, std::size_t count) {
    store.add(codes.view().slice(first, count));
  };
  for (const std::size_t room : {0U, 1U}) {  // in the last chunk: none, or for all that comes
    CAPTURE(room);
    code_store store(64, "store");
    added(store, 0, 16);
    if (room == 1) added(store, 16, 1);  // doubles the chunk
    store.remove(std::vector<std::int64_t>{2});
    const auto before = contents(store);
    REQUIRE(before.has_value());
    code_store copy(64, "copy");
    copy = store;
    added(store, 20, 5);
    store.remove(std::vector<std::int64_t>{0, 5});
    CHECK(contents(copy) == before);
    CHECK(store.size() == before->size() + 3);

    code_store second(64, "second");
    second = copy;
    added(second, 30, 7);
    second.remove(std::vector<std::int64_t>{1, 6, 7});
    CHECK(contents(copy) == before);
    CHECK(second.size() == before->size() + 4);
    CHECK(contents(store).has_value());
  }
}

TEST_CASE(
    "ids in any order are read once, however often and through however many copies they are looked "
    "for") {
  const std::size_t n = 5000;
  const code_set codes = random_codes(64, n, hint::random_stream(4, 4));
  const auto layout = hint::search::detail::code_layout::best(64);
  hint::aligned_buffer<std::uint64_t> blocks(layout.room(n));
  layout.put(codes, 0, blocks.data());
  std::vector<std::int64_t> ids(n);
  for (std::size_t i = 0; i < n; ++i) ids[i] = static_cast<std::int64_t>(i * 3571 % n);
  const auto given = ids;
  code_store store(64, "store");
  store.add_mapped(layout, blocks.data(), std::span<const std::int64_t>(ids), false,
                   std::make_shared<int>(0));
  const code_store published = store;
  const code_store mine = published;
  CHECK(mine.find(given[7]) == 7);
  // From now on the ids where they lie are of no use to anybody.
  std::fill(ids.begin(), ids.end(), std::int64_t{-1});
  const code_store& original = store;
  for (const code_store* each : {&mine, &published, &original}) {
    std::size_t right = 0;
    for (std::size_t i = 0; i < n; ++i) right += each->find(given[i]) == i ? 1U : 0U;
    CHECK(right == n);
    CHECK(each->find(-1) == code_store::not_found);
    CHECK(each->find(static_cast<std::int64_t>(n)) == code_store::not_found);
  }
  // A change makes a version of its own.
  std::copy(given.begin(), given.end(), ids.begin());
  CHECK(store.remove(std::vector<std::int64_t>{given[9]}) == 1);
  store.add(codes.view().slice(0, 1), std::vector<std::int64_t>{-5}, duplicates::refuse);
  const code_store later = store;
  CHECK(later.find(given[9]) == code_store::not_found);
  CHECK(later.find(-5) == n);
  CHECK(mine.find(given[9]) == 9);
  CHECK(mine.find(-5) == code_store::not_found);
}

TEST_CASE("many threads look for ids of one store at once") {
  code_store store(64, "store");
  const std::size_t n = 20000;
  std::vector<std::int64_t> ids(n);
  for (std::size_t i = 0; i < n; ++i) ids[i] = static_cast<std::int64_t>(i * 7919 % n) - 50;
  store.add(code_set(64, n), ids, duplicates::refuse);
  const code_store copy = store;
  hint::thread_pool pool{4};
  std::vector<std::size_t> right(64);
  pool.bulk(right.size(), [&](std::size_t task) {
    for (std::size_t i = task; i < n; i += 64) right[task] += copy.find(ids[i]) == i ? 1U : 0U;
  });
  std::size_t sum = 0;
  for (const std::size_t part : right) sum += part;
  CHECK(sum == n);
}
