// SPDX-License-Identifier: MIT
/// \file
/// The weights of the edges between one node and the communities around it: what a local move needs
/// to know, gathered for one node after another.
#ifndef HINT_TREE_MULTILEVEL_NEIGHBOR_WEIGHTS_HPP
#define HINT_TREE_MULTILEVEL_NEIGHBOR_WEIGHTS_HPP

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/edges.hpp>
#include <hint/tree/multilevel/quotient_graph.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// W(c), the weight of the edges between the node gathered last and the nodes of community c.
class neighbor_weights {
 public:
  /// Room for communities 0 .. count-1. Only while nothing is gathered.
  void reserve(std::size_t count) {
    weights_.resize((std::max)(weights_.size(), count));
    neighbors_.resize((std::max)(neighbors_.size(), count + 1));
  }
  /// Adds up the row of node u: the neighbours x with counts(x) are in the communities of[x]. What
  /// was gathered before must have been cleared. O(row).
  template <class Counts>
  void gather(const quotient_graph& graph, node_id u, const node_id* of, Counts&& counts) {
    // Local copies: the compiler cannot know that no store changes the pointers.
    double* const weights = weights_.data();
    node_id* const neighbors = neighbors_.data();
    const node_id* const ends = graph.ends.data();
    const double* const edge_weights = graph.weights.data();
    const std::size_t row_end = graph.begin[u + 1];
    std::size_t count = 0;
    for (std::size_t i = graph.begin[u]; i < row_end; ++i) {
      if (!counts(ends[i])) continue;
      const node_id to = of[ends[i]];
      const double before = weights[to];
      neighbors[count] = to;  // stays if it is new
      count += before == 0;
      weights[to] = before + edge_weights[i];
    }
    count_ = count;
  }
  /// Sets all W to 0.
  void clear() noexcept {
    for (const node_id c : neighbors()) weights_[c] = 0;
    count_ = 0;
  }
  [[nodiscard]] double operator[](node_id c) const noexcept { return weights_[c]; }
  /// Sets W(c) to 0 and returns what it was; c stays among the neighbours.
  [[nodiscard]] double take(node_id c) noexcept { return std::exchange(weights_[c], 0.0); }
  /// The communities with edges to the node, each once, in the order of its row.
  [[nodiscard]] std::span<const node_id> neighbors() const noexcept {
    return {neighbors_.data(), count_};
  }

  /// Where a graph does not fit into the caches, waiting for memory would take most of the time.
  /// While order[turn] is visited, this asks for the rows of the nodes that come 12 turns later,
  /// for the communities `home` of the neighbours of those 8 turns later, and for what is known of
  /// the communities `of` of the neighbours of those 4 turns later; where `home` and `of` are not
  /// the same, only of neighbours with the same home. Without effect on anything but time.
  void prefetch_ahead(const quotient_graph& graph, const node_id* home, const node_id* of,
                      const community* communities, std::span<const node_id> order,
                      std::size_t turn) const {
    constexpr std::size_t large = 50000;  // nodes
    constexpr std::size_t step = 4;
    const std::size_t n = graph.size();
    if (n < large || turn + 3 * step >= n) return;
    const std::size_t row = graph.begin[order[turn + 3 * step]];
    prefetch(graph.ends.data() + row);
    prefetch(graph.weights.data() + row);
    const node_id next = order[turn + 2 * step];
    for (std::size_t i = graph.begin[next]; i < graph.begin[next + 1]; ++i)
      prefetch(home + graph.ends[i]);
    const node_id soon = order[turn + step];
    for (std::size_t i = graph.begin[soon]; i < graph.begin[soon + 1]; ++i) {
      const node_id end = graph.ends[i];
      if (home != of && home[end] != home[soon]) continue;
      prefetch(communities + of[end]);
      prefetch(weights_.data() + of[end]);
    }
  }

 private:
  std::vector<double> weights_;  ///< by community; all 0 while nothing is gathered
  std::vector<node_id> neighbors_;
  std::size_t count_ = 0;
};

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
