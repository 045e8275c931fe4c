// SPDX-License-Identifier: MIT
/// \file
/// A fully connected layer, y = x W + b, whose parameters live in one flat array: W (inputs x outputs,
/// row after row), then b.
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
#include <hint/nn/row_sparse_gradient.hpp>
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

  /// Weights and biases uniform in +-1 / sqrt(inputs), as PyTorch does. Numbers are drawn in the order of
  /// `copy_to_archive`.
  template <linalg::real T>
  void initialize(std::span<T> parameters, random_stream random) const noexcept {
    const double bound = 1 / std::sqrt(static_cast<double>(inputs));
    const auto draw = [&](std::size_t i) {
      return static_cast<T>((2 * random.uniform(i) - 1) * bound);
    };
    for (std::size_t j = 0; j < inputs; ++j)
      for (std::size_t o = 0; o < outputs; ++o) parameters[j * outputs + o] = draw(o * inputs + j);
    for (std::size_t i = inputs * outputs; i < parameters.size(); ++i) parameters[i] = draw(i);
  }
  /// Archives hold W^T (outputs x inputs, row after row), then b.
  template <linalg::real T>
  void copy_to_archive(std::span<const T> parameters, std::span<T> stored) const {
    Eigen::Map<linalg::matrix<T>>(stored.data(), columns(), rows()) =
        weights(parameters).transpose();
    std::ranges::copy(bias(parameters), stored.begin() + columns() * rows());
  }
  template <linalg::real T>
  void copy_from_archive(std::span<const T> stored, std::span<T> parameters) const {
    Eigen::Map<linalg::matrix<T>>(parameters.data(), rows(), columns()) =
        Eigen::Map<const linalg::matrix<T>>(stored.data(), columns(), rows()).transpose();
    std::ranges::copy(stored.subspan(inputs * outputs), parameters.begin() + columns() * rows());
  }

  /// y = x W, without the bias; x is n x inputs, y n x outputs.
  template <linalg::real T>
  void forward(std::span<const T> parameters, const linalg::matrix_view<T>& x,
               linalg::matrix_ref<T> y, const executor_ref& e) const {
    linalg::multiply<T>(x, weights(parameters), y, e);
  }
  /// The same for sparse rows. O(outputs (inputs + stored numbers)), without shift O(outputs (rows + stored
  /// numbers)). A row of y depends on its own row of x alone.
  template <linalg::real T>
  void forward(std::span<const T> parameters, const sparse_batch<T>& x, linalg::matrix_ref<T> y,
               const executor_ref& e) const {
    linalg::matrix<T> shift;  // W^T times the shift
    if (!x.shift().empty()) {
      shift.resize(1, columns());
      linalg::multiply<T>(Eigen::Map<const linalg::matrix<T>>(x.shift().data(), 1, rows()),
                          weights(parameters), shift, e);
    }
    for_chunks(e, static_cast<std::size_t>(x.rows()), 16, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        const auto row = static_cast<linalg::index>(i);
        const std::span<T> to = linalg::row_span<T>(y, row);
        std::ranges::fill(to, T{0});
        if (!x.shift().empty())
          linalg::add_multiple<T>(-x.amount(row), {shift.data(), outputs}, to);
        for (const auto& [input, value] : x[row])
          linalg::add_multiple<T>(value, parameters.subspan(input * outputs, outputs), to);
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
    // Behind ReLU and dropout most slopes are 0.
    linalg::transposed_multiply_with_zeros<T>(x, dy, map(gradients.data(), rows(), columns()), e);
    bias_gradient<T>(dy, gradients, e);
    if (dx == nullptr) return;
    dx->resize(dy.rows(), rows());
    linalg::multiply_transposed<T>(dy, weights(parameters), *dx, e);
  }

  /// The same for sparse rows, without d loss / d x: the weights' gradient to `of_weights`, that of the
  /// biases to their place in `gradients`, whose rest is left alone.
  template <linalg::real T>
  void backward(const sparse_batch<T>& x, const linalg::matrix_view<T>& dy,
                row_sparse_gradient<T>& of_weights, std::span<T> gradients,
                const executor_ref& e) const {
    of_weights.assign(x, dy, e);
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
    Eigen::Map<linalg::row_vector<T>>(gradients.data() + outputs * inputs, columns()) =
        linalg::column_sums<T>(dy, e);
  }
  [[nodiscard]] linalg::index rows() const noexcept { return static_cast<linalg::index>(inputs); }
  [[nodiscard]] linalg::index columns() const noexcept {
    return static_cast<linalg::index>(outputs);
  }
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::nn

#endif
