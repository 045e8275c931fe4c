// SPDX-License-Identifier: MIT
/// \file
/// Long work in parts, between which the observer is asked whether to go on.
#ifndef HINT_CORE_UNTIL_STOPPED_HPP
#define HINT_CORE_UNTIL_STOPPED_HPP

#include <cstddef>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/executor.hpp>
#include <hint/core/observer.hpp>
#include <hint/core/paced_parts.hpp>

namespace hint { inline namespace HINT_ABI {

/// Calls f(begin, end) for parts of 0 .. n-1, one after the other, and asks the observer before each. Parts
/// grow or shrink, not below `least`, to take some 20 ms; an observer that cannot stop gets one part.
/// Returns how many are done: n, or fewer when asked to stop.
inline std::size_t until_stopped(const observer_ref& observer, std::size_t n, std::size_t least,
                                 range_ref f) {
  if (!observer.may_stop()) {  // and the clock is left alone
    if (n > 0) f(0, n);
    return n;
  }
  return detail::paced_parts(
      n, least, [&] { return !observer.stop_requested(); }, f, [](std::size_t) {});
}

/// `for_chunks` that can be stopped: the observer is asked on the calling thread while no chunk is at work,
/// so a chunk should take no more than some 20 ms. Returns how many of 0 .. n-1 are done, the first ones.
inline std::size_t for_chunks_until_stopped(const context& ctx, std::size_t n, std::size_t chunk,
                                            range_ref f) {
  return detail::chunks_in_parts(
      ctx.executor, n, chunk,
      [&](std::size_t chunks, std::size_t least, auto&& part) {
        return until_stopped(ctx.observer, chunks, least, part);
      },
      f);
}

}}  // namespace hint::HINT_ABI

#endif
