// SPDX-License-Identifier: MIT
/// \file
/// One number for each item, from a `.npy` file.
#ifndef HINT_DATA_FILES_COLUMN_HPP
#define HINT_DATA_FILES_COLUMN_HPP

#include <string_view>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/io/element.hpp>
#include <hint/io/npy.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI {
namespace data::detail {

/// n numbers, from an array of n or of n x 1 (as MATLAB has vectors). Throws `format_error` for other
/// shapes, which begins with `file` and says `what` it should hold ("ids have"), and when a number does not
/// convert to T.
template <io::element T>
[[nodiscard]] std::vector<T> read_column(const io::npy_view& array, std::string_view file,
                                         std::string_view what) {
  const auto shape = array.shape();
  expects<format_error>(shape.size() == 1 || (shape.size() == 2 && shape[1] == 1), file, ": ", what,
                        " shape ", io::detail::shape_text(shape),
                        ", expected one number for each item, (n,) or (n, 1)");
  return array.to_array<T>().values;
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::data::detail

#endif
