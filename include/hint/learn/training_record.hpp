// SPDX-License-Identifier: MIT
/// \file
/// How a training went, for every learner: seconds by phase, epochs with their terms, steps.
#ifndef HINT_LEARN_TRAINING_RECORD_HPP
#define HINT_LEARN_TRAINING_RECORD_HPP

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/observer.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// One epoch, as it was reported.
struct epoch_record {
  std::size_t epoch = 0;  ///< from 1
  double loss = 0;        ///< mean over the batches
  double seconds = 0;     ///< since training began
  std::vector<std::pair<std::string, double>> terms;

  /// The figure of that name. Throws `invalid_argument` naming those that there are.
  [[nodiscard]] double term(std::string_view name) const {
    std::string known;
    for (const auto& [have, value] : terms) {
      if (have == name) return value;
      known += (known.empty() ? "" : ", ") + have;
    }
    ::hint::detail::raise<invalid_argument>("epoch_record: no term \"", name,
                                            "\", there are: ", known);
  }
};

/// Sums of a method's own figures over the batches of an epoch, by name, in the order of their coming.
class term_sums {
 public:
  void clear() noexcept { terms_.clear(); }
  /// `name` must live as long as the sums.
  void add(std::string_view name, double value) {
    const auto found =
        std::find_if(terms_.begin(), terms_.end(), [&](const term& t) { return t.name == name; });
    if (found != terms_.end())
      found->value += value;
    else
      terms_.push_back({name, value});
  }
  /// Divides all sums by `batches`.
  [[nodiscard]] std::span<const term> means(double batches) noexcept {
    for (term& t : terms_) t.value /= batches;
    return terms_;
  }

 private:
  std::vector<term> terms_;
};

/// How training went. Not saved with the model.
struct training_record {
  /// Seconds by phase, in the order in which phases first ended: "scale", "train", what a method adds.
  std::vector<std::pair<std::string, double>> seconds;
  std::vector<epoch_record> epochs;
  std::size_t steps = 0;  ///< of the optimiser, taken

  void add(const epoch_report& r) {
    epochs.push_back({r.epoch, r.loss, r.seconds, {}});
    for (const term& t : r.terms) epochs.back().terms.emplace_back(std::string(t.name), t.value);
  }
};

namespace detail {
/// Adds to the seconds of a phase.
inline void add_seconds(std::vector<std::pair<std::string, double>>& to, std::string_view phase,
                        double seconds) {
  const auto found =
      std::find_if(to.begin(), to.end(), [&](const auto& entry) { return entry.first == phase; });
  if (found != to.end())
    found->second += seconds;
  else
    to.emplace_back(std::string(phase), seconds);
}
}  // namespace detail

/// A phase of a long call: tells the observer when it begins, moves on and ends, and adds its time to the
/// record. A phase that ends by an exception is neither reported nor recorded.
class phase {
 public:
  phase(training_record& record, const context& ctx, std::string_view name)
      : record_(record), ctx_(ctx), name_(name) {
    tell(0);
  }
  phase(const phase&) = delete;
  phase& operator=(const phase&) = delete;
  /// An observer may throw to give up.
  ~phase() noexcept(false) {
    if (std::uncaught_exceptions() > exceptions_) return;
    tell(1);
    detail::add_seconds(record_.seconds, name_, seconds());
  }

  /// `done`: the share of the phase that is done, 0 .. 1.
  void tell(double done) const { ctx_.observer.on(phase_report{name_, done, seconds(), note_}); }
  /// What was found, for people; told with the next report.
  void note(std::string text) { note_ = std::move(text); }
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }

 private:
  training_record& record_;
  const context& ctx_;
  std::string_view name_;
  std::string note_;
  int exceptions_ = std::uncaught_exceptions();
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
