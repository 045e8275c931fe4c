// SPDX-License-Identifier: MIT
// Memory for the benchmarks.
#ifndef HINT_BENCH_SUPPORT_MEMORY_HPP
#define HINT_BENCH_SUPPORT_MEMORY_HPP

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include <hint/core/resident_memory.hpp>

namespace bench {

/// Gives freed memory back to the system and lets the peak start anew from what is in use. False where the system
/// cannot do that.
inline bool reset_peak_memory() {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
  return hint::reset_peak_resident_bytes();
}

}  // namespace bench

#endif
