// SPDX-License-Identifier: MIT
#include <cstdint>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/search/linear_scan.hpp>
#include <hint/search/multi_index.hpp>
#include <hint/search/pairs/code_source.hpp>

#include "support/catch.hpp"
#include "support/random_codes.hpp"

using namespace hint::search;
using detail::source_store;

static_assert(code_source<linear_scan> && code_source<multi_index>);
static_assert(code_source<hint::code_set> && code_source<hint::code_view>);
static_assert(!code_source<int> && !code_source<std::vector<std::uint64_t>>);

TEST_CASE("an index is taken as it is, codes are copied with their places as ids") {
  linear_scan index(64);
  index.add(random_codes(64, 10, {1, 0}), {5, 3, 9, 1, 2, 4, 6, 8, 7, 0});
  CHECK(&*source_store(index, "x") == &index.store());
  const auto codes = random_codes(64, 10, {2, 0});
  const source_store copy(codes, "x");
  CHECK(copy->ids() == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  std::uint64_t word = 0;
  copy->code(7, {&word, 1});
  CHECK(word == codes[7][0]);
}

TEST_CASE("a filter of ids leaves a copy of what it accepts") {
  linear_scan index(64);
  const auto codes = random_codes(64, 10'000, {1, 0});
  index.add(codes);
  index.remove({4});
  const auto even = [](std::int64_t id) { return id % 2 == 0; };
  const source_store some(index, "x", even);
  CHECK(some->size() == 4999);
  for (std::size_t row = 0; row < some->rows(); ++row) {
    std::uint64_t word = 0;
    some->code(row, {&word, 1});
    REQUIRE(even(some->id(row)));
    REQUIRE(word == codes[static_cast<std::size_t>(some->id(row))][0]);
  }
  CHECK(source_store(codes, "x", even)->size() == 5000);
  CHECK(source_store(index, "x", [](std::int64_t) { return false; })->size() == 0);
}

TEST_CASE("bits past the end of a code are refused") {
  hint::code_set codes(3, 2);
  codes[1][0] = 8;
  CHECK_THROWS_MESSAGE(source_store(codes, "there"), hint::invalid_argument,
                       "there: code 1 of codes has bits set past its end, bit 2");
}
