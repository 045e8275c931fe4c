// SPDX-License-Identifier: MIT
/// \file
/// Puts communities between a community and its children wherever that lowers the entropy, again
/// and again: from a tree of bounded height to one that only its gains bound.
#ifndef HINT_TREE_MULTILEVEL_DEEPEN_HPP
#define HINT_TREE_MULTILEVEL_DEEPEN_HPP

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/canonicalize.hpp>
#include <hint/tree/encoding_tree.hpp>
#include <hint/tree/multilevel/level_search.hpp>
#include <hint/tree/multilevel/levels.hpp>
#include <hint/tree/multilevel/quotient_graph.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// The children of some communities, and the edges between those of the same one.
struct sibling_graph {
  quotient_graph children;
  std::vector<node_id> nodes;       ///< tree node of each child
  std::vector<node_id> constraint;  ///< of each child: its parent, as a place in `parents`
  std::vector<node_id> parents;     ///< tree nodes
  std::vector<double> log_volumes;  ///< log2 volume of each parent
};

/// The children of all communities of a tree. O(size log size + E log size).
[[nodiscard]] inline sibling_graph sibling_graph_of(const relation_graph& graph,
                                                    const encoding_tree& t, bool with_leaves) {
  sibling_graph f;
  f.parents.resize(graph.size() > 0 ? t.size() - t.leaf_count() : 0);
  std::iota(f.parents.begin(), f.parents.end(), static_cast<node_id>(t.leaf_count()));
  volume_order sort(t);
  sort(f.parents);
  std::vector<node_id> node_of(t.root());
  for (node_id p = 0; p < f.parents.size(); ++p) {
    const node_id parent = f.parents[p];
    f.log_volumes.push_back(t.volume(parent) > 0 ? std::log2(t.volume(parent)) : 0);
    const std::size_t first = f.nodes.size();
    f.nodes.insert(f.nodes.end(), t.children(parent).begin(), t.children(parent).end());
    sort(std::span(f.nodes).subspan(first));
    f.constraint.resize(f.nodes.size(), p);
  }
  for (node_id u = 0; u < f.nodes.size(); ++u) {
    const node_id v = f.nodes[u];
    node_of[v] = u;
    f.children.volume.push_back(t.volume(v));
    if (with_leaves) f.children.leaves.push_back(static_cast<node_id>(t.leaves(v).size()));
  }
  connect_relatives(f.children, graph, t, node_of, f.constraint);
  return f;
}

/// Puts communities between communities and their children wherever that lowers the entropy. One
/// search (`level_search`, with the parents as constraint) partitions the children of all parents.
/// Each community of two or more children becomes a tree node. Then there are two smaller problems
/// of the same kind: the communities as children of the old parents, with the edges between
/// communities, and the children below the communities, with the edges inside them. As every edge
/// goes on in one of the two, all problems of one generation cost O(E), and there are about as many
/// generations as the height can be doubled.
class deepener {
 public:
  /// `parents` is the tree, changed in place: new communities are appended, the entries of their
  /// children change. `volume` is vol(G).
  deepener(std::vector<node_id>& parents, double volume, const search_effort& effort)
      : parents_(&parents), volume_(volume), effort_(effort) {}

  void operator()(sibling_graph&& first) {
    std::vector<sibling_graph> todo;
    todo.push_back(std::move(first));
    while (!todo.empty()) {
      const sibling_graph f = std::move(todo.back());
      todo.pop_back();
      split(f, todo);
    }
  }

 private:
  /// Searches, makes the new tree nodes and appends the two smaller problems.
  void split(const sibling_graph& f, std::vector<sibling_graph>& todo) {
    const std::size_t n = f.nodes.size();
    if (n == 0) return;
    level_search search({0, f.constraint, f.log_volumes},
                        ++searches_ * 0x9e3779b97f4a7c15ULL + effort_.seed, 1e-12 * volume_,
                        effort_.largest);
    partition p = search.singletons(f.children);
    for (std::size_t round = 0; round < effort_.rounds; ++round)
      if (2 * search.round(f.children, p) <= effort_.tolerance * volume_) break;

    const node_id count = renumber(p.community_of, p.communities.size(), numbers_);
    if (count == n) {
      for (std::size_t u = 0; u < n; ++u) (*parents_)[f.nodes[u]] = f.parents[f.constraint[u]];
      return;
    }
    std::vector<node_id> size(count);
    std::vector<node_id> node(count);
    std::vector<node_id> above(count);
    for (std::size_t u = 0; u < n; ++u) {
      ++size[p.community_of[u]];
      node[p.community_of[u]] = f.nodes[u];  // of a community of one
      above[p.community_of[u]] = f.constraint[u];
    }
    std::vector<double> log_volumes(count);
    for (std::size_t id = 0; id < p.communities.size(); ++id)
      if (numbers_[id] != no_node) log_volumes[numbers_[id]] = std::log2(p.communities[id].volume);
    for (node_id q = 0; q < count; ++q)
      if (size[q] > 1) {
        node[q] = static_cast<node_id>(parents_->size());
        parents_->push_back(no_node);
      }
    todo.push_back(keep_large({quotient_(f.children, p.community_of, count, false), node,
                               std::move(above), f.parents, f.log_volumes}));
    todo.push_back(keep_large(
        {f.children, f.nodes, std::move(p.community_of), std::move(node), std::move(log_volumes)}));
  }

  /// Without the children of parents that have one or two: these cannot be put into communities, so
  /// they get their parents in the tree. (In the problem of the children, a community of one child
  /// has the child itself as parent; its place in the tree is up to the problem of the
  /// communities.)
  [[nodiscard]] sibling_graph keep_large(sibling_graph&& f) {
    std::vector<node_id> size(f.parents.size());
    for (const node_id p : f.constraint) ++size[p];
    sibling_graph out;
    std::vector<node_id> rank(f.nodes.size(), no_node);
    std::vector<node_id> number(f.parents.size(), no_node);
    for (std::size_t u = 0; u < f.nodes.size(); ++u) {
      const node_id p = f.constraint[u];
      if (size[p] < 3) {
        if (f.nodes[u] != f.parents[p]) (*parents_)[f.nodes[u]] = f.parents[p];
        continue;
      }
      if (number[p] == no_node) {
        number[p] = static_cast<node_id>(out.parents.size());
        out.parents.push_back(f.parents[p]);
        out.log_volumes.push_back(f.log_volumes[p]);
      }
      rank[u] = static_cast<node_id>(out.nodes.size());
      out.nodes.push_back(f.nodes[u]);
      out.constraint.push_back(number[p]);
    }
    for (std::size_t u = 0; u < f.nodes.size(); ++u) {
      if (rank[u] == no_node) continue;
      for (std::size_t i = f.children.begin[u]; i < f.children.begin[u + 1]; ++i) {
        const node_id v = f.children.ends[i];
        if (f.constraint[v] != f.constraint[u]) continue;
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
  quotient_builder quotient_;
  std::vector<node_id> numbers_;
};

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
