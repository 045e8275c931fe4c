// SPDX-License-Identifier: MIT
/// \file
/// Which modality to believe, and how much a pair is to be believed against its neighbours: both
/// measured without labels.
#ifndef HINT_GRAPH_MODALITY_TRUST_HPP
#define HINT_GRAPH_MODALITY_TRUST_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/modality.hpp>
#include <hint/core/random.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/core/until_stopped.hpp>
#include <hint/data/block.hpp>
#include <hint/graph/knn.hpp>
#include <hint/graph/nearest.hpp>
#include <hint/graph/nearest/equal_rows.hpp>
#include <hint/graph/neighbor_lists.hpp>
#include <hint/graph/neighbors_by_cost.hpp>
#include <hint/tree/builder.hpp>
#include <hint/tree/structural_entropy.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace graph {

struct trust_options {
  std::size_t neighbors = 5;  ///< k of the neighbour graphs that are judged; 1 .. 1000
  double exponent = 8;        ///< how sharply the clearer modality is preferred; 0 .. 100
  std::size_t items = 1500;   ///< sampled for the agreement; at least 1
  std::size_t others = 50;    ///< random items that each is compared with; at least 1
  search_kind search = search_kind::automatic;  ///< of neighbours, where rows repeat

  void validate() const {
    option_in("neighbors", neighbors, 1, 1000);
    option_in("exponent", exponent, 0, 100);
    option_in("items", items, 1, 100000000);
    option_in("others", others, 1, 1000000);
  }
};

/// What was measured on a paired data set.
struct modality_trust {
  /// D = 1 - H2 / H1 of each modality's neighbour graph: the share of its flat structural entropy
  /// that a partition into communities saves. Compare it only between modalities of the same items:
  /// neighbour graphs of noise have some, too (with k = 5 about 0.25 in 100 dimensions, 0.6 in two).
  std::array<double, 2> entropy_reduction{};
  /// g = D_image^p / (D_image^p + D_text^p), in [0, 1]; 1/2 when neither shows any structure.
  double image_weight = 0.5;
  /// A: the chance that a neighbour in one modality is nearer in the other than a random item; 1/2
  /// when the modalities know nothing of each other.
  double agreement = 0.5;
  /// o = 4 (2 A - 1) 4 g (1 - g) within 1/4 .. 4: the weight of an item itself against 1 for all its
  /// neighbours together. The last factor is 1 for equal trust and falls with the trust in the weaker
  /// modality, whose code of a single item is mostly noise that only a mean over neighbours removes.
  double self_weight = 0.25;
};

/// D = 1 - H2 / H1 of the neighbour graph of a modality's distinct rows, H2 being the entropy of the
/// partition at which greedy merging stops. 0 for fewer than three distinct rows. Cost: one
/// neighbour search when rows repeat (else `lists` are used), O(n k log n) for the partition. Throws
/// `shape_error` unless there is one list per row.
HINT_LAZY
[[nodiscard]] double entropy_reduction(const data::block& rows, const neighbor_lists& lists,
                                       const trust_options& o, const context& ctx = {});

/// A: for sampled items i, neighbours j of i in one modality and random items r, how often j is nearer
/// to i than r in the other modality (ties count half); the mean of both directions. 1/2 for fewer than
/// three items. O(items (k + others) d). Throws `shape_error` unless rows and lists are equally many.
HINT_LAZY
[[nodiscard]] double agreement(const std::array<data::block, 2>& rows,
                               const std::array<neighbor_lists, 2>& lists, const trust_options& o,
                               const context& ctx = {});

/// All of it. `rows`: features by which cosines mean something (centred, say), n rows each; `lists`:
/// their neighbours by cosine. The same numbers for any number of threads; the sample depends on the
/// context's seed. Asked to stop, it returns at once what it makes of what it has seen. Throws
/// `invalid_option`, `shape_error`.
HINT_LAZY
[[nodiscard]] modality_trust measure_trust(const std::array<data::block, 2>& rows,
                                           const std::array<neighbor_lists, 2>& lists,
                                           const trust_options& o = {}, const context& ctx = {});

#if !defined(HINT_ELSEWHERE)
namespace detail {

/// The first of every set of equal rows. Equal rows would be each other's neighbours and make any
/// modality look clear. Asked to stop, those among the rows it came to.
HINT_LAZY
[[nodiscard]] std::vector<data::row_id> distinct_rows(const data::block& rows,
                                                      const context& ctx = {}) {
  const equal_rows groups(rows, ctx);
  std::vector<data::row_id> out;
  for (std::size_t g = 0; g < groups.size(); ++g) out.push_back(groups[g].front());
  return out;
}

/// Cosines of one row with others, by their row numbers.
class cosines {
 public:
  cosines(const data::block& rows, std::span<const double> squares)
      : rows_(rows), squares_(squares), dense_(rows.cols()) {}
  void from(std::size_t row) {
    std::fill(dense_.begin(), dense_.end(), 0.0);
    rows_.for_each_stored(row, [&](std::size_t j, float v) { dense_[j] = static_cast<double>(v); });
    row_ = row;
  }
  [[nodiscard]] double operator()(std::size_t other) const {
    double sum = 0;
    rows_.for_each_stored(
        other, [&](std::size_t j, float v) { sum += dense_[j] * static_cast<double>(v); });
    sum = rows_.product(row_, other, sum);
    const double scale = squares_[row_] * squares_[other];
    return scale > 0 ? sum / std::sqrt(scale) : 0;
  }

 private:
  const data::block& rows_;
  std::span<const double> squares_;
  std::vector<double> dense_;
  std::size_t row_ = 0;
};

}  // namespace detail

template <class>
double entropy_reduction(const data::block& rows, const neighbor_lists& lists,
                         const trust_options& o, const context& ctx) {
  expects<shape_error>(lists.size() == rows.rows(), "entropy_reduction: ", lists.size(),
                       " neighbour lists for ", rows.rows(), " rows");
  const auto distinct = detail::distinct_rows(rows, ctx);
  if (distinct.size() < 3) return 0;
  const relation_graph g = distinct.size() == rows.rows()
                               ? neighbor_graph(lists)
                               : neighbor_graph(neighbors_by_cost(rows(distinct), o.neighbors,
                                                                  metric::cosine, o.search, {}, ctx)
                                                    .lists);
  const double flat = tree::structural_entropy(g);
  if (!(flat > 0)) return 0;
  const tree::encoding_tree t = tree::greedy_partition(g, tree::counted_edges::all, ctx);
  return (std::max)(0.0, 1 - tree::structural_entropy(t) / flat);
}

template <class>
double agreement(const std::array<data::block, 2>& rows, const std::array<neighbor_lists, 2>& lists,
                 const trust_options& o, const context& ctx) {
  const std::size_t n = rows[0].rows();
  for (std::size_t m = 0; m < 2; ++m)
    expects<shape_error>(rows[m].rows() == n && lists[m].size() == n,
                         "agreement: ", name_of(modalities[m]), " has ", rows[m].rows(),
                         " rows and ", lists[m].size(), " neighbour lists, expected ", n);
  if (n < 3) return 0.5;
  const auto order = permutation(static_cast<std::uint32_t>(n), ctx.random("agreement items"));
  const std::size_t items = (std::min)(n, o.items);
  const random_stream random = ctx.random("agreement others");
  double total = 0;
  for (const modality m : modalities) {
    const auto& near = lists[index_of(m)];
    const data::block& judging = rows[index_of(other(m))];
    const std::vector<double> squares = detail::squared_norms(judging, ctx);
    constexpr std::size_t chunk = 32;
    std::vector<std::array<double, 2>> counts(items / chunk + 1);  // of wins and trials
    const auto compare = [&](std::size_t s, detail::cosines& cosine, std::span<double> others,
                             std::array<double, 2>& count) {
      const std::size_t i = order[s];
      if (near[i].empty()) return;
      cosine.from(i);
      for (std::size_t r = 0; r < o.others; ++r) {
        const std::size_t pick = random.below((index_of(m) * items + s) * o.others + r, n - 1);
        others[r] = cosine(pick < i ? pick : pick + 1);
      }
      for (const near_row& j : near[i]) {
        const double mine = cosine(j.row);
        for (const double theirs : others) count[0] += mine > theirs ? 1 : mine == theirs ? 0.5 : 0;
        count[1] += static_cast<double>(o.others);
      }
    };
    for_chunks_until_stopped(ctx, items, chunk, [&](std::size_t begin, std::size_t end) {
      detail::cosines cosine(judging, squares);
      std::vector<double> others(o.others);
      for (std::size_t s = begin; s < end; ++s) compare(s, cosine, others, counts[s / chunk]);
    });
    double wins = 0, trials = 0;  // exact, as these are halves
    for (const auto& [won, tried] : counts) {
      wins += won;
      trials += tried;
    }
    total += trials > 0 ? wins / trials : 0.5;
  }
  return total / 2;
}

template <class>
modality_trust measure_trust(const std::array<data::block, 2>& rows,
                             const std::array<neighbor_lists, 2>& lists, const trust_options& o,
                             const context& ctx) {
  o.validate();
  modality_trust t;
  for (std::size_t m = 0; m < 2; ++m)
    t.entropy_reduction[m] = entropy_reduction(rows[m], lists[m], o, ctx);
  const double best = (std::max)(t.entropy_reduction[0], t.entropy_reduction[1]);
  if (best > 0) {
    const double v = std::pow(t.entropy_reduction[0] / best, o.exponent);
    const double w = std::pow(t.entropy_reduction[1] / best, o.exponent);
    t.image_weight = v / (v + w);
  }
  t.agreement = agreement(rows, lists, o, ctx);
  const double balance = 4 * t.image_weight * (1 - t.image_weight);
  t.self_weight = std::clamp(4 * (2 * t.agreement - 1) * balance, 0.25, 4.0);
  return t;
}
#endif

#if defined(HINT_COMPILED)
HINT_EXTERN template double entropy_reduction<>(const data::block&, const neighbor_lists&,
                                                const trust_options&, const context&);
HINT_EXTERN template double agreement<>(const std::array<data::block, 2>&,
                                        const std::array<neighbor_lists, 2>&, const trust_options&,
                                        const context&);
HINT_EXTERN template modality_trust measure_trust<>(const std::array<data::block, 2>&,
                                                    const std::array<neighbor_lists, 2>&,
                                                    const trust_options&, const context&);
#endif

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph

#endif
