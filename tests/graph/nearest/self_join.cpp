// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/graph/nearest.hpp>
#include <hint/graph/nearest/self_join.hpp>

#include "graph/brute_force.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::data::block;
using hint::graph::nearest;
using hint_tests::all_metrics;
using hint_tests::brute_force;
using hint_tests::lists_of;
using hint_tests::lists_of_rows;
using hint_tests::metric;
using hint_tests::name_of;
using hint_tests::rows_matrix;
using hint_tests::small_integers;

}  // namespace

TEST_CASE("a self-join around the borders of its blocks is brute force", "[graph][self_join]") {
  hint::thread_pool one(1), two(2), three(3);
  hint_tests::backwards last_first;
  for (const std::size_t n : {2U, 63U, 64U, 65U, 127U, 128U, 129U, 193U, 320U, 385U}) {
    // Few different numbers: many ties, many equal rows, some of zeros.
    for (const std::size_t d : {1U, 3U, 12U}) {
      const rows_matrix x = small_integers(n, d, 100 * n + d);
      for (const metric how : all_metrics)
        for (const std::size_t k : {std::size_t{1}, std::size_t{10}, n}) {
          CAPTURE(n, d, k, name_of(how));
          const lists_of_rows expected = brute_force(x, k, how);
          CHECK(lists_of(nearest(block(x), k, how, hint::context{one})) == expected);
          CHECK(lists_of(nearest(block(x), k, how, hint::context{two})) == expected);
          CHECK(lists_of(nearest(block(x), k, how, hint::context{three})) == expected);
          CHECK(lists_of(nearest(block(x), k, how, hint::context{last_first})) == expected);
        }
    }
  }
}

TEST_CASE("a self-join gives the lists of a search for each row alone", "[graph][self_join]") {
  const std::uint64_t seed = 21;
  rows_matrix x = hint_tests::random_matrix<float>(700, 40, seed);
  x.middleRows(300, 100) = x.topRows(100);  // equal rows
  x.row(5).setZero();
  x.row(650) = 3 * x.row(651);
  std::vector<hint::data::row_id> all(700);
  for (std::size_t i = 0; i < 700; ++i) all[i] = static_cast<hint::data::row_id>(i);
  hint::thread_pool two(2);
  for (const float offset : {0.0F, 300.0F})
    for (const metric how : all_metrics) {
      CAPTURE(seed, offset, name_of(how));
      const block rows(rows_matrix(x.array() + offset));
      const auto squares = hint::graph::detail::squared_norms(rows);
      hint::graph::neighbor_lists expected(700, 12);
      for (std::size_t i = 0; i < 700; ++i)  // not the same rows, so each row meets all
        hint::graph::nearest_among(rows, std::span(all).subspan(i, 1), all, squares, 12, how,
                                   expected);
      CHECK(lists_of(nearest(rows, 12, how)) == lists_of(expected));
      CHECK(lists_of(nearest(rows, 12, how, hint::context{two})) == lists_of(expected));
    }
}

TEST_CASE("lists of all rows are open at once up to a GiB", "[graph][self_join]") {
  CHECK(hint::graph::detail::lists_fit(700000, 10));
  CHECK_FALSE(hint::graph::detail::lists_fit(2000000, 10));
  CHECK(hint::graph::detail::lists_fit(10000, 1000));
  CHECK_FALSE(hint::graph::detail::lists_fit(10000, 10000));
  CHECK_FALSE(hint::graph::detail::lists_fit((std::numeric_limits<std::size_t>::max)(),
                                             (std::numeric_limits<std::size_t>::max)()));
}

TEST_CASE("who may be asked to stop multiplies fewer long rows at once", "[graph][self_join]") {
  struct stops {
    static bool stop_requested() { return true; }
  } observer;
  hint::sequential here;
  const hint::context may(here, observer), must;
  using hint::graph::detail::rows_at_once;
  CHECK(rows_at_once(100000, 512, must) == 512);
  CHECK(rows_at_once(100000, 4096, may) == 128);
  CHECK(rows_at_once(100000, 100000, may) == 64);
  for (const std::size_t cols : {1U, 100U, 10000U})
    CHECK(rows_at_once(100000, cols, may) <= rows_at_once(100000, cols, must));
}
