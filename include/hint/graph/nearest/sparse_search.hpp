// SPDX-License-Identifier: MIT
/// \file
/// The search for neighbours among sparse rows: only columns that a query uses are read.
#ifndef HINT_GRAPH_NEAREST_SPARSE_SEARCH_HPP
#define HINT_GRAPH_NEAREST_SPARSE_SEARCH_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <type_traits>
#include <span>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/until_stopped.hpp>
#include <hint/data/block.hpp>
#include <hint/graph/nearest/bounds.hpp>
#include <hint/graph/nearest/distance.hpp>
#include <hint/graph/nearest/inverted_index.hpp>
#include <hint/graph/nearest/scan.hpp>
#include <hint/graph/nearest/shortlist.hpp>
#include <hint/graph/nearest/tiles.hpp>
#include <hint/graph/neighbor_lists.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace graph {
namespace detail {

/// What the stored numbers of a sparse block say about sums of their products.
struct stored_numbers {
  bool whole = true;              ///< whether there are no others
  double most = 0, least = 1;     ///< of absolute values that are not 0; least: and of 1
  double most_square = 0;         ///< of the squared lengths
  std::size_t longest = 0;        ///< of the counts of numbers in a row
  std::vector<double> lengths{};  ///< of rows
};
HINT_LAZY
[[nodiscard]] stored_numbers look_at_numbers(const data::block& rows) {
  stored_numbers out;
  out.lengths.resize(rows.rows());
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    double square = 0;
    for (const float v : rows.stored(i)) {
      const double x = std::abs(static_cast<double>(v));
      square += x * x;
      out.whole = out.whole && v == std::floor(v);
      out.most = (std::max)(out.most, x);
      if (x > 0) out.least = (std::min)(out.least, x);
    }
    out.most_square = (std::max)(out.most_square, square);
    out.longest = (std::max)(out.longest, rows.stored(i).size());
    out.lengths[i] = std::sqrt(square);
  }
  return out;
}

/// How scores follow from sums over the columns that two rows share.
struct sparse_plan {
  float_plan plan;
  bool in_float = false;  ///< whether sums are of floats
  bool centered = false;  ///< whether products lack something, see block::lack
  score_terms terms{0};   ///< of all rows, `factor` with that of the block
  float_terms floats{terms};
  double most_slack = 0, most_blur = 0;
};

/// Bounds as `terms_of` has them, for sums of the stored numbers: products, or for L1 |x| + |y| - |x - y|. What
/// is lost by rounding is in proportion to the lengths of rows as they are stored, not to those of centred ones.
HINT_LAZY
[[nodiscard]] sparse_plan plan_sums(const data::block& rows, std::span<const double> squares,
                                    metric how) {
  const stored_numbers numbers = look_at_numbers(rows);
  const std::size_t n = rows.rows();
  sparse_plan out;
  out.plan.how = how;
  out.centered = !rows.shift().empty();
  if (numbers.whole && numbers.most_square <= most_whole)
    out.plan.exact = exact_blur(how, numbers.most_square);
  const double terms = static_cast<double>(numbers.longest) + 16;
  const bool ordinary = numbers.least > 1e-15 && numbers.most < 1e15;
  double center = 0;
  for (const float s : rows.shift()) center += static_cast<double>(s) * static_cast<double>(s);
  center = std::sqrt(center);
  const bool l1 = how == metric::l1;
  // Where centred rows are short beside what is stored of them, the rounding of floats would hide them.
  double stored = 0, real = 0;
  for (std::size_t i = 0; i < n; ++i) {
    stored += rows.factor(i) * (numbers.lengths[i] + center);
    real += std::sqrt(squares[i]);
  }
  out.in_float = ordinary && stored <= 32 * real + center;
  const double unit = out.in_float && !(out.plan.exact > 0) ? 0x1p-24 : 0x1p-53;
  const double error = terms * unit;

  score_terms& t = out.terms = score_terms(n);
  for (std::size_t i = 0; i < n; ++i) {
    double offset = 0;
    if (how == metric::cosine) {
      offset = 0.5;
      t.factor[i] = squares[i] > 0 ? rows.factor(i) / std::sqrt(squares[i]) : 0;
    } else if (how == metric::l2) {
      offset = squares[i];
      t.factor[i] = std::sqrt(2.0) * rows.factor(i);
    } else if (how == metric::dot) {
      t.factor[i] = rows.factor(i);
    } else {
      for (const float v : rows.stored(i)) offset += std::abs(static_cast<double>(v));
    }
    const double blur = out.plan.exact > 0 && !out.centered
                            ? out.plan.exact
                            : terms * (0x1p-52 * std::abs(offset) + 0x1p-120);
    // A sum for L1 is at most twice the shorter of both rows.
    if (out.centered || !(out.plan.exact > 0))
      t.slack[i] = l1 ? std::sqrt(2 * error * offset)
                      : std::sqrt(error) * t.factor[i] * (numbers.lengths[i] + center);
    t.add(i, offset, blur);
    out.most_slack = (std::max)(out.most_slack, t.slack[i]);
    out.most_blur = (std::max)(out.most_blur, t.blur[i]);
  }
  out.floats = float_terms(t);
  if (out.centered)
    for (std::size_t i = 0; i < n; ++i) out.floats.lacks.push_back(lowered(rows.lack(i)));
  return out;
}

/// What a shortlist asks about rows of a sparse block.
struct sparse_judge {
  const data::block& rows;
  const sparse_plan& plan;
  std::span<const double> squares;
  sparse_pair& pair;
  std::size_t q;
  [[nodiscard]] node_id row(std::size_t c) const noexcept { return static_cast<node_id>(c); }
  [[nodiscard]] double score(double distance) const noexcept { return plan.plan.score()(distance); }
  void next(std::size_t) const noexcept {}
  /// Of centred rows right up to the rounding of products, as the numbers behind them are not there.
  [[nodiscard]] double distance(std::size_t c) const {
    const metric how = plan.plan.how;
    pair.to(c);
    if (!plan.centered)
      return rounded(graph::detail::distance(how, pair, squares[q], squares[c], rows.cols()));
    const double p = rows.product(q, c, pair.product_of_stored());
    return rounded(how == metric::cosine ? 1 - p / std::sqrt(squares[q] * squares[c])
                   : how == metric::l2 ? std::sqrt((std::max)(0.0, squares[q] + squares[c] - 2 * p))
                                       : -p);
  }
};

/// The lists of rows begin .. end-1 among all. Real: what sums are of.
template <class Real>
void sparse_part(const data::block& rows, const inverted_index& columns, const sparse_plan& plan,
                 std::span<const double> squares, std::size_t begin, std::size_t end, std::size_t k,
                 neighbor_lists& out) {
  const metric how = plan.plan.how;
  const bool l1 = how == metric::l1, exact = plan.plan.exact > 0;
  // Rows that share no column are equally far by cosine and product, and as a rule many. Products that
  // cancel are no such case: what rounding has left out of them may be more than 0.
  const bool tied = !plan.centered && (how == metric::cosine || how == metric::dot);
  const double apart = how == metric::cosine ? 1 : 0;
  const std::size_t n = rows.rows();
  std::vector<Real> sums(n);
  sparse_pair pair(rows);
  shortlist list(k);
  for (std::size_t q = begin; q < end; ++q) {
    if (!usable(how, squares[q])) continue;
    std::fill(sums.begin(), sums.end(),
              Real{-0.0});  // becomes +0.0 with the first sum that cancels
    rows.for_each_stored(q, [&](std::size_t j, float value) {
      const auto x = static_cast<Real>(value);
      if (!l1) {
        for (const auto& [row, y] : columns[j]) sums[row] += x * static_cast<Real>(y);
        return;
      }
      for (const auto& [row, y] : columns[j])
        if ((value > 0) == (y > 0))  // |x| + |y| - |x - y|
          sums[row] += 2 * (std::min)(std::abs(x), std::abs(static_cast<Real>(y)));
    });
    pair.from(q);
    const auto settle = [&] { list.settle(sparse_judge{rows, plan, squares, pair, q}, exact); };
    list.clear();
    const auto offer = [&](std::size_t c) {
      if (c == q || !usable(how, squares[c])) return;
      auto p = static_cast<double>(sums[c]);
      if (plan.centered) p -= rows.lack(q) + rows.lack(c);
      const auto [low, high] = bounds_of(plan.terms, q, plan.terms, c, p);
      list.offer(c, low, high, exact, settle);
    };
    if constexpr (std::is_same_v<Real, float>) {
      scan(
          plan.floats, q, plan.floats, sums.data(), 0, nullptr, 0, n,
          [&] { return raised(list.limit()); }, [&](std::size_t c, float) { offer(c); }, tied);
    } else {
      for (std::size_t c = 0; c < n; ++c)
        if (!(tied && sums[c] == 0)) offer(c);
    }
    const double doubt =
        plan.terms.slack[q] * plan.most_slack + plan.terms.blur[q] + plan.most_blur;
    std::size_t apart_ones = 0;
    for (std::size_t c = 0; tied && c < n && apart - doubt <= list.limit(); ++c) {
      if (sums[c] != 0) continue;
      if (!std::signbit(sums[c])) {
        offer(c);
      } else if (c != q && usable(how, squares[c]) && apart_ones++ < k) {
        list.offer(c, apart, apart + 0x1p-21 * apart, exact, settle);
      }
    }
    settle();
    set_list(out, q, list.get());
  }
}

/// The k nearest other rows of every row of a sparse block, written to `out`; not L1 of centred ones. Asked to
/// stop, it leaves the later lists as they are. O(n^2 / registers + n nnz_column).
HINT_LAZY
void sparse_search(const data::block& rows, std::span<const double> squares, std::size_t k,
                   metric how, neighbor_lists& out, const context& ctx) {
  const inverted_index columns(rows, ctx.observer);
  if (ctx.observer.stop_requested()) return;
  const sparse_plan plan = plan_sums(rows, squares, how);
  for_chunks_until_stopped(ctx, rows.rows(), columns.queries_at_once(rows.rows()),
                           [&](std::size_t begin, std::size_t end) {
                             if (plan.in_float)
                               sparse_part<float>(rows, columns, plan, squares, begin, end, k, out);
                             else
                               sparse_part<double>(rows, columns, plan, squares, begin, end, k,
                                                   out);
                           });
}

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph::detail

#endif
