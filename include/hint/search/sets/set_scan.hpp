// SPDX-License-Identifier: MIT
/// \file
/// Searches of sets that look at every row of a code store.
#ifndef HINT_SEARCH_SETS_SET_SCAN_HPP
#define HINT_SEARCH_SETS_SET_SCAN_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/kernels/block_layout.hpp>
#include <hint/search/kernels/code_layout.hpp>
#include <hint/search/kernels/layout_kernels.hpp>
#include <hint/search/scan/store_scan.hpp>
#include <hint/search/sets/popcount_order.hpp>
#include <hint/search/sets/set_ranking.hpp>
#include <hint/search/store/code_store.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Offers the live rows `first` .. to the rankings of some queries. `numbers`: what the filter is to call
/// these queries.
template <search_filter Filter>
void scan_sets(const code_store& store, const code_view& queries,
               std::span<const std::size_t> numbers, std::size_t first,
               std::span<set_ranking> rankings, const Filter& filter) {
  constexpr std::size_t tile = 64;  // blocks
  std::uint16_t sizes[tile * block_codes];
  std::uint16_t distances[tile * block_codes];
  if (first >= store.rows()) return;
  const std::size_t chunk_begin = store.first_row(store.chunk_of(first));
  const std::size_t group = store.chunk(store.chunk_of(first)).layout().group();
  for_block_runs(store, chunk_begin + (first - chunk_begin) / group * group, store.rows(), tile,
                 [&](std::size_t c, std::size_t b, std::size_t end) {
                   const code_chunk& chunk = store.chunk(c);
                   const code_layout& layout = chunk.layout();
                   const std::uint64_t* blocks = chunk.blocks() + b * layout.bytes();
                   const std::size_t rows =
                       (std::min)(end * block_codes, chunk.rows()) - b * block_codes;
                   count_rows(chunk, b, end - b, sizes);
                   for (std::size_t q = 0; q < queries.size(); ++q) {
                     set_ranking& ranking = rankings[q];
                     kernels_for(layout).distances(blocks, layout.length(), end - b,
                                                   queries[q].data(), distances);
                     for (std::size_t i = 0; i < rows; ++i) {
                       if (!ranking.may_want(sizes[i], distances[i])) continue;
                       const std::size_t row = store.first_row(c) + b * block_codes + i;
                       if (row < first || !store.live(row)) continue;
                       const std::int64_t id = chunk.ids()[b * block_codes + i];
                       ranking.offer(sizes[i], distances[i], id,
                                     [&] { return accepts(filter, numbers[q], id); });
                     }
                   }
                 });
}

}}}  // namespace hint::HINT_ABI::search::detail

#endif
