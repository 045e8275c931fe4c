// SPDX-License-Identifier: MIT
#include <cstddef>
#include <utility>
#include <vector>

#include <hint/graph/nearest/inverted_index.hpp>

#include "data/rows.hpp"
#include "support/catch.hpp"

using hint::data::block;
using hint::graph::detail::inverted_index;
using hint_tests::matrix_of;
using hint_tests::sparse_of;

TEST_CASE("columns name the rows that use them") {
  const block rows(sparse_of(matrix_of({{0, 2, 0}, {3, 4, 0}, {0, 0, 0}, {5, 0, 0}})));
  const inverted_index columns(rows, {});
  using entries = std::vector<std::pair<hint::node_id, float>>;
  const auto column = [&](std::size_t j) { return entries(columns[j].begin(), columns[j].end()); };
  CHECK(column(0) == entries{{1, 3}, {3, 5}});
  CHECK(column(1) == entries{{0, 2}, {1, 4}});
  CHECK(column(2).empty());
  CHECK(columns.queries_at_once(4) == 64);
  CHECK(columns.queries_at_once(1900000) == 2);
  CHECK(columns.queries_at_once(1000000000) == 1);
  const inverted_index some(rows, 1, 3);
  CHECK(entries(some[0].begin(), some[0].end()) == entries{{0, 3}});
  CHECK(entries(some[1].begin(), some[1].end()) == entries{{0, 4}});
  hint::linalg::sparse_matrix<float> zeros(1, 1);
  zeros.insert(0, 0) = 0;
  zeros.makeCompressed();
  CHECK(inverted_index(block(zeros), {})[0].empty());
  struct stops {
    static bool stop_requested() { return true; }
  } observer;
  CHECK(inverted_index(rows, observer)[0].empty());
}
