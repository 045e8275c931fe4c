// SPDX-License-Identifier: MIT
/// \file
/// The candidates of one query that bounds on their distance do not rule out.
#ifndef HINT_GRAPH_NEAREST_SHORTLIST_HPP
#define HINT_GRAPH_NEAREST_SHORTLIST_HPP

#include <algorithm>
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
/// settled when enough of it has come together. Whatever the bounds are, the result is the same as long as
/// they hold: loose ones only cost time.
class shortlist {
 public:
  explicit shortlist(std::size_t k) : k_(k), best_(k) { clear(); }
  void clear() noexcept {
    limit_ =
        k_ > 0 ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity();
    highs_.clear();
    waiting_.clear();
    best_.clear();
  }
  /// Nothing whose score is above it is among the k nearest.
  [[nodiscard]] double limit() const noexcept { return limit_; }
  /// Candidate `c`, once, whose score is at least `low`, which is not above limit(), and at most `high`.
  void add(std::size_t c, double low, double high) {
    waiting_.push_back({c, low});
    if (highs_.size() == k_) {
      if (!(high < highs_.front())) return;
      std::pop_heap(highs_.begin(), highs_.end());
      highs_.back() = high;
    } else {
      highs_.push_back(high);
    }
    std::push_heap(highs_.begin(), highs_.end());
    if (highs_.size() == k_) limit_ = (std::min)(limit_, highs_.front());
  }
  /// Whether so many wait that they should be settled.
  [[nodiscard]] bool full() const noexcept { return waiting_.size() >= 4 * k_ + 256; }
  /// The k-th lowest upper bound, if there are so many.
  [[nodiscard]] double kth_high() const noexcept {
    return k_ > 0 && highs_.size() == k_ ? highs_.front() : std::numeric_limits<double>::infinity();
  }
  /// Judges all that wait: `judge.row(c)` is a candidate's row, `judge.distance(c)` its exact distance,
  /// `judge.score(distance)` no lower than any score of that distance; `judge.next(c)` tells which
  /// distance is asked for after this one. `equal`: whether candidates of equal lower bounds are equally
  /// far.
  template <class Judge>
  void settle(Judge&& judge, bool equal) {
    std::erase_if(waiting_, [&](const bound& w) { return w.low > limit_; });
    std::sort(waiting_.begin(), waiting_.end(), [](const bound& a, const bound& b) {
      return a.low < b.low || (a.low == b.low && a.candidate < b.candidate);
    });
    double low = std::numeric_limits<double>::quiet_NaN(), far = 0;  // of the one before
    for (std::size_t i = 0; i < waiting_.size(); ++i) {
      const bound& w = waiting_[i];
      if (w.low > limit_) break;
      if (i + 1 < waiting_.size()) judge.next(waiting_[i + 1].candidate);
      if (!(equal && w.low == low)) far = judge.distance(w.candidate);
      low = w.low;
      best_.offer({judge.row(w.candidate), far});
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
    std::size_t candidate;
    double low;
  };

  std::size_t k_;
  double limit_ = 0;
  std::vector<double> highs_;  // a heap of the k lowest upper bounds, the highest in front
  std::vector<bound> waiting_;
  basic_nearest_rows<exact_row> best_;
};

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph::detail

#endif
