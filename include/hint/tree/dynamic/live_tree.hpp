// SPDX-License-Identifier: MIT
/// \file
/// The tree that updates edit: leaves and communities that come, go and move, with the weights by
/// which the structural entropy is known at any time.
#ifndef HINT_TREE_DYNAMIC_LIVE_TREE_HPP
#define HINT_TREE_DYNAMIC_LIVE_TREE_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/dynamic/live_nodes.hpp>
#include <hint/tree/encoding_tree.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// An edge with exactly one end below an item.
struct boundary_edge {
  node_id leaf;  ///< its other end
  double weight;
  bool counts;  ///< whether it counts in g (Eq. 4)
};

/// As the g of the children of community a add up to g(a) + 2 between(a), Eq. 4 is
///
///     vol(G) H = 2 sum over communities a of between(a) log2 vol(a)
///                - sum over leaves i of g(i) log2 d(i),
///
/// between(a) being the weight of the counting edges between different children of a, and d(i) the
/// degree of leaf i. Both sums are kept, and with them H: an edit changes the terms of the
/// communities above the leaves that it touches, O(edges x height). Each sum knows how wrong it may
/// be, against the volume of its community: `worn` tells when that is more than 1e-12, and
/// `recompute` is the remedy. Edges are counted, so that what has none weighs exactly 0.
///
/// Numbers of communities that are gone are used again. Nothing is checked: `updatable_tree` does
/// that.
class live_tree {
 public:
  live_tree() { root_ = make(no_node); }
  /// Leaf i is node i of the graph, community c is node c + n of the tree. O(E log height + size).
  live_tree(const relation_graph& graph, const encoding_tree& tree) {
    const std::size_t n = graph.size();
    grow(n);
    nodes_.communities.resize(tree.size() - n);
    root_ = static_cast<node_id>(nodes_.communities.size() - 1);
    const auto number = [n](node_id v) { return static_cast<node_id>(v - n); };
    // From the last down: lists grow at their front, so that children stand in the tree's order.
    for (node_id v = tree.root(); v-- > 0;) {
      const node_id p = number(tree.parent(v));
      if (tree.is_leaf(v)) {
        leaf& l = nodes_.leaves[v];
        for (const auto& [other, weight] : graph[v]) {
          l.volume += weight;
          if (counts(graph, tree.counted(), v, other)) l.counting += weight;
        }
        l.edges = static_cast<node_id>(graph[v].size());
        update_term(l);
        nodes_.add_child({v, true}, p);
      } else {
        nodes_.add_child({number(v), false}, p);
      }
    }
    for (node_id v = 0; v < tree.root(); ++v)
      add(nodes_.communities[number(tree.parent(v))],
          tree.is_leaf(v) ? tree_item{v, true} : tree_item{number(v), false});
    const auto between =
        weights_between_children<tracked_sum>(graph, tree.counted(), tree.parents());
    for (std::size_t c = 0; c < nodes_.communities.size(); ++c) {
      nodes_.communities[c].between = between[n + c];
      update_term(nodes_.communities[c]);
    }
  }

  // -- the tree

  [[nodiscard]] node_id root() const noexcept { return root_; }
  /// All numbers of communities are below.
  [[nodiscard]] std::size_t community_count() const noexcept { return nodes_.communities.size(); }
  [[nodiscard]] bool contains(node_id c) const noexcept {
    return c < nodes_.communities.size() && nodes_.communities[c].height != gone;
  }
  /// `no_node` for the root.
  [[nodiscard]] node_id parent(node_id c) const noexcept { return nodes_.communities[c].parent; }
  [[nodiscard]] node_id parent_of_leaf(node_id v) const noexcept { return nodes_.leaves[v].parent; }
  [[nodiscard]] node_id parent(tree_item i) const noexcept { return nodes_.parent(i); }
  [[nodiscard]] node_id first_leaf(node_id c) const noexcept {
    return nodes_.communities[c].first_leaf;
  }
  [[nodiscard]] node_id next_leaf(node_id v) const noexcept { return nodes_.leaves[v].next; }
  [[nodiscard]] node_id first_community(node_id c) const noexcept {
    return nodes_.communities[c].first_community;
  }
  [[nodiscard]] node_id next_community(node_id c) const noexcept {
    return nodes_.communities[c].next;
  }
  [[nodiscard]] std::size_t child_count(node_id c) const noexcept {
    return std::size_t{nodes_.communities[c].leaves} + nodes_.communities[c].communities;
  }
  [[nodiscard]] std::size_t size(tree_item i) const noexcept {
    return i.leaf ? 1 : nodes_.communities[i.id].size;
  }
  /// Edges of the tree from the item down to its deepest leaf, 0 for a leaf; an upper bound after
  /// something below was taken away, until `recompute_height`.
  [[nodiscard]] std::size_t height(tree_item i) const noexcept {
    return i.leaf ? 0 : nodes_.communities[i.id].height;
  }
  /// O(height).
  [[nodiscard]] std::size_t depth(node_id c) const noexcept {
    std::size_t up = 0;
    while ((c = parent(c)) != no_node) ++up;
    return up;
  }
  /// Appends the leaves below an item. O(nodes below).
  void collect(tree_item i, std::vector<node_id>& out) const {
    if (i.leaf) {
      out.push_back(i.id);
      return;
    }
    for (node_id c = i.id; c != no_node;) {
      for (node_id v = first_leaf(c); v != no_node; v = next_leaf(v)) out.push_back(v);
      node_id next = first_community(c);
      while (next == no_node && c != i.id) {
        next = next_community(c);
        c = parent(c);
      }
      c = next;
    }
  }

  // -- the weights

  /// Sum of the degrees below.
  [[nodiscard]] double volume(node_id c) const noexcept { return volume(tree_item{c, false}); }
  [[nodiscard]] double volume(tree_item i) const noexcept { return weight(volume_sum(i)); }
  /// Weight of the counting edges between different children.
  [[nodiscard]] double between(node_id c) const noexcept { return weight(between_sum(c)); }
  [[nodiscard]] const tracked_sum& between_sum(node_id c) const noexcept {
    return nodes_.communities[c].between;
  }
  /// The sum of the degrees below, each edge counted as 1.
  [[nodiscard]] std::size_t ends(tree_item i) const noexcept {
    return i.leaf ? nodes_.leaves[i.id].edges : nodes_.communities[i.id].ends;
  }
  /// The structural entropy H of Eq. 4, in bits. O(1).
  [[nodiscard]] double entropy() const noexcept {
    const double total = volume(root_);
    const double bits = (2 * community_sum_.value() - leaf_sum_.value()) / total;
    return total > 0 ? (std::max)(0.0, bits) : 0;
  }
  /// Whether a sum may be wrong by more than 1e-12 of the volume that it belongs to: when weights
  /// came and went that were very much larger than all that is left.
  [[nodiscard]] bool worn() const noexcept {
    const double total = volume(root_);
    return worn_ || community_sum_.worn(total) || leaf_sum_.worn(total);
  }

  // -- the edits

  /// Room for leaves 0 .. n-1. New ones have no parent and no edges.
  void grow(std::size_t n) {
    if (n > nodes_.leaves.size()) nodes_.leaves.resize(n);
  }
  /// A new community without children and weights, below p.
  node_id make(node_id p) {
    node_id c = free_;
    if (c == no_node) {
      c = static_cast<node_id>(nodes_.communities.size());
      nodes_.communities.emplace_back();
    } else {
      free_ = nodes_.communities[c].next;
      nodes_.communities[c] = community{};
    }
    if (p != no_node) nodes_.add_child({c, false}, p);
    return c;
  }
  /// Adds `weight`, which may be negative, to the degree of a leaf, and to its g if the edge
  /// counts; the number of its edges grows by `sign`. O(height).
  void change_end(node_id v, const tracked_sum& weight, bool counting, int sign) {
    leaf& l = nodes_.leaves[v];
    leaf_sum_ += -l.term;
    l.edges = moved(l.edges, sign, 1);
    l.volume += weight;
    if (counting) l.counting += weight;
    if (l.edges == 0) l.volume = l.counting = {};
    update_term(l);
    for (node_id c = l.parent; c != no_node; c = parent(c)) {
      nodes_.communities[c].ends = moved(nodes_.communities[c].ends, sign, 1);
      add_volume(c, weight);
    }
  }
  /// Adds `weight` to the counting edges between two leaves: to `between` of their lowest common
  /// ancestor. O(height).
  void change_edge(node_id a, node_id b, const tracked_sum& weight) {
    stamp_path(parent_of_leaf(a));
    change_between(first_stamped(parent_of_leaf(b)), weight);
  }
  /// Adds `weight` to `between` of a community.
  void change_between(node_id c, const tracked_sum& weight) {
    community& n = nodes_.communities[c];
    community_sum_ += -n.term;
    n.between += weight;
    update_term(n);
  }
  /// Makes an item without parent a child of p. `out`: its boundary edges. O(edges x height).
  void attach(tree_item i, node_id p, std::span<const boundary_edge> out) {
    nodes_.add_child(i, p);
    add_along_path(i, p, out, 1);
    update_height(i);
  }
  /// Takes an item away from its parent, which may be left with one child or none: see
  /// `splice_out`.
  void detach(tree_item i, std::span<const boundary_edge> out) {
    const node_id p = parent(i);
    add_along_path(i, p, out, -1);
    nodes_.remove_child(i);
  }
  /// Makes an item a child of p, where its parent was p, a child of p, or the parent of p. Leaves
  /// all weights as they are: those of the two parents have to be set by `recompute_weights` and
  /// `change_between`; all others stay right.
  void reparent(tree_item i, node_id p) {
    nodes_.remove_child(i);
    nodes_.add_child(i, p);
  }
  /// Sets the weights of a community: `between` as given, all others as sums over its children.
  /// O(children).
  void recompute_weights(node_id c, const tracked_sum& between) {
    community& n = nodes_.communities[c];
    community_sum_ += -n.term;
    n.volume = {};
    n.ends = n.size = 0;
    n.height = 1;
    for (node_id v = n.first_leaf; v != no_node; v = next_leaf(v)) add(n, {v, true});
    for (node_id d = n.first_community; d != no_node; d = next_community(d)) add(n, {d, false});
    n.between = between;
    update_term(n);
  }
  /// Removes a community; its children become children of its parent. O(children).
  void contract(node_id c) {
    const node_id p = parent(c);
    while (first_leaf(c) != no_node) reparent({first_leaf(c), true}, p);
    while (first_community(c) != no_node) reparent({first_community(c), false}, p);
    nodes_.remove_child({c, false});
    change_between(p, between_sum(c));
    drop(c);
  }
  /// Removes c if it has no children, puts its child in its place if it has one, and goes on with
  /// its parent: that leaves the entropy as it is. O(height).
  void splice_out(node_id c) {
    while (contains(c) && child_count(c) < 2) {
      const community& n = nodes_.communities[c];
      const node_id p = n.parent;
      if (c == root_) {
        if (n.communities == 0) break;
        root_ = n.first_community;
        nodes_.remove_child({root_, false});
        drop(c);
        break;
      }
      if (n.leaves > 0)
        reparent({n.first_leaf, true}, p);
      else if (n.communities > 0)
        reparent({n.first_community, false}, p);
      nodes_.remove_child({c, false});
      drop(c);
      c = p;
    }
    if (nodes_.communities[root_].ends == 0)
      community_sum_ = leaf_sum_ = {};  // the drift of the past
  }
  /// Sets all weights to what the edges say, each once: for_neighbors(v, f) calls f(other end,
  /// weight, whether it counts) for those of a leaf. O(E height).
  template <class ForNeighbors>
  void recompute(ForNeighbors&& for_neighbors) {
    community_sum_ = leaf_sum_ = {};
    worn_ = false;
    for (community& c : nodes_.communities) c.volume = c.between = {};
    for (node_id v = 0; v < nodes_.leaves.size(); ++v) {
      leaf& l = nodes_.leaves[v];
      l.volume = l.counting = {};
      if (l.parent == no_node) continue;
      stamp_path(l.parent);
      for_neighbors(v, [&](node_id other, double weight, bool counting) {
        l.volume += weight;
        if (!counting) return;
        l.counting += weight;
        if (v < other) nodes_.communities[first_stamped(parent_of_leaf(other))].between += weight;
      });
      update_term(l);
      for (node_id c = l.parent; c != no_node; c = parent(c))
        nodes_.communities[c].volume += l.volume;
    }
    for (community& c : nodes_.communities) update_term(c);
  }
  /// Raises `height` of the communities above an item to what the item makes it. O(height).
  void update_height(tree_item i) {
    std::size_t far = height(i) + 1;
    for (node_id p = parent(i); p != no_node && nodes_.communities[p].height < far; p = parent(p))
      nodes_.communities[p].height = static_cast<node_id>(far++);
  }
  /// Makes `height` of a community exact, if it is so for its children. O(child communities).
  void recompute_height(node_id c) {
    node_id far = 0;
    for (node_id d = first_community(c); d != no_node; d = next_community(d))
      far = (std::max)(far, nodes_.communities[d].height);
    nodes_.communities[c].height = far + 1;
  }

 private:
  static constexpr node_id gone = no_node;  // as `height` of a free number

  using leaf = live_leaf;
  using community = live_community;

  template <class Count>
  [[nodiscard]] static Count moved(Count count, int sign, std::size_t by) noexcept {
    return static_cast<Count>(sign < 0 ? count - by : sign > 0 ? count + by : count);
  }
  [[nodiscard]] const tracked_sum& volume_sum(tree_item i) const noexcept {
    return i.leaf ? nodes_.leaves[i.id].volume : nodes_.communities[i.id].volume;
  }
  /// Rounding must not leave it below 0.
  [[nodiscard]] static double weight(const tracked_sum& sum) noexcept {
    return (std::max)(0.0, sum.value());
  }
  /// Sets the term of a leaf, which was taken out of the sum, and adds it.
  void update_term(leaf& l) { leaf_sum_ += l.term = term(l.counting, l.volume); }
  /// The same for a community.
  void update_term(community& c) { community_sum_ += c.term = term(c.between, c.volume); }
  /// As the weights of a leaf or community are seen here after each change, so is their wear.
  [[nodiscard]] double term(const tracked_sum& edges, const tracked_sum& of) noexcept {
    const double volume = weight(of);
    worn_ = worn_ || edges.worn(volume) || of.worn(volume);
    return weight(edges) > 0 && volume > 0 ? weight(edges) * std::log2(volume) : 0;
  }
  /// Adds the weights of a child to those of a community.
  void add(community& above, tree_item i) {
    above.volume += volume_sum(i);
    above.ends += ends(i);
    above.size += size(i);
    above.height = (std::max)(above.height, static_cast<node_id>(height(i) + 1));
  }
  /// Adds `weight` to the volume of c, when its `ends` are right.
  void add_volume(node_id c, const tracked_sum& weight) {
    community& n = nodes_.communities[c];
    community_sum_ += -n.term;
    n.volume += weight;
    if (n.ends == 0) n.volume = n.between = {};
    update_term(n);
  }
  /// Adds (`sign` 1) an item to p and the communities above it, or takes it away (-1): its volume
  /// to all of them, and each of its edges to `between` of the lowest one over the other end.
  void add_along_path(tree_item i, node_id p, std::span<const boundary_edge> out, int sign) {
    stamp_path(p);
    const tracked_sum volume = sign < 0 ? -volume_sum(i) : volume_sum(i);
    for (node_id c = p; c != no_node; c = parent(c)) {
      nodes_.communities[c].ends = moved(nodes_.communities[c].ends, sign, ends(i));
      nodes_.communities[c].size = moved(nodes_.communities[c].size, sign, size(i));
      add_volume(c, volume);
    }
    for (const boundary_edge& l : out)
      if (l.counts) change_between(first_stamped(parent_of_leaf(l.leaf)), sign * l.weight);
  }
  /// Marks c and all above it; `first_stamped` finds the lowest marked community above another one.
  void stamp_path(node_id c) {
    ++round_;
    stamps_.resize(nodes_.communities.size());
    for (; c != no_node; c = parent(c)) stamps_[c] = round_;
  }
  [[nodiscard]] node_id first_stamped(node_id c) const noexcept {
    while (stamps_[c] != round_) c = parent(c);
    return c;
  }

  void drop(node_id c) {
    community_sum_ += -nodes_.communities[c].term;
    nodes_.communities[c].term = 0;
    nodes_.communities[c].height = gone;
    nodes_.communities[c].next = free_;
    free_ = c;
  }

  live_nodes nodes_;
  node_id root_ = 0;
  node_id free_ = no_node;
  tracked_sum community_sum_;          // of the terms of communities
  tracked_sum leaf_sum_;               // of the terms of leaves
  bool worn_ = false;                  // whether a sum of a leaf or community is
  std::vector<std::uint64_t> stamps_;  // by community: the round in which it was marked last
  std::uint64_t round_ = 0;
};

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
