// SPDX-License-Identifier: MIT
/// \file
/// Gradient clipping by the global norm. Source: Pascanu, Mikolov, Bengio, ICML 2013.
#ifndef HINT_NN_CLIP_HPP
#define HINT_NN_CLIP_HPP

#include <cmath>
#include <cstddef>
#include <span>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/core/finite.hpp>
#include <hint/linalg/elementwise.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/simd.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace nn {

/// The sum of the squares. The same bits for any number of threads.
template <linalg::real T>
[[nodiscard]] double squared_norm(std::span<const T> x, const executor_ref& e = {}) {
  return reduce_chunks<double>(e, x.size(), linalg::elementwise_chunk,
                               [&](std::size_t begin, std::size_t end) {
                                 const std::span<const T> chunk = x.subspan(begin, end - begin);
                                 return static_cast<double>(linalg::dot(chunk, chunk));
                               });
}

/// By what gradients of that joint norm are scaled so that it is at most `max_norm`: 1 when it is, or when it
/// is not finite.
[[nodiscard]] inline double clip_factor(double norm, double max_norm) noexcept {
  return !is_finite(norm) || norm <= max_norm ? 1 : max_norm / norm;
}

/// Scales all arrays together so that their joint L2 norm is at most `max_norm` (> 0), and returns
/// the norm that they had. A norm that is not finite is returned and nothing is scaled.
/// \code
/// std::array<std::span<float>, 2> both{image_gradients, text_gradients};
/// hint::nn::clip_norm<float>(both, 1.0);
/// \endcode
/// The same bits for any number of threads. Throws `invalid_argument`.
template <linalg::real T>
double clip_norm(std::span<std::span<T>> gradients, double max_norm, const executor_ref& e = {}) {
  expects(!is_nan(max_norm) && max_norm > 0, "clip_norm: max_norm is ", max_norm,
          ", expected a number above 0");
  double squares = 0;
  for (const std::span<T> g : gradients) squares += squared_norm<T>(g, e);
  const double norm = std::sqrt(squares);
  const T factor = static_cast<T>(clip_factor(norm, max_norm));
  if (factor != T{1})
    for (const std::span<T> g : gradients)
      for_chunks(e, g.size(), linalg::elementwise_chunk, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) g[i] *= factor;
      });
  return norm;
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::nn

#endif
