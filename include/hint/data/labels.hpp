// SPDX-License-Identifier: MIT
/// \file
/// Multi-hot labels as packed bits, for evaluation (and supervised learners).
#ifndef HINT_DATA_LABELS_HPP
#define HINT_DATA_LABELS_HPP

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/finite.hpp>
#include <hint/core/mapped_file.hpp>
#include <hint/data/block.hpp>
#include <hint/data/row_selection.hpp>
#include <hint/data/files/column.hpp>
#include <hint/io/npy.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace data {

/// n rows of `classes` numbers, row after row: bit c of row i is set where the number is not 0.
/// Throws `shape_error` when the values are not a multiple of `classes`, `invalid_argument` when
/// there is no class or there are more than `max_labels`. O(n classes).
[[nodiscard]] inline code_set pack_labels(std::span<const std::uint8_t> multi_hot,
                                          std::size_t classes) {
  code_set labels = code_set::labels(classes);
  expects<shape_error>(multi_hot.size() % classes == 0, "pack_labels: ", multi_hot.size(),
                       " values are not a multiple of ", classes, " classes");
  labels.resize(multi_hot.size() / classes);
  for (std::size_t i = 0; i < multi_hot.size(); ++i)
    if (multi_hot[i] != 0) labels.set_bit(i / classes, i % classes, true);
  return labels;
}

/// One class number per row. Throws `invalid_argument` for a number outside 0 .. classes-1, and for more
/// than `max_labels` classes.
[[nodiscard]] inline code_set one_hot_labels(std::span<const std::uint32_t> class_of_row,
                                             std::size_t classes) {
  code_set labels = code_set::labels(classes, class_of_row.size());
  for (std::size_t i = 0; i < class_of_row.size(); ++i) {
    expects(class_of_row[i] < classes, "one_hot_labels: row ", i, " has class ", class_of_row[i],
            ", expected below ", classes);
    labels.set_bit(i, class_of_row[i], true);
  }
  return labels;
}

namespace detail {

/// n x classes numbers of 0 and 1, or of -1 and +1.
template <io::element T>
[[nodiscard]] code_set multi_hot_labels(const io::npy_view& array, std::string_view file) {
  const std::size_t rows = array.shape()[0], classes = array.shape()[1];
  expects<format_error>(classes >= 1 && classes <= max_labels, file, ": labels have ", classes,
                        " classes, expected 1 to ", max_labels);
  code_set labels = code_set::labels(classes, rows);
  const std::vector<T> values = array.to_array<T>().values;
  constexpr T minus = std::unsigned_integral<T> ? T{0} : static_cast<T>(-1);
  bool all = true;  // finite; to -ffast-math NaN equals everything
  if constexpr (std::floating_point<T>) all = all_finite(values.data(), values.size());
  const auto is = [&](const T& value, T wanted) {
    if constexpr (std::floating_point<T>) return (all || is_finite(value)) && value == wanted;
    return value == wanted;
  };
  const bool has_minus =
      minus != 0 &&
      std::any_of(values.begin(), values.end(), [&](const T& value) { return is(value, minus); });
  const T none = has_minus ? minus : T{0};
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (is(values[i], none)) continue;
    expects<format_error>(is(values[i], T{1}), file, ": row ", i / classes, ", column ",
                          i % classes, " is ", values[i], has_minus ? " where others are -1" : "",
                          ", expected 0 and 1, or -1 and +1");
    labels.set_bit(i / classes, i % classes, true);
  }
  return labels;
}

/// n numbers of classes, in a vector or a column.
HINT_LAZY
[[nodiscard]] code_set labels_of_classes(const io::npy_view& array, std::string_view file) {
  std::vector<std::uint32_t> classes;
  classes.reserve(array.size());
  std::size_t count = 1;
  const std::vector<double> values = read_column<double>(array, file, "labels have");
  for (const double& value : values) {
    const bool good = is_finite(value) && value >= 0 && value < static_cast<double>(max_labels) &&
                      value == std::floor(value);
    expects<format_error>(good, file, ": row ", classes.size(), " is ", value,
                          ", expected a class number from 0 to ", max_labels - 1,
                          " (numpy.unique(labels, return_inverse=True)[1] makes them of others)");
    classes.push_back(static_cast<std::uint32_t>(value));
    count = (std::max)(count, static_cast<std::size_t>(value) + 1);
  }
  return one_hot_labels(classes, count);
}

}  // namespace detail

/// A `.npy` file of labels, of numbers of any type:
///
/// | shape | numbers | means |
/// |---|---|---|
/// | n x classes, at least 2 | 0 and 1, or -1 and +1 | multi-hot: 1 where the item has the class |
/// | n, or n x 1 as MATLAB has vectors | 0, 1, 2, ... | the class of each item; there are as many as the largest number plus one |
///
/// Throws `io_error`, and `format_error` for everything else, with what to do where the file holds names.
/// Two files of class numbers have equally many classes only if the largest number is in both: labels
/// that are to be compared belong in one file.
HINT_LAZY
[[nodiscard]] code_set read_labels(const std::filesystem::path& path) {
  const mapped_file bytes(path);
  const std::string file = path.string();
  const io::npy_view array(bytes.bytes(), file);
  expects<format_error>(!array.shape().empty(), file,
                        ": labels have shape (), expected n x classes"
                        " of 0 and 1, or n class numbers");
  if (array.shape().size() == 1 || array.shape()[1] == 1)
    return detail::labels_of_classes(array, file);
  if (array.type().size > 1)  // to float only what float can hold
    return array.type().kind == 'f' && array.type().size <= 4
               ? detail::multi_hot_labels<float>(array, file)
               : detail::multi_hot_labels<double>(array, file);
  return array.type().kind == 'i' ? detail::multi_hot_labels<std::int8_t>(array, file)
                                  : detail::multi_hot_labels<std::uint8_t>(array, file);
}

/// The codes (or packed labels) of the rows `selected`, in that order. Throws `invalid_argument` when
/// one of them does not exist.
[[nodiscard]] inline code_set select(const code_view& codes, std::span<const row_id> selected) {
  code_set out = code_set::labels(codes.bits(), selected.size());  // or codes, which are shorter
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
