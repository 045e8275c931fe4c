// SPDX-License-Identifier: MIT
/// \file
/// How much of a target comes from the sample's own modality, and how that changes in training.
#ifndef HINT_ALIGN_MIXING_SCHEDULE_HPP
#define HINT_ALIGN_MIXING_SCHEDULE_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <string_view>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/modality.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace align {

enum class mixing_kind : std::uint8_t {
  measured_gap,  ///< w = lambda / (1 + lambda), lambda measured on every batch (Eq. 6)
  fixed,         ///< w = start
  linear,        ///< from start to end over the budget
  cosine,        ///< from start to end along half a cosine
};

struct mixing_schedule_options {
  mixing_kind kind = mixing_kind::measured_gap;
  double start = 0.5;      ///< weight of the own modality at first; 0 .. 1
  double end = 0;          ///< and at last; 0 .. 1
  double smoothing = 0.9;  ///< lambda <- smoothing lambda + (1 - smoothing) measured; 0 .. 0.999

  void validate() const {
    option_in("start", start, 0, 1);
    option_in("end", end, 0, 1);
    option_in("smoothing", smoothing, 0, 0.999);
  }
};

/// Models `curriculum`: one lambda per anchor modality, smoothed over batches.
class mixing_schedule {
 public:
  using options = mixing_schedule_options;
  mixing_schedule() = default;
  /// Throws `invalid_option`.
  explicit mixing_schedule(mixing_schedule_options o) : options_(o) { options_.validate(); }

  /// Whether `weight` wants a measured discrepancy (measuring costs O(B^3) a batch).
  [[nodiscard]] bool measures() const noexcept {
    return options_.kind == mixing_kind::measured_gap;
  }
  /// The weight w in [0, 1] of the same-modality proxy in step `step` of `steps` (from 0) for anchors
  /// of modality m, given the discrepancy measured on the batch.
  double weight(modality m, std::size_t step, std::size_t steps, double measured) noexcept {
    const double t = steps > 1 ? static_cast<double>(step) / static_cast<double>(steps - 1) : 0;
    switch (options_.kind) {
      case mixing_kind::measured_gap: {
        double& lambda = lambda_[index_of(m)];
        const double now = (std::max)(0.0, measured);
        lambda =
            seen_[index_of(m)] ? options_.smoothing * lambda + (1 - options_.smoothing) * now : now;
        seen_[index_of(m)] = true;
        return lambda / (1 + lambda);
      }
      case mixing_kind::fixed:
        return options_.start;
      case mixing_kind::linear:
        return options_.start + t * (options_.end - options_.start);
      case mixing_kind::cosine:
        return options_.end +
               (options_.start - options_.end) * (1 + std::cos(t * std::numbers::pi)) / 2;
    }
    return options_.start;
  }

  /// The smoothed lambdas, under PREFIX.lambda and PREFIX.seen, to an archive and back.
  template <class Writer>
  void write(Writer& to, std::string_view prefix) const {
    const std::array<std::uint8_t, 2> seen{std::uint8_t{seen_[0]}, std::uint8_t{seen_[1]}};
    to.array(::hint::detail::concat(prefix, ".lambda"), lambda_, std::size_t{1}, std::size_t{2});
    to.array(::hint::detail::concat(prefix, ".seen"), seen, std::size_t{1}, std::size_t{2});
  }
  /// Throws `format_error` unless there are two of each.
  template <class Reader>
  void read(const Reader& from, std::string_view prefix) {
    const auto lambda = from.template array<double>(::hint::detail::concat(prefix, ".lambda"));
    const auto seen = from.template array<std::uint8_t>(::hint::detail::concat(prefix, ".seen"));
    from.require(lambda.size() == 2 && seen.size() == 2, prefix, ": ", lambda.size(),
                 " lambdas, expected 2");
    for (std::size_t m = 0; m < 2; ++m) {
      lambda_[m] = lambda[m];
      seen_[m] = seen[m] != 0;
    }
  }

 private:
  mixing_schedule_options options_;
  std::array<double, 2> lambda_{};
  std::array<bool, 2> seen_{};
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::align

#endif
