// SPDX-License-Identifier: MIT
/// \file
/// Multi-hot labels as packed bits, for evaluation (and supervised learners).
#ifndef HINT_DATA_LABELS_HPP
#define HINT_DATA_LABELS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/data/block.hpp>
#include <hint/io/npy.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace data {

/// n rows of `classes` numbers, row after row: bit c of row i is set where the number is not 0.
/// Throws `shape_error` when the values are not a multiple of `classes`, `invalid_argument` when
/// there is no class. O(n classes).
[[nodiscard]] inline code_set pack_labels(std::span<const std::uint8_t> multi_hot,
                                          std::size_t classes) {
  code_set labels(classes);
  expects<shape_error>(multi_hot.size() % classes == 0, "pack_labels: ", multi_hot.size(),
                       " values are not a multiple of ", classes, " classes");
  labels.resize(multi_hot.size() / classes);
  for (std::size_t i = 0; i < multi_hot.size(); ++i)
    if (multi_hot[i] != 0) labels.set_bit(i / classes, i % classes, true);
  return labels;
}

/// One class number per row. Throws `invalid_argument` for a number outside 0 .. classes-1.
[[nodiscard]] inline code_set one_hot_labels(std::span<const std::uint32_t> class_of_row,
                                             std::size_t classes) {
  code_set labels(classes, class_of_row.size());
  for (std::size_t i = 0; i < class_of_row.size(); ++i) {
    expects(class_of_row[i] < classes, "one_hot_labels: row ", i, " has class ", class_of_row[i],
            ", expected below ", classes);
    labels.set_bit(i, class_of_row[i], true);
  }
  return labels;
}

/// A `.npy` file of whole numbers, n x classes, multi-hot. Throws `io_error`, `format_error`.
[[nodiscard]] inline code_set read_labels(const std::filesystem::path& path) {
  const auto file = io::read_npy<std::uint8_t>(path);
  expects<format_error>(
      file.shape.size() == 2, path.string(), ": labels have ", file.shape.size(),
      " dimensions, expected rows x classes, multi-hot (from one class number per "
      "row `one_hot_labels` makes them)");
  expects<format_error>(file.shape[1] >= 1 && file.shape[1] <= max_bits, path.string(),
                        ": labels have ", file.shape[1], " classes, expected 1 to ", max_bits);
  return pack_labels(file.values, file.shape[1]);
}

/// The codes (or packed labels) of the rows `selected`, in that order. Throws `invalid_argument` when
/// one of them does not exist.
[[nodiscard]] inline code_set select(const code_view& codes, std::span<const row_id> selected) {
  code_set out(codes.bits(), selected.size());
  for (std::size_t i = 0; i < selected.size(); ++i) {
    expects(selected[i] < codes.size(), "select: row ", selected[i], " of ", codes.size(), " rows");
    std::copy(codes[selected[i]].begin(), codes[selected[i]].end(), out[i].begin());
  }
  return out;
}
/// The same, of the part of a split, say. Throws `shape_error` unless it was made for as many rows as
/// there are.
[[nodiscard]] inline code_set select(const code_view& codes, const row_selection& selected) {
  selected.check_total(codes.size(), "select");
  return select(codes, std::span<const row_id>(selected));
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::data

#endif
