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
#include <hint/search/kernels/kernels.hpp>
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
  const std::size_t words = store.words();
  std::uint16_t sizes[tile * block_codes];
  std::uint16_t distances[tile * block_codes];
  for_block_runs(store, first / group_codes * group_codes, store.rows(), tile,
                 [&](std::size_t c, std::size_t b, std::size_t end) {
                   const code_chunk& chunk = store.chunk(c);
                   const std::uint64_t* blocks = chunk.blocks() + b * words * block_codes;
                   const std::size_t rows =
                       (std::min)(end * block_codes, chunk.rows()) - b * block_codes;
                   count_rows(blocks, words, end - b, sizes);
                   for (std::size_t q = 0; q < queries.size(); ++q) {
                     set_ranking& ranking = rankings[q];
                     kernels().distances(blocks, words, end - b, queries[q].data(), distances);
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
