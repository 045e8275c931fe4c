// SPDX-License-Identifier: MIT
/// \file
/// The kernels for 64-bit ARM, where NEON is always there.
#ifndef HINT_SEARCH_KERNELS_NEON_HPP
#define HINT_SEARCH_KERNELS_NEON_HPP

#include <hint/search/kernels/portable.hpp>

#if defined(HINT_SEARCH_NEON)
#include <cstddef>
#include <cstdint>

#include <arm_neon.h>

#include <hint/core/config.hpp>
#include <hint/search/kernels/block_layout.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

inline void distances_neon(const std::uint64_t* blocks, std::size_t words, std::size_t count,
                           const std::uint64_t* query, std::uint16_t* out) noexcept {
  for (std::size_t b = 0; b < count; ++b, out += block_codes) {
    uint64x2_t sums[4] = {vdupq_n_u64(0), vdupq_n_u64(0), vdupq_n_u64(0), vdupq_n_u64(0)};
    for (std::size_t w = 0; w < words;) {
      const std::size_t stop = words - w < 31 ? words : w + 31;  // 31 * 8 fits a byte
      uint8x16_t bytes[4] = {vdupq_n_u8(0), vdupq_n_u8(0), vdupq_n_u8(0), vdupq_n_u8(0)};
      for (; w < stop; ++w, blocks += block_codes) {
        const uint64x2_t q = vdupq_n_u64(query[w]);
        for (std::size_t i = 0; i < 4; ++i)
          bytes[i] = vaddq_u8(
              bytes[i], vcntq_u8(vreinterpretq_u8_u64(veorq_u64(vld1q_u64(blocks + 2 * i), q))));
      }
      for (std::size_t i = 0; i < 4; ++i)
        sums[i] = vaddq_u64(sums[i], vpaddlq_u32(vpaddlq_u16(vpaddlq_u8(bytes[i]))));
    }
    for (std::size_t i = 0; i < 4; ++i) {
      out[2 * i] = static_cast<std::uint16_t>(vgetq_lane_u64(sums[i], 0));
      out[2 * i + 1] = static_cast<std::uint16_t>(vgetq_lane_u64(sums[i], 1));
    }
  }
}

inline constexpr kernel_set neon_kernels{"neon", &distances_neon,
                                         &scan_by_distances<&distances_neon, 1>,
                                         &scan_by_distances<&distances_neon, 4>};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
#endif
