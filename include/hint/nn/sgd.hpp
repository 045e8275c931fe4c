// SPDX-License-Identifier: MIT
/// \file
/// Stochastic gradient descent with momentum (as torch.optim.SGD: v = momentum v + g, p -= rate v).
#ifndef HINT_NN_SGD_HPP
#define HINT_NN_SGD_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <type_traits>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/linalg/elementwise.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/simd.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace nn {

struct sgd_options {
  double rate = 1e-3;       ///< the step size, 0 to 1000
  double momentum = 0.9;    ///< 0 to 1, 1 excluded; 0: none
  double weight_decay = 0;  ///< times the parameter, added to the gradient

  void validate() const {
    option_in("rate", rate, 0, 1000);
    expects<invalid_option>(momentum >= 0 && momentum < 1, "option momentum is ", momentum,
                            ", expected 0 <= momentum < 1");
    option_in("weight_decay", weight_decay, 0, 1000);
  }
};

/// Models `optimizer`. One object serves one array of parameters; its velocity is allocated at the
/// first step, in the parameters' own type. Copy it to save its state.
class sgd {
 public:
  using options = sgd_options;

  /// Throws `invalid_option`.
  explicit sgd(sgd_options o = {}) : options_(o) { options_.validate(); }

  /// One step against the gradient. The same bits for any number of threads. Throws `shape_error`
  /// unless both have the size that they had at the first step.
  template <linalg::real T>
  void step(std::span<T> parameters, std::type_identity_t<std::span<const T>> gradients,
            const executor_ref& e = {}) {
    aligned_buffer<T>& velocity = std::get<aligned_buffer<T>>(velocity_);
    if (steps_ == 0) velocity.assign(parameters.size(), T{0});
    expects<shape_error>(
        gradients.size() == parameters.size() && velocity.size() == parameters.size(),
        "sgd: ", parameters.size(), " parameters, ", gradients.size(), " gradients, state for ",
        velocity.size());
    ++steps_;
    const auto number = [](double x) { return linalg::batch<T>(static_cast<T>(x)); };
    const auto rate = number(options_.rate), momentum = number(options_.momentum);
    const auto decay = number(options_.weight_decay);
    for_chunks(e, parameters.size(), linalg::elementwise_chunk,
               [&](std::size_t begin, std::size_t end) {
                 linalg::for_batches(
                     end - begin,
                     [&](auto& p, const auto& gradient, auto& v) {
                       v = fma(momentum, v, fma(decay, p, gradient));
                       p = p - rate * v;
                     },
                     parameters.data() + begin, gradients.data() + begin, velocity.data() + begin);
               });
  }

  [[nodiscard]] std::uint64_t steps() const noexcept { return steps_; }
  /// The step size may change between steps (a schedule).
  void set_rate(double rate) {
    option_in("rate", rate, 0, 1000);
    options_.rate = rate;
  }
  [[nodiscard]] const sgd_options& get_options() const noexcept { return options_; }

 private:
  sgd_options options_;
  std::uint64_t steps_ = 0;
  std::tuple<aligned_buffer<float>, aligned_buffer<double>> velocity_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::nn

#endif
