// SPDX-License-Identifier: MIT
/// \file
/// The tree while it is being built: what tree operators look at and edit.
#ifndef HINT_TREE_BUILD_TREE_HPP
#define HINT_TREE_BUILD_TREE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/canonicalize.hpp>
#include <hint/tree/encoding_tree.hpp>
#include <hint/tree/greedy/contracted_graph.hpp>
#include <hint/tree/greedy/node_table.hpp>
#include <hint/tree/greedy/tree_version.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree {

/// The tree that tree operators edit while a tree is built. (`updatable_tree` has another one for a
/// graph that changes.) Leaves are the graph's nodes 0 .. n-1; every edit that makes a community
/// gives it a new number, and numbers are not used again until `replace`. Besides the tree it keeps
/// the weights by which the change of entropy of an edit is known beforehand (docs/concepts/
/// tree_operator.md). The graph must outlive it. Not for several threads at once, not even for
/// reading. Memory: 64 bytes a node; 16 bytes a node and up to some 40 an edge more once
/// `neighbor_count`, `for_neighbors` or `cut_between` were asked for.
class build_tree {
 public:
  /// Starts flat: every node under the root, whose number is n. O(E).
  /// Throws `invalid_argument` for `counted_edges::intra` and a graph without groups.
  explicit build_tree(const relation_graph& graph, counted_edges counted = counted_edges::all)
      : graph_(&graph), counted_(counted), root_(static_cast<node_id>(graph.size())) {
    detail::check_counted_edges(graph, counted);
    nodes_.assign(root_ + std::size_t{1}, root_);
    const auto cuts = detail::leaf_cuts(graph, counted);
    detail::tree_node& all = nodes_[root_];
    for (node_id v = 0; v < root_; ++v) {
      nodes_[v].volume = graph.degree(v);
      nodes_[v].cut = cuts[v];
      all.volume += nodes_[v].volume;
      for (const auto& [b, weight] : graph[v])
        if (v < b && detail::counts(graph, counted, v, b)) all.between += weight;
      nodes_[v].leaves = 1;
      nodes_.append_child(root_, v);
    }
    all.inside = all.between;
    nodes_[root_].leaves = root_;
  }
  /// Starts from a tree with the same numbers. O((E + size) log size).
  /// Throws `shape_error` unless the tree has one leaf per node of the graph.
  build_tree(const relation_graph& graph, const encoding_tree& tree)
      : graph_(&graph), counted_(tree.counted()) {
    assign(tree);
  }

  // -- the tree

  [[nodiscard]] const relation_graph& graph() const noexcept { return *graph_; }
  [[nodiscard]] counted_edges counted() const noexcept { return counted_; }
  [[nodiscard]] node_id root() const noexcept { return root_; }
  [[nodiscard]] bool is_leaf(node_id v) const noexcept { return v < graph_->size(); }
  /// All numbers given so far are below; some may be gone.
  [[nodiscard]] std::size_t id_count() const noexcept { return nodes_.size(); }
  /// False for communities that were merged or contracted away, and for numbers never given.
  [[nodiscard]] bool contains(node_id v) const noexcept {
    return v < nodes_.size() && nodes_[v].owner == v;
  }
  /// `no_node` for the root. O(log n) amortised at worst.
  [[nodiscard]] node_id parent(node_id v) const noexcept {
    return v == root_ ? no_node : nodes_.owner(nodes_[v].parent);
  }
  [[nodiscard]] std::size_t child_count(node_id v) const noexcept { return nodes_[v].children; }
  /// How many of them are no leaves.
  [[nodiscard]] std::size_t community_count(node_id v) const noexcept {
    return nodes_[v].communities;
  }
  /// Leaves below v; 1 for a leaf.
  [[nodiscard]] std::size_t leaf_count(node_id v) const noexcept { return nodes_[v].leaves; }
  /// `no_node` for a leaf. The order of children depends on the edits made.
  [[nodiscard]] node_id first_child(node_id v) const noexcept { return nodes_[v].first; }
  /// `no_node` after the last.
  [[nodiscard]] node_id next_sibling(node_id v) const noexcept { return nodes_[v].next; }
  /// f(leaf) for every leaf below v, in no special order. O(nodes below v).
  template <class F>
  void for_leaves(node_id v, F&& f) const {
    for (node_id at = v;;) {
      if (is_leaf(at)) f(at);
      node_id next = first_child(at);
      while (next == no_node && at != v) {
        next = next_sibling(at);
        if (next == no_node) at = parent(at);
      }
      if (next == no_node) return;
      at = next;
    }
  }

  // -- the weights

  /// Sum of the degrees of the leaves below.
  [[nodiscard]] double volume(node_id v) const noexcept { return nodes_[v].volume; }
  /// Weight of the counting edges that leave v (g_alpha of Eq. 4).
  [[nodiscard]] double cut(node_id v) const noexcept { return nodes_[v].cut; }
  /// Weight of the counting edges between different children of v.
  [[nodiscard]] double between(node_id v) const noexcept { return nodes_[v].between; }
  /// Weight of the counting edges with both ends below v.
  [[nodiscard]] double inside(node_id v) const noexcept { return nodes_[v].inside; }
  /// Weight of the counting edges between two children of the root. The first call costs O(E), and
  /// so does the first after the children of the root were changed by other edits than `combine`
  /// and `merge`; every other as much as a search through up to some hundred neighbours.
  [[nodiscard]] double cut_between(node_id a, node_id b) const { return top_graph().weight(a, b); }
  /// How many other children of the root share a counting edge with this one. Cost as
  /// `cut_between`.
  [[nodiscard]] std::size_t neighbor_count(node_id a) const { return top_graph().degree(a); }
  /// f(b, weight) for each of them, in no special order (but the same on every run).
  template <class F>
  void for_neighbors(node_id a, F&& f) const {
    top_graph().for_each(a, std::forward<F>(f));
  }
  /// What these three read, for operators that have to be fast.
  [[nodiscard]] const detail::contracted_graph& top_graph() const {
    if (!cuts_) cuts_.emplace(*graph_, counted_, tops(), id_count());
    return *cuts_;
  }

  /// Says that v will be looked at or edited after about so many other nodes, 4 to 0: time for its
  /// memory, and that of those near it, to come. Without effect on anything but time.
  void expect_edit(node_id v, int others) const noexcept { nodes_.expect(v, others); }

  // -- the edits

  /// Whether `combine` and `merge` accept a and b.
  [[nodiscard]] bool can_join(node_id a, node_id b) const noexcept {
    return a != b && contains(a) && contains(b) && a != root_ && b != root_ &&
           parent(a) == parent(b) && child_count(parent(a)) > 2 && nodes_.size() + 1 < no_node;
  }
  /// Puts a new community over two siblings and returns it: the combining operator of Li et al.
  /// 2018 (deDoc), which SEP and HINT call Merge. Under the root O(log n) amortised and O(1) for
  /// each neighbour of the two, or of the one with fewer where the other has more than 512; below
  /// another community O(height) for each edge of the one with fewer leaves. Throws
  /// `invalid_argument` unless a and b are two different children of one community and not its only
  /// ones.
  node_id combine(node_id a, node_id b) {
    const auto [p, cut] = begin_join("combine", a, b);
    const node_id joined = join(p, a, b, cut);
    nodes_.remove_child(p, a);
    nodes_.remove_child(p, b);
    nodes_.append_child(joined, a);
    nodes_.append_child(joined, b);
    nodes_[joined].between = cut;
    return joined;
  }

  /// Replaces two siblings by a new community that owns the children of both (a leaf is its own
  /// child) and returns it: the merging operator of Li et al. 2018. Cost and errors as `combine`.
  node_id merge(node_id a, node_id b) {
    const auto [p, cut] = begin_join("merge", a, b);
    const node_id joined = join(p, a, b, cut);
    nodes_[joined].between = nodes_[a].between + nodes_[b].between + cut;
    for (const node_id part : {a, b}) {
      nodes_.remove_child(p, part);
      if (is_leaf(part)) {
        nodes_.append_child(joined, part);
      } else {
        nodes_.take_children(joined, part);
        nodes_[part].owner = joined;
      }
    }
    return joined;
  }

  /// Removes a community; its children become children of its parent. O(1).
  /// Throws `invalid_argument` for a leaf, the root or a community that is gone.
  void contract(node_id v) {
    expects(contains(v) && !is_leaf(v) && v != root_, "build_tree: contract of node ", v,
            ", expected a community below the root");
    const node_id p = parent(v);
    nodes_.remove_child(p, v);
    nodes_.take_children(p, v);
    nodes_[v].owner = p;
    nodes_[p].between += nodes_[v].between;
    changed(p == root_);
  }

  /// Moves v and all below it to be a child of the community `to`. A community that is left without
  /// children is removed, and so are those above that then have none. O(height) for each edge of
  /// the leaves below v. Nothing happens where v is a child of `to` already. Throws
  /// `invalid_argument` for the root or a node that is gone, and unless `to` is a community neither
  /// v nor below it.
  void relocate(node_id v, node_id to);

  /// Becomes another tree of the same graph, with its numbers. O((E + size) log size).
  /// Throws `shape_error` unless the tree has one leaf per node of the graph and `invalid_argument`
  /// unless it counts the same edges.
  void replace(const encoding_tree& tree) {
    expects(tree.counted() == counted_, "build_tree: replace by a tree that counts other edges");
    assign(tree);
    changed(true);
  }

  // -- the rest

  /// Changes with every edit; no two trees share one.
  [[nodiscard]] const tree_version& version() const noexcept { return version_.now(); }

  /// The tree as it is now, with its weights summed up anew. Communities are numbered by depth from
  /// the lowest up and, within a depth, by their smallest leaf: equal trees are equal values.
  /// O((E + size) log size).
  [[nodiscard]] encoding_tree freeze() const;

 private:
  void assign(const encoding_tree& tree) {
    expects<shape_error>(tree.leaf_count() == graph_->size(), "build_tree: the tree has ",
                         tree.leaf_count(), " leaves for a graph of ", graph_->size(), " nodes");
    detail::check_counted_edges(*graph_, counted_);
    const auto between = detail::weights_between_children(*graph_, counted_, tree.parents());
    root_ = tree.root();
    nodes_.assign(tree.size(), tree.leaf_count());
    for (node_id v = 0; v < tree.size(); ++v) {
      nodes_[v].volume = tree.volume(v);
      nodes_[v].cut = tree.cut(v);
      nodes_[v].between = between[v];
      nodes_[v].inside += between[v];
      if (v != root_) nodes_[tree.parent(v)].inside += nodes_[v].inside;
      nodes_[v].leaves = static_cast<node_id>(tree.leaves(v).size());
      for (const node_id c : tree.children(v)) nodes_.append_child(v, c);
    }
  }

  void changed(bool tops) {
    if (tops) cuts_.reset();
    version_.advance();
  }

  /// f(a, b, weight) for every counting edge of a leaf a below v.
  template <class F>
  void for_edges(node_id v, F&& f) const {
    for_leaves(v, [&](node_id a) {
      for (const auto& [b, weight] : (*graph_)[a])
        if (detail::counts(*graph_, counted_, a, b)) f(a, b, weight);
    });
  }
  /// By leaf the child of the root above it.
  [[nodiscard]] std::vector<node_id> tops() const {
    std::vector<node_id> out(graph_->size());
    for (node_id top = first_child(root_); top != no_node; top = next_sibling(top))
      for_leaves(top, [&](node_id leaf) { out[leaf] = top; });
    return out;
  }

  struct joint {
    node_id parent;
    double cut;
  };
  joint begin_join(const char* edit, node_id a, node_id b) const {
    expects(
        a != b && contains(a) && contains(b) && a != root_ && b != root_ && parent(a) == parent(b),
        "build_tree: ", edit, " of nodes ", a, " and ", b,
        ", expected two children of one community");
    const node_id p = parent(a);
    expects(child_count(p) > 2, "build_tree: ", edit, " of nodes ", a, " and ", b,
            ", which are the only children of node ", p);
    expects(nodes_.size() + 1 < no_node, "build_tree: all ", nodes_.size(),
            " node numbers are used");
    if (p == root_) return {p, cut_between(a, b)};
    if (leaf_count(a) > leaf_count(b)) std::swap(a, b);
    double cut = 0;
    for_edges(a, [&](node_id, node_id other, double weight) {
      while (other != p && other != b && other != no_node) other = parent(other);
      if (other == b) cut += weight;
    });
    return {p, cut};
  }
  node_id join(node_id p, node_id a, node_id b, double cut) {
    const auto joined = static_cast<node_id>(nodes_.size());
    detail::tree_node& t = nodes_.add(child_count(p));
    t.leaves = nodes_[a].leaves + nodes_[b].leaves;
    t.volume = nodes_[a].volume + nodes_[b].volume;
    t.cut = (std::max)(0.0, nodes_[a].cut + nodes_[b].cut - 2 * cut);
    t.inside = nodes_[a].inside + nodes_[b].inside + cut;
    nodes_[p].between -= cut;
    nodes_.append_child(p, joined);
    if (p == root_) cuts_->join(a, b, joined);
    changed(false);
    return joined;
  }

  /// The way of a node v that moves. Communities above `over` keep all their weights.
  struct detour {
    std::vector<node_id> up;  ///< the communities that v leaves, from its parent up to below `over`
    std::vector<node_id> down;  ///< those that it joins, from its new parent up to below `over`
    node_id over = no_node;     ///< the lowest community over both
    /// By community of both ways, and from `over` to the root: weight of the edges of v of whose
    /// other ends it is the lowest such ancestor.
    std::unordered_map<node_id, double> met;
  };
  [[nodiscard]] detour detour_of(node_id v, node_id to) const;
  /// Adds (`sign` 1) or takes away (-1) what the node `moved` is worth to the communities of a
  /// path, the lowest first. With W the weight of its edges to leaves below a community, which is
  /// the sum of `met` up to there, that is its volume; its inside and W; W minus that of the child
  /// on the path for `between`; and its cut minus 2 W. Returns W of the last.
  double add_along_path(const std::vector<node_id>& path,
                        const std::unordered_map<node_id, double>& met,
                        const detail::tree_node& moved, double sign);

  const relation_graph* graph_;
  counted_edges counted_;
  node_id root_ = no_node;
  detail::node_table nodes_;
  mutable std::optional<detail::contracted_graph> cuts_;  // when asked for
  detail::own_version version_;
};

inline encoding_tree build_tree::freeze() const {
  std::vector<node_id> parents(id_count(), no_node);
  for (node_id v = 0; v < id_count(); ++v)
    if (contains(v)) parents[v] = parent(v);
  return detail::canonicalize(*graph_, parents, root_, counted_, detail::chains::keep);
}

inline void build_tree::relocate(node_id v, node_id to) {
  expects(contains(v) && v != root_, "build_tree: relocate of node ", v,
          ", expected a node below the root");
  bool fits = contains(to) && !is_leaf(to);
  for (node_id up = to; fits && up != no_node; up = parent(up)) fits = up != v;
  expects(fits, "build_tree: relocate of node ", v, " to node ", to,
          ", expected a community that is neither that node nor below it");
  const node_id from = parent(v);
  if (from == to) return;

  const detour way = detour_of(v, to);
  const double left = add_along_path(way.up, way.met, nodes_[v], -1);
  const double joined = add_along_path(way.down, way.met, nodes_[v], 1);
  detail::tree_node& over = nodes_[way.over];
  over.between = (std::max)(0.0, over.between + left - joined);

  nodes_.remove_child(from, v);
  nodes_.append_child(to, v);
  for (node_id up = from; child_count(up) == 0;) {
    const node_id above = parent(up);
    nodes_.remove_child(above, up);
    nodes_[up].owner = above;
    up = above;
  }
  changed(way.over == root_);
}

inline build_tree::detour build_tree::detour_of(node_id v, node_id to) const {
  detour way;
  for (node_id up = parent(v); up != no_node; up = parent(up)) way.met[up] = 0;
  for (way.over = to; !way.met.contains(way.over); way.over = parent(way.over))
    way.down.push_back(way.over);
  for (node_id up = parent(v); up != way.over; up = parent(up)) way.up.push_back(up);
  for (const node_id x : way.down) way.met[x] = 0;
  for_edges(v, [&](node_id, node_id other, double weight) {
    while (other != v) {
      if (const auto found = way.met.find(other); found != way.met.end()) {
        found->second += weight;
        return;
      }
      other = parent(other);
    }
  });
  return way;
}

inline double build_tree::add_along_path(const std::vector<node_id>& path,
                                         const std::unordered_map<node_id, double>& met,
                                         const detail::tree_node& moved, double sign) {
  double below = 0;
  for (const node_id x : path) {
    const double here = below + met.find(x)->second;
    detail::tree_node& w = nodes_[x];
    w.volume += sign * moved.volume;
    w.inside = (std::max)(0.0, w.inside + sign * (moved.inside + here));
    w.between = (std::max)(0.0, w.between + sign * (here - below));
    w.cut = (std::max)(0.0, w.cut + sign * (moved.cut - 2 * here));
    w.leaves += sign > 0 ? moved.leaves : 0U - moved.leaves;
    below = here;
  }
  return below;
}

}}}  // namespace hint::HINT_ABI::tree

#endif
