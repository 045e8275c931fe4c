// SPDX-License-Identifier: MIT
/// \file
/// The gradient of a network as training passes leave it and optimisers take it.
#ifndef HINT_NN_NETWORK_GRADIENT_HPP
#define HINT_NN_NETWORK_GRADIENT_HPP

#include <cstddef>
#include <span>

#include <hint/core/config.hpp>
#include <hint/core/executor.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/simd.hpp>
#include <hint/nn/clip.hpp>
#include <hint/nn/row_sparse_gradient.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace nn {

/// `scale` times the numbers of `flat`, one per parameter. Where `first` is not null, it stands for the first
/// of them, as many as it has, which are then unset. Owns nothing.
template <linalg::real T>
struct network_gradient {
  std::span<const T> flat;
  const row_sparse_gradient<T>* first = nullptr;
  T scale{1};

  /// How many numbers `first` stands for.
  [[nodiscard]] std::size_t first_size() const noexcept {
    return first == nullptr ? 0 : first->inputs() * first->outputs();
  }
  /// The sum of the squares before scaling.
  [[nodiscard]] double squared_norm(const executor_ref& e = {}) const {
    const double rest = nn::squared_norm<T>(flat.subspan(first_size()), e);
    return first == nullptr ? rest : rest + first->squared_norm(e);
  }
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::nn

#endif
