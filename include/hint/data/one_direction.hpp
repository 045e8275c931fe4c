// SPDX-License-Identifier: MIT
/// \file
/// Whether rows differ in more than their lengths.
#ifndef HINT_DATA_ONE_DIRECTION_HPP
#define HINT_DATA_ONE_DIRECTION_HPP

#include <algorithm>
#include <cstddef>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/until_stopped.hpp>
#include <hint/data/block.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace data {

namespace detail {
/// Whether holds(i) for all of 0 .. n-1; false when asked to stop.
template <class Holds>
[[nodiscard]] bool holds_for_all(std::size_t n, const context& ctx, Holds holds) {
  bool all = true;
  const std::size_t done =
      until_stopped(ctx.observer, n, 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end && all; ++i) all = holds(i);
      });
  return all && done == n;
}
inline constexpr double one_direction_within = 0x1p-21;
/// Whether all rows have the direction of the first one within 2^-21 of their length; with `any_factor`, or
/// the opposite one, or none.
HINT_LAZY
[[nodiscard]] bool directions_agree(const block& rows, bool any_factor, const context& ctx) {
  using direction = linalg::row_vector<double>;
  linalg::row_vector<float> row(static_cast<linalg::index>(rows.cols()));
  direction first;
  bool any = false;
  return holds_for_all(rows.rows(), ctx, [&](std::size_t i) {
    rows.copy_rows(i, row);
    direction x = row.cast<double>();
    const double length = x.norm();
    if (length > 0) x /= length;
    if (length == 0 && any_factor) return true;
    if (any) {
      double apart = (first - x).norm();
      if (any_factor) apart = (std::min)(apart, (first + x).norm());
      return apart <= one_direction_within;
    }
    first = x;
    any = true;
    return true;
  });
}
}  // namespace detail

/// Whether all rows have one direction (none, for rows of zeros) within 2^-21 of their length: nothing, then,
/// that looks at directions can tell them apart. O(n d), but O(d) as a rule, as it stops at the first
/// other one. False when asked to stop.
HINT_LAZY
[[nodiscard]] bool one_direction(const block& rows, const context& ctx = {}) {
  return detail::directions_agree(rows, false, ctx);
}
/// Whether all rows are multiples of one, by factors of any sign and by 0: as those of one column always are. As
/// above.
HINT_LAZY
[[nodiscard]] bool multiples_of_one(const block& rows, const context& ctx = {}) {
  return detail::directions_agree(rows, true, ctx);
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::data

#endif
