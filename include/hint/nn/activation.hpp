// SPDX-License-Identifier: MIT
/// \file
/// Activation functions of hidden layers, and tanh, which stands in for the sign of the last one.
#ifndef HINT_NN_ACTIVATION_HPP
#define HINT_NN_ACTIVATION_HPP

#include <cstddef>
#include <span>
#include <string_view>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/linalg/elementwise.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/simd.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace nn {

enum class activation {
  relu = 0,  ///< max(a, 0)
  tanh = 1,
  identity = 2,  ///< a itself
};

/// "relu", "tanh", "identity".
[[nodiscard]] constexpr std::string_view name(activation f) noexcept {
  return f == activation::relu ? "relu" : f == activation::tanh ? "tanh" : "identity";
}
/// The activation of that name. Throws `invalid_argument`.
[[nodiscard]] inline activation activation_named(std::string_view text) {
  for (const activation f : {activation::relu, activation::tanh, activation::identity})
    if (text == name(f)) return f;
  detail::raise<invalid_argument>("activation is \"", text,
                                  "\", expected \"relu\", \"tanh\" or \"identity\"");
}

/// h = f(h) in place.
template <linalg::real T>
void activate(activation f, std::span<T> h) noexcept {
  if (f == activation::relu) linalg::apply_relu(h);
  if (f == activation::tanh) linalg::apply_tanh(h);
}

/// d = d * scale f'(a), written in terms of h = scale f(a): [h > 0] for ReLU (0 at the kink), 1 - f^2 for tanh,
/// 1 for the identity. Dropout scales values so.
template <linalg::real T>
void multiply_by_slope(activation f, std::span<const T> h, T scale, std::span<T> d) noexcept {
  const linalg::batch<T> by(scale), rest(1 / scale), one(T{1}), zero(T{0});
  if (f == activation::relu)
    for (std::size_t i = 0; i < h.size(); ++i) d[i] = h[i] > T{0} ? d[i] * scale : T{0};
  else if (f == activation::identity)
    linalg::for_batches(h.size(), [&](auto& x) { x = x * by; }, d.data());
  else
    linalg::for_batches(
        h.size(),
        [&](const auto& value, auto& x) {
          const auto v = value * rest;
          x = x * fma(zero - v, v, one) * by;
        },
        h.data(), d.data());
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::nn

#endif
