// SPDX-License-Identifier: MIT
/// \file
/// From files to feature blocks.
#ifndef HINT_DATA_READ_HPP
#define HINT_DATA_READ_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/finite.hpp>
#include <hint/core/mapped_file.hpp>
#include <hint/data/block.hpp>
#include <hint/io/npy.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace data {

/// The files that make one block: one file, or shards, whose rows follow each other in this order.
struct row_files {
  std::vector<std::filesystem::path> paths;

  row_files() = default;
  /// One file: a path, or what converts to one.
  template <std::convertible_to<std::filesystem::path> P>
  row_files(P file) : paths{std::move(file)} {}  // NOLINT: implicit on purpose
  explicit row_files(std::vector<std::filesystem::path> shards) : paths(std::move(shards)) {}

  /// The shards NAME-0.npy, NAME-1.npy, ... of a folder in the order of their numbers, or NAME.npy
  /// where there are none. Throws `format_error` when there is NAME.npy beside shards, and when shards
  /// are not numbered 0, 1, ... without a gap and without leading zeros.
  [[nodiscard]] static row_files in(const std::filesystem::path& folder, const std::string& name) {
    const auto shard = [&](std::size_t i) { return hint::detail::concat(name, "-", i, ".npy"); };
    const std::string single = name + ".npy";
    row_files found;
    std::error_code ignored;  // a folder that is not there: opening its files will say so
    while (std::filesystem::exists(folder / shard(found.paths.size()), ignored))
      found.paths.push_back(folder / shard(found.paths.size()));
    std::size_t numbered = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
      const std::string stem = entry.path().stem().string();
      numbered += entry.path().extension() == ".npy" && stem.size() > name.size() + 1 &&
                  stem.starts_with(name + "-") &&
                  stem.find_first_not_of("0123456789", name.size() + 1) == std::string::npos;
    }
    expects<format_error>(found.paths.size() == numbered, folder.string(), ": has ", numbered,
                          " shards of ", single, ", expected all from ", shard(0), " to ",
                          shard(numbered - 1));
    if (found.paths.empty()) return folder / single;
    expects<format_error>(!std::filesystem::exists(folder / single, ignored), folder.string(),
                          ": has ", single, " and ", shard(0), ", expected one file or shards");
    return found;
  }

  /// For messages: "x.npy", or "x-0.npy to x-2.npy (3 files)".
  [[nodiscard]] std::string text() const {
    if (paths.empty()) return "no file";
    if (paths.size() == 1) return paths[0].string();
    return hint::detail::concat(paths.front().string(), " to ", paths.back().string(), " (",
                                paths.size(), " files)");
  }
};

namespace detail {

/// Files that were opened and have rows of the same length.
class opened_rows {
 public:
  explicit opened_rows(const row_files& files) {
    expects(!files.paths.empty(), "data::read: no file was given");
    for (const auto& path : files.paths) {
      expects<format_error>(path.extension() == ".npy", path.string(), ": cannot read ",
                            path.extension().string().empty()
                                ? "files without extension"
                                : path.extension().string() + " files",
                            ", expected .npy");
      bytes_.emplace_back(path);
      views_.emplace_back(bytes_.back().bytes(), path.string());
      const auto shape = views_.back().shape();
      expects<format_error>(shape.size() == 2, path.string(), ": features have ", shape.size(),
                            " dimensions, expected rows x columns");
      const auto first = views_.front().shape();
      expects<shape_error>(shape[1] == first[1], path.string(), " has ", shape[1], " columns, ",
                           files.paths.front().string(), " has ", first[1],
                           ", expected equally many");
      rows_ += static_cast<linalg::index>(shape[0]);
    }
  }
  [[nodiscard]] linalg::index rows() const noexcept { return rows_; }
  [[nodiscard]] linalg::index cols() const noexcept {
    return static_cast<linalg::index>(views_.front().shape()[1]);
  }
  [[nodiscard]] std::span<const io::npy_view> views() const noexcept { return views_; }

 private:
  std::vector<mapped_file> bytes_;
  std::vector<io::npy_view> views_;
  linalg::index rows_ = 0;
};

}  // namespace detail

/// Dense features from a `.npy` file of n x d numbers of any type, or from shards, whose rows are joined
/// in the order of the files. Memory: the features. Throws `io_error`, `format_error`; `shape_error`
/// naming two files whose rows differ in length; `invalid_argument` for no file.
template <std::same_as<float> T = float>
[[nodiscard]] block read(const row_files& files) {
  const detail::opened_rows opened(files);
  linalg::matrix<float> rows(opened.rows(), opened.cols());
  float* next = rows.data();
  for (const io::npy_view& view : opened.views()) {
    view.copy_to(std::span<float>(next, view.size()));
    next += view.size();
  }
  return block(std::move(rows));
}

/// Sparse features from the same kind of files; zeros are dropped. Memory: the numbers that are not 0,
/// and while it reads one file with its zeros. Throws what `read` throws.
template <std::same_as<float> T = float>
[[nodiscard]] block read_sparse(const row_files& files) {
  const detail::opened_rows opened(files);
  const linalg::index cols = opened.cols();
  linalg::sparse_matrix<float> rows(opened.rows(), cols);
  linalg::index row = 0;
  for (const io::npy_view& view : opened.views()) {
    const auto file = view.to_array<float>();
    // By the bits: to -ffast-math NaN may be as good as 0, and would be dropped.
    const auto kept = [](const float& value) { return hint::detail::magnitude_bits(&value) != 0; };
    rows.reserve(std::count_if(file.values.begin(), file.values.end(), kept));
    for (std::size_t i = 0; i < file.rows(); ++i, ++row) {
      rows.startVec(row);
      for (linalg::index j = 0; j < cols; ++j)
        if (const float& value = file.values[i * file.cols() + static_cast<std::size_t>(j)];
            kept(value))
          rows.insertBack(row, j) = value;
    }
  }
  rows.finalize();
  return block(std::move(rows));
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::data

#endif
