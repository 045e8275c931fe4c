// SPDX-License-Identifier: MIT
#include <cstddef>

#include <hint/core/error.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/linalg/covariance.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::linalg::center_rows;
using hint::linalg::covariance;
using hint::linalg::matrix;
using hint::linalg::row_vector;
using hint_tests::random_matrix;
using hint_tests::same_bits;

TEST_CASE("center_rows takes the mean away", "[linalg]") {
  matrix<double> x(3, 2);
  x << 1, 10, 2, 20, 6, 60;
  const row_vector<double> mean = center_rows(x);
  CHECK(mean == row_vector<double>{{3, 30}});
  matrix<double> expected(3, 2);
  expected << -2, -20, -1, -10, 3, 30;
  CHECK(x == expected);
  matrix<double> one = matrix<double>::Constant(1, 4, 7);
  CHECK(center_rows(one) == row_vector<double>::Constant(4, 7));
  CHECK(one.isZero(0));
  matrix<double> none(0, 4);
  CHECK_THROWS_MESSAGE(center_rows(none), hint::invalid_argument, "center_rows: x has no rows");
}

TEST_CASE("covariance is the mean of products minus the product of means", "[linalg]") {
  for (const Eigen::Index n : {1, 2, 37, 600}) {
    const auto shift = [](matrix<double> m) { return matrix<double>(m.array() + 0.7); };
    const matrix<double> x = shift(random_matrix<double>(n, 5, 1));
    const matrix<double> y = shift(random_matrix<double>(n, 3, 2)) + x.leftCols(3);
    matrix<double> a = x, b = y;
    center_rows(a);
    center_rows(b);
    const matrix<double> found = covariance<double>(a, b);
    REQUIRE(found.rows() == 5);
    REQUIRE(found.cols() == 3);
    for (Eigen::Index i = 0; i < 5; ++i)
      for (Eigen::Index j = 0; j < 3; ++j) {
        double products = 0, of_x = 0, of_y = 0;
        for (Eigen::Index r = 0; r < n; ++r) {
          products += x(r, i) * y(r, j);
          of_x += x(r, i);
          of_y += y(r, j);
        }
        const double count = static_cast<double>(n);
        CAPTURE(n, i, j);
        CHECK(found(i, j) ==
              Approx(products / count - of_x / count * (of_y / count)).margin(1e-12));
      }
    hint::thread_pool pool(3);
    CHECK(same_bits(covariance<double>(a, b, pool), found));
  }
  const matrix<double> none(0, 2);
  CHECK_THROWS_MESSAGE(covariance<double>(none, none), hint::invalid_argument,
                       "covariance: x has no rows");
  CHECK_THROWS_AS(covariance<double>(matrix<double>(3, 2), matrix<double>(4, 2)),
                  hint::shape_error);
}

}  // namespace
