// SPDX-License-Identifier: MIT
/// \file
/// Hamming distances: of two codes, and of one code to a run of codes (the kernel of every scan).
#ifndef HINT_SEARCH_HAMMING_HPP
#define HINT_SEARCH_HAMMING_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/search/kernels/portable.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

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

/// Codes that are scanned for one query after the other while they stay in the first-level cache.
[[nodiscard]] constexpr std::size_t block_rows(std::size_t words) noexcept {
  return (std::max)(std::size_t{16}, (std::min)(std::size_t{1024}, std::size_t{2048} / words));
}

/// Checks codes at the border of owner + function: their length, and that the bits past the end are 0.
inline void expects_codes(std::string_view owner, std::string_view function, std::string_view name,
                          const code_view& codes, std::size_t bits) {
  expects<shape_error>(codes.bits() == bits, owner, function, ": ", name, " have ", codes.bits(),
                       " bits, expected ", bits);
  const std::uint64_t padding = ~last_word_mask(bits);
  if (padding == 0) return;
  for (std::size_t i = 0; i < codes.size(); ++i)
    expects((codes[i].back() & padding) == 0, owner, function, ": code ", i, " of ", name,
            " has bits set past its end, bit ", bits - 1);
}
inline void expects_codes(std::string_view where, std::string_view name, const code_view& codes,
                          std::size_t bits) {
  expects_codes(where, "", name, codes, bits);
}

}  // namespace detail

/// out[i] = distance of `query` to codes[i], for out.size() == codes.size() and a query of
/// codes.words_per_code() words, both unchecked. O(codes * words).
inline void hamming_distances(std::span<const std::uint64_t> query, const code_view& codes,
                              std::span<std::uint32_t> out) noexcept {
  const std::size_t words = codes.words_per_code();
  const auto kernel = words == 1   ? &detail::distances_to_run<1>
                      : words == 2 ? &detail::distances_to_run<2>
                      : words == 4 ? &detail::distances_to_run<4>
                                   : &detail::distances_to_run<0>;
  kernel(query.data(), codes.data(), codes.size(), words, out.data());
}

}}}  // namespace hint::HINT_ABI::search

#endif
