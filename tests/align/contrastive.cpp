// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/align/contrastive.hpp>
#include <hint/core/error.hpp>
#include <hint/core/thread_pool.hpp>

#include "align/gradients.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

namespace align = hint::align;
using hint::linalg::matrix;
using hint_tests::random_matrix;

/// Eq. 7 by explicit loops.
double oracle(const matrix<double>& h, const matrix<double>& b, double temperature,
              align::similarity how, const std::vector<std::uint32_t>& communities) {
  const auto similarity = [&](Eigen::Index i, Eigen::Index j) {
    double product = 0, hh = 0, bb = 0;
    for (Eigen::Index c = 0; c < h.cols(); ++c) {
      product += h(i, c) * b(j, c);
      hh += h(i, c) * h(i, c);
      bb += b(j, c) * b(j, c);
    }
    if (how == align::similarity::cosine) return product / std::sqrt(hh * bb);
    return how == align::similarity::dot ? product : product / static_cast<double>(h.cols());
  };
  const auto group = [&](Eigen::Index i) {
    return communities.empty() ? static_cast<std::uint32_t>(i)
                               : communities[static_cast<std::size_t>(i)];
  };
  double sum = 0;
  for (Eigen::Index i = 0; i < h.rows(); ++i) {
    double below = 0;
    for (Eigen::Index j = 0; j < h.rows(); ++j)
      if (i == j || group(i) != group(j)) below += std::exp(similarity(i, j) / temperature);
    sum -= std::log(std::exp(similarity(i, i) / temperature) / below);
  }
  return sum / static_cast<double>(h.rows());
}

TEST_CASE("contrastive agrees with Eq. 7, and its gradients with differences",
          "[align][contrastive]") {
  const std::uint64_t seed = 21;
  CAPTURE(seed);
  const matrix<double> h = random_matrix<double>(8, 5, seed),
                       b = random_matrix<double>(8, 5, seed + 1);
  for (const auto how :
       {align::similarity::cosine, align::similarity::scaled_dot, align::similarity::dot})
    for (const double temperature : {0.3, 2.0})
      for (const auto& communities : {std::vector<std::uint32_t>{}, {3, 1, 3, 2, 9, 1, 3, 4}}) {
        CAPTURE(static_cast<int>(how), temperature, communities);
        const align::contrastive loss({.temperature = temperature, .similarity = how});
        const matrix<double> zeros = matrix<double>::Zero(8, 5);
        matrix<double> dh = zeros, db = zeros;
        hint::linalg::matrix_ref<double> db_ref = db;
        const double value = loss.value_and_gradient<double>(h, b, dh, &db_ref, communities);
        CHECK(value == Approx(oracle(h, b, temperature, how, communities)).epsilon(1e-12));
        const auto again = [&](const hint_tests::matrices& m) {
          matrix<double> ignored = zeros;
          return loss.value_and_gradient<double>(m[0], m[1], ignored, nullptr, communities);
        };
        CHECK(hint_tests::gradient_error(again, {h, b}, {dh, db}) < 1e-6);
      }
}

TEST_CASE("contrastive of many rows: agrees with Eq. 7 for any number of threads, bit for bit",
          "[align][contrastive]") {
  const matrix<double> h = random_matrix<double>(200, 20, 5), b = random_matrix<double>(200, 20, 6);
  const matrix<float> hf = h.cast<float>(), bf = b.cast<float>();
  std::vector<std::uint32_t> communities(200);
  for (std::size_t i = 0; i < 200; ++i) communities[i] = static_cast<std::uint32_t>(i * i % 31);
  const align::contrastive loss;
  hint::thread_pool two(2), three(3);
  for (const auto& groups : {std::vector<std::uint32_t>{}, communities}) {
    matrix<double> dh = matrix<double>::Zero(200, 20), db = dh;
    hint::linalg::matrix_ref<double> db_ref = db;
    CHECK(loss.value_and_gradient<double>(h, b, dh, &db_ref, groups, two) ==
          Approx(oracle(h, b, 0.3, align::similarity::cosine, groups)).epsilon(1e-12));
    matrix<float> one = matrix<float>::Zero(200, 20), targets = one;
    hint::linalg::matrix_ref<float> targets_ref = targets;
    const float value = loss.value_and_gradient<float>(hf, bf, one, &targets_ref, groups);
    CHECK((one.cast<double>() - dh).cwiseAbs().maxCoeff() < 1e-6);
    CHECK((targets.cast<double>() - db).cwiseAbs().maxCoeff() < 1e-6);
    matrix<float> alone = matrix<float>::Zero(200, 20);  // without the gradient by the targets
    CHECK(loss.value_and_gradient<float>(hf, bf, alone, nullptr, groups) == value);
    CHECK(hint_tests::same_bits(alone, one));
    for (hint::thread_pool* pool : {&two, &three}) {
      matrix<float> found = matrix<float>::Zero(200, 20), too = found;
      hint::linalg::matrix_ref<float> too_ref = too;
      CHECK(loss.value_and_gradient<float>(hf, bf, found, &too_ref, groups, *pool) == value);
      CHECK(hint_tests::same_bits(found, one));
      CHECK(hint_tests::same_bits(too, targets));
    }
  }
}

TEST_CASE("contrastive adds to the gradients", "[align][contrastive]") {
  const matrix<double> h = random_matrix<double>(4, 3, 1), b = random_matrix<double>(4, 3, 2);
  const align::contrastive loss;
  matrix<double> from_zero = matrix<double>::Zero(4, 3), from_one = matrix<double>::Ones(4, 3);
  loss.value_and_gradient<double>(h, b, from_zero);
  loss.value_and_gradient<double>(h, b, from_one);
  for (Eigen::Index i = 0; i < 12; ++i)
    CHECK(from_one.data()[i] == Approx(1 + from_zero.data()[i]));
}

TEST_CASE("contrastive at its ends", "[align][contrastive]") {
  const align::contrastive loss;
  matrix<float> none(0, 4), gradient(0, 4);
  CHECK(loss.value_and_gradient<float>(none, none, gradient) == 0.0F);

  // One row has nobody to be confused with.
  const matrix<double> one = random_matrix<double>(1, 4, 1);
  matrix<double> d = matrix<double>::Zero(1, 4);
  CHECK(loss.value_and_gradient<double>(one, one, d) == 0.0);
  CHECK(d.cwiseAbs().maxCoeff() == 0.0);

  // Equal targets: nobody can be told from anybody.
  const matrix<double> h = random_matrix<double>(6, 4, 3), same = matrix<double>::Ones(6, 4);
  d.setZero(6, 4);
  CHECK(loss.value_and_gradient<double>(h, same, d) == Approx(std::log(6.0)));

  // All of one community: nothing to repel.
  d.setZero(6, 4);
  const std::vector<std::uint32_t> one_group(6, 3);
  CHECK(loss.value_and_gradient<double>(h, random_matrix<double>(6, 4, 4), d, nullptr, one_group) ==
        Approx(0).margin(1e-15));
  CHECK(d.cwiseAbs().maxCoeff() < 1e-15);

  // A lower temperature must not overflow.
  const align::contrastive cold({.temperature = 1e-3});
  matrix<float> df = matrix<float>::Zero(6, 4);
  const matrix<float> hf = random_matrix<float>(6, 4, 3), bf = random_matrix<float>(6, 4, 4);
  CHECK(std::isfinite(cold.value_and_gradient<float>(hf, bf, df)));
  CHECK(df.allFinite());
}

TEST_CASE("contrastive refuses what does not fit", "[align][contrastive]") {
  const align::contrastive loss;
  const matrix<float> h = matrix<float>::Zero(4, 3), b = matrix<float>::Zero(4, 2);
  matrix<float> d = h;
  CHECK_THROWS_MESSAGE((loss.value_and_gradient<float>(h, b, d)), hint::shape_error,
                       "contrastive: codes of 4 x 3, targets of 4 x 2");
  const std::vector<std::uint32_t> groups(3);
  CHECK_THROWS_MESSAGE((loss.value_and_gradient<float>(h, h, d, nullptr, groups)),
                       hint::shape_error, "contrastive: 3 communities for 4 rows");
  CHECK_THROWS_MESSAGE(align::contrastive({.temperature = 0}), hint::invalid_option,
                       "option temperature is 0, expected 0.001 to 1000");
}

TEST_CASE("one bit has a slope: products take the place of cosines", "[align][contrastive]") {
  const matrix<double> h = random_matrix<double>(8, 1, 41), b = random_matrix<double>(8, 1, 42);
  const align::contrastive loss;
  matrix<double> dh = matrix<double>::Zero(8, 1), db = dh;
  hint::linalg::matrix_ref<double> db_ref = db;
  CHECK(loss.value_and_gradient<double>(h, b, dh, &db_ref) ==
        Approx(oracle(h, b, 0.3, align::similarity::dot, {})));
  CHECK(dh.cwiseAbs().minCoeff() > 1e-4);
  const auto again = [&](const hint_tests::matrices& m) {
    matrix<double> ignored = matrix<double>::Zero(8, 1);
    return loss.value_and_gradient<double>(m[0], m[1], ignored);
  };
  CHECK(hint_tests::gradient_error(again, {h, b}, {dh, db}) < 1e-6);
}

}  // namespace
