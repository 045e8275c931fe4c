// SPDX-License-Identifier: MIT
/// \file
/// Selection and sorting by counting: distances are small integers, so no heap is needed.
#ifndef HINT_SEARCH_SCAN_TOP_K_HPP
#define HINT_SEARCH_SCAN_TOP_K_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/search/hits.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Sorts by (distance, id) what `for_each(f)` hands to f(hit), once to count and once to move: `list` has
/// room for all of it. Distances are at most `bits`. O(n + bits), and O(n log n) for ids that do not come in
/// ascending order.
template <class Count, class Move>
void sort_by_counting(std::span<hit> list, std::size_t bits, Count&& for_each, Move&& drain) {
  std::vector<std::size_t> start(bits + 2, 0);
  for_each([&](const hit& h) { ++start[h.distance + 1]; });
  for (std::size_t d = 0; d <= bits; ++d) start[d + 1] += start[d];
  drain([&](const hit& h) { list[start[h.distance]++] = h; });
  // Now start[d] is the end of distance d.
  auto first = list.begin();
  for (std::size_t d = 0; d <= bits; ++d) {
    const auto last = list.begin() + static_cast<std::ptrdiff_t>(start[d]);
    if (!std::is_sorted(first, last)) std::sort(first, last);
    first = last;
  }
}
/// The same for a list. Takes as much memory as the list has.
HINT_LAZY
void sort_hits(std::span<hit> list, std::size_t bits) {
  if (list.size() <= bits) {
    std::sort(list.begin(), list.end());
    return;
  }
  std::vector<hit> sorted(list.size());
  const auto each = [&](auto&& f) {
    for (const hit& h : list) f(h);
  };
  sort_by_counting(sorted, bits, each, each);
  std::copy(sorted.begin(), sorted.end(), list.begin());
}

/// Whether candidates come by ascending id. If so, one at the distance of the k-th is never among the
/// k first, and `top_k` does not ask for it.
enum class id_order : std::uint8_t { any, ascending };

/// The k first by (distance, id) of a stream of candidates with different ids and distances of at most
/// `bits`. Candidates are counted by distance, so the distance of the k-th is known after each of them;
/// up to k + max(k, 256) are kept, then all but the k first dropped. Amortised O(1) a candidate for
/// bits = O(k + 256).
class top_k {
 public:
  /// Of those at a distance of at most `radius`.
  top_k(std::size_t bits, std::size_t k, id_order order = id_order::any,
        std::size_t radius = (std::numeric_limits<std::size_t>::max)())
      : counts_(bits + 1),
        k_(k),
        most_(k + (std::max<std::size_t>)(k, 256)),
        bound_(static_cast<std::uint32_t>((std::min)(bits, radius))),
        limit_(k == 0 ? 0 : bound_ + 1),
        order_(order) {
    if (most_ < k) most_ = (std::numeric_limits<std::size_t>::max)();
  }

  /// Only candidates nearer than this can be among the k first. Never rises.
  [[nodiscard]] std::uint32_t limit() const noexcept { return limit_; }
  /// Whether the candidate may still be among the k first. Says yes too often, never no wrongly.
  [[nodiscard]] bool admits(const hit& candidate) const noexcept {
    return candidate.distance < limit_ && candidate < last_;
  }
  /// Adds a candidate that `admits` let pass.
  HINT_LAZY
  void add(const hit& candidate) {
    kept_.push_back(candidate);
    ++counts_[candidate.distance];
    if (++within_ < k_) return;
    while (within_ - counts_[bound_] >= k_) within_ -= counts_[bound_--];
    limit_ = order_ == id_order::ascending ? bound_ : bound_ + 1;
    if (kept_.size() >= most_) select();
  }
  /// How many `take` returns: min(k, candidates).
  [[nodiscard]] std::size_t size() const noexcept { return (std::min)(k_, kept_.size()); }
  /// The min(k, candidates) first, in ascending order. The object is spent.
  HINT_LAZY
  [[nodiscard]] std::vector<hit> take() {
    if (kept_.size() > k_) select();
    sort_hits(kept_, counts_.size() - 1);
    return std::move(kept_);
  }

 private:
  /// Keeps the k first of more than k > 0 candidates.
  HINT_LAZY
  void select() {
    const auto tied = std::partition(kept_.begin(), kept_.end(),
                                     [this](const hit& h) { return h.distance < bound_; });
    const auto rest =
        std::partition(tied, kept_.end(), [this](const hit& h) { return h.distance == bound_; });
    const auto kth = kept_.begin() + static_cast<std::ptrdiff_t>(k_) - 1;
    std::nth_element(tied, kth, rest);
    last_ = *kth;
    kept_.resize(k_);
    counts_[bound_] -= within_ - k_;
    within_ = k_;
  }

  std::vector<hit> kept_;
  std::vector<std::size_t> counts_;  // of candidates up to bound_, by distance
  std::size_t k_;
  std::size_t most_;
  std::size_t within_ = 0;  // candidates up to bound_
  std::uint32_t bound_;     // the distance of the k-th, once there are k
  std::uint32_t limit_;
  id_order order_;
  hit last_{(std::numeric_limits<std::uint32_t>::max)(),
            (std::numeric_limits<std::int64_t>::max)()};
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
