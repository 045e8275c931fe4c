// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <hint/align/concepts.hpp>
#include <hint/align/mixing_schedule.hpp>
#include <hint/align/mmd.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::linalg::matrix;

/// The smallest discrepancy with a meaning: the squared distance of the means.
struct mean_distance {
  template <class T>
  [[nodiscard]] T value(const hint::linalg::matrix_view<T>& a,
                        const hint::linalg::matrix_view<T>& b) const {
    if (a.rows() == 0 || b.rows() == 0) return 0;
    T sum = 0;
    for (Eigen::Index c = 0; c < a.cols(); ++c) {
      T mean_a = 0, mean_b = 0;
      for (Eigen::Index i = 0; i < a.rows(); ++i) mean_a += a(i, c) / static_cast<T>(a.rows());
      for (Eigen::Index i = 0; i < b.rows(); ++i) mean_b += b(i, c) / static_cast<T>(b.rows());
      sum += (mean_a - mean_b) * (mean_a - mean_b);
    }
    return sum;
  }
};

/// Takes turns.
struct turns {
  static bool measures() { return false; }
  static double weight(hint::modality, std::size_t step, std::size_t, double) {
    return step % 2 == 0 ? 1 : 0;
  }
};

static_assert(hint::align::discrepancy<mean_distance>);
static_assert(hint::align::curriculum<turns>);

// What the concept of a discrepancy promises, on the library's and on one of one's own.
TEMPLATE_TEST_CASE("a discrepancy", "[align][concepts]", hint::align::mmd, mean_distance) {
  const TestType d;
  for (std::size_t seed = 1; seed <= 10; ++seed) {
    CAPTURE(seed);
    const matrix<double> a = hint_tests::random_matrix<double>(7, 3, seed);
    const matrix<double> b = hint_tests::random_matrix<double>(5, 3, seed + 100);
    CHECK(d.template value<double>(a, b) > 0);
    CHECK(d.template value<double>(a, b) == Approx(d.template value<double>(b, a)));
    CHECK(d.template value<double>(a, a) == Approx(0).margin(1e-12));
    const matrix<float> af = a.cast<float>(), bf = b.cast<float>();
    CHECK(static_cast<double>(d.template value<float>(af, bf)) ==
          Approx(d.template value<double>(a, b)).epsilon(1e-3));
  }
}

// And of a curriculum.
TEMPLATE_TEST_CASE("a curriculum", "[align][concepts]", hint::align::mixing_schedule, turns) {
  TestType c;
  for (std::size_t step = 0; step < 20; ++step)
    for (const hint::modality m : hint::modalities) {
      const double w = c.weight(m, step, 20, std::sin(static_cast<double>(step)) * 5);
      CHECK(w >= 0);
      CHECK(w <= 1);
    }
}

}  // namespace
