// SPDX-License-Identifier: MIT
/// \file
/// Hamming distances without an index: of two codes, of a code to a list of codes, and of many codes to a
/// list that was laid out for it once.
#ifndef HINT_SEARCH_HAMMING_HPP
#define HINT_SEARCH_HAMMING_HPP

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/search/kernels/block_layout.hpp>
#include <hint/search/kernels/kernels.hpp>
#include <hint/search/kernels/portable.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// The instruction set that searches use: "avx512", "avx2", "popcnt", "neon" or "portable". It is the
/// fastest that this machine has, unless the environment variable HINT_KERNELS names another one when the
/// first search begins, or `force_instruction_set` does. Results are the same with all of them.
/// Throws `invalid_argument` when HINT_KERNELS names one that is unknown or that this machine lacks; so do
/// all searches then, until `force_instruction_set` names another.
[[nodiscard]] inline std::string_view instruction_set() { return detail::kernels().name; }

/// Those that this machine has, the fastest first, "portable" last.
HINT_LAZY
[[nodiscard]] std::vector<std::string_view> instruction_sets() {
  std::vector<std::string_view> names;
  for (const detail::kernel_set* k : detail::usable_kernels()) names.push_back(k->name);
  return names;
}

/// Makes all searches of this program that begin from now on use an instruction set: to measure what
/// machines without the fastest would take, or to test all of them on one. Throws `invalid_argument` for
/// names that are not among `instruction_sets()`. Safe at any time, from any thread.
HINT_LAZY
void force_instruction_set(std::string_view name) {
  detail::kernels_in_use() = &detail::kernels_named("force_instruction_set", name);
}

/// The number of differing bits of two codes of the same number of words. O(words).
[[nodiscard]] inline std::uint32_t hamming_distance(std::span<const std::uint64_t> a,
                                                    std::span<const std::uint64_t> b) noexcept {
  int sum = 0;
  for (std::size_t w = 0; w < a.size(); ++w) sum += std::popcount(a[w] ^ b[w]);
  return static_cast<std::uint32_t>(sum);
}

namespace detail {

// Hot loop, please measure impact of changes. `Words` is the length of a code, 0 when known only at
// run time; with a constant the inner loop unrolls.
template <std::size_t Words>
void distances_to_run(const std::uint64_t* query, const std::uint64_t* codes, std::size_t count,
                      std::size_t words, std::uint32_t* out) noexcept {
  if constexpr (Words != 0) words = Words;
  for (std::size_t i = 0; i < count; ++i, codes += words) {
    std::uint32_t sum = 0;
    for (std::size_t w = 0; w < words; ++w) sum += count_bits(query[w] ^ codes[w]);
    out[i] = sum;
  }
}

}  // namespace detail

/// out[i] = distance of `query` to codes[i], for out.size() == codes.size() and a query of
/// codes.words_per_code() words, both unchecked. O(codes * words). For many queries to the same codes see
/// `code_blocks`.
inline void hamming_distances(std::span<const std::uint64_t> query, const code_view& codes,
                              std::span<std::uint32_t> out) noexcept {
  const std::size_t words = codes.words_per_code();
  const auto kernel = words == 1   ? &detail::distances_to_run<1>
                      : words == 2 ? &detail::distances_to_run<2>
                      : words == 4 ? &detail::distances_to_run<4>
                                   : &detail::distances_to_run<0>;
  kernel(query.data(), codes.data(), codes.size(), words, out.data());
}

/// out[i] = 1 if rows[i] and `mask` have a bit in common, else 0: which items have one of a query's labels.
/// rows.size() == out.size(), unchecked.
inline void mark_common_bits(std::span<const std::uint64_t> rows, std::uint64_t mask,
                             std::span<std::uint8_t> out) {
  detail::kernels().any_common(rows.data(), rows.size(), mask, out.data());
}

/// A copy of codes in the layout of the scan kernels (words of eight codes side by side, one for each
/// lane of a vector register), for whoever wants the distances of all of them from many queries: the
/// kernels of `instruction_set()` take several distances at once. Const calls are safe from many threads.
class code_blocks {
 public:
  /// O(codes * words) time and memory. Throws `invalid_argument` for rows of labels that are longer than
  /// codes can be.
  explicit code_blocks(const code_view& codes)
      : size_(codes.size()), blocks_(detail::block_words(codes.words_per_code(), size_)) {
    expects(codes.bits() <= max_bits, "code_blocks: codes have ", codes.bits(),
            " bits, expected 1 to ", max_bits);
    const detail::kernel_set& kernels = detail::kernels();
    const std::size_t words = codes.words_per_code();
    detail::put_in_blocks(codes, 0, blocks_.data());
    distances_ = kernels.distances;
    if (!kernels.arranges(words)) return;
    const std::size_t group = detail::group_codes * words;
    std::vector<std::uint64_t> one(group);
    for (auto at = blocks_.begin(); at != blocks_.end(); at += static_cast<std::ptrdiff_t>(group)) {
      std::copy_n(at, group, one.begin());
      kernels.arrange(one.data(), words, detail::group_codes / detail::block_codes, &*at);
    }
    distances_ = kernels.distances_arranged;
    four_distances_ = kernels.four_distances_arranged;
  }

  /// Codes.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// How many distances are written for `rows` codes: `rows` rounded up to a multiple of 32.
  [[nodiscard]] static constexpr std::size_t padded(std::size_t rows) noexcept {
    return detail::padded_rows(rows);
  }
  /// out[i] = distance of `query` to code first + i; for those past the last code anything. Unchecked: a
  /// query of as many words as the codes have, `first` and out.size() multiples of 32, first + out.size()
  /// at most padded(size()). O(out.size() * words).
  void distances(std::span<const std::uint64_t> query, std::size_t first,
                 std::span<std::uint16_t> out) const noexcept {
    distances_(blocks_.data() + first * query.size(), query.size(),
               out.size() / detail::block_codes, query.data(), out.data());
  }
  /// The same of up to four queries, together where that is faster: those of queries[q] go to
  /// out[q * stride + i] for i < rows. `rows` is a multiple of 32 like `first`, and no more than `stride`.
  void distances(const code_view& queries, std::size_t first, std::size_t rows,
                 std::span<std::uint16_t> out, std::size_t stride) const {
    const std::size_t words = queries.words_per_code();
    if (queries.size() == 4 && four_distances_ != nullptr) {
      std::array<std::uint64_t, 4 * words_for(max_bits)> four;
      for (std::size_t q = 0; q < 4; ++q)
        for (std::size_t w = 0; w < words; ++w) four[4 * w + q] = queries[q][w];
      four_distances_(blocks_.data() + first * words, words, rows / detail::block_codes,
                      four.data(), out.data(), stride);
      return;
    }
    for (std::size_t q = 0; q < queries.size(); ++q)
      distances(queries[q], first, out.subspan(q * stride, rows));
  }

 private:
  detail::distances_kernel distances_;
  detail::four_distances_kernel four_distances_ = nullptr;
  std::size_t size_;
  aligned_buffer<std::uint64_t> blocks_;
};

}}}  // namespace hint::HINT_ABI::search

#endif
