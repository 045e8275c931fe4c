// SPDX-License-Identifier: MIT
/// \file
/// How many items are at each distance of a query: the whole ranking, without a list of items.
#ifndef HINT_SEARCH_HISTOGRAMS_HPP
#define HINT_SEARCH_HISTOGRAMS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/search/kernels/block_layout.hpp>
#include <hint/search/store/code_store.hpp>
#include <hint/search/kernels/kernels.hpp>
#include <hint/search/scan/store_scan.hpp>
#include <hint/search/scan/tally.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// One histogram per query.
class distance_histograms {
 public:
  distance_histograms(std::size_t queries, std::size_t bits)
      : distances_(bits + 1), counts_(queries * distances_) {}
  /// The number of queries.
  [[nodiscard]] std::size_t size() const noexcept { return counts_.size() / distances_; }
  /// Items at distance 0, 1, ..., bits, unchecked.
  [[nodiscard]] std::span<const std::uint64_t> operator[](std::size_t query) const noexcept {
    return std::span(counts_).subspan(query * distances_, distances_);
  }
  [[nodiscard]] std::span<std::uint64_t> operator[](std::size_t query) noexcept {
    return std::span(counts_).subspan(query * distances_, distances_);
  }
  [[nodiscard]] friend bool operator==(const distance_histograms&,
                                       const distance_histograms&) = default;

 private:
  std::size_t distances_;
  std::vector<std::uint64_t> counts_;
};

namespace detail {

/// Histograms of live rows.
HINT_LAZY
[[nodiscard]] distance_histograms count_distances(const code_store& store, const code_view& queries,
                                                  const context& ctx) {
  constexpr std::size_t tile = 1024;  // blocks
  const kernel_set& kernel = kernels();
  const std::size_t words = store.words();
  const scan_plan plan(queries.size(), store, ctx.executor.concurrency());
  std::vector<distance_histograms> found(plan.row_parts(),
                                         distance_histograms(queries.size(), store.bits()));
  ctx.executor.bulk(plan.tasks(), [&](std::size_t task) {
    const scan_part part = plan.part(task);
    auto& mine = found[task % plan.row_parts()];
    tally counts(64 * words + 1);  // any distance, also of damaged codes
    std::vector<std::uint16_t> distances(tile * block_codes);
    for_block_runs(store, part.first, part.last, tile,
                   [&](std::size_t c, std::size_t b, std::size_t end) {
                     const code_chunk& chunk = store.chunk(c);
                     const std::size_t first = b * block_codes;
                     const std::size_t rows = (std::min)(end * block_codes, chunk.rows()) - first;
                     for (std::size_t q = part.begin; q < part.end; ++q) {
                       kernel.distances(chunk.blocks() + first * words, words, end - b,
                                        queries[q].data(), distances.data());
                       if (store.removed() == 0) {
                         counts.add(std::span(distances).first(rows));
                       } else {
                         for (std::size_t i = 0; i < rows; ++i)
                           if (store.live(store.first_row(c) + first + i)) counts.add(distances[i]);
                       }
                       counts.move_to(mine[q]);
                     }
                   });
  });
  for (std::size_t p = 1; p < found.size(); ++p)
    for (std::size_t q = 0; q < queries.size(); ++q)
      for (std::size_t d = 0; d <= store.bits(); ++d) found[0][q][d] += found[p][q][d];
  return std::move(found.front());
}

}  // namespace detail

}}}  // namespace hint::HINT_ABI::search

#endif
