// SPDX-License-Identifier: MIT
/// \file
/// Which rows train, which are searched and which ask. A split is data, with a checksum, so that a
/// figure can say what it was measured on.
#ifndef HINT_DATA_SPLIT_HPP
#define HINT_DATA_SPLIT_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/random.hpp>
#include <hint/data/block.hpp>
#include <hint/io/npy.hpp>

namespace hint::inline HINT_ABI::inline HINT_EIGEN_ABI::data {

/// Row numbers, ascending. Training rows are part of the database, queries are not.
struct split {
  std::vector<row_id> train;
  std::vector<row_id> database;
  std::vector<row_id> query;

  /// One mark per row: 0 = training and database, 1 = database only, 2 = query. Throws
  /// `invalid_argument` for other marks.
  [[nodiscard]] static split from_marks(std::span<const std::uint8_t> marks) {
    split s;
    for (std::size_t i = 0; i < marks.size(); ++i) {
      expects(marks[i] <= 2, "split: row ", i, " has mark ", static_cast<unsigned>(marks[i]),
              ", expected 0 (train), 1 (database only) or 2 (query)");
      const auto row = static_cast<row_id>(i);
      if (marks[i] == 0) s.train.push_back(row);
      (marks[i] == 2 ? s.query : s.database).push_back(row);
    }
    return s;
  }
  /// A `.npy` file of marks. Throws `io_error`, `format_error`, `invalid_argument`.
  [[nodiscard]] static split read(const std::filesystem::path& path) {
    return from_marks(io::read_npy<std::uint8_t>(path).values);
  }
  /// `queries` random rows ask, `train` random others learn, all but the queries are searched.
  /// Throws `invalid_argument` when rows < queries + train.
  [[nodiscard]] static split random(std::size_t rows, std::size_t queries, std::size_t train,
                                    random_stream random) {
    expects(queries <= rows && train <= rows - queries, "split::random: ", queries,
            " queries and ", train, " training rows of ", rows, " rows");
    const auto order = permutation(static_cast<row_id>(rows), random);
    std::vector<std::uint8_t> marks(rows, 1);
    for (std::size_t i = 0; i < queries; ++i) marks[order[i]] = 2;
    for (std::size_t i = queries; i < queries + train; ++i) marks[order[i]] = 0;
    return from_marks(marks);
  }

  /// The inverse of `from_marks`. Throws `std::out_of_range` when the parts do not number 0 .. n-1.
  [[nodiscard]] std::vector<std::uint8_t> marks() const {
    std::vector<std::uint8_t> out(database.size() + query.size(), 1);
    for (const row_id r : train) out.at(r) = 0;
    for (const row_id r : query) out.at(r) = 2;
    return out;
  }
  void write(const std::filesystem::path& path) const {
    const auto values = marks();
    io::write_npy(path, std::span<const std::uint8_t>(values), {values.size()});
  }
  /// Same rows, same number (FNV-1a over the marks): quote it beside a figure.
  [[nodiscard]] std::uint64_t checksum() const {
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const std::uint8_t m : marks()) hash = (hash ^ m) * 0x100000001b3ULL;
    return hash;
  }
};

}  // namespace hint::inline HINT_ABI::inline HINT_EIGEN_ABI::data

#endif
