// SPDX-License-Identifier: MIT
/// \file
/// The tree while it is being built: what tree operators look at and edit.
#ifndef HINT_TREE_WORK_TREE_HPP
#define HINT_TREE_WORK_TREE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/encoding_tree.hpp>
#include <hint/tree/links.hpp>
#include <hint/tree/sibling_cuts.hpp>

namespace hint::inline HINT_ABI::tree {

/// Tells one state of one work tree from all others: operators keep it beside what they remember.
class tree_version {
 public:
  tree_version() = default;
  friend bool operator==(const tree_version&, const tree_version&) = default;

 private:
  friend class work_tree;
  std::shared_ptr<const char> tree_;  // an address that no other tree has while anyone remembers it
  std::uint64_t revision_ = 0;
};

/// A mutable tree over a graph. Leaves are the graph's nodes 0 .. n-1; every edit that makes a
/// community gives it a new number, and numbers are never used again. Besides the tree it keeps the
/// weights by which the change of entropy of an edit is known beforehand. The graph must outlive
/// it. Not for several threads at once, not even for reading. Memory: 64 bytes a node; 56 bytes a
/// link more once `neighbors` or `cut_between` were asked for.
class work_tree {
 public:
  /// Starts flat: every node under the root, whose number is n. O(E).
  /// Throws `invalid_argument` for `links` intra and a graph without groups.
  explicit work_tree(const relation_graph& graph, link_counts links = link_counts::all)
      : work_tree(graph, encoding_tree::flat(graph, links)) {}
  /// Starts from a tree with the same numbers. O((E + size) log size).
  /// Throws `shape_error` unless the tree has one leaf per node of the graph.
  work_tree(const relation_graph& graph, const encoding_tree& tree)
      : graph_(&graph), links_(tree.links()), root_(tree.root()) {
    expects<shape_error>(tree.leaf_count() == graph.size(), "work_tree: the tree has ",
                         tree.leaf_count(), " leaves for a graph of ", graph.size(), " nodes");
    tree_detail::check_links(graph, links_);
    const auto between = tree_detail::weights_between_children(graph, links_, tree.parents());
    nodes_.resize(tree.size());
    owners_.resize(tree.size());
    for (node_id v = 0; v < tree.size(); ++v) {
      nodes_[v].volume = tree.volume(v);
      nodes_[v].cut = tree.cut(v);
      nodes_[v].between = between[v];
      nodes_[v].inside += between[v];
      if (v != root_) nodes_[tree.parent(v)].inside += nodes_[v].inside;
      owners_[v] = v;
      for (const node_id c : tree.children(v)) append(v, c);
    }
  }

  // -- the tree

  [[nodiscard]] const relation_graph& graph() const noexcept { return *graph_; }
  [[nodiscard]] link_counts links() const noexcept { return links_; }
  [[nodiscard]] node_id root() const noexcept { return root_; }
  [[nodiscard]] bool is_leaf(node_id v) const noexcept { return v < graph_->size(); }
  /// All numbers given so far are below; some may be gone.
  [[nodiscard]] std::size_t id_count() const noexcept { return nodes_.size(); }
  /// False for communities that were fused or contracted away, and for numbers never given.
  [[nodiscard]] bool contains(node_id v) const noexcept {
    return v < owners_.size() && owners_[v] == v;
  }
  /// `no_node` for the root. O(log n) amortised at worst.
  [[nodiscard]] node_id parent(node_id v) const noexcept {
    return v == root_ ? no_node : owner(nodes_[v].parent);
  }
  [[nodiscard]] std::size_t child_count(node_id v) const noexcept { return nodes_[v].children; }
  /// `no_node` for a leaf. The order of children depends on the edits made.
  [[nodiscard]] node_id first_child(node_id v) const noexcept { return nodes_[v].first; }
  /// `no_node` after the last.
  [[nodiscard]] node_id next_sibling(node_id v) const noexcept { return nodes_[v].next; }

  // -- the weights

  /// Sum of the degrees of the leaves below.
  [[nodiscard]] double volume(node_id v) const noexcept { return nodes_[v].volume; }
  /// Weight of the counting links that leave v (g_alpha of Eq. 4).
  [[nodiscard]] double cut(node_id v) const noexcept { return nodes_[v].cut; }
  /// Weight of the counting links between different children of v.
  [[nodiscard]] double between(node_id v) const noexcept { return nodes_[v].between; }
  /// Weight of the counting links with both ends below v.
  [[nodiscard]] double inside(node_id v) const noexcept { return nodes_[v].inside; }
  /// Weight of the counting links between two children of the root. The first call costs O(E), and
  /// so does the first after a child of the root was contracted; every other O(1).
  [[nodiscard]] double cut_between(node_id a, node_id b) const { return cuts().weight(a, b); }
  /// How many other children of the root share a counting link with this one. Cost as
  /// `cut_between`.
  [[nodiscard]] std::size_t neighbor_count(node_id a) const { return cuts().degree(a); }
  /// f(b, weight) for each of them, in no special order (but the same on every run).
  template <class F>
  void for_neighbors(node_id a, F&& f) const {
    cuts().for_each(a, std::forward<F>(f));
  }

  // -- the edits

  /// Puts a new community over two children of the root and returns it. O(log n) amortised and O(1)
  /// for each neighbour of the one that has fewer. Throws `invalid_argument` unless a and b are two
  /// different children of the root and not its only ones.
  node_id combine(node_id a, node_id b) {
    const double cut = begin_join("combine", a, b);
    const node_id joined = join(a, b, cut);
    unlink(root_, a);
    unlink(root_, b);
    append(joined, a);
    append(joined, b);
    nodes_[joined].between = cut;
    return joined;
  }

  /// Replaces two children of the root by a new community that owns the children of both (a leaf is
  /// its own child). Cost and errors as `combine`.
  node_id fuse(node_id a, node_id b) {
    const double cut = begin_join("fuse", a, b);
    const node_id joined = join(a, b, cut);
    nodes_[joined].between = nodes_[a].between + nodes_[b].between + cut;
    for (const node_id part : {a, b}) {
      unlink(root_, part);
      if (is_leaf(part)) {
        append(joined, part);
      } else {
        take_children(joined, part);
        owners_[part] = joined;
      }
    }
    return joined;
  }

  /// Removes a community; its children become children of its parent. O(1).
  /// Throws `invalid_argument` for a leaf, the root or a community that is gone.
  void contract(node_id v) {
    expects(contains(v) && !is_leaf(v) && v != root_, "work_tree: contract of node ", v,
            ", expected a community below the root");
    const node_id p = parent(v);
    unlink(p, v);
    take_children(p, v);
    owners_[v] = p;
    nodes_[p].between += nodes_[v].between;
    if (p == root_) cuts_.reset();
    ++version_.current.revision_;
  }

  // -- the rest

  /// Changes with every edit; no two trees share one.
  [[nodiscard]] const tree_version& version() const noexcept { return version_.current; }

  /// The tree as it is now, with its weights summed up anew. Communities are numbered by depth from
  /// the lowest up and, within a depth, by their smallest leaf: equal trees are equal values.
  /// O((E + size) log size).
  [[nodiscard]] encoding_tree freeze() const {
    std::vector<node_id> order{root_};  // breadth first, communities only
    std::vector<node_id> depth(id_count());
    for (std::size_t i = 0; i < order.size(); ++i)
      for (node_id c = first_child(order[i]); c != no_node; c = next_sibling(c)) {
        depth[c] = depth[order[i]] + 1;
        if (!is_leaf(c)) order.push_back(c);
      }
    std::vector<node_id> smallest(id_count(), no_node);
    for (node_id leaf = 0; leaf < graph_->size(); ++leaf)
      for (node_id v = parent(leaf); v != no_node && smallest[v] == no_node; v = parent(v))
        smallest[v] = leaf;
    std::sort(order.begin(), order.end(), [&](node_id a, node_id b) {
      return std::tuple(depth[b], smallest[a]) < std::tuple(depth[a], smallest[b]);
    });
    const auto n = static_cast<node_id>(graph_->size());
    std::vector<node_id> number(id_count());
    for (node_id i = 0; i < order.size(); ++i) number[order[i]] = n + i;
    std::vector<node_id> parents(n + order.size(), no_node);
    for (node_id leaf = 0; leaf < n; ++leaf) parents[leaf] = number[parent(leaf)];
    for (const node_id v : order)
      if (v != root_) parents[number[v]] = number[parent(v)];
    return encoding_tree::from_parents(*graph_, std::move(parents), links_);
  }

 private:
  struct node {
    node_id parent = no_node;
    node_id first = no_node;  // child
    node_id next = no_node;
    node_id previous = no_node;  // of the first child: the last one
    node_id children = 0;
    double volume = 0;
    double cut = 0;
    double between = 0;
    double inside = 0;
  };

  /// A copied or moved tree is another tree, with an address of its own.
  struct own_version {
    own_version() { current.tree_ = std::make_shared<const char>(); }
    own_version(const own_version&) : own_version() {}
    own_version& operator=(const own_version&) { return *this = own_version(); }
    own_version& operator=(own_version&&) = default;
    tree_version current;
  };

  /// Who has taken the place of v, by union-find with path halving.
  [[nodiscard]] node_id owner(node_id v) const noexcept {
    while (owners_[v] != v) v = owners_[v] = owners_[owners_[v]];
    return v;
  }
  [[nodiscard]] const tree_detail::sibling_cuts& cuts() const {
    if (!cuts_) {
      std::vector<node_id> tops(graph_->size());
      std::vector<node_id> todo;
      for (node_id top = first_child(root_); top != no_node; top = next_sibling(top)) {
        todo.push_back(top);
        while (!todo.empty()) {
          const node_id v = todo.back();
          todo.pop_back();
          if (is_leaf(v)) tops[v] = top;
          for (node_id c = first_child(v); c != no_node; c = next_sibling(c)) todo.push_back(c);
        }
      }
      cuts_.emplace(*graph_, links_, tops, id_count());
    }
    return *cuts_;
  }

  [[nodiscard]] bool top(node_id v) const noexcept {
    return contains(v) && v != root_ && parent(v) == root_;
  }
  double begin_join(const char* edit, node_id a, node_id b) const {
    expects(a != b && top(a) && top(b), "work_tree: ", edit, " of nodes ", a, " and ", b,
            ", expected two children of the root");
    expects(child_count(root_) > 2, "work_tree: ", edit, " of nodes ", a, " and ", b,
            ", which are the only children of the root");
    expects(nodes_.size() + 1 < no_node, "work_tree: all ", nodes_.size(),
            " node numbers are used");
    return cut_between(a, b);
  }
  node_id join(node_id a, node_id b, double cut) {
    const auto joined = static_cast<node_id>(nodes_.size());
    node& t = nodes_.emplace_back();
    owners_.push_back(joined);
    t.volume = nodes_[a].volume + nodes_[b].volume;
    t.cut = (std::max)(0.0, nodes_[a].cut + nodes_[b].cut - 2 * cut);
    t.inside = nodes_[a].inside + nodes_[b].inside + cut;
    nodes_[root_].between -= cut;
    append(root_, joined);
    cuts_->join(a, b, joined);
    ++version_.current.revision_;
    return joined;
  }

  void append(node_id p, node_id v) {
    node& n = nodes_[v];
    n.parent = p;
    n.next = no_node;
    const node_id first = nodes_[p].first;
    if (first == no_node) {
      nodes_[p].first = n.previous = v;
    } else {
      n.previous = nodes_[first].previous;
      nodes_[n.previous].next = v;
      nodes_[first].previous = v;
    }
    ++nodes_[p].children;
  }
  void unlink(node_id p, node_id v) {
    const node& n = nodes_[v];
    node& above = nodes_[p];
    if (n.next != no_node)
      nodes_[n.next].previous = n.previous;
    else if (above.first != v)
      nodes_[above.first].previous = n.previous;
    if (above.first == v)
      above.first = n.next;
    else
      nodes_[n.previous].next = n.next;
    --above.children;
  }
  /// Moves all children of `from` to the end of p's list. Their parent follows by `owner`.
  void take_children(node_id p, node_id from) {
    const node_id first = nodes_[from].first;
    const node_id last = nodes_[first].previous;
    node& above = nodes_[p];
    if (above.first == no_node) {
      above.first = first;
    } else {
      const node_id end = nodes_[above.first].previous;
      nodes_[end].next = first;
      nodes_[first].previous = end;
      nodes_[above.first].previous = last;
    }
    above.children += nodes_[from].children;
  }

  const relation_graph* graph_;
  link_counts links_;
  node_id root_;
  std::vector<node> nodes_;
  mutable std::vector<node_id> owners_;
  mutable std::optional<tree_detail::sibling_cuts> cuts_;  // when asked for
  own_version version_;
};

}  // namespace hint::inline HINT_ABI::tree

#endif
