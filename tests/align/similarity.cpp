// SPDX-License-Identifier: MIT
#include <cmath>
#include <limits>

#include <hint/align/similarity.hpp>

#include "align/gradients.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

namespace align = hint::align;
using hint::linalg::matrix;
using hint_tests::random_matrix;

TEST_CASE("products of directions are the similarities", "[align][similarity]") {
  const matrix<double> x = random_matrix<double>(4, 9, 1), y = random_matrix<double>(5, 9, 2);
  for (const auto how :
       {align::similarity::cosine, align::similarity::scaled_dot, align::similarity::dot}) {
    const align::directions<double> a(x, how), b(y, how);
    for (Eigen::Index i = 0; i < 4; ++i)
      for (Eigen::Index j = 0; j < 5; ++j) {
        double product = 0, xx = 0, yy = 0;
        for (Eigen::Index c = 0; c < 9; ++c) {
          product += x(i, c) * y(j, c);
          xx += x(i, c) * x(i, c);
          yy += y(j, c) * y(j, c);
        }
        const double expected = how == align::similarity::cosine ? product / std::sqrt(xx * yy)
                                : how == align::similarity::scaled_dot ? product / 9
                                                                       : product;
        double found = 0;
        for (Eigen::Index c = 0; c < 9; ++c) found += a.rows(i, c) * b.rows(j, c);
        CHECK(found == Approx(expected).epsilon(1e-12));
      }
  }
}

TEST_CASE("backward is the gradient by the original rows", "[align][similarity]") {
  const matrix<double> x = random_matrix<double>(4, 6, 3), w = random_matrix<double>(4, 6, 4);
  for (const auto how :
       {align::similarity::cosine, align::similarity::scaled_dot, align::similarity::dot}) {
    matrix<double> gradient = matrix<double>::Zero(4, 6);
    align::directions<double>(x, how).backward(w, gradient);
    const auto value = [&](const hint_tests::matrices& m) {
      const align::directions<double> d(m[0], how);
      double sum = 0;
      for (Eigen::Index i = 0; i < w.size(); ++i) sum += w.data()[i] * d.rows.data()[i];
      return sum;
    };
    CHECK(hint_tests::gradient_error(value, {x}, {gradient}) < 1e-6);
    const matrix<double> once = gradient;
    align::directions<double>(x, how).backward(w, gradient);  // adds
    for (Eigen::Index i = 0; i < once.size(); ++i)
      CHECK(gradient.data()[i] == Approx(2 * once.data()[i]));
  }
}

TEST_CASE("rows of zeros have no direction, but no NaN either", "[align][similarity]") {
  const matrix<float> zeros = matrix<float>::Zero(2, 3);
  const align::directions<float> d(zeros, align::similarity::cosine);
  CHECK(hint_tests::same_bits(d.rows, zeros));
  matrix<float> out = zeros;
  d.backward(zeros, out);
  CHECK(hint_tests::same_bits(out, zeros));
  const align::directions<float> none(matrix<float>(0, 3), align::similarity::cosine);
  CHECK(none.rows.rows() == 0);
}

TEST_CASE("log_softmax", "[align][similarity]") {
  matrix<double> logits = 30 * random_matrix<double>(7, 5, 5);
  logits(0, 0) = 5000;  // exp would overflow
  logits(1, 3) = -5000;
  logits(2, 4) = -std::numeric_limits<double>::infinity();
  const matrix<double> before = logits;
  align::log_softmax(logits);
  for (Eigen::Index i = 0; i < 7; ++i) {
    double sum = 0;
    for (Eigen::Index j = 0; j < 5; ++j) sum += std::exp(logits(i, j));
    CHECK(sum == Approx(1).epsilon(1e-12));
    CHECK(logits(i, 1) - logits(i, 2) == Approx(before(i, 1) - before(i, 2)));
  }
  CHECK(logits(2, 4) == -std::numeric_limits<double>::infinity());
  CHECK(logits(0, 0) == 0.0);
}

TEST_CASE("cosines of one bit have no slope", "[align][similarity]") {
  using hint::align::similarity;
  using hint::align::with_slope;
  CHECK(with_slope(similarity::cosine, 1) == similarity::dot);
  CHECK(with_slope(similarity::cosine, 2) == similarity::cosine);
  CHECK(with_slope(similarity::scaled_dot, 1) == similarity::scaled_dot);
}

}  // namespace
