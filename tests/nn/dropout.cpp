// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/nn/dropout.hpp>

#include "support/catch.hpp"

namespace {

/// What dropout makes of ones.
std::vector<double> dropped(double rate, std::uint64_t seed, std::size_t row, std::size_t n) {
  std::vector<double> values(n, 1), slopes(n, 2);
  const hint::nn::dropout drop(rate, {seed, 1});
  drop.apply(row, std::span<double>(values));
  drop.drop(row, std::span<double>(slopes));
  for (std::size_t i = 0; i < n; ++i) {
    CHECK(slopes[i] == (values[i] == 0 ? 0 : 2));
    CHECK((values[i] == 0 || values[i] == drop.scale<double>()));
  }
  return values;
}

TEST_CASE("dropout keeps the expected share and the mean", "[nn][dropout]") {
  for (const double rate : {0.1, 0.5, 0.9}) {
    CAPTURE(rate);
    double zeros = 0, sum = 0;
    for (std::size_t row = 0; row < 200; ++row)
      for (const double v : dropped(rate, 4, row, 501)) {
        zeros += v == 0;
        sum += v;
        if (v != 0) CHECK(v == Approx(1 / (1 - rate)).epsilon(2e-4));
      }
    const double n = 200 * 501;
    CHECK(std::abs(zeros / n - rate) < 5 * std::sqrt(rate * (1 - rate) / n));
    CHECK(std::abs(sum / n - 1) < 5 * std::sqrt(rate / (1 - rate) / n));
  }
}

TEST_CASE("dropout is a pure function of stream, row and column", "[nn][dropout]") {
  CHECK(dropped(0.5, 1, 7, 64) == dropped(0.5, 1, 7, 64));
  CHECK(dropped(0.5, 1, 7, 64) != dropped(0.5, 1, 8, 64));
  CHECK(dropped(0.5, 1, 7, 64) != dropped(0.5, 2, 7, 64));
}

TEST_CASE("dropout at the ends of its range", "[nn][dropout]") {
  CHECK(dropped(0, 1, 0, 33) == std::vector<double>(33, 1.0));
  CHECK(dropped(0.5, 1, 0, 0).empty());
  double sum = 0;
  for (std::size_t row = 0; row < 1000; ++row)
    for (const double v : dropped(0.999999, 3, row, 100)) sum += v == 0;
  CHECK(sum > 99900);
}

TEST_CASE("dropout sets to zero what is not finite", "[nn][dropout]") {
  std::vector<float> values(64, INFINITY);
  hint::nn::dropout(0.5, {1, 1}).apply(0, std::span<float>(values));
  for (const float v : values) CHECK((v == 0 || v == INFINITY));
}

}  // namespace
