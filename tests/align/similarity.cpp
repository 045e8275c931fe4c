// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

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

TEST_CASE("backward of some rows is that part of backward", "[align][similarity]") {
  const matrix<float> x = random_matrix<float>(9, 21, 3), w = random_matrix<float>(9, 21, 4);
  const align::directions<float> d(x, align::similarity::cosine);
  matrix<float> whole = matrix<float>::Zero(9, 21), parts = whole;
  d.backward(w, whole);
  d.backward(w.topRows(4), parts.topRows(4));
  d.backward(w.bottomRows(5), parts.bottomRows(5), 4);
  CHECK(hint_tests::same_bits(whole, parts));
}

TEMPLATE_TEST_CASE("exponentials and their sums are a softmax", "[align][similarity]", float,
                   double) {
  const TestType lowest = std::numeric_limits<TestType>::lowest();
  const TestType least = -std::numeric_limits<TestType>::infinity();
  for (const Eigen::Index n : {1, 2, 7, 8, 16, 17, 64, 100}) {
    CAPTURE(n);
    matrix<TestType> logits = 30 * random_matrix<TestType>(5, n, 5);
    if (n > 1) {
      logits(0, 0) = 5000;  // exp would overflow
      logits(1, 1) = -5000;
      logits(2, n - 1) = least;
      logits(3, n - 1) = lowest;
      logits.row(4).array() -= 1000;  // exp would vanish
    }
    for (Eigen::Index i = 0; i < 5; ++i) {
      matrix<TestType> row = logits.row(i);
      const std::vector<double> before(row.data(), row.data() + n);
      const auto sums = align::exponentials(std::span<TestType>(row.data(), before.size()));
      const double top = *std::max_element(before.begin(), before.end());
      CHECK(static_cast<double>(sums.top) == top);
      double sum = 0;
      for (const double x : before) sum += std::exp(x - top);
      CHECK(static_cast<double>(sums.sum) == Approx(sum).epsilon(1e-5));
      CHECK(static_cast<double>(sums.log_sum()) == Approx(top + std::log(sum)).epsilon(1e-6));
      for (std::size_t j = 0; j < before.size(); ++j)
        CHECK(static_cast<double>(row.data()[j]) ==
              Approx(std::exp(before[j] - top)).epsilon(1e-5).margin(1e-36));
    }
    if (n > 1) {
      std::vector<TestType> row(static_cast<std::size_t>(n), TestType{1});
      row.front() = std::numeric_limits<TestType>::quiet_NaN();
      CHECK(std::isnan(align::exponentials(std::span<TestType>(row)).sum));
    }
  }
}

TEST_CASE("cosines of one bit have no slope", "[align][similarity]") {
  using hint::align::similarity;
  using hint::align::with_slope;
  CHECK(with_slope(similarity::cosine, 1) == similarity::dot);
  CHECK(with_slope(similarity::cosine, 2) == similarity::cosine);
  CHECK(with_slope(similarity::scaled_dot, 1) == similarity::scaled_dot);
}

}  // namespace
