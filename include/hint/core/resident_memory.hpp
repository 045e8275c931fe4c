// SPDX-License-Identifier: MIT
/// \file
/// How much memory this process holds, where the system tells.
#ifndef HINT_CORE_RESIDENT_MEMORY_HPP
#define HINT_CORE_RESIDENT_MEMORY_HPP

#include <cstddef>
#include <cstdio>
#include <cstring>
#include <optional>

#if __has_include(<sys/resource.h>)
#include <sys/resource.h>
#endif

#include <hint/core/config.hpp>

namespace hint { inline namespace HINT_ABI {

namespace detail {
/// A line of Linux's /proc/self/status in bytes: "VmRSS:" say.
[[nodiscard]] inline std::optional<std::size_t> process_status(const char* name) {
  std::FILE* const file = std::fopen("/proc/self/status", "r");
  if (file == nullptr) return std::nullopt;
  std::optional<std::size_t> found;
  char line[256];
  while (!found && std::fgets(line, sizeof line, file) != nullptr) {
    unsigned long long kilobytes = 0;
    if (std::strncmp(line, name, std::strlen(name)) == 0 &&
        std::sscanf(line + std::strlen(name), "%llu", &kilobytes) == 1)
      found = static_cast<std::size_t>(kilobytes) * 1024;
  }
  std::fclose(file);
  return found;
}
}  // namespace detail

/// Bytes of memory that the process holds now, mapped files among them as far as they are in memory. Nothing where
/// the system is not Linux. Thread-safe.
[[nodiscard]] inline std::optional<std::size_t> resident_bytes() {
  return detail::process_status("VmRSS:");
}

/// The most that it held so far, or since `reset_peak_resident_bytes`. Nothing where the system does not tell.
/// Thread-safe.
[[nodiscard]] inline std::optional<std::size_t> peak_resident_bytes() {
  if (const auto peak = detail::process_status("VmHWM:")) return peak;
#if __has_include(<sys/resource.h>)
  rusage used{};
  if (getrusage(RUSAGE_SELF, &used) == 0 && used.ru_maxrss > 0) {
#if defined(__APPLE__)
    return static_cast<std::size_t>(used.ru_maxrss);
#else
    return static_cast<std::size_t>(used.ru_maxrss) * 1024;
#endif
  }
#endif
  return std::nullopt;
}

/// Lets the peak start anew from what is held now: for the whole process, whoever else may look at it. False where
/// the system cannot do that (anything but Linux, and some containers).
inline bool reset_peak_resident_bytes() {
  std::FILE* const file = std::fopen("/proc/self/clear_refs", "w");
  if (file == nullptr) return false;
  const bool written = std::fputs("5", file) >= 0;
  return (std::fclose(file) == 0) && written;
}

}}  // namespace hint::HINT_ABI

#endif
