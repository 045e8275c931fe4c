// SPDX-License-Identifier: MIT
/// \file
/// The order of codes for batches with AVX2: byte by byte.
#ifndef HINT_SEARCH_KERNELS_AVX2_LAYOUT_HPP
#define HINT_SEARCH_KERNELS_AVX2_LAYOUT_HPP

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hint/core/config.hpp>
#include <hint/search/kernels/avx2.hpp>
#include <hint/search/kernels/block_layout.hpp>
#include <hint/search/kernels/portable.hpp>

#define HINT_AVX2 __attribute__((target("avx2,popcnt")))
#if defined(__clang__) || __GNUC__ >= 12
#define HINT_SHUFFLE(type, a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else  // all that g++ 11 has
#define HINT_SHUFFLE(type, a, b, ...) __builtin_shuffle(a, b, type{__VA_ARGS__})
#endif

namespace hint { inline namespace HINT_ABI { namespace search::detail {

using u64x2 = std::uint64_t __attribute__((vector_size(16)));

/// Two codes and the two 16 rows on.
HINT_AVX2 HINT_INLINE u64x4 codes_of_lanes(const std::uint64_t* low,
                                           const std::uint64_t* high) noexcept {
  u64x2 a, b;
  std::memcpy(&a, low, sizeof a);
  std::memcpy(&b, high, sizeof b);
#if defined(__clang__) || __GNUC__ >= 12
  return __builtin_shufflevector(a, b, 0, 1, 2, 3);
#else
  return u64x4{a[0], a[1], b[0], b[1]};
#endif
}
/// Bytes 0 of a lane's two codes, bytes 1, ...
HINT_AVX2 HINT_INLINE u16x16 bytes_in_pairs(u64x4 codes) noexcept {
  constexpr s8x32 pairs = {0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15,
                           0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15};
  return reinterpret_cast<u16x16>(__builtin_ia32_pshufb256(reinterpret_cast<s8x32>(codes), pairs));
}
// The lower or upper halves of the lanes of two registers, in turns.
HINT_AVX2 HINT_INLINE u16x16 low_of(u8x32 a, u8x32 b) noexcept {
  return reinterpret_cast<u16x16>(HINT_SHUFFLE(u8x32, a, b, 0, 32, 1, 33, 2, 34, 3, 35, 4, 36, 5,
                                               37, 6, 38, 7, 39, 16, 48, 17, 49, 18, 50, 19, 51, 20,
                                               52, 21, 53, 22, 54, 23, 55));
}
HINT_AVX2 HINT_INLINE u16x16 high_of(u8x32 a, u8x32 b) noexcept {
  return reinterpret_cast<u16x16>(HINT_SHUFFLE(u8x32, a, b, 8, 40, 9, 41, 10, 42, 11, 43, 12, 44,
                                               13, 45, 14, 46, 15, 47, 24, 56, 25, 57, 26, 58, 27,
                                               59, 28, 60, 29, 61, 30, 62, 31, 63));
}
HINT_AVX2 HINT_INLINE u32x8 low_of(u16x16 a, u16x16 b) noexcept {
  return reinterpret_cast<u32x8>(
      HINT_SHUFFLE(u16x16, a, b, 0, 16, 1, 17, 2, 18, 3, 19, 8, 24, 9, 25, 10, 26, 11, 27));
}
HINT_AVX2 HINT_INLINE u32x8 high_of(u16x16 a, u16x16 b) noexcept {
  return reinterpret_cast<u32x8>(
      HINT_SHUFFLE(u16x16, a, b, 4, 20, 5, 21, 6, 22, 7, 23, 12, 28, 13, 29, 14, 30, 15, 31));
}
HINT_AVX2 HINT_INLINE u64x4 low_of(u32x8 a, u32x8 b) noexcept {
  return reinterpret_cast<u64x4>(HINT_SHUFFLE(u32x8, a, b, 0, 8, 1, 9, 4, 12, 5, 13));
}
HINT_AVX2 HINT_INLINE u64x4 high_of(u32x8 a, u32x8 b) noexcept {
  return reinterpret_cast<u64x4>(HINT_SHUFFLE(u32x8, a, b, 2, 10, 3, 11, 6, 14, 7, 15));
}
HINT_AVX2 HINT_INLINE u64x4 low_of(u64x4 a, u64x4 b) noexcept {
  return HINT_SHUFFLE(u64x4, a, b, 0, 4, 2, 6);
}
HINT_AVX2 HINT_INLINE u64x4 high_of(u64x4 a, u64x4 b) noexcept {
  return HINT_SHUFFLE(u64x4, a, b, 1, 5, 3, 7);
}

/// Writes 32 bytes as wider numbers, in their order.
HINT_AVX2 HINT_INLINE void put_widened(u8x32 bytes, std::uint16_t* out) noexcept {
  const auto a = reinterpret_cast<u64x4>(low_of(bytes, u8x32{}));
  const auto b = reinterpret_cast<u64x4>(high_of(bytes, u8x32{}));
  const u64x4 first = HINT_SHUFFLE(u64x4, a, b, 0, 1, 4, 5);
  const u64x4 second = HINT_SHUFFLE(u64x4, a, b, 2, 3, 6, 7);
  std::memcpy(out, &first, sizeof first);
  std::memcpy(out + 16, &second, sizeof second);
}

/// Arranges blocks group by group: byte j of word w of the 32 codes of a group are 32 bytes at 8 w + j.
HINT_AVX2 inline void arrange_avx2(const std::uint64_t* blocks, std::size_t words,
                                   std::size_t count, std::uint64_t* out) noexcept {
  const std::size_t block = words * block_codes;
  auto* at = reinterpret_cast<u64x4*>(out);
  for (std::size_t b = 0; b < count; b += 4, blocks += 4 * block)
    for (std::size_t w = 0; w < words; ++w, at += 8) {
      const std::uint64_t* c = blocks + w * block_codes;
      const std::uint64_t *d = c + block, *e = d + block, *f = e + block;
      const u16x16 r0 = bytes_in_pairs(codes_of_lanes(c, e));
      const u16x16 r1 = bytes_in_pairs(codes_of_lanes(c + 2, e + 2));
      const u16x16 r2 = bytes_in_pairs(codes_of_lanes(c + 4, e + 4));
      const u16x16 r3 = bytes_in_pairs(codes_of_lanes(c + 6, e + 6));
      const u16x16 r4 = bytes_in_pairs(codes_of_lanes(d, f));
      const u16x16 r5 = bytes_in_pairs(codes_of_lanes(d + 2, f + 2));
      const u16x16 r6 = bytes_in_pairs(codes_of_lanes(d + 4, f + 4));
      const u16x16 r7 = bytes_in_pairs(codes_of_lanes(d + 6, f + 6));
      const u32x8 l01 = low_of(r0, r1), l23 = low_of(r2, r3);
      const u32x8 l45 = low_of(r4, r5), l67 = low_of(r6, r7);
      const u32x8 h01 = high_of(r0, r1), h23 = high_of(r2, r3);
      const u32x8 h45 = high_of(r4, r5), h67 = high_of(r6, r7);
      at[0] = low_of(low_of(l01, l23), low_of(l45, l67));
      at[1] = high_of(low_of(l01, l23), low_of(l45, l67));
      at[2] = low_of(high_of(l01, l23), high_of(l45, l67));
      at[3] = high_of(high_of(l01, l23), high_of(l45, l67));
      at[4] = low_of(low_of(h01, h23), low_of(h45, h67));
      at[5] = high_of(low_of(h01, h23), low_of(h45, h67));
      at[6] = low_of(high_of(h01, h23), high_of(h45, h67));
      at[7] = high_of(high_of(h01, h23), high_of(h45, h67));
    }
}

using s16x16 = short __attribute__((vector_size(32)));
using s32x8 = int __attribute__((vector_size(32)));
using u16x8 = std::uint16_t __attribute__((vector_size(16)));

/// The lower halves of all lanes, -1 for words without a common bit, else 0; of four items from each of two.
HINT_AVX2 HINT_INLINE s32x8 none_common(const std::uint64_t* rows, u64x4 mask) noexcept {
  u64x4 a, b;
  std::memcpy(&a, rows, sizeof a);
  std::memcpy(&b, rows + 4, sizeof b);
  const auto x = reinterpret_cast<u32x8>((a & mask) == 0),
             y = reinterpret_cast<u32x8>((b & mask) == 0);
  return reinterpret_cast<s32x8>(HINT_SHUFFLE(u32x8, x, y, 0, 2, 8, 10, 4, 6, 12, 14));
}
HINT_AVX2 inline void any_common_avx2(const std::uint64_t* rows, std::size_t count,
                                      std::uint64_t mask, std::uint8_t* out) noexcept {
  const u64x4 all = u64x4{} + mask;
  std::size_t i = 0;
  for (; i + 32 <= count; i += 32, rows += 32, out += 32) {
    const s16x16 low =
        __builtin_ia32_packssdw256(none_common(rows, all), none_common(rows + 8, all));
    const s16x16 high =
        __builtin_ia32_packssdw256(none_common(rows + 16, all), none_common(rows + 24, all));
    const auto marks = reinterpret_cast<u8x32>(__builtin_ia32_packsswb256(low, high)) + 1;
    // Items 0, 1 of every four, then 2, 3.
    u16x8 half[2];
    std::memcpy(half, &marks, sizeof half);
    const u16x8 first = HINT_SHUFFLE(u16x8, half[0], half[1], 0, 8, 1, 9, 2, 10, 3, 11);
    const u16x8 second = HINT_SHUFFLE(u16x8, half[0], half[1], 4, 12, 5, 13, 6, 14, 7, 15);
    std::memcpy(out, &first, sizeof first);
    std::memcpy(out + 16, &second, sizeof second);
  }
  any_common_portable(rows, count - i, mask, out);
}

}}}  // namespace hint::HINT_ABI::search::detail

#undef HINT_AVX2
#undef HINT_SHUFFLE

#endif
#endif
