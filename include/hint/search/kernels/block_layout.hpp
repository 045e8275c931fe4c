// SPDX-License-Identifier: MIT
/// \file
/// Codes in the order in which they are scanned: word w of eight codes side by side, so that one
/// vector register holds a word of eight codes and eight distances grow at once.
#ifndef HINT_SEARCH_KERNELS_BLOCK_LAYOUT_HPP
#define HINT_SEARCH_KERNELS_BLOCK_LAYOUT_HPP

#include <cstddef>
#include <cstdint>
#include <span>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Codes in a block. Word w of code r is word `block_word(words, r, w)` of the blocks.
inline constexpr std::size_t block_codes = 8;
/// Blocks come in groups of this many codes, the last filled up with zeros: what kernels step over.
inline constexpr std::size_t group_codes = 32;

[[nodiscard]] constexpr std::size_t block_word(std::size_t words, std::size_t row,
                                               std::size_t w) noexcept {
  return (row / block_codes * words + w) * block_codes + row % block_codes;
}
/// Rows with the filling, a multiple of `group_codes`.
[[nodiscard]] constexpr std::size_t padded_rows(std::size_t rows) noexcept {
  return (rows + group_codes - 1) / group_codes * group_codes;
}
/// Words that `rows` codes take in blocks. Unchecked: rows * words must fit.
[[nodiscard]] constexpr std::size_t block_words(std::size_t words, std::size_t rows) noexcept {
  return padded_rows(rows) * words;
}

/// Writes codes as rows first, first + 1, ... of `blocks`. O(codes * words).
inline void put_in_blocks(const code_view& codes, std::size_t first,
                          std::uint64_t* blocks) noexcept {
  const std::size_t words = codes.words_per_code();
  const std::uint64_t* code = codes.data();
  for (std::size_t row = first; row < first + codes.size(); ++row)
    for (std::size_t w = 0; w < words; ++w) blocks[block_word(words, row, w)] = *code++;
}
/// Reads the code of a row; out.size() words.
inline void get_from_blocks(const std::uint64_t* blocks, std::size_t row,
                            std::span<std::uint64_t> out) noexcept {
  const std::uint64_t* word = blocks + block_word(out.size(), row, 0);
  for (std::size_t w = 0; w < out.size(); ++w) out[w] = word[w * block_codes];
}

}}}  // namespace hint::HINT_ABI::search::detail

#endif
