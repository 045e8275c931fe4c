// SPDX-License-Identifier: MIT
// Memory for the benchmarks.
#ifndef HINT_BENCH_SUPPORT_MEMORY_HPP
#define HINT_BENCH_SUPPORT_MEMORY_HPP

#include <fstream>
#include <optional>
#include <string>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace bench {

/// A line of /proc/self/status in bytes ("VmRSS", "VmHWM"), or nothing where there is no such thing.
inline std::optional<double> memory_status(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (word == name + ":") {
      double kilobytes = 0;
      status >> kilobytes;
      return 1024 * kilobytes;
    }
  return std::nullopt;
}

/// Gives freed memory back to the system and lets the peak (VmHWM) start anew from what is in use.
/// False where the system cannot do that.
inline bool reset_peak_memory() {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
  std::ofstream clear("/proc/self/clear_refs");
  clear << "5" << std::flush;
  return clear.good();
}

}  // namespace bench

#endif
