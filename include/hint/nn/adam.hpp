// SPDX-License-Identifier: MIT
/// \file
/// Adam. Source: Kingma, Ba, "Adam: a method for stochastic optimization", ICLR 2015, Algorithm 1.
#ifndef HINT_NN_ADAM_HPP
#define HINT_NN_ADAM_HPP

#include <cmath>
#include <cstddef>
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

struct adam_options {
  double rate = 1e-3;       ///< alpha, the step size, 0 to 1000
  double beta1 = 0.9;       ///< decay of the first moment, 0 to 1, 1 excluded
  double beta2 = 0.999;     ///< decay of the second moment, 0 to 1, 1 excluded
  double epsilon = 1e-8;    ///< keeps the division finite, above 0, up to 1
  double weight_decay = 0;  ///< times the parameter, added to the gradient (as torch.optim.Adam)

  void validate() const {
    option_in("rate", rate, 0, 1000);
    expects<invalid_option>(is_finite(beta1) && beta1 >= 0 && beta1 < 1, "option beta1 is ", beta1,
                            ", expected 0 <= beta1 < 1");
    expects<invalid_option>(is_finite(beta2) && beta2 >= 0 && beta2 < 1, "option beta2 is ", beta2,
                            ", expected 0 <= beta2 < 1");
    expects<invalid_option>(is_finite(epsilon) && epsilon > 0 && epsilon <= 1, "option epsilon is ",
                            epsilon, ", expected 0 < epsilon <= 1");
    option_in("weight_decay", weight_decay, 0, 1000);
  }
};

/// Models `optimizer`. One object serves one array of parameters; its moments are allocated at the
/// first step, in the parameters' own type. Copy it to save its state.
class adam : public elementwise_optimizer<adam_options, 2> {
 public:
  /// Throws `invalid_option`.
  explicit adam(adam_options o = {}) : elementwise_optimizer(o) {}

  /// One step against the gradient. The same bits for any number of threads. Throws `shape_error`
  /// unless both have the size that they had at the first step.
  template <linalg::real T>
  void step(std::span<T> parameters, std::type_identity_t<std::span<const T>> gradients,
            const executor_ref& e = {}) {
    this->advance("adam", parameters, gradients, e, rule<T>());
  }
  /// The same for a scaled gradient, a part of which may be sparse. Weights of inputs that do not occur then
  /// wait for `catch_up` and have afterwards the same bits as if they had not.
  template <linalg::real T>
  void step(std::span<T> parameters, const network_gradient<T>& gradient,
            const executor_ref& e = {}) {
    this->advance("adam", parameters, gradient, e, rule<T>());
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
    return [this](std::uint64_t steps) {
      const adam_options& o = get_options();
      const auto t = static_cast<double>(steps);
      const auto number = [](double x) { return linalg::batch<T>(static_cast<T>(x)); };
      return [beta1 = number(o.beta1), rest1 = number(1 - o.beta1), beta2 = number(o.beta2),
              rest2 = number(1 - o.beta2), rate = number(o.rate / (1 - std::pow(o.beta1, t))),
              unbias = number(1 / std::sqrt(1 - std::pow(o.beta2, t))), epsilon = number(o.epsilon),
              decay = number(o.weight_decay)](auto& p, const auto& gradient, auto& first,
                                              auto& second) {
        const auto g = fma(decay, p, gradient);
        first = fma(beta1, first, rest1 * g);
        second = fma(beta2, second, rest2 * g * g);
        p = p - rate * first / fma(sqrt(second), unbias, epsilon);
      };
    };
  }
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::nn

#endif
