// SPDX-License-Identifier: MIT
/// \file
/// Observers that judge every epoch: one stops training when it gets no better, one keeps the best model.
#ifndef HINT_LEARN_MONITORS_HPP
#define HINT_LEARN_MONITORS_HPP

#include <algorithm>
#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/finite.hpp>
#include <hint/core/observer.hpp>
#include <hint/learn/model_in_training.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// Larger is better: minus the loss, or a figure on held-out data by way of `report.model->encode`.
using epoch_score = std::function<double(const epoch_report&)>;

[[nodiscard]] inline double minus_loss(const epoch_report& r) { return -r.loss; }

struct early_stop_options {
  std::size_t patience =
      5;                 ///< epochs in a row without a better score after which it stops; 1 .. 10^9
  double tolerance = 0;  ///< a score is better when it is so much larger than the best; 0 .. 10^30

  void validate() const {
    option_in("patience", patience, 1, 1000000000);
    option_in("tolerance", tolerance, 0, 1e30);
  }
};

/// Asks a long call to stop when the score of its epochs no longer rises. For one call at a time: its first epoch begins anew.
/// NaN is no better.
class early_stop {
 public:
  using options = early_stop_options;
  /// Throws `invalid_option`.
  explicit early_stop(early_stop_options o = {}, epoch_score score = minus_loss)
      : options_(o), score_(std::move(score)) {
    options_.validate();
  }
  void on(const epoch_report& r) {
    if (r.epoch == 1) *this = early_stop(options_, std::move(score_));
    const double s = score_(r);
    ++waited_;
    if (is_nan(s) || s <= best_ + options_.tolerance) return;
    best_ = s;
    waited_ = 0;
  }
  /// Later calls with the same context are not to stop.
  void on(const end_report&) noexcept { waited_ = 0; }
  [[nodiscard]] bool stop_requested() const noexcept { return waited_ >= options_.patience; }
  [[nodiscard]] double best() const noexcept { return best_; }

 private:
  early_stop_options options_;
  epoch_score score_;
  double best_ = std::numeric_limits<double>::lowest();
  std::size_t waited_ = 0;
};

/// Keeps a copy of the parameters of the epoch with the best score so far, the first of equals, and puts
/// it back when training ends. For one call at a time: its first epoch begins anew. Memory: the parameters once more.
class best_so_far {
 public:
  explicit best_so_far(epoch_score score = minus_loss) : score_(std::move(score)) {}

  /// Throws `invalid_argument` when the learner does not offer its model.
  void on(const epoch_report& r) {
    expects(r.model != nullptr, "best_so_far: the learner does not offer its model to observers");
    if (r.epoch == 1) *this = best_so_far(std::move(score_));
    const double s = score_(r);
    if (is_nan(s) || s <= best_) return;
    best_ = s;
    epoch_ = r.epoch;
    kept_.resize(r.model->networks());
    for (std::size_t k = 0; k < kept_.size(); ++k) {
      const std::span<const float> now = r.model->parameters(k);
      kept_[k].assign(now.begin(), now.end());
    }
  }
  void on(const end_report& r) {
    for (std::size_t k = 0; r.model != nullptr && k < kept_.size(); ++k)
      std::copy(kept_[k].begin(), kept_[k].end(), r.model->parameters(k).begin());
    kept_.clear();
  }
  [[nodiscard]] double best() const noexcept { return best_; }
  /// From 1; 0 before the first epoch.
  [[nodiscard]] std::size_t epoch() const noexcept { return epoch_; }

 private:
  epoch_score score_;
  double best_ = std::numeric_limits<double>::lowest();
  std::size_t epoch_ = 0;
  std::vector<aligned_buffer<float>> kept_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
