// SPDX-License-Identifier: MIT
/// \file
/// Rows of which most numbers are 0, without their zeros.
#ifndef HINT_DATA_COMPACT_HPP
#define HINT_DATA_COMPACT_HPP

#include <atomic>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/finite.hpp>
#include <hint/core/until_stopped.hpp>
#include <hint/data/block.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace data {

/// These rows as a sparse block of their numbers that are not 0, which must be fewer than 2^31. O(ids d), or
/// O(stored numbers). Asked to stop, it leaves the later rows without numbers. Unchecked.
HINT_LAZY
[[nodiscard]] block only_numbers(const block& from, std::span<const row_id> ids,
                                 const context& ctx = {}) {
  linalg::sparse_matrix<float> rows(static_cast<linalg::index>(ids.size()),
                                    static_cast<linalg::index>(from.cols()));
  int* const ends = rows.outerIndexPtr() + 1;
  for_chunks_until_stopped(ctx, ids.size(), 256, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) ends[i] = static_cast<int>(from.count_in_row(ids[i]));
  });
  std::partial_sum(ends, ends + ids.size(), ends);
  rows.resizeNonZeros(ids.empty() ? 0 : ends[ids.size() - 1]);
  for_chunks(ctx.executor, ids.size(), 256, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      int next = ends[static_cast<std::ptrdiff_t>(i) - 1];
      if (next == ends[i]) continue;
      from.for_each_in_row(ids[i], [&](std::size_t j, const float& v) {
        if (::hint::detail::magnitude_bits(&v) == 0) return;
        rows.innerIndexPtr()[next] = static_cast<int>(j);
        rows.valuePtr()[next++] = v;
      });
    }
  });
  return block(std::move(rows));
}

/// The same rows, as `block::is_mostly_zero` wants them if they are `mostly_zero`: sparse, without stored
/// zeros. Others as they are. O(n d), but no further than needed to find too many numbers. Asked to stop, it
/// returns all as they are, or sparse ones of which the last lack their numbers.
HINT_LAZY
[[nodiscard]] block compact(const block& rows, const context& ctx = {}) {
  const std::size_t n = rows.rows(), cols = rows.cols();
  if (n == 0 || !mostly_zero(cols, 0) || rows.is_mostly_zero()) return rows;
  std::atomic<std::size_t> numbers = 0;
  const auto fits = [&] {
    const std::size_t so_far = numbers.load(std::memory_order_relaxed);
    return mostly_zero(cols, so_far, n) &&
           so_far <= static_cast<std::size_t>((std::numeric_limits<int>::max)());
  };
  for_chunks_until_stopped(ctx, n, 256, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end && fits(); ++i)
      numbers.fetch_add(rows.count_in_row(i), std::memory_order_relaxed);
  });
  if (!fits() || ctx.observer.stop_requested()) return rows;
  std::vector<row_id> all(n);
  std::iota(all.begin(), all.end(), row_id{0});
  return only_numbers(rows, all, ctx).named_as(rows);
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::data

#endif
