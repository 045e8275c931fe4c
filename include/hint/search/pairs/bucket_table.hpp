// SPDX-License-Identifier: MIT
/// \file
/// Codes sorted by the value of a substring, laid out for the scan kernels: those of equal value side by side.
#ifndef HINT_SEARCH_PAIRS_BUCKET_TABLE_HPP
#define HINT_SEARCH_PAIRS_BUCKET_TABLE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/search/kernels/block_layout.hpp>
#include <hint/search/multi_index/substring_tables.hpp>
#include <hint/search/store/code_store.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// The codes of a store's live rows, one after the other, with their rows. O(rows words).
struct live_codes {
  HINT_LAZY
  explicit live_codes(const code_store& store) : codes(store.bits()) {
    codes.resize(store.size());
    rows.reserve(store.size());
    store.for_live([&](std::size_t row, const code_chunk&, std::size_t) {
      store.code(row, codes[rows.size()]);
      rows.push_back(static_cast<std::uint32_t>(row));
    });
  }
  code_set codes;
  std::vector<std::uint32_t> rows;
};

/// Memory: the codes, 4 bytes for each and 4 for each value. Never changes once built.
class bucket_table {
 public:
  /// `go_on()` is asked now and then; after a false nothing may be asked of the table.
  /// O(codes words + 2^bits of the substring).
  template <class GoOn>
  bucket_table(const live_codes& live, substring cut, GoOn&& go_on)
      : words_(live.codes.words_per_code()),
        starts_((std::size_t{1} << cut.bits) + 1),
        blocks_(block_words(words_, live.rows.size())),
        rows_(live.rows.size()) {
    constexpr std::size_t portion = std::size_t{1} << 16;
    const std::size_t n = live.rows.size();
    std::vector<std::uint32_t> values(n);
    for (std::size_t i = 0; i < n; ++i) {
      values[i] = value_of(live.codes[i].data(), cut);
      ++starts_[values[i]];
    }
    std::uint32_t sum = 0;
    for (std::uint32_t& start : starts_) sum += std::exchange(start, sum);
    const code_view codes = live.codes;
    for (std::size_t i = 0; i < n; ++i) {
      if (i % portion == 0 && !go_on()) return;
      const std::size_t place = starts_[values[i]]++;
      rows_[place] = live.rows[i];
      put_in_blocks(codes.slice(i, 1), place, blocks_.data());
    }
    // Each start has moved to the next one's place.
    std::copy_backward(starts_.begin(), starts_.end() - 1, starts_.end());
    starts_.front() = 0;
  }

  [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }
  [[nodiscard]] std::size_t words() const noexcept { return words_; }
  [[nodiscard]] const std::uint64_t* blocks() const noexcept { return blocks_.data(); }
  [[nodiscard]] std::uint32_t row(std::size_t place) const noexcept { return rows_[place]; }
  /// Place of the first code with a value or a larger one; of 2^bits: behind the last.
  [[nodiscard]] std::uint32_t start(std::size_t value) const noexcept { return starts_[value]; }
  /// The value of the code at a place. O(bits of the substring).
  [[nodiscard]] std::uint32_t value_at(std::size_t place) const noexcept {
    return static_cast<std::uint32_t>(std::upper_bound(starts_.begin(), starts_.end(), place) -
                                      starts_.begin() - 1);
  }

 private:
  std::size_t words_;
  std::vector<std::uint32_t> starts_;
  aligned_buffer<std::uint64_t> blocks_;
  std::vector<std::uint32_t> rows_;
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
