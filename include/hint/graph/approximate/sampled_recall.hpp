// SPDX-License-Identifier: MIT
/// \file
/// How much of the exact answer an approximate search has found, on a random sample of rows.
#ifndef HINT_GRAPH_APPROXIMATE_SAMPLED_RECALL_HPP
#define HINT_GRAPH_APPROXIMATE_SAMPLED_RECALL_HPP

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/executor.hpp>
#include <hint/core/random.hpp>
#include <hint/core/until_stopped.hpp>
#include <hint/data/block.hpp>
#include <hint/graph/approximate/compared_rows.hpp>
#include <hint/graph/approximate/growing_lists.hpp>
#include <hint/graph/nearest/distance.hpp>
#include <hint/graph/neighbor_lists.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace graph {
namespace detail {

/// The k nearest of a row's candidates by exact distances.
HINT_LAZY
void settle(const compared_rows<>& rows, std::size_t row,
            std::span<const growing_lists<>::entry> candidates, compared_rows<>::scratch& scratch,
            nearest_rows& best) {
  best.clear();
  for (const auto& c : candidates)
    best.offer({static_cast<node_id>(c.row),
                static_cast<float>(rounded(rows.distance(row, c.row, scratch)))});
}

/// Random rows and how far their k-th neighbours are.
template <class = void>  // as HINT_LAZY
class recall_sample {
 public:
  /// Compares `count` random rows with all. O(n count d) in products. Memory: a few thousand rows. Asked to
  /// stop, it is empty.
  recall_sample(const compared_rows<>& rows, std::size_t count, std::size_t k, const context& ctx) {
    const std::size_t n = rows.rows();
    const auto order =
        permutation(static_cast<std::uint32_t>(n), ctx.random("approximate neighbours, recall"));
    for (std::size_t i = 0; i < n && ids_.size() < count; ++i)
      if (rows.usable(order[i])) ids_.push_back(order[i]);
    // Some more than k, so that rounding in products does not matter.
    growing_lists<> found(ids_.size(), k + 8);
    if (!found.search(rows, ids_, ctx)) {
      ids_.clear();
      return;
    }
    kth_.resize(ids_.size());
    counts_.resize(ids_.size());
    for_chunks(ctx.executor, ids_.size(), 16, [&](std::size_t begin, std::size_t end) {
      nearest_rows best(k);
      compared_rows<>::scratch scratch;
      for (std::size_t s = begin; s < end; ++s) {
        settle(rows, ids_[s], found[s], scratch, best);
        counts_[s] = best.get().size();
        if (counts_[s] > 0) kth_[s] = best.get().back().distance;
      }
    });
  }
  /// The share of the sample's neighbours that are in the lists; one as near as the k-th counts, whichever it
  /// is. 1 for an empty sample.
  [[nodiscard]] double recall(const compared_rows<>& rows, const growing_lists<>& lists,
                              const context& ctx) const {
    std::vector<std::size_t> hits(ids_.size());
    for_chunks(ctx.executor, ids_.size(), 16, [&](std::size_t begin, std::size_t end) {
      nearest_rows best(lists.length());
      compared_rows<>::scratch scratch;
      for (std::size_t s = begin; s < end; ++s) {
        settle(rows, ids_[s], lists[ids_[s]], scratch, best);
        std::size_t hit = 0;
        for (const near_row& r : best.get()) hit += r.distance <= kth_[s] ? 1U : 0U;
        hits[s] = (std::min)(hit, counts_[s]);
      }
    });
    const auto sum = [](const auto& v) {
      return static_cast<double>(std::accumulate(v.begin(), v.end(), std::size_t{0}));
    };
    const double all = sum(counts_);
    return all > 0 ? sum(hits) / all : 1;
  }

 private:
  std::vector<data::row_id> ids_;
  std::vector<float> kth_;
  std::vector<std::size_t> counts_;
};

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph::detail

#endif
