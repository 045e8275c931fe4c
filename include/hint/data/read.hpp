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
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/finite.hpp>
#include <hint/core/mapped_file.hpp>
#include <hint/data/block.hpp>
#include <hint/data/files/folder.hpp>
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
  /// where there are none; the ending may be in capitals. Throws `format_error` when there is NAME.npy
  /// beside shards, and when shards are not numbered 0, 1, ... without a gap and without leading zeros;
  /// `io_error` when the folder cannot be read.
  [[nodiscard]] static row_files in(const std::filesystem::path& folder, const std::string& name) {
    const auto shard = [&](std::size_t i) { return hint::detail::concat(name, "-", i); };
    const auto files = detail::npy_files(folder);
    row_files found;
    for (auto at = files.find(shard(0)); at != files.end();
         at = files.find(shard(found.paths.size())))
      found.paths.push_back(at->second);
    const auto numbered =
        static_cast<std::size_t>(std::count_if(files.begin(), files.end(), [&](const auto& file) {
          const std::string& stem = file.first;
          return stem.size() > name.size() + 1 && stem.starts_with(name + "-") &&
                 stem.find_first_not_of("0123456789", name.size() + 1) == std::string::npos;
        }));
    expects<format_error>(found.paths.size() == numbered, folder.string(), ": has ", numbered,
                          " shards of ", name, ".npy, expected all from ", shard(0), ".npy to ",
                          shard(numbered - 1), ".npy");
    const auto single = files.find(name);
    if (found.paths.empty())  // opening what is not there will say so
      return single == files.end() ? folder / (name + ".npy") : single->second;
    expects<format_error>(single == files.end(), folder.string(), ": has ", name, ".npy and ",
                          shard(0), ".npy, expected one file or shards");
    return found;
  }

  /// For messages: "x.npy", or "x-0.npy to x-2.npy (3 files)".
  [[nodiscard]] std::string text() const {
    return paths.empty()
               ? "no file"
               : detail::text_of_files(paths.size(), paths.front().string(), paths.back().string());
  }
};

namespace detail {

/// Rows of features in a file: a vector is one.
[[nodiscard]] inline linalg::index rows_of(const io::npy_view& view) noexcept {
  return view.shape().size() == 1 ? 1 : static_cast<linalg::index>(view.shape()[0]);
}

/// Files that were opened and have rows of the same length.
class opened_rows {
 public:
  /// `name` of the call, for messages.
  explicit opened_rows(const row_files& files, std::string_view name = "data::read") {
    expects(!files.paths.empty(), name, ": no file was given");
    for (const auto& path : files.paths) {
      expects<format_error>(is_npy(path), path.string(), ": cannot read ",
                            path.extension().string().empty()
                                ? "files without extension"
                                : path.extension().string() + " files",
                            ", expected .npy");
      bytes_.emplace_back(path);
      views_.emplace_back(bytes_.back().bytes(), path.string());
      const auto shape = views_.back().shape();
      expects<format_error>(!shape.empty(), path.string(),
                            ": features have shape (), expected rows x columns, or one row");
      const std::size_t cols = shape.back();
      if (views_.size() == 1) cols_ = cols;
      expects<shape_error>(cols == cols_, path.string(), " has ", cols, " columns, ",
                           files.paths.front().string(), " has ", cols_, ", expected equally many");
      origins_.push_back({rows_, path.string()});
      rows_ += static_cast<std::size_t>(rows_of(views_.back()));
    }
  }
  [[nodiscard]] linalg::index rows() const noexcept { return static_cast<linalg::index>(rows_); }
  [[nodiscard]] linalg::index cols() const noexcept { return static_cast<linalg::index>(cols_); }
  [[nodiscard]] std::span<const io::npy_view> views() const noexcept { return views_; }
  /// Lets the system have the memory of these rows back, where files are mapped.
  void release(std::size_t first, std::size_t last) const {
    for (std::size_t i = 0; i < views_.size(); ++i) {
      const io::npy_view& view = views_[i];
      const std::size_t begin = (std::max)(first, origins_[i].first);
      const std::size_t end =
          (std::min)(last, origins_[i].first + static_cast<std::size_t>(rows_of(view)));
      if (begin >= end || view.fortran_order()) continue;
      const auto start = static_cast<std::size_t>(view.bytes().data() - bytes_[i].bytes().data());
      const std::size_t row = cols_ * view.type().size;
      bytes_[i].release(start + (begin - origins_[i].first) * row, (end - begin) * row);
    }
  }
  /// Where the rows came from.
  [[nodiscard]] const std::vector<row_origin>& origins() const noexcept { return origins_; }

 private:
  std::vector<mapped_file> bytes_;
  std::vector<io::npy_view> views_;
  std::vector<row_origin> origins_;
  std::size_t rows_ = 0;
  std::size_t cols_ = 0;
};

}  // namespace detail

/// Dense features from a `.npy` file of n x d numbers of any type, or from shards, whose rows are joined
/// in the order of the files. A vector of d numbers is one row: a query. Memory: the features. Throws
/// `io_error`, `format_error`; `shape_error` naming two files whose rows differ in length;
/// `invalid_argument` for no file. NaN and infinity are refused by those who use the rows, naming file and
/// row.
template <std::same_as<float> T = float>
[[nodiscard]] block read(const row_files& files) {
  const detail::opened_rows opened(files);
  linalg::matrix<float> rows(opened.rows(), opened.cols());
  float* next = rows.data();
  for (const io::npy_view& view : opened.views()) {
    view.copy_to(std::span<float>(next, view.size()));
    next += view.size();
  }
  return block(std::move(rows)).from_files(opened.origins());
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
    const float* next = file.values.data();
    for (const linalg::index end = row + detail::rows_of(view); row < end; ++row) {
      rows.startVec(row);
      for (linalg::index j = 0; j < cols; ++j, ++next)
        if (kept(*next)) rows.insertBack(row, j) = *next;
    }
  }
  rows.finalize();
  return block(std::move(rows)).from_files(opened.origins());
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::data

#endif
