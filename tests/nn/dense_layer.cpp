// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/nn/dense_layer.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::linalg::matrix;
using hint_tests::random_matrix;

TEST_CASE("a layer starts uniform in +-1/sqrt(inputs)", "[nn][dense_layer]") {
  const hint::nn::dense_layer layer{100, 300};
  std::vector<double> p(layer.parameter_count());
  REQUIRE(p.size() == 300 * 100 + 300);
  layer.initialize(std::span<double>(p), {5, 1});
  double sum = 0, squares = 0;
  for (const double v : p) {
    CHECK(std::abs(v) <= 0.1);
    sum += v;
    squares += v * v;
  }
  const double n = static_cast<double>(p.size());
  CHECK(std::abs(sum / n) < 5 * 0.1 / std::sqrt(3 * n));
  CHECK(squares / n == Approx(0.01 / 3).epsilon(0.03));
  std::vector<double> other(p.size());
  layer.initialize(std::span<double>(other), {6, 1});
  CHECK(p != other);
}

TEST_CASE("a layer and its gradients", "[nn][dense_layer]") {
  const hint::nn::dense_layer layer{5, 3};
  const matrix<double> parameters = random_matrix<double>(1, 18, 1);
  const std::span<const double> p(parameters.data(), 18);
  const matrix<double> x = random_matrix<double>(7, 5, 2), dy = random_matrix<double>(7, 3, 3);
  const matrix<double> w = Eigen::Map<const matrix<double>>(p.data(), 3, 5);
  CHECK(layer.weights(p) == w);
  CHECK(layer.bias(p).data() == p.data() + 15);
  CHECK(layer.bias(p).size() == 3);

  matrix<double> y(7, 3);
  layer.forward<double>(p, x, y, {});
  CHECK((y - x * w.transpose()).cwiseAbs().maxCoeff() < 1e-14);

  std::vector<double> g(18, 99.0);
  matrix<double> dx;
  layer.backward<double>(p, x, dy, g, &dx, {});
  CHECK((Eigen::Map<const matrix<double>>(g.data(), 3, 5) - dy.transpose() * x)
            .cwiseAbs()
            .maxCoeff() < 1e-13);
  for (Eigen::Index j = 0; j < 3; ++j)
    CHECK(g[15 + static_cast<std::size_t>(j)] == Approx(dy.col(j).sum()));
  CHECK((dx - dy * w).cwiseAbs().maxCoeff() < 1e-14);

  std::vector<double> without(18);
  layer.backward<double>(p, x, dy, without, nullptr, {});
  CHECK(without == g);
}

}  // namespace
