// SPDX-License-Identifier: MIT
// The codes of search_vs_rivals, and whether answers to queries are right.
#ifndef HINT_BENCH_SEARCH_VS_RIVALS_CODES_HPP
#define HINT_BENCH_SEARCH_VS_RIVALS_CODES_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/error.hpp>
#include <hint/core/random.hpp>
#include <hint/search.hpp>

namespace search_vs_rivals {

inline constexpr std::uint64_t seed = 2026;

/// Every bit by a coin.
inline hint::code_set random_codes(std::size_t n, std::size_t bits, const std::string& name) {
  hint::code_set codes(bits, n);
  const hint::random_stream random(seed, hint::stream_id(name));
  const std::size_t words = codes.words_per_code();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t w = 0; w < words; ++w) codes[i][w] = random.bits(i * words + w);
    codes[i].back() &= hint::last_word_mask(bits);
  }
  return codes;
}

/// Each code is one of `centres`, every bit flipped with probability 1/8.
inline hint::code_set clustered_codes(const hint::code_set& centres, std::size_t n,
                                      const std::string& name) {
  hint::code_set codes(centres.bits(), n);
  const hint::random_stream random(seed, hint::stream_id(name));
  const std::size_t words = codes.words_per_code();
  std::uint64_t next = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto centre = centres[random.below(next++, centres.size())];
    for (std::size_t w = 0; w < words; ++w, next += 3)
      codes[i][w] = centre[w] ^ (random.bits(next) & random.bits(next + 1) & random.bits(next + 2));
    codes[i].back() &= hint::last_word_mask(codes.bits());
  }
  return codes;
}

/// One item found by a rival.
struct answer_row {
  std::int32_t distance;
  std::int64_t id;
};
/// What a rival found for its first queries, k for each.
using answers = std::vector<answer_row>;

/// Whether ours are what they say they are: as many as they should be, at the distances that the
/// plain formula gives, in order.
inline void check_ours(const hint::search::hits& found, const hint::code_view& codes,
                       const hint::code_view& queries, std::size_t k) {
  for (std::size_t q = 0; q < queries.size(); ++q) {
    hint::expects<hint::error>(found[q].size() == k, "query ", q, ": ", found[q].size(), " hits");
    for (std::size_t i = 0; i < k; ++i) {
      const auto [distance, id] = found[q][i];
      const auto plain =
          hint::search::hamming_distance(queries[q], codes[static_cast<std::size_t>(id)]);
      hint::expects<hint::error>(distance == plain && (i == 0 || found[q][i - 1] < found[q][i]),
                                 "query ", q, ", hit ", i, ": distance ", distance,
                                 ", by the plain formula it is ", plain);
    }
  }
}
/// Whether a rival found the same distances as ours; at equal distances it may take any item.
/// Together with `check_ours` this says that neither is fast by being wrong.
inline void check_equal(const hint::search::hits& ours, const answers& rival, std::size_t k,
                        const std::string& name) {
  for (std::size_t i = 0; i < rival.size(); ++i) {
    const auto mine = ours[i / k][i % k];
    hint::expects<hint::error>(static_cast<std::int64_t>(mine.distance) == rival[i].distance,
                               "query ", i / k, ", hit ", i % k, ": ours is at distance ",
                               mine.distance, ", that of ", name, " at ", rival[i].distance);
  }
}

}  // namespace search_vs_rivals

#endif
