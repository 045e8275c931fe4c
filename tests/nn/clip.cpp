// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/nn/clip.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

TEMPLATE_TEST_CASE("clip_norm scales all arrays together", "[nn][clip]", float, double) {
  using T = TestType;
  std::vector<T> a = {3, 0}, b = {0, 4, 0};
  std::array<std::span<T>, 2> both{a, b};
  CHECK(hint::nn::clip_norm<T>(both, 5.0) == 5);
  CHECK(a == std::vector<T>{3, 0});
  CHECK(hint::nn::clip_norm<T>(both, 2.5) == 5);
  CHECK(a == std::vector<T>{T(1.5), 0});
  CHECK(b == std::vector<T>{0, 2, 0});
  CHECK(hint::nn::clip_norm<T>({}, 1.0) == 0);
}

TEST_CASE("clip_norm leaves what is not finite", "[nn][clip]") {
  std::vector<float> a = {3, std::numeric_limits<float>::infinity()};
  std::array<std::span<float>, 1> one{a};
  CHECK(std::isinf(hint::nn::clip_norm<float>(one, 1.0)));
  CHECK(a[0] == 3);
  a[1] = std::nanf("");
  CHECK(std::isnan(hint::nn::clip_norm<float>(one, 1.0)));
  CHECK(a[0] == 3);
}

TEST_CASE("clip_norm has the same bits on any executor", "[nn][clip]") {
  const auto g = hint_tests::random_matrix<float>(1, 100001, 3);
  hint::thread_pool three(3);
  auto one = g, many = g;
  std::array<std::span<float>, 1> first{std::span<float>(one.data(), 100001)};
  std::array<std::span<float>, 1> second{std::span<float>(many.data(), 100001)};
  const double norm = hint::nn::clip_norm<float>(first, 1.0);
  CHECK(norm == Approx(static_cast<double>(g.cast<double>().norm())).epsilon(1e-6));
  CHECK(norm == hint::nn::clip_norm<float>(second, 1.0, three));
  CHECK(hint_tests::same_bits(one, many));
  CHECK(one.cast<double>().norm() == Approx(1).epsilon(1e-6));
}

TEST_CASE("clip_norm needs a positive bound", "[nn][clip]") {
  CHECK_THROWS_MESSAGE(hint::nn::clip_norm<float>({}, 0), hint::invalid_argument,
                       "clip_norm: max_norm is 0, expected a number above 0");
}

}  // namespace
