// SPDX-License-Identifier: MIT
/// \file
/// The nearest among themselves: each product is computed once and offered to the lists of both its rows.
#ifndef HINT_GRAPH_NEAREST_SELF_JOIN_HPP
#define HINT_GRAPH_NEAREST_SELF_JOIN_HPP

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/until_stopped.hpp>
#include <hint/data/block.hpp>
#include <hint/graph/nearest/block_pairs.hpp>
#include <hint/graph/nearest/bounds.hpp>
#include <hint/graph/nearest/scan.hpp>
#include <hint/graph/nearest/shortlist.hpp>
#include <hint/graph/nearest/tiles.hpp>
#include <hint/graph/neighbor_lists.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace graph {
namespace detail {

/// Whether the lists of all rows may be open at once: up to 1 GiB of them.
[[nodiscard]] inline bool lists_fit(std::size_t rows, std::size_t k) noexcept {
  return static_cast<double>(rows) * shortlist::bytes(k) <= 0x1p30;
}

/// Rows of a block of which all products with another one are computed in one go: what stays in the
/// second-level cache, and some milliseconds of work for who may be asked to stop.
[[nodiscard]] inline std::size_t rows_at_once(std::size_t rows, std::size_t cols,
                                              const context& ctx) noexcept {
  const double products = ctx.observer.may_stop() ? 0x1p27 : 0x1p30;
  std::size_t most = 512;
  while (most > 64 && static_cast<double>(most * most) * static_cast<double>(cols) > products)
    most /= 2;
  return rows_of_block(rows, most, ctx.executor.concurrency());
}

/// The k nearest other rows of every row, written to `out`. Asked to stop, it leaves lists as they are.
HINT_LAZY
void self_join(const bounded_rows& rows, const float_plan& plan, std::span<const double> squares,
               std::size_t k, neighbor_lists& out, const context& ctx) {
  const std::size_t n = rows.ids.size();
  const std::size_t side = rows_at_once(n, static_cast<std::size_t>(rows.x.cols()), ctx);
  const double relative = l1_error(plan, rows);
  const bool exact = plan.exact > 0, ties = exact && rows.ascending;
  std::vector<shortlist> lists(n, shortlist(k));
  std::vector<float> limits(n);
  for (std::size_t i = 0; i < n; ++i) {
    if (!usable(plan.how, squares[rows.ids[i]])) lists[i] = shortlist(0);  // accepts nothing
    limits[i] = raised(lists[i].limit());
  }
  const auto settle = [&](std::size_t i) {
    lists[i].settle(dense_judge{rows, rows, plan, squares, i}, exact);
  };
  const auto offer = [&](std::size_t i, std::size_t other, const score_bounds& bounds) {
    lists[i].offer(other, bounds.low, bounds.high, ties, [&] { settle(i); });
    limits[i] = raised(lists[i].limit());
  };
  const bool done = for_block_pairs(ctx, (n + side - 1) / side, [&](std::size_t a, std::size_t b) {
    const std::size_t first = b * side, last = (std::min)(n, first + side);
    const std::size_t begin = a * side, end = (std::min)(n, begin + side);
    linalg::matrix<float> products;
    multiply_rows(plan.how, rows.part(begin, end), rows.part(first, last), products);
    for (std::size_t q = begin; q < end; ++q) {
      if (!usable(plan.how, squares[rows.ids[q]])) continue;
      scan(
          rows.floats, q, rows.floats, products.row(static_cast<linalg::index>(q - begin)).data(),
          first, limits.data(), a == b ? q + 1 : first, last, [&] { return limits[q]; },
          [&](std::size_t c, float p) {
            if (rows.ids[c] == rows.ids[q] || !usable(plan.how, squares[rows.ids[c]])) return;
            const auto bounds =
                bounds_of(rows.terms, q, rows.terms, c, static_cast<double>(p), relative);
            offer(q, c, bounds);
            offer(c, q, bounds);
          });
    }
  });
  if (!done) return;
  for_chunks_until_stopped(ctx, n, 64, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      settle(i);
      set_list(out, rows.ids[i], lists[i].get());
    }
  });
}

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph::detail

#endif
