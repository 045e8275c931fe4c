// SPDX-License-Identifier: MIT
/// \file
/// The ids in the sections of a file: do they differ, what comes after them.
#ifndef HINT_SEARCH_STORE_SECTION_IDS_HPP
#define HINT_SEARCH_STORE_SECTION_IDS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/search/store/ids_archive.hpp>
#include <hint/search/store/row_ids.hpp>
#include <hint/search/store/row_table.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Ids that differ from each other, unless a file lies.
struct id_run {
  row_ids ids;
  bool ascending = false;  ///< is believed

  /// Of one that is not empty. O(1) when they ascend.
  [[nodiscard]] std::int64_t smallest() const noexcept {
    return ascending ? ids.front() : *std::min_element(ids.begin(), ids.end());
  }
  [[nodiscard]] std::int64_t largest() const noexcept {
    return ascending ? ids.back() : *std::max_element(ids.begin(), ids.end());
  }
};

/// An id that comes twice, for the second time in this run.
struct repeated_id {
  std::size_t run;
  std::int64_t id;
};

/// The smallest id that comes twice, or none. Runs that ascend and whose ranges are apart are not looked
/// into: O(runs log runs) if all are so; else O(n log n) and 8 bytes an id for n ids of runs whose ranges
/// overlap, whatever the number of runs.
HINT_LAZY
[[nodiscard]] std::optional<repeated_id> find_repeated(std::span<const id_run> runs) {
  struct range {
    std::int64_t first, last;
    std::size_t run;
  };
  std::vector<range> ranges;
  for (std::size_t r = 0; r < runs.size(); ++r)
    if (!runs[r].ids.empty()) ranges.push_back({runs[r].smallest(), runs[r].largest(), r});
  std::sort(ranges.begin(), ranges.end(),
            [](const range& a, const range& b) { return a.first < b.first; });
  std::vector<std::int64_t> all;
  for (std::size_t begin = 0, end = 0; begin < ranges.size(); begin = end) {
    std::int64_t last = ranges[begin].last;
    for (end = begin + 1; end < ranges.size() && ranges[end].first <= last; ++end)
      last = (std::max)(last, ranges[end].last);
    if (end - begin == 1 && runs[ranges[begin].run].ascending) continue;
    all.clear();
    for (std::size_t i = begin; i < end; ++i) {
      const row_ids& ids = runs[ranges[i].run].ids;
      all.insert(all.end(), ids.begin(), ids.end());
    }
    std::sort(all.begin(), all.end());
    const auto twice = std::adjacent_find(all.begin(), all.end());
    if (twice == all.end()) continue;
    std::ptrdiff_t count = 0;
    for (std::size_t r = 0; r < runs.size(); ++r) {
      count += std::count(runs[r].ids.begin(), runs[r].ids.end(), *twice);
      if (count > 1) return repeated_id{r, *twice};
    }
  }
  return std::nullopt;
}

/// The first of the runs' ids that is among `mine`, or none. O(m log m) and 8 bytes each for m ids of one's
/// own; then O(1) for runs that ascend beyond the range of these, O(m log n) for others that ascend and
/// expected O(n) and 32 m bytes for those that do not.
HINT_LAZY
[[nodiscard]] std::optional<std::int64_t> find_shared(std::vector<std::int64_t> mine,
                                                      std::span<const id_run> runs) {
  if (mine.empty()) return std::nullopt;
  std::sort(mine.begin(), mine.end());
  row_table table;
  for (const id_run& run : runs) {
    if (run.ids.empty()) continue;
    if (run.ascending) {
      if (run.ids.back() < mine.front() || run.ids.front() > mine.back()) continue;
      auto at = run.ids.begin();
      for (const std::int64_t id : mine) {
        at = std::lower_bound(at, run.ids.end(), id);
        if (at == run.ids.end()) break;
        if (*at == id) return id;
      }
      continue;
    }
    if (table.empty()) {
      table.reserve(mine.size());
      for (const std::int64_t id : mine) table.put(id, 0);
    }
    for (const std::int64_t id : run.ids)
      if (table.find(id) != row_table::none) return id;
  }
  return std::nullopt;
}

/// The ids of a section. Throws `format_error` when they are not as many as the codes.
template <class Reader>
[[nodiscard]] id_run stored_ids(const Reader& archive) {
  const auto rows = archive.template number<std::size_t>("rows");
  return {read_ids(archive, rows), archive.template number<bool>("ids_ascend")};
}
template <class Reader>
[[nodiscard]] std::vector<id_run> all_stored_ids(std::span<const Reader> sections) {
  std::vector<id_run> runs;
  runs.reserve(sections.size());
  for (const Reader& archive : sections) runs.push_back(stored_ids(archive));
  return runs;
}

/// Throws `format_error` when an id comes twice in a file.
template <class Reader>
void expects_ids_differ(std::span<const Reader> sections, std::string_view owner) {
  if (const auto twice = find_repeated(all_stored_ids(sections)))
    sections[twice->run].require(false, owner, ": id ", twice->id, " comes twice");
}
/// Throws `invalid_argument` when a file has one of these ids.
template <class Reader>
void expects_ids_new(std::vector<std::int64_t> ids, std::span<const Reader> sections) {
  if (const auto shared = find_shared(std::move(ids), all_stored_ids(sections)))
    expects(
        false, sections.front().path(), ": id ", *shared,
        " is in the file already, nothing was appended; io::append_renumbered gives the ids that "
        "follow the largest in the file");
}

/// Throws `invalid_argument` for owner + function unless so many ids follow this one.
inline void expects_ids_left(std::string_view owner, std::string_view function,
                             std::int64_t largest, std::size_t count) {
  const auto room = static_cast<std::uint64_t>((std::numeric_limits<std::int64_t>::max)()) -
                    static_cast<std::uint64_t>(largest);
  expects(largest < 0 || count <= room, owner, function, ": no ", count,
          " ids follow the largest so far, ", largest);
}
/// The next id; behind the last of all that one, which nothing can be given.
[[nodiscard]] constexpr std::int64_t id_after(std::int64_t largest) noexcept {
  return largest < (std::numeric_limits<std::int64_t>::max)() ? largest + 1 : largest;
}
/// The id that codes get which are added to what is in a file: it follows the largest ever, 0 is the first.
template <class Reader>
[[nodiscard]] std::int64_t id_to_follow(std::span<const Reader> sections, std::string_view owner,
                                        std::size_t count) {
  bool numbered = false;
  std::int64_t largest = -1;
  const auto note = [&](std::int64_t id) {
    largest = numbered ? (std::max)(largest, id) : id;
    numbered = true;
  };
  for (const Reader& archive : sections) {
    const id_run run = stored_ids(archive);
    if (!run.ids.empty()) note(run.largest());
    if (archive.has("largest_id")) note(archive.template number<std::int64_t>("largest_id"));
  }
  expects_ids_left(owner, "::append", largest, count);
  return id_after(largest);
}

}}}  // namespace hint::HINT_ABI::search::detail

#endif
