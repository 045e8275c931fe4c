// SPDX-License-Identifier: MIT
#include <cmath>

#include <hint/align/mixup.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::align::mix;
using hint::align::target_kind;
using hint::linalg::matrix;

TEST_CASE("mix is Eq. 6", "[align][mixup]") {
  const matrix<double> same = hint_tests::random_matrix<double>(6, 4, 1);
  const matrix<double> cross = hint_tests::random_matrix<double>(6, 4, 2);
  matrix<double> out;
  for (const double lambda : {0.0, 0.5, 7.0}) {
    const double w = lambda / (1 + lambda);
    for (const auto kind : {target_kind::sign, target_kind::tanh}) {
      mix<double>(same, cross, w, kind, out);
      REQUIRE(out.rows() == 6);
      REQUIRE(out.cols() == 4);
      for (Eigen::Index i = 0; i < out.size(); ++i) {
        const double q =
            lambda / (1 + lambda) * same.data()[i] + 1 / (1 + lambda) * cross.data()[i];
        if (kind == target_kind::sign)
          CHECK(out.data()[i] == (q >= 0 ? 1.0 : -1.0));
        else
          CHECK(out.data()[i] == Approx(std::tanh(q)).epsilon(1e-12));
      }
    }
  }
}

TEST_CASE("the sign of a tie is +1", "[align][mixup]") {
  matrix<float> a(1, 3), b(1, 3), out;
  a << 0.5F, 0.0F, -0.0F;
  b << -0.5F, 0.0F, -0.0F;
  mix<float>(a, b, 0.5F, target_kind::sign, out);
  CHECK(hint_tests::same_bits(out, matrix<float>(matrix<float>::Ones(1, 3))));
  mix<float>(a, b, 0.5F, target_kind::tanh, out);
  CHECK(out(0, 0) == 0.0F);
  mix<float>(matrix<float>(0, 3), matrix<float>(0, 3), 0.5F, target_kind::sign, out);
  CHECK(out.rows() == 0);
}

}  // namespace
