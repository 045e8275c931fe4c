// SPDX-License-Identifier: MIT
/// \file
/// NaN and infinity in rows of features are refused by name.
#ifndef HINT_DATA_CHECK_FINITE_HPP
#define HINT_DATA_CHECK_FINITE_HPP

#include <cstddef>
#include <span>
#include <string_view>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/finite.hpp>
#include <hint/core/until_stopped.hpp>
#include <hint/data/block.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace data {

/// Throws `invalid_argument` naming the row (by `name_of_row`) and its first column that hold NaN or infinity,
/// and `name`. O(d), or O(stored numbers).
inline void check_finite_row(const block& b, std::size_t row, std::string_view name) {
  bool finite = true;
  b.for_each_stretch(row, [&](std::size_t, std::span<const float> values) {
    finite = finite && all_finite(values.data(), values.size());
  });
  if (finite) [[likely]]
    return;
  b.for_each_in_row(row, [&](std::size_t column, const float& value) {
    expects(is_finite(value), name, ": ", b.name_of_row(row), ", column ", column, " is ", value,
            ", expected finite numbers");
  });
}
/// The same for the first such row of all. Asked to stop, it looks no further.
HINT_LAZY
void check_finite(const block& b, std::string_view name, const context& ctx = {}) {
  for_chunks_until_stopped(ctx, b.rows(), 256, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) check_finite_row(b, i, name);
  });
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::data

#endif
