// SPDX-License-Identifier: MIT
/// \file
/// Many rows, some thousand at a time.
#ifndef HINT_LEARN_ENCODING_ROW_PARTS_HPP
#define HINT_LEARN_ENCODING_ROW_PARTS_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <numeric>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/executor.hpp>
#include <hint/data/block.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {
namespace detail {

/// Parts of a feature block, one after the other, each valid until the next. `rows` must outlive it.
template <data::feature_block Rows>
class row_parts {
 public:
  static constexpr std::size_t step = 512;
  static constexpr std::size_t numbers = std::size_t{1} << 21;  // 8 MiB, which caches hold

  row_parts(const Rows& rows, const executor_ref& e)
      : rows_(rows),
        at_once_(
            (std::max)(numbers / (std::max<std::size_t>)(rows.cols(), 1) / step, e.concurrency()) *
            step) {}

  /// Rows from `first` on: a multiple of 512, or all that are left. Messages number them among all.
  [[nodiscard]] data::block next(std::size_t first, const context& ctx) {
    const std::size_t count = (std::min)(at_once_, rows_.rows() - first);
    if constexpr (std::same_as<Rows, data::block>) {
      std::vector<data::row_id> ids(count);
      std::iota(ids.begin(), ids.end(), static_cast<data::row_id>(first));
      const data::block some = rows_(ids);
      return rows_.files().empty() ? some.numbered_from(first) : some;
    } else {
      buffer_.resize(static_cast<linalg::index>(count), static_cast<linalg::index>(rows_.cols()));
      for_chunks(ctx.executor, count, 256, [&](std::size_t begin, std::size_t end) {
        rows_.copy_rows(first + begin, buffer_.middleRows(static_cast<linalg::index>(begin),
                                                          static_cast<linalg::index>(end - begin)));
      });
      return data::block::borrow(buffer_).numbered_from(first);
    }
  }

 private:
  const Rows& rows_;
  std::size_t at_once_;
  linalg::matrix<float> buffer_;
};

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn::detail

#endif
