// SPDX-License-Identifier: MIT
/// \file
/// All pairs of blocks of rows, each once, in an order in which threads never meet.
#ifndef HINT_GRAPH_NEAREST_BLOCK_PAIRS_HPP
#define HINT_GRAPH_NEAREST_BLOCK_PAIRS_HPP

#include <algorithm>
#include <cstddef>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/until_stopped.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace graph {
namespace detail {

/// Rows of a block, a multiple of 16: up to `most`, fewer for n rows that would leave threads without work.
[[nodiscard]] inline std::size_t rows_of_block(std::size_t n, std::size_t most,
                                               std::size_t threads) noexcept {
  const std::size_t share = n / (4 * (std::max<std::size_t>)(threads, 1)) + 1;
  return ((std::max<std::size_t>)((std::min)(share, most), 64) + 15) / 16 * 16;
}

/// Calls f(i, j) once for all i <= j < blocks, on the executor's threads. Of the calls at work at a time no two
/// name the same block, so a call may write what belongs to its blocks' rows: they are played as a tournament in
/// rounds (the circle method), after one in which each block meets itself. Returns false when asked to stop
/// before all were called.
template <class F>
bool for_block_pairs(const context& ctx, std::size_t blocks, F&& f) {
  const auto round = [&](std::size_t pairs, auto&& pair) {
    return for_chunks_until_stopped(ctx, pairs, 1, [&](std::size_t begin, std::size_t end) {
             for (std::size_t p = begin; p < end; ++p) pair(p);
           }) == pairs;
  };
  if (!round(blocks, [&](std::size_t i) { f(i, i); })) return false;
  const std::size_t circle = (blocks + blocks % 2) - 1;  // and one in the middle, who may be nobody
  for (std::size_t r = 0; blocks > 1 && r < circle; ++r) {
    const bool done = round(circle / 2 + 1, [&](std::size_t p) {
      const std::size_t a = p == 0 ? circle : (r + p) % circle;
      const std::size_t b = (r + circle - p) % circle;
      if (a < blocks) f((std::min)(a, b), (std::max)(a, b));
    });
    if (!done) return false;
  }
  return true;
}

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph::detail

#endif
