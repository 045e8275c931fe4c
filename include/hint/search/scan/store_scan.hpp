// SPDX-License-Identifier: MIT
/// \file
/// The pass over a code store that all scans share: blocks in the cache, queries four at a time, work
/// split among threads by queries and by rows.
#ifndef HINT_SEARCH_SCAN_STORE_SCAN_HPP
#define HINT_SEARCH_SCAN_STORE_SCAN_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/prefetch.hpp>
#include <hint/search/kernels/block_layout.hpp>
#include <hint/search/store/code_store.hpp>
#include <hint/search/kernels/layout_kernels.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Queries begin .. end-1 against rows first .. last-1. Rows are cut at whole groups of each chunk, by
/// the same rule for `first` and `last`.
struct scan_part {
  std::size_t begin;
  std::size_t end;
  std::size_t first;
  std::size_t last;
  std::size_t row_part = 0;  ///< which of a plan's parts of the rows this is
};

/// How a scan is split into parts, task after task. Results never depend on it.
class scan_plan {
 public:
  scan_plan(std::size_t queries, const code_store& store, std::size_t threads,
            std::size_t most_queries = 512) noexcept
      : queries_(queries), rows_(store.rows()) {
    // A chunk of queries shares one pass over memory. As many rounds of tasks as must be, all alike.
    constexpr std::size_t least_words = std::size_t{1} << 18;  // for a part: some 25 microseconds
    threads = (std::max<std::size_t>)(threads, 1);
    if (queries == 0) return;
    const std::size_t rounds = (queries - 1) / (threads * most_queries) + 1;
    const std::size_t each = (queries - 1) / (threads * rounds) + 1;
    chunk_ = (each + 3) / 4 * 4;
    const std::size_t chunks = (queries + chunk_ - 1) / chunk_;
    parts_ =
        (std::max<std::size_t>)(1, (std::min)((threads + chunks - 1) / chunks,
                                              rows_ * store.bytes_per_code() / 8 / least_words));
  }
  /// Chunks of so many queries, each with all rows.
  [[nodiscard]] static scan_plan of_chunks(std::size_t queries, const code_store& store,
                                           std::size_t chunk) noexcept {
    scan_plan plan(0, store, 1);
    plan.queries_ = queries;
    plan.chunk_ = chunk;
    return plan;
  }
  /// Parts that rows are split into for each query.
  [[nodiscard]] std::size_t row_parts() const noexcept { return parts_; }
  [[nodiscard]] std::size_t tasks() const noexcept {
    return (queries_ + chunk_ - 1) / chunk_ * parts_;
  }
  [[nodiscard]] scan_part part(std::size_t task) const noexcept { return part(task, 0, rows_); }
  /// A part of the rows first .. last - 1 alone.
  [[nodiscard]] scan_part part(std::size_t task, std::size_t first,
                               std::size_t last) const noexcept {
    const std::size_t begin = task / parts_ * chunk_;
    const std::size_t p = task % parts_;
    return {begin, (std::min)(queries_, begin + chunk_), first + split(p, last - first),
            first + split(p + 1, last - first), p};
  }

 private:
  [[nodiscard]] std::size_t split(std::size_t p, std::size_t rows) const noexcept {
    return rows / parts_ * p + (std::min)(p, rows % parts_);
  }
  std::size_t queries_;
  std::size_t rows_;
  std::size_t chunk_ = 4;
  std::size_t parts_ = 1;
};

/// Calls f(chunk, first block, end block), in order, for the rows first .. last-1, in pieces of at most
/// `most` blocks.
template <class F>
void for_block_runs(const code_store& store, std::size_t first, std::size_t last, std::size_t most,
                    F&& f) {
  if (first >= last) return;
  for (std::size_t c = store.chunk_of(first); c < store.chunk_count(); ++c) {
    const std::size_t begins = store.first_row(c);
    if (begins >= last) return;
    const code_chunk& chunk = store.chunk(c);
    const code_layout& layout = chunk.layout();
    const auto cut = [&](std::size_t row) {
      return layout.padded((std::min)(row, chunk.rows())) / block_codes;
    };
    const std::size_t group = layout.group() / block_codes;
    const std::size_t step = (std::max)(group, most / group * group);
    const std::size_t stop = cut(last - begins);
    for (std::size_t b = first > begins ? cut(first - begins) : 0; b < stop; b += step)
      f(c, b, (std::min)(stop, b + step));
  }
}

/// Words after which most codes of unrelated items, 32 bits a word away and four standard deviations
/// less, are beyond the limit; 0 when that is too late to be worth a look.
[[nodiscard]] constexpr std::size_t check_after(std::size_t words, std::uint32_t limit) noexcept {
  for (std::size_t w = limit / 32 + 1; w + 2 <= words; ++w)
    if (32 * w > limit && (32 * w - limit) * (32 * w - limit) >= 256 * w) return w;
  return 0;
}

/// Nothing is to be prepared for a candidate.
struct no_preparation {
  void operator()(const candidate&) const noexcept {}
};

/// Runs a kernel from block `begin` up to block `end`, on codes of `words` words or planes. `limits_now(limits)` is asked before every step: it
/// writes the limit of each query of the kernel and returns the highest, 0 to stop. `offer(candidate)` takes
/// what is found, also in rows that only fill up; before that `soon(candidate)` hears of up to some 64 of them.
template <class Limits, class Offer, class Soon = no_preparation>
void scan_blocks(scan_kernel kernel, const std::uint64_t* blocks, std::size_t words,
                 std::size_t begin, std::size_t end, const std::uint64_t* queries,
                 Limits&& limits_now, Offer&& offer, const Soon& soon = {}) {
  std::array<candidate, most_candidates> found;
  std::array<std::uint32_t, 4> limits{};
  while (begin < end) {
    const std::uint32_t highest = limits_now(limits);
    if (highest == 0) return;
    std::size_t count = 0;
    begin = kernel({blocks, words, end, queries, limits.data(), check_after(words, highest)}, begin,
                   found.data(), count);
    for (std::size_t i = 0; i < count; ++i) soon(std::as_const(found[i]));
    for (std::size_t i = 0; i < count; ++i) offer(std::as_const(found[i]));
  }
}

/// Queries with their words interleaved by fours, as `kernel_set::scan_four` takes them.
class interleaved_queries {
 public:
  /// Of queries begin .. end - 1. Three left over become a four as well, which is cheaper than one by one.
  HINT_LAZY
  interleaved_queries(const code_view& queries, std::size_t begin, std::size_t end)
      : words_(queries.words_per_code()), fours_((end - begin + 1) / 4) {
    interleaved_.resize(fours_ * 4 * words_);
    for (std::size_t i = 0; i < (std::min)(end - begin, fours_ * 4); ++i)
      for (std::size_t w = 0; w < words_; ++w)
        interleaved_[(i / 4 * words_ + w) * 4 + i % 4] = queries[begin + i][w];
  }
  [[nodiscard]] std::size_t fours() const noexcept { return fours_; }
  [[nodiscard]] const std::uint64_t* four(std::size_t i) const noexcept {
    return interleaved_.data() + i * 4 * words_;
  }

 private:
  std::size_t words_;
  std::size_t fours_;
  std::vector<std::uint64_t> interleaved_;
};

/// Offers every row of a part that lies below its query's limit to a collector:
///
/// | expression | meaning |
/// |---|---|
/// | `c.limit(query)` | distances below it are wanted, now |
/// | `c.offer(query, distance, id)` | one of them, by ascending row for each query; also some that are no longer wanted |
/// | `c.offer(query, distance, id, row)` | the same, for collectors that ask for the row of the store |
template <class Collector>
void scan(const code_store& store, const code_view& queries, const scan_part& part,
          Collector&& collector) {
  const interleaved_queries interleaved(queries, part.begin, part.end);
  const std::size_t fours = interleaved.fours();
  // 128 KiB of blocks, and as many of ids, at most: they stay in the second-level cache while all queries pass.
  const std::size_t tile = part.end - part.begin > 1 ? 2048 / store.words() : std::size_t{1} << 30;
  aligned_buffer<std::uint64_t> arranged;
  for_block_runs(
      store, part.first, part.last, tile, [&](std::size_t c, std::size_t b, std::size_t end) {
        const code_chunk& chunk = store.chunk(c);
        const code_layout& layout = chunk.layout();
        const kernel_set& kernel = kernels_for(layout);
        const std::uint64_t* blocks = chunk.blocks() + b * layout.bytes();
        scan_kernel scan_four = kernel.scan_four;
        if (fours >= kernel.arranged_fours && kernel.arranges(layout.length())) {
          arranged.resize((std::max)(arranged.size(), (end - b) * layout.bytes()));
          kernel.arrange(blocks, layout.length(), end - b, arranged.data());
          scan_four = kernel.scan_arranged;
        }
        const std::uint64_t* const for_four =
            scan_four == kernel.scan_four ? blocks : arranged.data();
        const auto pass = [&](scan_kernel go, const std::uint64_t* from, const std::uint64_t* asked,
                              std::size_t first, std::size_t together) {
          const auto limits_now = [&](std::array<std::uint32_t, 4>& limits) {
            std::uint32_t highest = 0;
            for (std::size_t q = 0; q < together && first + q < part.end; ++q)
              highest = (std::max)(highest, limits[q] = collector.limit(first + q));
            return highest;
          };
          scan_blocks(
              go, from, layout.length(), 0, end - b, asked, limits_now,
              [&](const candidate& x) {
                const std::size_t in_chunk = b * block_codes + x.row;
                const std::size_t row = store.first_row(c) + in_chunk;
                if (in_chunk >= chunk.rows() || !store.live(row)) return;
                const std::int64_t id = chunk.ids()[in_chunk];
                if constexpr (requires { collector.offer(0U, 0U, id, row); }) {
                  collector.offer(first + x.query, x.distance, id, row);
                } else {
                  collector.offer(first + x.query, x.distance, id);
                }
              },
              [&](const candidate& x) { chunk.ids().prefetch(b * block_codes + x.row); });
        };
        // The next blocks come from memory meanwhile, a share of them with each four queries.
        const std::uint64_t* next = chunk.blocks() + end * layout.bytes();
        const std::size_t next_end =
            (std::min)(2 * end - b, layout.padded(chunk.rows()) / block_codes);
        const std::size_t lines =
            fours > 1 ? (next_end - end) * layout.bytes() / 8 : 0;  // of the cache
        for (std::size_t g = 0; g < fours; ++g) {
          pass(scan_four, for_four, interleaved.four(g), part.begin + g * 4, 4);
          for (std::size_t line = lines * g / fours; line < lines * (g + 1) / fours; ++line)
            hint::detail::prefetch(next + line * block_codes);
        }
        for (std::size_t q = part.begin + fours * 4; q < part.end; ++q)
          pass(kernel.scan_one, blocks, queries[q].data(), q, 1);
      });
}

}}}  // namespace hint::HINT_ABI::search::detail

#endif
