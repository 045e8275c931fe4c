// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/nn/gradient_check.hpp>

#include "support/catch.hpp"

namespace {

using hint::nn::gradient_check;
using point = std::span<const double>;

double smooth(point x) { return std::sin(x[0]) * x[1] + std::exp(x[2] / 100) + x[1] * x[1] * x[1]; }
std::vector<double> smooth_gradient(point x) {
  return {std::cos(x[0]) * x[1], std::sin(x[0]) + 3 * x[1] * x[1], std::exp(x[2] / 100) / 100};
}

TEST_CASE("gradient_check accepts right gradients", "[nn][gradient_check]") {
  for (const std::vector<double>& x :
       {std::vector<double>{0.3, 1.7, 40}, {-2, 1e-3, 300}, {1000, 5, -20}})
    CHECK(gradient_check(smooth, x, smooth_gradient(x)) < 1e-8);
}

TEST_CASE("gradient_check sees small mistakes in any coordinate", "[nn][gradient_check]") {
  const std::vector<double> x{0.3, 1.7, 40};
  for (std::size_t i = 0; i < 3; ++i) {
    std::vector<double> wrong = smooth_gradient(x);
    wrong[i] *= 1 + 1e-5;
    CAPTURE(i);
    CHECK(gradient_check(smooth, x, wrong) > 2e-6);
    wrong[i] = 0;
    CHECK(gradient_check(smooth, x, wrong) > 0.5);
  }
}

TEST_CASE("gradient_check stands a kink nearby", "[nn][gradient_check]") {
  const auto value = [](point x) { return std::abs(x[0]); };
  CHECK(gradient_check(value, std::vector<double>{1e-4}, std::vector<double>{1}) < 1e-8);
  CHECK(gradient_check(value, std::vector<double>{1e-4}, std::vector<double>{-1}) > 1);
}

TEST_CASE("gradient_check takes a random subset of many coordinates", "[nn][gradient_check]") {
  const std::size_t n = 5000;
  const std::vector<double> x(n, 0.5);
  std::vector<double> gradient(n, 1.0);
  std::size_t calls = 0;
  const auto value = [&](point p) {
    ++calls;
    double sum = 0;
    for (const double v : p) sum += v * v;
    return sum;
  };
  CHECK(gradient_check(value, x, gradient, {.samples = 50}) < 1e-6);
  CHECK(calls <= 50 * 16);
  for (std::size_t i = 0; i < n; i += 2) gradient[i] = 1.5;  // half are wrong
  CHECK(gradient_check(value, x, gradient, {.samples = 50}) > 0.3);
}

TEST_CASE("gradient_check at the border", "[nn][gradient_check]") {
  const auto zero = [](point) { return 0.0; };
  CHECK(gradient_check(zero, std::vector<double>{1, 2}, std::vector<double>{0, 0}) == 0);
  CHECK(gradient_check(zero, std::vector<double>{}, std::vector<double>{}) == 0);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(std::isinf(gradient_check(zero, std::vector<double>{1}, std::vector<double>{nan})));
  const auto bad = [&](point) { return nan; };
  CHECK(std::isinf(gradient_check(bad, std::vector<double>{1}, std::vector<double>{0})));
  CHECK_THROWS_MESSAGE(gradient_check(zero, std::vector<double>{1}, std::vector<double>{0, 0}),
                       hint::shape_error, "gradient_check: gradient has 2 elements, point has 1");
  hint::nn::gradient_check_options none;
  none.samples = 0;
  CHECK_THROWS_MESSAGE(gradient_check(zero, point(), point(), none), hint::invalid_option,
                       "option samples is 0, expected 1 to 18446744073709551615");
}

}  // namespace
