// SPDX-License-Identifier: MIT
/// \file
/// What optimisers have in common that change every parameter by a rule of its own gradient and state.
#ifndef HINT_NN_ELEMENTWISE_OPTIMIZER_HPP
#define HINT_NN_ELEMENTWISE_OPTIMIZER_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/linalg/elementwise.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/simd.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace nn {

/// Options with a `rate` and a `validate()`, the number of steps, and `Numbers` of state per
/// parameter, allocated at the first step in the parameters' own type. A base of optimisers: theirs
/// is `step`, which calls `advance`.
template <class Options, std::size_t Numbers>
class elementwise_optimizer {
 public:
  using options = Options;

  [[nodiscard]] std::uint64_t steps() const noexcept { return steps_; }
  /// The step size may change between steps (see `schedule`). Throws `invalid_option`.
  void set_rate(double rate) {
    option_in("rate", rate, 0, 1000);
    options_.rate = rate;
  }
  [[nodiscard]] const Options& get_options() const noexcept { return options_; }

  /// What steps of parameters of type T have left behind, `Numbers` arrays as long as these; empty before the
  /// first step. With `steps()` it is all that a later step depends on.
  template <linalg::real T>
  [[nodiscard]] const std::array<aligned_buffer<T>, Numbers>& state() const noexcept {
    return std::get<std::array<aligned_buffer<T>, Numbers>>(state_);
  }
  /// Goes on from what `steps()` and `state()` of another optimiser were. Arrays that are not equally long,
  /// or have no number though there were steps, are refused by the next step.
  template <linalg::real T>
  void restore(std::uint64_t steps, std::array<aligned_buffer<T>, Numbers> state) {
    std::get<std::array<aligned_buffer<T>, Numbers>>(state_) = std::move(state);
    steps_ = steps;
  }

 protected:
  /// Throws `invalid_option`.
  explicit elementwise_optimizer(Options o) : options_(o) { options_.validate(); }

  /// One step: rule(p, g, s...) changes SIMD registers of parameters p and of their state s, given
  /// gradients g, where rule = make_rule(steps so far, this one included). In fixed chunks, so that
  /// the bits do not depend on `e`. Throws `shape_error`, naming the optimiser, unless both arrays
  /// have the size that they had at the first step.
  template <linalg::real T, class MakeRule>
  void advance(std::string_view name, std::span<T> parameters, std::span<const T> gradients,
               const executor_ref& e, MakeRule make_rule) {
    auto& state = std::get<std::array<aligned_buffer<T>, Numbers>>(state_);
    if (steps_ == 0)
      for (auto& numbers : state) numbers.assign(parameters.size(), T{0});
    expects<shape_error>(
        gradients.size() == parameters.size() && state[0].size() == parameters.size(), name, ": ",
        parameters.size(), " parameters, ", gradients.size(), " gradients, state for ",
        state[0].size());
    ++steps_;
    const auto rule = make_rule(steps_);
    for_chunks(e, parameters.size(), linalg::elementwise_chunk,
               [&](std::size_t begin, std::size_t end) {
                 std::apply(
                     [&](auto&... numbers) {
                       linalg::for_batches(end - begin, rule, parameters.data() + begin,
                                           gradients.data() + begin, (numbers.data() + begin)...);
                     },
                     state);
               });
  }

 private:
  Options options_;
  std::uint64_t steps_ = 0;
  std::tuple<std::array<aligned_buffer<float>, Numbers>,
             std::array<aligned_buffer<double>, Numbers>>
      state_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::nn

#endif
