// SPDX-License-Identifier: MIT
/// \file
/// Pairs of codes in clusters: whole cells are left out by the triangle inequality.
#ifndef HINT_SEARCH_PAIRS_PAIR_CELLS_HPP
#define HINT_SEARCH_PAIRS_PAIR_CELLS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/search/multi_index/coarse_centroids.hpp>
#include <hint/search/multi_index/inverted_lists.hpp>
#include <hint/search/pairs/pair_plan.hpp>
#include <hint/search/pairs/row_pairs.hpp>
#include <hint/search/store/code_store.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Centroids for the codes of a store that has some, and what a search for pairs through lists around them should cost.
class cell_plan {
 public:
  /// O(10^7 words), whatever the number of rows.
  HINT_LAZY
  cell_plan(const code_store& a, const code_store& b, std::size_t radius)
      : some_(spread_codes(b, 8 * cells)), centroids_(choose_centroids(some_, cells)) {
    // What has to be looked at among a few codes tells about all.
    code_store few(b.bits(), "cells");
    few.add(some_);
    const inverted_lists lists(few, some_.size(), centroids_);
    const std::size_t each = list_search::overhead * some_.size() / b.size();
    const code_set samples = spread_codes(a, 16);
    double reach = 0;
    for (std::size_t i = 0; i < samples.size(); ++i)
      reach += static_cast<double>(lists.within_reach(
                   samples[i].data(), static_cast<std::uint32_t>(radius + 1), each)) /
               static_cast<double>(samples.size() * some_.size());
    const auto na = static_cast<double>(a.size()), nb = static_cast<double>(b.size());
    // One query at a time reads memory more often than four do.
    constexpr double alone = 1.5;
    // Of a list: whether it is within reach, and the distance to its centroid when it is built.
    constexpr double look = 4, build = 1.5;
    cost_ = (na * look + nb * build) * cells + na * alone * reach * nb / 128 *
                                                   static_cast<double>(b.words()) *
                                                   costs_of(kernels()).group;
  }
  [[nodiscard]] const code_set& centroids() const noexcept { return centroids_; }
  /// Nanoseconds, as those of `pair_plan`.
  [[nodiscard]] double cost() const noexcept { return cost_; }

 private:
  static constexpr std::size_t cells = 1024;

  code_set some_;
  code_set centroids_;
  double cost_;
};

/// The pairs of rows of two stores, or of one with itself (the same object), below a limit, through lists of the
/// second's rows. Tasks are 64 rows of the first. Const calls are safe from many threads.
class pair_cells {
 public:
  pair_cells(const code_store& a, const code_store& b, const inverted_lists& lists,
             std::uint32_t limit) noexcept
      : a_(a), lists_(lists), limit_(limit), same_(&a == &b) {}

  [[nodiscard]] std::size_t tasks() const noexcept { return (a_.rows() + each - 1) / each; }

  /// For `in_rounds`; gives back control with every 2^16 pairs or so.
  template <class Found>
  [[nodiscard]] bool operator()(std::size_t task, std::size_t& at, Found& found) const {
    constexpr std::size_t enough = std::size_t{1} << 16;
    const std::size_t end = (std::min)(a_.rows(), (task + 1) * each);
    list_search search(lists_);
    std::vector<std::uint64_t> code(a_.words());
    for (std::size_t row = task * each + at; row < end; ++row, ++at) {
      if (found.size() >= enough) return false;
      if (!a_.live(row)) continue;
      a_.code(row, code);
      collector<Found> c{static_cast<std::uint32_t>(row), limit_, same_, found};
      static_cast<void>(search(code.data(), c, (std::numeric_limits<std::size_t>::max)()));
    }
    return true;
  }

 private:
  static constexpr std::size_t each = 64;

  template <class Found>
  struct collector {
    std::uint32_t own;
    std::uint32_t most;
    bool same;
    Found& found;
    [[nodiscard]] std::uint32_t limit() const noexcept { return most; }
    void offer(std::uint32_t distance, std::uint32_t row) {
      if (!same || row > own) found.push_back(row_pair{own, row, distance});
    }
  };

  const code_store& a_;
  const inverted_lists& lists_;
  std::uint32_t limit_;
  bool same_;
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
