// SPDX-License-Identifier: MIT
/// \file
/// The kernels of a scan in plain C++: what every other set of kernels must agree with, and the scan
/// for sets that bring no more than distances.
#ifndef HINT_SEARCH_KERNELS_PORTABLE_HPP
#define HINT_SEARCH_KERNELS_PORTABLE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/search/kernels/block_layout.hpp>

// Machines with kernels of their own.
#if defined(__GNUC__) || defined(__clang__)
#if defined(__x86_64__)
#define HINT_SEARCH_X86 1
#elif defined(__aarch64__)
#define HINT_SEARCH_NEON 1
#endif
#endif

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// `std::popcount` without a call. Compilers that may not assume a popcnt instruction make std::popcount
/// a call into their run-time library, which is five times slower; those that may turn this into one.
[[nodiscard]] constexpr std::uint32_t count_bits(std::uint64_t x) noexcept {
  x -= (x >> 1) & 0x5555555555555555ULL;
  x = (x & 0x3333333333333333ULL) + ((x >> 2) & 0x3333333333333333ULL);
  x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fULL;
  return static_cast<std::uint32_t>((x * 0x0101010101010101ULL) >> 56);
}

/// A code that a scan found below its query's limit.
struct candidate {
  std::uint32_t row;    ///< counted from the first block that the kernel was given
  std::uint16_t query;  ///< of those scanned together
  std::uint16_t distance;
};

/// A scan returns as soon as it holds this many candidates, so that limits can sink; a step may bring
/// up to 64 for each of four queries on top.
inline constexpr std::size_t enough_candidates = 64;
inline constexpr std::size_t most_candidates = enough_candidates + 4 * 64;

/// What a scan is asked. Several queries have their words interleaved: word w of query q is
/// queries[w * number of queries + q].
struct scan_job {
  const std::uint64_t* blocks;
  std::size_t words;  ///< of a code
  std::size_t end;    ///< block behind the last, a multiple of group_codes / block_codes
  const std::uint64_t* queries;
  const std::uint32_t* limits;  ///< of each query: distances below it are candidates
  std::size_t check;            ///< words after which to look whether all are beyond their limits
                                ///< already; 0 or words: never
};

/// out[i] = distance of the query to row i of `blocks` blocks.
using distances_kernel = void (*)(const std::uint64_t* blocks, std::size_t words, std::size_t count,
                                  const std::uint64_t* query, std::uint16_t* out) noexcept;
/// The same of four queries, their words interleaved: out[q * stride + i] for query q.
using four_distances_kernel = void (*)(const std::uint64_t* blocks, std::size_t words,
                                       std::size_t count, const std::uint64_t* queries,
                                       std::uint16_t* out, std::size_t stride) noexcept;
/// Scans from block `begin` on, a multiple of 4; writes candidates in the order of blocks and their
/// number; returns the block to go on with, job.end when done. Rows that only fill up come as well.
using scan_kernel = std::size_t (*)(const scan_job& job, std::size_t begin, candidate* out,
                                    std::size_t& count) noexcept;

/// Writes `count` blocks, a multiple of 4, in the order that a scan of a batch wants; they take as many words.
using arrange_kernel = void (*)(const std::uint64_t* blocks, std::size_t words, std::size_t count,
                                std::uint64_t* out) noexcept;

/// out[i] = whether rows[i] and the mask have a bit in common, 0 or 1.
using any_common_kernel = void (*)(const std::uint64_t* rows, std::size_t count, std::uint64_t mask,
                                   std::uint8_t* out) noexcept;
inline void any_common_portable(const std::uint64_t* rows, std::size_t count, std::uint64_t mask,
                                std::uint8_t* out) noexcept {
  for (std::size_t i = 0; i < count; ++i) out[i] = (rows[i] & mask) != 0 ? 1 : 0;
}

/// The kernels for one instruction set; they give the same results. A new member has a default here, with
/// which all is done by the others.
struct kernel_set {
  std::string_view name;
  distances_kernel distances;
  scan_kernel scan_one;   ///< one query
  scan_kernel scan_four;  ///< four, with one pass over the blocks
  /// For those who pass over the same blocks several times: `distances` and `scan_four` for blocks that were
  /// arranged, which pays from `arranged_fours` passes of four queries on; null where blocks are best as they
  /// are, and not for codes of more than `arranged_words` words.
  arrange_kernel arrange = nullptr;
  distances_kernel distances_arranged = nullptr;
  four_distances_kernel four_distances_arranged = nullptr;  ///< null where one by one is as fast
  scan_kernel scan_arranged = nullptr;
  std::size_t arranged_fours = 0;
  std::size_t arranged_words = 0;
  any_common_kernel any_common = &any_common_portable;

  [[nodiscard]] constexpr bool arranges(std::size_t words) const noexcept {
    return arrange != nullptr && words <= arranged_words;
  }
};

inline void distances_portable(const std::uint64_t* blocks, std::size_t words, std::size_t count,
                               const std::uint64_t* query, std::uint16_t* out) noexcept {
  for (std::size_t b = 0; b < count; ++b, out += block_codes) {
    std::uint32_t sums[block_codes] = {};
    for (std::size_t w = 0; w < words; ++w, blocks += block_codes)
      for (std::size_t i = 0; i < block_codes; ++i) sums[i] += count_bits(query[w] ^ blocks[i]);
    for (std::size_t i = 0; i < block_codes; ++i) out[i] = static_cast<std::uint16_t>(sums[i]);
  }
}

/// A scan made of distances, for sets of kernels without a scan of their own.
template <distances_kernel Distances, std::size_t Queries>
std::size_t scan_by_distances(const scan_job& job, std::size_t begin, candidate* out,
                              std::size_t& count) noexcept {
  constexpr std::size_t step = 8;
  constexpr std::uint64_t ones = 0x0001000100010001ULL;
  constexpr std::uint64_t tops = 0x8000 * ones;
  std::uint16_t found[step * block_codes];
  std::uint64_t query[Queries][words_for(max_bits)];
  for (std::size_t q = 0; q < Queries; ++q)
    for (std::size_t w = 0; w < job.words; ++w) query[q][w] = job.queries[w * Queries + q];
  count = 0;
  for (std::size_t b = begin; b < job.end;) {
    const std::size_t blocks = (std::min)(step, job.end - b);
    for (std::size_t q = 0; q < Queries; ++q) {
      Distances(job.blocks + b * job.words * block_codes, job.words, blocks, query[q], found);
      for (std::size_t i = 0; i < blocks * block_codes; i += 16) {
        // Four in a word: the top bit of a part stays set where the distance reaches the limit.
        std::uint64_t parts[4];
        std::memcpy(parts, found + i, sizeof parts);
        for (std::uint64_t& four : parts) four = (four | tops) - job.limits[q] * ones;
        if ((parts[0] & parts[1] & parts[2] & parts[3] & tops) == tops) continue;
        for (std::size_t at = i; at < i + 16; ++at)
          if (found[at] < job.limits[q])
            out[count++] = {static_cast<std::uint32_t>(b * block_codes + at),
                            static_cast<std::uint16_t>(q), found[at]};
      }
    }
    b += blocks;
    if (count >= enough_candidates) return b;
  }
  return job.end;
}

inline constexpr kernel_set portable_kernels{"portable", &distances_portable,
                                             &scan_by_distances<&distances_portable, 1>,
                                             &scan_by_distances<&distances_portable, 4>};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
