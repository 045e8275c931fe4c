// SPDX-License-Identifier: MIT
/// \file
/// What every learner with a network for images and one for texts does around its method: scaling,
/// networks, the loop, the hasher.
#ifndef HINT_LEARN_PAIR_TRAINING_HPP
#define HINT_LEARN_PAIR_TRAINING_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/modality.hpp>
#include <hint/data/check_finite.hpp>
#include <hint/data/dataset.hpp>
#include <hint/data/normalize.hpp>
#include <hint/learn/early_stopping/epoch_judge.hpp>
#include <hint/learn/early_stopping/held_out_pairs.hpp>
#include <hint/learn/early_stopping_options.hpp>
#include <hint/learn/mlp_hasher.hpp>
#include <hint/learn/model_in_training.hpp>
#include <hint/learn/scaled_rows.hpp>
#include <hint/learn/trained_hasher.hpp>
#include <hint/learn/trainer.hpp>
#include <hint/learn/training_method.hpp>
#include <hint/learn/training_record.hpp>
#include <hint/nn/mlp.hpp>
#include <hint/nn/schedule.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

struct pair_training_options {
  std::size_t bits = 64;  ///< outputs of both networks
  std::array<data::scaling, 2> scaling{data::scaling::centered_l2, data::scaling::centered_l2};
  std::array<nn::mlp_options, 2> networks{};          ///< of images and of texts
  std::optional<nn::schedule_options> schedule = {};  ///< of both rates; empty: the optimisers' own
  trainer_options loop = {};
  early_stopping_options early_stopping =
      {};  ///< pairs that it holds out take no part in scaling either
};

/// The state of training two networks on pairs. A method's networks of its own, if it has any, follow
/// those of images (0) and texts (1).
template <nn::optimizer Optimizer>
class pair_training final : public model_in_training {
 public:
  using trainer_type = trainer<nn::mlp<float>, Optimizer>;

  /// Learns the scalings and applies them (phase "scale", whose note says what a modality lacks, see
  /// `scale_rows`), draws the first weights. Once the observer has asked to stop, nothing further is done: the
  /// model is what there is, untrained at worst. `optimizers`: of
  /// images and of texts. What the context refers to must outlive it. Throws `invalid_argument` for fewer than
  /// two pairs, NaN or infinity, or several processes; `shape_error` for modalities of different size.
  template <data::paired_dataset D>
  pair_training(pair_training_options o, const D& dataset, std::array<Optimizer, 2> optimizers,
                const context& ctx)
      : options_(std::move(o)), stop_(ctx.observer), context_(ctx) {
    context_.observer = stop_;
    expects(dataset.size() >= 2, "fit: the data set has ", dataset.size(),
            " pairs, expected at least 2");
    expects(ctx.communicator.size() == 1, "fit: ", ctx.communicator.size(),
            " processes, but training runs in one only");
    const data::paired<> raw =
        without_held_out({data::as_block(dataset.image()), data::as_block(dataset.text())});
    phase p(record_, context_, "scale");
    std::string remarks;
    for (const modality m : modalities) {
      const std::size_t i = index_of(m);
      auto [scaling, rows, remark] =
          scale_rows(m == image ? raw.image() : raw.text(), options_.scaling[i], m, context_);
      if (!remark.empty()) remarks += (remarks.empty() ? "" : "; ") + remark;
      scalings_[i] = std::move(scaling);
      const std::size_t cols = rows.cols();
      networks_.push_back(
          {nn::mlp<float>(cols, options_.bits, options_.networks[i], ctx.random("weights").fork(i)),
           std::move(optimizers[i]),
           std::move(rows),
           {}});
      if (options_.schedule) networks_.back().schedule.emplace(*options_.schedule);
    }
    p.note(std::move(remarks));
  }

  /// Further networks of the method, before `run`.
  void add(trained_network<nn::mlp<float>, Optimizer> network) {
    networks_.push_back(std::move(network));
  }
  /// Once.
  template <training_method<trainer_type> M>
  void run(M& method) {
    expects(!std::exchange(ran_, true), "pair_training: run was called before");
    trainer_type t(options_.loop, items(), networks_, record_, context_, this,
                   judge_ ? &*judge_ : nullptr);
    t.run(method);
  }
  /// The hasher, described by `method` and what was done, and `more`. Once, as the networks move into it.
  [[nodiscard]] trained_hasher finish(const std::string& method, const std::string& more = {}) {
    const std::size_t n = items();
    mlp_hasher hasher(std::move(scalings_),
                      {std::move(networks_[0].network), std::move(networks_[1].network)});
    hasher.set_description(::hint::detail::concat(
        method, ", ", options_.bits, " bits, ", n, " pairs, ", record_.steps, " steps of batch ",
        (std::min)(options_.loop.batch, n), ", seed ", context_.seed, more,
        record_.steps == 0 && context_.observer.stop_requested() ? ", stopped before training"
                                                                 : ""));
    return {std::move(hasher), std::move(record_)};
  }

  [[nodiscard]] std::size_t items() const noexcept { return networks_[0].rows.rows(); }
  [[nodiscard]] training_record& record() noexcept { return record_; }

  // model_in_training
  [[nodiscard]] std::size_t networks() const override { return networks_.size(); }
  [[nodiscard]] std::span<float> parameters(std::size_t network) override {
    return networks_[network].network.parameters();
  }
  [[nodiscard]] code_set encode(modality m, const data::block& rows,
                                const context& ctx) const override {
    return mlp_hasher(scalings_, {networks_[0].network, networks_[1].network}).encode(m, rows, ctx);
  }

 private:
  /// The pairs to learn from; the others are given to a judge.
  [[nodiscard]] data::paired<> without_held_out(const data::paired<>& all) {
    const early_stopping_options& o = options_.early_stopping;
    if (o.held_out == 0) return all;
    for (const modality m : modalities)  // by the numbers of all rows
      data::check_finite(m == image ? all.image() : all.text(), name_of(m), context_);
    const auto pairs =
        detail::held_out_pairs::draw(all.size(), o.held_out, context_.random("held out pairs"));
    judge_.emplace(o, std::array{all.image()(pairs.judging), all.text()(pairs.judging)});
    return {all.image()(pairs.learning), all.text()(pairs.learning)};
  }

  pair_training_options options_;
  stop_latch stop_;  // once asked to stop, no phase begins on what another one left unfinished
  context context_;
  std::array<data::normalizer, 2> scalings_;
  std::vector<trained_network<nn::mlp<float>, Optimizer>> networks_;
  training_record record_;
  std::optional<detail::epoch_judge> judge_;
  bool ran_ = false;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
