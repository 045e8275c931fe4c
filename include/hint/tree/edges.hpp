// SPDX-License-Identifier: MIT
/// \file
/// Which edges of a graph count as leaving a community, and the weights that follow for a tree.
#ifndef HINT_TREE_EDGES_HPP
#define HINT_TREE_EDGES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/prefetch.hpp>
#include <hint/core/relation_graph.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree {

/// Stands for "no node": the parent of the root, the sibling after the last.
inline constexpr node_id no_node = 0xffffffff;

/// As a limit of heights or sizes: none.
inline constexpr std::size_t unbounded = static_cast<std::size_t>(-1);

/// Which edges g_alpha of Eq. 4 counts. The volume always is the sum of all degrees.
enum class counted_edges : std::uint8_t {
  all,   ///< every edge (Li and Pan 2016)
  intra  ///< only edges whose ends have the same entry of `graph.groups()` (the paper's wording)
};

namespace detail {

using ::hint::detail::prefetch;

inline void check_counted_edges(const relation_graph& graph, counted_edges counted) {
  expects(counted == counted_edges::all || !graph.groups().empty() || graph.size() == 0,
          "counted_edges is intra, but the graph has no groups");
}

[[nodiscard]] inline bool counts(const relation_graph& graph, counted_edges counted, node_id a,
                                 node_id b) noexcept {
  return counted == counted_edges::all || graph.groups()[a] == graph.groups()[b];
}

/// g of every leaf: the weight of its edges that count.
[[nodiscard]] inline std::vector<double> leaf_cuts(const relation_graph& graph,
                                                   counted_edges counted) {
  std::vector<double> out(graph.size());
  for (node_id a = 0; a < graph.size(); ++a)
    for (const auto& [b, weight] : graph[a])
      if (counts(graph, counted, a, b)) out[a] += weight;
  return out;
}

/// Where the nodes of a tree are. Every parent has a higher number than its child; the leaves below
/// node v are a stretch of `order` that starts at `begin[v]`.
struct layout_view {
  std::span<const node_id> parents;
  std::span<const node_id> depths;
  std::span<const node_id> begin;
  std::span<const node_id> order;
  std::size_t height;
};

/// As `for_common_ancestors`, by climbing from both ends. O(E height).
template <class F>
void climb_to_common_ancestors(const relation_graph& graph, counted_edges counted,
                               const layout_view& tree, F&& f) {
  for (node_id a = 0; a < graph.size(); ++a)
    for (const auto& [b, weight] : graph[a]) {
      if (b < a || !counts(graph, counted, a, b)) continue;
      node_id x = a;
      node_id y = b;
      for (node_id d = tree.depths[b]; d < tree.depths[a]; ++d) x = tree.parents[x];
      for (node_id d = tree.depths[a]; d < tree.depths[b]; ++d) y = tree.parents[y];
      while (x != y) {
        x = tree.parents[x];
        y = tree.parents[y];
      }
      f(x, weight);
    }
}

/// As `for_common_ancestors`, walking over the leaves in their order with the path from the root to
/// the one that it is at: the ancestor that a leaf shares with an earlier one is the lowest on the
/// path that starts no later than that one. O(size + E log height), and nearly O(size + E) where
/// most edges are short: the search goes up the path in strides that double.
template <class F>
void walk_to_common_ancestors(const relation_graph& graph, counted_edges counted,
                              const layout_view& tree, F&& f) {
  struct step {
    node_id begin;
    node_id node;
  };
  std::vector<step> path(tree.height + 1);
  constexpr std::size_t ahead = 8;
  for (node_id at = 0; at < tree.order.size(); ++at) {
    // Rows are visited in no order that the processor could guess: a third of the time.
    if (at + ahead < tree.order.size()) prefetch(graph[tree.order[at + ahead]].data());
    const node_id leaf = tree.order[at];
    const std::size_t depth = tree.depths[leaf];
    for (node_id v = leaf; v != no_node && tree.begin[v] == at; v = tree.parents[v])
      path[tree.depths[v]] = {at, v};  // those above were met from an earlier leaf
    for (const auto& [other, weight] : graph[leaf]) {
      const node_id target = tree.begin[other];
      if (target >= at || !counts(graph, counted, leaf, other)) continue;
      std::size_t low = depth;  // path[low] starts too late
      std::size_t stride = 1;
      while (low > stride && path[low - stride].begin > target) {
        low -= stride;
        stride *= 2;
      }
      std::size_t high = low > stride ? low - stride : 0;  // the root starts early enough
      while (low - high > 1) {
        const std::size_t middle = high + (low - high) / 2;
        (path[middle].begin > target ? low : high) = middle;
      }
      f(path[high].node, weight);
    }
  }
}

/// f(v, weight) for every counting edge, v being the lowest common ancestor of its ends, in the
/// same order on every run. O(size + E log height).
template <class F>
void for_common_ancestors(const relation_graph& graph, counted_edges counted,
                          const layout_view& tree, F&& f) {
  constexpr std::size_t low = 8;  // up to here climbing is faster, since it takes rows one by one
  if (tree.height <= low)
    climb_to_common_ancestors(graph, counted, tree, f);
  else
    walk_to_common_ancestors(graph, counted, tree, f);
}

/// For every node of a tree the weight of counting edges between leaves under different children of
/// it. Every parent has a higher number than its child. O(size + E log height).
template <class Sum = double>
[[nodiscard]] std::vector<Sum> weights_between_children(const relation_graph& graph,
                                                        counted_edges counted,
                                                        std::span<const node_id> parents) {
  const std::size_t size = parents.size();
  const std::size_t n = graph.size();
  std::vector<node_id> leaves(size);
  std::vector<node_id> depths(size);
  std::vector<node_id> begin(size);
  std::vector<node_id> order(n);
  std::fill_n(leaves.begin(), n, node_id{1});
  for (std::size_t v = 0; v + 1 < size; ++v) leaves[parents[v]] += leaves[v];
  node_id height = 0;
  std::vector<node_id> next(size);  // where the next child starts
  for (std::size_t v = size; v-- > 0;) {
    if (v + 1 < size) {
      const node_id p = parents[v];
      depths[v] = depths[p] + 1;
      begin[v] = next[v] = next[p];
      next[p] += leaves[v];
    }
    if (v < n) {
      order[begin[v]] = static_cast<node_id>(v);
      height = (std::max)(height, depths[v]);
    }
  }
  std::vector<Sum> between(size);
  for_common_ancestors(graph, counted, {parents, depths, begin, order, height},
                       [&](node_id v, double weight) { between[v] += weight; });
  return between;
}

}  // namespace detail
}}}  // namespace hint::HINT_ABI::tree

#endif
