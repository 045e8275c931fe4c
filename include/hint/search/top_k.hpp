// SPDX-License-Identifier: MIT
/// \file
/// Selection and sorting by counting: distances are small integers, so no heap is needed.
#ifndef HINT_SEARCH_TOP_K_HPP
#define HINT_SEARCH_TOP_K_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/search/hits.hpp>

namespace hint::inline HINT_ABI::search {

/// Sorts by (distance, id); distances are at most `bits`. O(n + bits), and O(n log n) for ids that do
/// not come in ascending order.
inline void sort_hits(std::vector<hit>& list, std::size_t bits) {
  if (list.size() <= bits) {
    std::sort(list.begin(), list.end());
    return;
  }
  std::vector<std::size_t> start(bits + 2, 0);
  for (const hit& h : list) ++start[h.distance + 1];
  for (std::size_t d = 0; d <= bits; ++d) start[d + 1] += start[d];
  std::vector<hit> sorted(list.size());
  for (const hit& h : list) sorted[start[h.distance]++] = h;
  // Now start[d] is the end of distance d.
  auto first = sorted.begin();
  for (std::size_t d = 0; d <= bits; ++d) {
    const auto last = sorted.begin() + static_cast<std::ptrdiff_t>(start[d]);
    if (!std::is_sorted(first, last)) std::sort(first, last);
    first = last;
  }
  list.swap(sorted);
}

/// The k first by (distance, id) of a stream of candidates with different ids and distances of at most
/// `bits`. Keeps up to k + max(k, 256) of them; whenever that many are there, it counts them by
/// distance and drops all but k. Amortised O(1) a candidate for bits = O(k + 256).
class top_k {
 public:
  top_k(std::size_t bits, std::size_t k)
      : counts_(bits + 1), k_(k), limit_(k + (std::max<std::size_t>)(k, 256)) {
    if (limit_ < k) limit_ = (std::numeric_limits<std::size_t>::max)();
    if (k == 0) last_ = {0, (std::numeric_limits<std::int64_t>::min)()};
  }

  /// What is farther than this is not among the k first.
  [[nodiscard]] std::uint32_t bound() const noexcept { return last_.distance; }
  /// Whether the candidate may still be among the k first. Says yes too often, never no wrongly.
  [[nodiscard]] bool admits(const hit& candidate) const noexcept { return candidate < last_; }
  /// Adds a candidate that `admits` let pass.
  void add(const hit& candidate) {
    kept_.push_back(candidate);
    if (kept_.size() >= limit_) select();
  }
  /// The min(k, candidates) first, in ascending order. The object is spent.
  [[nodiscard]] std::vector<hit> take() {
    if (kept_.size() > k_) select();
    sort_hits(kept_, counts_.size() - 1);
    return std::move(kept_);
  }

 private:
  /// Keeps the k first of more than k > 0 candidates.
  void select() {
    std::fill(counts_.begin(), counts_.end(), std::size_t{0});
    for (const hit& h : kept_) ++counts_[h.distance];
    std::size_t nearer = 0;
    std::uint32_t d = 0;  // the distance of the k-th
    while (nearer + counts_[d] < k_) nearer += counts_[d++];
    const auto tied =
        std::partition(kept_.begin(), kept_.end(), [d](const hit& h) { return h.distance < d; });
    const auto rest =
        std::partition(tied, kept_.end(), [d](const hit& h) { return h.distance == d; });
    const auto kth = tied + static_cast<std::ptrdiff_t>(k_ - nearer) - 1;
    std::nth_element(tied, kth, rest);
    last_ = *kth;
    kept_.resize(k_);
  }

  std::vector<hit> kept_;
  std::vector<std::size_t> counts_;
  std::size_t k_;
  std::size_t limit_;
  hit last_{(std::numeric_limits<std::uint32_t>::max)(),
            (std::numeric_limits<std::int64_t>::max)()};
};

}  // namespace hint::inline HINT_ABI::search

#endif
