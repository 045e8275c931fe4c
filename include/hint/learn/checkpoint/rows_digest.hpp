// SPDX-License-Identifier: MIT
/// \file
/// A digest of features, to tell those of one training from those of another.
#ifndef HINT_LEARN_CHECKPOINT_ROWS_DIGEST_HPP
#define HINT_LEARN_CHECKPOINT_ROWS_DIGEST_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/data/block.hpp>
#include <hint/io/xxh64.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {
namespace detail {

/// "300 x 12, digest 13297864590238475": XXH64 of the numbers as they are stored, of sparse rows with their
/// columns, of centred ones with shift and factors. O(stored numbers).
HINT_LAZY
[[nodiscard]] std::string rows_digest(const data::block& rows) {
  io::xxh64 sum;
  sum.update(std::as_bytes(rows.shift()));
  std::vector<std::uint32_t> columns;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    if (rows.is_sparse()) {
      columns.clear();
      rows.for_each_stored(
          i, [&](std::size_t j, float) { columns.push_back(static_cast<std::uint32_t>(j)); });
      sum.update(std::as_bytes(std::span<const std::uint32_t>(columns)));
      const std::array factor{rows.factor(i)};
      sum.update(std::as_bytes(std::span(factor)));
    }
    rows.for_each_stretch(
        i, [&](std::size_t, std::span<const float> values) { sum.update(std::as_bytes(values)); });
  }
  return ::hint::detail::concat(rows.rows(), " x ", rows.cols(), ", digest ", sum.digest());
}

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn::detail

#endif
