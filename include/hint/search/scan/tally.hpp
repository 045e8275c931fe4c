// SPDX-License-Identifier: MIT
/// \file
/// Counting small numbers fast.
#ifndef HINT_SEARCH_SCAN_TALLY_HPP
#define HINT_SEARCH_SCAN_TALLY_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hint/core/config.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Counts small numbers. Four tables in turn: most distances are alike, and adding to the same place
/// again and again would wait for the store before.
class tally {
 public:
  explicit tally(std::size_t values) : values_(values), counts_(4 * values) {}

  void add(std::span<const std::uint16_t> list) noexcept {
    std::uint32_t *t0 = counts_.data(), *t1 = t0 + values_, *t2 = t1 + values_, *t3 = t2 + values_;
    std::size_t i = 0;
    for (; i + 4 <= list.size(); i += 4)
      ++t0[list[i]], ++t1[list[i + 1]], ++t2[list[i + 2]], ++t3[list[i + 3]];
    for (; i < list.size(); ++i) ++t0[list[i]];
  }
  void add(std::uint16_t value) noexcept { ++counts_[value]; }
  /// Adds what was counted to `out`, of `values` or fewer, and begins anew.
  void move_to(std::span<std::uint64_t> out) noexcept {
    for (std::size_t t = 0; t < 4; ++t)
      for (std::size_t v = 0; v < out.size(); ++v) out[v] += counts_[t * values_ + v];
    std::fill(counts_.begin(), counts_.end(), 0U);
  }

 private:
  std::size_t values_;
  std::vector<std::uint32_t> counts_;
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
