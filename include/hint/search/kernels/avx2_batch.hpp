// SPDX-License-Identifier: MIT
/// \file
/// Batches with AVX2: codes with their bytes side by side, distances by looking up half bytes.
///
/// A register holds byte j of 32 codes. The distance of a half byte to that of a query, 0 to 4, is found in a
/// table of 16 bytes, which one shuffle looks up for all 32 codes; tables are made for each query and place. So
/// 32 codes of 64 bits take 16 look-ups and 16 additions of bytes, about half of what words side by side take,
/// whose sums of bytes must be added across. To arrange the blocks takes a quarter of one pass of four queries.
/// Source of the look-up: Mula, Kurz, Lemire, "Faster population counts using AVX2 instructions", 2018; of
/// tables for each query: Andre, Kermarrec, Le Scouarnec, "Cache locality is not enough: high-performance nearest
/// neighbor search with product quantization fast scan", 2015.
#ifndef HINT_SEARCH_KERNELS_AVX2_BATCH_HPP
#define HINT_SEARCH_KERNELS_AVX2_BATCH_HPP

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hint/core/config.hpp>
#include <hint/search/kernels/avx2.hpp>
#include <hint/search/kernels/avx2_layout.hpp>
#include <hint/search/kernels/block_layout.hpp>
#include <hint/search/kernels/portable.hpp>

#define HINT_AVX2 __attribute__((target("avx2,popcnt")))

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Codes of more words are scanned as they are: their tables, 1 KiB a word for four queries, would not stay in
/// the first-level cache.
inline constexpr std::size_t avx2_arranged_words = 16;

HINT_AVX2 HINT_INLINE u8x32 look_up(u8x32 table, u8x32 halves) noexcept {
  return reinterpret_cast<u8x32>(
      look_up(reinterpret_cast<u64x4>(table), reinterpret_cast<u64x4>(halves)));
}
/// Sums of bytes that stay at 255.
HINT_AVX2 HINT_INLINE u8x32 sum_at_most_255(u8x32 a, u8x32 b) noexcept {
#if defined(__has_builtin) && __has_builtin(__builtin_elementwise_add_sat)
  return __builtin_elementwise_add_sat(a, b);
#else
  return reinterpret_cast<u8x32>(
      __builtin_ia32_paddusb256(reinterpret_cast<s8x32>(a), reinterpret_cast<s8x32>(b)));
#endif
}

/// Tables for the lower and the upper half of a byte.
HINT_AVX2 HINT_INLINE void make_tables(std::uint8_t byte, u8x32* tables) noexcept {
  tables[0] = reinterpret_cast<u8x32>(half_byte_table(byte & 0x0f));
  tables[1] = reinterpret_cast<u8x32>(half_byte_table(byte >> 4));
}
HINT_AVX2 HINT_INLINE u8x32 look_up_both(const u8x32* tables, u8x32 bytes) noexcept {
  constexpr std::uint64_t half = 0x0f0f0f0f0f0f0f0fULL;
  const auto x = reinterpret_cast<u64x4>(bytes);
  return look_up(tables[0], reinterpret_cast<u8x32>(x & half)) +
         look_up(tables[1], reinterpret_cast<u8x32>((x >> 4) & half));
}
/// For each byte of four queries, 8 tables: of lower and upper half for each of them.
HINT_AVX2 inline void make_tables(const std::uint64_t* queries, std::size_t words,
                                  u8x32* tables) noexcept {
  for (std::size_t w = 0; w < words; ++w, queries += 4)
    for (std::size_t shift = 0; shift < 64; shift += 8)
      for (std::size_t q = 0; q < 4; ++q, tables += 2)
        make_tables(static_cast<std::uint8_t>(queries[q] >> shift), tables);
}

/// Distances of 64 codes to four queries: those of the first 32, then of the others.
struct avx2_sums {
  u8x32 a0, a1, a2, a3, b0, b1, b2, b3;
};
// Hot loops, please measure impact of changes. Variables instead of arrays: at -O2 GCC keeps arrays in memory.

/// Adds what `count` bytes bring.
HINT_AVX2 HINT_INLINE void add_bytes(avx2_sums& s, const u8x32* a, const u8x32* b,
                                     const u8x32* tables, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i, tables += 8) {
    const auto x = reinterpret_cast<u64x4>(a[i]);
    const auto y = reinterpret_cast<u64x4>(b[i]);
    constexpr std::uint64_t half = 0x0f0f0f0f0f0f0f0fULL;
    const auto xl = reinterpret_cast<u8x32>(x & half),
               xh = reinterpret_cast<u8x32>((x >> 4) & half);
    const auto yl = reinterpret_cast<u8x32>(y & half),
               yh = reinterpret_cast<u8x32>((y >> 4) & half);
    s.a0 = sum_at_most_255(s.a0, look_up(tables[0], xl) + look_up(tables[1], xh));
    s.b0 = sum_at_most_255(s.b0, look_up(tables[0], yl) + look_up(tables[1], yh));
    s.a1 = sum_at_most_255(s.a1, look_up(tables[2], xl) + look_up(tables[3], xh));
    s.b1 = sum_at_most_255(s.b1, look_up(tables[2], yl) + look_up(tables[3], yh));
    s.a2 = sum_at_most_255(s.a2, look_up(tables[4], xl) + look_up(tables[5], xh));
    s.b2 = sum_at_most_255(s.b2, look_up(tables[4], yl) + look_up(tables[5], yh));
    s.a3 = sum_at_most_255(s.a3, look_up(tables[6], xl) + look_up(tables[7], xh));
    s.b3 = sum_at_most_255(s.b3, look_up(tables[6], yl) + look_up(tables[7], yh));
  }
}
HINT_AVX2 HINT_INLINE u8x32 lower(u8x32 a, u8x32 b) noexcept { return a < b ? a : b; }
/// Not zero where a sum of 32 is below the limit, at most 255.
HINT_AVX2 HINT_INLINE u8x32 below(u8x32 a, u8x32 b, u8x32 limit) noexcept {
  const u8x32 m = lower(a, b);
  return lower(m, limit) ^ limit;
}
HINT_AVX2 HINT_INLINE bool all_zero(u8x32 x) noexcept {
  const auto y = reinterpret_cast<s64x4>(x);
  return __builtin_ia32_ptestz256(y, y) != 0;
}

/// Writes those of 32 rows whose sum is below the limit; rare, so it stays out of the loop.
HINT_AVX2 __attribute__((noinline)) inline candidate* put_bytes_below(
    u8x32 sums, std::uint32_t limit, std::size_t row, std::size_t query, candidate* out) noexcept {
  const auto far = reinterpret_cast<s8x32>(
      lower(sums, u8x32{} + static_cast<std::uint8_t>(limit)) == static_cast<std::uint8_t>(limit));
  for (auto near = ~static_cast<std::uint32_t>(__builtin_ia32_pmovmskb256(far)); near != 0;
       near &= near - 1) {
    const auto lane = static_cast<std::size_t>(std::countr_zero(near));
    *out++ = {static_cast<std::uint32_t>(row + lane), static_cast<std::uint16_t>(query),
              sums[lane]};
  }
  return out;
}

/// Limits of at most 255: sums are bytes.
HINT_AVX2 inline std::size_t scan_arranged_near(const scan_job& job, std::size_t begin,
                                                const u8x32* tables, candidate* out,
                                                std::size_t& count) noexcept {
  const std::size_t bytes = 8 * job.words;
  const std::size_t check = job.check == 0 || job.check > job.words ? bytes : 8 * job.check;
  const std::uint32_t* limits = job.limits;
  const u8x32 l0 = u8x32{} + static_cast<std::uint8_t>(limits[0]);
  const u8x32 l1 = u8x32{} + static_cast<std::uint8_t>(limits[1]);
  const u8x32 l2 = u8x32{} + static_cast<std::uint8_t>(limits[2]);
  const u8x32 l3 = u8x32{} + static_cast<std::uint8_t>(limits[3]);
  candidate* next = out;
  std::size_t b = begin;
  const auto* a = reinterpret_cast<const u8x32*>(job.blocks) + b * job.words * 2;
  while (b < job.end) {
    // Groups by twos; the last one may be its own other.
    const bool two = b + 8 <= job.end;
    const u8x32* const other = two ? a + bytes : a;
    avx2_sums s = {};
    bool any = false;
    for (std::size_t at = 0, stop = check;; stop = bytes) {
      add_bytes(s, a + at, other + at, tables + 8 * at, stop - at);
      at = stop;
      any = !all_zero(below(s.a0, s.b0, l0) | below(s.a1, s.b1, l1) | below(s.a2, s.b2, l2) |
                      below(s.a3, s.b3, l3));
      if (!any || at == bytes) break;
    }
    if (any) [[unlikely]] {
      const std::size_t row = b * block_codes;
      next = put_bytes_below(s.a0, limits[0], row, 0, next);
      next = put_bytes_below(s.a1, limits[1], row, 1, next);
      next = put_bytes_below(s.a2, limits[2], row, 2, next);
      next = put_bytes_below(s.a3, limits[3], row, 3, next);
      if (two) {
        next = put_bytes_below(s.b0, limits[0], row + 32, 0, next);
        next = put_bytes_below(s.b1, limits[1], row + 32, 1, next);
        next = put_bytes_below(s.b2, limits[2], row + 32, 2, next);
        next = put_bytes_below(s.b3, limits[3], row + 32, 3, next);
      }
    }
    b += two ? 8 : 4, a += 2 * bytes;
    if (static_cast<std::size_t>(next - out) >= enough_candidates) break;
  }
  count = static_cast<std::size_t>(next - out);
  return b;
}

/// Adds bytes to wider sums, in lanes: bytes 0-7 and 16-23, then the others.
HINT_AVX2 HINT_INLINE void add_wide(u16x16* wide, u8x32 sums) noexcept {
  wide[0] += low_of(sums, u8x32{});
  wide[1] += high_of(sums, u8x32{});
}
/// Writes 32 sums that `add_wide` laid in the order of their rows.
HINT_AVX2 HINT_INLINE void put_wide(const u16x16* wide, std::uint16_t* out) noexcept {
  const auto* from = reinterpret_cast<const unsigned char*>(wide);
  std::memcpy(out, from, 16), std::memcpy(out + 8, from + 32, 16);
  std::memcpy(out + 16, from + 16, 16), std::memcpy(out + 24, from + 48, 16);
}
/// Writes those of 32 rows whose sum, as `add_wide` lays them, is below the limit.
HINT_AVX2 __attribute__((noinline)) inline candidate* put_wide_below(const u16x16* wide,
                                                                     std::uint32_t limit,
                                                                     std::size_t row,
                                                                     std::size_t query,
                                                                     candidate* out) noexcept {
  for (std::size_t lane = 0; lane < 32; ++lane) {
    const std::uint16_t sum = wide[lane / 8 % 2][lane % 8 + lane / 16 * 8];
    if (sum < limit)
      *out++ = {static_cast<std::uint32_t>(row + lane), static_cast<std::uint16_t>(query), sum};
  }
  return out;
}

/// Any limits: bytes are added to wider sums before they can overflow.
HINT_AVX2 inline std::size_t scan_arranged_far(const scan_job& job, std::size_t begin,
                                               const u8x32* tables, candidate* out,
                                               std::size_t& count) noexcept {
  constexpr std::size_t most = 31;  // bytes: 31 * 8 = 248
  const std::size_t bytes = 8 * job.words;
  candidate* next = out;
  std::size_t b = begin;
  const auto* a = reinterpret_cast<const u8x32*>(job.blocks) + b * job.words * 2;
  while (b < job.end) {
    const bool two = b + 8 <= job.end;
    const u8x32* const other = two ? a + bytes : a;
    u16x16 wide[8][2] = {};
    for (std::size_t at = 0; at < bytes;) {
      const std::size_t part = bytes - at < most ? bytes - at : most;
      avx2_sums s = {};
      add_bytes(s, a + at, other + at, tables + 8 * at, part);
      at += part;
      add_wide(wide[0], s.a0), add_wide(wide[1], s.a1), add_wide(wide[2], s.a2),
          add_wide(wide[3], s.a3);
      add_wide(wide[4], s.b0), add_wide(wide[5], s.b1), add_wide(wide[6], s.b2),
          add_wide(wide[7], s.b3);
    }
    for (std::size_t i = 0; i < (two ? 8U : 4U); ++i) {
      const std::uint32_t limit = job.limits[i % 4];
      const u16x16 l = u16x16{} + static_cast<std::uint16_t>(limit);
      const u16x16 m = wide[i][0] < wide[i][1] ? wide[i][0] : wide[i][1];
      if (!all_zero(reinterpret_cast<u8x32>((m < l ? m : l) ^ l))) [[unlikely]]
        next = put_wide_below(wide[i], limit, b * block_codes + i / 4 * 32, i % 4, next);
    }
    b += two ? 8 : 4, a += 2 * bytes;
    if (static_cast<std::size_t>(next - out) >= enough_candidates) break;
  }
  count = static_cast<std::size_t>(next - out);
  return b;
}

HINT_AVX2 inline std::size_t scan_arranged_with(const scan_job& job, std::size_t begin,
                                                const u8x32* tables, candidate* out,
                                                std::size_t& count) noexcept {
  bool near = true;
  for (std::size_t q = 0; q < 4; ++q) near = near && job.limits[q] <= 255;
  return near ? scan_arranged_near(job, begin, tables, out, count)
              : scan_arranged_far(job, begin, tables, out, count);
}

/// `scan_four` for blocks that `arrange_avx2` arranged.
HINT_AVX2 inline std::size_t scan_arranged_avx2(const scan_job& job, std::size_t begin,
                                                candidate* out, std::size_t& count) noexcept {
  u8x32 tables[64 * avx2_arranged_words];
  make_tables(job.queries, job.words, tables);
  return scan_arranged_with(job, begin, tables, out, count);
}

/// Arranges some blocks at a time, in the first-level cache.
HINT_AVX2 inline std::size_t scan_four_avx2(const scan_job& job, std::size_t begin, candidate* out,
                                            std::size_t& count) noexcept {
  if (job.words > avx2_arranged_words)
    return scan_by_distances<&distances_avx2, 4>(job, begin, out, count);
  constexpr std::size_t most_words = 2 * group_codes * avx2_arranged_words;
  alignas(64) std::uint64_t arranged[most_words];
  u8x32 tables[64 * avx2_arranged_words];
  make_tables(job.queries, job.words, tables);
  const std::size_t step = most_words / (2 * group_codes * job.words) * 8;  // blocks
  const std::size_t block = job.words * block_codes;
  std::size_t found = 0;
  while (begin < job.end && found < enough_candidates) {
    const std::size_t blocks = job.end - begin < step ? job.end - begin : step;
    arrange_avx2(job.blocks + begin * block, job.words, blocks, arranged);
    const scan_job part{arranged, job.words, blocks, job.queries, job.limits, job.check};
    std::size_t here = 0;
    const std::size_t done = scan_arranged_with(part, 0, tables, out + found, here);
    for (std::size_t i = 0; i < here; ++i)
      out[found + i].row += static_cast<std::uint32_t>(begin * block_codes);
    begin += done;
    found += here;
  }
  count = found;
  return begin;
}

/// Distances of one query to arranged blocks, two groups at a time.
HINT_AVX2 inline void distances_arranged_avx2(const std::uint64_t* blocks, std::size_t words,
                                              std::size_t count, const std::uint64_t* query,
                                              std::uint16_t* out) noexcept {
  constexpr std::size_t most = 31;  // bytes: 31 * 8 = 248
  u8x32 tables[16 * avx2_arranged_words];
  const std::size_t bytes = 8 * words;
  for (std::size_t i = 0; i < bytes; ++i)
    make_tables(static_cast<std::uint8_t>(query[i / 8] >> i % 8 * 8), tables + 2 * i);
  const auto* a = reinterpret_cast<const u8x32*>(blocks);
  for (std::size_t b = 0; b < count; b += 8, a += 2 * bytes, out += 2 * group_codes) {
    // The last group may be its own other.
    const bool two = b + 8 <= count;
    const u8x32* const other = two ? a + bytes : a;
    u16x16 low[2] = {}, high[2] = {};
    for (std::size_t at = 0; at < bytes;) {
      const std::size_t stop = bytes - at < most ? bytes : at + most;
      u8x32 x = {}, y = {};
      for (; at < stop; ++at) {
        x += look_up_both(tables + 2 * at, a[at]);
        y += look_up_both(tables + 2 * at, other[at]);
      }
      add_wide(low, x);
      add_wide(high, y);
    }
    put_wide(low, out);
    if (two) put_wide(high, out + group_codes);
  }
}

/// The same of four queries, of codes whose distances are bytes.
HINT_AVX2 inline void four_distances_near(const u8x32* a, std::size_t bytes, std::size_t count,
                                          const u8x32* tables, std::uint16_t* out,
                                          std::size_t stride) noexcept {
  for (std::size_t b = 0; b < count; b += 8, a += 2 * bytes, out += 2 * group_codes) {
    const bool two = b + 8 <= count;
    avx2_sums s = {};
    add_bytes(s, a, two ? a + bytes : a, tables, bytes);
    put_widened(s.a0, out), put_widened(s.a1, out + stride);
    put_widened(s.a2, out + 2 * stride), put_widened(s.a3, out + 3 * stride);
    if (!two) break;
    std::uint16_t* const next = out + group_codes;
    put_widened(s.b0, next), put_widened(s.b1, next + stride);
    put_widened(s.b2, next + 2 * stride), put_widened(s.b3, next + 3 * stride);
  }
}
HINT_AVX2 inline void four_distances_avx2(const std::uint64_t* blocks, std::size_t words,
                                          std::size_t count, const std::uint64_t* queries,
                                          std::uint16_t* out, std::size_t stride) noexcept {
  constexpr std::size_t most = 31;  // bytes: 31 * 8 = 248
  u8x32 tables[64 * avx2_arranged_words];
  make_tables(queries, words, tables);
  const std::size_t bytes = 8 * words;
  const auto* a = reinterpret_cast<const u8x32*>(blocks);
  if (bytes <= most) return four_distances_near(a, bytes, count, tables, out, stride);
  for (std::size_t b = 0; b < count; b += 8, a += 2 * bytes, out += 2 * group_codes) {
    const bool two = b + 8 <= count;
    const u8x32* const other = two ? a + bytes : a;
    u16x16 wide[8][2] = {};
    for (std::size_t at = 0; at < bytes;) {
      const std::size_t part = bytes - at < most ? bytes - at : most;
      avx2_sums s = {};
      add_bytes(s, a + at, other + at, tables + 8 * at, part);
      at += part;
      add_wide(wide[0], s.a0), add_wide(wide[1], s.a1), add_wide(wide[2], s.a2),
          add_wide(wide[3], s.a3);
      add_wide(wide[4], s.b0), add_wide(wide[5], s.b1), add_wide(wide[6], s.b2),
          add_wide(wide[7], s.b3);
    }
    for (std::size_t q = 0; q < 4; ++q) {
      put_wide(wide[q], out + q * stride);
      if (two) put_wide(wide[4 + q], out + q * stride + group_codes);
    }
  }
}

inline constexpr kernel_set avx2_kernels{.name = "avx2",
                                         .distances = &distances_avx2,
                                         .scan_one = &scan_one_avx2,
                                         .scan_four = &scan_four_avx2,
                                         .arrange = &arrange_avx2,
                                         .distances_arranged = &distances_arranged_avx2,
                                         .four_distances_arranged = &four_distances_avx2,
                                         .scan_arranged = &scan_arranged_avx2,
                                         .arranged_fours = 2,
                                         .arranged_words = avx2_arranged_words,
                                         .any_common = &any_common_avx2};

}}}  // namespace hint::HINT_ABI::search::detail

#undef HINT_AVX2

#endif
#endif
