// SPDX-License-Identifier: MIT
/// \file
/// Long work in parts of some 20 ms, for what has something to do between them.
#ifndef HINT_CORE_PACED_PARTS_HPP
#define HINT_CORE_PACED_PARTS_HPP

#include <algorithm>
#include <cstddef>

#include <hint/core/config.hpp>
#include <hint/core/executor.hpp>
#include <hint/core/wall_clock.hpp>

namespace hint { inline namespace HINT_ABI { namespace detail {

/// Calls f(begin, end) for parts of 0 .. n-1, one after the other, while go_on(), and after each
/// told(done). Parts grow or shrink, not below `least`, to take some 20 ms, which leaves out what go_on and
/// told take. Returns how many are done: n, or fewer.
template <class GoOn, class F, class Told>
std::size_t paced_parts(std::size_t n, std::size_t least, GoOn&& go_on, F&& f, Told&& told) {
  least = (std::max<std::size_t>)(least, 1);
  std::size_t part = least;
  std::size_t done = 0;
  while (done < n && go_on()) {
    const std::size_t end = done + (std::min)(part, n - done);
    const double begin = now_ns();
    f(done, end);
    const double took = now_ns() - begin;
    if (took < 10e6 && part < n) part *= 2;
    if (took > 30e6) part = (std::max)(part / 2, least);
    done = end;
    told(done);
  }
  return done;
}

/// `for_chunks` of f over 0 .. n-1 by means of a function that runs parts: in_parts(chunks, least, g) calls
/// g(first, last) for parts of the chunks and returns how many of these are done. Returns how many of 0 ..
/// n-1 are.
template <class InParts, class F>
std::size_t chunks_in_parts(const executor_ref& executor, std::size_t n, std::size_t chunk,
                            InParts&& in_parts, F&& f) {
  chunk = (std::max<std::size_t>)(chunk, 1);
  const std::size_t done =
      in_parts(n / chunk + (n % chunk != 0), executor.concurrency(),
               [&](std::size_t first, std::size_t last) {
                 const std::size_t begin = first * chunk;
                 for_chunks(executor, (std::min)(n, last * chunk) - begin, chunk,
                            [&](std::size_t b, std::size_t e) { f(begin + b, begin + e); });
               });
  return (std::min)(n, done * chunk);
}

}}}  // namespace hint::HINT_ABI::detail

#endif
