// SPDX-License-Identifier: MIT
// The loop that one writes for Tanimoto similarity: all fingerprints, one after the other.
//
// popcount_loop.cpp is compiled with the processor's popcount instruction, unlike the rest, so nothing that
// both sides might instantiate passes between them: pointers and numbers only.
#ifndef HINT_BENCH_SEARCH_VS_RIVALS_POPCOUNT_LOOP_HPP
#define HINT_BENCH_SEARCH_VS_RIVALS_POPCOUNT_LOOP_HPP

#include <cstddef>
#include <cstdint>

namespace search_vs_rivals {

struct fingerprint_rows {
  const std::uint64_t* words;  // row after row
  const std::uint32_t* sizes;  // bits that are 1, counted before
  std::size_t rows;
  std::size_t words_per_row;  // 32: the loop unrolls
};
struct similar_row {
  double similarity;
  std::uint32_t row;
};

/// The k most similar rows, the most similar first, ties by row; k <= rows. A new one is compared with the
/// k-th only.
void tanimoto_nearest(const fingerprint_rows& data, const std::uint64_t* query, std::size_t k,
                      similar_row* best);
/// Writes the rows of at least that similarity, by row, to `out`, which has room for all; returns how many.
std::size_t tanimoto_threshold(const fingerprint_rows& data, const std::uint64_t* query,
                               double threshold, similar_row* out);

}  // namespace search_vs_rivals

#endif
