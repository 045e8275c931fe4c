// SPDX-License-Identifier: MIT
/// \file
/// A code store added to another.
#ifndef HINT_SEARCH_STORE_STORE_APPEND_HPP
#define HINT_SEARCH_STORE_STORE_APPEND_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/search/duplicates.hpp>
#include <hint/search/store/code_chunk.hpp>
#include <hint/search/store/code_store.hpp>
#include <hint/search/store/section_ids.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// The codes of a store that have not been removed, by row.
HINT_LAZY
[[nodiscard]] code_set codes_of(const code_store& store) {
  code_set codes(store.bits(), store.size());
  std::size_t next = 0;
  store.for_live(
      [&](std::size_t, const code_chunk& chunk, std::size_t i) { chunk.code(i, codes[next++]); });
  return codes;
}

/// Adds all codes of a store, which may be the same, under their ids; afterwards running ids follow the
/// largest ever in either, as when a file of the other is appended to one of the first. All or nothing;
/// throws as `code_store::add`. O(size of the other), besides what `add` does once for ids in no order.
HINT_LAZY
void append_store(code_store& store, const code_store& other, duplicates policy) {
  const bool numbered = other.numbered();
  const std::int64_t largest = other.largest();
  store.add(codes_of(other), std::span<const std::int64_t>(other.ids()), policy);
  if (numbered) store.note_largest(largest);
}
/// The same under the ids that follow the largest ever, by row; returns the first.
HINT_LAZY
[[nodiscard]] std::int64_t append_store_renumbered(code_store& store, const code_store& other) {
  const std::int64_t first = id_after(store.largest());
  store.add(codes_of(other));
  return first;
}

}}}  // namespace hint::HINT_ABI::search::detail

#endif
