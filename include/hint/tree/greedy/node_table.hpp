// SPDX-License-Identifier: MIT
/// \file
/// The nodes of a build tree: who is whose child, and the weights of each.
#ifndef HINT_TREE_GREEDY_NODE_TABLE_HPP
#define HINT_TREE_GREEDY_NODE_TABLE_HPP

#include <algorithm>
#include <cstddef>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/edges.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// One cache line: what is done to one node here should not have to wait for memory twice.
struct alignas(64) tree_node {
  double volume = 0;
  double inside = 0;
  double between = 0;
  double cut = 0;
  node_id parent = no_node;
  node_id first = no_node;  // child
  node_id next = no_node;
  node_id previous = no_node;  // of the first child: the last one
  node_id children = 0;
  node_id communities = 0;  // among the children
  node_id leaves = 0;
  node_id owner = no_node;  // who has taken its place, itself while it is there: union-find
};

/// Nodes by number, with lists of children. Checks nothing.
class node_table {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return nodes_.size(); }
  [[nodiscard]] tree_node& operator[](node_id v) noexcept { return nodes_[v]; }
  [[nodiscard]] const tree_node& operator[](node_id v) const noexcept { return nodes_[v]; }
  /// Anew, with so many nodes without parents and children, the first of which are leaves.
  void assign(std::size_t size, std::size_t leaves) {
    leaves_ = leaves;
    nodes_.assign(size, {});
    for (std::size_t v = 0; v < size; ++v) nodes_[v].owner = static_cast<node_id>(v);
  }
  /// One more; as many may follow. Memory that is not written costs nothing.
  tree_node& add(std::size_t more) {
    if (nodes_.size() == nodes_.capacity())
      nodes_.reserve((std::max)(nodes_.size() + more + 1, 3 * nodes_.size() / 2));
    const auto v = static_cast<node_id>(nodes_.size());
    tree_node& made = nodes_.emplace_back();
    made.owner = v;
    return made;
  }
  /// Who has taken the place of v, by union-find with path halving.
  [[nodiscard]] node_id owner(node_id v) const noexcept {
    while (nodes_[v].owner != v) v = nodes_[v].owner = nodes_[nodes_[v].owner].owner;
    return v;
  }

  /// Puts v at the end of p's children.
  void append_child(node_id p, node_id v) {
    tree_node& s = nodes_[v];
    s.parent = p;
    s.next = no_node;
    const node_id first = nodes_[p].first;
    if (first == no_node) {
      nodes_[p].first = s.previous = v;
    } else {
      s.previous = nodes_[first].previous;
      nodes_[s.previous].next = v;
      nodes_[first].previous = v;
    }
    ++nodes_[p].children;
    if (v >= leaves_) ++nodes_[p].communities;
  }
  void remove_child(node_id p, node_id v) {
    const tree_node& s = nodes_[v];
    tree_node& above = nodes_[p];
    if (s.next != no_node)
      nodes_[s.next].previous = s.previous;
    else if (above.first != v)
      nodes_[above.first].previous = s.previous;
    if (above.first == v)
      above.first = s.next;
    else
      nodes_[s.previous].next = s.next;
    --above.children;
    if (v >= leaves_) --above.communities;
  }
  /// Moves all children of `from` to the end of p's list. Their parent follows by `owner`.
  void take_children(node_id p, node_id from) {
    const node_id first = nodes_[from].first;
    const node_id last = nodes_[first].previous;
    tree_node& above = nodes_[p];
    if (above.first == no_node) {
      above.first = first;
    } else {
      const node_id end = nodes_[above.first].previous;
      nodes_[end].next = first;
      nodes_[first].previous = end;
      nodes_[above.first].previous = last;
    }
    above.children += nodes_[from].children;
    above.communities += nodes_[from].communities;
  }

  /// Says that v will be looked at or edited after about so many other nodes, 4 to 0: time for
  /// its memory, and that of those near it, to come. Without effect on anything but time.
  void expect(node_id v, int others) const noexcept {
    const tree_node& n = nodes_[v];
    if (others >= 3) {
      prefetch(&n);
      return;
    }
    if (n.parent == no_node) return;
    if (others == 2) {
      for (const node_id near : {n.parent, n.previous, n.next, n.first})
        if (near != no_node) prefetch(&nodes_[near]);
      return;
    }
    const tree_node& p = nodes_[n.parent];
    if (p.parent == no_node) return;
    if (others == 1) {
      prefetch(&nodes_[p.owner]);
      prefetch(&nodes_[p.parent]);
    } else if (const tree_node& q = nodes_[p.owner]; q.parent != no_node) {
      prefetch(&nodes_[q.parent]);
      prefetch(&nodes_[nodes_[p.parent].owner]);
    }
  }

 private:
  mutable std::vector<tree_node> nodes_;
  std::size_t leaves_ = 0;
};

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
