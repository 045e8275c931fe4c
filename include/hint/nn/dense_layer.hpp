// SPDX-License-Identifier: MIT
/// \file
/// A fully connected layer, y = x W^T + b, whose parameters live in one flat array: W (outputs x
/// inputs, row after row), then b.
#ifndef HINT_NN_DENSE_LAYER_HPP
#define HINT_NN_DENSE_LAYER_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include <hint/core/config.hpp>
#include <hint/core/executor.hpp>
#include <hint/core/random.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>
#include <hint/linalg/elementwise.hpp>
#include <hint/linalg/reduce.hpp>
#include <hint/nn/sparse_batch.hpp>

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
  /// The same for sparse rows. O(outputs (inputs + stored numbers)): row after row of W, so that those numbers
  /// of it that the batch asks for are in the cache. A row of y depends on its own row of x alone.
  template <linalg::real T>
  void forward(std::span<const T> parameters, const sparse_batch<T>& x, linalg::matrix_ref<T> y,
               const executor_ref& e) const {
    for_chunks(e, outputs, 4, [&](std::size_t begin, std::size_t end) {
      for (std::size_t o = begin; o < end; ++o) {
        const std::span<const T> w = parameters.subspan(o * inputs, inputs);
        const T shift = x.shift().empty() ? T{0} : linalg::dot(x.shift(), w);
        for (linalg::index i = 0; i < x.rows(); ++i) {
          T sum = -x.amount(i) * shift;
          for (const auto& [column, value] : x[i]) sum += value * w[column];
          y(i, static_cast<linalg::index>(o)) = sum;
        }
      }
    });
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
    bias_gradient<T>(dy, gradients, e);
    if (dx == nullptr) return;
    dx->resize(dy.rows(), columns());
    linalg::multiply<T>(dy, weights(parameters), *dx, e);
  }

  /// The same for sparse rows, without d loss / d x.
  template <linalg::real T>
  void backward(std::span<const T>, const sparse_batch<T>& x, const linalg::matrix_view<T>& dy,
                std::span<T> gradients, const executor_ref& e) const {
    for_chunks(e, outputs, 4, [&](std::size_t begin, std::size_t end) {
      for (std::size_t o = begin; o < end; ++o) {
        const std::span<T> g = gradients.subspan(o * inputs, inputs);
        const auto of_output = dy.col(static_cast<linalg::index>(o));
        T amount = 0;
        for (linalg::index i = 0; i < x.rows(); ++i) amount += of_output(i) * x.amount(i);
        if (x.shift().empty())
          std::fill(g.begin(), g.end(), T{0});
        else
          for (std::size_t j = 0; j < inputs; ++j) g[j] = -amount * x.shift()[j];
        for (linalg::index i = 0; i < x.rows(); ++i)
          if (const T d = of_output(i); d != 0)
            for (const auto& [column, value] : x[i]) g[column] += d * value;
      }
    });
    bias_gradient<T>(dy, gradients, e);
  }

  /// W as a matrix.
  template <linalg::real T>
  [[nodiscard]] Eigen::Map<const linalg::matrix<T>> weights(
      std::span<const T> parameters) const noexcept {
    return {parameters.data(), rows(), columns()};
  }

 private:
  template <linalg::real T>
  void bias_gradient(const linalg::matrix_view<T>& dy, std::span<T> gradients,
                     const executor_ref& e) const {
    Eigen::Map<linalg::row_vector<T>>(gradients.data() + outputs * inputs, rows()) =
        linalg::column_sums<T>(dy, e);
  }
  [[nodiscard]] linalg::index rows() const noexcept { return static_cast<linalg::index>(outputs); }
  [[nodiscard]] linalg::index columns() const noexcept {
    return static_cast<linalg::index>(inputs);
  }
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::nn

#endif
