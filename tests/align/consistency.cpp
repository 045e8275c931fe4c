// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdint>
#include <vector>

#include <hint/align/consistency.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/core/thread_pool.hpp>

#include "align/gradients.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

namespace align = hint::align;
using hint::linalg::matrix;
using hint_tests::random_matrix;

/// The distribution of Eq. 9 of row i.
std::vector<double> distribution(const matrix<double>& x, Eigen::Index i, const matrix<double>& g,
                                 double temperature) {
  std::vector<double> p;
  double sum = 0;
  for (Eigen::Index j = 0; j < g.rows(); ++j) {
    double product = 0, xx = 0, gg = 0;
    for (Eigen::Index c = 0; c < g.cols(); ++c) {
      product += x(i, c) * g(j, c);
      xx += x(i, c) * x(i, c);
      gg += g(j, c) * g(j, c);
    }
    p.push_back(std::exp(product / std::sqrt(xx * gg) / temperature));
    sum += p.back();
  }
  for (double& v : p) v /= sum;
  return p;
}

double oracle(const matrix<double>& h, const matrix<double>& m, const matrix<double>& g,
              double temperature) {
  double sum = 0;
  for (Eigen::Index i = 0; i < h.rows(); ++i) {
    const auto p = distribution(h, i, g, temperature), q = distribution(m, i, g, temperature);
    for (std::size_t j = 0; j < p.size(); ++j) sum += p[j] * std::log(p[j] / q[j]);
  }
  return sum / static_cast<double>(h.rows());
}

TEST_CASE("consistency agrees with Eq. 9 and 10, and its gradients with differences",
          "[align][consistency]") {
  const std::uint64_t seed = 31;
  CAPTURE(seed);
  for (const Eigen::Index others : {7, 4}) {  // the other side may have another number of rows
    const matrix<double> h = random_matrix<double>(7, 5, seed),
                         m = random_matrix<double>(7, 5, seed + 1);
    const matrix<double> g = random_matrix<double>(others, 5, seed + 2);
    for (const double temperature : {0.3, 1.5}) {
      CAPTURE(others, temperature);
      const align::consistency loss({.temperature = temperature});
      const double weight = 0.7;
      const matrix<double> zeros = matrix<double>::Zero(7, 5);
      matrix<double> dh = zeros, dm = zeros, dg = matrix<double>::Zero(others, 5);
      hint::linalg::matrix_ref<double> dm_ref = dm;
      const double value = loss.value_and_gradient<double>(h, m, g, weight, dh, dg, &dm_ref);
      CHECK(value == Approx(oracle(h, m, g, temperature)).epsilon(1e-11));
      CHECK(value > 0);
      const auto again = [&](const hint_tests::matrices& x) {
        matrix<double> ignored = zeros, too = matrix<double>::Zero(others, 5);
        return weight * loss.value_and_gradient<double>(x[0], x[1], x[2], 1.0, ignored, too);
      };
      CHECK(hint_tests::gradient_error(again, {h, m, g}, {dh, dm, dg}) < 1e-6);
    }
  }
}

TEST_CASE("consistency of many rows: agrees with Eq. 9 for any number of threads, bit for bit",
          "[align][consistency]") {
  const matrix<double> h = random_matrix<double>(150, 20, 5), m = random_matrix<double>(150, 20, 6),
                       g = random_matrix<double>(90, 20, 7);
  const matrix<float> hf = h.cast<float>(), mf = m.cast<float>(), gf = g.cast<float>();
  const align::consistency loss;
  hint::thread_pool two(2), three(3);
  matrix<double> dh = matrix<double>::Zero(150, 20), dm = dh, dg = matrix<double>::Zero(90, 20);
  hint::linalg::matrix_ref<double> dm_ref = dm;
  CHECK(loss.value_and_gradient<double>(h, m, g, 1.0, dh, dg, &dm_ref, two) ==
        Approx(oracle(h, m, g, 0.3)).epsilon(1e-11));
  matrix<float> first_h, first_m, first_g;
  float value = 0;
  for (const hint::executor_ref& e :
       {hint::executor_ref(), hint::executor_ref(two), hint::executor_ref(three)}) {
    matrix<float> of_h = matrix<float>::Zero(150, 20), of_m = of_h,
                  of_g = matrix<float>::Zero(90, 20);
    hint::linalg::matrix_ref<float> of_m_ref = of_m;
    const float found = loss.value_and_gradient<float>(hf, mf, gf, 1.0F, of_h, of_g, &of_m_ref, e);
    if (e.concurrency() == 1) {
      value = found, first_h = of_h, first_m = of_m, first_g = of_g;
      CHECK((of_h.cast<double>() - dh).cwiseAbs().maxCoeff() < 1e-6);
      CHECK((of_m.cast<double>() - dm).cwiseAbs().maxCoeff() < 1e-6);
      CHECK((of_g.cast<double>() - dg).cwiseAbs().maxCoeff() < 1e-6);
    }
    CHECK(found == value);
    CHECK(hint_tests::same_bits(of_h, first_h));
    CHECK(hint_tests::same_bits(of_m, first_m));
    CHECK(hint_tests::same_bits(of_g, first_g));
  }
}

TEST_CASE("consistency adds to the gradients", "[align][consistency]") {
  const matrix<double> h = random_matrix<double>(4, 3, 1), m = random_matrix<double>(4, 3, 2),
                       g = random_matrix<double>(4, 3, 3);
  const align::consistency loss;
  matrix<double> zero = matrix<double>::Zero(4, 3), dh = matrix<double>::Ones(4, 3);
  matrix<double> zero_g = zero, dg = dh;
  loss.value_and_gradient<double>(h, m, g, 1.0, zero, zero_g);
  loss.value_and_gradient<double>(h, m, g, 1.0, dh, dg);
  for (Eigen::Index i = 0; i < 12; ++i) {
    CHECK(dh.data()[i] == Approx(1 + zero.data()[i]));
    CHECK(dg.data()[i] == Approx(1 + zero_g.data()[i]));
  }
}

TEST_CASE("consistency is 0 for proxies that see the batch alike", "[align][consistency]") {
  const align::consistency loss;
  const matrix<double> h = random_matrix<double>(5, 4, 1), g = random_matrix<double>(5, 4, 2);
  const matrix<double> longer = 3 * h;  // cosines do not see lengths
  matrix<double> dh = matrix<double>::Zero(5, 4), dg = dh;
  CHECK(loss.value_and_gradient<double>(h, longer, g, 1.0, dh, dg) == Approx(0).margin(1e-14));
  CHECK(dh.cwiseAbs().maxCoeff() < 1e-14);
  CHECK(dg.cwiseAbs().maxCoeff() < 1e-14);

  matrix<float> none(0, 4), d(0, 4);
  CHECK(loss.value_and_gradient<float>(none, none, none, 1.0F, d, d) == 0.0F);
}

TEST_CASE("consistency refuses what does not fit", "[align][consistency]") {
  const align::consistency loss;
  const matrix<float> h = matrix<float>::Zero(4, 3), m = matrix<float>::Zero(5, 3);
  matrix<float> dh = h, dg = h;
  CHECK_THROWS_MESSAGE((loss.value_and_gradient<float>(h, m, h, 1.0F, dh, dg)), hint::shape_error,
                       "consistency: codes of 4 x 3, proxies of 5 x 3, opposite codes of 4 x 3");
  CHECK_THROWS_MESSAGE(align::consistency({.temperature = 2000}), hint::invalid_option,
                       "option temperature is 2000, expected 0.001 to 1000");
}

TEST_CASE("consistency of one bit has a slope", "[align][consistency]") {
  const matrix<double> h = random_matrix<double>(6, 1, 51), m = random_matrix<double>(6, 1, 52),
                       g = random_matrix<double>(6, 1, 53);
  const align::consistency loss;
  matrix<double> dh = matrix<double>::Zero(6, 1), dg = dh, dm = dh;
  hint::linalg::matrix_ref<double> dm_ref = dm;
  loss.value_and_gradient<double>(h, m, g, 1, dh, dg, &dm_ref);
  CHECK(dh.norm() > 1e-3);
  const auto again = [&](const hint_tests::matrices& x) {
    matrix<double> a = matrix<double>::Zero(6, 1), b = a;
    return loss.value_and_gradient<double>(x[0], x[1], x[2], 1, a, b);
  };
  CHECK(hint_tests::gradient_error(again, {h, m, g}, {dh, dm, dg}) < 1e-6);
}

}  // namespace
