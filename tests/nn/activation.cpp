// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/nn/activation.hpp>

#include "support/catch.hpp"

namespace {

using hint::nn::activation;

TEMPLATE_TEST_CASE("activations and their slopes", "[nn][activation]", float, double) {
  using T = TestType;
  const std::vector<T> a = {T(-2), T(-0.5), T(0), T(0.25), T(3)};
  for (const activation f : {activation::relu, activation::tanh, activation::identity}) {
    CAPTURE(name(f));
    std::vector<T> h = a, rise(a.size(), T(3));
    hint::nn::activate(f, std::span<T>(h));
    for (T& v : h) v *= T(2);
    hint::nn::multiply_by_slope(f, std::span<const T>(h), T(2), std::span<T>(rise));
    for (std::size_t i = 0; i < a.size(); ++i) {
      const double x = static_cast<double>(a[i]);
      const double value = f == activation::relu   ? (x > 0 ? x : 0)
                           : f == activation::tanh ? std::tanh(x)
                                                   : x;
      const double derivative = f == activation::relu   ? (x > 0 ? 1 : 0)
                                : f == activation::tanh ? 1 / (std::cosh(x) * std::cosh(x))
                                                        : 1;
      CHECK(static_cast<double>(h[i]) == Approx(2 * value).epsilon(1e-6));
      CHECK(static_cast<double>(rise[i]) == Approx(3 * 2 * derivative).epsilon(1e-5));
    }
  }
}

TEST_CASE("activations by name", "[nn][activation]") {
  for (const activation f : {activation::relu, activation::tanh, activation::identity})
    CHECK(hint::nn::activation_named(name(f)) == f);
  CHECK_THROWS_MESSAGE(hint::nn::activation_named("gelu"), hint::invalid_argument,
                       "activation is \"gelu\", expected \"relu\", \"tanh\" or \"identity\"");
}

}  // namespace
