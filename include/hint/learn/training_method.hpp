// SPDX-License-Identifier: MIT
/// \file
/// What a training loop needs to know: what a batch costs, how long to go on, which networks there are.
#ifndef HINT_LEARN_TRAINING_METHOD_HPP
#define HINT_LEARN_TRAINING_METHOD_HPP

#include <concepts>
#include <cstddef>
#include <optional>
#include <span>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/data/block.hpp>
#include <hint/learn/checkpoint_options.hpp>
#include <hint/nn/concepts.hpp>
#include <hint/nn/schedule.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// What a trainer T asks of a method M. All but `cost` may be missing.
///
/// | expression | meaning |
/// |---|---|
/// | `m.cost(t)` | the loss of `t.batch()`; calls `t.forward` and, for each network to be changed, `t.backward` |
/// | `m.begin(t)` | before training: graphs, targets, memory banks |
/// | `m.begin_epoch(t)`, `m.end_epoch(t)` | around the passes of an epoch: recompute memory banks, update binary codes B or class prototypes |
/// | `m.passes()` | passes over the items in an epoch, 1 by default; `t.pass()` tells which one it is |
/// | `m.begin_pass(t)` | false leaves this pass out (a net that is good enough, say) |
/// | `m.items(t)` | how many items this pass draws batches from; by default all |
/// | `m.rounds()` | optimiser steps on every batch, 1 by default; `t.round()` tells which one it is |
/// | `m.end_step(t)` | after the parameters have changed: banks, teacher networks that follow by a moving average |
/// | `m.write(writer)`, `m.read(reader, t)` | what the next epoch depends on beside networks and counters, to an archive after an epoch and back, after `begin`; without them there are no checkpoints |
/// | `m.settings()` | a `std::map<std::string, std::string>` of what makes this training another: options, by name |
template <class M, class T>
concept training_method = requires(M& m, T& t) {
  { m.cost(t) } -> std::convertible_to<double>;
};

struct trainer_options {
  std::size_t batch = 256;  ///< |B|; at most the number of items is used; 1 .. 65536
  std::size_t steps = 400;  ///< optimiser steps in all, not epochs; 0 .. 10^9
  double clip = 1;          ///< bound on the joint norm of the gradients of a step; 0: none
  checkpoint_options checkpoint = {};

  void validate() const {
    option_in("batch", batch, 1, 65536);
    option_in("steps", steps, 0, 1000000000);
    option_in("clip", clip, 0, 1e30);
    checkpoint.validate();
  }
};

/// A network to be trained, its own optimiser and, unless the method alone feeds it, its features.
template <class Net, class Optimizer>
struct trained_network {
  Net network;
  Optimizer optimizer;
  data::block rows = {};
  std::optional<nn::schedule> schedule = {};  ///< of the optimiser's rate; empty: its own

  /// A step of the optimiser, number `step` of `steps`; `gradient` is flat, or what a
  /// `nn::row_sparse_optimizer` takes. Throws `invalid_option` when there is a schedule but no `set_rate`.
  template <class Gradient>
  void descend(const Gradient& gradient, std::size_t step, std::size_t steps,
               const executor_ref& e) {
    if constexpr (nn::scheduled_optimizer<Optimizer>) {
      if (schedule) optimizer.set_rate(schedule->rate(step, steps));
    } else {
      expects<invalid_option>(!schedule, "option schedule needs an optimiser with set_rate");
    }
    optimizer.step(network.parameters(), gradient, e);
  }
  /// Makes weights of these inputs (ascending), or all, ready to be read, where the optimiser left some for
  /// later.
  template <class... Inputs>
  void catch_up(const executor_ref& e, const Inputs&... inputs) {
    if constexpr (nn::row_sparse_optimizer<Optimizer>)
      optimizer.catch_up(network.parameters(), inputs..., e);
  }
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
