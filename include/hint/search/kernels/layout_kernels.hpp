// SPDX-License-Identifier: MIT
/// \file
/// The kernels for a layout of codes.
#ifndef HINT_SEARCH_KERNELS_LAYOUT_KERNELS_HPP
#define HINT_SEARCH_KERNELS_LAYOUT_KERNELS_HPP

#include <hint/core/config.hpp>
#include <hint/search/kernels/code_layout.hpp>
#include <hint/search/kernels/kernels.hpp>
#if !defined(HINT_ELSEWHERE)
#include <hint/search/kernels/planes.hpp>
#include <hint/search/kernels/planes_x86.hpp>
#endif

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// The kernels for byte planes of the same instruction set as those for words, or of the next that this
/// machine has.
HINT_LAZY
[[nodiscard]] const kernel_set& plane_kernels_for(const kernel_set& words) noexcept;

#if !defined(HINT_ELSEWHERE)
template <class>
const kernel_set& plane_kernels_for([[maybe_unused]] const kernel_set& words) noexcept {
#if defined(HINT_SEARCH_X86)
  if (words.name == avx512_kernels.name && __builtin_cpu_supports("avx512bitalg"))
    return avx512_plane_kernels;
  if (words.name == avx512_kernels.name || words.name == avx2_kernels.name)
    return avx2_plane_kernels;
  if (words.name == popcnt_kernels.name && __builtin_cpu_supports("ssse3"))
    return ssse3_plane_kernels;
#endif
  return portable_plane_kernels;
}
#endif
#if defined(HINT_COMPILED)
HINT_EXTERN template const kernel_set& plane_kernels_for<>(const kernel_set&) noexcept;
#endif

/// The kernels in use for a layout. `scan_job::words` and what else they take as a number of words is
/// `layout.length()`. Throws as `kernels` does.
[[nodiscard]] inline const kernel_set& kernels_for(const code_layout& layout) {
  const kernel_set& words = kernels();
  return layout.in_planes() ? plane_kernels_for(words) : words;
}

}}}  // namespace hint::HINT_ABI::search::detail

#endif
