// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/align/mmd.hpp>
#include <hint/core/error.hpp>

#include "align/gradients.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

namespace align = hint::align;
using align::bandwidth_rule;
using align::mmd;
using align::mmd_estimator;
using align::mmd_options;
using hint::linalg::matrix;
using hint_tests::random_matrix;

double squared(const matrix<double>& x, Eigen::Index i, const matrix<double>& y, Eigen::Index j) {
  double sum = 0;
  for (Eigen::Index c = 0; c < x.cols(); ++c) sum += (x(i, c) - y(j, c)) * (x(i, c) - y(j, c));
  return sum;
}

double kernel(const mmd_options& o, double bandwidth, double distance) {
  double sum = 0;
  const int middle = static_cast<int>(o.kernels / 2);
  for (int q = 0; q < static_cast<int>(o.kernels); ++q)
    sum += std::exp(-distance / (bandwidth * std::pow(o.ratio, q - middle)));
  return sum;
}

/// The definitions of Gretton et al. by double loops.
double oracle(const mmd_options& o, double bandwidth, const matrix<double>& a,
              const matrix<double>& b) {
  const auto k = [&](const matrix<double>& x, Eigen::Index i, const matrix<double>& y,
                     Eigen::Index j) { return kernel(o, bandwidth, squared(x, i, y, j)); };
  if (o.estimator == mmd_estimator::linear) {
    const Eigen::Index pairs = (std::min)(a.rows(), b.rows()) / 2;
    double sum = 0;
    for (Eigen::Index i = 0; i < 2 * pairs; i += 2)
      sum += k(a, i, a, i + 1) + k(b, i, b, i + 1) - k(a, i, b, i + 1) - k(a, i + 1, b, i);
    return sum / static_cast<double>(pairs);
  }
  const bool biased = o.estimator == mmd_estimator::biased;
  const auto within = [&](const matrix<double>& x) {
    double sum = 0, count = 0;
    for (Eigen::Index i = 0; i < x.rows(); ++i)
      for (Eigen::Index j = 0; j < x.rows(); ++j)
        if (biased || i != j) {
          sum += k(x, i, x, j);
          ++count;
        }
    return sum / count;
  };
  double between = 0;
  for (Eigen::Index i = 0; i < a.rows(); ++i)
    for (Eigen::Index j = 0; j < b.rows(); ++j) between += k(a, i, b, j);
  return within(a) + within(b) - 2 * between / static_cast<double>(a.rows() * b.rows());
}

/// The squared distances that a bandwidth is taken from, ascending.
std::vector<double> pooled(const matrix<double>& a, const matrix<double>& b) {
  matrix<double> all(a.rows() + b.rows(), a.cols());
  for (Eigen::Index i = 0; i < all.rows(); ++i)
    for (Eigen::Index c = 0; c < a.cols(); ++c)
      all(i, c) = i < a.rows() ? a(i, c) : b(i - a.rows(), c);
  std::vector<double> out;
  for (Eigen::Index i = 0; i < all.rows(); ++i)
    for (Eigen::Index j = i + 1; j < all.rows(); ++j) out.push_back(squared(all, i, all, j));
  std::sort(out.begin(), out.end());
  return out;
}

TEST_CASE("mmd agrees with its definitions, and its gradients with differences", "[align][mmd]") {
  const std::uint64_t seed = 41;
  CAPTURE(seed);
  const matrix<double> a = random_matrix<double>(7, 3, seed);
  matrix<double> b = random_matrix<double>(6, 3, seed + 1);
  b.array() += 0.5;
  for (const auto estimator :
       {mmd_estimator::biased, mmd_estimator::unbiased, mmd_estimator::linear})
    for (const std::size_t kernels : {1U, 2U, 5U}) {
      CAPTURE(static_cast<int>(estimator), kernels);
      mmd_options o;
      o.estimator = estimator;
      o.kernels = kernels;
      o.ratio = 1.7;
      o.rule = bandwidth_rule::fixed;
      o.bandwidth = 3.5;
      const mmd discrepancy(o);
      CHECK(discrepancy.value<double>(a, b) == Approx(oracle(o, 3.5, a, b)).epsilon(1e-11));
      CHECK(discrepancy.value<double>(b, a) ==
            Approx(discrepancy.value<double>(a, b)).epsilon(1e-11));
      matrix<double> da = matrix<double>::Zero(7, 3), db = matrix<double>::Zero(6, 3);
      const double value = discrepancy.value_and_gradient<double>(a, b, da, db);
      CHECK(value == discrepancy.value<double>(a, b));
      const auto again = [&](const hint_tests::matrices& m) {
        return discrepancy.value<double>(m[0], m[1]);
      };
      CHECK(hint_tests::gradient_error(again, {a, b}, {da, db}) < 1e-6);
      matrix<double> ones = matrix<double>::Ones(7, 3);
      discrepancy.value_and_gradient<double>(a, b, ones, db);  // adds
      CHECK(ones(3, 2) == Approx(1 + da(3, 2)));
    }
}

TEST_CASE("mmd's bandwidth, by sorting all distances", "[align][mmd]") {
  for (const Eigen::Index rows : {4, 5}) {  // an odd and an even number of distances
    const matrix<double> a = random_matrix<double>(4, 3, 1), b = random_matrix<double>(rows, 3, 2);
    const std::vector<double> distances = pooled(a, b);
    double mean = 0;
    for (const double d : distances) mean += d / static_cast<double>(distances.size());
    mmd_options o;
    for (const auto estimator : {mmd_estimator::biased, mmd_estimator::unbiased}) {
      o.estimator = estimator;
      o.rule = bandwidth_rule::mean;
      CHECK(mmd(o).value<double>(a, b) == Approx(oracle(o, mean, a, b)).epsilon(1e-11));
      o.rule = bandwidth_rule::median;
      CHECK(mmd(o).value<double>(a, b) ==
            Approx(oracle(o, distances[distances.size() / 2], a, b)).epsilon(1e-11));
    }
  }
  // The linear estimator sees only the distances that it uses.
  const matrix<double> a = random_matrix<double>(5, 3, 1), b = random_matrix<double>(4, 3, 2);
  double mean = 0;
  for (const Eigen::Index i : {0, 2})
    mean += (squared(a, i, a, i + 1) + squared(b, i, b, i + 1) + squared(a, i, b, i + 1) +
             squared(a, i + 1, b, i)) /
            8;
  mmd_options o;
  o.estimator = mmd_estimator::linear;
  CHECK(mmd(o).value<double>(a, b) == Approx(oracle(o, mean, a, b)).epsilon(1e-11));
}

TEST_CASE("mmd: biased is never negative, and 0 for equal samples", "[align][mmd]") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    CAPTURE(seed);
    const auto n = static_cast<Eigen::Index>(1 + seed % 9);
    const matrix<double> a = random_matrix<double>(n, 4, seed), b = random_matrix<double>(5, 4, 99);
    const mmd m;
    CHECK(m.value<double>(a, b) >= 0);
    CHECK(m.value<double>(a, a) == Approx(0).margin(1e-12));
    matrix<double> reversed = a.colwise().reverse();  // the order of rows is no part of a sample
    CHECK(m.value<double>(reversed, b) == Approx(m.value<double>(a, b)).epsilon(1e-9));
  }
}

TEST_CASE("mmd: the unbiased estimators average 0 on one distribution, more on two",
          "[align][mmd]") {
  for (const auto estimator : {mmd_estimator::unbiased, mmd_estimator::linear}) {
    CAPTURE(static_cast<int>(estimator));
    mmd_options o;
    o.estimator = estimator;
    o.rule = bandwidth_rule::fixed;
    o.bandwidth = 4;
    const mmd m(o);
    const int draws = 400;
    double sum = 0, squares = 0, apart = 0;
    for (int i = 0; i < draws; ++i) {
      const auto seed = static_cast<std::uint64_t>(2 * i + 1);
      const matrix<double> a = random_matrix<double>(12, 3, seed);
      matrix<double> b = random_matrix<double>(10, 3, seed + 1);
      const double v = m.value<double>(a, b);
      sum += v;
      squares += v * v;
      b.array() += 1;
      apart += m.value<double>(a, b);
    }
    const double mean = sum / draws;
    const double error = std::sqrt((squares / draws - mean * mean) / draws);
    CHECK(std::abs(mean) < 4 * error);
    CHECK(apart / draws > 20 * error);
  }
}

TEST_CASE("mmd at its ends", "[align][mmd]") {
  const matrix<float> none(0, 3), one = random_matrix<float>(1, 3, 1);
  const matrix<float> same = matrix<float>::Ones(4, 3);
  for (const auto rule : {bandwidth_rule::mean, bandwidth_rule::median, bandwidth_rule::fixed})
    for (const auto estimator :
         {mmd_estimator::biased, mmd_estimator::unbiased, mmd_estimator::linear}) {
      mmd_options o;
      o.estimator = estimator;
      o.rule = rule;
      const mmd m(o);
      CHECK(m.value<float>(none, same) == 0.0F);
      CHECK(m.value<float>(same, none) == 0.0F);
      CHECK(m.value<float>(same, same) == Approx(0).margin(1e-6));  // no distance above 0
      if (estimator == mmd_estimator::biased)
        CHECK(m.value<float>(one, same) > 0);
      else
        CHECK(m.value<float>(one, same) == 0.0F);
    }
}

TEST_CASE("mmd refuses what does not fit", "[align][mmd]") {
  const matrix<float> a(4, 3), b(5, 2);
  CHECK_THROWS_MESSAGE(mmd().value<float>(a, b), hint::shape_error,
                       "mmd: samples of 4 x 3 and 5 x 2");
  const auto with = [](std::size_t kernels, double ratio, double bandwidth) {
    mmd_options o;
    o.kernels = kernels;
    o.ratio = ratio;
    o.bandwidth = bandwidth;
    return mmd(o);
  };
  CHECK_THROWS_MESSAGE(with(0, 2, 1), hint::invalid_option,
                       "option kernels is 0, expected 1 to 32");
  CHECK_THROWS_MESSAGE(with(5, 0.5, 1), hint::invalid_option,
                       "option ratio is 0.5, expected 1 to 100");
  CHECK_THROWS_MESSAGE(with(5, 2, 0), hint::invalid_option,
                       "option bandwidth is 0, expected 1e-30 to 1e+30");
}

}  // namespace
