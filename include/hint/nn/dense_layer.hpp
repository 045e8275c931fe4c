// SPDX-License-Identifier: MIT
/// \file
/// A fully connected layer, y = x W^T + b, whose parameters live in one flat array: W (outputs x
/// inputs, row after row), then b.
#ifndef HINT_NN_DENSE_LAYER_HPP
#define HINT_NN_DENSE_LAYER_HPP

#include <cmath>
#include <cstddef>
#include <span>

#include <hint/core/config.hpp>
#include <hint/core/executor.hpp>
#include <hint/core/random.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>
#include <hint/linalg/reduce.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace nn {

/// The shape of a layer, and what can be computed with parameters of that shape. All functions are
/// thread-safe.
struct dense_layer {
  std::size_t inputs = 0;
  std::size_t outputs = 0;

  [[nodiscard]] constexpr std::size_t parameter_count() const noexcept {
    return outputs * inputs + outputs;
  }

  /// Weights and biases uniform in +-1 / sqrt(inputs), as PyTorch does.
  template <linalg::real T>
  void initialize(std::span<T> parameters, random_stream random) const noexcept {
    const double bound = 1 / std::sqrt(static_cast<double>(inputs));
    for (std::size_t i = 0; i < parameters.size(); ++i)
      parameters[i] = static_cast<T>((2 * random.uniform(i) - 1) * bound);
  }

  /// y = x W^T, without the bias; x is n x inputs, y n x outputs.
  template <linalg::real T>
  void forward(std::span<const T> parameters, const linalg::matrix_view<T>& x,
               linalg::matrix_ref<T> y, const executor_ref& e) const {
    linalg::multiply_transposed<T>(x, weights(parameters), y, e);
  }
  template <linalg::real T>
  [[nodiscard]] std::span<const T> bias(std::span<const T> parameters) const noexcept {
    return parameters.subspan(outputs * inputs, outputs);
  }

  /// Gradients of a loss from dy = d loss / d y: overwrites `gradients`, and dx unless it is null.
  template <linalg::real T>
  void backward(std::span<const T> parameters, const linalg::matrix_view<T>& x,
                const linalg::matrix_view<T>& dy, std::span<T> gradients, linalg::matrix<T>* dx,
                const executor_ref& e) const {
    using map = Eigen::Map<linalg::matrix<T>>;
    linalg::transposed_multiply<T>(dy, x, map(gradients.data(), rows(), columns()), e);
    Eigen::Map<linalg::row_vector<T>>(gradients.data() + outputs * inputs, rows()) =
        linalg::column_sums<T>(dy, e);
    if (dx == nullptr) return;
    dx->resize(dy.rows(), columns());
    linalg::multiply<T>(dy, weights(parameters), *dx, e);
  }

  /// W as a matrix.
  template <linalg::real T>
  [[nodiscard]] Eigen::Map<const linalg::matrix<T>> weights(
      std::span<const T> parameters) const noexcept {
    return {parameters.data(), rows(), columns()};
  }

 private:
  [[nodiscard]] linalg::index rows() const noexcept { return static_cast<linalg::index>(outputs); }
  [[nodiscard]] linalg::index columns() const noexcept {
    return static_cast<linalg::index>(inputs);
  }
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::nn

#endif
