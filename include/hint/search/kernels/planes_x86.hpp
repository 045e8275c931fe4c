// SPDX-License-Identifier: MIT
/// \file
/// The kernels for codes in byte planes (code_layout.hpp) with SSSE3, with AVX2, and with AVX-512 and
/// BITALG.
#ifndef HINT_SEARCH_KERNELS_PLANES_X86_HPP
#define HINT_SEARCH_KERNELS_PLANES_X86_HPP

#include <hint/search/kernels/x86.hpp>

#if defined(HINT_SEARCH_X86)

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hint/core/config.hpp>
#include <hint/search/kernels/code_layout.hpp>
#include <hint/search/kernels/planes.hpp>
#include <hint/search/kernels/portable.hpp>

#define HINT_SSSE3 __attribute__((target("ssse3")))
#define HINT_AVX2 __attribute__((target("avx2")))
#define HINT_BITALG \
  __attribute__((target("avx512f,avx512bw,avx512dq,avx512vpopcntdq,avx512bitalg")))

namespace hint { inline namespace HINT_ABI { namespace search::detail {

using u8x16 = std::uint8_t __attribute__((vector_size(16)));
using u8x64 = std::uint8_t __attribute__((vector_size(64)));
using s8x64 = char __attribute__((vector_size(64)));
using u16x32 = std::uint16_t __attribute__((vector_size(64)));

// Hot loops, please measure impact of changes. Variables instead of arrays, as in x86.hpp.

inline constexpr std::uint64_t low_halves = 0x0f0f0f0f0f0f0f0fULL;

// SSSE3, for processors with POPCNT and no AVX2. As AVX2 below, a quarter of a group at a time.

HINT_SSSE3 HINT_INLINE byte_lanes look_up_ssse3(byte_lanes table, byte_lanes halves) noexcept {
  using s8x16 = char __attribute__((vector_size(16)));
  return reinterpret_cast<byte_lanes>(
      __builtin_ia32_pshufb128(reinterpret_cast<s8x16>(table), reinterpret_cast<s8x16>(halves)));
}
HINT_SSSE3 HINT_INLINE void fill_tables_ssse3(const std::uint64_t* queries, std::size_t together,
                                              std::size_t planes, byte_lanes* tables) noexcept {
  constexpr byte_lanes numbers = {0x0706050403020100ULL, 0x0f0e0d0c0b0a0908ULL};
  constexpr byte_lanes counts = {0x0302020102010100ULL, 0x0403030203020201ULL};
  for (std::size_t p = 0; p < planes; ++p)
    for (std::size_t q = 0; q < together; ++q) {
      const std::uint8_t byte = query_byte(queries, together, q, p);
      *tables++ = look_up_ssse3(counts, numbers ^ byte_everywhere(byte & 0x0f));
      *tables++ = look_up_ssse3(counts, numbers ^ byte_everywhere(byte >> 4));
    }
}
HINT_SSSE3 HINT_INLINE byte_lanes quarter_sums(const unsigned char* at, std::size_t planes,
                                               const byte_lanes* tables) noexcept {
  byte_lanes sum = {};
  for (std::size_t p = 0; p < planes; ++p, at += plane_codes, tables += 2) {
    const byte_lanes c = lanes_at(at);
    sum += look_up_ssse3(tables[0], c & low_halves);
    sum += look_up_ssse3(tables[1], (c >> 4) & low_halves);
  }
  return sum;
}
/// The lanes of a quarter of a group below a limit.
HINT_SSSE3 HINT_INLINE std::uint32_t quarter_below(byte_lanes sums, std::uint32_t limit) noexcept {
  using s8x16 = char __attribute__((vector_size(16)));
  const u8x16 all = u8x16{} + static_cast<std::uint8_t>(limit < 0xff ? limit : 0xff);
  return static_cast<std::uint32_t>(
      __builtin_ia32_pmovmskb128(reinterpret_cast<s8x16>(reinterpret_cast<u8x16>(sums) < all)));
}
HINT_SSSE3 __attribute__((noinline)) inline candidate* put_quarter(const byte_lanes* sums,
                                                                   const std::uint64_t* lanes,
                                                                   std::size_t queries,
                                                                   std::size_t block,
                                                                   candidate* out) noexcept {
  return put_lanes_of(lanes, queries, reinterpret_cast<const unsigned char*>(sums), 16, block, out);
}

HINT_SSSE3 inline void plane_distances_ssse3(const std::uint64_t* blocks, std::size_t planes,
                                             std::size_t count, const std::uint64_t* query,
                                             std::uint16_t* out) noexcept {
  byte_lanes tables[2 * most_planes], sums[lane_parts];
  fill_tables_ssse3(query, 1, planes, tables);
  const auto* group = reinterpret_cast<const unsigned char*>(blocks);
  for (std::size_t b = 0; b < count; b += 8, group += planes * plane_codes, out += plane_codes) {
    for (std::size_t i = 0; i < lane_parts; ++i)
      sums[i] = quarter_sums(group + 16 * i, planes, tables);
    put_distances(sums, out);
  }
}
HINT_SSSE3 inline std::size_t scan_planes_one_ssse3(const scan_job& job, std::size_t begin,
                                                    candidate* out, std::size_t& count) noexcept {
  const std::size_t planes = job.words;
  byte_lanes tables[2 * most_planes];
  fill_tables_ssse3(job.queries, 1, planes, tables);
  const auto* group = reinterpret_cast<const unsigned char*>(job.blocks + begin * planes);
  candidate* next = out;
  std::size_t b = begin;
  while (b < job.end) {
    for (std::size_t i = 0; i < lane_parts; ++i) {
      const byte_lanes sum = quarter_sums(group + 16 * i, planes, tables);
      const std::uint64_t lanes = quarter_below(sum, job.limits[0]);
      if (lanes != 0) [[unlikely]]
        next = put_quarter(&sum, &lanes, 1, b + 2 * i, next);
    }
    b += 8, group += planes * plane_codes;
    if (static_cast<std::size_t>(next - out) >= enough_candidates) break;
  }
  count = static_cast<std::size_t>(next - out);
  return b;
}
HINT_SSSE3 inline std::size_t scan_planes_four_ssse3(const scan_job& job, std::size_t begin,
                                                     candidate* out, std::size_t& count) noexcept {
  const std::size_t planes = job.words;
  byte_lanes tables[8 * most_planes];
  fill_tables_ssse3(job.queries, 4, planes, tables);
  const auto* group = reinterpret_cast<const unsigned char*>(job.blocks + begin * planes);
  candidate* next = out;
  std::size_t b = begin;
  while (b < job.end) {
    for (std::size_t i = 0; i < lane_parts; ++i) {
      const unsigned char* at = group + 16 * i;
      const byte_lanes* t = tables;
      byte_lanes s0 = {}, s1 = {}, s2 = {}, s3 = {};
      for (std::size_t p = 0; p < planes; ++p, at += plane_codes, t += 8) {
        const byte_lanes c = lanes_at(at);
        const byte_lanes low = c & low_halves, high = (c >> 4) & low_halves;
        s0 += look_up_ssse3(t[0], low), s1 += look_up_ssse3(t[2], low);
        s2 += look_up_ssse3(t[4], low), s3 += look_up_ssse3(t[6], low);
        s0 += look_up_ssse3(t[1], high), s1 += look_up_ssse3(t[3], high);
        s2 += look_up_ssse3(t[5], high), s3 += look_up_ssse3(t[7], high);
      }
      const std::uint64_t lanes[4] = {
          quarter_below(s0, job.limits[0]), quarter_below(s1, job.limits[1]),
          quarter_below(s2, job.limits[2]), quarter_below(s3, job.limits[3])};
      if ((lanes[0] | lanes[1] | lanes[2] | lanes[3]) != 0) [[unlikely]] {
        const byte_lanes sums[4] = {s0, s1, s2, s3};
        next = put_quarter(sums, lanes, 4, b + 2 * i, next);
      }
    }
    b += 8, group += planes * plane_codes;
    if (static_cast<std::size_t>(next - out) >= enough_candidates) break;
  }
  count = static_cast<std::size_t>(next - out);
  return b;
}

// AVX2: distances of half bytes by look-up in a table for each half byte of the query, so that nothing
// is left to do but to look up and to add.
// Source: as in avx2.hpp; tables by query as in Andre, Kermarrec, Le Scouarnec, "Cache locality is not
// enough: high-performance nearest neighbor search with product quantization fast scan", 2015.

HINT_AVX2 HINT_INLINE u64x4 u64x4_at(const std::uint64_t* p) noexcept {
  u64x4 x;
  std::memcpy(&x, p, sizeof x);
  return x;
}
HINT_AVX2 HINT_INLINE u64x4 half_group_sums(const std::uint64_t* at, std::size_t planes,
                                            const u64x4* tables) noexcept {
  u64x4 sum = {};
  for (std::size_t p = 0; p < planes; ++p, at += plane_codes / 8, tables += 2) {
    const u64x4 c = u64x4_at(at);
    sum += look_up(tables[0], c & low_halves) + look_up(tables[1], (c >> 4) & low_halves);
  }
  return sum;
}
HINT_AVX2 HINT_INLINE void fill_tables(const std::uint64_t* queries, std::size_t together,
                                       std::size_t planes, u64x4* tables) noexcept {
  for (std::size_t p = 0; p < planes; ++p)
    for (std::size_t q = 0; q < together; ++q) {
      const std::uint8_t byte = query_byte(queries, together, q, p);
      *tables++ = half_byte_table(byte & 0x0f);
      *tables++ = half_byte_table(byte >> 4);
    }
}
/// The lanes of half a group below a limit.
HINT_AVX2 HINT_INLINE std::uint32_t bytes_below(u64x4 sums, u8x32 limit) noexcept {
  return static_cast<std::uint32_t>(
      __builtin_ia32_pmovmskb256(reinterpret_cast<s8x32>(reinterpret_cast<u8x32>(sums) < limit)));
}
HINT_AVX2 HINT_INLINE u8x32 byte_limit(std::uint32_t limit) noexcept {
  return u8x32{} + static_cast<std::uint8_t>(limit < 0xff ? limit : 0xff);
}
HINT_AVX2 __attribute__((noinline)) inline candidate* put_half_group(const u64x4* sums,
                                                                     const std::uint64_t* lanes,
                                                                     std::size_t queries,
                                                                     std::size_t block,
                                                                     candidate* out) noexcept {
  return put_lanes_of(lanes, queries, reinterpret_cast<const unsigned char*>(sums), 32, block, out);
}

HINT_AVX2 inline void plane_distances_avx2(const std::uint64_t* blocks, std::size_t planes,
                                           std::size_t count, const std::uint64_t* query,
                                           std::uint16_t* out) noexcept {
  u64x4 tables[2 * most_planes];
  fill_tables(query, 1, planes, tables);
  for (std::size_t b = 0; b < count; b += 8, blocks += planes * (plane_codes / 8))
    for (std::size_t half = 0; half < 2; ++half, out += 32) {
      const u64x4 sums = half_group_sums(blocks + 4 * half, planes, tables);
      u8x16 halves[2];
      std::memcpy(halves, &sums, sizeof halves);
      const auto low = __builtin_convertvector(halves[0], u16x16);
      const auto high = __builtin_convertvector(halves[1], u16x16);
      std::memcpy(out, &low, sizeof low);
      std::memcpy(out + 16, &high, sizeof high);
    }
}
HINT_AVX2 inline std::size_t scan_planes_one_avx2(const scan_job& job, std::size_t begin,
                                                  candidate* out, std::size_t& count) noexcept {
  const std::size_t planes = job.words;
  u64x4 tables[2 * most_planes];
  fill_tables(job.queries, 1, planes, tables);
  const u8x32 limit = byte_limit(job.limits[0]);
  candidate* next = out;
  std::size_t b = begin;
  const std::uint64_t* at = job.blocks + b * planes;
  while (b < job.end) {
    u64x4 s0 = {}, s1 = {};
    const u64x4* t = tables;
    for (std::size_t p = 0; p < planes; ++p, t += 2) {
      const u64x4 c0 = u64x4_at(at + 8 * p), c1 = u64x4_at(at + 8 * p + 4);
      s0 += look_up(t[0], c0 & low_halves) + look_up(t[1], (c0 >> 4) & low_halves);
      s1 += look_up(t[0], c1 & low_halves) + look_up(t[1], (c1 >> 4) & low_halves);
    }
    const std::uint32_t m0 = bytes_below(s0, limit), m1 = bytes_below(s1, limit);
    if ((m0 | m1) != 0) [[unlikely]] {
      const std::uint64_t lanes[2] = {m0, m1};
      next = put_half_group(&s0, lanes, 1, b, next);
      next = put_half_group(&s1, lanes + 1, 1, b + 4, next);
      if (static_cast<std::size_t>(next - out) >= enough_candidates) {
        b += 8;
        break;
      }
    }
    b += 8, at += planes * 8;
  }
  count = static_cast<std::size_t>(next - out);
  return b;
}
HINT_AVX2 __attribute__((noinline)) inline candidate* put_whole_group(const u64x4* sums,
                                                                      const std::uint64_t* lanes,
                                                                      std::size_t block,
                                                                      candidate* out) noexcept {
  return put_lanes_of(lanes, 4, reinterpret_cast<const unsigned char*>(sums), plane_codes, block,
                      out);
}
HINT_AVX2 inline std::size_t scan_planes_four_avx2(const scan_job& job, std::size_t begin,
                                                   candidate* out, std::size_t& count) noexcept {
  const std::size_t planes = job.words;
  u64x4 tables[8 * most_planes];
  fill_tables(job.queries, 4, planes, tables);
  const u8x32 l0 = byte_limit(job.limits[0]), l1 = byte_limit(job.limits[1]);
  const u8x32 l2 = byte_limit(job.limits[2]), l3 = byte_limit(job.limits[3]);
  candidate* next = out;
  std::size_t b = begin;
  const std::uint64_t* group = job.blocks + b * planes;
  while (b < job.end) {
    // One branch for both halves: of 8 bits, so many are near that the processor cannot foresee it.
    u64x4 sums[8];  // two for each query
    std::uint64_t lanes[4] = {};
    for (std::size_t half = 0; half < 2; ++half) {
      const std::uint64_t* at = group + 4 * half;
      const u64x4* t = tables;
      u64x4 s0 = {}, s1 = {}, s2 = {}, s3 = {};
      for (std::size_t p = 0; p < planes; ++p, at += plane_codes / 8, t += 8) {
        const u64x4 c = u64x4_at(at);
        const u64x4 low = c & low_halves, high = (c >> 4) & low_halves;
        s0 += look_up(t[0], low) + look_up(t[1], high);
        s1 += look_up(t[2], low) + look_up(t[3], high);
        s2 += look_up(t[4], low) + look_up(t[5], high);
        s3 += look_up(t[6], low) + look_up(t[7], high);
      }
      sums[half] = s0, sums[2 + half] = s1, sums[4 + half] = s2, sums[6 + half] = s3;
      lanes[0] |= std::uint64_t{bytes_below(s0, l0)} << 32 * half;
      lanes[1] |= std::uint64_t{bytes_below(s1, l1)} << 32 * half;
      lanes[2] |= std::uint64_t{bytes_below(s2, l2)} << 32 * half;
      lanes[3] |= std::uint64_t{bytes_below(s3, l3)} << 32 * half;
    }
    if ((lanes[0] | lanes[1] | lanes[2] | lanes[3]) != 0) [[unlikely]]
      next = put_whole_group(sums, lanes, b, next);
    b += 8, group += planes * 8;
    if (static_cast<std::size_t>(next - out) >= enough_candidates) break;
  }
  count = static_cast<std::size_t>(next - out);
  return b;
}

// AVX-512 with BITALG: 64 distances in a register.

HINT_BITALG HINT_INLINE u64x8 byte_bit_counts(u64x8 x) noexcept {
#if defined(__has_builtin) && __has_builtin(__builtin_elementwise_popcount)
  return reinterpret_cast<u64x8>(__builtin_elementwise_popcount(reinterpret_cast<u8x64>(x)));
#elif defined(__clang__)
  return reinterpret_cast<u64x8>(__builtin_ia32_vpopcntb_512(reinterpret_cast<s8x64>(x)));
#else
  return reinterpret_cast<u64x8>(__builtin_ia32_vpopcountb_v64qi(reinterpret_cast<s8x64>(x)));
#endif
}
// Wrap around in each byte, unlike those of words; no sum of up to 31 bytes does.
HINT_BITALG HINT_INLINE std::uint64_t group_below(u64x8 sums, u64x8 limit) noexcept {
  return __builtin_ia32_ucmpb512_mask(reinterpret_cast<s8x64>(sums), reinterpret_cast<s8x64>(limit),
                                      1, ~0ULL);
}
HINT_BITALG HINT_INLINE u64x8 all_bytes(std::uint32_t x) noexcept {
  return u64x8{} + byte_everywhere(x < 0xff ? x : 0xff);
}
HINT_BITALG HINT_INLINE u64x8 u64x8_at(const std::uint64_t* p) noexcept {
  u64x8 x;
  std::memcpy(&x, p, sizeof x);
  return x;
}
HINT_BITALG HINT_INLINE void fill_bytes(const std::uint64_t* queries, std::size_t together,
                                        std::size_t planes, u64x8* bytes) noexcept {
  for (std::size_t p = 0; p < planes; ++p)
    for (std::size_t q = 0; q < together; ++q)
      *bytes++ = all_bytes(query_byte(queries, together, q, p));
}
HINT_BITALG HINT_INLINE u64x8 group_sums(const std::uint64_t* at, std::size_t planes,
                                         const u64x8* query) noexcept {
  u64x8 sum = byte_bit_counts(u64x8_at(at) ^ query[0]);
  for (std::size_t p = 1; p < planes; ++p) sum += byte_bit_counts(u64x8_at(at + 8 * p) ^ query[p]);
  return sum;
}
/// Writes the codes of a group below the limits of four queries, which have some.
HINT_BITALG __attribute__((noinline)) inline candidate* put_group(const u64x8* sums,
                                                                  const std::uint64_t* lanes,
                                                                  std::size_t queries,
                                                                  std::size_t block,
                                                                  candidate* out) noexcept {
  return put_lanes_of(lanes, queries, reinterpret_cast<const unsigned char*>(sums), plane_codes,
                      block, out);
}

HINT_BITALG inline void plane_distances_avx512(const std::uint64_t* blocks, std::size_t planes,
                                               std::size_t count, const std::uint64_t* query,
                                               std::uint16_t* out) noexcept {
  u64x8 asked[most_planes];
  fill_bytes(query, 1, planes, asked);
  for (std::size_t b = 0; b < count; b += 8, blocks += planes * 8, out += plane_codes) {
    const u64x8 sums = group_sums(blocks, planes, asked);
    u8x32 halves[2];
    std::memcpy(halves, &sums, sizeof halves);
    const auto low = __builtin_convertvector(halves[0], u16x32);
    const auto high = __builtin_convertvector(halves[1], u16x32);
    std::memcpy(out, &low, sizeof low);
    std::memcpy(out + 32, &high, sizeof high);
  }
}
HINT_BITALG inline std::size_t scan_planes_one_avx512(const scan_job& job, std::size_t begin,
                                                      candidate* out, std::size_t& count) noexcept {
  const std::size_t planes = job.words;
  u64x8 asked[most_planes];
  fill_bytes(job.queries, 1, planes, asked);
  const u64x8 limit = all_bytes(job.limits[0]);
  candidate* next = out;
  std::size_t b = begin;
  const std::uint64_t* at = job.blocks + b * planes;
  while (b < job.end) {
    const u64x8 sums = group_sums(at, planes, asked);
    const std::uint64_t lanes = group_below(sums, limit);
    b += 8, at += planes * 8;
    if (lanes != 0) [[unlikely]] {
      next = put_group(&sums, &lanes, 1, b - 8, next);
      if (static_cast<std::size_t>(next - out) >= enough_candidates) break;
    }
  }
  count = static_cast<std::size_t>(next - out);
  return b;
}
HINT_BITALG inline std::size_t scan_planes_four_avx512(const scan_job& job, std::size_t begin,
                                                       candidate* out,
                                                       std::size_t& count) noexcept {
  const std::size_t planes = job.words;
  u64x8 asked[4 * most_planes];
  fill_bytes(job.queries, 4, planes, asked);
  const u64x8 l0 = all_bytes(job.limits[0]), l1 = all_bytes(job.limits[1]);
  const u64x8 l2 = all_bytes(job.limits[2]), l3 = all_bytes(job.limits[3]);
  candidate* next = out;
  std::size_t b = begin;
  const std::uint64_t* at = job.blocks + b * planes;
  while (b < job.end) {
    const u64x8* q = asked;
    const u64x8 first = u64x8_at(at);
    u64x8 s0 = byte_bit_counts(first ^ q[0]), s1 = byte_bit_counts(first ^ q[1]);
    u64x8 s2 = byte_bit_counts(first ^ q[2]), s3 = byte_bit_counts(first ^ q[3]);
    for (std::size_t p = 1; p < planes; ++p) {
      q += 4;
      const u64x8 c = u64x8_at(at + 8 * p);
      s0 += byte_bit_counts(c ^ q[0]), s1 += byte_bit_counts(c ^ q[1]);
      s2 += byte_bit_counts(c ^ q[2]), s3 += byte_bit_counts(c ^ q[3]);
    }
    const std::uint64_t m0 = group_below(s0, l0), m1 = group_below(s1, l1);
    const std::uint64_t m2 = group_below(s2, l2), m3 = group_below(s3, l3);
    b += 8, at += planes * 8;
    if ((m0 | m1 | m2 | m3) != 0) [[unlikely]] {
      const u64x8 sums[4] = {s0, s1, s2, s3};
      const std::uint64_t lanes[4] = {m0, m1, m2, m3};
      next = put_group(sums, lanes, 4, b - 8, next);
      if (static_cast<std::size_t>(next - out) >= enough_candidates) break;
    }
  }
  count = static_cast<std::size_t>(next - out);
  return b;
}

inline constexpr kernel_set ssse3_plane_kernels{"ssse3", &plane_distances_ssse3,
                                                &scan_planes_one_ssse3, &scan_planes_four_ssse3};
inline constexpr kernel_set avx2_plane_kernels{"avx2", &plane_distances_avx2, &scan_planes_one_avx2,
                                               &scan_planes_four_avx2};
inline constexpr kernel_set avx512_plane_kernels{"avx512", &plane_distances_avx512,
                                                 &scan_planes_one_avx512, &scan_planes_four_avx512};

}}}  // namespace hint::HINT_ABI::search::detail

#undef HINT_SSSE3
#undef HINT_AVX2
#undef HINT_BITALG

#endif
#endif
