// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/graph/approximate/growing_lists.hpp>

#include "data/rows.hpp"
#include "graph/brute_force.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using namespace hint;
using graph::detail::compared_rows;
using graph::detail::growing_lists;
using graph::detail::partition;
using hint_tests::all_metrics;
using hint_tests::brute_force;
using hint_tests::metric;
using hint_tests::name_of;
using hint_tests::rows_matrix;

std::vector<data::row_id> first_rows(std::size_t n) {
  std::vector<data::row_id> all(n);
  std::iota(all.begin(), all.end(), 0U);
  return all;
}
std::vector<data::row_id> rows_in(const growing_lists<>& lists, std::size_t row) {
  std::vector<data::row_id> out;
  for (const auto& e : lists[row]) out.push_back(e.row);
  return out;
}
std::vector<data::row_id> rows_in(const std::vector<hint_tests::near_row>& list) {
  std::vector<data::row_id> out;
  for (const auto& r : list) out.push_back(r.row);
  return out;
}

TEST_CASE("a growing list keeps the best of what it was offered, each once",
          "[graph][growing_lists]") {
  const random_stream random(3, stream_id("growing_lists"));
  for (const std::size_t k : {1U, 2U, 5U}) {
    growing_lists<> lists(2, k);
    std::set<std::pair<float, std::uint32_t>> all;
    CHECK(lists.limit(1) > 1e20F);
    for (std::size_t i = 0; i < 200; ++i) {
      const auto row = static_cast<std::uint32_t>(random.below(i, 40));
      const float score = static_cast<float>(row / 2 * 7 % 11);  // of a row always the same
      lists.offer(1, row, score);
      all.emplace(score, row);
      REQUIRE(lists[1].size() == (std::min)(k, all.size()));
      auto expected = all.begin();
      for (const auto& e : lists[1]) {
        CHECK(e.score == expected->first);
        CHECK(e.row == expected->second);
        CHECK(e.fresh == 1);
        ++expected;
      }
      if (all.size() >= k) CHECK(lists.limit(1) == lists[1].back().score);
    }
    CHECK(lists[0].empty());
  }
}

TEST_CASE("rows of a leaf are compared with each other and with no one else",
          "[graph][growing_lists]") {
  const rows_matrix x = hint_tests::random_matrix<float>(320, 5, 1);
  // Leaves of more and of less than a strip.
  partition p{permutation(320, random_stream(1, 1)), {0, 200, 201, 320}};
  for (const metric how : all_metrics) {
    CAPTURE(name_of(how));
    const compared_rows<> rows(data::block(x), how, "test", {});
    growing_lists<> lists(320, 6);
    thread_pool pool(2);
    REQUIRE(lists.compare_within(rows, p, context{pool}));
    for (std::size_t l = 0; l < p.leaves(); ++l)
      for (const data::row_id i : p.leaf(l))
        CHECK(rows_in(lists, i) == rows_in(brute_force(x, i, p.leaf(l), 6, how)));
    // Once more with all: what was found stays.
    const partition whole{first_rows(320), {0, 320}};
    REQUIRE(lists.compare_within(rows, whole, {}));
    const auto all = brute_force(x, 6, how);
    for (std::size_t i = 0; i < 320; ++i) CHECK(rows_in(lists, i) == rows_in(all[i]));
  }
}

TEST_CASE("some rows are compared with all, whichever way round", "[graph][growing_lists]") {
  rows_matrix x = hint_tests::random_matrix<float>(5000, 4, 2);
  x.row(9).setZero();
  const std::vector<data::row_id> some{4321, 7, 100, 9};
  for (const metric how : all_metrics) {
    CAPTURE(name_of(how));
    const compared_rows<> rows(data::block(x), how, "test", {});
    growing_lists<> found(some.size(), 5);
    thread_pool pool(2);
    REQUIRE(found.search(rows, some, context{pool}));
    const auto all = first_rows(5000);
    for (std::size_t s = 0; s + 1 < some.size(); ++s)
      CHECK(rows_in(found, s) == rows_in(brute_force(x, some[s], all, 5, how)));
    if (how == metric::cosine) continue;  // a row of zeros has no neighbours
    growing_lists<> lists(5000, 3);
    REQUIRE(lists.compare_with(rows, some, context{pool}));
    for (const data::row_id i : {0U, 7U, 127U, 128U, 4321U, 4999U})
      CHECK(rows_in(lists, i) == rows_in(brute_force(x, i, some, 3, how)));
  }
}

TEST_CASE("a join compares rows that have a neighbour in common, either way, once",
          "[graph][growing_lists]") {
  const rows_matrix x = hint_tests::random_matrix<float>(60, 3, 4);
  const compared_rows<> rows(data::block(x), metric::l2, "test", {});
  compared_rows<>::scratch s;
  growing_lists<> lists(60, 12);
  // Two chains, of which each row has the next in its list; the second one has an end.
  std::vector<std::set<data::row_id>> links(60);
  for (std::size_t i = 0; i < 59; ++i) {
    if (i == 29) continue;
    lists.offer(i, i + 1, rows.score(i, i + 1, s));
    links[i].insert(static_cast<data::row_id>(i + 1));
    links[i + 1].insert(static_cast<data::row_id>(i));
  }
  REQUIRE(lists.join(rows, first_rows(60), {}));
  std::vector<std::set<data::row_id>> expected(60);
  for (std::size_t i = 0; i < 60; ++i)
    for (const data::row_id j : links[i]) {
      if (j == i + 1) expected[i].insert(j);  // it was there
      for (const data::row_id l : links[j])
        if (l != i) expected[i].insert(l);
    }
  for (std::size_t i = 0; i < 60; ++i) {
    const auto found = rows_in(lists, i);
    CHECK(std::set<data::row_id>(found.begin(), found.end()) == expected[i]);
    for (const auto& e : lists[i]) CHECK(e.score == rows.score(i, e.row, s));
    CHECK(std::is_sorted(lists[i].begin(), lists[i].end(),
                         [](const auto& a, const auto& b) { return a.score < b.score; }));
  }
  // Joins go on until all rows of a chain that fit are known.
  for (int round = 0; round < 8; ++round) REQUIRE(lists.join(rows, first_rows(60), {}));
  std::vector<data::row_id> chain = first_rows(30);
  std::size_t right = 0;
  for (std::size_t i = 0; i < 30; ++i)
    right += rows_in(lists, i) ==
                     rows_in(brute_force(x, static_cast<data::row_id>(i), chain, 12, metric::l2))
                 ? 1U
                 : 0U;
  CHECK(right >= 28);
}

TEST_CASE("a join does not depend on the order of rows or on threads", "[graph][growing_lists]") {
  const rows_matrix x = hint_tests::random_matrix<float>(500, 8, 5);
  const compared_rows<> rows(data::block(x), metric::cosine, "test", {});
  partition p{permutation(500, random_stream(1, 1)), {}};
  for (std::size_t i = 0; i <= 500; i += 20) p.bounds.push_back(i);
  growing_lists<> a(500, 6), b(500, 6);
  REQUIRE(a.compare_within(rows, p, {}));
  REQUIRE(b.compare_within(rows, p, {}));
  thread_pool pool(3);
  for (int round = 0; round < 3; ++round) {
    REQUIRE(a.join(rows, first_rows(500), {}));
    REQUIRE(b.join(rows, p.order, context{pool}));
    for (std::size_t i = 0; i < 500; ++i) REQUIRE(rows_in(a, i) == rows_in(b, i));
  }
}

}  // namespace
