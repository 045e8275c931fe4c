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
#include <hint/graph/nearest/distance.hpp>
#include <hint/graph/nearest/equal_rows.hpp>
#include <hint/graph/nearest/inverted_index.hpp>
#include <hint/graph/nearest/scan.hpp>
#include <hint/graph/nearest/shortlist.hpp>
#include <hint/graph/nearest/sparse_plan.hpp>
#include <hint/graph/nearest/tiles.hpp>
#include <hint/graph/neighbor_lists.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace graph {
namespace detail {

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
    if (how == metric::cosine) {
      const double apart = 1 - p / std::sqrt(squares[q] * squares[c]);
      return apart > 0x1p-50 ? rounded(apart) : 0;  // closer than their own rounding: the same
    }
    return rounded(how == metric::l2 ? std::sqrt((std::max)(0.0, squares[q] + squares[c] - 2 * p))
                                     : -p);
  }
};

/// Searches for the nearest of rows among all of a sparse block, itself included, one after the other. Real: what
/// sums are of. Memory O(n).
template <class Real>
class sparse_searcher {
 public:
  sparse_searcher(const data::block& rows, const inverted_index& columns, const sparse_plan& plan,
                  std::span<const double> squares, std::size_t k)
      : rows_(rows),
        columns_(columns),
        plan_(plan),
        squares_(squares),
        k_(k),
        sums_(rows.rows(), untouched),
        touched_(rows.rows() + 1),
        pair_(rows),
        list_(k) {}

  /// Valid until the next call.
  [[nodiscard]] std::span<const exact_row> operator()(std::size_t q) {
    const std::size_t n = sums_.size(), count = add_products(q);
    const auto touched = std::span(touched_).first(count);
    // One by one, they cost about eight times what they cost a scan of all.
    const bool few = count < n / 8;
    pair_.from(q);
    list_.clear();
    if (few)
      offer_some(q, touched);
    else
      offer_all(q, [](Real) { return true; });
    if (plan_.tied)
      offer_apart(q, few);
    else if (few && plan_.least_apart(q, rows_.lack(q)) <= list_.limit())
      offer_all(q, is_untouched);
    settle(q);
    if (few)
      for (const node_id c : touched) sums_[c] = untouched;
    else
      std::fill(sums_.begin(), sums_.end(), untouched);
    return list_.get();
  }

 private:
  static constexpr Real untouched = Real{-0.0};  // +0.0 after the first sum that cancels
  [[nodiscard]] static bool is_untouched(Real sum) noexcept {
    return sum == 0 && std::signbit(sum);
  }

  /// Adds up the products with all rows that share a column, `touched_` from then on. Returns how many.
  std::size_t add_products(std::size_t q) {
    std::size_t count = 0;
    const auto add = [&](node_id row, Real term) {
      touched_[count] = row;
      count += static_cast<std::size_t>(is_untouched(sums_[row]));
      sums_[row] += term;
    };
    rows_.for_each_stored(q, [&](std::size_t j, float value) {
      const auto x = static_cast<Real>(value);
      if (value == 0) return;
      if (plan_.plan.how != metric::l1) {
        for (const auto& [row, y] : columns_[j]) add(row, x * static_cast<Real>(y));
        return;
      }
      for (const auto& [row, y] : columns_[j])  // |x| + |y| - |x - y|
        if ((value > 0) == (y > 0))
          add(row, 2 * (std::min)(std::abs(x), std::abs(static_cast<Real>(y))));
    });
    return count;
  }

  void settle(std::size_t q) {
    list_.settle(sparse_judge{rows_, plan_, squares_, pair_, q}, plan_.plan.exact > 0);
  }
  void offer(std::size_t q, std::size_t c, double low, double high) {
    list_.offer(c, low, high, plan_.plan.exact > 0, [&] { settle(q); });
  }
  void offer(std::size_t q, std::size_t c) {
    if (!usable(plan_.plan.how, squares_[c])) return;
    auto p = static_cast<double>(sums_[c]);
    if (plan_.centered) p -= rows_.lack(q) + rows_.lack(c);
    const auto [low, high] = bounds_of(plan_.terms, q, plan_.terms, c, p);
    offer(q, c, low, high);
  }
  void offer_some(std::size_t q, std::span<const node_id> candidates) {
    if constexpr (std::is_same_v<Real, float>) {
      // As `scan` does it, by one line of memory for each.
      const auto& [low, factor, slack, lack] = plan_.of_row[q];
      constexpr auto margin = static_cast<float>(float_margin);
      float room = raised(list_.limit());
      for (const node_id c : candidates) {
        const auto& other = plan_.of_row[c];
        const float p = sums_[c];
        const float top = p + margin * std::abs(p) - lack - other.lack;
        if (other.low - factor * other.factor * top - slack * other.slack > room - low) continue;
        offer(q, c);
        room = raised(list_.limit());
      }
    } else {
      for (const node_id c : candidates) offer(q, c);
    }
  }
  /// All whose sums are `wanted`; where there are ties apart, but those that are 0.
  template <class Wanted>
  void offer_all(std::size_t q, Wanted&& wanted) {
    const std::size_t n = sums_.size();
    if constexpr (std::is_same_v<Real, float>) {
      scan(
          plan_.floats, q, plan_.floats, sums_.data(), 0, nullptr, 0, n,
          [&] { return raised(list_.limit()); },
          [&](std::size_t c, float sum) {
            if (wanted(sum)) offer(q, c);
          },
          plan_.tied);
    } else {
      for (std::size_t c = 0; c < n; ++c)
        if (wanted(sums_[c]) && !(plan_.tied && sums_[c] == 0)) offer(q, c);
    }
  }
  /// Rows that share no column are equally far by cosine and product, and as a rule many. Products that cancel are
  /// no such case: what rounding has left out of them may be more than 0. They are offered unless `only_apart`.
  void offer_apart(std::size_t q, bool only_apart) {
    const double apart = plan_.plan.how == metric::cosine ? 1 : 0;
    const double doubt =
        plan_.terms.slack[q] * plan_.most_slack + plan_.terms.blur[q] + plan_.most_blur;
    std::size_t left = k_;  // more of equal distance, and of higher numbers, are out
    for (std::size_t c = 0; c < sums_.size() && (left > 0 || !only_apart); ++c) {
      if (!(apart - doubt <= list_.limit())) return;
      if (sums_[c] != 0 || !usable(plan_.plan.how, squares_[c])) continue;
      if (!is_untouched(sums_[c])) {
        if (!only_apart) offer(q, c);
      } else if (left > 0) {
        offer(q, c, apart, apart + 0x1p-21 * apart);
        --left;
      }
    }
  }

  const data::block& rows_;
  const inverted_index& columns_;
  const sparse_plan& plan_;
  std::span<const double> squares_;
  std::size_t k_;
  std::vector<Real> sums_;
  std::vector<node_id> touched_;
  sparse_pair pair_;
  shortlist list_;
};

/// The k nearest other rows of every row of a sparse block, written to `out`; not L1 of centred ones. Equal rows
/// are searched for once. Asked to stop, it leaves the later lists as they are. O(n nnz_column), and O(n^2 /
/// registers) where many rows share columns.
HINT_LAZY
void sparse_search(const data::block& rows, std::span<const double> squares, std::size_t k,
                   metric how, neighbor_lists& out, const context& ctx) {
  const inverted_index columns(rows, ctx.observer);
  const equal_rows groups(rows, ctx);
  if (ctx.observer.stop_requested()) return;
  const sparse_plan plan = plan_sums(rows, squares, how);
  const auto search = [&](auto&& searcher, std::size_t begin, std::size_t end) {
    std::vector<near_row> list;
    for (std::size_t g = begin; g < end; ++g) {
      const auto equal = groups[g];
      if (!usable(how, squares[equal.front()])) continue;
      const std::span<const exact_row> found = searcher(equal.front());
      for (const data::row_id row : equal) {
        list.clear();
        for (const exact_row& r : found)
          if (r.row != row) list.push_back({r.row, static_cast<float>(r.distance)});
        out.set(row, list);
      }
    }
  };
  for_chunks_until_stopped(
      ctx, groups.size(), columns.queries_at_once(rows.rows()),
      [&](std::size_t begin, std::size_t end) {
        if (plan.in_float)
          search(sparse_searcher<float>(rows, columns, plan, squares, k + 1), begin, end);
        else
          search(sparse_searcher<double>(rows, columns, plan, squares, k + 1), begin, end);
      });
}

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph::detail

#endif
