// SPDX-License-Identifier: MIT
/// \file
/// Asymmetric ranking: the query as real numbers, as they were before the signs were taken, against
/// binary codes. Hamming distances tie all the time; this puts the ties in order.
#ifndef HINT_SEARCH_ASYMMETRIC_HPP
#define HINT_SEARCH_ASYMMETRIC_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/finite.hpp>
#include <hint/search/kernels/block_layout.hpp>
#include <hint/search/store/code_store.hpp>
#include <hint/search/hits.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// Asymmetric distance computation (Gordo, Perronnin, Gong, Lazebnik, "Asymmetric distances for
/// binary embeddings", TPAMI 2014): the score of a query v and a code b is the sum over all bits j
/// of (v_j - t) (2 b_j - 1); more is nearer. For v of +1 and -1 and t = 0 it is bits - 2 * Hamming distance.
/// t is the threshold at which values become bits: 0 for signs, 0.5 for values from 0 to 1, of which those
/// below it would otherwise speak for a bit that is set, or for none.
///
/// Tables give the sum of every possible byte, so a code takes an addition for each of its bytes.
/// The order of additions is fixed: a score depends on nothing but v and the code, to the last bit,
/// and a code and its complement have opposite scores. Const calls are safe from many threads.
class asymmetric_scorer {
 public:
  /// O(32 * bits), and 8 KiB of memory for each word of a code. Throws `invalid_argument` for a
  /// number of values outside 1 .. 16384, for values that are not finite, and when their magnitudes
  /// (those of values less the threshold) add up to more than half of the largest float, so that no score
  /// can overflow.
  explicit asymmetric_scorer(std::span<const float> values, float threshold = 0)
      : bits_(checked(values, threshold)), table_(words_for(bits_) * bytes * entries) {
    float some[8] = {};
    for (std::size_t first = 0; first < bits_; first += 8) {
      const std::size_t count = (std::min)(std::size_t{8}, bits_ - first);
      for (std::size_t i = 0; i < count; ++i) some[i] = values[first + i] - threshold;
      fill({some, count}, table_.data() + first / 8 * entries);
    }
  }

  [[nodiscard]] std::size_t bits() const noexcept { return bits_; }

  /// The score of a code of words_for(bits()) words, zero past its end; both unchecked. O(words).
  [[nodiscard]] float score(std::span<const std::uint64_t> code) const noexcept {
    return score(code.data(), 1);
  }
  /// The same for a code whose words lie `stride` apart, unchecked.
  [[nodiscard]] float score(const std::uint64_t* word, std::size_t stride) const noexcept {
    // One sum for each byte of a word: they do not wait for each other.
    float sum[bytes] = {};
    const float* at = table_.data();
    for (std::size_t w = 0; w < words_for(bits_); ++w, at += bytes * entries)
      for (std::size_t i = 0; i < bytes; ++i)
        sum[i] += at[i * entries + (word[w * stride] >> (8 * i) & 0xff)];
    return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
  }
  /// out[i] = score of codes[i]. O(codes * words). Throws `shape_error` for codes of another length
  /// and unless out.size() == codes.size(), `invalid_argument` for bits set past a code's end.
  void scores(const code_view& codes, std::span<float> out) const {
    expects_codes("asymmetric_scorer", "::scores", "codes", codes, bits_);
    expects<shape_error>(out.size() == codes.size(), "asymmetric_scorer::scores: room for ",
                         out.size(), " scores of ", codes.size(), " codes");
    for (std::size_t i = 0; i < codes.size(); ++i) out[i] = score(codes[i]);
  }

 private:
  static constexpr std::size_t bytes = 8;  // in a word
  static constexpr std::size_t entries = 256;

  [[nodiscard]] static std::size_t checked(std::span<const float> values, float threshold) {
    expects(is_finite(threshold), "asymmetric_scorer: threshold is ", threshold,
            ", expected a finite number");
    expects(!values.empty() && values.size() <= max_bits, "asymmetric_scorer: ", values.size(),
            " values, expected 1 to ", max_bits);
    constexpr float largest = (std::numeric_limits<float>::max)();
    double sum = 0;
    for (std::size_t j = 0; j < values.size(); ++j) {
      const double less = static_cast<double>(values[j]) - static_cast<double>(threshold);
      expects(is_finite(values[j]), "asymmetric_scorer: value ", j, " is ", values[j],
              ", expected a finite number");
      sum += less < 0 ? -less : less;
      expects(sum <= static_cast<double>(largest / 2), "asymmetric_scorer: value ", j, " is ",
              values[j], "; the magnitudes up to it add up to more than ", largest / 2);
    }
    return values.size();
  }
  /// The 256 sums of up to 8 values, each from the first to the last: those of one value more are
  /// those so far, less it and plus it.
  static void fill(std::span<const float> values, float* table) noexcept {
    for (std::size_t j = 0, half = 1; j < values.size(); ++j, half *= 2) {
      for (std::size_t x = 0; x < half; ++x) {
        table[half + x] = table[x] + values[j];
        table[x] -= values[j];
      }
    }
  }

  std::size_t bits_;
  std::vector<float> table_;  // entry (byte of the code, its value)
};

/// An item found and its asymmetric score.
struct scored_hit {
  std::uint32_t distance = 0;  ///< differing bits
  std::int64_t id = 0;
  float score = 0;  ///< of `asymmetric_scorer`, more is nearer
  friend bool operator==(const scored_hit&, const scored_hit&) = default;
};

/// Gives the code of an id: a callable `f(id)` whose result converts to a span of the code's words,
/// or to a `code_view` of one code, as what `linear_scan::code` returns does.
template <class F>
concept code_lookup = requires(const F& f, std::int64_t id) {
  { f(id) } -> std::convertible_to<std::span<const std::uint64_t>>;
} || requires(const F& f, std::int64_t id) {
  { f(id) } -> std::convertible_to<code_view>;
};

namespace detail {

/// The order of results that are ranked by distance, then score.
[[nodiscard]] inline bool by_distance_and_score(const scored_hit& a, const scored_hit& b) noexcept {
  if (a.distance != b.distance) return a.distance < b.distance;
  return a.score != b.score ? a.score > b.score : a.id < b.id;
}

/// The score of a row of a store with codes of as many bits, unchecked.
[[nodiscard]] inline float score_of_row(const asymmetric_scorer& scorer, const code_store& store,
                                        std::size_t row) noexcept {
  const std::size_t c = store.chunk_of(row);
  const code_chunk& chunk = store.chunk(c);
  const std::size_t place = row - store.first_row(c);
  if (chunk.layout().in_planes()) {
    std::uint64_t code[words_for(8 * most_planes)];
    chunk.code(place, std::span(code, chunk.layout().words()));
    return scorer.score(code, 1);
  }
  return scorer.score(chunk.blocks() + block_word(store.words(), place, 0), block_codes);
}
template <code_lookup F>
[[nodiscard]] float score_of(std::string_view where, const asymmetric_scorer& scorer,
                             const F& code_of, std::int64_t id) {
  const auto& code = code_of(id);
  code_view view;
  if constexpr (std::convertible_to<decltype(code), code_view>) {
    view = code;
  } else {
    const std::span<const std::uint64_t> words = code;
    expects<shape_error>(words.size() == words_for(scorer.bits()), where, ": the code of id ", id,
                         " has ", words.size(), " words, expected ", words_for(scorer.bits()));
    view = code_view(words, scorer.bits());
  }
  expects<shape_error>(view.size() == 1, where, ": id ", id, " has ", view.size(),
                       " codes, expected 1");
  expects_codes(where, "", "codes", view, scorer.bits());
  return scorer.score(view[0]);
}
[[nodiscard]] inline float score_of(std::string_view where, const asymmetric_scorer& scorer,
                                    const code_store& store, std::int64_t id) {
  expects<shape_error>(store.bits() == scorer.bits(), where, ": codes have ", store.bits(),
                       " bits, expected ", scorer.bits());
  const std::size_t row = store.find(id);
  expects(row != code_store::not_found, where, ": no code has id ", id);
  return score_of_row(scorer, store, row);
}

template <class Codes>
[[nodiscard]] std::vector<scored_hit> with_scores(std::string_view where, std::span<const hit> row,
                                                  const asymmetric_scorer& scorer,
                                                  const Codes& codes) {
  std::vector<scored_hit> out;
  out.reserve(row.size());
  for (const auto& [distance, id] : row)
    out.push_back({distance, id, score_of(where, scorer, codes, id)});
  return out;
}

}  // namespace detail

/// Hits by (distance ascending, score descending, id ascending): equal distances in the order of
/// their scores. `codes` is a `code_lookup` or what `store()` returns of an
/// index of the library's. For the k first of all
/// items all that are as near as the k-th are needed, not only those that a search for k keeps: see
/// `search_scored`.
///
/// O(n (words + log n)) and n look-ups; in a store, as fast as `contains` of its index. Throws
/// `shape_error` for codes of another length, `invalid_argument` for an id that the store lacks.
template <class Codes>
  requires code_lookup<Codes> || std::same_as<Codes, detail::code_store>
[[nodiscard]] std::vector<scored_hit> rank_ties(std::span<const hit> row,
                                                const asymmetric_scorer& scorer,
                                                const Codes& codes) {
  auto out = detail::with_scores("rank_ties", row, scorer, codes);
  std::sort(out.begin(), out.end(), detail::by_distance_and_score);
  return out;
}
/// Hits by (score descending, distance ascending, id ascending). The rest as for `rank_ties`.
template <class Codes>
  requires code_lookup<Codes> || std::same_as<Codes, detail::code_store>
[[nodiscard]] std::vector<scored_hit> rank_by_score(std::span<const hit> row,
                                                    const asymmetric_scorer& scorer,
                                                    const Codes& codes) {
  auto out = detail::with_scores("rank_by_score", row, scorer, codes);
  std::sort(out.begin(), out.end(), [](const scored_hit& a, const scored_hit& b) {
    if (a.score != b.score) return a.score > b.score;
    return a.distance != b.distance ? a.distance < b.distance : a.id < b.id;
  });
  return out;
}

}}}  // namespace hint::HINT_ABI::search

#endif
