// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>

#include <hint/align/cosine_mse.hpp>
#include <hint/core/error.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::align::cosine_mse;
using matrix = hint::linalg::matrix<double>;
using hint_tests::random_matrix;

/// By the definition, pair by pair.
double by_definition(const matrix& a, const matrix& c, const matrix& s) {
  double sum = 0;
  for (Eigen::Index i = 0; i < a.rows(); ++i)
    for (Eigen::Index j = 0; j < c.rows(); ++j) {
      const double cosine = a.row(i).dot(c.row(j)) / (a.row(i).norm() * c.row(j).norm());
      sum += (cosine - s(i, j)) * (cosine - s(i, j));
    }
  return sum / static_cast<double>(a.rows() * c.rows());
}

TEST_CASE("value and gradients against the definition", "[align][cosine_mse]") {
  const matrix a = random_matrix<double>(5, 3, 1), c = random_matrix<double>(4, 3, 2),
               s = random_matrix<double>(5, 4, 3);
  matrix da = matrix::Constant(5, 3, 7), dc = matrix::Zero(4, 3);  // gradients are added
  CHECK(cosine_mse<double>(a, c, s, 0.5, da, dc) == Approx(by_definition(a, c, s)));
  const double step = 1e-6;
  for (Eigen::Index i = 0; i < a.size(); ++i) {
    matrix up = a, down = a;
    up.data()[i] += step;
    down.data()[i] -= step;
    CHECK(da.data()[i] - 7 ==
          Approx((by_definition(up, c, s) - by_definition(down, c, s)) / (4 * step)).margin(1e-8));
  }
  for (Eigen::Index i = 0; i < c.size(); ++i) {
    matrix up = c, down = c;
    up.data()[i] += step;
    down.data()[i] -= step;
    CHECK(dc.data()[i] ==
          Approx((by_definition(a, up, s) - by_definition(a, down, s)) / (4 * step)).margin(1e-8));
  }
}

TEST_CASE("a matrix against itself adds both gradients", "[align][cosine_mse]") {
  const matrix a = random_matrix<double>(5, 3, 1), s = random_matrix<double>(5, 5, 3);
  matrix both = matrix::Zero(5, 3), left = both, right = both;
  cosine_mse<double>(a, a, s, 1, both, both);
  cosine_mse<double>(a, a, s, 1, left, right);
  CHECK((both - left - right).norm() < 1e-12);
}

TEST_CASE("cosine_mse at its ends", "[align][cosine_mse]") {
  matrix none(0, 3), one = matrix::Ones(1, 3), s0(0, 1), s1 = matrix::Ones(1, 1);
  matrix d0(0, 3), d1 = matrix::Zero(1, 3);
  CHECK(cosine_mse<double>(none, one, s0, 1, d0, d1) == 0);
  CHECK(cosine_mse<double>(one, one, s1, 1, d1, d1) == Approx(0).margin(1e-24));
  const matrix zero = matrix::Zero(1, 3);
  CHECK(cosine_mse<double>(zero, one, s1, 1, d1, d1) == 1);
  CHECK(d1.allFinite());
  CHECK_THROWS_MESSAGE(cosine_mse<double>(one, one, s0, 1, d1, d1), hint::shape_error,
                       "cosine_mse: codes of 1 x 3 and 1 x 3, similarities of 0 x 1");
  CHECK_THROWS_MESSAGE(cosine_mse<double>(one, one, s1, 1, d0, d1), hint::shape_error,
                       "cosine_mse: gradients of 0 x 3 and 1 x 3, codes of 1 x 3 and 1 x 3");
}

TEST_CASE("of one bit, products are compared", "[align][cosine_mse]") {
  const matrix a = random_matrix<double>(5, 1, 1), c = random_matrix<double>(4, 1, 2),
               s = random_matrix<double>(5, 4, 3);
  matrix da = matrix::Zero(5, 1), dc = matrix::Zero(4, 1);
  const matrix e = a * c.transpose() - s;
  CHECK(cosine_mse<double>(a, c, s, 0.5, da, dc) == Approx(e.squaredNorm() / 20));
  CHECK((da - 0.5 * 2 * e * c / 20).norm() < 1e-12);
  CHECK((dc - 0.5 * 2 * e.transpose() * a / 20).norm() < 1e-12);
}

}  // namespace
