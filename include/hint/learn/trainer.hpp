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
#include <optional>
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
#include <hint/io/archive_reader.hpp>
#include <hint/io/archive_writer.hpp>
#include <hint/learn/checkpoint/checkpoint_file.hpp>
#include <hint/learn/checkpoint/record_archive.hpp>
#include <hint/learn/checkpoint/rows_digest.hpp>
#include <hint/learn/checkpoint/setting_text.hpp>
#include <hint/learn/early_stopping/epoch_judge.hpp>
#include <hint/learn/network_passes.hpp>
#include <hint/learn/training_method.hpp>
#include <hint/learn/training_record.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/nn/concepts.hpp>
#include <hint/nn/optimizer_state.hpp>
#include <hint/nn/schedule.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// Trains any number of networks of one type. The same bits for any number of threads: batches, weights
/// and dropout are functions of the context's seed, sums run in a fixed order. Not thread-safe.
template <nn::differentiable Net, nn::optimizer Optimizer>
  requires std::same_as<typename Net::value_type, float>
class trainer {
 public:
  using matrix = linalg::matrix<float>;
  using pass_type = forward_pass<Net>;

  /// Batches are drawn from `items` items. All must outlive the trainer; `view` is what reports offer, and what a
  /// judge, if there is one, judges.
  trainer(trainer_options o, std::size_t items,
          std::vector<trained_network<Net, Optimizer>>& networks, training_record& record,
          const context& ctx, model_in_training* view = nullptr,
          detail::epoch_judge* judge = nullptr)
      : options_(o),
        items_(items),
        networks_(networks),
        record_(record),
        context_(ctx),
        view_(view),
        judge_(judge),
        passes_(networks.size(), nn::row_sparse_optimizer<Optimizer>),
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
  [[nodiscard]] Net& network(std::size_t k) {
    networks_[k].catch_up(context_.executor);
    return networks_[k].network;
  }
  [[nodiscard]] const data::block& rows(std::size_t k) const noexcept { return networks_[k].rows; }
  /// The items of this step; none outside `cost` and `end_step`.
  [[nodiscard]] std::span<const data::row_id> batch() const noexcept { return batch_; }

  /// Runs network k with dropout over its own rows of the batch, over rows of one's choice, or over x.
  const pass_type& forward(std::size_t k) { return forward(k, batch_); }
  const pass_type& forward(std::size_t k, std::span<const data::row_id> rows) {
    laps_.lap(own_part_);
    pass_type& p = passes_.next(k);
    p.load(networks_[k].rows, rows, context_.executor);
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
    networks_[k].catch_up(context_.executor);
    learn::infer(networks_[k].network, networks_[k].rows, out, context_.executor,
                 context_.observer);
    laps_.lap("infer");
  }

  /// Trains. Reports phases, steps and epochs to the context's observer, which may end it early. Throws
  /// `error` when a loss is not finite, and what the method throws.
  /// With a checkpoint, what it lacks (a method's `write`, an optimiser's `state`) throws `invalid_option`, and
  /// what is wrong with one to go on from throws before anything is done, see `checkpoint_options`.
  template <training_method<trainer> M>
  void run(M& method) {
    std::optional<detail::checkpoint_file> file;
    std::optional<io::archive_reader> saved;
    if (!options_.checkpoint.file.empty() && !stopped()) {  // who was stopped has half the rows
      file.emplace(options_.checkpoint, settings(method));
      saved = file->found();
      if (!saved) file->check_writable();
    }
    if constexpr (requires { method.begin(*this); }) method.begin(*this);
    epoch_ = 0;
    if (saved) go_on(*saved, method);
    if (saved && !ended()) file->check_writable();  // training that has ended writes nothing
    phase train(record_, context_, "train");
    if (saved) train.note(::hint::detail::concat("goes on after epoch ", epoch_));
    laps_.lap({});
    own_part_ = between_steps;
    for (; !ended() && !stopped(); ++epoch_) {
      const std::size_t before = step();
      terms_.clear();
      loss_ = 0;
      if constexpr (requires { method.begin_epoch(*this); }) method.begin_epoch(*this);
      std::size_t passes = 1, planned = 0;
      if constexpr (requires { method.passes(); }) passes = method.passes();
      for (pass_ = 0; pass_ < passes; ++pass_) planned += run_pass(method, passes);
      for (auto& n : networks_) n.catch_up(context_.executor);  // others may look at them now
      if constexpr (requires { method.end_epoch(*this); }) method.end_epoch(*this);
      if (step() == before) break;  // asked to stop at once, or every pass is left out
      const bool whole = step() - before == planned || step() >= steps();
      if (judge_ && whole) score_ = judge_->judge(*view_, context_);
      report((std::max<std::size_t>)(planned, 1), step() - before, train, [&] {
        if (file && whole && file->due(epoch_ + 1, ended()))
          file->save([&](io::archive_writer& to) { write(to, method, train.seconds()); });
      });
    }
    laps_.lap(own_part_);
    if (judge_) judge_->finish(*view_);
    context_.observer.on(end_report{step(), view_});
  }

 private:
  static constexpr std::string_view between_steps = "between steps";

  const pass_type& run(pass_type& p) {
    auto& of = networks_[p.network];
    if (p.sparse && p.sparse->shift().empty())
      of.catch_up(context_.executor, p.sparse->occurring());
    else
      of.catch_up(context_.executor);
    passes_.forward(p, of.network, context_.executor);
    laps_.lap("forward");
    return p;
  }
  [[nodiscard]] bool stopped() const { return context_.observer.stop_requested(); }
  [[nodiscard]] bool ended() const { return step() >= steps() || (judge_ && judge_->done()); }
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
      if (passes_.changed(k)) descend(k);
    laps_.lap("optimiser");
    if constexpr (requires { method.end_step(*this); }) method.end_step(*this);
    ++record_.steps;
    loss_ += loss;
    context_.observer.on(step_report{step(), steps(), loss});
  }

  void descend(std::size_t k) {
    const executor_ref& e = context_.executor;
    if constexpr (nn::row_sparse_optimizer<Optimizer>)
      networks_[k].descend(passes_.gradient(k), step(), steps(), e);
    else
      networks_[k].descend(passes_.flat_gradient(k, e), step(), steps(), e);
  }

  /// `planned`: steps of a whole epoch; `taken`: those of this one, fewer when training ends in it. Calls save()
  /// before anybody else hears of the epoch, and may throw.
  template <class Save>
  void report(std::size_t planned, std::size_t taken, const phase& train, Save&& save) {
    const double seconds = seconds_before_ + train.seconds();
    const auto batches = static_cast<double>((std::max<std::size_t>)(taken, 1));
    const auto done = static_cast<double>((std::max<std::size_t>)(step(), 1));
    std::span<const ::hint::term> terms = terms_.means(batches);
    if (score_) {
      terms_.add(detail::epoch_judge::score_name, *std::exchange(score_, std::nullopt));
      terms = terms_.means(1);
    }
    const epoch_report r{.epoch = epoch_ + 1,
                         .epochs = (std::max)(epoch_ + 1, (steps() + planned - 1) / planned),
                         .loss = loss_ / batches,
                         .seconds = seconds,
                         .seconds_left = seconds * (static_cast<double>(steps()) - done) / done,
                         .terms = terms,
                         .model = view_};
    record_.add(r);
    save();
    context_.observer.on(r);
    if (step() < steps()) train.tell(static_cast<double>(step()) / static_cast<double>(steps()));
  }

  template <class M>
  [[nodiscard]] detail::settings settings(const M& method) const {
    constexpr bool resumable =
        requires(M& m, io::archive_writer& to, const io::archive_reader& from, trainer& t) {
          std::as_const(m).write(to);
          m.read(from, t);
        };
    expects<invalid_option>(resumable,
                            "option checkpoint needs a training method with write and read");
    expects<invalid_option>(nn::resumable_optimizer<Optimizer>,
                            "option checkpoint needs an optimiser with state and restore");
    detail::settings all;
    if constexpr (requires { method.settings(); }) all = method.settings();
    all.emplace("seed", ::hint::detail::concat(context_.seed));
    all.emplace("items", ::hint::detail::concat(items_));
    all.emplace("batch", ::hint::detail::concat(options_.batch));
    all.emplace("steps", ::hint::detail::concat(options_.steps));
    all.emplace("clip", ::hint::detail::concat(options_.clip));
    for (std::size_t k = 0; k < networks_.size(); ++k) {
      const Net& network = networks_[k].network;
      const Optimizer& optimizer = networks_[k].optimizer;
      const std::optional<nn::schedule>& schedule = networks_[k].schedule;
      const auto name = [&](const char* what) { return ::hint::detail::concat(what, k); };
      all.emplace(name("parameters"), ::hint::detail::concat(network.parameters().size()));
      all.emplace(name("rows"), detail::rows_digest(networks_[k].rows));
      all.emplace(name("schedule"),
                  schedule ? detail::setting_text(schedule->get_options()) : "none");
      if constexpr (requires { detail::setting_text(network.options()); })
        all.emplace(name("network"), detail::setting_text(network.options()));
      if constexpr (requires { detail::setting_text(optimizer.get_options()); })
        all.emplace(name("optimizer"), detail::setting_text(optimizer.get_options()));
    }
    return all;
  }
  /// After an epoch: all that the next one depends on but for what settings say.
  template <class M>
  void write(io::archive_writer& to, const M& method, double seconds) const {
    training_record record = record_;
    detail::add_seconds(record.seconds, "train", seconds);
    detail::write_record(to, record);
    to.meta("epoch", epoch_ + 1);
    for (std::size_t k = 0; k < networks_.size(); ++k) {
      const std::string name = ::hint::detail::concat("network", k);
      const std::span<const float> parameters = std::as_const(networks_[k].network).parameters();
      to.array(name + ".parameters", parameters, std::size_t{1}, parameters.size());
      if constexpr (nn::resumable_optimizer<Optimizer>)
        nn::write_state<float>(to, name, networks_[k].optimizer);
    }
    if constexpr (requires { method.write(to); }) method.write(to);
    if (judge_) judge_->write(to);
  }
  /// What `write` wrote.
  template <class M>
  void go_on(const io::archive_reader& from, M& method) {
    training_record record = detail::read_record(from);
    for (const auto& [name, seconds] : record.seconds) {
      if (name == "train") seconds_before_ = seconds;
      detail::add_seconds(record_.seconds, name, seconds);
    }
    record_.epochs = std::move(record.epochs);
    record_.steps = record.steps;
    epoch_ = from.number<std::size_t>("epoch");
    for (std::size_t k = 0; k < networks_.size(); ++k) {
      const std::string name = ::hint::detail::concat("network", k);
      const std::span<float> parameters = networks_[k].network.parameters();
      const auto saved = from.array<float>(name + ".parameters");
      from.require(saved.size() == parameters.size(), "array '", name, ".parameters' has ",
                   saved.size(), " numbers, expected ", parameters.size());
      std::copy(saved.begin(), saved.end(), parameters.begin());
      if constexpr (nn::resumable_optimizer<Optimizer>)
        nn::read_state<float>(from, name, parameters.size(), networks_[k].optimizer);
    }
    if constexpr (requires { method.read(from, *this); }) method.read(from, *this);
    if (judge_) judge_->read(from, *view_);
  }

  trainer_options options_;
  std::size_t items_;
  std::vector<trained_network<Net, Optimizer>>& networks_;
  training_record& record_;
  const context& context_;
  model_in_training* view_;
  detail::epoch_judge* judge_;
  network_passes<Net> passes_;
  std::vector<std::uint32_t> order_;  // of the items in this pass
  std::span<const data::row_id> batch_;
  std::size_t epoch_ = 0, pass_ = 0, round_ = 0;
  lap_clock laps_;
  std::string_view own_part_;  // what the method's own work is told as; nothing before training
  double loss_ = 0;            // sum over the batches of this epoch
  double seconds_before_ = 0;  // of training before it was interrupted
  term_sums terms_;
  std::optional<double> score_;  // of this epoch, by the judge
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
