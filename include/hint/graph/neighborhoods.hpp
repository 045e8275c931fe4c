// SPDX-License-Identifier: MIT
/// \file
/// The neighbour lists of both modalities, for everybody who asks: each is searched once, for the longest
/// that was announced, and cut for those who want fewer.
#ifndef HINT_GRAPH_NEIGHBORHOODS_HPP
#define HINT_GRAPH_NEIGHBORHOODS_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/modality.hpp>
#include <hint/data/block.hpp>
#include <hint/graph/nearest.hpp>
#include <hint/graph/neighbor_lists.hpp>
#include <hint/graph/neighbors_by_cost.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace graph {

/// Lazy: nothing is searched before somebody asks. Not thread-safe, but parallel inside. What the
/// context refers to must outlive it. Memory: n k entries for each modality and metric asked for.
class neighborhoods {
 public:
  neighborhoods(std::array<data::block, 2> rows, const context& ctx,
                search_kind how = search_kind::automatic)
      : rows_(std::move(rows)), ctx_(ctx), how_(how) {}

  /// Somebody is going to ask for lists of k: whatever is searched from now on is as long.
  void announce(std::size_t k) noexcept { announced_ = (std::max)(announced_, k); }

  /// The k nearest rows of every row of a modality, exactly or nearly (see `graph::neighbors_by_cost`). Cost: a
  /// search when none so long was made before, else O(n k). Throws `invalid_argument` for k = 0.
  [[nodiscard]] neighbor_lists nearest(modality m, std::size_t k,
                                       metric how = metric::cosine) const {
    expects(k >= 1, "neighborhoods: k is ", k, ", expected at least 1");
    return searched(m, k, how).lists.first(k);
  }
  /// All that is there: lists as long as anybody has announced, or asked for by this metric; at least of
  /// one. What is referred to changes with the next longer search.
  [[nodiscard]] const neighbor_lists& longest(modality m, metric how = metric::cosine) const {
    return searched(m, announced_, how).lists;
  }
  /// The same, with what is known of the search.
  [[nodiscard]] const found_neighbors& found(modality m, metric how = metric::cosine) const {
    return searched(m, announced_, how);
  }
  /// How neighbours of any kind are to be searched.
  [[nodiscard]] search_kind how() const noexcept { return how_; }
  [[nodiscard]] const std::array<data::block, 2>& rows() const noexcept { return rows_; }

 private:
  const found_neighbors& searched(modality m, std::size_t k, metric by) const {
    auto& have = lists_[index_of(m)][static_cast<std::size_t>(by)];
    if (have.asked <
        (std::max)(k, std::size_t{1})) {  // lists may be shorter: there are n - 1 others
      have.asked = (std::max)({k, announced_, std::size_t{1}});
      have.found = neighbors_by_cost(rows_[index_of(m)], have.asked, by, how_, {}, ctx_);
      if (ctx_.observer.stop_requested()) have.asked = 0;  // not whole: no answer to who asks again
    }
    return have.found;
  }

  std::array<data::block, 2> rows_;
  context ctx_;
  search_kind how_;
  std::size_t announced_ = 0;
  struct search {
    std::size_t asked = 0;
    found_neighbors found;
  };
  mutable std::array<std::array<search, metric_names.size()>, 2> lists_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph

#endif
