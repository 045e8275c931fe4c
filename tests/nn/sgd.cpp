// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/nn/sgd.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::nn::sgd;
using hint::nn::sgd_options;

template <class T>
std::vector<T> normals(std::size_t n, std::uint64_t seed) {
  const auto m = hint_tests::random_matrix<T>(1, static_cast<Eigen::Index>(n), seed);
  return {m.data(), m.data() + n};
}

TEST_CASE("sgd by hand", "[nn][sgd]") {
  sgd_options o;
  o.rate = 0.5;
  o.momentum = 0.5;
  o.weight_decay = 0.25;
  sgd optimizer(o);
  std::vector<double> p = {4};
  optimizer.step(std::span<double>(p), std::vector<double>{1});  // v = 1 + 1 = 2
  CHECK(p[0] == 3);
  optimizer.step(std::span<double>(p), std::vector<double>{1});  // v = 1 + 1 + 0.75 = 2.75
  CHECK(p[0] == 1.625);
  CHECK(optimizer.steps() == 2);
  optimizer.set_rate(0);
  optimizer.step(std::span<double>(p), std::vector<double>{1});
  CHECK(p[0] == 1.625);
}

TEMPLATE_TEST_CASE("sgd has the same bits on any executor, and a copy goes on alike", "[nn][sgd]",
                   float, double) {
  using T = TestType;
  const std::size_t n = 40001;
  const std::vector<T> g = normals<T>(n, 2), start = normals<T>(n, 1);
  hint::thread_pool three(3);
  std::vector<T> p = start, q = start;
  sgd a, b;
  for (int t = 0; t < 3; ++t) {
    a.step(std::span<T>(p), g);
    b.step(std::span<T>(q), g, three);
  }
  CHECK(p == q);
  CHECK(p != start);
  sgd copy = a;
  a.step(std::span<T>(p), g);
  copy.step(std::span<T>(q), g);
  CHECK(p == q);
}

TEST_CASE("sgd's errors", "[nn][sgd]") {
  std::vector<float> p(3), g(2);
  sgd optimizer;
  CHECK_THROWS_MESSAGE(optimizer.step(std::span<float>(p), g), hint::shape_error,
                       "sgd: 3 parameters, 2 gradients, state for 3");
  sgd_options o;
  o.momentum = 1;
  CHECK_THROWS_MESSAGE(sgd{o}, hint::invalid_option,
                       "option momentum is 1, expected 0 <= momentum < 1");
  o.momentum = 0;
  o.rate = std::nan("");
  CHECK_THROWS_MESSAGE(sgd{o}, hint::invalid_option, "option rate is nan, expected 0 to 1000");
}

}  // namespace
