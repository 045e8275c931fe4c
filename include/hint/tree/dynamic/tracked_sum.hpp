// SPDX-License-Identifier: MIT
/// \file
/// A sum to which weights are added and from which they are taken away again, and which knows how
/// wrong it may have become.
#ifndef HINT_TREE_DYNAMIC_TRACKED_SUM_HPP
#define HINT_TREE_DYNAMIC_TRACKED_SUM_HPP

#include <cmath>

#include <hint/core/config.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// What rounding loses is kept in a second double (Neumaier, "Rundungsfehleranalyse einiger
/// Verfahren zur Summation endlicher Summen", 1974), so that a weight that was 1e16 times all others
/// leaves no trace when it goes. What the second double loses in its turn is bounded.
class tracked_sum {
 public:
  tracked_sum() = default;
  tracked_sum(double x) noexcept : sum_(x) {}  // NOLINT: a number is a sum

  [[nodiscard]] double value() const noexcept { return sum_ + lost_; }
  /// Whether the sum may be wrong by more than 1e-12 of `scale`.
  [[nodiscard]] bool worn(double scale) const noexcept { return bound_ > 1e-12 * scale; }

  tracked_sum& operator+=(const tracked_sum& x) noexcept {
    const double sum = sum_ + x.sum_;
    const double added = sum - sum_;
    // Exactly what the rounding of `sum` has lost (Knuth's TwoSum), and what x brings along.
    const double lost = ((sum_ - (sum - added)) + (x.sum_ - added)) + x.lost_;
    bound_ += x.bound_ + 0x1p-52 * (std::abs(lost_) + std::abs(lost));
#ifdef __FAST_MATH__  // what is lost is taken for 0 there
    bound_ += 0x1p-53 * std::abs(sum);
#endif
    lost_ += lost;
    sum_ = sum;
    return *this;
  }
  [[nodiscard]] tracked_sum operator-() const noexcept {
    tracked_sum out = *this;
    out.sum_ = -sum_;
    out.lost_ = -lost_;
    return out;
  }

 private:
  double sum_ = 0;
  double lost_ = 0;
  double bound_ = 0;
};

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
