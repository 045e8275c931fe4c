// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <span>
#include <vector>

#include <hint/core/normal.hpp>
#include <hint/core/random.hpp>
#include <hint/linalg/elementwise.hpp>

#include "support/catch.hpp"

namespace {

template <class T>
std::vector<T> normals(std::size_t n, std::uint64_t seed) {
  const hint::random_stream random(seed, 3);
  std::vector<T> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<T>(3 * hint::normal(random, i));
  return x;
}

TEMPLATE_TEST_CASE("tanh is right, and the same at every place", "[linalg][elementwise]", float,
                   double) {
  using T = TestType;
  std::vector<T> x = normals<T>(501, 1);
  x.insert(x.end(), {T{0}, T{-0.0}, T(1e-30), T(0.625), T(50), T(-50), T(1e30)});
  std::vector<T> together = x;
  hint::linalg::apply_tanh(std::span<T>(together));
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double expected = std::tanh(static_cast<double>(x[i]));
    CHECK(std::abs(static_cast<double>(together[i]) - expected) <=
          4 * static_cast<double>(std::numeric_limits<T>::epsilon()) * std::abs(expected));
    T alone = x[i];
    hint::linalg::apply_tanh(std::span<T>(&alone, 1));
    CHECK(std::memcmp(&alone, &together[i], sizeof(T)) == 0);
  }
  T nan = std::numeric_limits<T>::quiet_NaN();
  hint::linalg::apply_tanh(std::span<T>(&nan, 1));
  CHECK(std::isnan(nan));
}

TEST_CASE("relu", "[linalg][elementwise]") {
  std::vector<float> x = {-1.5F, 0.0F, 2.5F, std::numeric_limits<float>::quiet_NaN(),
                          -std::numeric_limits<float>::infinity()};
  hint::linalg::apply_relu(std::span<float>(x));
  CHECK(x[0] == 0);
  CHECK(x[1] == 0);
  CHECK(x[2] == 2.5F);
  CHECK(std::isnan(x[3]));
  CHECK(x[4] == 0);
}

TEMPLATE_TEST_CASE("dot and l1_distance agree with long double at every length and address",
                   "[linalg][elementwise]", float, double) {
  using T = TestType;
  using view = std::span<const T>;
  for (std::size_t n = 0; n < 150; ++n) {
    CAPTURE(n);
    const std::vector<T> a = normals<T>(n, n), b = normals<T>(n, n + 1000);
    long double product = 0, distance = 0;
    for (std::size_t i = 0; i < n; ++i) {
      product += static_cast<long double>(a[i]) * static_cast<long double>(b[i]);
      distance += std::abs(static_cast<long double>(a[i]) - static_cast<long double>(b[i]));
    }
    const double slack = 100 * static_cast<double>(std::numeric_limits<T>::epsilon()) *
                         std::sqrt(static_cast<double>(n) + 1);
    const T dot = hint::linalg::dot(view(a), view(b));
    const T l1 = hint::linalg::l1_distance(view(a), view(b));
    CHECK(std::abs(static_cast<double>(dot) - static_cast<double>(product)) <= slack);
    CHECK(std::abs(static_cast<double>(l1) - static_cast<double>(distance)) <= slack);
    CHECK(hint::linalg::l1_distance(view(a), view(a)) == 0);
    for (std::size_t shift = 1; shift < 9; ++shift) {
      std::vector<T> moved(n + shift);
      std::copy(a.begin(), a.end(), moved.begin() + static_cast<std::ptrdiff_t>(shift));
      CHECK(hint::linalg::dot(view(moved).subspan(shift), view(b)) == dot);
      CHECK(hint::linalg::l1_distance(view(moved).subspan(shift), view(b)) == l1);
    }
  }
}

TEMPLATE_TEST_CASE(
    "sum, largest and add_multiple agree with plain loops at every length and address",
    "[linalg][elementwise]", float, double) {
  using T = TestType;
  using view = std::span<const T>;
  CHECK(hint::linalg::sum(view()) == 0);
  CHECK(hint::linalg::largest(view()) == std::numeric_limits<T>::lowest());
  for (std::size_t n = 1; n < 90; ++n) {
    CAPTURE(n);
    std::vector<T> a = normals<T>(n, n);
    for (T& x : a) x -= 9;  // a rest of zeros would be larger
    long double total = 0;
    for (const T x : a) total += static_cast<long double>(x);
    const T sum = hint::linalg::sum(view(a));
    CHECK(static_cast<double>(sum) == Approx(static_cast<double>(total)).epsilon(1e-5));
    CHECK(hint::linalg::largest(view(a)) == *std::max_element(a.begin(), a.end()));
    std::vector<T> y = normals<T>(n, n + 7);
    const std::vector<T> before = y;
    hint::linalg::add_multiple(T{3}, view(a), std::span<T>(y));
    for (std::size_t i = 0; i < n; ++i)
      CHECK(static_cast<double>(y[i]) ==
            Approx(static_cast<double>(before[i]) + 3 * static_cast<double>(a[i])).epsilon(1e-5));
    for (std::size_t shift = 1; shift < 9; ++shift) {
      std::vector<T> moved(n + shift), to(n + shift);
      std::copy(a.begin(), a.end(), moved.begin() + static_cast<std::ptrdiff_t>(shift));
      std::copy(before.begin(), before.end(), to.begin() + static_cast<std::ptrdiff_t>(shift));
      CHECK(hint::linalg::sum(view(moved).subspan(shift)) == sum);
      hint::linalg::add_multiple(T{3}, view(moved).subspan(shift), std::span<T>(to).subspan(shift));
      CHECK(std::equal(y.begin(), y.end(), to.begin() + static_cast<std::ptrdiff_t>(shift)));
    }
  }
}

}  // namespace
