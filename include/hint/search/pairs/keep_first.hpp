// SPDX-License-Identifier: MIT
/// \file
/// Which codes are kept when each that is near an earlier kept one is dropped.
#ifndef HINT_SEARCH_PAIRS_KEEP_FIRST_HPP
#define HINT_SEARCH_PAIRS_KEEP_FIRST_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/search/kernels/portable.hpp>
#include <hint/search/pairs/distinct_codes.hpp>
#include <hint/search/pairs/find_row_pairs.hpp>
#include <hint/search/pairs/row_pairs.hpp>
#include <hint/search/store/code_store.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Finds for every code, in their order, the first kept one within the radius; one that has none is kept and
/// its own. By halves: what the first half keeps is joined with the second, and what that leaves of the
/// second is treated likewise. So each pair of a kept code and a later one is looked at no more than once, by the
/// fastest way, and O(n words) memory is enough.
class keep_first {
 public:
  static constexpr std::uint32_t none = distinct_codes::none;

  /// `go_on(share that is done)` is asked often; false ends it.
  template <class GoOn>
  keep_first(const code_set& codes, const pair_options& o, const context& ctx, GoOn&& go_on)
      : codes_(codes), options_(o), ctx_(ctx), firsts_(codes.size(), none) {
    std::vector<std::uint32_t> all(codes.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint32_t>(i);
    complete_ = go_on(0.0) && decide(all, go_on);
  }
  /// The first kept code within the radius of code i; `none` where that was not found out in time.
  [[nodiscard]] std::uint32_t first_of(std::uint32_t i) const noexcept { return firsts_[i]; }
  [[nodiscard]] bool complete() const noexcept { return complete_; }

 private:
  /// Of codes that no kept one before the first of them is near to; ascending.
  template <class GoOn>
  [[nodiscard]] bool decide(std::span<const std::uint32_t> items, GoOn&& go_on) {
    constexpr std::size_t few = 64;
    if (items.size() <= few) {
      decide_few(items);
      decided_ += items.size();
      return go_on(share());
    }
    const auto lower = items.first(items.size() / 2), upper = items.subspan(items.size() / 2);
    if (!decide(lower, go_on)) return false;
    std::vector<std::uint32_t> kept;
    for (const std::uint32_t i : lower)
      if (firsts_[i] == i) kept.push_back(i);
    const code_store a = stored(kept), b = stored(upper);
    const auto done = find_row_pairs<std::vector<row_pair>>(
        a, b, options_, ctx_, [&](double) { return go_on(share()); },
        [&](const std::vector<row_pair>& found) {
          for (const row_pair& x : found) {
            std::uint32_t& first = firsts_[upper[x.second]];
            first = (std::min)(first, kept[x.first]);
          }
          return true;
        });
    if (!done.complete) {  // smaller ones may be missing
      for (const std::uint32_t i : upper) firsts_[i] = none;
      return false;
    }
    std::vector<std::uint32_t> rest;
    for (const std::uint32_t i : upper)
      if (firsts_[i] == none) rest.push_back(i);
    decided_ += upper.size() - rest.size();
    return decide(rest, go_on);
  }
  [[nodiscard]] double share() const noexcept {
    return firsts_.empty() ? 1
                           : static_cast<double>(decided_) / static_cast<double>(firsts_.size());
  }
  void decide_few(std::span<const std::uint32_t> items) {
    std::vector<std::uint32_t> kept;
    for (const std::uint32_t i : items) {
      const auto near = std::find_if(kept.begin(), kept.end(), [&](std::uint32_t k) {
        std::size_t distance = 0;
        for (std::size_t w = 0; w < codes_.words_per_code() && distance <= options_.radius; ++w)
          distance += count_bits(codes_[i][w] ^ codes_[k][w]);
        return distance <= options_.radius;
      });
      firsts_[i] = near == kept.end() ? i : *near;
      if (near == kept.end()) kept.push_back(i);
    }
  }
  [[nodiscard]] code_store stored(std::span<const std::uint32_t> items) const {
    code_set some(codes_.bits());
    some.reserve(items.size());
    for (const std::uint32_t i : items) some.append(codes_.view().slice(i, 1));
    code_store store(codes_.bits(), "near_duplicates");
    store.add(some);
    return store;
  }

  const code_set& codes_;
  pair_options options_;
  const context& ctx_;
  std::vector<std::uint32_t> firsts_;
  std::size_t decided_ = 0;
  bool complete_ = false;
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
