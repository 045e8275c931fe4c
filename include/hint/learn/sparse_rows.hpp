// SPDX-License-Identifier: MIT
/// \file
/// From rows of a sparse block to the batch that the first layer of a network takes.
#ifndef HINT_LEARN_SPARSE_ROWS_HPP
#define HINT_LEARN_SPARSE_ROWS_HPP

#include <cstddef>
#include <numeric>
#include <span>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/data/block.hpp>
#include <hint/nn/sparse_batch.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// These rows of a sparse block, which must outlive the batch. Unchecked.
HINT_LAZY
[[nodiscard]] nn::sparse_batch<float> sparse_rows(const data::block& from,
                                                  std::span<const data::row_id> rows) {
  nn::sparse_batch<float> batch(from.cols(), from.shift());
  for (const data::row_id i : rows) {
    const double factor = from.factor(i);
    batch.begin_row(static_cast<float>(factor));
    from.for_each_stored(i, [&](std::size_t j, float v) {
      batch.add(j, static_cast<float>(factor * static_cast<double>(v)));
    });
  }
  return batch;
}
/// Rows first .. first + count - 1.
HINT_LAZY
[[nodiscard]] nn::sparse_batch<float> sparse_rows(const data::block& from, std::size_t first,
                                                  std::size_t count) {
  std::vector<data::row_id> rows(count);
  std::iota(rows.begin(), rows.end(), static_cast<data::row_id>(first));
  return sparse_rows(from, rows);
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
