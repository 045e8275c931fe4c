// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>

#include <Eigen/SVD>

#include <hint/core/error.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/linalg/singular.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using Eigen::Index;
using hint::linalg::leading_singular_vectors;
using hint::linalg::matrix;
using hint::linalg::singular_vectors;
using hint_tests::random_matrix;
using hint_tests::same_bits;

double distance(const matrix<double>& a, const matrix<double>& b) {
  return (a - b).cwiseAbs().maxCoeff();
}

TEST_CASE("leading singular vectors are those of Jacobi's method", "[linalg]") {
  for (const auto& [p, q] : {std::pair<Index, Index>{1, 1}, {6, 6}, {20, 7}, {7, 20}, {1, 9}}) {
    const matrix<double> k = random_matrix<double>(p, q, 3);
    const singular_vectors found = leading_singular_vectors(k, 1e-6);
    const Eigen::JacobiSVD<Eigen::MatrixXd> svd(k, Eigen::ComputeThinU | Eigen::ComputeThinV);
    const Index rank = (std::min)(p, q);
    CAPTURE(p, q);
    REQUIRE(found.values.size() == rank);
    CHECK(distance(found.values, svd.singularValues()) < 1e-10);
    for (Index i = 0; i < rank; ++i) {  // equal but for a sign common to both sides
      const double left = svd.matrixU().col(i).dot(found.left.col(i));
      const double right = svd.matrixV().col(i).dot(found.right.col(i));
      CHECK(std::abs(left) == Approx(1).epsilon(1e-8));
      CHECK(left == Approx(right).epsilon(1e-8));
    }
    CHECK(distance(found.left * found.values.asDiagonal() * found.right.transpose(), k) < 1e-9);
    hint::thread_pool pool(3);
    const singular_vectors again = leading_singular_vectors(k, 1e-6, pool);
    CHECK(same_bits(again.left, found.left));
    CHECK(same_bits(again.right, found.right));
  }
}

TEST_CASE("singular values below the tolerance are left out, but never all", "[linalg]") {
  matrix<double> k = matrix<double>::Zero(5, 4);
  k(0, 1) = 8;
  k(3, 0) = -2;
  k(4, 3) = 0.5;
  CHECK(leading_singular_vectors(k, 1e-6).values.size() == 3);
  const singular_vectors two = leading_singular_vectors(k, 0.1);
  REQUIRE(two.values.size() == 2);
  CHECK(two.values(0) == Approx(8));
  CHECK(two.values(1) == Approx(2));
  CHECK(two.left.rows() == 5);
  CHECK(two.right.rows() == 4);
  CHECK(two.left.cols() == 2);
  CHECK(two.right.cols() == 2);
  CHECK(std::abs(two.left(3, 1)) == Approx(1));
  CHECK(std::abs(two.right(0, 1)) == Approx(1));
  CHECK(leading_singular_vectors(k, 1).values.size() == 1);

  const singular_vectors none = leading_singular_vectors(matrix<double>::Zero(2, 3), 1e-6);
  CHECK(none.left.allFinite());
  CHECK(none.right.allFinite());
  CHECK(none.values.maxCoeff() <= 1e-12);
  CHECK_THROWS_MESSAGE(leading_singular_vectors(matrix<double>(0, 3), 0.1), hint::shape_error,
                       "leading_singular_vectors: k is 0 x 3");
}

}  // namespace
