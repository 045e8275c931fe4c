// SPDX-License-Identifier: MIT
/// \file
/// The kernels for x86-64 with POPCNT: word by word.
#ifndef HINT_SEARCH_KERNELS_POPCNT_HPP
#define HINT_SEARCH_KERNELS_POPCNT_HPP

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hint/core/config.hpp>
#include <hint/search/kernels/block_layout.hpp>
#include <hint/search/kernels/portable.hpp>

#define HINT_POPCNT __attribute__((target("popcnt")))

namespace hint { inline namespace HINT_ABI { namespace search::detail {

HINT_POPCNT HINT_INLINE std::uint64_t popcnt(std::uint64_t x) noexcept {
  return static_cast<std::uint64_t>(__builtin_popcountll(x));
}
/// Distances of a block. Two codes to a sum, so that all fit into registers: 4096 takes 13 bits.
struct popcnt_sums {
  std::uint64_t s04, s15, s26, s37;
};
HINT_POPCNT HINT_INLINE popcnt_sums block_sums(const std::uint64_t* block, std::size_t words,
                                               const std::uint64_t* query) noexcept {
  std::uint64_t s04 = 0, s15 = 0, s26 = 0, s37 = 0;
  for (std::size_t w = 0; w < words; ++w, block += block_codes) {
    const std::uint64_t q = query[w];
    s04 += popcnt(q ^ block[0]) + (popcnt(q ^ block[4]) << 32);
    s15 += popcnt(q ^ block[1]) + (popcnt(q ^ block[5]) << 32);
    s26 += popcnt(q ^ block[2]) + (popcnt(q ^ block[6]) << 32);
    s37 += popcnt(q ^ block[3]) + (popcnt(q ^ block[7]) << 32);
  }
  return {s04, s15, s26, s37};
}
HINT_POPCNT inline void distances_popcnt(const std::uint64_t* blocks, std::size_t words,
                                         std::size_t count, const std::uint64_t* query,
                                         std::uint16_t* out) noexcept {
  for (std::size_t b = 0; b < count; ++b, blocks += words * block_codes, out += block_codes) {
    const auto [s04, s15, s26, s37] = block_sums(blocks, words, query);
    constexpr std::uint64_t low = 0xffffffffULL;
    const std::uint64_t first = (s04 & low) | (s15 & low) << 16 | (s26 & low) << 32 | s37 << 48;
    const std::uint64_t last = s04 >> 32 | s15 >> 32 << 16 | s26 >> 32 << 32 | s37 >> 32 << 48;
    std::memcpy(out, &first, sizeof first);
    std::memcpy(out + 4, &last, sizeof last);
  }
}

/// Of a block's codes: the top bit is set if one is below the limit.
HINT_POPCNT HINT_INLINE std::uint64_t eight_codes_below(const std::uint64_t* block,
                                                        const std::uint64_t* query,
                                                        std::size_t words,
                                                        std::uint64_t limit) noexcept {
  constexpr std::uint64_t tops = 0x8000000080000000ULL;
  const std::uint64_t limits = limit | limit << 32;
  const auto [s04, s15, s26, s37] = block_sums(block, words, query);
  // The top bit of a part stays set where the sum reaches the limit.
  const std::uint64_t far = ((s04 | tops) - limits) & ((s15 | tops) - limits) &
                            ((s26 | tops) - limits) & ((s37 | tops) - limits) & tops;
  return far == tops ? 0 : std::uint64_t{1} << 63;
}
/// Of four codes, words side by side as in half a block: the top bit is set if one is below the limit.
/// `Words` is the length of a code, 0 when known only at run time.
template <std::size_t Words>
HINT_POPCNT HINT_INLINE std::uint64_t four_codes_below(const std::uint64_t* codes,
                                                       const std::uint64_t* query,
                                                       std::size_t words,
                                                       std::uint64_t limit) noexcept {
  if constexpr (Words != 0) words = Words;
  std::uint64_t s0 = popcnt(codes[0] ^ query[0]), s1 = popcnt(codes[1] ^ query[0]);
  std::uint64_t s2 = popcnt(codes[2] ^ query[0]), s3 = popcnt(codes[3] ^ query[0]);
  for (std::size_t w = 1; w < words; ++w) {
    codes += block_codes;
    s0 += popcnt(codes[0] ^ query[w]), s1 += popcnt(codes[1] ^ query[w]);
    s2 += popcnt(codes[2] ^ query[w]), s3 += popcnt(codes[3] ^ query[w]);
  }
  return (s0 - limit) | (s1 - limit) | (s2 - limit) | (s3 - limit);
}
/// Writes the codes of a block that are below the limit of a query whose words are `stride` apart; rare, so
/// it stays out of the loops.
HINT_POPCNT __attribute__((noinline)) inline candidate* put_block_below(const scan_job& job,
                                                                        std::size_t block,
                                                                        std::size_t q,
                                                                        std::size_t stride,
                                                                        candidate* out) noexcept {
  const std::uint64_t* code = job.blocks + block * job.words * block_codes;
  for (std::size_t i = 0; i < block_codes; ++i, ++code) {
    std::uint64_t sum = 0;
    for (std::size_t w = 0; w < job.words; ++w)
      sum += popcnt(code[w * block_codes] ^ job.queries[w * stride + q]);
    if (sum < job.limits[q])
      *out++ = {static_cast<std::uint32_t>(block * block_codes + i), static_cast<std::uint16_t>(q),
                static_cast<std::uint16_t>(sum)};
  }
  return out;
}

// Hot loops, please measure impact of changes.

/// `Words` is the length of a code, 0 when known only at run time. Each distance is compared by a jump, which
/// the processor foresees: one instruction, while flags that are gathered would take two.
template <std::size_t Words, std::size_t Queries>
HINT_POPCNT std::size_t scan_words_popcnt(const scan_job& job, std::size_t begin, candidate* out,
                                          std::size_t& count) noexcept {
  const std::size_t words = Words != 0 ? Words : job.words;
  std::uint64_t limits[Queries];
  for (std::size_t q = 0; q < Queries; ++q) limits[q] = job.limits[q];
  candidate* next = out;
  std::size_t b = begin;
  const std::uint64_t* c = job.blocks + b * words * block_codes;
  for (; b < job.end; ++b, c += words * block_codes) {
    if constexpr (Queries == 1 && Words == 0) {
      if (eight_codes_below(c, job.queries, words, limits[0]) != 0) [[unlikely]]
        next = put_block_below(job, b, 0, 1, next);
    } else {
#pragma GCC unroll 8
      for (std::size_t i = 0; i < block_codes; ++i) {
        std::uint64_t sums[Queries];
#pragma GCC unroll 4
        for (std::size_t q = 0; q < Queries; ++q) sums[q] = popcnt(c[i] ^ job.queries[q]);
        for (std::size_t w = 1; w < words; ++w)
#pragma GCC unroll 4
          for (std::size_t q = 0; q < Queries; ++q)
            sums[q] += popcnt(c[w * block_codes + i] ^ job.queries[w * Queries + q]);
#pragma GCC unroll 4
        for (std::size_t q = 0; q < Queries; ++q)
          if (sums[q] < limits[q]) [[unlikely]]
            *next++ = {static_cast<std::uint32_t>(b * block_codes + i),
                       static_cast<std::uint16_t>(q), static_cast<std::uint16_t>(sums[q])};
      }
    }
    // Stops in front of whole groups only.
    if (b % 4 == 3 && static_cast<std::size_t>(next - out) >= enough_candidates) {
      ++b;
      break;
    }
  }
  count = static_cast<std::size_t>(next - out);
  return b;
}
template <std::size_t Queries>
HINT_POPCNT std::size_t scan_popcnt(const scan_job& job, std::size_t begin, candidate* out,
                                    std::size_t& count) noexcept {
  switch (job.words) {
    case 1:
      return scan_words_popcnt<1, Queries>(job, begin, out, count);
    case 2:
      return scan_words_popcnt<2, Queries>(job, begin, out, count);
    case 4:
      return scan_words_popcnt<4, Queries>(job, begin, out, count);
    default:
      return scan_words_popcnt<0, Queries>(job, begin, out, count);
  }
}

inline constexpr kernel_set popcnt_kernels{"popcnt", &distances_popcnt, &scan_popcnt<1>,
                                           &scan_popcnt<4>};

}}}  // namespace hint::HINT_ABI::search::detail

#undef HINT_POPCNT

#endif
#endif
