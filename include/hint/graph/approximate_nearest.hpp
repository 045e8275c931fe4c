// SPDX-License-Identifier: MIT
/// \file
/// Nearest neighbours of every row among many rows: most of them, at a small part of the cost of an exact
/// search. How many is measured.
#ifndef HINT_GRAPH_APPROXIMATE_NEAREST_HPP
#define HINT_GRAPH_APPROXIMATE_NEAREST_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/data/block.hpp>
#include <hint/graph/nearest/distance.hpp>
#include <hint/graph/neighbor_lists.hpp>

#if !defined(HINT_ELSEWHERE)
#include <hint/core/watched_phase.hpp>
#include <hint/graph/approximate/compared_rows.hpp>
#include <hint/graph/approximate/growing_lists.hpp>
#include <hint/graph/approximate/partition.hpp>
#include <hint/graph/approximate/sampled_recall.hpp>
#endif

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace graph {

struct approximate_options {
  double recall = 0.97;      ///< at which it is content, on the sample; 0 .. 1
  std::size_t trees = 24;    ///< at most; 1 .. 1000
  std::size_t leaf = 1024;   ///< rows, at most, that a tree compares with each other; 16 .. 65536
  std::size_t sample = 256;  ///< rows on which recall is measured; 1 .. 10^6

  void validate() const {
    option_in("recall", recall, 0, 1);
    option_in("trees", trees, 1, 1000);
    option_in("leaf", leaf, 16, 65536);
    option_in("sample", sample, 1, 1000000);
  }
};

/// Neighbour lists, and what is known of them.
struct approximate_lists {
  neighbor_lists lists;
  /// Of the k nearest neighbours of the sample's rows, found by comparing these with all, the share that is in
  /// the lists. Of 256 rows it is within about 0.01 of that of all.
  double recall = 1;
  std::size_t trees = 0;  ///< that were grown

  /// For people: "recall 0.973 by 8 trees".
  [[nodiscard]] std::string text() const {
    return ::hint::detail::concat("recall ", std::round(1000 * recall) / 1000, " by ", trees,
                                  trees == 1 ? " tree" : " trees");
  }
};

/// k near other rows of every row: nearly the lists of `nearest`, with its distances and its order. Random
/// trees divide the rows into leaves, in which all are compared by matrix products; after some trees all
/// rows are compared with the neighbours of their neighbours, until `recall` is reached or there are as many
/// trees as allowed. Recall depends on the data: rows that lie near each other in groups or on a surface of few
/// dimensions are easy, random rows of hundreds of columns are not possible (and have no neighbours worth the
/// name). For dot products all rows are also compared with the longest ones. Candidates are compared in floats: rows
/// whose distances differ by less than some 1e-6 of how far rows are from their mean (squares of both, but for L1)
/// are all the same to it, and to the recall that it measures; groups so tight need `nearest`. Products beyond the
/// range of floats are all the same, too. Lists are shorter than k where so many rows are equal that a leaf, or half
/// of one, of no more than k rows is all that a row ever meets.
/// The same bits for any number of threads; other seeds, other lists. Tells the observer of a phase
/// "approximate neighbours" with the recall. Asked to stop, it returns within moments, and all lists are empty.
/// Time: O(n leaf trees d) in matrix products, for 97% of the neighbours of 10^5 rows a tenth of `nearest` or
/// so. Memory: O(n k) and leaves, never a copy of the rows; sparse rows are made dense leaf by leaf, which is no
/// way for rows of very many columns. Throws `invalid_option`, `invalid_argument` for k = 0 or k > 1000, NaN or
/// infinity, and for 2^31 rows.
HINT_LAZY
[[nodiscard]] approximate_lists approximate_nearest(const data::block& rows, std::size_t k,
                                                    metric how, const approximate_options& o = {},
                                                    const context& ctx = {});

/// The same for both modalities together: nearly the lists of `nearest_fused`. Throws also `shape_error` for
/// modalities of different size, `invalid_option` unless 0 <= image_weight <= 1.
HINT_LAZY
[[nodiscard]] approximate_lists approximate_fused(const std::array<data::block, 2>& rows,
                                                  double image_weight, std::size_t k,
                                                  const approximate_options& o = {},
                                                  const context& ctx = {});

#if !defined(HINT_ELSEWHERE)
namespace detail {

/// The search, once it is known what is compared.
HINT_LAZY
[[nodiscard]] approximate_lists approximate_search(const compared_rows<>& rows, std::size_t k,
                                                   const approximate_options& o,
                                                   const context& ctx) {
  const std::size_t n = rows.rows();
  k = (std::min)(k, n > 0 ? n - 1 : 0);
  const approximate_lists stopped{neighbor_lists(n, k), 0};
  if (k == 0) return {neighbor_lists(n, k)};
  watched_phase phase(ctx.observer, "approximate neighbours");
  growing_lists<> lists(n, (std::max<std::size_t>)(k + 2, 12));  // short ones lead nowhere
  const recall_sample<> sample(rows, o.sample, k, ctx);
  std::vector<data::row_id> usable;
  for (std::size_t i = 0; i < n; ++i)
    if (rows.usable(i)) usable.push_back(static_cast<data::row_id>(i));
  if (rows.lengths_count()) {
    std::vector<data::row_id> longest = usable;
    const std::size_t count = (std::min)(o.leaf / 2, n);
    std::partial_sort(longest.begin(), longest.begin() + static_cast<std::ptrdiff_t>(count),
                      longest.end(), [&](data::row_id a, data::row_id b) {
                        return rows.square(a) > rows.square(b) ||
                               (rows.square(a) == rows.square(b) && a < b);
                      });
    longest.resize(count);
    if (!lists.compare_with(rows, longest, ctx)) return stopped;
  }
  const linalg::matrix<float> x = sketch(rows, 32, ctx);
  const random_stream random = ctx.random("approximate neighbours, trees");
  approximate_lists out{neighbor_lists(n, k), 0};
  for (bool enough = false; !enough;) {
    // As many trees as a round of neighbours' neighbours costs or so; more when there is nothing to start from.
    const std::size_t until = (std::min)(o.trees, out.trees + (out.trees == 0 ? 4 : 2));
    for (; out.trees < until; ++out.trees)
      if (!lists.compare_within(
              rows, random_partition(x, usable, o.leaf, random.fork(out.trees), ctx), ctx))
        return stopped;
    out.recall = sample.recall(rows, lists, ctx);
    if (out.recall < o.recall) {
      // Small leaves, so that rows that are near each other are near in time.
      const partition p = random_partition(x, usable, 64, random.fork(out.trees), ctx);
      if (!lists.join(rows, p.order, ctx)) return stopped;
      out.recall = sample.recall(rows, lists, ctx);
    }
    enough = out.recall >= o.recall || out.trees == o.trees;
    phase.tell(static_cast<double>(out.trees) / static_cast<double>(o.trees));
  }
  const std::size_t done =
      for_chunks_until_stopped(ctx, n, 64, [&](std::size_t begin, std::size_t end) {
        nearest_rows best(k);
        compared_rows<>::scratch scratch;
        for (std::size_t i = begin; i < end; ++i) {
          settle(rows, i, lists[i], scratch, best);
          out.lists.set(i, best.get());
        }
      });
  if (done < n || ctx.observer.stop_requested()) return stopped;
  phase.end(out.text());
  return out;
}

inline void check_approximate(const char* name, std::size_t rows, std::size_t k,
                              const approximate_options& o) {
  o.validate();
  expects(k >= 1 && k <= 1000, name, ": k is ", k, ", expected 1 to 1000");
  expects(rows < (std::size_t{1} << 31), name, ": ", rows, " rows, expected less than 2^31");
}

}  // namespace detail

template <class>
approximate_lists approximate_nearest(const data::block& rows, std::size_t k, metric how,
                                      const approximate_options& o, const context& ctx) {
  detail::check_approximate("approximate_nearest", rows.rows(), k, o);
  const detail::compared_rows<> compared(rows, how, "approximate_nearest", ctx);
  return detail::approximate_search(compared, k, o, ctx);
}

template <class>
approximate_lists approximate_fused(const std::array<data::block, 2>& rows, double image_weight,
                                    std::size_t k, const approximate_options& o,
                                    const context& ctx) {
  detail::check_approximate("approximate_fused", rows[0].rows(), k, o);
  option_in("image_weight", image_weight, 0, 1);
  expects<shape_error>(rows[0].rows() == rows[1].rows(), "approximate_fused: image has ",
                       rows[0].rows(), " rows, text has ", rows[1].rows());
  const detail::compared_rows<> compared(rows, image_weight, "approximate_fused", ctx);
  return detail::approximate_search(compared, k, o, ctx);
}
#endif

#if defined(HINT_COMPILED)
HINT_EXTERN template approximate_lists approximate_nearest<>(const data::block&, std::size_t,
                                                             metric, const approximate_options&,
                                                             const context&);
HINT_EXTERN template approximate_lists approximate_fused<>(const std::array<data::block, 2>&,
                                                           double, std::size_t,
                                                           const approximate_options&,
                                                           const context&);
#endif

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph

#endif
