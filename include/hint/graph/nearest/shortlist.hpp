// SPDX-License-Identifier: MIT
/// \file
/// The candidates of one query that bounds on their distance do not rule out.
#ifndef HINT_GRAPH_NEAREST_SHORTLIST_HPP
#define HINT_GRAPH_NEAREST_SHORTLIST_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/graph/neighbor_lists.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace graph {
namespace detail {

/// A row and how far it is, before rounding to float.
struct exact_row {
  node_id row = 0;
  double distance = 0;
};

/// The k nearest from bounds first and exact distances last. A bound is a score, any number that grows
/// with the distance. What lies above the k-th lowest upper bound is out; what is left waits, and is
/// settled in the end, or when too much of it has come together. Whatever the bounds are and in whatever order
/// candidates come, the result is the same as long as they hold: loose ones only cost time. Ties go to lower
/// rows, so candidates must be numbered as their rows are where `ties` is said.
class shortlist {
 public:
  explicit shortlist(std::size_t k) : k_(k), best_(k) { clear(); }
  void clear() noexcept {
    limit_ =
        k_ > 0 ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity();
    tied_low_ = std::numeric_limits<double>::infinity();
    highs_.clear();
    waiting_.clear();
    best_.clear();
  }
  /// Bytes that a list takes, about and at most.
  [[nodiscard]] static constexpr double bytes(std::size_t k) noexcept {
    return sizeof(shortlist) + 16.0 * static_cast<double>(most_waiting(k)) +
           24.0 * static_cast<double>(k);
  }
  /// Nothing whose score is above it is among the k nearest.
  [[nodiscard]] double limit() const noexcept { return limit_; }
  /// Offers candidate `c`, once, whose score is at least `low` and at most `high`. `ties`: bounds come from
  /// exact scores, so that of two candidates the one of the lower bound is no farther, and equal bounds are
  /// equal distances; then most of many ties are never looked at. `settle()` is called, and must call
  /// settle(), when so many wait that it is time to.
  template <class Settle>
  void offer(std::size_t c, double low, double high, bool ties, Settle&& settle) {
    if (!(low <= limit_) || (ties && low >= tied_low_ && c > tied_candidate_)) return;
    if (waiting_.capacity() == 0) waiting_.reserve(most_waiting(k_));
    waiting_.push_back({low, above(high), static_cast<node_id>(c)});
    if (highs_.size() < k_) {
      highs_.push_back(high);
      std::push_heap(highs_.begin(), highs_.end());
    } else if (high < highs_.front()) {
      std::pop_heap(highs_.begin(), highs_.end());
      highs_.back() = high;
      std::push_heap(highs_.begin(), highs_.end());
    }
    if (highs_.size() == k_) limit_ = (std::min)(limit_, highs_.front());
    if (waiting_.size() < most_waiting(k_)) return;
    prune(ties);
    if (waiting_.size() > most_waiting(k_) - k_ / 2 - 16) settle();
  }
  /// Judges all that wait: `judge.row(c)` is a candidate's row, `judge.distance(c)` its exact distance,
  /// `judge.score(distance)` no lower than any score of that distance; `judge.next(c)` tells which
  /// distance is asked for after this one. `equal`: whether candidates of equal lower bounds are equally
  /// far.
  template <class Judge>
  void settle(Judge&& judge, bool equal) {
    sort_waiting();
    double low = std::numeric_limits<double>::quiet_NaN(), distance = 0;  // of the one before
    for (std::size_t i = 0; i < waiting_.size(); ++i) {
      const bound& w = waiting_[i];
      if (w.low > limit_) break;
      if (i + 1 < waiting_.size()) judge.next(waiting_[i + 1].candidate);
      if (!(equal && w.low == low)) distance = judge.distance(w.candidate);
      low = w.low;
      best_.offer({judge.row(w.candidate), distance});
      const auto found = best_.get();
      if (k_ > 0 && found.size() == k_)
        limit_ = (std::min)(limit_, judge.score(found.back().distance));
    }
    waiting_.clear();
  }
  /// Those settled, nearest first.
  [[nodiscard]] std::span<const exact_row> get() const noexcept { return best_.get(); }

 private:
  struct bound {
    double low;
    float high;  // rounded up
    node_id candidate;
  };
  [[nodiscard]] static constexpr std::size_t most_waiting(std::size_t k) noexcept {
    return 2 * k + 32;
  }
  [[nodiscard]] static float above(double x) noexcept {
    constexpr double most = static_cast<double>((std::numeric_limits<float>::max)());
    const double y = x + 0x1p-22 * std::abs(x) + 0x1p-140;
    return y > most ? std::numeric_limits<float>::infinity()
                    : static_cast<float>((std::max)(y, -most));
  }
  void sort_waiting() {
    std::erase_if(waiting_, [&](const bound& w) { return w.low > limit_; });
    std::sort(waiting_.begin(), waiting_.end(), [](const bound& a, const bound& b) {
      return a.low < b.low || (a.low == b.low && a.candidate < b.candidate);
    });
  }
  /// Drops what cannot be among the k nearest any more.
  void prune(bool ties) {
    if (!ties) {
      std::erase_if(waiting_, [&](const bound& w) { return w.low > limit_; });
      return;
    }
    sort_waiting();
    if (waiting_.size() < k_) return;
    // Each of the first k is nearer than a later one of no lower bound, or as far and, if its row is lower, before
    // it; only those that may round to the same distance need the lower row.
    tied_low_ = waiting_[k_ - 1].low;
    tied_candidate_ = 0;
    for (std::size_t i = 0; i < k_; ++i)
      if (static_cast<double>(waiting_[i].high) >= tied_low_)
        tied_candidate_ = (std::max)(tied_candidate_, waiting_[i].candidate);
    const auto later = waiting_.begin() + static_cast<std::ptrdiff_t>(k_);
    waiting_.erase(std::remove_if(later, waiting_.end(),
                                  [&](const bound& w) { return w.candidate > tied_candidate_; }),
                   waiting_.end());
  }

  std::size_t k_;
  double limit_ = 0;
  double tied_low_ = 0;         // what is no nearer than that and of a higher number
  node_id tied_candidate_ = 0;  // than this is out
  std::vector<double> highs_;   // a heap of the k lowest upper bounds, the highest in front
  std::vector<bound> waiting_;
  basic_nearest_rows<exact_row> best_;
};

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph::detail

#endif
