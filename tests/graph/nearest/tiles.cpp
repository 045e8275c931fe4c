// SPDX-License-Identifier: MIT
#include <hint/graph/nearest/tiles.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include <hint/core/random.hpp>

#include "support/catch.hpp"

namespace graph = hint::graph;
using graph::metric;
using hint::data::block;

namespace {

/// Whole numbers or fractions, a third of them not 0.
hint::linalg::matrix<float> rows_of(std::uint64_t seed, hint::linalg::index n,
                                    hint::linalg::index d, bool whole) {
  const hint::random_stream random(seed, 0);
  hint::linalg::matrix<float> x = hint::linalg::matrix<float>::Zero(n, d);
  for (hint::linalg::index i = 0; i < x.size(); ++i) {
    const auto k = static_cast<std::uint64_t>(i);
    if (random.below(2 * k, 3) == 0)
      x.data()[i] = whole ? static_cast<float>(random.below(2 * k + 1, 7)) - 3
                          : static_cast<float>(random.uniform(2 * k + 1)) - 0.5F;
  }
  return x;
}

}  // namespace

TEST_CASE("sums over whole numbers are known to be exact", "[graph][tiles]") {
  for (const metric how : {metric::cosine, metric::l2, metric::dot})
    for (const bool whole : {true, false}) {
      const block rows = rows_of(1, 20, 5, whole);
      const auto squares = graph::detail::squared_norms(rows);
      const double most = *std::max_element(squares.begin(), squares.end());
      CHECK(graph::detail::exact_sums(rows, squares, how) ==
            (whole ? graph::detail::exact_blur(how, most) : 0));
    }
  hint::linalg::matrix<float> large(1, 1);
  large(0, 0) = 4097;  // whose square is above 2^24
  const block rows(large);
  CHECK(graph::detail::exact_sums(rows, graph::detail::squared_norms(rows), metric::dot) == 0);
}

TEST_CASE("rows of an inverted index find their nearest by distance, then by number",
          "[graph][tiles]") {
  for (const std::uint64_t seed : {1U, 2U, 3U})
    for (const bool whole : {true, false})
      for (const metric how : {metric::cosine, metric::l2, metric::l1, metric::dot}) {
        CAPTURE(seed, whole, static_cast<int>(how));
        const std::size_t n = 60, k = 7;
        const block rows(
            hint::linalg::sparse_matrix<float>(rows_of(seed, 60, 9, whole).sparseView()));
        const auto squares = graph::detail::squared_norms(rows);
        const graph::detail::inverted_index columns(rows, {});
        std::vector<hint::data::row_id> all(n);
        std::iota(all.begin(), all.end(), 0U);
        const graph::detail::float_plan plan{
            .how = how, .exact = graph::detail::exact_sums(rows, squares, how)};
        const auto terms = graph::detail::sparse_terms(rows, all, squares, plan);
        graph::neighbor_lists lists(n, k);
        graph::detail::sparse_part(rows, columns, plan, terms, squares, 0, n, k, lists);

        graph::detail::sparse_pair pair(rows);
        for (std::size_t q = 0; q < n; ++q) {
          std::vector<std::pair<double, std::size_t>> expected;
          pair.from(q);
          for (std::size_t c = 0; c < n; ++c) {
            if (c == q || !graph::detail::usable(how, squares[q]) ||
                !graph::detail::usable(how, squares[c]))
              continue;
            pair.to(c);
            expected.emplace_back(graph::detail::rounded(graph::detail::distance(
                                      how, pair, squares[q], squares[c], rows.cols())),
                                  c);
          }
          std::sort(expected.begin(), expected.end());
          expected.resize((std::min)(expected.size(), k));
          REQUIRE(lists[q].size() == expected.size());
          for (std::size_t i = 0; i < expected.size(); ++i)
            REQUIRE(lists[q][i].row == expected[i].second);
        }
      }
}

TEST_CASE("who may be asked to stop compares few long rows or many short ones at once",
          "[graph][tiles]") {
  CHECK(graph::detail::candidates_at_once(0) % graph::detail::candidate_tile == 0);
  CHECK(graph::detail::candidates_at_once(1U << 30) == 16);
  for (const std::size_t cols : {1U, 10U, 1000U, 100000U})
    CHECK(graph::detail::candidates_at_once(cols) >= graph::detail::candidates_at_once(2 * cols));
}
