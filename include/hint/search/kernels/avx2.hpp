// SPDX-License-Identifier: MIT
/// \file
/// Single queries with AVX2: bits of half bytes by table look-up, summed by bytes, then by words.
/// Source: Mula, Kurz, Lemire, "Faster population counts using AVX2 instructions", 2018.
#ifndef HINT_SEARCH_KERNELS_AVX2_HPP
#define HINT_SEARCH_KERNELS_AVX2_HPP

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hint/core/config.hpp>
#include <hint/search/kernels/block_layout.hpp>
#include <hint/search/kernels/popcnt.hpp>
#include <hint/search/kernels/portable.hpp>

#define HINT_AVX2 __attribute__((target("avx2,popcnt")))

namespace hint { inline namespace HINT_ABI { namespace search::detail {

using u64x4 = std::uint64_t __attribute__((vector_size(32)));
using s64x4 = long long __attribute__((vector_size(32)));
using s8x32 = char __attribute__((vector_size(32)));
using f64x4 = double __attribute__((vector_size(32)));
using u32x8 = std::uint32_t __attribute__((vector_size(32)));
using u8x32 = std::uint8_t __attribute__((vector_size(32)));
using u16x16 = std::uint16_t __attribute__((vector_size(32)));

/// Of each byte, which must be below 16, its number of set bits.
HINT_AVX2 HINT_INLINE u64x4 half_byte_counts(u64x4 x) noexcept {
  constexpr s8x32 table = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
                           0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};
  return reinterpret_cast<u64x4>(__builtin_ia32_pshufb256(table, reinterpret_cast<s8x32>(x)));
}
/// Entry i has the bits in which i and the half byte differ.
HINT_AVX2 HINT_INLINE u64x4 half_byte_table(std::uint8_t half) noexcept {
  constexpr u64x4 numbers = {0x0706050403020100ULL, 0x0f0e0d0c0b0a0908ULL, 0x0706050403020100ULL,
                             0x0f0e0d0c0b0a0908ULL};
  return half_byte_counts(numbers ^ half * std::uint64_t{0x0101010101010101});
}
HINT_AVX2 HINT_INLINE u64x4 look_up(u64x4 table, u64x4 halves) noexcept {
  return reinterpret_cast<u64x4>(
      __builtin_ia32_pshufb256(reinterpret_cast<s8x32>(table), reinterpret_cast<s8x32>(halves)));
}
HINT_AVX2 HINT_INLINE u64x4 byte_counts(u64x4 x) noexcept {
  constexpr std::uint64_t low = 0x0f0f0f0f0f0f0f0fULL;
  // No byte exceeds 8, so nothing carries over.
  return half_byte_counts(x & low) + half_byte_counts((x >> 4) & low);
}
HINT_AVX2 HINT_INLINE u64x4 word_counts(u64x4 bytes) noexcept {
  return reinterpret_cast<u64x4>(__builtin_ia32_psadbw256(reinterpret_cast<s8x32>(bytes), s8x32{}));
}
HINT_AVX2 inline void distances_avx2(const std::uint64_t* blocks, std::size_t words,
                                     std::size_t count, const std::uint64_t* query,
                                     std::uint16_t* out) noexcept {
  const auto* at = reinterpret_cast<const u64x4*>(blocks);
  for (std::size_t b = 0; b < count; ++b, out += block_codes) {
    u64x4 low = {}, high = {};
    for (std::size_t w = 0; w < words;) {
      const std::size_t stop = words - w < 31 ? words : w + 31;  // 31 * 8 fits a byte
      u64x4 low_bytes = {}, high_bytes = {};
      for (; w < stop; ++w, at += 2) {
        low_bytes += byte_counts(at[0] ^ query[w]);
        high_bytes += byte_counts(at[1] ^ query[w]);
      }
      low += word_counts(low_bytes);
      high += word_counts(high_bytes);
    }
#if defined(__clang__) || __GNUC__ >= 12
    const auto sums = __builtin_shufflevector(
        reinterpret_cast<u16x16>(low), reinterpret_cast<u16x16>(high), 0, 4, 8, 12, 16, 20, 24, 28);
#else  // all that g++ 11 has
    const auto sums =
        __builtin_shuffle(reinterpret_cast<u16x16>(low), reinterpret_cast<u16x16>(high),
                          u16x16{0, 4, 8, 12, 16, 20, 24, 28});
#endif
    std::memcpy(out, &sums, block_codes * sizeof *out);
  }
}

/// Distances of a block's eight codes.
struct avx2_block {
  u64x4 low, high;
};

/// The lanes of a block's sums that are below the limit.
HINT_AVX2 HINT_INLINE std::uint32_t lanes_below(u64x4 sums, std::uint32_t limit) noexcept {
  return static_cast<std::uint32_t>(
      __builtin_ia32_movmskpd256(reinterpret_cast<f64x4>(sums - limit)));
}
/// Writes the codes of four blocks that lie below the limit; rare, so it stays out of the loop.
HINT_AVX2 __attribute__((noinline)) inline candidate* put_words_below(
    u64x4 s0, u64x4 s1, u64x4 s2, u64x4 s3, u64x4 s4, u64x4 s5, u64x4 s6, u64x4 s7,
    std::uint32_t limit, std::size_t block, candidate* out) noexcept {
  const u64x4 sums[8] = {s0, s1, s2, s3, s4, s5, s6, s7};
  std::uint32_t near = 0;
  for (std::size_t i = 0; i < 8; ++i) near |= lanes_below(sums[i], limit) << 4 * i;
  for (; near != 0; near &= near - 1) {
    const auto i = static_cast<std::size_t>(std::countr_zero(near));
    *out++ = {static_cast<std::uint32_t>(block * block_codes + i), 0,
              static_cast<std::uint16_t>(sums[i / 4][i % 4])};
  }
  return out;
}

// Hot loops, please measure impact of changes. Variables instead of arrays: at -O2 GCC keeps arrays in memory.

/// The lower of each lane's 32 low bits; the others are to be 0.
HINT_AVX2 HINT_INLINE u64x4 lower_sums(u64x4 a, u64x4 b) noexcept {
  const auto x = reinterpret_cast<u32x8>(a), y = reinterpret_cast<u32x8>(b);
  return reinterpret_cast<u64x4>(x < y ? x : y);
}
/// Adds the distances in words w to `end`.
HINT_AVX2 HINT_INLINE void add_words(avx2_block& sums, const u64x4* block,
                                     const std::uint64_t* query, std::size_t w,
                                     std::size_t end) noexcept {
  while (w < end) {
    const std::size_t stop = end - w < 31 ? end : w + 31;  // 31 * 8 fits a byte
    u64x4 low = {}, high = {};
    for (; w < stop; ++w) {
      low += byte_counts(block[2 * w] ^ query[w]);
      high += byte_counts(block[2 * w + 1] ^ query[w]);
    }
    sums.low += word_counts(low);
    sums.high += word_counts(high);
  }
}
/// Distances of half a block of codes of `Words` words.
template <std::size_t Words>
HINT_AVX2 HINT_INLINE u64x4 half_distances(const u64x4* half, const std::uint64_t* query) noexcept {
  u64x4 bytes = byte_counts(half[0] ^ query[0]);
  for (std::size_t w = 1; w < Words; ++w) bytes += byte_counts(half[2 * w] ^ query[w]);
  return word_counts(bytes);
}
/// Codes of `Words` words. Of eight halves of blocks two go to the processor's units for whole numbers, which
/// would have nothing to do.
template <std::size_t Words>
HINT_AVX2 std::size_t scan_one_words(const scan_job& job, std::size_t begin, candidate* out,
                                     std::size_t& count) noexcept {
  constexpr std::size_t block = 2 * Words;
  const std::uint64_t* query = job.queries;
  const std::uint32_t limit = job.limits[0];
  candidate* next = out;
  std::size_t b = begin;
  const auto* c = reinterpret_cast<const u64x4*>(job.blocks) + b * block;
  for (; b < job.end; c += 4 * block) {
    const u64x4 s0 = half_distances<Words>(c, query);
    const u64x4 s1 = half_distances<Words>(c + 1, query);
    const u64x4 s2 = half_distances<Words>(c + block, query);
    const std::uint64_t n3 = four_codes_below<Words>(
        reinterpret_cast<const std::uint64_t*>(c + block + 1), query, Words, limit);
    const u64x4 s4 = half_distances<Words>(c + 2 * block, query);
    const u64x4 s5 = half_distances<Words>(c + 2 * block + 1, query);
    const u64x4 s6 = half_distances<Words>(c + 3 * block, query);
    const std::uint64_t n7 = four_codes_below<Words>(
        reinterpret_cast<const std::uint64_t*>(c + 3 * block + 1), query, Words, limit);
    b += 4;
    const u64x4 least =
        lower_sums(lower_sums(lower_sums(s0, s1), s2), lower_sums(lower_sums(s4, s5), s6));
    if ((lanes_below(least, limit) | (n3 | n7) >> 63) != 0) [[unlikely]] {
      next = put_words_below(s0, s1, s2, half_distances<Words>(c + block + 1, query), s4, s5, s6,
                             half_distances<Words>(c + 3 * block + 1, query), limit, b - 4, next);
      if (static_cast<std::size_t>(next - out) >= enough_candidates) break;
    }
  }
  count = static_cast<std::size_t>(next - out);
  return b;
}

/// Codes of any length. One loop, from one place in the code: four would be four streams of memory to the
/// processor, which then foresees none of them.
HINT_AVX2 inline std::size_t scan_one_any(const scan_job& job, std::size_t begin, candidate* out,
                                          std::size_t& count) noexcept {
  const std::size_t words = job.words;
  const std::size_t check = job.check == 0 || job.check > words ? words : job.check;
  const std::uint64_t* query = job.queries;
  const std::uint32_t limit = job.limits[0];
  candidate* next = out;
  std::size_t b = begin;
  const auto* c = reinterpret_cast<const u64x4*>(job.blocks) + b * words * 2;
  while (b < job.end) {
    avx2_block d[4];
    u64x4 least = u64x4{} + 0xffff;
    for (std::size_t i = 0; i < 4; ++i, c += 2 * words) {
      avx2_block sums = {};
      add_words(sums, c, query, 0, check);
      if (check < words && lanes_below(lower_sums(sums.low, sums.high), limit) != 0)
        add_words(sums, c, query, check, words);
      least = lower_sums(least, lower_sums(sums.low, sums.high));
      d[i] = sums;
    }
    b += 4;
    if (lanes_below(least, limit) != 0) [[unlikely]] {
      next = put_words_below(d[0].low, d[0].high, d[1].low, d[1].high, d[2].low, d[2].high,
                             d[3].low, d[3].high, limit, b - 4, next);
      if (static_cast<std::size_t>(next - out) >= enough_candidates) break;
    }
  }
  count = static_cast<std::size_t>(next - out);
  return b;
}

HINT_AVX2 inline std::size_t scan_one_avx2(const scan_job& job, std::size_t begin, candidate* out,
                                           std::size_t& count) noexcept {
  switch (job.words) {
    case 1:
      return scan_one_words<1>(job, begin, out, count);
    case 2:
      return scan_one_words<2>(job, begin, out, count);
    case 4:
      return scan_one_words<4>(job, begin, out, count);
    default:
      return scan_one_any(job, begin, out, count);
  }
}

}}}  // namespace hint::HINT_ABI::search::detail

#undef HINT_AVX2

#endif
#endif
