// SPDX-License-Identifier: MIT
/// \file
/// What rows of a block are made from that are no matrix in memory, and where they came from.
#ifndef HINT_DATA_ROW_SOURCES_HPP
#define HINT_DATA_ROW_SOURCES_HPP

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace data {

/// A file from which rows of a block were read, for messages.
struct row_origin {
  std::size_t first = 0;  ///< its row 0 in the block
  std::string file{};
};

/// Rows as a file has them, in memory: row i of the part is what `convert` makes of the bytes from data +
/// i * stride on.
struct stored_rows {
  std::size_t first = 0;  ///< its row 0 in the block
  const std::byte* data = nullptr;
  std::size_t stride = 0;  ///< bytes
  /// to = as many numbers, in the other order of bytes if `swap`; its result is not looked at. Null: they are
  /// floats, aligned.
  std::size_t (*convert)(const std::byte* from, bool swap, std::span<float> to) noexcept = nullptr;
  bool swap = false;
};

/// Dense rows that are computed whenever somebody reads them. Const use must be safe from many threads.
struct computed_rows {
  virtual ~computed_rows() = default;
  /// out (d numbers) = row `row`, the same numbers each time.
  virtual void copy_row(std::size_t row, std::span<float> out) const = 0;

 protected:
  computed_rows() = default;
  computed_rows(const computed_rows&) = default;
  computed_rows& operator=(const computed_rows&) = default;
};

namespace detail {
/// "x.npy", or "x-0.npy to x-2.npy (3 files)".
[[nodiscard]] inline std::string text_of_files(std::size_t count, std::string_view first,
                                               std::string_view last) {
  return count == 1 ? std::string(first)
                    : ::hint::detail::concat(first, " to ", last, " (", count, " files)");
}
}  // namespace detail

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::data

#endif
