// SPDX-License-Identifier: MIT
/// \file
/// The tree of an updatable tree: leaves and communities that come, go and move, with the weights
/// by which the structural entropy is known at any time.
#ifndef HINT_TREE_DYNAMIC_MUTABLE_TREE_HPP
#define HINT_TREE_DYNAMIC_MUTABLE_TREE_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/encoding_tree.hpp>
#include <hint/tree/links.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// What moves in one piece: a leaf, or a community with all below it; each has its own numbers.
struct tree_item {
  node_id id;
  bool leaf;
  friend bool operator==(const tree_item&, const tree_item&) = default;
};

/// A link as the tree sees it: the leaf at its other end, and whether its weight counts (Eq. 4).
struct tree_link_end {
  node_id leaf;
  double weight;
  bool counts;
};

/// The entropy needs two weights of a community, its volume and the weight between its children:
///
///     vol(G) H = 2 sum over communities a of between(a) log2 vol(a)
///                - sum over leaves i of g(i) log2 d(i),
///
/// since g of the children of a adds up to g(a) + 2 between(a). So an edit changes the terms of the
/// communities above the leaves it touches: O(links x height). Sums of doubles drift, by 1e-16 of
/// what was added and taken away; links are counted, so that what has none weighs exactly 0.
///
/// Numbers of communities are used again. Nothing is checked: `updatable_tree` does that.
class mutable_tree {
 public:
  mutable_tree() { root_ = make(no_node); }
  /// Leaf i is node i of the graph; `counting[i]` is its g.
  mutable_tree(const relation_graph& graph, const encoding_tree& tree) {
    const std::size_t n = graph.size();
    const auto counting = leaf_cuts(graph, tree.links());
    grow(n);
    communities_.resize(tree.size() - n);
    root_ = static_cast<node_id>(communities_.size() - 1);
    const auto number = [n](node_id v) { return static_cast<node_id>(v - n); };
    // From the last down: lists grow at their front, so that children stand in the tree's order.
    for (node_id v = tree.root(); v-- > 0;) {
      const node_id p = number(tree.parent(v));
      if (tree.is_leaf(v)) {
        leaf& l = leaves_[v];
        l.volume = graph.degree(v);
        l.counting = counting[v];
        l.links = static_cast<node_id>(graph[v].size());
        rate(l);
        push({v, true}, p);
      } else {
        push({number(v), false}, p);
      }
    }
    for (node_id v = 0; v < tree.root(); ++v)
      add(communities_[number(tree.parent(v))],
          tree.is_leaf(v) ? tree_item{v, true} : tree_item{number(v), false});
    const auto between = weights_between_children(graph, tree.links(), tree.parents());
    for (std::size_t c = 0; c < communities_.size(); ++c) {
      communities_[c].between = between[n + c];
      rate(communities_[c]);
    }
  }

  // -- the tree

  [[nodiscard]] node_id root() const noexcept { return root_; }
  /// All numbers of communities are below.
  [[nodiscard]] std::size_t community_count() const noexcept { return communities_.size(); }
  [[nodiscard]] bool contains(node_id c) const noexcept {
    return c < communities_.size() && communities_[c].reach != gone;
  }
  /// `no_node` for the root.
  [[nodiscard]] node_id parent(node_id c) const noexcept { return communities_[c].parent; }
  [[nodiscard]] node_id parent_of_leaf(node_id v) const noexcept { return leaves_[v].parent; }
  [[nodiscard]] node_id parent(tree_item i) const noexcept {
    return i.leaf ? parent_of_leaf(i.id) : parent(i.id);
  }
  [[nodiscard]] node_id first_leaf(node_id c) const noexcept { return communities_[c].first_leaf; }
  [[nodiscard]] node_id next_leaf(node_id v) const noexcept { return leaves_[v].next; }
  [[nodiscard]] node_id first_part(node_id c) const noexcept { return communities_[c].first_part; }
  [[nodiscard]] node_id next_part(node_id c) const noexcept { return communities_[c].next; }
  [[nodiscard]] std::size_t child_count(node_id c) const noexcept {
    return std::size_t{communities_[c].leaves} + communities_[c].parts;
  }
  [[nodiscard]] std::size_t size(tree_item i) const noexcept {
    return i.leaf ? 1 : communities_[i.id].size;
  }
  /// No leaf is further below than this; 0 for a leaf. Removals leave it too high until `measure`.
  [[nodiscard]] std::size_t reach(tree_item i) const noexcept {
    return i.leaf ? 0 : communities_[i.id].reach;
  }
  /// O(height).
  [[nodiscard]] std::size_t depth(node_id c) const noexcept {
    std::size_t up = 0;
    while ((c = parent(c)) != no_node) ++up;
    return up;
  }
  /// Appends the leaves below. O(nodes below).
  void collect(tree_item i, std::vector<node_id>& out) const {
    if (i.leaf) {
      out.push_back(i.id);
      return;
    }
    for (node_id c = i.id; c != no_node;) {
      for (node_id v = first_leaf(c); v != no_node; v = next_leaf(v)) out.push_back(v);
      node_id next = first_part(c);
      while (next == no_node && c != i.id) {
        next = next_part(c);
        c = parent(c);
      }
      c = next;
    }
  }

  // -- the weights

  /// Sum of the degrees below.
  [[nodiscard]] double volume(node_id c) const noexcept { return communities_[c].volume; }
  [[nodiscard]] double volume(tree_item i) const noexcept {
    return i.leaf ? leaves_[i.id].volume : communities_[i.id].volume;
  }
  /// Weight of the counting links between different children.
  [[nodiscard]] double between(node_id c) const noexcept { return communities_[c].between; }
  /// Ends of links below: the volume, were all weights 1.
  [[nodiscard]] std::size_t ends(tree_item i) const noexcept {
    return i.leaf ? leaves_[i.id].links : communities_[i.id].ends;
  }
  /// In bits. O(1).
  [[nodiscard]] double entropy() const noexcept {
    const community& top = communities_[root_];
    return top.volume > 0 ? (std::max)(0.0, (2 * meeting_ - ending_) / top.volume) : 0;
  }

  // -- the edits

  /// Room for leaves 0 .. n-1. New ones have no parent and no links.
  void grow(std::size_t n) {
    if (n > leaves_.size()) leaves_.resize(n);
  }
  /// A new community without children and weights, below p.
  node_id make(node_id p) {
    node_id c = free_;
    if (c == no_node) {
      c = static_cast<node_id>(communities_.size());
      communities_.emplace_back();
    } else {
      free_ = communities_[c].next;
      communities_[c] = community{};
    }
    if (p != no_node) push({c, false}, p);
    return c;
  }
  /// The end of a link comes (`sign` 1), goes (-1) or changes weight (0) at a leaf. O(height).
  void change_end(node_id v, double weight, bool counting, int sign) {
    leaf& l = leaves_[v];
    ending_ -= l.term;
    l.links = moved(l.links, sign, 1);
    l.volume = l.links == 0 ? 0 : (std::max)(0.0, l.volume + weight);
    l.counting = l.links == 0 ? 0 : (std::max)(0.0, l.counting + (counting ? weight : 0));
    rate(l);
    for (node_id c = l.parent; c != no_node; c = parent(c)) {
      communities_[c].ends = moved(communities_[c].ends, sign, 1);
      weigh(c, weight);
    }
  }
  /// The weight of the counting links between two leaves of the tree changes. O(height).
  void change_link(node_id a, node_id b, double weight) {
    stamp_path(parent_of_leaf(a));
    change_between(first_stamped(parent_of_leaf(b)), weight);
  }
  void change_between(node_id c, double weight) {
    community& n = communities_[c];
    meeting_ -= n.term;
    n.between = (std::max)(0.0, n.between + weight);
    rate(n);
  }
  /// Puts an item without parent below p. `out`: the links that leave it. O(links x height).
  void attach(tree_item i, node_id p, std::span<const tree_link_end> out) {
    push(i, p);
    carry(i, p, out, 1);
    raise(i);
  }
  /// Takes an item out. Its parent may be left with one child or none: see `tidy`.
  void detach(tree_item i, std::span<const tree_link_end> out) {
    const node_id p = parent(i);
    carry(i, p, out, -1);
    unlink(i);
  }
  /// Moves an item between p and a child of p, or two of them. The weights of these children and
  /// between(p) are the caller's business (`reweigh`); all others stay right.
  void relink(tree_item i, node_id p) {
    unlink(i);
    push(i, p);
  }
  /// Sets what `relink` has left wrong. O(children).
  void reweigh(node_id c, double between) {
    community& n = communities_[c];
    meeting_ -= n.term;
    n.volume = 0;
    n.ends = n.size = 0;
    n.reach = 1;
    for (node_id v = n.first_leaf; v != no_node; v = next_leaf(v)) add(n, {v, true});
    for (node_id d = n.first_part; d != no_node; d = next_part(d)) add(n, {d, false});
    n.between = between;
    rate(n);
  }
  /// Removes a community; its children become children of its parent. O(children).
  void contract(node_id c) {
    const node_id p = parent(c);
    while (first_leaf(c) != no_node) relink({first_leaf(c), true}, p);
    while (first_part(c) != no_node) relink({first_part(c), false}, p);
    unlink({c, false});
    change_between(p, between(c));
    drop(c);
  }
  /// Removes c if it has no children, puts its child in its place if it has one, and so on upwards:
  /// that costs no entropy. O(height).
  void tidy(node_id c) {
    while (contains(c) && child_count(c) < 2) {
      const community& n = communities_[c];
      const node_id p = n.parent;
      if (c == root_) {
        if (n.parts == 0) break;
        root_ = n.first_part;
        unlink({root_, false});
        drop(c);
        break;
      }
      if (n.leaves > 0)
        relink({n.first_leaf, true}, p);
      else if (n.parts > 0)
        relink({n.first_part, false}, p);
      unlink({c, false});
      drop(c);
      c = p;
    }
    if (communities_[root_].ends == 0) meeting_ = ending_ = 0;  // the drift of the past
  }
  /// Brings the `reach` of the communities above an item up to it. O(height).
  void raise(tree_item i) {
    std::size_t far = reach(i) + 1;
    for (node_id p = parent(i); p != no_node && communities_[p].reach < far; p = parent(p))
      communities_[p].reach = static_cast<node_id>(far++);
  }
  /// Makes `reach` exact, if it is so for the children. O(communities among them).
  void measure(node_id c) {
    node_id far = 0;
    for (node_id d = first_part(c); d != no_node; d = next_part(d))
      far = (std::max)(far, communities_[d].reach);
    communities_[c].reach = far + 1;
  }

 private:
  static constexpr node_id gone = no_node;  // as `reach`

  struct leaf {
    node_id parent = no_node;
    node_id next = no_node;
    node_id previous = no_node;
    node_id links = 0;
    double volume = 0;
    double counting = 0;
    double term = 0;
  };
  struct community {
    node_id parent = no_node;
    node_id next = no_node;  // sibling, or the next free number
    node_id previous = no_node;
    node_id first_part = no_node;  // child that is a community
    node_id first_leaf = no_node;
    node_id parts = 0;
    node_id leaves = 0;
    node_id reach = 1;
    std::size_t size = 0;
    std::size_t ends = 0;
    double volume = 0;
    double between = 0;
    double term = 0;
  };

  template <class Count>
  [[nodiscard]] static Count moved(Count count, int sign, std::size_t by) noexcept {
    return static_cast<Count>(sign < 0 ? count - by : sign > 0 ? count + by : count);
  }
  void rate(leaf& l) {
    l.term = l.counting > 0 && l.volume > 0 ? l.counting * std::log2(l.volume) : 0;
    ending_ += l.term;
  }
  void rate(community& c) {
    c.term = c.between > 0 && c.volume > 0 ? c.between * std::log2(c.volume) : 0;
    meeting_ += c.term;
  }
  void add(community& above, tree_item i) {
    above.volume += volume(i);
    above.ends += ends(i);
    above.size += size(i);
    above.reach = (std::max)(above.reach, static_cast<node_id>(reach(i) + 1));
  }
  /// Adds to the volume of c, when its `ends` are right.
  void weigh(node_id c, double weight) {
    community& n = communities_[c];
    meeting_ -= n.term;
    n.volume = n.ends == 0 ? 0 : (std::max)(0.0, n.volume + weight);
    if (n.ends == 0) n.between = 0;
    rate(n);
  }
  void carry(tree_item i, node_id p, std::span<const tree_link_end> out, int sign) {
    stamp_path(p);
    for (node_id c = p; c != no_node; c = parent(c)) {
      communities_[c].ends = moved(communities_[c].ends, sign, ends(i));
      communities_[c].size = moved(communities_[c].size, sign, size(i));
      weigh(c, sign * volume(i));
    }
    for (const tree_link_end& l : out)
      if (l.counts) change_between(first_stamped(parent_of_leaf(l.leaf)), sign * l.weight);
  }
  void stamp_path(node_id c) {
    ++round_;
    stamps_.resize(communities_.size());
    for (; c != no_node; c = parent(c)) stamps_[c] = round_;
  }
  [[nodiscard]] node_id first_stamped(node_id c) const noexcept {
    while (stamps_[c] != round_) c = parent(c);
    return c;
  }

  template <class Nodes>
  static void push(Nodes& nodes, node_id& first, node_id v) {
    nodes[v].previous = no_node;
    nodes[v].next = first;
    if (first != no_node) nodes[first].previous = v;
    first = v;
  }
  template <class Nodes>
  static void unlink(Nodes& nodes, node_id& first, node_id v) {
    if (nodes[v].next != no_node) nodes[nodes[v].next].previous = nodes[v].previous;
    (first == v ? first : nodes[nodes[v].previous].next) = nodes[v].next;
    nodes[v].parent = no_node;
  }
  void push(tree_item i, node_id p) {
    community& above = communities_[p];
    if (i.leaf) {
      push(leaves_, above.first_leaf, i.id);
      leaves_[i.id].parent = p;
      ++above.leaves;
    } else {
      push(communities_, above.first_part, i.id);
      communities_[i.id].parent = p;
      ++above.parts;
    }
  }
  void unlink(tree_item i) {
    community& above = communities_[parent(i)];
    if (i.leaf) {
      unlink(leaves_, above.first_leaf, i.id);
      --above.leaves;
    } else {
      unlink(communities_, above.first_part, i.id);
      --above.parts;
    }
  }
  void drop(node_id c) {
    meeting_ -= communities_[c].term;
    communities_[c].term = 0;
    communities_[c].reach = gone;
    communities_[c].next = free_;
    free_ = c;
  }

  std::vector<leaf> leaves_;
  std::vector<community> communities_;
  node_id root_ = 0;
  node_id free_ = no_node;
  double meeting_ = 0;                 // sum of the terms of communities
  double ending_ = 0;                  // sum of the terms of leaves
  std::vector<std::uint64_t> stamps_;  // scratch: communities seen in this round
  std::uint64_t round_ = 0;
};

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
