// SPDX-License-Identifier: MIT
/// \file
/// Where ids are: a hash table from ids to rows.
#ifndef HINT_SEARCH_STORE_ROW_TABLE_HPP
#define HINT_SEARCH_STORE_ROW_TABLE_HPP

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/hash.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Open addressing, linear probing, no more than half full: 32 bytes an id on average, where
/// std::unordered_map takes 50 and its header a twelfth of the time to compile hint/search.hpp.
class row_table {
 public:
  static constexpr std::size_t none = (std::numeric_limits<std::size_t>::max)();

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  /// The row of an id, or `none`. Expected O(1).
  [[nodiscard]] std::size_t find(std::int64_t id) const noexcept {
    return rows_.empty() ? none : rows_[place_of(id)];
  }
  /// So that up to `ids` can be put in without failing.
  void reserve(std::size_t ids) {
    if (2 * ids <= rows_.size()) return;
    std::size_t places = 16;
    while (places < 2 * ids) places *= 2;
    row_table larger;
    larger.ids_.resize(places);
    larger.rows_.resize(places, none);
    for (std::size_t i = 0; i < rows_.size(); ++i)
      if (rows_[i] != none) larger.put(ids_[i], rows_[i]);
    *this = std::move(larger);
  }
  /// Sets the row of an id; returns the one that it had, or `none`. Room must be reserved.
  std::size_t put(std::int64_t id, std::size_t row) noexcept {
    const std::size_t at = place_of(id);
    if (rows_[at] == none) ++size_;
    ids_[at] = id;
    return std::exchange(rows_[at], row);
  }
  void erase(std::int64_t id) noexcept {
    if (find(id) == none) return;
    const std::size_t mask = rows_.size() - 1;
    const std::size_t hole = close_gap(
        place_of(id), mask, [&](std::size_t i) { return rows_[i] != none; },
        [&](std::size_t i) { return hash(ids_[i]) & mask; },
        [&](std::size_t from, std::size_t to) {
          ids_[to] = ids_[from];
          rows_[to] = rows_[from];
        });
    rows_[hole] = none;
    --size_;
  }
  void clear() noexcept { *this = row_table(); }

 private:
  [[nodiscard]] static std::size_t hash(std::int64_t id) noexcept {
    // Ids that differ in any bits are spread.
    return mix64(static_cast<std::uint64_t>(id) + 0x9e3779b97f4a7c15ULL);
  }
  /// Where the id is, or would be.
  [[nodiscard]] std::size_t place_of(std::int64_t id) const noexcept {
    const std::size_t mask = rows_.size() - 1;
    std::size_t at = hash(id) & mask;
    while (rows_[at] != none && ids_[at] != id) at = (at + 1) & mask;
    return at;
  }

  std::vector<std::int64_t> ids_;
  std::vector<std::size_t> rows_;  // none: free
  std::size_t size_ = 0;
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
