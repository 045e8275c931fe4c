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
  const matrix<double> w = Eigen::Map<const matrix<double>>(p.data(), 5, 3);
  CHECK(layer.weights(p) == w);
  CHECK(layer.bias(p).data() == p.data() + 15);
  CHECK(layer.bias(p).size() == 3);

  matrix<double> y(7, 3);
  layer.forward<double>(p, x, y, {});
  CHECK((y - x * w).cwiseAbs().maxCoeff() < 1e-14);

  std::vector<double> g(18, 99.0);
  matrix<double> dx;
  layer.backward<double>(p, x, dy, g, &dx, {});
  CHECK((Eigen::Map<const matrix<double>>(g.data(), 5, 3) - x.transpose() * dy)
            .cwiseAbs()
            .maxCoeff() < 1e-13);
  for (Eigen::Index j = 0; j < 3; ++j)
    CHECK(g[15 + static_cast<std::size_t>(j)] == Approx(dy.col(j).sum()));
  CHECK((dx - dy * w.transpose()).cwiseAbs().maxCoeff() < 1e-14);

  std::vector<double> without(18);
  layer.backward<double>(p, x, dy, without, nullptr, {});
  CHECK(without == g);
}

TEST_CASE("archives hold a layer's weights by outputs, as they are drawn", "[nn][dense_layer]") {
  const hint::nn::dense_layer layer{5, 3};
  std::vector<float> p(18), stored(18), back(18);
  layer.initialize(std::span<float>(p), {5, 1});
  layer.copy_to_archive<float>(p, stored);
  const hint::random_stream random(5, 1);
  for (std::size_t i = 0; i < 18; ++i)
    CHECK(stored[i] == static_cast<float>((2 * random.uniform(i) - 1) / std::sqrt(5.0)));
  for (std::size_t o = 0; o < 3; ++o)
    for (std::size_t j = 0; j < 5; ++j) CHECK(p[3 * j + o] == stored[5 * o + j]);
  layer.copy_from_archive<float>(stored, back);
  CHECK(back == p);
}

}  // namespace
