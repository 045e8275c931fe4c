// SPDX-License-Identifier: MIT
/// \file
/// What a trainer asks after every epoch whether to go on.
#ifndef HINT_LEARN_EARLY_STOPPING_EPOCH_JUDGE_HPP
#define HINT_LEARN_EARLY_STOPPING_EPOCH_JUDGE_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/modality.hpp>
#include <hint/data/block.hpp>
#include <hint/learn/early_stopping_options.hpp>
#include <hint/learn/model_in_training.hpp>
#include <hint/learn/own_pair_recall.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {
namespace detail {

/// Judges a model by pairs that it does not learn, keeps the parameters of its best epoch and puts them back.
/// Memory: the parameters once more.
class epoch_judge {
 public:
  static constexpr std::string_view score_name = "own pair recall";

  epoch_judge(early_stopping_options o, std::array<data::block, 2> held_out)
      : options_(o), held_out_(std::move(held_out)) {}

  /// The epoch's score, once. It cannot be stopped, so that it is the same whenever somebody asks to stop.
  double judge(model_in_training& model, const context& ctx) {
    context undisturbed = ctx;
    undisturbed.observer = {};
    const auto codes = [&](modality m) {
      return model.encode(m, held_out_[index_of(m)], undisturbed);
    };
    const double score = own_pair_recall(codes(image), codes(text), options_.nearest, undisturbed);
    ++waited_;
    if (score > best_) {
      best_ = score;
      waited_ = 0;
      kept_.resize(model.networks());
      for (std::size_t k = 0; k < kept_.size(); ++k) {
        const std::span<const float> now = model.parameters(k);
        kept_[k].assign(now.begin(), now.end());
      }
    }
    return score;
  }
  /// Whether it has waited long enough for a better one.
  [[nodiscard]] bool done() const noexcept { return waited_ >= options_.patience; }
  /// Puts the best epoch's parameters back, if there was an epoch.
  void finish(model_in_training& model) {
    for (std::size_t k = 0; k < kept_.size(); ++k)
      std::copy(kept_[k].begin(), kept_[k].end(), model.parameters(k).begin());
  }

  // For checkpoints.
  template <class Writer>
  void write(Writer& to) const {
    to.meta("judge.waited", waited_);
    to.array("judge.best", std::array{best_}, std::size_t{1}, std::size_t{1});
    for (std::size_t k = 0; k < kept_.size(); ++k)
      to.array(name(k), kept_[k], std::size_t{1}, kept_[k].size());
  }
  /// Throws `format_error` for parameters that are not those of the model.
  template <class Reader>
  void read(const Reader& from, model_in_training& model) {
    waited_ = from.template number<std::size_t>("judge.waited");
    const auto best = from.template array<double>("judge.best");
    from.require(best.size() == 1, "array 'judge.best' has ", best.size(), " numbers, expected 1");
    best_ = best[0];
    kept_.assign(model.networks(), {});
    for (std::size_t k = 0; k < kept_.size(); ++k) {
      const auto saved = from.template array<float>(name(k));
      from.require(saved.size() == model.parameters(k).size(), "array '", name(k), "' has ",
                   saved.size(), " numbers, expected ", model.parameters(k).size());
      kept_[k].assign(saved.begin(), saved.end());
    }
  }

 private:
  [[nodiscard]] static std::string name(std::size_t network) {
    return ::hint::detail::concat("judge.network", network);
  }

  early_stopping_options options_;
  std::array<data::block, 2> held_out_;
  double best_ = -1;  // scores are 0 or more
  std::size_t waited_ = 0;
  std::vector<aligned_buffer<float>> kept_;
};

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn::detail

#endif
