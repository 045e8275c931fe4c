// SPDX-License-Identifier: MIT
/// \file
/// Numbers of rows, and some rows of many.
#ifndef HINT_DATA_ROW_SELECTION_HPP
#define HINT_DATA_ROW_SELECTION_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace data {

/// Numbers of rows, in a split or a selection.
using row_id = std::uint32_t;

/// Some of `total()` rows, in any order: it knows what it may be applied to. A contiguous range of
/// `row_id`, so it goes wherever a `std::span<const row_id>` is taken.
class row_selection {
 public:
  /// None of 0 rows.
  row_selection() = default;
  /// `rows` of `total` rows; `file` is where they were read from, for messages. Throws
  /// `invalid_argument` when one of them does not exist. O(rows).
  row_selection(std::vector<row_id> rows, std::size_t total, std::string file = {})
      : rows_(std::move(rows)), total_(total), file_(std::move(file)) {
    for (const row_id r : rows_)
      expects(r < total, "row_selection: row ", r, ", expected below ", total);
  }
  /// How many rows there are to select from.
  [[nodiscard]] std::size_t total() const noexcept { return total_; }
  [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }
  [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }
  [[nodiscard]] auto begin() const noexcept { return rows_.begin(); }
  [[nodiscard]] auto end() const noexcept { return rows_.end(); }
  [[nodiscard]] row_id operator[](std::size_t i) const noexcept { return rows_[i]; }
  /// Whether they are the same rows of as many, wherever they were read from.
  [[nodiscard]] friend bool operator==(const row_selection& a, const row_selection& b) noexcept {
    return a.rows_ == b.rows_ && a.total_ == b.total_;
  }

  /// Throws `shape_error` naming `what`, and the file of the selection, unless it has `total()` rows.
  void check_total(std::size_t rows, std::string_view what) const {
    expects<shape_error>(rows == total_, what, ": ", rows, " rows, the rows were selected from ",
                         total_, file_.empty() ? "" : " by ", file_);
  }

 private:
  std::vector<row_id> rows_;
  std::size_t total_ = 0;
  std::string file_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::data

#endif
