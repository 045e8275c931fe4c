// SPDX-License-Identifier: MIT
/// \file
/// Long work in parts, between which the observer is asked whether to go on.
#ifndef HINT_CORE_UNTIL_STOPPED_HPP
#define HINT_CORE_UNTIL_STOPPED_HPP

#include <algorithm>
#include <cstddef>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/executor.hpp>
#include <hint/core/observer.hpp>
#include <hint/core/wall_clock.hpp>

namespace hint { inline namespace HINT_ABI {

/// Calls f(begin, end) for parts of 0 .. n-1, one after the other, and asks the observer before each. Parts
/// grow or shrink, not below `least`, to take some 20 ms; an observer that cannot stop gets one part.
/// Returns how many are done: n, or fewer when asked to stop.
inline std::size_t until_stopped(const observer_ref& observer, std::size_t n, std::size_t least,
                                 range_ref f) {
  if (!observer.may_stop()) {  // and the clock is left alone
    if (n > 0) f(std::size_t{0}, n);
    return n;
  }
  std::size_t part = (std::max<std::size_t>)(least, 1);
  std::size_t done = 0;
  while (done < n && !observer.stop_requested()) {
    const std::size_t end = done + (std::min)(part, n - done);
    const double begin = detail::now_ns();
    f(done, end);
    const double took = detail::now_ns() - begin;
    if (took < 10e6 && part < n) part *= 2;
    if (took > 30e6) part = (std::max)({part / 2, least, std::size_t{1}});
    done = end;
  }
  return done;
}

/// `for_chunks` that can be stopped: the observer is asked on the calling thread while no chunk is at work,
/// so a chunk should take no more than some 20 ms. Returns how many of 0 .. n-1 are done, the first ones.
inline std::size_t for_chunks_until_stopped(const context& ctx, std::size_t n, std::size_t chunk,
                                            range_ref f) {
  chunk = (std::max<std::size_t>)(chunk, 1);
  const std::size_t chunks =
      until_stopped(ctx.observer, n / chunk + (n % chunk != 0), ctx.executor.concurrency(),
                    [&](std::size_t first, std::size_t last) {
                      const std::size_t begin = first * chunk;
                      const std::size_t end = (std::min)(n, last * chunk);
                      for_chunks(ctx.executor, end - begin, chunk,
                                 [&](std::size_t b, std::size_t e) { f(begin + b, begin + e); });
                    });
  return (std::min)(n, chunks * chunk);
}

}}  // namespace hint::HINT_ABI

#endif
