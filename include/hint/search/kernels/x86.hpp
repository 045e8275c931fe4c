// SPDX-License-Identifier: MIT
/// \file
/// The kernels for x86-64: POPCNT, AVX2, AVX-512 with VPOPCNTDQ. Each function names its instructions,
/// so the user's flags stay as they are. Written with the vector extension of GCC and Clang and the few
/// built-in functions that it lacks: <immintrin.h> would double the time that this header takes to
/// compile.
#ifndef HINT_SEARCH_KERNELS_X86_HPP
#define HINT_SEARCH_KERNELS_X86_HPP

#include <hint/search/kernels/portable.hpp>

#if defined(HINT_SEARCH_X86)
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hint/core/config.hpp>
#include <hint/search/kernels/avx2_batch.hpp>
#include <hint/search/kernels/block_layout.hpp>
#include <hint/search/kernels/popcnt.hpp>

#define HINT_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vpopcntdq")))

namespace hint { inline namespace HINT_ABI { namespace search::detail {

// AVX-512: eight distances in a register.

using u64x8 = std::uint64_t __attribute__((vector_size(64)));
using s64x8 = long long __attribute__((vector_size(64)));

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

inline constexpr kernel_set avx512_kernels{.name = "avx512",
                                           .distances = &distances_avx512,
                                           .scan_one = &scan_one_avx512,
                                           .scan_four = &scan_four_avx512,
                                           .any_common = &any_common_avx2};

}}}  // namespace hint::HINT_ABI::search::detail

#undef HINT_AVX512

#endif
#endif
