// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/context.hpp>
#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/search/store/code_store.hpp>
#include <hint/search/multi_index/substring_tables.hpp>

#include "support/catch.hpp"
#include "support/random_codes.hpp"
#include "support/clusters.hpp"

namespace detail = hint::search::detail;
using detail::substring;

TEST_CASE("cut_codes gives equal parts next to each other") {
  CHECK(detail::cut_codes(10, 3, 32) == std::vector<substring>{{0, 3}, {3, 3}, {6, 4}});
  CHECK(detail::cut_codes(128, 1, 24) == std::vector<substring>{{0, 24}});
  CHECK(detail::cut_codes(3, 3, 24) == std::vector<substring>{{0, 1}, {1, 1}, {2, 1}});
  for (const std::size_t bits : {1U, 63U, 64U, 128U, 200U, 4096U, 16384U}) {
    for (std::size_t tables = 1; tables <= (std::min<std::size_t>)(bits, 64); ++tables) {
      const auto cuts = detail::cut_codes(bits, tables, 24);
      CAPTURE(bits, tables);
      REQUIRE(cuts.size() == tables);
      std::size_t next = 0;
      for (const substring& s : cuts) {
        CHECK(s.first == next);
        CHECK((s.bits >= 1 && s.bits <= 24));
        CHECK(s.bits - cuts.front().bits <= 1);
        next += s.bits;
      }
      CHECK(next == (std::min)(bits, tables * 24));
    }
  }
}

TEST_CASE("value_of reads bits one by one") {
  const hint::code_set codes = clustered(200, 1, 1, 2, hint::random_stream(1, 0));
  for (std::uint32_t bits = 1; bits <= 32; ++bits) {
    for (std::uint32_t first = 0; first + bits <= 200; ++first) {
      std::uint32_t expected = 0;
      for (std::uint32_t j = 0; j < bits; ++j) expected |= (codes.bit(0, first + j) ? 1U : 0U) << j;
      CAPTURE(first, bits);
      REQUIRE(detail::value_of(codes[0].data(), {first, bits}) == expected);
    }
  }
}

TEST_CASE("substring_tables have every live row once, under its value, and its code") {
  for (const std::size_t bits : {9U, 64U, 128U, 150U}) {
    hint::search::detail::code_store store(bits, "test");
    const hint::code_set codes = clustered(bits, 1000, 9, 8, hint::random_stream(2, bits));
    store.add(codes.view().slice(0, 700));
    store.add(codes.view().slice(700, 300));
    std::vector<std::int64_t> removed{0, 17, 18, 955, 999};
    store.remove(removed);
    const auto cuts = detail::cut_codes(bits, 3, 10);
    const detail::substring_tables tables(store, 960, cuts);
    CAPTURE(bits);
    CHECK(tables.rows() == 960);
    CHECK(tables.inside() == (bits <= 128));
    REQUIRE(tables.size() == 3);
    for (std::size_t t = 0; t < 3; ++t) {
      std::vector<std::uint32_t> rows;
      for (std::uint32_t v = 0; v < (1U << cuts[t].bits); ++v) {
        for (std::uint32_t p = tables.starts(t)[v]; p < tables.starts(t)[v + 1]; ++p) {
          const std::uint32_t row = tables.rows_of(t)[p];
          rows.push_back(row);
          REQUIRE(detail::value_of(codes[row].data(), cuts[t]) == v);
          const std::uint64_t* code = tables.inside()
                                          ? tables.codes_of(t) + p * codes.words_per_code()
                                          : tables.codes() + row * codes.words_per_code();
          REQUIRE(std::equal(codes[row].begin(), codes[row].end(), code));
        }
      }
      std::sort(rows.begin(), rows.end());
      std::vector<std::uint32_t> expected;
      for (std::uint32_t row = 0; row < 960; ++row)
        if (std::find(removed.begin(), removed.end(), row) == removed.end())
          expected.push_back(row);
      CHECK(rows == expected);
    }
  }
}

TEST_CASE("substring_tables are the same for any executor") {
  for (const std::size_t bits : {60U, 190U}) {
    const hint::random_stream random(7, bits);
    hint::search::detail::code_store store(bits, "test");
    store.add(random_codes(bits, 2000, random));
    store.remove(std::vector<std::int64_t>{5, 1999});
    const auto cuts = detail::cut_codes(bits, 5, 9);
    const detail::substring_tables one(store, 1984, cuts);
    hint::thread_pool pool{3};
    const detail::substring_tables many(store, 1984, cuts, hint::context(pool));
    for (std::size_t t = 0; t < one.size(); ++t) {
      const std::size_t values = std::size_t{1} << cuts[t].bits;
      CHECK(std::equal(one.starts(t), one.starts(t) + values + 1, many.starts(t)));
      CHECK(std::equal(one.rows_of(t), one.rows_of(t) + one.starts(t)[values], many.rows_of(t)));
      if (one.inside())
        CHECK(std::equal(one.codes_of(t), one.codes_of(t) + one.starts(t)[values] * one.words(),
                         many.codes_of(t)));
    }
  }
}
