// SPDX-License-Identifier: MIT
/// \file
/// Exact nearest neighbours of every row among all rows (or among a subset), blocked in memory.
#ifndef HINT_GRAPH_NEAREST_HPP
#define HINT_GRAPH_NEAREST_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/finite.hpp>
#include <hint/core/observer.hpp>
#include <hint/core/until_stopped.hpp>
#include <hint/data/block.hpp>
#include <hint/data/check_finite.hpp>
#include <hint/data/compact.hpp>
#include <hint/graph/nearest/distance.hpp>
#include <hint/graph/neighbor_lists.hpp>
#include <hint/linalg/matrix.hpp>

#if !defined(HINT_ELSEWHERE)
#include <hint/graph/nearest/self_join.hpp>
#include <hint/graph/nearest/shortlist.hpp>
#include <hint/graph/nearest/sparse_search.hpp>
#include <hint/graph/nearest/tiles.hpp>
#endif

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace graph {

/// The k nearest of `candidates` for each of `queries` (both: row numbers of `rows`), itself excluded,
/// written to `out`, which must be made for rows.rows() rows; other rows of `out` are left as they
/// are, and so are those of queries that a stop leaves open. `squared_norms`: of all rows. Exact as `nearest`
/// is. Unchecked.
/// O(queries candidates d) time, O((queries + candidates) d) memory (none for whole dense blocks of
/// ordinary numbers).
HINT_LAZY
void nearest_among(const data::block& rows, std::span<const data::row_id> queries,
                   std::span<const data::row_id> candidates, std::span<const double> squared_norms,
                   std::size_t k, metric how, neighbor_lists& out, const context& ctx = {});

/// The k nearest other rows of every row. Sparse blocks stay sparse, and dense ones of which most numbers are 0 are
/// searched as if they were (see `data::compact`). Exact: the lists are those of
/// distances in exact arithmetic, rounded once to float (in double where they are no normal floats), ties
/// by row, whatever the rows' scale and offset (of centred sparse rows, of which only the numbers behind them are there,
/// up to the rounding of double products of those); the same bits for any number of threads. Float
/// products rule out most pairs and double decides on the rest from the rows themselves, so
/// that time is that of the products unless many rows are as near as the k-th within their rounding (some
/// 1e-5 of the rows' lengths, what all have in common left out). Asked to stop, it returns within moments:
/// lists that it has not completed are empty.
/// Time: dense O(n^2 d / 2) in matrix products (L1: plain loops), sparse O(n nnz_column) for distinct rows, and
/// O(n^2) where many of them share columns. Memory: O(n k) and a tile per thread; a copy of dense rows that are far
/// from 0, very long or very short. Throws `invalid_argument` for k = 0, NaN or infinity.
HINT_LAZY
[[nodiscard]] neighbor_lists nearest(const data::block& rows, std::size_t k, metric how,
                                     const context& ctx = {});

#if !defined(HINT_ELSEWHERE)
template <class>
void nearest_among(const data::block& rows, std::span<const data::row_id> queries,
                   std::span<const data::row_id> candidates, std::span<const double> squared_norms,
                   std::size_t k, metric how, neighbor_lists& out, const context& ctx) {
  k = (std::min)(k, candidates.size());  // also the size of buffers
  std::array<linalg::matrix<float>, 2> gathered, copied;
  const auto ascending = [](std::span<const data::row_id> ids) {
    return std::adjacent_find(ids.begin(), ids.end(), std::greater_equal<>{}) == ids.end();
  };
  const auto view = [&](std::span<const data::row_id> ids, linalg::matrix<float>& copy) {
    // Strictly ascending row numbers, as many as there are: all rows in order.
    if (rows.is_contiguous() && ids.size() == rows.rows() && ascending(ids))
      return linalg::matrix_view<float>(rows.dense());
    copy.resize(static_cast<linalg::index>(ids.size()), static_cast<linalg::index>(rows.cols()));
    for_chunks_until_stopped(ctx, ids.size(), detail::query_tile,
                             [&](std::size_t begin, std::size_t end) {
                               const std::size_t count = end - begin;
                               rows.gather(ids.subspan(begin, count),
                                           copy.middleRows(static_cast<linalg::index>(begin),
                                                           static_cast<linalg::index>(count)));
                             });
    return linalg::matrix_view<float>(copy);
  };
  const bool same = queries.data() == candidates.data() && queries.size() == candidates.size();
  const auto x = view(candidates, gathered[1]);
  const auto y = same ? x : view(queries, gathered[0]);
  if (ctx.observer.stop_requested()) return;
  const auto plan = detail::plan_floats(x, candidates, y, queries, squared_norms, how);
  const double error = plan.exact > 0      ? 0
                       : how == metric::l1 ? detail::float_l1_error(rows.cols())
                                           : detail::float_product_error(rows.cols());
  const auto bounded = [&](std::span<const data::row_id> ids,
                           const linalg::matrix_view<float>& from, linalg::matrix<float>& copy) {
    if (plan.copies) detail::copy_floats(from, ids, squared_norms, plan, copy);
    const auto multiplied = plan.copies ? linalg::matrix_view<float>(copy) : from;
    const auto terms = detail::terms_of(ids, squared_norms, plan, multiplied, error);
    return detail::bounded_rows{ids,           from, multiplied, terms, detail::float_terms(terms),
                                ascending(ids)};
  };
  const auto c = bounded(candidates, x, copied[1]);
  if (same && detail::lists_fit(candidates.size(), k))
    return detail::self_join(c, plan, squared_norms, k, out, ctx);
  const auto q = same ? c : bounded(queries, y, copied[0]);
  // Whoever may ask to stop gets tiles instead of rows of tiles, for some queries at a time.
  const bool may_stop = ctx.observer.may_stop();
  const std::size_t some =
      may_stop ? detail::candidates_at_once(rows.cols()) : candidates.size() + 1;
  const std::size_t group =
      may_stop ? 16 * detail::query_tile * ctx.executor.concurrency() : detail::query_tile;
  const auto search = [&](std::size_t group_begin, std::size_t group_end, const context& inner) {
    std::vector<detail::shortlist> lists(group_end - group_begin, detail::shortlist(k));
    const auto part = [&](std::size_t begin, std::size_t end) {
      return std::span(lists).subspan(begin, end - begin);
    };
    for (std::size_t first = 0; first < candidates.size(); first += some) {
      const std::size_t last = first + (std::min)(some, candidates.size() - first);
      const std::size_t done = for_chunks_until_stopped(
          inner, lists.size(), detail::query_tile, [&](std::size_t begin, std::size_t end) {
            detail::dense_part(q, c, plan, squared_norms, group_begin + begin, group_begin + end,
                               first, last, part(begin, end));
          });
      if (done < lists.size()) return false;
    }
    for_chunks(inner.executor, lists.size(), detail::query_tile,
               [&](std::size_t begin, std::size_t end) {
                 detail::finish_part(q, c, plan, squared_norms, group_begin + begin,
                                     group_begin + end, part(begin, end), out);
               });
    return true;
  };
  if (!may_stop)
    return for_chunks(ctx.executor, queries.size(), group,
                      [&](std::size_t begin, std::size_t end) { search(begin, end, context{}); });
  for (std::size_t begin = 0; begin < queries.size(); begin += group)
    if (!search(begin, (std::min)(queries.size(), begin + group), ctx)) return;
}

template <class>
neighbor_lists nearest(const data::block& rows, std::size_t k, metric how, const context& ctx) {
  expects(k >= 1, "nearest: k is 0, expected at least 1");
  const std::size_t n = rows.rows();
  k = (std::min)(k, n > 0 ? n - 1 : 0);
  neighbor_lists out(n, k);
  const std::vector<double> squares = detail::squared_norms(rows, ctx);
  if (!all_finite(squares.data(), n)) data::check_finite(rows, "nearest", ctx);
  const data::block numbers = data::compact(rows, ctx);
  // L1 distances of centred rows do not follow from those of what is stored.
  if (numbers.is_sparse() && (numbers.shift().empty() || how != metric::l1)) {
    detail::sparse_search(numbers, squares, k, how, out, ctx);
    return out;
  }
  std::vector<data::row_id> all(n);
  std::iota(all.begin(), all.end(), 0U);
  nearest_among(rows, all, all, squares, k, how, out, ctx);
  return out;
}
#endif

#if defined(HINT_COMPILED)
HINT_EXTERN template void nearest_among<>(const data::block&, std::span<const data::row_id>,
                                          std::span<const data::row_id>, std::span<const double>,
                                          std::size_t, metric, neighbor_lists&, const context&);
HINT_EXTERN template neighbor_lists nearest<>(const data::block&, std::size_t, metric,
                                              const context&);
#endif

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph

#endif
