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
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/linalg/elementwise.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/simd.hpp>
#include <hint/nn/network_gradient.hpp>

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
  /// first step. With `steps()` it is all that a later step depends on, when no weights wait (`catch_up`).
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
    waiting_.clear();
  }

 protected:
  /// Throws `invalid_option`.
  explicit elementwise_optimizer(Options o) : options_(o) { options_.validate(); }

  /// One step: rule(p, g, s...) changes SIMD registers of parameters p and of their state s, given
  /// gradients g, where rule = make_rule(steps so far, this one included), which may look at the options.
  /// In fixed chunks, so that the bits do not depend on `e`. Throws `shape_error`, naming the optimiser,
  /// unless both arrays have the size that they had at the first step.
  ///
  /// Rows of the gradient's sparse part that are 0 are left out, and done when `catch_up` asks for them or
  /// their inputs occur: the same operations on the same numbers as at once, so the same bits.
  template <linalg::real T, class MakeRule>
  void advance(std::string_view name, std::span<T> parameters, const network_gradient<T>& g,
               const executor_ref& e, MakeRule make_rule) {
    auto& state = std::get<std::array<aligned_buffer<T>, Numbers>>(state_);
    if (steps_ == 0)
      for (auto& numbers : state) numbers.assign(parameters.size(), T{0});
    expects<shape_error>(g.flat.size() == parameters.size() && state[0].size() == parameters.size(),
                         name, ": ", parameters.size(), " parameters, ", g.flat.size(),
                         " gradients, state for ", state[0].size());
    const bool may_wait = g.first != nullptr && !g.first->is_shifted();
    if (may_wait && waiting_.empty()) {
      row_size_ = g.first->outputs();
      seen_.assign(g.first->inputs(), steps_);
    }
    if (may_wait && waiting_.size() < most_waiting)
      catch_up(parameters, g.first->occurring(), e, make_rule);
    else
      catch_up(parameters, e, make_rule);
    ++steps_;
    const auto rule = make_rule(steps_);
    const linalg::batch<T> scale(g.scale);
    const auto scaled = [&](auto& p, const auto& gradient, auto&... s) {
      rule(p, gradient * scale, s...);
    };
    const auto change = [&](std::size_t at, std::span<const T> by) {
      for_numbers<T>(at, by.size(), scaled, parameters, by.data());
    };
    if (may_wait) {
      waiting_.push_back(options_);
      const std::span<const std::uint32_t> rows = g.first->occurring();
      for_chunks(e, rows.size(), g.first->rows_per_task(), [&](std::size_t begin, std::size_t end) {
        for (std::size_t k = begin; k < end; ++k)
          g.first->for_rows(rows[k], rows[k] + std::size_t{1},
                            [&](std::size_t j, std::span<const T> row) {
                              change(j * row.size(), row);
                              seen_[j] = steps_;
                            });
      });
    } else if (g.first != nullptr) {
      for_chunks(e, g.first->inputs(), g.first->rows_per_task(),
                 [&](std::size_t begin, std::size_t end) {
                   g.first->for_rows(begin, end, [&](std::size_t j, std::span<const T> row) {
                     change(j * row.size(), row);
                   });
                 });
    }
    const std::size_t from = g.first_size();
    for_chunks(e, parameters.size() - from, linalg::elementwise_chunk,
               [&](std::size_t begin, std::size_t end) {
                 change(from + begin, g.flat.subspan(from + begin, end - begin));
               });
  }
  template <linalg::real T, class MakeRule>
  void advance(std::string_view name, std::span<T> parameters, std::span<const T> gradients,
               const executor_ref& e, MakeRule make_rule) {
    advance(name, parameters, network_gradient<T>{gradients}, e, make_rule);
  }

  /// Does what was left out for rows of the weights of these inputs (ascending), or of all.
  template <linalg::real T, class MakeRule>
  void catch_up(std::span<T> parameters, std::span<const std::uint32_t> inputs,
                const executor_ref& e, MakeRule make_rule) {
    if (waiting_.empty()) return;
    const auto rules = waiting_rules(make_rule);
    for_chunks(e, inputs.size(), 16, [&](std::size_t begin, std::size_t end) {
      for (std::size_t k = begin; k < end; ++k) catch_up_row(parameters, inputs[k], rules);
    });
  }
  template <linalg::real T, class MakeRule>
  void catch_up(std::span<T> parameters, const executor_ref& e, MakeRule make_rule) {
    if (waiting_.empty()) return;
    const auto rules = waiting_rules(make_rule);
    for_chunks(e, seen_.size(), 16, [&](std::size_t begin, std::size_t end) {
      for (std::size_t j = begin; j < end; ++j) catch_up_row(parameters, j, rules);
    });
    waiting_.clear();
  }

 private:
  /// Steps after which all rows are caught up: each step makes the rules of all that wait, and an epoch of small
  /// batches would otherwise make as many as the square of its steps.
  static constexpr std::size_t most_waiting = 256;

  /// f(p, more..., s...) on registers of `count` parameters from `at` on, of further arrays, and of the state.
  template <class T, class F, class... P>
  void for_numbers(std::size_t at, std::size_t count, F&& f, std::span<T> parameters, P*... more) {
    std::apply(
        [&](auto&... numbers) {
          linalg::for_batches(count, f, parameters.data() + at, more..., (numbers.data() + at)...);
        },
        std::get<std::array<aligned_buffer<T>, Numbers>>(state_));
  }
  /// The rules of the steps that some row may still need.
  template <class MakeRule>
  [[nodiscard]] auto waiting_rules(MakeRule& make_rule) {
    const Options now = options_;
    std::vector<decltype(make_rule(steps_))> rules;
    rules.reserve(waiting_.size());
    for (const Options& then : waiting_) {
      options_ = then;
      rules.push_back(make_rule(steps_ - waiting_.size() + rules.size() + 1));
    }
    options_ = now;
    return rules;
  }
  template <class T, class Rule>
  void catch_up_row(std::span<T> parameters, std::size_t j, const std::vector<Rule>& rules) {
    const std::span missed = std::span(rules).last(steps_ - seen_[j]);
    if (missed.empty()) return;
    const linalg::batch<T> zero(T{0});
    for_numbers<T>(
        j * row_size_, row_size_,
        [&](auto& p, auto&... s) {
          for (const Rule& rule : missed) rule(p, zero, s...);
        },
        parameters);
    seen_[j] = steps_;
  }

  Options options_;
  std::uint64_t steps_ = 0;
  std::tuple<std::array<aligned_buffer<float>, Numbers>,
             std::array<aligned_buffer<double>, Numbers>>
      state_;
  // Rows of the first weights that wait for steps without gradient:
  std::vector<Options> waiting_;     // of the last steps, which not all rows have seen
  std::vector<std::uint64_t> seen_;  // the last step of each row, while any waits
  std::size_t row_size_ = 0;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::nn

#endif
