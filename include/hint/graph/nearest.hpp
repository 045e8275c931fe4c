// SPDX-License-Identifier: MIT
/// \file
/// Exact nearest neighbours of every row among all rows (or among a subset), blocked in memory.
#ifndef HINT_GRAPH_NEAREST_HPP
#define HINT_GRAPH_NEAREST_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numeric>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/finite.hpp>
#include <hint/core/prefetch.hpp>
#include <hint/data/block.hpp>
#include <hint/graph/nearest/bounds.hpp>
#include <hint/graph/nearest/distance.hpp>
#include <hint/graph/nearest/shortlist.hpp>
#include <hint/graph/neighbor_lists.hpp>
#include <hint/linalg/elementwise.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace graph {

namespace detail {

/// Rows of a tile: queries x candidates floats stay in the second-level cache.
inline constexpr std::size_t query_tile = 128;
inline constexpr std::size_t candidate_tile = 512;

/// Some rows of a block: their numbers, their floats, what stands for these in products, and what that
/// says about distances.
struct bounded_rows {
  std::span<const data::row_id> ids;
  linalg::matrix_view<float> x;
  linalg::matrix_view<float> multiplied;
  score_terms terms;
  bool ascending;  ///< whether their numbers are
  [[nodiscard]] std::span<const float> row(std::size_t i) const noexcept {
    return linalg::row_span<float>(x, static_cast<linalg::index>(i));
  }
  [[nodiscard]] auto part(std::size_t first, std::size_t last) const {
    return multiplied.middleRows(static_cast<linalg::index>(first),
                                 static_cast<linalg::index>(last - first));
  }
};

/// Whether a row has a distance to others at all.
[[nodiscard]] inline bool usable(metric how, double square) noexcept {
  return how != metric::cosine || square > 0;
}
inline void set_list(neighbor_lists& out, std::size_t row, std::span<const exact_row> found) {
  std::vector<near_row> list;
  list.reserve(found.size());
  for (const exact_row& r : found) list.push_back({r.row, static_cast<float>(r.distance)});
  out.set(row, list);
}

/// What a shortlist asks about the candidates of query q.
struct dense_judge {
  const bounded_rows &queries, &candidates;
  const float_plan& plan;
  std::span<const double> squares;
  std::size_t q;
  [[nodiscard]] node_id row(std::size_t c) const noexcept { return candidates.ids[c]; }
  [[nodiscard]] double score(double distance) const noexcept { return plan.score()(distance); }
  void next(std::size_t c) const noexcept {
    const auto floats = candidates.row(c);
    for (std::size_t j = 0; j < floats.size(); j += 16) hint::detail::prefetch(floats.data() + j);
  }
  [[nodiscard]] double distance(std::size_t c) const {
    dense_pair pair{queries.row(q), candidates.row(c)};
    return rounded(graph::detail::distance(plan.how, pair, squares[queries.ids[q]],
                                           squares[candidates.ids[c]], pair.a.size()));
  }
};

/// The nearest candidates of queries begin .. end-1.
inline void dense_part(const bounded_rows& queries, const bounded_rows& candidates,
                       const float_plan& plan, std::span<const double> squares, std::size_t begin,
                       std::size_t end, std::size_t k, neighbor_lists& out) {
  const auto cols = static_cast<std::size_t>(queries.x.cols());
  const auto wanted = queries.part(begin, end);
  const score_terms &mine = queries.terms, &theirs = candidates.terms;
  const double relative = plan.how == metric::l1 ? float_l1_error(cols) : 0;
  // Of exact scores the bounds are in order, too, and of equal ones the lower row was first.
  const bool ties_lose = plan.exact > 0 && candidates.ascending;
  std::vector<shortlist> lists(end - begin, shortlist(k));
  linalg::matrix<float> products;
  const auto settle = [&](std::size_t q) {
    lists[q - begin].settle(dense_judge{queries, candidates, plan, squares, q}, plan.exact > 0);
  };
  for (std::size_t first = 0; first < candidates.ids.size(); first += candidate_tile) {
    const std::size_t last = (std::min)(candidates.ids.size(), first + candidate_tile);
    const auto offered = candidates.part(first, last);
    products.resize(wanted.rows(), offered.rows());
    if (plan.how == metric::l1) {
      for (linalg::index q = 0; q < wanted.rows(); ++q)
        for (linalg::index c = 0; c < offered.rows(); ++c)
          products(q, c) = -linalg::l1_distance<float>(std::span(wanted.row(q).data(), cols),
                                                       std::span(offered.row(c).data(), cols));
    } else {
      linalg::multiply_transposed<float>(wanted, offered, products);
    }
    for (std::size_t q = begin; q < end; ++q) {
      const data::row_id row = queries.ids[q];
      if (!usable(plan.how, squares[row])) continue;
      shortlist& list = lists[q - begin];
      const float* const product = products.row(static_cast<linalg::index>(q - begin)).data();
      const double start = mine.low[q], factor = mine.factor[q], slack = mine.slack[q];
      for (std::size_t c = first; c < last; ++c) {
        const auto p = static_cast<double>(product[c - first]);
        const double unsure = slack * theirs.slack[c];
        const double low = start + theirs.low[c] - factor * theirs.factor[c] * p - unsure;
        if (!(low <= list.limit())) continue;  // most of them: measure before changing
        const data::row_id candidate = candidates.ids[c];
        if (candidate == row || !usable(plan.how, squares[candidate])) continue;
        const double high =
            low + 2 * (unsure + mine.blur[q] + theirs.blur[c]) + 4 * relative * std::abs(p);
        if (ties_lose && high >= list.kth_high()) continue;
        list.add(c, low, high);
        if (list.full()) settle(q);
      }
    }
  }
  for (std::size_t q = begin; q < end; ++q) {
    settle(q);
    set_list(out, queries.ids[q], lists[q - begin].get());
  }
}

/// Columns of a sparse block: for each the rows that use it.
struct inverted_index {
  explicit inverted_index(const data::block& rows) : offsets(rows.cols() + 1) {
    for (std::size_t i = 0; i < rows.rows(); ++i)
      rows.for_each_in_row(i, [&](std::size_t j, float) { ++offsets[j + 1]; });
    std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
    entries.resize(offsets.back());
    std::vector<std::size_t> next(offsets.begin(), offsets.end() - 1);
    for (std::size_t i = 0; i < rows.rows(); ++i)
      rows.for_each_in_row(
          i, [&](std::size_t j, float v) { entries[next[j]++] = {static_cast<node_id>(i), v}; });
  }
  [[nodiscard]] std::span<const std::pair<node_id, float>> operator[](std::size_t column) const {
    return std::span(entries).subspan(offsets[column], offsets[column + 1] - offsets[column]);
  }
  std::vector<std::size_t> offsets;
  std::vector<std::pair<node_id, float>> entries;
};

/// What to say of sums over whole numbers, see float_plan::exact; 0 when there are others.
[[nodiscard]] inline double exact_sums(const data::block& rows, std::span<const double> squares,
                                       metric how) {
  bool whole = true;
  double most = 0;
  for (std::size_t i = 0; i < rows.rows() && whole; ++i) {
    most = (std::max)(most, squares[i]);
    whole = most <= most_whole;
    rows.for_each_in_row(i, [&](std::size_t, float v) { whole = whole && v == std::floor(v); });
  }
  return whole ? exact_blur(how, most) : 0;
}

/// Terms for sums in double. Of L1 such a sum is |x| + |y| - |x - y|.
[[nodiscard]] inline score_terms sparse_terms(const data::block& rows,
                                              std::span<const data::row_id> all,
                                              std::span<const double> squares,
                                              const float_plan& plan) {
  const bool l1 = plan.how == metric::l1;
  const double error = l1 || plan.exact > 0 ? 0 : double_product_error(rows.cols());
  const linalg::matrix<float> none(0, static_cast<linalg::index>(rows.cols()));
  score_terms t = terms_of(all, squares, plan, none, error);
  for (const data::row_id i : all) {
    if (!l1) break;
    double length = 0;
    rows.for_each_in_row(i,
                         [&](std::size_t, float v) { length += std::abs(static_cast<double>(v)); });
    t.add(i, length, plan.exact > 0 ? 0 : 2 * double_product_error(rows.cols()) * length);
  }
  return t;
}

/// The same for a sparse block, whose rows are all candidates.
struct sparse_judge {
  const data::block& rows;
  const float_plan& plan;
  std::span<const double> squares;
  sparse_pair& pair;
  std::size_t q;
  [[nodiscard]] node_id row(std::size_t c) const noexcept { return static_cast<node_id>(c); }
  [[nodiscard]] double score(double distance) const noexcept { return plan.score()(distance); }
  void next(std::size_t) const noexcept {}
  [[nodiscard]] double distance(std::size_t c) const {
    pair.to(c);
    return rounded(graph::detail::distance(plan.how, pair, squares[q], squares[c], rows.cols()));
  }
};

/// All rows are candidates; only columns that a query uses are read.
inline void sparse_part(const data::block& rows, const inverted_index& columns,
                        const float_plan& plan, const score_terms& terms,
                        std::span<const double> squares, std::size_t begin, std::size_t end,
                        std::size_t k, neighbor_lists& out) {
  const bool l1 = plan.how == metric::l1;
  std::vector<double> sums(rows.rows());
  sparse_pair pair(rows);
  shortlist list(k);
  for (std::size_t q = begin; q < end; ++q) {
    if (!usable(plan.how, squares[q])) continue;
    std::fill(sums.begin(), sums.end(), 0.0);
    rows.for_each_in_row(q, [&](std::size_t j, float x) {
      const auto value = static_cast<double>(x);
      for (const auto& [row, y] : columns[j]) {
        const auto other = static_cast<double>(y);
        sums[row] +=
            l1 ? std::abs(value) + std::abs(other) - std::abs(value - other) : value * other;
      }
    });
    pair.from(q);
    const auto settle = [&] {
      list.settle(sparse_judge{rows, plan, squares, pair, q}, plan.exact > 0);
    };
    list.clear();
    const double start = terms.low[q], factor = terms.factor[q], slack = terms.slack[q];
    // Rows that share no column are equally far by cosine and product, and as a rule many.
    const bool tied = plan.how == metric::cosine || plan.how == metric::dot;
    const double apart = plan.how == metric::cosine ? 1 : 0;
    for (std::size_t c = 0; c < rows.rows(); ++c) {
      const bool at = tied && sums[c] == 0;
      const double unsure = slack * terms.slack[c];
      const double low =
          at ? apart : start + terms.low[c] - factor * terms.factor[c] * sums[c] - unsure;
      if (!(low < list.limit()) || c == q || !usable(plan.how, squares[c])) continue;
      const double high = at ? apart : low + 2 * (unsure + terms.blur[q] + terms.blur[c]);
      if (plan.exact > 0 && high >= list.kth_high()) continue;
      list.add(c, low, high);
      if (list.full()) settle();
    }
    settle();
    set_list(out, q, list.get());
  }
}

}  // namespace detail

/// The k nearest of `candidates` for each of `queries` (both: row numbers of `rows`), itself excluded,
/// written to `out`, which must be made for rows.rows() rows; other rows of `out` are left as they
/// are. `squared_norms`: of all rows. Exact as `nearest` is. Unchecked.
/// O(queries candidates d) time, O((queries + candidates) d) memory (none for whole dense blocks of
/// ordinary numbers).
inline void nearest_among(const data::block& rows, std::span<const data::row_id> queries,
                          std::span<const data::row_id> candidates,
                          std::span<const double> squared_norms, std::size_t k, metric how,
                          neighbor_lists& out, const context& ctx = {}) {
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
    rows.gather(ids, copy);
    return linalg::matrix_view<float>(copy);
  };
  const bool same = queries.data() == candidates.data() && queries.size() == candidates.size();
  const auto x = view(candidates, gathered[1]);
  const auto y = same ? x : view(queries, gathered[0]);
  const auto plan = detail::plan_floats(x, candidates, y, queries, squared_norms, how);
  const double error = plan.exact > 0      ? 0
                       : how == metric::l1 ? detail::float_l1_error(rows.cols())
                                           : detail::float_product_error(rows.cols());
  const auto bounded = [&](std::span<const data::row_id> ids,
                           const linalg::matrix_view<float>& from, linalg::matrix<float>& copy) {
    if (plan.copies) detail::copy_floats(from, ids, squared_norms, plan, copy);
    const auto multiplied = plan.copies ? linalg::matrix_view<float>(copy) : from;
    return detail::bounded_rows{ids, from, multiplied,
                                detail::terms_of(ids, squared_norms, plan, multiplied, error),
                                ascending(ids)};
  };
  const auto c = bounded(candidates, x, copied[1]);
  const auto q = same ? c : bounded(queries, y, copied[0]);
  for_chunks(ctx.executor, queries.size(), detail::query_tile,
             [&](std::size_t begin, std::size_t end) {
               detail::dense_part(q, c, plan, squared_norms, begin, end, k, out);
             });
}

/// The k nearest other rows of every row. Sparse blocks stay sparse. Exact: the lists are those of
/// distances in exact arithmetic, rounded once to float (in double where they are no normal floats), ties
/// by row, whatever the rows' scale and offset; the same bits for any number of threads. Float
/// products rule out most pairs and double decides on the rest from the rows themselves, so
/// that time is that of the products unless many rows are as near as the k-th within their rounding (some
/// 1e-5 of the rows' lengths, what all have in common left out).
/// Time: dense O(n^2 d) in matrix products (L1: plain loops), sparse O(n^2 + n nnz_column). Memory:
/// O(n k) and a tile per thread; a copy of dense rows that are far from 0, very long or very short. Throws
/// `invalid_argument` for k = 0, NaN or infinity.
[[nodiscard]] inline neighbor_lists nearest(const data::block& rows, std::size_t k, metric how,
                                            const context& ctx = {}) {
  expects(k >= 1, "nearest: k is 0, expected at least 1");
  const std::size_t n = rows.rows();
  k = (std::min)(k, n > 0 ? n - 1 : 0);
  neighbor_lists out(n, k);
  const std::vector<double> squares = detail::squared_norms(rows);
  if (!all_finite(squares.data(), n)) data::check_finite(rows, "nearest", ctx);
  std::vector<data::row_id> all(n);
  std::iota(all.begin(), all.end(), 0U);
  if (rows.is_sparse()) {
    const detail::inverted_index columns(rows);
    const detail::float_plan plan{.how = how, .exact = detail::exact_sums(rows, squares, how)};
    const detail::score_terms terms = detail::sparse_terms(rows, all, squares, plan);
    for_chunks(ctx.executor, n, detail::query_tile, [&](std::size_t begin, std::size_t end) {
      detail::sparse_part(rows, columns, plan, terms, squares, begin, end, k, out);
    });
    return out;
  }
  nearest_among(rows, all, all, squares, k, how, out, ctx);
  return out;
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph

#endif
