// SPDX-License-Identifier: MIT
/// \file
/// The search for neighbours, tile by tile: float products with bounds rule out most candidates, and double
/// decides on the rest.
#ifndef HINT_GRAPH_NEAREST_TILES_HPP
#define HINT_GRAPH_NEAREST_TILES_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/prefetch.hpp>
#include <hint/data/block.hpp>
#include <hint/graph/nearest/bounds.hpp>
#include <hint/graph/nearest/distance.hpp>
#include <hint/graph/nearest/scan.hpp>
#include <hint/graph/nearest/shortlist.hpp>
#include <hint/graph/neighbor_lists.hpp>
#include <hint/linalg/elementwise.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>
#include <hint/linalg/reduce.hpp>

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
  float_terms floats;  ///< the same
  bool ascending;      ///< whether their numbers are
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

/// What an L1 distance of floats errs by, relative to itself.
[[nodiscard]] inline double l1_error(const float_plan& plan, const bounded_rows& rows) noexcept {
  return plan.how == metric::l1 ? float_l1_error(static_cast<std::size_t>(rows.x.cols())) : 0;
}

/// Candidates that are compared with a tile of queries at once by who may be asked to stop: what takes some
/// milliseconds.
[[nodiscard]] inline std::size_t candidates_at_once(std::size_t cols) noexcept {
  const std::size_t some = (std::size_t{1} << 26) / (query_tile * (cols + 1));
  return (std::max<std::size_t>)(some < candidate_tile ? some : some - some % candidate_tile, 16);
}

/// products(q, c) = those of rows q of `a` and c of `b` as they are multiplied, or their L1 distances, negated.
inline void multiply_rows(metric how, const linalg::matrix_view<float>& a,
                          const linalg::matrix_view<float>& b, linalg::matrix<float>& products) {
  products.resize(a.rows(), b.rows());
  if (how != metric::l1) return linalg::multiply_transposed<float>(a, b, products);
  for (linalg::index q = 0; q < a.rows(); ++q)
    for (linalg::index c = 0; c < b.rows(); ++c)
      products(q, c) =
          -linalg::l1_distance<float>(linalg::row_span<float>(a, q), linalg::row_span<float>(b, c));
}

/// Offers candidates candidates_begin .. candidates_end-1 to the lists of queries begin .. end-1.
HINT_LAZY
void dense_part(const bounded_rows& queries, const bounded_rows& candidates, const float_plan& plan,
                std::span<const double> squares, std::size_t begin, std::size_t end,
                std::size_t candidates_begin, std::size_t candidates_end,
                std::span<shortlist> lists) {
  const double relative = l1_error(plan, queries);
  const bool ties = plan.exact > 0 && candidates.ascending;
  linalg::matrix<float> products;
  for (std::size_t first = candidates_begin; first < candidates_end; first += candidate_tile) {
    const std::size_t last = (std::min)(candidates_end, first + candidate_tile);
    multiply_rows(plan.how, queries.part(begin, end), candidates.part(first, last), products);
    for (std::size_t q = begin; q < end; ++q) {
      const data::row_id row = queries.ids[q];
      if (!usable(plan.how, squares[row])) continue;
      shortlist& list = lists[q - begin];
      const float* const of_first = products.row(static_cast<linalg::index>(q - begin)).data();
      scan(
          queries.floats, q, candidates.floats, of_first, first, nullptr, first, last,
          [&] { return raised(list.limit()); },
          [&](std::size_t c, float p) {
            const data::row_id candidate = candidates.ids[c];
            if (candidate == row || !usable(plan.how, squares[candidate])) return;
            const auto [low, high] =
                bounds_of(queries.terms, q, candidates.terms, c, static_cast<double>(p), relative);
            list.offer(c, low, high, ties, [&] {
              list.settle(dense_judge{queries, candidates, plan, squares, q}, plan.exact > 0);
            });
          });
    }
  }
}
/// Settles the lists of queries begin .. end-1 and puts them out.
HINT_LAZY
void finish_part(const bounded_rows& queries, const bounded_rows& candidates,
                 const float_plan& plan, std::span<const double> squares, std::size_t begin,
                 std::size_t end, std::span<shortlist> lists, neighbor_lists& out) {
  for (std::size_t q = begin; q < end; ++q) {
    lists[q - begin].settle(dense_judge{queries, candidates, plan, squares, q}, plan.exact > 0);
    set_list(out, queries.ids[q], lists[q - begin].get());
  }
}

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph::detail

#endif
