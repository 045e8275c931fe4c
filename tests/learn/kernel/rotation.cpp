// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <numbers>

#include <hint/learn/kernel/rotation.hpp>
#include <hint/linalg/subspace.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::learn::detail::fit_rotation;
using hint::linalg::matrix;

double away_from_identity(const matrix<double>& r) {
  return (r.transpose() * r - matrix<double>::Identity(r.cols(), r.cols())).cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("a rotation of the plane is found", "[learn][rotation]") {
  // Four points on the axes; after 45 degrees they are +-(1, 1) and +-(1, -1), and signs lose nothing.
  matrix<double> z(4, 2);
  z << 1, 0, -1, 0, 0, 1, 0, -1;
  const double angle = 0.6;
  matrix<double> r(2, 2);
  r << std::cos(angle), -std::sin(angle), std::sin(angle), std::cos(angle);
  fit_rotation(z, r, 20);
  CHECK(away_from_identity(r) < 1e-14);
  CHECK((r.cwiseAbs().array() - std::numbers::sqrt2 / 2).abs().maxCoeff() < 1e-12);
}

TEST_CASE("the sum of lengths along the axes never falls", "[learn][rotation]") {
  for (const Eigen::Index width : {1, 3, 6}) {
    CAPTURE(width);
    matrix<double> z = hint_tests::random_matrix<double>(200, 6, 1);
    for (Eigen::Index c = 0; c < 6; ++c) z.col(c) *= std::exp2(-static_cast<double>(c));
    const matrix<double> start = hint::linalg::random_orthonormal(6, width, {5, 1});
    double before = (z * start).cwiseAbs().sum();
    const double first = before;
    for (std::size_t rounds = 1; rounds <= 15; ++rounds) {
      matrix<double> r = start;
      fit_rotation(z, r, rounds);
      CHECK(away_from_identity(r) < 1e-10);
      const double now = (z * r).cwiseAbs().sum();
      CHECK(now >= before * (1 - 1e-12));
      before = now;
    }
    CHECK(before > 1.02 * first);
  }
}

TEST_CASE("where the rotation is not unique it stays", "[learn][rotation]") {
  matrix<double> z = hint_tests::random_matrix<double>(50, 3, 1);
  z.col(2).setZero();
  const matrix<double> start = matrix<double>::Identity(3, 3);
  matrix<double> r = start;
  fit_rotation(z, r, 5);
  CHECK(hint_tests::same_bits(r, start));
  fit_rotation(matrix<double>::Zero(4, 3), r, 5);
  CHECK(hint_tests::same_bits(r, start));
  fit_rotation(z, r, 0);
  CHECK(hint_tests::same_bits(r, start));
}
