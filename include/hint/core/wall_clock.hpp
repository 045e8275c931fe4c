// SPDX-License-Identifier: MIT
/// \file
/// A clock that compiles fast.
#ifndef HINT_CORE_WALL_CLOCK_HPP
#define HINT_CORE_WALL_CLOCK_HPP

#include <ctime>

#include <hint/core/config.hpp>

#if defined(_WIN32)
#include <chrono>
#endif

namespace hint { inline namespace HINT_ABI { namespace detail {

/// Nanoseconds of the wall clock (TIME_UTC), to be subtracted. A steady clock would be right, but <chrono>
/// adds a half to the time that hint/search.hpp takes to compile. So it serves choices of speed alone, never
/// results: somebody may set the clock while something is measured.
[[nodiscard]] inline double now_ns() noexcept {
#if defined(_WIN32)  // the library of mingw-w64 has no std::timespec_get
  return std::chrono::duration<double, std::nano>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
#else
  std::timespec t{};
  std::timespec_get(&t, TIME_UTC);
  return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
#endif
}

}}}  // namespace hint::HINT_ABI::detail

#endif
