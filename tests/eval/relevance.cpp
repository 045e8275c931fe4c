// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/error.hpp>
#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/eval/relevance.hpp>

#include "support/catch.hpp"

namespace eval = hint::eval;
using hint::code_set;

namespace {

code_set labels(std::size_t count, std::size_t rows, const hint::random_stream& random) {
  code_set out(count, rows);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t l = 0; l < count; ++l) out.set_bit(i, l, random.below(i * count + l, 20) == 0);
  return out;
}

template <class Relevance>
void check_marks(const Relevance& judgements, std::size_t queries, std::size_t items) {
  for (std::size_t q = 0; q < queries; ++q)
    for (std::size_t first = 0; first < items; first += 3) {
      // One place more than is to be written.
      const std::size_t count = (std::min)(items - first, std::size_t{4});
      std::vector<std::uint8_t> out(count + 1, 9);
      eval::detail::mark_relevant(judgements, q, first, std::span(out).first(count));
      CHECK(out.back() == 9);
      out.pop_back();
      for (std::size_t i = 0; i < out.size(); ++i) {
        CAPTURE(q, first, i);
        REQUIRE(out[i] == (judgements.relevant(q, first + i) ? 1 : 0));
      }
    }
}

}  // namespace

TEST_CASE("shared_label: one common label is enough") {
  const std::uint64_t seed = 2;
  CAPTURE(seed);
  for (const std::size_t count : {1U, 10U, 24U, 64U, 65U, 150U}) {
    CAPTURE(count);
    const hint::random_stream random(seed, count);
    const code_set q = labels(count, 5, random.fork(0));
    const code_set d = labels(count, 17, random.fork(1));
    const eval::shared_label judgements{q, d};
    for (std::size_t i = 0; i < 5; ++i)
      for (std::size_t j = 0; j < 17; ++j) {
        bool expected = false;
        for (std::size_t l = 0; l < count; ++l) expected = expected || (q.bit(i, l) && d.bit(j, l));
        CHECK(judgements.relevant(i, j) == expected);
      }
    check_marks(judgements, 5, 17);
    check_marks(eval::without_self{eval::shared_label{d}}, 17, 17);
  }
}

TEST_CASE("same_row, same_id and relevant_if") {
  CHECK(eval::same_row{}.relevant(3, 3));
  CHECK_FALSE(eval::same_row{}.relevant(3, 4));
  const std::vector<std::int64_t> queries{7, -1};
  const std::vector<std::int64_t> items{-1, 7, 7};
  const eval::same_id ids{queries, items};
  CHECK(ids.relevant(0, 1));
  CHECK(ids.relevant(0, 2));
  CHECK(ids.relevant(1, 0));
  CHECK_FALSE(ids.relevant(1, 1));
  const eval::relevant_if near{[](std::size_t q, std::size_t i) { return i <= q + 1; }};
  CHECK(near.relevant(2, 3));
  CHECK_FALSE(near.relevant(2, 4));
  check_marks(ids, 2, 3);
  check_marks(near, 5, 9);
}

TEST_CASE("without_self excludes the query's own row, also of itself") {
  const eval::without_self judgements{eval::same_row{}};
  CHECK_FALSE(judgements.relevant(2, 2));
  CHECK(judgements.excludes(2, 2));
  CHECK_FALSE(judgements.excludes(2, 3));
  const eval::without_self twice{judgements};
  CHECK(twice.excludes(2, 2));
  CHECK(judgements.conventions() == "same row, own row excluded");
}

TEST_CASE("without_self marks nothing behind a tile, where the query's own row may be the next") {
  constexpr std::size_t items = 2100;
  constexpr std::size_t tile = 1024;
  const std::vector<std::int64_t> same(items, 5);
  const eval::without_self others{eval::same_id{same, same}};
  for (const std::size_t first : {std::size_t{0}, tile})
    for (const std::size_t query : {first, first + tile - 1, first + tile}) {
      CAPTURE(first, query);
      std::vector<std::uint8_t> marks(tile + 1, 9);
      others.mark(query, first, std::span(marks).first(tile));
      for (std::size_t i = 0; i < tile; ++i) REQUIRE(marks[i] == (first + i == query ? 0 : 1));
      CHECK(marks[tile] == 9);
    }
  CHECK(eval::relevant_counts(others, items, items) ==
        std::vector<std::uint64_t>(items, items - 1));
}

TEST_CASE("relevant_counts counts, for any number of threads") {
  const hint::random_stream random(4, 0);
  const code_set q = labels(24, 50, random.fork(0));
  const code_set d = labels(24, 2500, random.fork(1));
  const eval::shared_label judgements{q, d};
  std::vector<std::uint64_t> expected(50, 0);
  for (std::size_t i = 0; i < 50; ++i)
    for (std::size_t j = 0; j < 2500; ++j) expected[i] += judgements.relevant(i, j) ? 1 : 0;
  CHECK(eval::relevant_counts(judgements, 50, 2500) == expected);
  hint::thread_pool pool{3};
  CHECK(eval::relevant_counts(judgements, 50, 2500, hint::context{pool}) == expected);
  CHECK(eval::relevant_counts(eval::without_self{eval::same_row{}}, 4, 4) ==
        std::vector<std::uint64_t>(4, 0));
  CHECK(eval::relevant_counts(eval::shared_label{code_set(3, 2), code_set(3, 0)}, 2, 0) ==
        std::vector<std::uint64_t>(2, 0));
  CHECK(eval::relevant_counts(eval::shared_label{code_set(3, 0), code_set(3, 2)}, 0, 2).empty());
}

TEST_CASE("relevance judgements refuse numbers of rows that are not theirs") {
  CHECK_THROWS_MESSAGE((eval::shared_label{code_set(3, 2), code_set(4, 2)}), hint::shape_error,
                       "shared_label: queries have 3 labels, the database 4");
  CHECK_THROWS_MESSAGE(
      eval::relevant_counts(eval::shared_label{code_set(3, 2), code_set(3, 5)}, 2, 6),
      hint::shape_error, "shared_label: labels of 2 queries and 5 items, expected 2 and 6");
  const std::vector<std::int64_t> two{1, 2};
  CHECK_THROWS_MESSAGE(eval::relevant_counts(eval::same_id{two, two}, 3, 2), hint::shape_error,
                       "same_id: ids of 2 queries and 2 items, expected 3 and 2");
  CHECK_THROWS_MESSAGE(eval::relevant_counts(eval::same_row{}, 3, 2), hint::shape_error,
                       "same_row: 3 queries, only 2 items");
}
