// SPDX-License-Identifier: MIT
#include <array>
#include <cstddef>

#include <hint/graph/nearest.hpp>
#include <hint/graph/neighbors_by_cost.hpp>

#include "data/rows.hpp"
#include "graph/approximate_rows.hpp"
#include "graph/brute_force.hpp"
#include "support/catch.hpp"

namespace {

using namespace hint;
using graph::approximate_lists;
using graph::estimate_search;
using graph::found_neighbors;
using graph::neighbor_lists;
using graph::neighbors_by_cost;
using graph::search_estimate;
using graph::search_kind;
using hint_tests::clustered_rows;
using hint_tests::lists_of;
using hint_tests::metric;
using hint_tests::rows_matrix;
using hint_tests::sparse_of;

/// n rows of zeros that take no memory: estimates look at their number alone.
data::block many_rows(std::size_t n, std::size_t d) {
  linalg::sparse_matrix<float> none(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(d));
  return data::block(none);
}
data::block one_row(std::size_t n, const rows_matrix& row) {
  return data::block(row)(std::vector<data::row_id>(n, 0));
}

TEST_CASE("the estimate recommends approximate search from about 100,000 dense rows on",
          "[graph][neighbors_by_cost]") {
  for (const Eigen::Index d : {64, 512, 4096}) {
    const rows_matrix row = rows_matrix::Ones(1, d);
    CHECK_FALSE(estimate_search(one_row(80000, row), 10).recommends_approximate());
    CHECK(estimate_search(one_row(110000, row), 10).recommends_approximate());
    CHECK_FALSE(estimate_search(one_row(110000, row), 101).recommends_approximate());
  }
  const search_estimate e = estimate_search(one_row(1000, rows_matrix::Ones(1, 8)), 5);
  CHECK(e.exact == 1000.0 * 1000 / 2 * 8);
  CHECK(e.approximate == 1000.0 * 8 * (8 * 768 + 1800 + 256));
}

TEST_CASE("the estimate of sparse rows counts what an inverted index reads",
          "[graph][neighbors_by_cost]") {
  const rows_matrix x = hint_tests::matrix_of({{1, 0, 2}, {0, 0, 3}, {0, 0, 0}, {4, 0, 0}});
  const search_estimate e = estimate_search(data::block(sparse_of(x)), 2);
  CHECK(e.exact == 20.0 * (16 + 4 + 0 + 4));
  CHECK(e.approximate > 0);
  CHECK_FALSE(estimate_search(many_rows(110000, 700), 10).recommends_approximate());
  CHECK(estimate_search(many_rows(10000000, 700), 10).recommends_approximate());
  CHECK(estimate_search(many_rows(10000000, 8193), 10).approximate == 0);
  const std::array<data::block, 2> both{many_rows(1000, 10), many_rows(1000, 9000)};
  CHECK(estimate_search(both, 3).approximate == 0);
  CHECK(estimate_search(both, 3).exact == 2 * 20e6);
  const std::array<data::block, 2> narrow{many_rows(1000, 10), many_rows(1000, 20)};
  CHECK(estimate_search(narrow, 3).approximate ==
        estimate_search(narrow[0], 3).approximate + estimate_search(narrow[1], 3).approximate);
}

TEST_CASE("what is asked for is searched, and few rows exactly", "[graph][neighbors_by_cost]") {
  const data::block b(clustered_rows(1500, 12, 20, 1));
  const graph::approximate_options o{.recall = 1, .trees = 2, .leaf = 64};
  const auto exact = lists_of(graph::nearest(b, 5, metric::l2));
  for (const search_kind how : {search_kind::automatic, search_kind::exact}) {
    const found_neighbors found = neighbors_by_cost(b, 5, metric::l2, how, o);
    CHECK(lists_of(found.lists) == exact);
    CHECK(found.exact);
    CHECK(found.recall == 1);
    CHECK(found.text() == "exact (cheaper than approximate search)");
  }
  const found_neighbors found = neighbors_by_cost(b, 5, metric::l2, search_kind::approximate, o);
  const approximate_lists same = graph::approximate_nearest(b, 5, metric::l2, o);
  CHECK(lists_of(found.lists) == lists_of(same.lists));
  CHECK(lists_of(found.lists) != exact);
  CHECK_FALSE(found.exact);
  CHECK(found.trees == 2);
  CHECK(found.recall == same.recall);
  CHECK(found.text().starts_with("approximate, " + same.text() + " (at about 1/0.1 of"));
}

TEST_CASE("an automatic search that finds too little is done again, exactly",
          "[graph][neighbors_by_cost]") {
  const neighbor_lists few(3, 1), many(4, 1);
  const search_estimate cheap{1000, 100}, dear{500, 100}, impossible{1e9, 0};
  std::size_t exact = 0, approximate = 0;
  double recall = 0.9;
  const auto search = [&](search_kind how, const search_estimate& e) {
    exact = approximate = 0;
    return graph::search_by_cost(
        how, e, context{},
        [&] {
          ++exact;
          return many;
        },
        [&] {
          ++approximate;
          return approximate_lists{few, recall, 7};
        });
  };
  CHECK(search(search_kind::automatic, cheap).text() ==
        "approximate, recall 0.9 by 7 trees (at about 1/10 of the cost of exact search)");
  CHECK((exact == 0 && approximate == 1));
  CHECK(search(search_kind::automatic, dear).text() ==
        "exact (at about 5 times the cost of approximate search)");
  CHECK((exact == 1 && approximate == 0));
  CHECK(search(search_kind::exact, cheap).lists.size() == 4);
  CHECK((exact == 1 && approximate == 0));
  CHECK(search(search_kind::automatic, impossible).text() == "exact");
  CHECK((exact == 1 && approximate == 0));
  recall = 0.5;
  const found_neighbors twice = search(search_kind::automatic, cheap);
  CHECK((exact == 1 && approximate == 1));
  CHECK(twice.exact);
  CHECK(twice.lists.size() == 4);
  CHECK(twice.text() == "exact, as approximate search had recall 0.5 by 7 trees");
  CHECK_FALSE(search(search_kind::approximate, cheap).exact);
  CHECK((exact == 0 && approximate == 1));
}

}  // namespace
