// SPDX-License-Identifier: MIT
/// \file
/// Learning rates that change while training: a pure function of the step, for `set_rate`.
#ifndef HINT_NN_SCHEDULE_HPP
#define HINT_NN_SCHEDULE_HPP

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/finite.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace nn {

/// How the rate falls after the warm-up, from eta_0 = `rate` towards eta_1 = `last`. t counts steps
/// from the end of the warm-up, T is how many there are, u = min(1, t / T).
enum class decay : std::uint8_t {
  constant = 0,     ///< eta_0
  step = 1,         ///< eta_0 gamma^floor(t / s), as torch.optim.lr_scheduler.StepLR
  exponential = 2,  ///< eta_0 gamma^(t / s); with s = 1 as torch.optim.lr_scheduler.ExponentialLR
  cosine =
      3,  ///< eta_1 + (eta_0 - eta_1) (1 + cos(pi u)) / 2: Loshchilov, Hutter, "SGDR: stochastic
          ///< gradient descent with warm restarts", ICLR 2017, Eq. 5, without restarts
  linear = 4,  ///< eta_0 + (eta_1 - eta_0) u
};

struct schedule_options {
  decay kind = decay::constant;
  double rate = 1e-3;       ///< eta_0, 0 to 1000
  double last = 0;          ///< eta_1 of `cosine` and `linear`, 0 to 1000
  double factor = 0.1;      ///< gamma of `step` and `exponential`, above 0, up to 1
  std::size_t every = 100;  ///< s of `step` and `exponential`, in steps; at least 1
  /// W: before all this the rate grows linearly, eta_0 (step + 1) / W in steps 0 .. W - 1 (the gradual
  /// warm-up of Goyal et al., "Accurate, large minibatch SGD", 2017, Section 2.2, from about 0).
  std::size_t warm_up = 0;

  void validate() const {
    expects<invalid_option>(kind <= decay::linear, "option kind is ", static_cast<unsigned>(kind),
                            ", expected 0 to 4");
    option_in("rate", rate, 0, 1000);
    option_in("last", last, 0, 1000);
    expects<invalid_option>(is_finite(factor) && factor > 0 && factor <= 1, "option factor is ",
                            factor, ", expected 0 < factor <= 1");
    option_in("every", every, 1, std::size_t{1} << 40);
    option_in("warm_up", warm_up, 0, std::size_t{1} << 40);
  }
};

/// Gives the rate of every step:
/// \code
/// const nn::schedule plan({.kind = nn::decay::cosine, .rate = 1e-3, .warm_up = 50});
/// optimizer.set_rate(plan.rate(step, steps));
/// optimizer.step(parameters, gradients);
/// \endcode
/// Immutable, thread-safe.
class schedule {
 public:
  using options = schedule_options;

  /// Throws `invalid_option`.
  explicit schedule(schedule_options o = {}) : options_(o) { options_.validate(); }

  /// The rate of step `step` = 0, 1, ... of `steps`, which only `cosine` and `linear` look at; their
  /// steps beyond the last have the rate `last`. O(1).
  [[nodiscard]] double rate(std::size_t step, std::size_t steps) const noexcept {
    const schedule_options& o = options_;
    if (step < o.warm_up)
      return o.rate * static_cast<double>(step + 1) / static_cast<double>(o.warm_up);
    const std::size_t t = step - o.warm_up;
    const double periods = static_cast<double>(t) / static_cast<double>(o.every);
    const double u =
        step < steps ? static_cast<double>(t) / static_cast<double>(steps - o.warm_up) : 1;
    switch (o.kind) {
      case decay::step:
        return o.rate * std::pow(o.factor, std::floor(periods));
      case decay::exponential:
        return o.rate * std::pow(o.factor, periods);
      case decay::cosine:
        return o.last + (o.rate - o.last) * (1 + std::cos(std::numbers::pi * u)) / 2;
      case decay::linear:
        return o.rate + (o.last - o.rate) * u;
      default:
        return o.rate;
    }
  }
  [[nodiscard]] const schedule_options& get_options() const noexcept { return options_; }

 private:
  schedule_options options_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::nn

#endif
