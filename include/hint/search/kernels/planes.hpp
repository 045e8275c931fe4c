// SPDX-License-Identifier: MIT
/// \file
/// The kernels for codes in byte planes (code_layout.hpp) in plain C++: what others must agree with, and
/// what machines without AVX2 use.
#ifndef HINT_SEARCH_KERNELS_PLANES_HPP
#define HINT_SEARCH_KERNELS_PLANES_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hint/core/config.hpp>
#include <hint/search/kernels/code_layout.hpp>
#include <hint/search/kernels/neon.hpp>
#include <hint/search/kernels/portable.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

// `scan_job::words` and the `words` of distances are the number of planes here; blocks come in eights.

#if defined(__GNUC__) || defined(__clang__)
/// Bytes that are counted together: what any 64-bit processor with vectors has.
using byte_lanes = std::uint64_t __attribute__((vector_size(16)));
#else
using byte_lanes = std::uint64_t;
#endif
inline constexpr std::size_t lane_parts = plane_codes / sizeof(byte_lanes);

/// Of each byte its number of set bits.
HINT_INLINE byte_lanes lane_counts(byte_lanes x) noexcept {
#if defined(HINT_SEARCH_NEON)
  return reinterpret_cast<byte_lanes>(vcntq_u8(reinterpret_cast<uint8x16_t>(x)));
#else
  x -= (x >> 1) & 0x5555555555555555ULL;
  x = (x & 0x3333333333333333ULL) + ((x >> 2) & 0x3333333333333333ULL);
  return (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fULL;
#endif
}
/// A byte in every lane of a 64-bit word.
[[nodiscard]] constexpr std::uint64_t byte_everywhere(std::uint32_t byte) noexcept {
  return byte * std::uint64_t{0x0101010101010101};
}
HINT_INLINE byte_lanes lanes_at(const unsigned char* p) noexcept {
  byte_lanes x;
  std::memcpy(&x, p, sizeof x);
  return x;
}

/// Writes the codes of a group whose bits are set in `lanes`.
inline candidate* put_lanes(std::uint64_t lanes, const std::uint8_t* distances, std::size_t block,
                            std::size_t query, candidate* out) noexcept {
  for (; lanes != 0; lanes &= lanes - 1) {
    const auto lane = static_cast<std::size_t>(std::countr_zero(lanes));
    *out++ = {static_cast<std::uint32_t>(block * block_codes + lane),
              static_cast<std::uint16_t>(query), distances[lane]};
  }
  return out;
}

/// The same for several queries, each with `width` distances. Among short codes many are as near as the
/// limit allows, here and there: so the first of each query is written without a branch that the processor
/// would have to guess.
HINT_INLINE candidate* put_lanes_of(const std::uint64_t* lanes, std::size_t queries,
                                    const std::uint8_t* distances, std::size_t width,
                                    std::size_t block, candidate* out) noexcept {
  constexpr std::uint64_t stop = std::uint64_t{1} << 63;
  std::uint64_t more = 0;
  for (std::size_t q = 0; q < queries; ++q) {
    const auto lane = static_cast<std::size_t>(std::countr_zero(lanes[q] | stop)) & (width - 1);
    *out = {static_cast<std::uint32_t>(block * block_codes + lane), static_cast<std::uint16_t>(q),
            distances[q * width + lane]};
    out += lanes[q] != 0 ? 1 : 0;
    more |= lanes[q] & (lanes[q] - 1);
  }
  if (more != 0)
    for (std::size_t q = 0; q < queries; ++q)
      out = put_lanes(lanes[q] & (lanes[q] - 1), distances + q * width, block, q, out);
  return out;
}

/// The distances of a group to a query, its bytes all over the lanes.
HINT_INLINE void plane_sums(const unsigned char* group, std::size_t planes, const byte_lanes* query,
                            std::size_t step, byte_lanes* sums) noexcept {
  for (std::size_t i = 0; i < lane_parts; ++i, group += sizeof(byte_lanes)) {
    byte_lanes sum = lane_counts(lanes_at(group) ^ query[0]);
    for (std::size_t p = 1; p < planes; ++p)
      sum += lane_counts(lanes_at(group + p * plane_codes) ^ query[p * step]);
    sums[i] = sum;
  }
}
/// The lanes below a limit: bytes are compared by subtraction, their top bits set so that none borrows.
HINT_INLINE std::uint64_t lanes_below(const byte_lanes* sums, std::uint32_t limit) noexcept {
  constexpr std::uint64_t tops = byte_everywhere(0x80);
  const std::uint64_t bound = byte_everywhere(limit & 0x7f);
  const std::uint64_t beyond = limit < 0x80 ? ~std::uint64_t{0} : 0;
  byte_lanes reach[lane_parts];
  byte_lanes all = byte_lanes{} + tops;
  for (std::size_t i = 0; i < lane_parts; ++i) {
    const byte_lanes rest = (sums[i] | tops) - bound;
    reach[i] = (sums[i] & rest) | ((sums[i] | rest) & beyond);
    all &= reach[i];
  }
  std::uint64_t words[plane_codes / 8];
  std::memcpy(words, &all, sizeof all);
  std::uint64_t both = words[0];
  for (std::size_t i = 1; i < sizeof all / 8; ++i) both &= words[i];
  if (both == tops) return 0;
  std::memcpy(words, reach, sizeof words);
  std::uint64_t lanes = 0;
  for (std::size_t i = 0; i < plane_codes / 8; ++i)
    lanes |= (((~words[i] & tops) >> 7) * 0x0102040810204080ULL) >> 56 << (8 * i);
  return lanes;
}

/// The bytes of queries, each all over the lanes: byte p of query q is place p * together + q.
HINT_INLINE void fill_lanes(const std::uint64_t* queries, std::size_t together, std::size_t planes,
                            byte_lanes* out) noexcept {
  for (std::size_t p = 0; p < planes; ++p)
    for (std::size_t q = 0; q < together; ++q)
      *out++ = byte_lanes{} + byte_everywhere(query_byte(queries, together, q, p));
}
/// Writes the distances of a group.
HINT_INLINE void put_distances(const byte_lanes* sums, std::uint16_t* out) noexcept {
  std::uint8_t found[plane_codes];
  std::memcpy(found, sums, sizeof found);
  for (std::size_t i = 0; i < plane_codes; ++i) out[i] = found[i];
}
/// Writes the codes of a group below the limit.
HINT_INLINE candidate* put_below(const byte_lanes* sums, std::uint32_t limit, std::size_t block,
                                 std::size_t query, candidate* out) noexcept {
  const std::uint64_t lanes = lanes_below(sums, (std::min)(limit, std::uint32_t{0xff}));
  if (lanes == 0) return out;
  std::uint8_t found[plane_codes];
  std::memcpy(found, sums, sizeof found);
  return put_lanes(lanes, found, block, query, out);
}

inline void plane_distances_portable(const std::uint64_t* blocks, std::size_t planes,
                                     std::size_t count, const std::uint64_t* query,
                                     std::uint16_t* out) noexcept {
  byte_lanes asked[most_planes], sums[lane_parts];
  fill_lanes(query, 1, planes, asked);
  const auto* group = reinterpret_cast<const unsigned char*>(blocks);
  for (std::size_t b = 0; b < count; b += 8, group += planes * plane_codes, out += plane_codes) {
    plane_sums(group, planes, asked, 1, sums);
    put_distances(sums, out);
  }
}
template <std::size_t Queries>
std::size_t scan_planes_portable(const scan_job& job, std::size_t begin, candidate* out,
                                 std::size_t& count) noexcept {
  const std::size_t planes = job.words;
  byte_lanes asked[most_planes * Queries], sums[lane_parts];
  fill_lanes(job.queries, Queries, planes, asked);
  const auto* group = reinterpret_cast<const unsigned char*>(job.blocks + begin * planes);
  candidate* next = out;
  std::size_t b = begin;
  while (b < job.end) {
    for (std::size_t q = 0; q < Queries; ++q) {
      plane_sums(group, planes, asked + q, Queries, sums);
      next = put_below(sums, job.limits[q], b, q, next);
    }
    b += plane_codes / block_codes, group += planes * plane_codes;
    if (static_cast<std::size_t>(next - out) >= enough_candidates) break;
  }
  count = static_cast<std::size_t>(next - out);
  return b;
}

inline constexpr kernel_set portable_plane_kernels{
    "portable", &plane_distances_portable, &scan_planes_portable<1>, &scan_planes_portable<4>};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
