// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/nn/adam.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::nn::adam;
using hint::nn::adam_options;

template <class T>
std::vector<T> normals(std::size_t n, std::uint64_t seed) {
  const auto m = hint_tests::random_matrix<T>(1, static_cast<Eigen::Index>(n), seed);
  return {m.data(), m.data() + n};
}

TEMPLATE_TEST_CASE("adam follows Algorithm 1 of the paper", "[nn][adam]", float, double) {
  using T = TestType;
  adam_options o;
  o.rate = 0.01;
  o.weight_decay = 0.1;
  adam optimizer(o);
  const std::size_t n = 37;
  std::vector<T> p = normals<T>(n, 1);
  std::vector<double> x(p.begin(), p.end()), m(n), v(n);
  for (int t = 1; t <= 20; ++t) {
    const std::vector<T> g = normals<T>(n, static_cast<std::uint64_t>(t) + 1);
    optimizer.step(std::span<T>(p), g);
    for (std::size_t i = 0; i < n; ++i) {
      const double gradient = static_cast<double>(g[i]) + o.weight_decay * x[i];
      m[i] = o.beta1 * m[i] + (1 - o.beta1) * gradient;
      v[i] = o.beta2 * v[i] + (1 - o.beta2) * gradient * gradient;
      const double mean = m[i] / (1 - std::pow(o.beta1, t));
      const double square = v[i] / (1 - std::pow(o.beta2, t));
      x[i] -= o.rate * mean / (std::sqrt(square) + o.epsilon);
    }
  }
  CHECK(optimizer.steps() == 20);
  for (std::size_t i = 0; i < n; ++i)
    CHECK(static_cast<double>(p[i]) == Approx(x[i]).margin(sizeof(T) == 4 ? 1e-5 : 1e-12));
}

TEST_CASE("adam's first step has the size of the rate", "[nn][adam]") {
  std::vector<double> p = {0, 0, 0, 5};
  const std::vector<double> g = {1e-3, -20, 1e4, 0};
  adam optimizer;
  optimizer.step(std::span<double>(p), g);
  CHECK(p[0] == Approx(-1e-3).epsilon(1e-4));
  CHECK(p[1] == Approx(1e-3));
  CHECK(p[2] == Approx(-1e-3));
  CHECK(p[3] == 5);
}

TEMPLATE_TEST_CASE("adam has the same bits on any executor, and a copy goes on alike", "[nn][adam]",
                   float, double) {
  using T = TestType;
  const std::size_t n = 50003;
  const std::vector<T> g = normals<T>(n, 2), start = normals<T>(n, 1);
  hint::thread_pool three(3);
  std::vector<T> p = start, q = start;
  adam a, b;
  for (int t = 0; t < 3; ++t) {
    a.step(std::span<T>(p), g);
    b.step(std::span<T>(q), g, three);
  }
  CHECK(p == q);
  adam copy = a;
  a.step(std::span<T>(p), g);
  copy.step(std::span<T>(q), g);
  CHECK(p == q);

  std::vector<T> unaligned(n + 1);  // and wherever the array lies
  std::copy(start.begin(), start.end(), unaligned.begin() + 1);
  adam c;
  for (int t = 0; t < 4; ++t) c.step(std::span<T>(unaligned).subspan(1), g);
  CHECK(std::equal(p.begin(), p.end(), unaligned.begin() + 1));
}

TEST_CASE("adam finds the minimum of a badly scaled bowl", "[nn][adam]") {
  std::vector<double> p = {3, -2}, g(2);
  adam_options o;
  o.rate = 0.05;
  adam optimizer(o);
  for (int t = 0; t < 2000; ++t) {
    g = {1000 * (p[0] - 1), 0.1 * (p[1] - 2)};
    if (t == 1500) optimizer.set_rate(0.005);
    optimizer.step(std::span<double>(p), g);
  }
  CHECK(p[0] == Approx(1).margin(1e-3));
  CHECK(p[1] == Approx(2).margin(1e-3));
}

TEST_CASE("adam's errors", "[nn][adam]") {
  std::vector<float> p(3), g(2);
  adam optimizer;
  CHECK_THROWS_MESSAGE(optimizer.step(std::span<float>(p), g), hint::shape_error,
                       "adam: 3 parameters, 2 gradients, state for 3");
  g.resize(3);
  optimizer.step(std::span<float>(p), g);
  p.resize(4);
  g.resize(4);
  CHECK_THROWS_MESSAGE(optimizer.step(std::span<float>(p), g), hint::shape_error,
                       "adam: 4 parameters, 4 gradients, state for 3");
  std::vector<float> none;
  adam empty;
  empty.step(std::span<float>(none), none);

  const auto message = [](auto change) {
    adam_options o;
    change(o);
    return hint_tests::message_of<hint::invalid_option>([&] { adam{o}; });
  };
  CHECK(message([](adam_options& o) { o.rate = -1; }) == "option rate is -1, expected 0 to 1000");
  CHECK(message([](adam_options& o) { o.beta1 = 1; }) ==
        "option beta1 is 1, expected 0 <= beta1 < 1");
  CHECK(message([](adam_options& o) { o.beta2 = -0.5; }) ==
        "option beta2 is -0.5, expected 0 <= beta2 < 1");
  CHECK(message([](adam_options& o) { o.epsilon = 0; }) ==
        "option epsilon is 0, expected 0 < epsilon <= 1");
  CHECK(message([](adam_options& o) { o.weight_decay = std::nan(""); }) ==
        "option weight_decay is nan, expected 0 to 1000");
}

}  // namespace
