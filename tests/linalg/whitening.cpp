// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>

#include <hint/core/error.hpp>
#include <hint/linalg/covariance.hpp>
#include <hint/linalg/whitening.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using Eigen::Index;
using hint::linalg::matrix;
using hint::linalg::whitening;
using hint_tests::random_matrix;

/// C + r m I, and its lower Cholesky factor by the formula for each element.
matrix<double> regularized(const matrix<double>& c, double r) {
  double mean = 0;
  for (Index i = 0; i < c.rows(); ++i) mean += c(i, i) / static_cast<double>(c.rows());
  matrix<double> out = c;
  for (Index i = 0; i < c.rows(); ++i) out(i, i) += r * (mean > 0 ? mean : 1);
  return out;
}
matrix<double> cholesky(const matrix<double>& c) {
  matrix<double> a = matrix<double>::Zero(c.rows(), c.rows());
  for (Index i = 0; i < c.rows(); ++i)
    for (Index j = 0; j <= i; ++j) {
      double rest = c(i, j);
      for (Index k = 0; k < j; ++k) rest -= a(i, k) * a(j, k);
      a(i, j) = i == j ? std::sqrt(rest) : rest / a(j, j);
    }
  return a;
}
double distance(const matrix<double>& a, const matrix<double>& b) {
  return (a - b).cwiseAbs().maxCoeff();
}

TEST_CASE("whitening divides by the Cholesky factor", "[linalg]") {
  for (const Index d : {1, 2, 7, 40})
    for (const double r : {1e-6, 0.01, 3.0}) {
      CAPTURE(d, r);
      const matrix<double> x = random_matrix<double>(60, d, 1);
      const matrix<double> c = hint::linalg::covariance<double>(x, x);
      const matrix<double> a = cholesky(regularized(c, r));
      const whitening w(c, r);
      const matrix<double> z = random_matrix<double>(d, 5, 2);
      matrix<double> m = a * z;
      w.whiten(m);
      CHECK(distance(m, z) < 1e-9);
      m = a.transpose() * z;
      w.directions(m);
      CHECK(distance(m, z) < 1e-9);
    }
}

TEST_CASE("whitened rows have the identity as covariance", "[linalg]") {
  matrix<double> x = random_matrix<double>(200, 6, 1) * random_matrix<double>(6, 6, 2);
  hint::linalg::center_rows(x);
  const whitening w(hint::linalg::covariance<double>(x, x), 1e-12);
  matrix<double> z = x.transpose();
  w.whiten(z);
  CHECK(distance(z * z.transpose() / 200, matrix<double>::Identity(6, 6)) < 1e-8);
  // A direction in whitened coordinates projects as its counterpart does before.
  matrix<double> u = random_matrix<double>(6, 2, 3);
  const matrix<double> projected = z.transpose() * u;
  w.directions(u);
  CHECK(distance(x * u, projected) < 1e-9);
}

TEST_CASE("whitening of what says nothing, or too little", "[linalg]") {
  const whitening none(matrix<double>::Zero(3, 3), 0.25);  // sqrt(1/4) times the identity
  matrix<double> m = matrix<double>::Identity(3, 3);
  none.whiten(m);
  CHECK(distance(m, 2 * matrix<double>::Identity(3, 3)) < 1e-15);
  CHECK_THROWS_MESSAGE(whitening(matrix<double>::Zero(3, 3), 0), hint::invalid_argument,
                       "whitening: the covariance of 3 columns is not positive definite with "
                       "regularization 0");
  CHECK_THROWS_MESSAGE(whitening(matrix<double>(3, 2), 1), hint::shape_error,
                       "whitening: the covariance is 3 x 2, expected a square one");
  CHECK_THROWS_MESSAGE(whitening(matrix<double>(0, 0), 1), hint::shape_error,
                       "whitening: the covariance is 0 x 0, expected a square one");
}

}  // namespace
