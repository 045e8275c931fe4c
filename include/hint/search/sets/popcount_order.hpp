// SPDX-License-Identifier: MIT
/// \file
/// The rows of a code store by their number of bits, each with a short sketch of its code.
#ifndef HINT_SEARCH_SETS_POPCOUNT_ORDER_HPP
#define HINT_SEARCH_SETS_POPCOUNT_ORDER_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/observer.hpp>
#include <hint/core/watched_phase.hpp>
#include <hint/search/kernels/block_layout.hpp>
#include <hint/search/kernels/code_layout.hpp>
#include <hint/search/kernels/layout_kernels.hpp>
#include <hint/search/store/code_chunk.hpp>
#include <hint/search/store/code_store.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// XORs the words of a code that lie out.size() apart into one: what two folded codes differ in is no more
/// than what the codes do. Source: Nasr, Hirschberg, Baldi, "Hashing algorithms and data structures for
/// rapid searches of fingerprint vectors", JCIM 2010.
inline void fold_code(std::span<const std::uint64_t> code, std::span<std::uint64_t> out) noexcept {
  std::fill(out.begin(), out.end(), 0U);
  for (std::size_t w = 0; w < code.size(); ++w) out[w % out.size()] ^= code[w];
}
/// out[i] = bits of row i of `count` blocks from block `begin` of a chunk on: what `for_block_runs` gives.
inline void count_rows(const code_chunk& chunk, std::size_t begin, std::size_t count,
                       std::uint16_t* out) {
  constexpr std::uint64_t none[max_bits / 64] = {};
  const code_layout& layout = chunk.layout();
  kernels_for(layout).distances(chunk.blocks() + begin * layout.bytes(), layout.length(), count,
                                none, out);
}

/// Buckets of rows with equal or similar numbers of bits. Positions are rows sorted by that number,
/// with fillers behind each bucket up to a multiple of `group_codes`, as scans want it. Immutable.
class popcount_order {
 public:
  /// Of a position that only fills up.
  static constexpr std::uint32_t filler = (std::numeric_limits<std::uint32_t>::max)();

  struct bucket {
    std::size_t first, last;       ///< positions
    std::size_t sizes, sizes_end;  ///< the numbers of bits in it: sizes()[sizes .. sizes_end - 1]
  };

  /// Of the rows that have not been removed; fewer than 2^32 - 1. O(rows * words).
  HINT_LAZY
  explicit popcount_order(const code_store& store)
      : popcount_order(store, watched_phase(observer_ref(), "index")) {}
  /// The same in a phase; of no use when that was stopped.
  HINT_LAZY
  popcount_order(const code_store& store, watched_phase& phase)
      : popcount_order(store, counts_of(store, phase), phase) {}

  /// Rows of the store that it was made of, with removed ones.
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  /// By position.
  [[nodiscard]] const code_store& sketches() const noexcept { return sketches_; }
  [[nodiscard]] std::uint32_t row(std::size_t position) const noexcept { return row_[position]; }
  [[nodiscard]] std::uint16_t size(std::size_t position) const noexcept { return size_[position]; }
  /// By ascending numbers of bits.
  [[nodiscard]] std::span<const bucket> buckets() const noexcept { return buckets_; }
  /// All numbers of bits that there are, ascending.
  [[nodiscard]] std::span<const std::uint16_t> sizes() const noexcept { return sizes_; }

 private:
  popcount_order(const code_store& store, watched_phase&& phase) : popcount_order(store, phase) {}
  popcount_order(const code_store& store, const std::vector<std::uint16_t>& counts,
                 watched_phase& phase)
      : rows_(store.rows()), sketches_(64 * sketch_words(store, counts), "popcount_order") {
    if (!phase.stopped()) arrange(store, counts, phase);
    if (!phase.stopped()) add_sketches(store, phase);
  }
  [[nodiscard]] static constexpr std::size_t whole_cuts(std::size_t rows) noexcept {
    return (rows + group_codes - 1) / group_codes * group_codes;
  }
  static constexpr std::size_t least_rows = 8 * group_codes;  // of a bucket, except the last

  [[nodiscard]] static std::vector<std::uint16_t> counts_of(const code_store& store,
                                                            watched_phase& phase) {
    constexpr std::size_t least_blocks = 1024;  // of a part; whole groups
    std::vector<std::uint16_t> counts;
    for (std::size_t c = 0; c < store.chunk_count() && !phase.stopped(); ++c) {
      const code_chunk& chunk = store.chunk(c);
      const std::size_t padded = chunk.layout().padded(chunk.rows());
      counts.resize(store.first_row(c) + padded);
      std::uint16_t* const out = counts.data() + store.first_row(c);
      phase.in_parts(
          padded / block_codes, least_blocks,
          [&](std::size_t begin, std::size_t end) {
            count_rows(chunk, begin, end - begin, out + begin * block_codes);
          },
          0, 0.2);
      counts.resize(store.first_row(c) + chunk.rows());
    }
    return counts;
  }
  /// Some four places for each bit that is 1 (in the median) keep two sets from being taken for alike;
  /// codes that are too full or too short for that are taken whole.
  HINT_LAZY
  [[nodiscard]] static std::size_t sketch_words(const code_store& store,
                                                std::vector<std::uint16_t> counts) {
    if (counts.empty()) return store.words();
    const auto median = counts.begin() + static_cast<std::ptrdiff_t>(counts.size() / 2);
    std::nth_element(counts.begin(), median, counts.end());
    const std::size_t words = std::bit_ceil(std::size_t{4} * *median / 64 + 1);
    return 2 * words > store.words() ? store.words() : words;
  }
  HINT_LAZY
  void arrange(const code_store& store, std::span<const std::uint16_t> counts,
               watched_phase& phase) {
    std::vector<std::size_t> number(64 * store.words() + 1);  // of rows by bits
    for_live_rows(store, phase, 0.2, 0.3,
                  [&](std::size_t row, const code_chunk&, std::size_t) { ++number[counts[row]]; });
    std::vector<std::size_t> next(number.size());  // position by bits
    std::size_t position = 0;
    for (std::size_t n = 0; n < number.size(); ++n) {
      if (number[n] == 0) continue;
      if (buckets_.empty() || buckets_.back().last - buckets_.back().first >= least_rows) {
        position = whole_cuts(position);
        buckets_.push_back({position, position, sizes_.size(), sizes_.size()});
      }
      next[n] = position;
      position += number[n];
      sizes_.push_back(static_cast<std::uint16_t>(n));
      buckets_.back().last = whole_cuts(position);
      buckets_.back().sizes_end = sizes_.size();
    }
    row_.assign(whole_cuts(position), filler);
    size_.assign(whole_cuts(position), 0);
    if (phase.stopped()) return;  // not all were counted
    for_live_rows(store, phase, 0.3, 0.4, [&](std::size_t row, const code_chunk&, std::size_t) {
      const std::size_t at = next[counts[row]]++;
      row_[at] = static_cast<std::uint32_t>(row);
      size_[at] = counts[row];
    });
  }
  HINT_LAZY
  void add_sketches(const code_store& store, watched_phase& phase) {
    const std::size_t words = sketches_.words();
    // Rows are read in their order, which memory likes; then sketches, which are small, are sorted.
    aligned_buffer<std::uint64_t> by_row;
    std::vector<std::uint64_t> code(store.words());
    const bool whole = words == store.words();
    if (!whole) {
      by_row.resize(rows_ * words);
      for_live_rows(store, phase, 0.4, 0.7,
                    [&](std::size_t row, const code_chunk& chunk, std::size_t i) {
                      chunk.code(i, code);
                      fold_code(code, std::span(by_row).subspan(row * words, words));
                    });
    }
    constexpr std::size_t portion = 4096;
    code_set some(sketches_.bits());
    const auto add = [&](std::size_t first, std::size_t count) {
      some.resize(0);
      some.resize(count);
      for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t row = row_[first + i];
        if (row == filler) continue;
        if (whole)
          store.code(row, some[i]);
        else
          std::copy_n(by_row.begin() + static_cast<std::ptrdiff_t>(row * words), words,
                      some[i].begin());
      }
      sketches_.add(some);
    };
    phase.in_parts(
        row_.size(), portion,
        [&](std::size_t begin, std::size_t end) {
          for (; begin < end; begin += portion) add(begin, (std::min)(portion, end - begin));
        },
        0.7, 1);
  }
  /// `store.for_live` for all rows, or until the phase is stopped.
  template <class F>
  static void for_live_rows(const code_store& store, watched_phase& phase, double from, double to,
                            F&& f) {
    constexpr std::size_t least = 4096;  // rows of a part
    phase.in_parts(
        store.rows(), least,
        [&](std::size_t begin, std::size_t end) { store.for_live(begin, end, f); }, from, to);
  }

  std::size_t rows_;
  code_store sketches_;
  std::vector<std::uint32_t> row_;   // by position
  std::vector<std::uint16_t> size_;  // by position: bits of the row
  std::vector<bucket> buckets_;
  std::vector<std::uint16_t> sizes_;
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
