// SPDX-License-Identifier: MIT
/// \file
/// A graph whose nodes stand for sets of leaves, and groupings of its nodes: what the search for
/// better trees works on. Flat arrays; no tree yet.
#ifndef HINT_TREE_MULTILEVEL_LAYER_HPP
#define HINT_TREE_MULTILEVEL_LAYER_HPP

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
#include <hint/tree/links.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// Units and the links between them in compressed rows. Rows may be in any order.
struct layer {
  std::vector<std::size_t> begin{0};  ///< of each unit's row, and the end of the last
  std::vector<node_id> ends;
  std::vector<double> weights;  ///< of the links that count
  std::vector<double> volume;   ///< of each unit, by all links
  std::vector<double> inside;   ///< weight of links between parts of the unit that are its group's
  std::vector<node_id> leaves;  ///< of each unit; empty when nobody asks

  [[nodiscard]] std::size_t size() const noexcept { return volume.size(); }
};

/// Units of one layer that share a parent.
struct group {
  double volume = 0;
  double between = 0;  ///< weight of the links between its units
  double worth = 0;    ///< log2 of the volume above over its own: what each of these links saves
  node_id units = 0;
  node_id leaves = 0;

  [[nodiscard]] double value() const noexcept { return between * worth; }
};

/// Which group every unit is in. Numbers without units are spare.
struct grouping {
  std::vector<node_id> of;
  std::vector<group> groups;
  std::vector<node_id> spare;

  [[nodiscard]] std::size_t count() const noexcept { return groups.size() - spare.size(); }
};

/// The nodes in the order of a walk through the graph: depth first, from nodes of high degree, along
/// heavy links first. So nodes that are close in the graph are close in memory, and the order does
/// not depend on their numbers as long as weights and degrees do not tie: the search visits units by
/// number, and renaming the nodes of a graph must rename its tree. O(E log E).
[[nodiscard]] inline std::vector<node_id> canonical_order(const relation_graph& graph) {
  const std::size_t n = graph.size();
  std::vector<double> degree(n);
  for (node_id v = 0; v < n; ++v) degree[v] = graph.degree(v);
  std::vector<node_id> starts(n);
  std::iota(starts.begin(), starts.end(), 0U);
  std::sort(starts.begin(), starts.end(), [&](node_id a, node_id b) {
    return std::pair(-degree[a], a) < std::pair(-degree[b], b);
  });
  std::vector<node_id> order;
  order.reserve(n);
  std::vector<bool> met(n);
  std::vector<node_id> todo;
  std::vector<relation_graph::neighbor> row;
  for (const node_id start : starts) {
    todo.assign(1, start);
    while (!todo.empty()) {
      const node_id v = todo.back();
      todo.pop_back();
      if (met[v]) continue;
      met[v] = true;
      order.push_back(v);
      row.clear();
      for (const auto& link : graph[v])
        if (!met[link.node]) row.push_back(link);
      std::sort(row.begin(), row.end(), [&](const auto& a, const auto& b) {
        return std::tuple(a.weight, degree[a.node], b.node) <
               std::tuple(b.weight, degree[b.node], a.node);
      });
      for (const auto& link : row) todo.push_back(link.node);
    }
  }
  return order;
}

/// The graph as a layer: unit i is node order[i]. Rows ascend, so that sums and searches run in the
/// order of `order`. O(E log E).
[[nodiscard]] inline layer leaf_layer(const relation_graph& graph, link_counts links,
                                      std::span<const node_id> order) {
  std::vector<node_id> rank(order.size());
  for (node_id i = 0; i < order.size(); ++i) rank[order[i]] = i;
  layer out;
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
    std::sort(row.begin(), row.end(), [](const auto& x, const auto& y) { return x.node < y.node; });
    double degree = 0;
    for (const auto& [b, weight] : row) {
      degree += weight;
      if (!counts(graph, links, a, order[b])) continue;
      out.ends.push_back(b);
      out.weights.push_back(weight);
    }
    out.volume.push_back(degree);
    out.begin.push_back(out.ends.size());
  }
  out.inside.assign(order.size(), 0);
  return out;
}

/// Makes the rows of a layer whose volumes are there from `each(f)`, which calls f(x, y, weight)
/// for every link between two units, twice in the same order.
template <class Each>
void connect(layer& l, Each&& each) {
  l.begin.assign(l.size() + 1, 0);
  each([&](node_id x, node_id y, double) {
    ++l.begin[x + 1];
    ++l.begin[y + 1];
  });
  std::partial_sum(l.begin.begin(), l.begin.end(), l.begin.begin());
  l.ends.resize(l.begin.back());
  l.weights.resize(l.begin.back());
  std::vector<std::size_t> next(l.begin.begin(), l.begin.end() - 1);
  each([&](node_id x, node_id y, double weight) {
    l.ends[next[x]] = y;
    l.weights[next[x]++] = weight;
    l.ends[next[y]] = x;
    l.weights[next[y]++] = weight;
  });
}

/// The same layer with unit i where order[i] was. O(links).
[[nodiscard]] inline layer reorder(const layer& l, std::span<const node_id> order) {
  std::vector<node_id> rank(order.size());
  for (node_id i = 0; i < order.size(); ++i) rank[order[i]] = i;
  layer out;
  out.begin.reserve(l.begin.size());
  out.ends.reserve(l.ends.size());
  out.weights.reserve(l.ends.size());
  for (const node_id u : order) {
    for (std::size_t i = l.begin[u]; i < l.begin[u + 1]; ++i) {
      out.ends.push_back(rank[l.ends[i]]);
      out.weights.push_back(l.weights[i]);
    }
    out.begin.push_back(out.ends.size());
    out.volume.push_back(l.volume[u]);
    out.inside.push_back(l.inside[u]);
    if (!l.leaves.empty()) out.leaves.push_back(l.leaves[u]);
  }
  return out;
}

/// The layer without the links between units of different fences. O(links).
[[nodiscard]] inline layer within(const layer& l, std::span<const node_id> fence) {
  layer out;
  out.volume = l.volume;
  out.inside = l.inside;
  out.leaves = l.leaves;
  out.begin.reserve(l.begin.size());
  for (std::size_t u = 0; u < l.size(); ++u) {
    for (std::size_t i = l.begin[u]; i < l.begin[u + 1]; ++i)
      if (fence[l.ends[i]] == fence[u]) {
        out.ends.push_back(l.ends[i]);
        out.weights.push_back(l.weights[i]);
      }
    out.begin.push_back(out.ends.size());
  }
  return out;
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

/// Makes layers of groups. Keeps its scratch memory.
class quotients {
 public:
  /// Unit q of the new layer is the set of units u with of[u] == q, all q < count in use. `inside`
  /// becomes the weight of all links inside a set, in addition to what its units had, when
  /// `keep_inside`, else 0. O(links).
  [[nodiscard]] layer operator()(const layer& from, std::span<const node_id> of, node_id count,
                                 bool keep_inside) {
    const std::size_t n = from.size();
    sum_.resize((std::max)(sum_.size(), std::size_t{count}));
    start_.assign(count + std::size_t{1}, 0);
    members_.resize(n);
    for (const node_id q : of) ++start_[q + 1];
    std::partial_sum(start_.begin(), start_.end(), start_.begin());
    for (node_id u = 0; u < n; ++u) members_[start_[of[u]]++] = u;  // now start_[q] is q's end

    layer out;
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
