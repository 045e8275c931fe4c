// SPDX-License-Identifier: MIT
/// \file
/// The nodes of a live tree: who is whose child, and the weights of each.
#ifndef HINT_TREE_DYNAMIC_LIVE_NODES_HPP
#define HINT_TREE_DYNAMIC_LIVE_NODES_HPP

#include <cstddef>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/dynamic/tracked_sum.hpp>
#include <hint/tree/edges.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// What moves as a whole: a leaf, or a community with all below it. Leaves and communities are
/// numbered separately.
struct tree_item {
  node_id id;
  bool leaf;
  friend bool operator==(const tree_item&, const tree_item&) = default;
};

struct live_leaf {
  node_id parent = no_node;
  node_id next = no_node;  // leaf below the same parent
  node_id previous = no_node;
  node_id edges = 0;
  tracked_sum volume;    // its degree
  tracked_sum counting;  // g
  double term = 0;       // g log2(degree)
};

struct live_community {
  node_id parent = no_node;
  node_id next = no_node;  // community below the same parent; or the next free number
  node_id previous = no_node;
  node_id first_community = no_node;  // child
  node_id first_leaf = no_node;       // child
  node_id communities = 0;            // among the children
  node_id leaves = 0;                 // among the children
  node_id height = 1;
  std::size_t size = 0;  // leaves below
  std::size_t ends = 0;  // of edges, below
  tracked_sum volume;
  tracked_sum between;
  double term = 0;  // between log2(volume)
};

/// Leaves and communities by number. A community has two lists of children, one of leaves and one
/// of communities, which grow at their front. Checks nothing; all is O(1).
struct live_nodes {
  std::vector<live_leaf> leaves;
  std::vector<live_community> communities;

  [[nodiscard]] node_id parent(tree_item i) const noexcept {
    return i.leaf ? leaves[i.id].parent : communities[i.id].parent;
  }
  /// The item has no parent yet.
  void add_child(tree_item i, node_id p) {
    live_community& above = communities[p];
    if (i.leaf) {
      push_front(leaves, above.first_leaf, i.id);
      leaves[i.id].parent = p;
      ++above.leaves;
    } else {
      push_front(communities, above.first_community, i.id);
      communities[i.id].parent = p;
      ++above.communities;
    }
  }
  /// Takes an item away from its parent.
  void remove_child(tree_item i) {
    live_community& above = communities[parent(i)];
    if (i.leaf) {
      remove(leaves, above.first_leaf, i.id);
      --above.leaves;
    } else {
      remove(communities, above.first_community, i.id);
      --above.communities;
    }
  }

 private:
  template <class Nodes>
  static void push_front(Nodes& nodes, node_id& first, node_id v) {
    nodes[v].previous = no_node;
    nodes[v].next = first;
    if (first != no_node) nodes[first].previous = v;
    first = v;
  }
  template <class Nodes>
  static void remove(Nodes& nodes, node_id& first, node_id v) {
    if (nodes[v].next != no_node) nodes[nodes[v].next].previous = nodes[v].previous;
    (first == v ? first : nodes[nodes[v].previous].next) = nodes[v].next;
    nodes[v].parent = no_node;
  }
};

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
