// SPDX-License-Identifier: MIT
/// \file
/// The kernels for x86-64: POPCNT, AVX2, AVX-512 with VPOPCNTDQ. Each function names its instructions,
/// so the user's flags stay as they are. Written with the vector extension of GCC and Clang and the few
/// built-in functions that it lacks: <immintrin.h> would double the time that this header takes to
/// compile.
#ifndef HINT_SEARCH_KERNELS_X86_HPP
#define HINT_SEARCH_KERNELS_X86_HPP

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define HINT_SEARCH_X86 1

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hint/core/config.hpp>
#include <hint/search/kernels/block_layout.hpp>
#include <hint/search/kernels/portable.hpp>

#define HINT_POPCNT __attribute__((target("popcnt")))
#define HINT_AVX2 __attribute__((target("avx2")))
#define HINT_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vpopcntdq")))

namespace hint { inline namespace HINT_ABI { namespace search::detail {

// POPCNT

HINT_POPCNT HINT_INLINE std::uint64_t popcnt(std::uint64_t x) noexcept {
  return static_cast<std::uint64_t>(__builtin_popcountll(x));
}
HINT_POPCNT inline void distances_popcnt(const std::uint64_t* blocks, std::size_t words,
                                         std::size_t count, const std::uint64_t* query,
                                         std::uint16_t* out) noexcept {
  for (std::size_t b = 0; b < count; ++b, out += block_codes) {
    // Two codes to a sum, so that all sums fit into registers: 4096 takes 13 bits.
    std::uint64_t s04 = 0, s15 = 0, s26 = 0, s37 = 0;
    for (std::size_t w = 0; w < words; ++w, blocks += block_codes) {
      const std::uint64_t q = query[w];
      s04 += popcnt(q ^ blocks[0]) + (popcnt(q ^ blocks[4]) << 32);
      s15 += popcnt(q ^ blocks[1]) + (popcnt(q ^ blocks[5]) << 32);
      s26 += popcnt(q ^ blocks[2]) + (popcnt(q ^ blocks[6]) << 32);
      s37 += popcnt(q ^ blocks[3]) + (popcnt(q ^ blocks[7]) << 32);
    }
    constexpr std::uint64_t low = 0xffffffffULL;
    const std::uint64_t first = (s04 & low) | (s15 & low) << 16 | (s26 & low) << 32 | s37 << 48;
    const std::uint64_t last = s04 >> 32 | s15 >> 32 << 16 | s26 >> 32 << 32 | s37 >> 32 << 48;
    std::memcpy(out, &first, sizeof first);
    std::memcpy(out + 4, &last, sizeof last);
  }
}

// AVX2: bits of half bytes by table look-up, summed by bytes, then by words.
// Source: Mula, Kurz, Lemire, "Faster population counts using AVX2 instructions", 2018.

using u64x4 = std::uint64_t __attribute__((vector_size(32)));
using s8x32 = char __attribute__((vector_size(32)));
using u16x16 = std::uint16_t __attribute__((vector_size(32)));

/// Of each byte, which must be below 16, its number of set bits.
HINT_AVX2 HINT_INLINE u64x4 half_byte_counts(u64x4 x) noexcept {
  constexpr s8x32 table = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
                           0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};
  return reinterpret_cast<u64x4>(__builtin_ia32_pshufb256(table, reinterpret_cast<s8x32>(x)));
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

// AVX-512: eight distances in a register.

using u64x8 = std::uint64_t __attribute__((vector_size(64)));
using s64x8 = long long __attribute__((vector_size(64)));
using u16x8 = std::uint16_t __attribute__((vector_size(16)));

HINT_AVX512 HINT_INLINE u64x8 bit_counts(u64x8 x) noexcept {
#if defined(__has_builtin) && __has_builtin(__builtin_elementwise_popcount)
  return __builtin_elementwise_popcount(x);
#elif defined(__clang__)
  return reinterpret_cast<u64x8>(__builtin_ia32_vpopcntq_512(reinterpret_cast<s64x8>(x)));
#else
  return reinterpret_cast<u64x8>(__builtin_ia32_vpopcountq_v8di(reinterpret_cast<s64x8>(x)));
#endif
}
/// The lanes whose top bit is set.
HINT_AVX512 HINT_INLINE std::uint32_t negatives(u64x8 x) noexcept {
  return __builtin_ia32_cvtq2mask512(reinterpret_cast<s64x8>(x));
}
HINT_AVX512 HINT_INLINE u64x8 all_of(std::uint64_t x) noexcept { return u64x8{} + x; }
HINT_AVX512 HINT_INLINE u64x8 lower(u64x8 a, u64x8 b) noexcept { return a < b ? a : b; }

HINT_AVX512 inline void distances_avx512(const std::uint64_t* blocks, std::size_t words,
                                         std::size_t count, const std::uint64_t* query,
                                         std::uint16_t* out) noexcept {
  const auto* at = reinterpret_cast<const u64x8*>(blocks);
  for (std::size_t b = 0; b < count; ++b, out += block_codes) {
    u64x8 sum = bit_counts(*at++ ^ query[0]);
    for (std::size_t w = 1; w < words; ++w) sum += bit_counts(*at++ ^ query[w]);
    const auto narrow = __builtin_convertvector(sum, u16x8);
    std::memcpy(out, &narrow, sizeof narrow);
  }
}

/// Writes the lanes of a block below the limit; rare, so it stays out of the loop.
HINT_AVX512 __attribute__((noinline)) inline candidate* put_candidates(u64x8 distances,
                                                                       std::uint32_t limit,
                                                                       std::size_t block,
                                                                       std::size_t query,
                                                                       candidate* out) noexcept {
  for (std::uint32_t lanes = negatives(distances - limit); lanes != 0; lanes &= lanes - 1) {
    const auto lane = static_cast<std::size_t>(std::countr_zero(lanes));
    *out++ = {static_cast<std::uint32_t>(block * block_codes + lane),
              static_cast<std::uint16_t>(query), static_cast<std::uint16_t>(distances[lane])};
  }
  return out;
}

// Hot loops, please measure impact of changes. Variables instead of arrays: at -O2 GCC keeps arrays in
// memory.

/// Distances of a block, or what is beyond the limit in all lanes after `check` words already. Blocks are
/// read one after the other: several at once would be too many streams for the processor to foresee.
HINT_AVX512 HINT_INLINE u64x8 block_distances(const u64x8* block, const std::uint64_t* query,
                                              std::size_t words, std::size_t check,
                                              std::uint32_t limit) noexcept {
  u64x8 sum = bit_counts(block[0] ^ query[0]);
  std::size_t w = 1;
  for (; w < check; ++w) sum += bit_counts(block[w] ^ query[w]);
  if (w < words && negatives(sum - limit) != 0)
    for (; w < words; ++w) sum += bit_counts(block[w] ^ query[w]);
  return sum;
}
HINT_AVX512 inline std::size_t scan_one_avx512(const scan_job& job, std::size_t begin,
                                               candidate* out, std::size_t& count) noexcept {
  const std::size_t words = job.words;
  const std::size_t check = job.check == 0 || job.check > words ? words : job.check;
  const std::uint64_t* query = job.queries;
  const std::uint32_t limit = job.limits[0];
  candidate* next = out;
  std::size_t b = begin;
  const auto* c = reinterpret_cast<const u64x8*>(job.blocks) + b * words;
  while (b < job.end) {
    const u64x8 d0 = block_distances(c, query, words, check, limit);
    const u64x8 d1 = block_distances(c + words, query, words, check, limit);
    const u64x8 d2 = block_distances(c + 2 * words, query, words, check, limit);
    const u64x8 d3 = block_distances(c + 3 * words, query, words, check, limit);
    c += 4 * words;
    b += 4;
    if (negatives(lower(lower(d0, d1), lower(d2, d3)) - limit) != 0) [[unlikely]] {
      next = put_candidates(d0, limit, b - 4, 0, next);
      next = put_candidates(d1, limit, b - 3, 0, next);
      next = put_candidates(d2, limit, b - 2, 0, next);
      next = put_candidates(d3, limit, b - 1, 0, next);
      if (static_cast<std::size_t>(next - out) >= enough_candidates) break;
    }
  }
  count = static_cast<std::size_t>(next - out);
  return b;
}

HINT_AVX512 inline std::size_t scan_four_avx512(const scan_job& job, std::size_t begin,
                                                candidate* out, std::size_t& count) noexcept {
  const std::size_t words = job.words;
  const std::size_t check = job.check == 0 || job.check > words ? words : job.check;
  const std::uint32_t* limit = job.limits;
  const u64x8 l0 = all_of(limit[0]), l1 = all_of(limit[1]);
  const u64x8 l2 = all_of(limit[2]), l3 = all_of(limit[3]);
  candidate* next = out;
  std::size_t b = begin;
  const auto* c = reinterpret_cast<const u64x8*>(job.blocks) + b * words;
  while (b < job.end) {
    const u64x8* const e = c + words;
    const std::uint64_t* q = job.queries;
    u64x8 c0 = bit_counts(c[0] ^ q[0]), c1 = bit_counts(c[0] ^ q[1]);
    u64x8 c2 = bit_counts(c[0] ^ q[2]), c3 = bit_counts(c[0] ^ q[3]);
    u64x8 e0 = bit_counts(e[0] ^ q[0]), e1 = bit_counts(e[0] ^ q[1]);
    u64x8 e2 = bit_counts(e[0] ^ q[2]), e3 = bit_counts(e[0] ^ q[3]);
    std::uint32_t below = 0;
    for (std::size_t w = 1, stop = check;; stop = words) {
      for (; w < stop; ++w) {
        q += 4;
        c0 += bit_counts(c[w] ^ q[0]), c1 += bit_counts(c[w] ^ q[1]);
        c2 += bit_counts(c[w] ^ q[2]), c3 += bit_counts(c[w] ^ q[3]);
        e0 += bit_counts(e[w] ^ q[0]), e1 += bit_counts(e[w] ^ q[1]);
        e2 += bit_counts(e[w] ^ q[2]), e3 += bit_counts(e[w] ^ q[3]);
      }
      below = negatives((lower(c0, e0) - l0) | (lower(c1, e1) - l1) | (lower(c2, e2) - l2) |
                        (lower(c3, e3) - l3));
      if (below == 0 || w >= words) break;
    }
    if (below != 0) [[unlikely]] {
      next = put_candidates(c0, limit[0], b, 0, next);
      next = put_candidates(c1, limit[1], b, 1, next);
      next = put_candidates(c2, limit[2], b, 2, next);
      next = put_candidates(c3, limit[3], b, 3, next);
      next = put_candidates(e0, limit[0], b + 1, 0, next);
      next = put_candidates(e1, limit[1], b + 1, 1, next);
      next = put_candidates(e2, limit[2], b + 1, 2, next);
      next = put_candidates(e3, limit[3], b + 1, 3, next);
    }
    b += 2, c += 2 * words;
    // Stops in front of whole groups only.
    if (b % 4 == 0 && static_cast<std::size_t>(next - out) >= enough_candidates) break;
  }
  count = static_cast<std::size_t>(next - out);
  return b;
}

inline constexpr kernel_set popcnt_kernels{"popcnt", &distances_popcnt,
                                           &scan_by_distances<&distances_popcnt, 1>,
                                           &scan_by_distances<&distances_popcnt, 4>};
inline constexpr kernel_set avx2_kernels{"avx2", &distances_avx2,
                                         &scan_by_distances<&distances_avx2, 1>,
                                         &scan_by_distances<&distances_avx2, 4>};
inline constexpr kernel_set avx512_kernels{"avx512", &distances_avx512, &scan_one_avx512,
                                           &scan_four_avx512};

}}}  // namespace hint::HINT_ABI::search::detail

#undef HINT_POPCNT
#undef HINT_AVX2
#undef HINT_AVX512

#endif
#endif
