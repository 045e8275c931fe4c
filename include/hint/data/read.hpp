// SPDX-License-Identifier: MIT
/// \file
/// From files to feature blocks.
#ifndef HINT_DATA_READ_HPP
#define HINT_DATA_READ_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <filesystem>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/data/block.hpp>
#include <hint/io/npy.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace data {

namespace detail {
[[nodiscard]] inline io::npy_array<float> read_rows(const std::filesystem::path& path) {
  expects<format_error>(path.extension() == ".npy", path.string(), ": cannot read ",
                        path.extension().string().empty() ? "files without extension"
                                                          : path.extension().string() + " files",
                        ", expected .npy");
  auto file = io::read_npy<float>(path);
  expects<format_error>(file.shape.size() == 2, path.string(), ": features have ",
                        file.shape.size(), " dimensions, expected rows x columns");
  return file;
}
}  // namespace detail

/// Dense features from a `.npy` file of n x d numbers of any type. Throws `io_error`, `format_error`.
template <std::same_as<float> T = float>
[[nodiscard]] block read(const std::filesystem::path& path) {
  const auto file = detail::read_rows(path);
  return block(linalg::matrix<float>(Eigen::Map<const linalg::matrix<float>>(
      file.values.data(), static_cast<linalg::index>(file.shape[0]),
      static_cast<linalg::index>(file.shape[1]))));
}

/// Sparse features from the same kind of file; zeros are dropped. Throws `io_error`, `format_error`.
template <std::same_as<float> T = float>
[[nodiscard]] block read_sparse(const std::filesystem::path& path) {
  const auto file = detail::read_rows(path);
  const auto cols = static_cast<linalg::index>(file.shape[1]);
  linalg::sparse_matrix<float> rows(static_cast<linalg::index>(file.shape[0]), cols);
  rows.reserve(std::count_if(file.values.begin(), file.values.end(),
                             [](float value) { return value != 0; }));
  for (linalg::index i = 0; i < rows.rows(); ++i) {
    rows.startVec(i);
    for (linalg::index j = 0; j < cols; ++j)
      if (const float value = file.values[static_cast<std::size_t>(i * cols + j)]; value != 0)
        rows.insertBack(i, j) = value;
  }
  rows.finalize();
  return block(std::move(rows));
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::data

#endif
