// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/reduce.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using Eigen::Index;
using hint::linalg::matrix;
using hint_tests::random_matrix;
using hint_tests::same_bits;

TEMPLATE_TEST_CASE("column sums and means", "[linalg][reduce]", float, double) {
  using T = TestType;
  hint::thread_pool two(2), three(3);
  hint_tests::backwards many;
  const std::array<hint::executor_ref, 3> executors = {two, three, many};
  for (const Index n : {1, 2, 255, 256, 257, 1000}) {
    CAPTURE(n);
    const matrix<T> x = random_matrix<T>(n, 13, 7);
    const matrix<T> sums = hint::linalg::column_sums<T>(x);
    const matrix<T> means = hint::linalg::column_means<T>(x);
    for (Index j = 0; j < 13; ++j) {
      const double expected = x.col(j).template cast<double>().sum();
      CHECK(static_cast<double>(sums(0, j)) == Approx(expected).margin(1e-4));
      CHECK(static_cast<double>(means(0, j)) ==
            Approx(expected / static_cast<double>(n)).margin(1e-6));
    }
    for (const hint::executor_ref& e : executors)
      CHECK(same_bits<T>(sums, hint::linalg::column_sums<T>(x, e)));
  }
  CHECK(hint::linalg::column_sums<T>(matrix<T>(0, 4)).isZero());
  CHECK_THROWS_MESSAGE(hint::linalg::column_means<T>(matrix<T>(0, 4)), hint::shape_error,
                       "column_means: x is 0 x 4, expected at least one row");
}

TEMPLATE_TEST_CASE("row norms and normalisation", "[linalg][reduce]", float, double) {
  using T = TestType;
  matrix<T> x = random_matrix<T>(150, 37, 9);
  x.row(3).setZero();
  x.row(4) *= (std::numeric_limits<T>::max)() / T{100};  // squares overflow
  x.row(5) *= (std::numeric_limits<T>::min)() * T{100};  // squares vanish
  const auto norms = hint::linalg::row_norms<T>(x);
  for (Index i = 0; i < x.rows(); ++i) {
    long double squares = 0;
    for (Index j = 0; j < x.cols(); ++j)
      squares += static_cast<long double>(x(i, j)) * static_cast<long double>(x(i, j));
    const double expected = static_cast<double>(std::sqrt(squares));
    CHECK(std::abs(static_cast<double>(norms[i]) - expected) <= 1e-6 * expected);
  }
  matrix<T> unit = x;
  hint::linalg::normalize_rows<T>(unit);
  CHECK(unit.row(3).isZero(0));
  for (Index i = 0; i < x.rows(); ++i) {
    if (i == 3) continue;
    CHECK(static_cast<double>(unit.row(i).norm()) == Approx(1).epsilon(1e-6));
    CHECK(static_cast<double>(unit.row(i).cwiseProduct(x.row(i) / norms[i]).sum()) ==
          Approx(1).epsilon(1e-6));
  }

  hint::thread_pool three(3);
  matrix<T> again = x;
  hint::linalg::normalize_rows<T>(again, three);
  CHECK(same_bits(unit, again));
  for (Index i = 0; i < x.rows(); ++i) {  // a row alone, somewhere else in memory
    matrix<T> row = x.row(i);
    hint::linalg::normalize_rows<T>(row);
    CHECK(same_bits<T>(row, unit.row(i)));
  }
}

TEST_CASE("norms of odd rows", "[linalg][reduce]") {
  using view = std::span<const float>;
  CHECK(hint::linalg::norm(view()) == 0);
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> infinite = {1, -infinity}, nan = {1, std::nanf("")};
  CHECK(hint::linalg::norm(view(infinite)) == infinity);
  CHECK(std::isnan(hint::linalg::norm(view(nan))));
  matrix<float> none(0, 5);
  hint::linalg::normalize_rows<float>(none);
  CHECK(hint::linalg::row_norms<float>(none).size() == 0);
}

}  // namespace
