// SPDX-License-Identifier: MIT
/// \file
/// Which rows train, which are searched and which ask. A split is data, with a checksum, so that a
/// figure can say what it was measured on.
#ifndef HINT_DATA_SPLIT_HPP
#define HINT_DATA_SPLIT_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/finite.hpp>
#include <hint/core/hash.hpp>
#include <hint/core/mapped_file.hpp>
#include <hint/core/random.hpp>
#include <hint/data/block.hpp>
#include <hint/data/row_selection.hpp>
#include <hint/data/files/column.hpp>
#include <hint/io/atomic_file.hpp>
#include <hint/io/npy.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace data {

namespace detail {
/// Throws `invalid_argument` for a number that is no mark.
inline void expects_mark(const double& mark, std::size_t row, std::string_view name) {
  expects(is_finite(mark) && (mark == 0 || mark == 1 || mark == 2), name, ": row ", row,
          " has mark ", mark, ", expected 0 (train), 1 (database only) or 2 (query)");
}
}  // namespace detail

/// Row numbers, ascending, of the same `total()` rows. Training rows are part of the database, queries
/// are not. All functions are O(rows).
struct split {
  row_selection train;
  row_selection database;
  row_selection query;

  /// How many rows it was made for: those of the database and the queries.
  [[nodiscard]] std::size_t total() const noexcept { return database.total(); }

  /// One mark per row: 0 = training and database, 1 = database only, 2 = query. Throws
  /// `invalid_argument` for other marks; `file`, if there is one, is what messages call them.
  [[nodiscard]] static split from_marks(std::span<const std::uint8_t> marks,
                                        std::string_view file = {}) {
    const std::string_view name = file.empty() ? "split" : file;
    std::array<std::vector<row_id>, 3> rows;  // train, database, query
    for (std::size_t i = 0; i < marks.size(); ++i) {
      detail::expects_mark(marks[i], i, name);
      const auto row = static_cast<row_id>(i);
      if (marks[i] == 0) rows[0].push_back(row);
      rows[marks[i] == 2 ? 2 : 1].push_back(row);
    }
    const auto select = [&](std::size_t part) {
      return row_selection(std::move(rows[part]), marks.size(), std::string(file));
    };
    return {select(0), select(1), select(2)};
  }
  /// A `.npy` file of n marks, numbers of any type. Throws `io_error`, `format_error`, `invalid_argument`.
  /// Bools are refused: in a mask of the training rows `true` would be the mark of all others.
  HINT_LAZY
  [[nodiscard]] static split read(const std::filesystem::path& path) {
    const mapped_file file(path);
    const std::string name = path.string();
    const io::npy_view array(file.bytes(), name);
    expects<format_error>(array.type().kind != 'b', name,
                          ": holds bools, expected marks 0 (train), 1 (database only) or 2"
                          " (query)");
    std::vector<std::uint8_t> marks;
    for (const double mark : detail::read_column<double>(array, name, "a split has")) {
      detail::expects_mark(mark, marks.size(), name);
      marks.push_back(static_cast<std::uint8_t>(mark));
    }
    return from_marks(marks, name);
  }
  /// `queries` random rows ask, `train` random others learn, all but the queries are searched.
  /// Throws `invalid_argument` when rows < queries + train.
  [[nodiscard]] static split random(std::size_t rows, std::size_t queries, std::size_t train,
                                    random_stream random) {
    expects(queries <= rows && train <= rows - queries, "split::random: ", queries, " queries and ",
            train, " training rows of ", rows, " rows");
    const auto order = permutation(static_cast<row_id>(rows), random);
    std::vector<std::uint8_t> marks(rows, 1);
    for (std::size_t i = 0; i < queries; ++i) marks[order[i]] = 2;
    for (std::size_t i = queries; i < queries + train; ++i) marks[order[i]] = 0;
    return from_marks(marks);
  }

  /// The inverse of `from_marks`. Throws `invalid_argument` unless database and query together are
  /// all rows, each once, and train is a part of the database; `shape_error` when the parts are of
  /// different totals.
  [[nodiscard]] std::vector<std::uint8_t> marks() const {
    constexpr std::uint8_t unknown = 3;
    std::vector<std::uint8_t> out(total(), unknown);
    const auto set = [&](const row_selection& part, std::uint8_t from, std::uint8_t to,
                         const char* name, const char* expected) {
      expects<shape_error>(part.total() == total(), "split: ", name, " is of ", part.total(),
                           " rows, database of ", total());
      for (const row_id r : part) {
        expects(out[r] == from, "split: row ", r, " of ", name, ", expected ", expected);
        out[r] = to;
      }
    };
    set(database, unknown, 1, "database", "each row in one place");
    set(query, unknown, 2, "query", "each row in one place");
    set(train, 1, 0, "train", "each row once and in the database");
    expects(database.size() + query.size() == total(), "split: ", database.size(),
            " rows of database and ", query.size(), " of query, expected ", total(), " in all");
    return out;
  }
  /// The marks as a `.npy` file (`io::atomic_file`). Throws `io_error`, and what `marks` throws.
  HINT_LAZY
  void write(const std::filesystem::path& path,
             io::write_mode mode = io::write_mode::replace) const {
    const auto values = marks();
    io::write_npy(path, std::span<const std::uint8_t>(values), {values.size()}, io::npy_order::c,
                  mode);
  }
  /// Same rows, same number (FNV-1a over the marks): quote it beside a figure. Throws what `marks`
  /// throws.
  [[nodiscard]] std::uint64_t checksum() const {
    fnv1a hash;
    for (const std::uint8_t m : marks()) hash.add(m);
    return hash.value;
  }
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::data

#endif
