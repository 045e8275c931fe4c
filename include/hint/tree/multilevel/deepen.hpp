// SPDX-License-Identifier: MIT
/// \file
/// Puts communities between a community and its children wherever that lowers the entropy, again
/// and again: from a tree of bounded height to one that only its gains bound.
#ifndef HINT_TREE_MULTILEVEL_DEEPEN_HPP
#define HINT_TREE_MULTILEVEL_DEEPEN_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <tuple>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/multilevel/assemble.hpp>
#include <hint/tree/encoding_tree.hpp>
#include <hint/tree/multilevel/layer.hpp>
#include <hint/tree/multilevel/level_search.hpp>
#include <hint/tree/links.hpp>
#include <hint/tree/multilevel/levels.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// The children of some communities, with the links between siblings.
struct family {
  layer children;
  std::vector<node_id> nodes;    ///< tree node of each child
  std::vector<node_id> fence;    ///< which parent each child has, as a number below parents.size()
  std::vector<node_id> parents;  ///< tree nodes
  std::vector<double> bases;     ///< log2 volume of each parent
};

/// All families of a tree together, with node numbers as in `root_first`.
[[nodiscard]] inline family families(const relation_graph& graph, const encoding_tree& t,
                                     bool with_leaves) {
  family f;
  // By volume, not by number: renaming the graph's nodes must rename the tree.
  std::vector<node_id> nodes(t.root());
  std::iota(nodes.begin(), nodes.end(), 0U);
  std::sort(nodes.begin(), nodes.end(), [&](node_id a, node_id b) {
    return std::tuple(t.volume(t.parent(b)), t.parent(a), t.volume(b), a) <
           std::tuple(t.volume(t.parent(a)), t.parent(b), t.volume(a), b);
  });
  std::vector<node_id> unit(t.root());
  for (const node_id v : nodes) {
    const node_id parent = t.parent(v);
    if (f.parents.empty() || f.parents.back() != root_first(t, parent)) {
      f.parents.push_back(root_first(t, parent));
      f.bases.push_back(t.volume(parent) > 0 ? std::log2(t.volume(parent)) : 0);
    }
    unit[v] = static_cast<node_id>(f.nodes.size());
    f.nodes.push_back(root_first(t, v));
    f.fence.push_back(static_cast<node_id>(f.parents.size() - 1));
    f.children.volume.push_back(t.volume(v));
    if (with_leaves) f.children.leaves.push_back(static_cast<node_id>(t.leaves(v).size()));
  }
  f.children.inside.assign(nodes.size(), 0);
  connect(f.children, [&](auto&& link) {
    for (node_id a = 0; a < graph.size(); ++a)
      for (const auto& [b, weight] : graph[a]) {
        if (a > b || !counts(graph, t.links(), a, b)) continue;
        const std::size_t depth = t.depth(t.lowest_common_ancestor(a, b)) + 1;
        link(unit[t.ancestor(a, depth)], unit[t.ancestor(b, depth)], weight);
      }
  });
  return f;
}

/// Splits families until nothing is gained. Every split hands the links between its groups to one
/// smaller problem and those inside them to another, so that a whole run costs O(E) for each
/// doubling of height.
class unfolder {
 public:
  /// `parents` is the tree: new communities are appended, the entries of children change.
  unfolder(std::vector<node_id>& parents, double volume, const search_effort& effort)
      : parents_(&parents), volume_(volume), effort_(effort) {}

  void operator()(family&& first) {
    std::vector<family> todo;
    todo.push_back(std::move(first));
    while (!todo.empty()) {
      const family f = std::move(todo.back());
      todo.pop_back();
      split(f, todo);
    }
  }

 private:
  void split(const family& f, std::vector<family>& todo) {
    const std::size_t n = f.nodes.size();
    if (n == 0) return;
    level_search search({0, f.fence, f.bases}, ++searches_ * 0x9e3779b97f4a7c15ULL + effort_.seed,
                        1e-12 * volume_, effort_.largest);
    grouping g = search.singletons(f.children);
    for (std::size_t round = 0; round < effort_.rounds; ++round)
      if (2 * search.round(f.children, g) <= effort_.tolerance * volume_) break;

    const node_id groups = renumber(g.of, g.groups.size(), numbers_);
    if (groups == n) {
      for (std::size_t u = 0; u < n; ++u) (*parents_)[f.nodes[u]] = f.parents[f.fence[u]];
      return;
    }
    std::vector<node_id> size(groups);
    std::vector<node_id> node(groups);
    std::vector<node_id> above(groups);
    for (std::size_t u = 0; u < n; ++u) {
      ++size[g.of[u]];
      node[g.of[u]] = f.nodes[u];  // of a group of one
      above[g.of[u]] = f.fence[u];
    }
    std::vector<double> bases(groups);
    for (std::size_t id = 0; id < g.groups.size(); ++id)
      if (numbers_[id] != no_node) bases[numbers_[id]] = std::log2(g.groups[id].volume);
    for (node_id q = 0; q < groups; ++q)
      if (size[q] > 1) {
        node[q] = static_cast<node_id>(parents_->size());
        parents_->push_back(no_node);
      }
    todo.push_back(keep_large(
        {quotient_(f.children, g.of, groups, false), node, std::move(above), f.parents, f.bases}));
    todo.push_back(
        keep_large({f.children, f.nodes, std::move(g.of), std::move(node), std::move(bases)}));
  }

  /// Families of one or two cannot be split: their children get their parents. The others stay.
  /// (A child that is its own parent is a group of one, placed by the other problem.)
  [[nodiscard]] family keep_large(family&& f) {
    std::vector<node_id> size(f.parents.size());
    for (const node_id p : f.fence) ++size[p];
    family out;
    std::vector<node_id> rank(f.nodes.size(), no_node);
    std::vector<node_id> number(f.parents.size(), no_node);
    for (std::size_t u = 0; u < f.nodes.size(); ++u) {
      const node_id p = f.fence[u];
      if (size[p] < 3) {
        if (f.nodes[u] != f.parents[p]) (*parents_)[f.nodes[u]] = f.parents[p];
        continue;
      }
      if (number[p] == no_node) {
        number[p] = static_cast<node_id>(out.parents.size());
        out.parents.push_back(f.parents[p]);
        out.bases.push_back(f.bases[p]);
      }
      rank[u] = static_cast<node_id>(out.nodes.size());
      out.nodes.push_back(f.nodes[u]);
      out.fence.push_back(number[p]);
    }
    for (std::size_t u = 0; u < f.nodes.size(); ++u) {
      if (rank[u] == no_node) continue;
      for (std::size_t i = f.children.begin[u]; i < f.children.begin[u + 1]; ++i) {
        const node_id v = f.children.ends[i];
        if (f.fence[v] != f.fence[u]) continue;
        out.children.ends.push_back(rank[v]);
        out.children.weights.push_back(f.children.weights[i]);
      }
      out.children.begin.push_back(out.children.ends.size());
      out.children.volume.push_back(f.children.volume[u]);
      if (!f.children.leaves.empty()) out.children.leaves.push_back(f.children.leaves[u]);
    }
    out.children.inside.assign(out.nodes.size(), 0);
    return out;
  }

  std::vector<node_id>* parents_;
  double volume_;
  search_effort effort_;
  std::uint64_t searches_ = 0;
  quotients quotient_;
  std::vector<node_id> numbers_;
};

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
