// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <set>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/graph/approximate/compared_rows.hpp>
#include <hint/graph/approximate/partition.hpp>

#include "data/rows.hpp"
#include "graph/approximate_rows.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using namespace hint;
using graph::detail::compared_rows;
using graph::detail::partition;
using graph::detail::random_partition;
using hint_tests::clustered_rows;
using hint_tests::rows_matrix;

std::vector<data::row_id> first_rows(std::size_t n) {
  std::vector<data::row_id> all(n);
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

TEST_CASE("columns become orthonormal, and combinations of others 0", "[graph][partition]") {
  rows_matrix q = hint_tests::random_matrix<float>(20, 5, 3);
  q.col(2) = q.col(0) * 2 - q.col(1);
  graph::detail::orthonormalize(q);
  const rows_matrix squares = q.transpose() * q;
  for (Eigen::Index i = 0; i < 5; ++i)
    for (Eigen::Index j = 0; j < 5; ++j)
      CHECK(std::abs(squares(i, j) - (i == j && i != 2 ? 1.0F : 0.0F)) < 1e-6F);
  rows_matrix wide = hint_tests::random_matrix<float>(2, 3, 3);  // more columns than dimensions
  graph::detail::orthonormalize(wide);
  CHECK(wide.col(2).norm() < 1e-6F);
}

TEST_CASE("a sketch keeps distances along the directions in which rows differ most",
          "[graph][partition]") {
  // Rows differ in 5 directions, and in 100 others by a hundredth.
  const rows_matrix x =
      hint_tests::random_matrix<float>(300, 5, 1) * hint_tests::random_matrix<float>(5, 100, 2) +
      0.01F * hint_tests::random_matrix<float>(300, 100, 3);
  const compared_rows<> rows(data::block(x), graph::metric::l2, "test", {});
  const auto s = graph::detail::sketch(rows, 8, {});
  REQUIRE(s.rows() == 300);
  REQUIRE(s.cols() == 8);
  compared_rows<>::scratch scratch;
  for (Eigen::Index i = 1; i < 300; ++i) {
    const double kept = static_cast<double>((s.row(0) - s.row(i)).squaredNorm()) / 2;
    const auto all = static_cast<double>(rows.score(0, static_cast<std::size_t>(i), scratch));
    CHECK(kept < all * 1.0001);
    CHECK(kept > all * 0.98);
  }
  thread_pool pool(3);
  CHECK(graph::detail::sketch(rows, 8, context{pool}) == s);
  CHECK(graph::detail::sketch(rows, 1000, {}).cols() == 100);
}

TEST_CASE("a partition has every row in one leaf, and leaves of equal size", "[graph][partition]") {
  const random_stream random(1, 2);
  for (const std::size_t n : {0U, 1U, 2U, 15U, 16U, 17U, 100U, 257U}) {
    const rows_matrix x = hint_tests::random_matrix<float>(300, 4, 1);
    std::vector<data::row_id> some;
    for (std::size_t i = 0; i < n; ++i) some.push_back(static_cast<data::row_id>(299 - i));
    const partition p = random_partition(x, some, 16, random, {});
    std::vector<data::row_id> all = p.order;
    std::sort(all.begin(), all.end());
    std::sort(some.begin(), some.end());
    CHECK(all == some);
    std::size_t least = n, most = 0, sum = 0;
    for (std::size_t l = 0; l < p.leaves(); ++l) {
      least = (std::min)(least, p.leaf(l).size());
      most = (std::max)(most, p.leaf(l).size());
      sum += p.leaf(l).size();
    }
    CHECK(sum == n);
    CHECK(most <= 16);
    CHECK(most - least <= 1);
    CHECK((n <= 16 || least >= 8));
  }
}

TEST_CASE("rows of a leaf are near each other, and other trees have other leaves",
          "[graph][partition]") {
  const rows_matrix x = clustered_rows(1024, 6, 8, 4);
  const auto all = first_rows(1024);
  const partition p = random_partition(x, all, 32, random_stream(1, 1), {});
  const auto spread = [&](const partition& q) {
    double sum = 0;
    for (std::size_t l = 0; l < q.leaves(); ++l)
      for (const data::row_id a : q.leaf(l))
        for (const data::row_id b : q.leaf(l))
          sum += static_cast<double>((x.row(a) - x.row(b)).squaredNorm());
    return sum;
  };
  partition none = p;
  none.order = permutation(1024, random_stream(5, 5));
  CHECK(spread(p) < 0.4 * spread(none));
  const partition other = random_partition(x, all, 32, random_stream(2, 1), {});
  CHECK(std::set<data::row_id>(p.leaf(0).begin(), p.leaf(0).end()) !=
        std::set<data::row_id>(other.leaf(0).begin(), other.leaf(0).end()));
  thread_pool pool(3);
  const partition same = random_partition(x, all, 32, random_stream(1, 1), context{pool});
  CHECK(same.bounds == p.bounds);
  for (std::size_t l = 0; l < p.leaves(); ++l)
    CHECK(std::set<data::row_id>(p.leaf(l).begin(), p.leaf(l).end()) ==
          std::set<data::row_id>(same.leaf(l).begin(), same.leaf(l).end()));
}

TEST_CASE("equal rows are divided, too", "[graph][partition]") {
  const partition p =
      random_partition(rows_matrix::Ones(64, 3), first_rows(64), 16, random_stream(1, 1), {});
  CHECK(p.leaves() == 4);
  CHECK(p.leaf(0).size() == 16);
}

}  // namespace
