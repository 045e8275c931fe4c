// SPDX-License-Identifier: MIT
/// \file
/// How many items are at each distance of a query: the whole ranking, without a list of items.
#ifndef HINT_SEARCH_HISTOGRAMS_HPP
#define HINT_SEARCH_HISTOGRAMS_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/watched_phase.hpp>
#include <hint/search/kernels/block_layout.hpp>
#include <hint/search/store/code_store.hpp>
#include <hint/search/kernels/layout_kernels.hpp>
#include <hint/search/scan/scan_rounds.hpp>
#include <hint/search/scan/store_scan.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// Counts of small numbers, a histogram with a bin for each: of the distances of a ranking, say. It counts
/// in four tables in turn: most distances are alike, and an addition to the same place again would have to
/// wait for the one before. Not thread-safe while it counts.
class bin_counts {
 public:
  /// For the numbers 0 .. bins - 1. Memory: 16 bytes for each bin.
  explicit bin_counts(std::size_t bins) : bins_(bins), counts_(4 * bins) {}

  /// Counts every number of a list; unchecked. At most 2^32 - 1 of them before `move_to`. O(list).
  void add(std::span<const std::uint16_t> list) noexcept {
    std::uint32_t *t0 = counts_.data(), *t1 = t0 + bins_, *t2 = t1 + bins_, *t3 = t2 + bins_;
    std::size_t i = 0;
    for (; i + 4 <= list.size(); i += 4)
      ++t0[list[i]], ++t1[list[i + 1]], ++t2[list[i + 2]], ++t3[list[i + 3]];
    for (; i < list.size(); ++i) ++t0[list[i]];
  }
  /// Counts 2 list[i] + marks[i] for marks of 0 and 1 and numbers below 2^15; unchecked.
  void add(std::span<const std::uint16_t> list, std::span<const std::uint8_t> marks) noexcept {
    std::uint32_t *t0 = counts_.data(), *t1 = t0 + bins_, *t2 = t1 + bins_, *t3 = t2 + bins_;
    std::size_t i = 0;
    if constexpr (std::endian::native == std::endian::little) {
      for (; i + 4 <= list.size(); i += 4) {
        // Four at once in a word.
        std::uint64_t four = 0, m = 0;
        std::memcpy(&four, list.data() + i, 8);
        std::memcpy(&m, marks.data() + i, 4);
        m = (m | m << 16) & 0x0000ffff0000ffffULL;
        four = 2 * four + ((m | m << 8) & 0x00ff00ff00ff00ffULL);
        ++t0[four & 0xffff], ++t1[four >> 16 & 0xffff], ++t2[four >> 32 & 0xffff], ++t3[four >> 48];
      }
    }
    for (; i < list.size(); ++i) ++t0[2U * list[i] + marks[i]];
  }
  void add(std::uint16_t number) noexcept { ++counts_[number]; }
  /// Adds the counts of the first out.size() bins to `out` and begins anew. O(bins).
  void move_to(std::span<std::uint64_t> out) noexcept {
    for (std::size_t t = 0; t < 4; ++t)
      for (std::size_t bin = 0; bin < out.size(); ++bin) out[bin] += counts_[t * bins_ + bin];
    std::fill(counts_.begin(), counts_.end(), 0U);
  }

 private:
  std::size_t bins_;
  std::vector<std::uint32_t> counts_;
};

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
  /// Drops those of all but the first queries.
  void keep_first(std::size_t queries) { counts_.resize(queries * distances_); }
  [[nodiscard]] friend bool operator==(const distance_histograms&,
                                       const distance_histograms&) = default;

 private:
  std::size_t distances_;
  std::vector<std::uint64_t> counts_;
};

namespace detail {

/// Histograms of live rows, for the first queries when the observer asks to stop.
HINT_LAZY
[[nodiscard]] distance_histograms count_distances(const code_store& store, const code_view& queries,
                                                  const context& ctx) {
  constexpr std::size_t tile = 1024;  // blocks
  watched_phase phase(ctx.observer, "histograms");
  const scan_plan plan = plan_for(phase, queries.size(), store, ctx.executor);
  std::vector<distance_histograms> found(plan.row_parts(),
                                         distance_histograms(queries.size(), store.bits()));
  struct scratch {
    bin_counts counts;
    std::vector<std::uint16_t> distances;
  };
  const std::size_t done = run_in_rounds(
      phase, plan, store, ctx.executor,
      [&](const scan_part&) {
        return scratch{bin_counts(64 * store.words() + 1),  // any distance, also of damaged codes
                       std::vector<std::uint16_t>(tile * block_codes)};
      },
      [&](scratch& mine, const scan_part& part) {
        for_block_runs(
            store, part.first, part.last, tile, [&](std::size_t c, std::size_t b, std::size_t end) {
              const code_chunk& chunk = store.chunk(c);
              const code_layout& layout = chunk.layout();
              const std::size_t first = b * block_codes;
              const std::size_t rows = (std::min)(end * block_codes, chunk.rows()) - first;
              for (std::size_t q = part.begin; q < part.end; ++q) {
                kernels_for(layout).distances(chunk.blocks() + b * layout.bytes(), layout.length(),
                                              end - b, queries[q].data(), mine.distances.data());
                if (store.removed() == 0) {
                  mine.counts.add(std::span(mine.distances).first(rows));
                } else {
                  for (std::size_t i = 0; i < rows; ++i)
                    if (store.live(store.first_row(c) + first + i))
                      mine.counts.add(mine.distances[i]);
                }
                mine.counts.move_to(found[part.row_part][q]);
              }
            });
      },
      [](std::size_t, scratch&) {});
  for (std::size_t p = 1; p < found.size(); ++p)
    for (std::size_t q = 0; q < queries.size(); ++q)
      for (std::size_t d = 0; d <= store.bits(); ++d) found[0][q][d] += found[p][q][d];
  if (done < plan.tasks()) found.front().keep_first(plan.part(done).begin);
  phase.end();
  return std::move(found.front());
}

}  // namespace detail

}}}  // namespace hint::HINT_ABI::search

#endif
