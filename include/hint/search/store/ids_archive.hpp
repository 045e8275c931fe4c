// SPDX-License-Identifier: MIT
/// \file
/// Ids in archives (io/archive.hpp), in the least of the forms of `row_ids`, to be used where they lie.
#ifndef HINT_SEARCH_STORE_IDS_ARCHIVE_HPP
#define HINT_SEARCH_STORE_IDS_ARCHIVE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/search/store/row_ids.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// The format of archives with short codes or ids in another form than a list of 64-bit numbers.
inline constexpr std::uint32_t short_format = 2;

/// Writes `size` ids; `for_each(f)` calls f(id) for each in order, several times alike. Of these forms:
///
/// | ids | in the archive |
/// |---|---|
/// | first, first + 1, ... | entry "first_id" |
/// | runs of such, 16 ids long or more on average | array "id_runs", int64, a row (first row, its id) for each |
/// | less than 2^32 apart | entry "least_id", array "id_offsets", uint32, from that one |
/// | others, or none | array "ids", int64 |
///
/// All but the last need readers of format 2.
template <class Writer, class ForEach>
void write_ids(Writer& archive, std::size_t size, ForEach&& for_each) {
  std::size_t runs = 0;
  std::int64_t least = 0, largest = 0, last = 0;
  for_each([&](std::int64_t id) {
    const bool follows = runs > 0 && id > last && id - 1 == last;
    least = runs == 0 ? id : (std::min)(least, id);
    largest = runs == 0 ? id : (std::max)(largest, id);
    if (!follows) ++runs;
    last = id;
  });
  const auto distance = [&](std::int64_t id) {
    return static_cast<std::uint64_t>(id) - static_cast<std::uint64_t>(least);
  };
  if (runs == 1) {
    archive.meta("first_id", least);
  } else if (runs > 0 && 16 * runs <= size) {
    std::vector<std::int64_t> list;
    list.reserve(2 * runs);
    std::int64_t row = 0;
    for_each([&](std::int64_t id) {
      if (row == 0 || !(id > last && id - 1 == last)) list.insert(list.end(), {row, id});
      last = id;
      ++row;
    });
    archive.array("id_runs", std::move(list), runs, std::size_t{2});
  } else if (runs > 0 && distance(largest) <= (std::numeric_limits<std::uint32_t>::max)()) {
    std::vector<std::uint32_t> list;
    list.reserve(size);
    for_each([&](std::int64_t id) { list.push_back(static_cast<std::uint32_t>(distance(id))); });
    archive.meta("least_id", least);
    archive.array("id_offsets", std::move(list), size, std::size_t{1});
  } else {
    std::vector<std::int64_t> list;
    list.reserve(size);
    for_each([&](std::int64_t id) { list.push_back(id); });
    archive.array("ids", std::move(list), size, std::size_t{1});
    return;
  }
  archive.needs_version(short_format);
}

/// The ids of `rows` codes in an archive, where they lie: valid as long as a copy of the reader. Throws
/// `format_error` when they are not as many, or lack what they are made of. O(1), of runs O(runs).
template <class Reader>
[[nodiscard]] row_ids read_ids(const Reader& archive, std::size_t rows) {
  const auto expect = [&](const char* name, std::size_t cols) {
    archive.require(archive.rows(name) == rows && archive.cols(name) == cols, "array '", name,
                    "' is ", archive.rows(name), " x ", archive.cols(name), ", expected ", rows,
                    " x ", cols);
  };
  if (archive.has("first_id")) {
    const auto first = archive.template number<std::int64_t>("first_id");
    const auto room = static_cast<std::uint64_t>((std::numeric_limits<std::int64_t>::max)()) -
                      static_cast<std::uint64_t>(first);
    archive.require(rows == 0 || rows - 1 <= room, "entry 'first_id' is ", first, ", which no ",
                    rows, " ids can begin with");
    return row_ids::consecutive(first, rows);
  }
  if (archive.has_array("id_runs")) {
    const auto numbers = archive.template array<std::int64_t>("id_runs");
    archive.require(archive.cols("id_runs") == 2, "array 'id_runs' is ", archive.rows("id_runs"),
                    " x ", archive.cols("id_runs"), ", expected 2 columns");
    const std::span<const row_ids::run> runs(reinterpret_cast<const row_ids::run*>(numbers.data()),
                                             archive.rows("id_runs"));
    bool good = !runs.empty() && runs.front().row == 0;
    for (std::size_t i = 1; good && i < runs.size(); ++i)
      good = runs[i - 1].row < runs[i].row && static_cast<std::size_t>(runs[i].row) < rows;
    archive.require(good, "array 'id_runs' does not begin with row 0 and ascend to rows below ",
                    rows);
    return row_ids::in_runs(runs, rows);
  }
  if (archive.has_array("id_offsets")) {
    expect("id_offsets", 1);
    return row_ids::offsets(archive.template number<std::int64_t>("least_id"),
                            archive.template array<std::uint32_t>("id_offsets"));
  }
  const auto list = archive.template array<std::int64_t>("ids");
  expect("ids", 1);
  return list;
}

}}}  // namespace hint::HINT_ABI::search::detail

#endif
