// SPDX-License-Identifier: MIT
/// \file
/// The items of a store by ascending id, and which of them are the first of their code.
#ifndef HINT_SEARCH_PAIRS_DISTINCT_CODES_HPP
#define HINT_SEARCH_PAIRS_DISTINCT_CODES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/hash.hpp>
#include <hint/search/store/code_store.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Whoever groups codes need look at equal ones once, however many there are. O(n words), and
/// O(n log n) for ids that do not ascend with the rows. Memory: the codes that differ, and 12 bytes an item.
class distinct_codes {
 public:
  HINT_LAZY
  explicit distinct_codes(const code_store& store) : codes_(store.bits()) {
    std::vector<std::pair<std::int64_t, std::size_t>> items;  // by id: (id, row)
    items.reserve(store.size());
    store.for_live([&](std::size_t row, const code_chunk& chunk, std::size_t i) {
      items.emplace_back(chunk.ids()[i], row);
    });
    if (!store.ascending()) std::sort(items.begin(), items.end());
    std::size_t places = 16;
    while (places < 2 * items.size()) places *= 2;
    std::vector<std::uint32_t> table(places, none);  // open addressing
    std::vector<std::uint64_t> code(store.words());
    for (const auto& [id, row] : items) {
      store.code(row, code);
      std::uint64_t hash = 0;
      for (const std::uint64_t word : code) hash = mix64(hash + 0x9e3779b97f4a7c15ULL + word);
      std::size_t at = hash & (places - 1);
      while (table[at] != none && !std::equal(code.begin(), code.end(), codes_[table[at]].begin()))
        at = (at + 1) & (places - 1);
      if (table[at] == none) {
        table[at] = static_cast<std::uint32_t>(codes_.size());
        codes_.append(code_view(code, store.bits()));
      }
      ids_.push_back(id);
      codes_of_.push_back(table[at]);
    }
  }

  static constexpr std::uint32_t none = (std::numeric_limits<std::uint32_t>::max)();
  /// All ids, ascending.
  [[nodiscard]] std::span<const std::int64_t> ids() const noexcept { return ids_; }
  /// The codes that differ, in the order in which they first come.
  [[nodiscard]] const code_set& codes() const noexcept { return codes_; }
  /// Which of the codes the i-th item has.
  [[nodiscard]] std::uint32_t code_of(std::size_t i) const noexcept { return codes_of_[i]; }

 private:
  code_set codes_;
  std::vector<std::int64_t> ids_;
  std::vector<std::uint32_t> codes_of_;
};

/// Disjoint sets of 0 .. n-1, of which the least stands for each. Union by index, path halving:
/// O(log n) amortised.
/// Source: Tarjan, van Leeuwen, "Worst-case analysis of set union algorithms", JACM 1984.
class disjoint_sets {
 public:
  HINT_LAZY
  explicit disjoint_sets(std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) parents_.push_back(static_cast<std::uint32_t>(i));
  }
  /// The least of the set that has x.
  [[nodiscard]] std::uint32_t find(std::uint32_t x) noexcept {
    while (parents_[x] != x) x = parents_[x] = parents_[parents_[x]];
    return x;
  }
  void unite(std::uint32_t x, std::uint32_t y) noexcept {
    x = find(x), y = find(y);
    parents_[(std::max)(x, y)] = (std::min)(x, y);
  }

 private:
  std::vector<std::uint32_t> parents_;
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
