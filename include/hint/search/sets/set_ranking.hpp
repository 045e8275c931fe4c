// SPDX-License-Identifier: MIT
/// \file
/// What a search of sets keeps for a query: the k most similar of what is offered.
#ifndef HINT_SEARCH_SETS_SET_RANKING_HPP
#define HINT_SEARCH_SETS_SET_RANKING_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/search/set_similarity.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// What is searched for: the k most similar among those at least as similar as the threshold.
struct set_request {
  set_similarity similarity;
  std::size_t k;
  double threshold;
};

/// The k first by (similarity descending, id ascending) of a stream of items with different ids.
class set_ranking {
 public:
  /// `count`: bits of the query.
  set_ranking(const set_request& request, std::size_t count) noexcept
      : request_(request), count_(count) {
    raise(request.threshold);
  }

  /// Bits of the query.
  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  /// Only items at least as similar are wanted. Never sinks.
  [[nodiscard]] double bound() const noexcept { return bound_; }
  /// Raises it: the k-th is known to be as similar as that.
  void raise(double bound) noexcept {
    bound_ = (std::max)(bound_, bound);
    low_ = bound_ - bound_ * 1e-12;
  }
  /// Items of so many bits are wanted if their Hamming distance to the query is below this: two sets of
  /// a and b bits with a distance of d share (a + b - d) / 2.
  [[nodiscard]] std::uint32_t limit(std::size_t size) const noexcept {
    if (request_.k == 0) return 0;
    const std::size_t least = request_.similarity.least_common(count_, size, bound_);
    if (least > (std::min)(count_, size)) return 0;
    // Kernels take no limits beyond a code's bits and one, and no distance is larger.
    return static_cast<std::uint32_t>((std::min)(count_ + size - 2 * least, max_bits) + 1);
  }
  /// Whether an item of `size` bits at a distance may be wanted: quick, and says yes too often.
  [[nodiscard]] bool may_want(std::size_t size, std::uint32_t distance) const noexcept {
    return request_.similarity.may_reach(count_, size, (count_ + size - distance) / 2, low_);
  }
  /// An item of `size` bits at a distance; `accepted()` is asked only if it would be kept.
  template <class Accepted>
  void offer(std::size_t size, std::uint32_t distance, std::int64_t id, Accepted&& accepted) {
    const std::size_t common = (count_ + size - distance) / 2;
    const set_hit found{request_.similarity(count_, size, common),
                        static_cast<std::uint32_t>(common), static_cast<std::uint32_t>(size), id};
    if (request_.k == 0 || found.similarity < bound_) return;
    const bool full = kept_.size() == request_.k;
    if ((full && !before(found, kept_.front())) || !accepted()) return;
    const auto order = [this](const set_hit& a, const set_hit& b) { return before(a, b); };
    if (full) {
      std::pop_heap(kept_.begin(), kept_.end(), order);
      kept_.back() = found;
      std::push_heap(kept_.begin(), kept_.end(), order);
    } else {
      kept_.push_back(found);
      if (kept_.size() < request_.k) return;
      std::make_heap(kept_.begin(), kept_.end(), order);
    }
    raise(kept_.front().similarity);
  }
  /// In order. The object is spent.
  HINT_LAZY
  [[nodiscard]] std::vector<set_hit> take() {
    std::sort(kept_.begin(), kept_.end(),
              [this](const set_hit& a, const set_hit& b) { return before(a, b); });
    return std::move(kept_);
  }

 private:
  [[nodiscard]] bool before(const set_hit& a, const set_hit& b) const noexcept {
    if (a.similarity != b.similarity) return a.similarity > b.similarity;
    // Rounding may have made them equal.
    if (request_.similarity.less(count_, b.size, b.common, a.size, a.common)) return true;
    if (request_.similarity.less(count_, a.size, a.common, b.size, b.common)) return false;
    return a.id < b.id;
  }

  set_request request_;
  std::size_t count_;
  double bound_ = 0;
  double low_ = 0;             // less than bound_ by more than rounding
  std::vector<set_hit> kept_;  // a heap with the last of all in front, once there are k
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
