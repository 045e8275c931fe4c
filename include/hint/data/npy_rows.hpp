// SPDX-License-Identifier: MIT
/// \file
/// Features that stay in their `.npy` files and are read when somebody asks for them: more than memory holds.
#ifndef HINT_DATA_NPY_ROWS_HPP
#define HINT_DATA_NPY_ROWS_HPP

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/data/block.hpp>
#include <hint/data/read.hpp>
#include <hint/io/npy.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace data {

/// The rows that `data::read` would read, of one file or of shards, numbers of any type. Models `feature_block`.
/// Copies share the files, which are mapped: rows that are asked for come into memory by the system, and go when it needs
/// memory or by `release`. (Without memory mapping, on Windows, files are read whole.) Const use from many threads
/// is safe. The files must not change meanwhile.
class npy_rows {
 public:
  /// Throws as `data::read` does, of what can be told from the files' headers.
  explicit npy_rows(const row_files& files)
      : opened_(std::make_shared<const detail::opened_rows>(files)) {}

  [[nodiscard]] std::size_t rows() const noexcept {
    return static_cast<std::size_t>(opened_->rows());
  }
  [[nodiscard]] std::size_t cols() const noexcept {
    return static_cast<std::size_t>(opened_->cols());
  }

  /// out (any rows x d) = rows first, first + 1, ... Throws `format_error` naming file, row and column of a number
  /// that no float can hold. Unchecked otherwise.
  HINT_LAZY
  void copy_rows(std::size_t first, linalg::matrix_ref<float> out) const {
    const auto last = first + static_cast<std::size_t>(out.rows());
    opened_->for_files(
        first, last,
        [&](const io::npy_view& view, std::size_t in_file, std::size_t at, std::size_t count) {
          for (std::size_t i = 0; i < count;) {
            // Where rows of `out` follow each other, all at once.
            const std::size_t some = out.outerStride() == out.cols() ? count : 1;
            float* const to =
                out.data() + static_cast<linalg::index>(at - first + i) * out.outerStride();
            detail::copy_rows(view, in_file + i, std::span(to, some * cols()));
            i += some;
          }
        });
  }
  /// Rows first .. first + count - 1 as a block, whose messages name file and row. Floats that lie in one file
  /// row after row are not copied; the block keeps the file. Throws `invalid_argument` when there are fewer rows, and
  /// as `copy_rows`.
  HINT_LAZY
  [[nodiscard]] block part(std::size_t first, std::size_t count, const context& ctx = {}) const {
    expects(first <= rows() && count <= rows() - first, "npy_rows: ", count, " rows from row ",
            first, " on, of ", rows());
    const auto n = static_cast<linalg::index>(count), d = opened_->cols();
    std::optional<block> b;
    opened_->for_files(
        first, first + count,
        [&](const io::npy_view& view, std::size_t in_file, std::size_t, std::size_t in_one) {
          if (const auto plain = view.in_place<float>();
              in_one == count && plain.size() == view.size())
            b = block::borrow(
                Eigen::Map<const linalg::matrix<float>>(plain.data() + in_file * cols(), n, d),
                opened_);
        });
    if (!b) {
      linalg::matrix<float> copy(n, d);
      for_chunks(ctx.executor, count, 256, [&](std::size_t begin, std::size_t end) {
        copy_rows(first + begin, copy.middleRows(static_cast<linalg::index>(begin),
                                                 static_cast<linalg::index>(end - begin)));
      });
      b = block(std::move(copy));
    }
    return b->from_files(opened_->origins()).numbered_from(first);
  }
  /// Says that these rows are not wanted any more for now.
  void release(std::size_t first, std::size_t count) const {
    opened_->release(first, first + count);
  }

 private:
  std::shared_ptr<const detail::opened_rows> opened_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::data

#endif
