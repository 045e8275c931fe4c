// SPDX-License-Identifier: MIT
#include <hint/graph/nearest/tiles.hpp>

#include <cstddef>

#include "graph/brute_force.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace graph = hint::graph;
using graph::metric;

TEST_CASE("who may be asked to stop compares few long rows or many short ones at once",
          "[graph][tiles]") {
  CHECK(graph::detail::candidates_at_once(0) % graph::detail::candidate_tile == 0);
  CHECK(graph::detail::candidates_at_once(1U << 30) == 16);
  for (const std::size_t cols : {1U, 10U, 1000U, 100000U})
    CHECK(graph::detail::candidates_at_once(cols) >= graph::detail::candidates_at_once(2 * cols));
}

TEST_CASE("a tile has the products of its rows, or their L1 distances, negated", "[graph][tiles]") {
  const auto a = hint_tests::random_matrix<float>(5, 9, 1),
             b = hint_tests::random_matrix<float>(4, 9, 2);
  hint_tests::rows_matrix both(9, 9);
  both << a, b;
  for (const metric how : {metric::dot, metric::l1}) {
    hint::linalg::matrix<float> tile;
    graph::detail::multiply_rows(how, a, b, tile);
    REQUIRE(tile.rows() == 5);
    REQUIRE(tile.cols() == 4);
    for (Eigen::Index i = 0; i < 5; ++i)
      for (Eigen::Index j = 0; j < 4; ++j) {
        const double distance = *hint_tests::distance(both, i, 5 + j, how);
        CHECK(static_cast<double>(tile(i, j)) == Approx(-distance).margin(1e-5));
      }
  }
}
