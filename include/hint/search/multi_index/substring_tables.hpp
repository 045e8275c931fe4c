// SPDX-License-Identifier: MIT
/// \file
/// Where codes are by parts of their bits: for each of several substrings a table from its value to the
/// rows that have it.
#ifndef HINT_SEARCH_MULTI_INDEX_SUBSTRING_TABLES_HPP
#define HINT_SEARCH_MULTI_INDEX_SUBSTRING_TABLES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/watched_phase.hpp>
#include <hint/search/kernels/block_layout.hpp>
#include <hint/search/store/code_store.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Bits first .. first + bits - 1 of a code; 1 to 32 of them.
struct substring {
  std::uint32_t first;
  std::uint32_t bits;
  [[nodiscard]] friend bool operator==(const substring&, const substring&) = default;
};

/// Cuts codes into `tables` substrings next to each other, as equal as can be, none wider than
/// `widest`. What does not fit is left out: a distance in some bits is never above that in all.
HINT_LAZY
[[nodiscard]] std::vector<substring> cut_codes(std::size_t bits, std::size_t tables,
                                               std::size_t widest) {
  std::vector<substring> cuts;
  const std::size_t covered = (std::min)(bits, tables * widest);
  for (std::size_t i = 0, first = 0; i < tables; ++i) {
    const std::size_t end = covered * (i + 1) / tables;
    cuts.push_back({static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(end - first)});
    first = end;
  }
  return cuts;
}

/// The bits of a code as a number.
[[nodiscard]] inline std::uint32_t value_of(const std::uint64_t* code, substring s) noexcept {
  const std::uint32_t w = s.first / 64;
  const std::uint32_t shift = s.first % 64;
  std::uint64_t value = code[w] >> shift;
  if (shift + s.bits > 64) value |= code[w + 1] << (64 - shift);
  return static_cast<std::uint32_t>(value & ((std::uint64_t{1} << s.bits) - 1));
}

/// Tables addressed by the value itself. Never changes once built, so many threads may read it.
///
/// Memory: 4 bytes for each code and each value of each substring. Codes of one or two words are in
/// every table, beside those of near values, which saves a third of the time of a search; of longer
/// ones there is one copy, in which the words of a code are side by side.
class substring_tables {
 public:
  /// Words of the longest codes that are in every table.
  static constexpr std::size_t most_words_inside = 2;

  /// Of the rows 0 .. rows - 1 of a store that have not been removed; fewer than 2^32.
  /// O(tables * (rows + 2^bits of a substring)), each table on one thread of the context's executor. Asked to
  /// stop, it leaves tables that are of no use.
  HINT_LAZY
  substring_tables(const code_store& store, std::size_t rows, std::vector<substring> cuts,
                   const context& ctx = {})
      : cuts_(std::move(cuts)),
        words_(store.words()),
        row_count_(rows),
        codes_(rows * store.words()),
        starts_(cuts_.size()),
        rows_(cuts_.size()),
        inside_(cuts_.size()) {
    watched_phase phase(ctx.observer, "tables");
    constexpr std::size_t least = std::size_t{1} << 16;  // rows of a part, some milliseconds
    std::vector<std::uint32_t> live;
    live.reserve(rows);
    phase.in_parts(
        rows, least,
        [&](std::size_t begin, std::size_t end) {
          store.for_live(begin, end, [&](std::size_t row, const code_chunk& chunk, std::size_t i) {
            chunk.code(i, std::span(codes_).subspan(row * words_, words_));
            live.push_back(static_cast<std::uint32_t>(row));
          });
        },
        0, 0.2);
    const auto for_tables = [&](auto&& f) { ctx.executor.bulk(cuts_.size(), f); };
    for_tables([&](std::size_t t) { starts_[t].assign((std::size_t{1} << cuts_[t].bits) + 1, 0); });
    phase.in_parts(
        live.size(), least,
        [&](std::size_t begin, std::size_t end) {
          for_tables([&](std::size_t t) {
            count(codes_.data(), words_, std::span(live).subspan(begin, end - begin), cuts_[t],
                  starts_[t].data());
          });
        },
        0.2, 0.4);
    if (phase.stopped()) return;
    for_tables([&](std::size_t t) {
      std::uint32_t sum = 0;
      for (std::uint32_t& start : starts_[t]) sum += std::exchange(start, sum);
      rows_[t].resize(live.size());
      if (inside()) inside_[t].resize(live.size() * words_);
    });
    phase.in_parts(
        live.size(), least,
        [&](std::size_t begin, std::size_t end) {
          for_tables([&](std::size_t t) {
            place(codes_.data(), words_, std::span(live).subspan(begin, end - begin), cuts_[t],
                  starts_[t].data(), rows_[t].data(), inside() ? inside_[t].data() : nullptr);
          });
        },
        0.4, 1);
    for_tables([&](std::size_t t) {
      // Each start has moved to the next one's place.
      std::copy_backward(starts_[t].begin(), starts_[t].end() - 1, starts_[t].end());
      starts_[t].front() = 0;
    });
    if (inside()) codes_ = {};
  }

  [[nodiscard]] std::size_t size() const noexcept { return cuts_.size(); }
  [[nodiscard]] std::span<const substring> cuts() const noexcept { return cuts_; }
  [[nodiscard]] std::size_t words() const noexcept { return words_; }
  /// Rows that the tables know of.
  [[nodiscard]] std::size_t rows() const noexcept { return row_count_; }
  /// Whether codes are in every table.
  [[nodiscard]] bool inside() const noexcept { return words_ <= most_words_inside; }
  /// The codes by row, unless they are in the tables.
  [[nodiscard]] const std::uint64_t* codes() const noexcept { return codes_.data(); }
  /// The codes of a table in the order of `rows_of`, when they are in the tables.
  [[nodiscard]] const std::uint64_t* codes_of(std::size_t t) const noexcept {
    return inside_[t].data();
  }
  /// Place v of table t has the index of the first row with value v, place v + 1 that behind the last.
  [[nodiscard]] const std::uint32_t* starts(std::size_t t) const noexcept {
    return starts_[t].data();
  }
  /// Rows by value; those of equal value ascend.
  [[nodiscard]] const std::uint32_t* rows_of(std::size_t t) const noexcept {
    return rows_[t].data();
  }

 private:
  // Hot loops, please measure impact of changes.

  /// How many of some rows have each value.
  HINT_LAZY
  static void count(const std::uint64_t* codes, std::size_t words,
                    std::span<const std::uint32_t> some, substring cut, std::uint32_t* counts) {
    for (const std::uint32_t row : some) ++counts[value_of(codes + row * words, cut)];
  }
  /// Puts rows, and codes unless null, at the next place of their value.
  HINT_LAZY
  static void place(const std::uint64_t* codes, std::size_t words,
                    std::span<const std::uint32_t> some, substring cut, std::uint32_t* next,
                    std::uint32_t* rows, std::uint64_t* inside) {
    for (const std::uint32_t row : some) {
      const std::uint64_t* const code = codes + row * words;
      const std::size_t at = next[value_of(code, cut)]++;
      rows[at] = row;
      if (inside == nullptr) continue;
      for (std::size_t w = 0; w < words; ++w) inside[at * words + w] = code[w];
    }
  }

  std::vector<substring> cuts_;
  std::size_t words_;
  std::size_t row_count_;
  aligned_buffer<std::uint64_t> codes_;
  std::vector<std::vector<std::uint32_t>> starts_;
  std::vector<std::vector<std::uint32_t>> rows_;
  std::vector<aligned_buffer<std::uint64_t>> inside_;
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
