// SPDX-License-Identifier: MIT
/// \file
/// Which kernels this machine can run, and the fastest of them, chosen at run time.
#ifndef HINT_SEARCH_KERNELS_KERNELS_HPP
#define HINT_SEARCH_KERNELS_KERNELS_HPP

#include <vector>

#include <hint/core/config.hpp>
#include <hint/search/kernels/neon.hpp>
#include <hint/search/kernels/portable.hpp>
#include <hint/search/kernels/x86.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// The kernels that this machine can run, the fastest first, the portable ones last.
[[nodiscard]] inline std::vector<const kernel_set*> usable_kernels() {
  std::vector<const kernel_set*> usable;
#if defined(HINT_SEARCH_X86)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vpopcntdq"))
    usable.push_back(&avx512_kernels);
  if (__builtin_cpu_supports("avx2")) usable.push_back(&avx2_kernels);
  if (__builtin_cpu_supports("popcnt")) usable.push_back(&popcnt_kernels);
#elif defined(HINT_SEARCH_NEON)
  usable.push_back(&neon_kernels);
#endif
  usable.push_back(&portable_kernels);
  return usable;
}

/// The fastest kernels that this machine can run.
[[nodiscard]] inline const kernel_set& kernels() {
  static const kernel_set& best = *usable_kernels().front();
  return best;
}

}}}  // namespace hint::HINT_ABI::search::detail

#endif
