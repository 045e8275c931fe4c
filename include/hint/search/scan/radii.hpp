// SPDX-License-Identifier: MIT
/// \file
/// One radius for all queries, or one for each.
#ifndef HINT_SEARCH_SCAN_RADII_HPP
#define HINT_SEARCH_SCAN_RADII_HPP

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>

#include <hint/core/config.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// How far away hits may be: as far for all queries, or each query as far as it says.
class radii {
 public:
  radii(std::size_t all) noexcept : all_(all) {}     // NOLINT: implicit on purpose
  radii(std::span<const std::size_t> each) noexcept  // NOLINT: implicit on purpose
      : all_(0), each_(each) {}
  [[nodiscard]] std::size_t operator[](std::size_t query) const noexcept {
    return each_.empty() ? all_ : each_[query];
  }
  /// The largest.
  [[nodiscard]] std::size_t most() const noexcept {
    return each_.empty() ? all_ : *std::max_element(each_.begin(), each_.end());
  }
  /// Any distance.
  static constexpr std::size_t any = (std::numeric_limits<std::size_t>::max)();

 private:
  std::size_t all_;
  std::span<const std::size_t> each_;
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
