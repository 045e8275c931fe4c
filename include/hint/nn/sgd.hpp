// SPDX-License-Identifier: MIT
/// \file
/// Stochastic gradient descent with momentum (as torch.optim.SGD: v = momentum v + g, p -= rate v).
#ifndef HINT_NN_SGD_HPP
#define HINT_NN_SGD_HPP

#include <cstdint>
#include <span>
#include <type_traits>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/core/finite.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/simd.hpp>
#include <hint/nn/elementwise_optimizer.hpp>
#include <hint/nn/network_gradient.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace nn {

struct sgd_options {
  double rate = 1e-3;       ///< the step size, 0 to 1000
  double momentum = 0.9;    ///< 0 to 1, 1 excluded; 0: none
  double weight_decay = 0;  ///< times the parameter, added to the gradient

  void validate() const {
    option_in("rate", rate, 0, 1000);
    expects<invalid_option>(is_finite(momentum) && momentum >= 0 && momentum < 1,
                            "option momentum is ", momentum, ", expected 0 <= momentum < 1");
    option_in("weight_decay", weight_decay, 0, 1000);
  }
};

/// Models `optimizer`. One object serves one array of parameters; its velocity is allocated at the
/// first step, in the parameters' own type. Copy it to save its state.
class sgd : public elementwise_optimizer<sgd_options, 1> {
 public:
  /// Throws `invalid_option`.
  explicit sgd(sgd_options o = {}) : elementwise_optimizer(o) {}

  /// One step against the gradient. The same bits for any number of threads. Throws `shape_error`
  /// unless both have the size that they had at the first step.
  template <linalg::real T>
  void step(std::span<T> parameters, std::type_identity_t<std::span<const T>> gradients,
            const executor_ref& e = {}) {
    this->advance("sgd", parameters, gradients, e, rule<T>());
  }
  /// The same for a scaled gradient, a part of which may be sparse. Weights of inputs that do not occur then
  /// wait for `catch_up` and have afterwards the same bits as if they had not.
  template <linalg::real T>
  void step(std::span<T> parameters, const network_gradient<T>& gradient,
            const executor_ref& e = {}) {
    this->advance("sgd", parameters, gradient, e, rule<T>());
  }
  /// Makes the weights of these inputs (ascending) ready to be read, or all.
  template <linalg::real T>
  void catch_up(std::span<T> parameters, std::span<const std::uint32_t> inputs,
                const executor_ref& e = {}) {
    elementwise_optimizer::catch_up(parameters, inputs, e, rule<T>());
  }
  template <linalg::real T>
  void catch_up(std::span<T> parameters, const executor_ref& e = {}) {
    elementwise_optimizer::catch_up(parameters, e, rule<T>());
  }

 private:
  template <linalg::real T>
  [[nodiscard]] auto rule() const {
    return [this](std::uint64_t) {
      const sgd_options& o = get_options();
      const auto number = [](double x) { return linalg::batch<T>(static_cast<T>(x)); };
      return [rate = number(o.rate), momentum = number(o.momentum), decay = number(o.weight_decay)](
                 auto& p, const auto& gradient, auto& v) {
        v = fma(momentum, v, fma(decay, p, gradient));
        p = p - rate * v;
      };
    };
  }
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::nn

#endif
