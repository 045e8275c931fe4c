// SPDX-License-Identifier: MIT
/// \file
/// Quotient graphs, whose nodes stand for sets of leaves, and partitions of their nodes: what the
/// multilevel search works on. Flat arrays; no tree yet.
#ifndef HINT_TREE_MULTILEVEL_QUOTIENT_GRAPH_HPP
#define HINT_TREE_MULTILEVEL_QUOTIENT_GRAPH_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/encoding_tree.hpp>
#include <hint/tree/greedy/least_heap.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// A graph in compressed sparse rows each of whose nodes is a set of leaves (the aggregate graph of
/// Blondel et al. 2008). The neighbours of node u are ends[begin[u]] to ends[begin[u + 1] - 1], in
/// any order; every edge is in the rows of both of its ends.
struct quotient_graph {
  std::vector<std::size_t> begin{0};
  std::vector<node_id> ends;
  std::vector<double> weights;  ///< of the counting edges between two nodes, parallel to `ends`
  std::vector<double> volume;   ///< of each node: sum of the degrees of its leaves, by all edges
  /// Weight of the counting edges inside each node that count as `between` of its community: those
  /// of a node that stands for several children, which move together. 0 where a node is one child.
  std::vector<double> inside;
  std::vector<node_id> leaves;  ///< of each node; empty where sizes are not limited

  [[nodiscard]] std::size_t size() const noexcept { return volume.size(); }
};

/// The nodes of a quotient graph that get one parent.
struct community {
  double volume = 0;
  double between = 0;    ///< weight of the edges between its nodes and of what they have `inside`
  double log_ratio = 0;  ///< log2(volume of the parent / own volume)
  node_id nodes = 0;
  node_id leaves = 0;

  /// By how much V H / 2 falls because this community exists (V = vol(G), H by Eq. 4).
  [[nodiscard]] double value() const noexcept { return between * log_ratio; }
};

/// Which community every node is in. The numbers of communities are below that of nodes; those in
/// no use are `spare`.
struct partition {
  std::vector<node_id> community_of;
  std::vector<community> communities;
  std::vector<node_id> spare;

  [[nodiscard]] std::size_t count() const noexcept { return communities.size() - spare.size(); }
};

/// Under which parents the communities of a search come. Without a constraint all come under one
/// parent of log2(volume) = `log_volume`. With one, node u has parent constraint[u], of
/// log2(volume) = log_volumes[constraint[u]], and keeps it: the graph must have no edges between
/// nodes of different parents (`edges_within`), so that these never share a community.
struct search_scope {
  double log_volume = 0;
  std::span<const node_id> constraint;
  std::span<const double> log_volumes;
};

/// The nodes in the order of a walk through the graph: depth first, from nodes of high degree,
/// along heavy edges first. So nodes that are close in the graph are close in memory, and the order
/// does not depend on their numbers as long as weights and degrees do not tie: the search visits
/// nodes by number, and renaming the nodes of a graph must rename its tree. O(E log E).
[[nodiscard]] inline std::vector<node_id> canonical_order(const relation_graph& graph) {
  const std::size_t n = graph.size();
  std::vector<double> degree(n);
  for (node_id v = 0; v < n; ++v) degree[v] = graph.degree(v);
  std::vector<scored_pair> starts;
  starts.reserve(n);
  for (node_id v = 0; v < n; ++v) starts.push_back({-degree[v], v, v});
  std::sort(starts.begin(), starts.end());
  std::vector<node_id> order;
  order.reserve(n);
  std::vector<bool> met(n);
  std::vector<node_id> todo;
  std::vector<relation_graph::neighbor> row;
  for (const scored_pair& start : starts) {
    todo.assign(1, start.a);
    while (!todo.empty()) {
      const node_id v = todo.back();
      todo.pop_back();
      if (met[v]) continue;
      met[v] = true;
      order.push_back(v);
      row.clear();
      for (const auto& edge : graph[v])
        if (!met[edge.node]) row.push_back(edge);
      std::sort(row.begin(), row.end(), [&](const auto& a, const auto& b) {
        return std::tuple(a.weight, degree[a.node], b.node) <
               std::tuple(b.weight, degree[b.node], a.node);
      });
      for (const auto& edge : row) todo.push_back(edge.node);
    }
  }
  return order;
}

/// Sorts tree nodes by volume, the largest first, and by number where volumes are equal. (By volume, not by
/// number: renaming the graph's nodes must rename the tree.) Keeps its scratch memory between calls.
class volume_order {
 public:
  explicit volume_order(const encoding_tree& t) noexcept : tree_(&t) {}
  void operator()(std::span<node_id> nodes) {
    keyed_.clear();
    for (const node_id v : nodes) keyed_.push_back({-tree_->volume(v), v, v});
    std::sort(keyed_.begin(), keyed_.end());
    for (std::size_t i = 0; i < nodes.size(); ++i) nodes[i] = keyed_[i].a;
  }

 private:
  const encoding_tree* tree_;
  std::vector<scored_pair> keyed_;
};

/// The graph with every leaf as a node of its own: node i is leaf order[i]. Rows ascend, so that
/// sums and searches run in the order of `order`. O(E log E).
[[nodiscard]] inline quotient_graph leaf_graph(const relation_graph& graph, counted_edges counted,
                                               std::span<const node_id> order) {
  std::vector<node_id> rank(order.size());
  for (node_id i = 0; i < order.size(); ++i) rank[order[i]] = i;
  quotient_graph out;
  out.begin.reserve(order.size() + 1);
  out.ends.reserve(2 * graph.edge_count());
  out.weights.reserve(2 * graph.edge_count());
  out.volume.reserve(order.size());
  std::vector<relation_graph::neighbor> row;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const node_id a = order[i];
    if (i + 8 < order.size()) prefetch(graph[order[i + 8]].data());
    row.clear();
    for (const auto& [b, weight] : graph[a]) row.push_back({rank[b], weight});
    std::sort(row.begin(), row.end());
    double degree = 0;
    for (const auto& [b, weight] : row) {
      degree += weight;
      if (!counts(graph, counted, a, order[b])) continue;
      out.ends.push_back(b);
      out.weights.push_back(weight);
    }
    out.volume.push_back(degree);
    out.begin.push_back(out.ends.size());
  }
  out.inside.assign(order.size(), 0);
  return out;
}

/// Makes the rows of a quotient graph whose volumes are there from `each(add)`, which calls add(x,
/// y, weight) for every edge between two nodes, twice in the same order. Edges between the same two
/// nodes stay apart.
template <class Each>
void connect(quotient_graph& graph, Each&& each) {
  graph.begin.assign(graph.size() + 1, 0);
  each([&](node_id x, node_id y, double) {
    ++graph.begin[x + 1];
    ++graph.begin[y + 1];
  });
  std::partial_sum(graph.begin.begin(), graph.begin.end(), graph.begin.begin());
  graph.ends.resize(graph.begin.back());
  graph.weights.resize(graph.begin.back());
  std::vector<std::size_t> next(graph.begin.begin(), graph.begin.end() - 1);
  each([&](node_id x, node_id y, double weight) {
    graph.ends[next[x]] = y;
    graph.weights[next[x]++] = weight;
    graph.ends[next[y]] = x;
    graph.weights[next[y]++] = weight;
  });
}

/// The same graph with node order[i] as node i. O(edges).
[[nodiscard]] inline quotient_graph permuted(const quotient_graph& graph,
                                             std::span<const node_id> order) {
  std::vector<node_id> rank(order.size());
  for (node_id i = 0; i < order.size(); ++i) rank[order[i]] = i;
  quotient_graph out;
  out.begin.reserve(graph.begin.size());
  out.ends.reserve(graph.ends.size());
  out.weights.reserve(graph.ends.size());
  for (const node_id u : order) {
    for (std::size_t i = graph.begin[u]; i < graph.begin[u + 1]; ++i) {
      out.ends.push_back(rank[graph.ends[i]]);
      out.weights.push_back(graph.weights[i]);
    }
    out.begin.push_back(out.ends.size());
    out.volume.push_back(graph.volume[u]);
    out.inside.push_back(graph.inside[u]);
    if (!graph.leaves.empty()) out.leaves.push_back(graph.leaves[u]);
  }
  return out;
}

/// The graph without the edges between nodes of different parents. O(edges).
[[nodiscard]] inline quotient_graph edges_within(const quotient_graph& graph,
                                                 std::span<const node_id> constraint) {
  quotient_graph out;
  out.volume = graph.volume;
  out.inside = graph.inside;
  out.leaves = graph.leaves;
  out.begin.reserve(graph.begin.size());
  for (std::size_t u = 0; u < graph.size(); ++u) {
    for (std::size_t i = graph.begin[u]; i < graph.begin[u + 1]; ++i)
      if (constraint[graph.ends[i]] == constraint[u]) {
        out.ends.push_back(graph.ends[i]);
        out.weights.push_back(graph.weights[i]);
      }
    out.begin.push_back(out.ends.size());
  }
  return out;
}

/// Connects the nodes of a quotient graph that are tree nodes with common parents or grandparents:
/// tree node v is node node_of[v] of it, or none (`no_node`). An edge (a, b) of the graph whose
/// lowest common ancestor has depth d connects the ancestors of a and b at depth d + 1, unless one
/// is no node or their constraints differ; then those at depth d + 2, under the same conditions.
/// O(E log size).
inline void connect_relatives(quotient_graph& out, const relation_graph& graph,
                              const encoding_tree& t, std::span<const node_id> node_of,
                              std::span<const node_id> constraint) {
  out.inside.assign(out.size(), 0);
  connect(out, [&](auto&& add) {
    for (node_id a = 0; a < graph.size(); ++a)
      for (const auto& [b, weight] : graph[a]) {
        if (a > b || !counts(graph, t.counted(), a, b)) continue;
        const std::size_t depth = t.depth(t.lowest_common_ancestor(a, b));
        for (const std::size_t down : {std::size_t{1}, std::size_t{2}}) {
          const node_id x = node_of[t.ancestor(a, depth + down)];
          const node_id y = node_of[t.ancestor(b, depth + down)];
          if (x == no_node || y == no_node || x == y || constraint[x] != constraint[y]) continue;
          add(x, y, weight);
          break;
        }
      }
  });
}

/// Replaces numbers below `bound` by 0, 1, .. in the order of their first appearance and returns
/// how many there are.
inline node_id renumber(std::span<node_id> numbers, std::size_t bound,
                        std::vector<node_id>& scratch) {
  scratch.assign(bound, no_node);
  node_id count = 0;
  for (node_id& number : numbers) {
    node_id& fresh = scratch[number];
    if (fresh == no_node) fresh = count++;
    number = fresh;
  }
  return count;
}

/// Contracts the sets of a partition to single nodes. Keeps its scratch memory between calls.
class quotient_builder {
 public:
  /// Node q of the new graph is the set of nodes u with of[u] == q; all q < count are in use. Edges
  /// between the same two sets add up. With `keep_inside`, `inside` of a set is the sum of that of
  /// its nodes and of the edges between them; without, it is 0. O(edges).
  [[nodiscard]] quotient_graph operator()(const quotient_graph& from, std::span<const node_id> of,
                                          node_id count, bool keep_inside) {
    const std::size_t n = from.size();
    sum_.resize((std::max)(sum_.size(), std::size_t{count}));
    start_.assign(count + std::size_t{1}, 0);
    members_.resize(n);
    for (const node_id q : of) ++start_[q + 1];
    std::partial_sum(start_.begin(), start_.end(), start_.begin());
    for (node_id u = 0; u < n; ++u) members_[start_[of[u]]++] = u;  // now start_[q] is q's end

    quotient_graph out;
    out.begin.reserve(count + std::size_t{1});
    out.volume.resize(count);
    out.inside.resize(count);
    if (!from.leaves.empty()) out.leaves.resize(count);
    ends_.resize(from.ends.size());
    weights_.resize(from.ends.size());
    std::size_t end = 0;
    std::size_t member = 0;
    for (node_id q = 0; q < count; ++q) {
      const std::size_t first = end;
      double inside = 0;
      for (; member < start_[q]; ++member) {
        const node_id u = members_[member];
        out.volume[q] += from.volume[u];
        inside += from.inside[u];
        if (!from.leaves.empty()) out.leaves[q] += from.leaves[u];
        for (std::size_t i = from.begin[u]; i < from.begin[u + 1]; ++i) {
          const node_id to = of[from.ends[i]];
          const double before = sum_[to];
          ends_[end] = to;  // kept if it is new
          end += before == 0;
          sum_[to] = before + from.weights[i];
        }
      }
      std::size_t kept = first;
      for (std::size_t i = first; i < end; ++i) {
        const node_id to = ends_[i];
        if (to == q) {
          inside += sum_[to] / 2;
        } else {
          ends_[kept] = to;
          weights_[kept++] = sum_[to];
        }
        sum_[to] = 0;
      }
      end = kept;
      out.inside[q] = keep_inside ? inside : 0;
      out.begin.push_back(end);
    }
    out.ends.assign(ends_.begin(), ends_.begin() + static_cast<std::ptrdiff_t>(end));
    out.weights.assign(weights_.begin(), weights_.begin() + static_cast<std::ptrdiff_t>(end));
    return out;
  }

 private:
  std::vector<double> sum_;  // all 0 between calls
  std::vector<std::size_t> start_;
  std::vector<node_id> members_;
  std::vector<node_id> ends_;
  std::vector<double> weights_;
};

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
