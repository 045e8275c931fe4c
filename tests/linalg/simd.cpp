// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <tuple>
#include <vector>

#include <hint/linalg/simd.hpp>

#include "support/catch.hpp"

namespace {

using hint::linalg::batch;

TEMPLATE_TEST_CASE("a register computes lane by lane", "[linalg][simd]", float, double) {
  using T = TestType;
  constexpr std::size_t width = batch<T>::size;
  std::vector<T> a(width), b(width), out(width);
  for (std::size_t i = 0; i < width; ++i) {
    a[i] = static_cast<T>(i) + T{1};
    b[i] = T{2} - static_cast<T>(i);
  }
  const auto x = batch<T>::load_unaligned(a.data()), y = batch<T>::load_unaligned(b.data());
  const auto check = [&](const auto& result, auto expected) {
    batch<T>(result).store_unaligned(out.data());
    for (std::size_t i = 0; i < width; ++i)
      CHECK(static_cast<double>(out[i]) ==
            Approx(static_cast<double>(expected(a[i], b[i]))).epsilon(1e-6));
  };
  check(x + y, [](T p, T q) { return p + q; });
  check(x - y, [](T p, T q) { return p - q; });
  check(x * y, [](T p, T q) { return p * q; });
  check(y / x, [](T p, T q) { return q / p; });
  check(fma(x, y, x), [](T p, T q) { return p * q + p; });
  check(abs(y), [](T, T q) { return std::abs(q); });
  check(sqrt(x), [](T p, T) { return std::sqrt(p); });
  check(tanh(y), [](T, T q) { return std::tanh(q); });
  check(hint::linalg::larger(x, y), [](T p, T q) { return p < q ? q : p; });
  check(exp(y), [](T, T q) { return std::exp(q); });
  check(batch<T>(T{3}), [](T, T) { return T{3}; });
  CHECK(hint::linalg::sum_lanes(x) == std::accumulate(a.begin(), a.end(), T{0}));
}

TEMPLATE_TEST_CASE("for_batches visits every element once and keeps const arrays", "[linalg][simd]",
                   float, double) {
  using T = TestType;
  for (std::size_t n = 0; n < 70; ++n) {
    CAPTURE(n);
    std::vector<T> in(n), out(n + 1, T{-1});
    std::iota(in.begin(), in.end(), T{1});
    const std::vector<T> copy = in;
    hint::linalg::for_batches(
        n, [](const auto& x, auto& y) { y = y + x * x; }, static_cast<const T*>(in.data()),
        out.data());
    for (std::size_t i = 0; i < n; ++i) CHECK(out[i] == in[i] * in[i] - T{1});
    CHECK(out[n] == T{-1});
    CHECK(in == copy);
  }
}

TEMPLATE_TEST_CASE("load_transposed", "[linalg][simd]", float, double) {
  using T = TestType;
  constexpr std::size_t width = batch<T>::size, stride = 11;
  std::vector<T> from(stride * (width - 1) + 8);  // and reads nothing behind them
  std::iota(from.begin(), from.end(), T{0});
  batch<T> columns[8];
  hint::linalg::load_transposed(from.data(), stride, columns);
  for (std::size_t k = 0; k < 8; ++k) {
    std::vector<T> column(width);
    columns[k].store_unaligned(column.data());
    for (std::size_t i = 0; i < width; ++i) CHECK(column[i] == from[stride * i + k]);
  }
}

TEST_CASE("lanes_not_above tells lane by lane", "[linalg][simd]") {
  constexpr std::size_t width = batch<float>::size;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const auto& [x, y, set] :
       {std::tuple{1.0F, 2.0F, true}, std::tuple{2.0F, 2.0F, true}, std::tuple{3.0F, 2.0F, false},
        std::tuple{nan, 2.0F, true}, std::tuple{2.0F, nan, true}, std::tuple{-0.0F, 0.0F, true}})
    for (std::size_t lane = 0; lane < width; ++lane) {
      CAPTURE(x, y, lane);
      std::vector<float> a(width, 5), b(width, 4);  // all others are above
      a[lane] = x;
      b[lane] = y;
      CHECK(hint::linalg::lanes_not_above(batch<float>::load_unaligned(a.data()),
                                          batch<float>::load_unaligned(b.data())) ==
            static_cast<std::uint32_t>(set) << lane);
    }
}

}  // namespace
