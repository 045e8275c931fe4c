// SPDX-License-Identifier: MIT
/// \file
/// The training loop of every learner with networks: batches, forward and backward passes, clipping,
/// optimisers, dropout, reports and the guard against losses that are not finite. A method only says what
/// a batch costs. Page: docs/concepts/training_method.md.
#ifndef HINT_LEARN_TRAINER_HPP
#define HINT_LEARN_TRAINER_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/finite.hpp>
#include <hint/core/lap_clock.hpp>
#include <hint/core/observer.hpp>
#include <hint/core/random.hpp>
#include <hint/data/block.hpp>
#include <hint/learn/network_passes.hpp>
#include <hint/learn/training_method.hpp>
#include <hint/learn/training_record.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/nn/concepts.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// Trains any number of networks of one type. The same bits for any number of threads: batches, weights
/// and dropout are functions of the context's seed, sums run in a fixed order. Not thread-safe.
template <nn::differentiable Net, nn::optimizer Optimizer>
  requires std::same_as<typename Net::value_type, float>
class trainer {
 public:
  using matrix = linalg::matrix<float>;
  using pass_type = forward_pass<Net>;

  /// Batches are drawn from `items` items. All must outlive the trainer; `view` is what reports offer.
  trainer(trainer_options o, std::size_t items,
          std::vector<trained_network<Net, Optimizer>>& networks, training_record& record,
          const context& ctx, model_in_training* view = nullptr)
      : options_(o),
        items_(items),
        networks_(networks),
        record_(record),
        context_(ctx),
        view_(view),
        passes_(networks.size()),
        laps_(ctx.observer) {
    options_.validate();
  }

  [[nodiscard]] const context& get_context() const noexcept { return context_; }
  [[nodiscard]] training_record& record() noexcept { return record_; }
  [[nodiscard]] std::size_t items() const noexcept { return items_; }
  [[nodiscard]] std::size_t step() const noexcept { return record_.steps; }
  [[nodiscard]] std::size_t steps() const noexcept { return options_.steps; }
  [[nodiscard]] std::size_t epoch() const noexcept { return epoch_; }
  [[nodiscard]] std::size_t pass() const noexcept { return pass_; }
  [[nodiscard]] std::size_t round() const noexcept { return round_; }
  [[nodiscard]] Net& network(std::size_t k) noexcept { return networks_[k].network; }
  [[nodiscard]] const data::block& rows(std::size_t k) const noexcept { return networks_[k].rows; }
  /// The items of this step; none outside `cost` and `end_step`.
  [[nodiscard]] std::span<const data::row_id> batch() const noexcept { return batch_; }

  /// Runs network k with dropout over its own rows of the batch, over rows of one's choice, or over x.
  const pass_type& forward(std::size_t k) { return forward(k, batch_); }
  const pass_type& forward(std::size_t k, std::span<const data::row_id> rows) {
    laps_.lap(own_part_);
    pass_type& p = passes_.next(k);
    p.load(networks_[k].rows, rows);
    laps_.lap("load");
    return run(p);
  }
  const pass_type& forward(std::size_t k, const linalg::matrix_view<float>& x) {
    laps_.lap(own_part_);
    pass_type& p = passes_.next(k);
    p.sparse.reset();
    p.input = x;
    laps_.lap("load");
    return run(p);
  }
  /// From d loss / d output of a pass to the gradient of its network, to which it is added. Networks that
  /// get a gradient in a step are changed by it, others are not.
  void backward(const pass_type& p, const linalg::matrix_view<float>& d_output) {
    laps_.lap(own_part_);
    passes_.backward(p, networks_[p.network].network, d_output, context_.executor);
    laps_.lap("backward");
  }
  /// The same; `d_input` becomes d loss / d input, for the network that made the input.
  void backward(const pass_type& p, const linalg::matrix_view<float>& d_output, matrix& d_input)
    requires nn::input_differentiable<Net>
  {
    laps_.lap(own_part_);
    passes_.backward(p, networks_[p.network].network, d_output, context_.executor, &d_input);
    laps_.lap("backward");
  }
  /// Tells a figure of this batch; reports give its mean over the epoch. `name` must outlive training.
  void term(std::string_view name, double value) { terms_.add(name, value); }
  /// What the method itself did since it last called one of these was `name`; without, it is told as "losses" within
  /// `cost`. For observers that hear of parts.
  void part(std::string_view name) { laps_.lap(name); }
  /// Network k, without dropout, over all its rows: rows x outputs.
  void infer(std::size_t k, matrix& out) {
    laps_.lap(own_part_);
    learn::infer(networks_[k].network, networks_[k].rows, out, context_.executor,
                 context_.observer);
    laps_.lap("infer");
  }

  /// Trains. Reports phases, steps and epochs to the context's observer, which may end it early. Throws
  /// `error` when a loss is not finite, and what the method throws.
  template <training_method<trainer> M>
  void run(M& method) {
    if constexpr (requires { method.begin(*this); }) method.begin(*this);
    const phase train(record_, context_, "train");
    laps_.lap({});
    own_part_ = between_steps;
    for (epoch_ = 0; step() < steps() && !stopped(); ++epoch_) {
      const std::size_t before = step();
      terms_.clear();
      loss_ = 0;
      if constexpr (requires { method.begin_epoch(*this); }) method.begin_epoch(*this);
      std::size_t passes = 1, planned = 0;
      if constexpr (requires { method.passes(); }) passes = method.passes();
      for (pass_ = 0; pass_ < passes; ++pass_) planned += run_pass(method, passes);
      if constexpr (requires { method.end_epoch(*this); }) method.end_epoch(*this);
      if (step() == before) break;  // asked to stop at once, or every pass is left out
      report((std::max<std::size_t>)(planned, 1), step() - before, train);
    }
    laps_.lap(own_part_);
    context_.observer.on(end_report{step(), view_});
  }

 private:
  static constexpr std::string_view between_steps = "between steps";

  const pass_type& run(pass_type& p) {
    passes_.forward(p, networks_[p.network].network, context_.executor);
    laps_.lap("forward");
    return p;
  }
  [[nodiscard]] bool stopped() const { return context_.observer.stop_requested(); }
  /// One pass over the items; how many steps a whole one has.
  template <class M>
  std::size_t run_pass(M& method, std::size_t passes) {
    if constexpr (requires { method.begin_pass(*this); })
      if (!method.begin_pass(*this)) return 0;
    std::size_t n = items_, rounds = 1;
    if constexpr (requires { method.items(*this); }) n = method.items(*this);
    if constexpr (requires { method.rounds(); }) rounds = method.rounds();
    const std::size_t size = (std::min)(options_.batch, n);
    if (size == 0) return 0;
    order_ = permutation(static_cast<std::uint32_t>(n),
                         context_.random("batches").fork(epoch_ * passes + pass_));
    for (std::size_t b = 0; b < n / size; ++b)
      for (round_ = 0; round_ < rounds && step() < steps() && !stopped(); ++round_) {
        batch_ = std::span(order_).subspan(b * size, size);
        take_step(method);
      }
    batch_ = {};
    return n / size * rounds;
  }

  template <class M>
  void take_step(M& method) {
    laps_.lap(std::exchange(own_part_, "losses"));
    passes_.begin_step(context_.random("dropout").fork(step()));
    const auto loss = static_cast<double>(method.cost(*this));
    laps_.lap(std::exchange(own_part_, between_steps));
    expects<error>(is_finite(loss), "fit: the loss of step ", step() + 1, " is ", loss,
                   "; try a lower rate or scaled features");
    expects<error>(is_finite(passes_.clip(options_.clip, context_.executor)),
                   "fit: the gradient of step ", step() + 1, " is not finite; try a lower rate");
    for (std::size_t k = 0; k < networks_.size(); ++k)
      if (passes_.changed(k))
        networks_[k].descend(passes_.gradient(k), step(), steps(), context_.executor);
    laps_.lap("optimiser");
    if constexpr (requires { method.end_step(*this); }) method.end_step(*this);
    ++record_.steps;
    loss_ += loss;
    context_.observer.on(step_report{step(), steps(), loss});
  }

  /// `planned`: steps of a whole epoch; `taken`: those of this one, fewer when training ends in it.
  void report(std::size_t planned, std::size_t taken, const phase& train) {
    const auto batches = static_cast<double>((std::max<std::size_t>)(taken, 1));
    const auto done = static_cast<double>((std::max<std::size_t>)(step(), 1));
    const epoch_report r{
        .epoch = epoch_ + 1,
        .epochs = (std::max)(epoch_ + 1, (steps() + planned - 1) / planned),
        .loss = loss_ / batches,
        .seconds = train.seconds(),
        .seconds_left = train.seconds() * (static_cast<double>(steps()) - done) / done,
        .terms = terms_.means(batches),
        .model = view_};
    record_.add(r);
    context_.observer.on(r);
    if (step() < steps()) train.tell(static_cast<double>(step()) / static_cast<double>(steps()));
  }

  trainer_options options_;
  std::size_t items_;
  std::vector<trained_network<Net, Optimizer>>& networks_;
  training_record& record_;
  const context& context_;
  model_in_training* view_;
  network_passes<Net> passes_;
  std::vector<std::uint32_t> order_;  // of the items in this pass
  std::span<const data::row_id> batch_;
  std::size_t epoch_ = 0, pass_ = 0, round_ = 0;
  lap_clock laps_;
  std::string_view own_part_;  // what the method's own work is told as; nothing before training
  double loss_ = 0;            // sum over the batches of this epoch
  term_sums terms_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
