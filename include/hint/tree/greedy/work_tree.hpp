// SPDX-License-Identifier: MIT
/// \file
/// The tree while it is being built: what tree operators look at and edit.
#ifndef HINT_TREE_GREEDY_WORK_TREE_HPP
#define HINT_TREE_GREEDY_WORK_TREE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/encoding_tree.hpp>
#include <hint/tree/links.hpp>
#include <hint/tree/greedy/node_table.hpp>
#include <hint/tree/greedy/sibling_cuts.hpp>
#include <hint/tree/greedy/tree_version.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree {

/// A mutable tree over a graph. Leaves are the graph's nodes 0 .. n-1; every edit that makes a
/// community gives it a new number, and numbers are not used again until `replace`. Besides the
/// tree it keeps the weights by which the change of entropy of an edit is known beforehand. The
/// graph must outlive it. Not for several threads at once, not even for reading. Memory: 64 bytes a
/// node; 16 bytes a node and up to some 40 a link more once `neighbors` or `cut_between` were asked
/// for.
class work_tree {
 public:
  /// Starts flat: every node under the root, whose number is n. O(E).
  /// Throws `invalid_argument` for `links` intra and a graph without groups.
  explicit work_tree(const relation_graph& graph, link_counts links = link_counts::all)
      : graph_(&graph), links_(links), root_(static_cast<node_id>(graph.size())) {
    detail::check_links(graph, links);
    nodes_.assign(root_ + std::size_t{1}, root_);
    const auto cuts = detail::leaf_cuts(graph, links);
    detail::tree_node& all = nodes_[root_];
    for (node_id v = 0; v < root_; ++v) {
      nodes_[v].volume = graph.degree(v);
      nodes_[v].cut = cuts[v];
      all.volume += nodes_[v].volume;
      for (const auto& [b, weight] : graph[v])
        if (v < b && detail::counts(graph, links, v, b)) all.between += weight;
      nodes_[v].leaves = 1;
      nodes_.append(root_, v);
    }
    all.inside = all.between;
    nodes_[root_].leaves = root_;
  }
  /// Starts from a tree with the same numbers. O((E + size) log size).
  /// Throws `shape_error` unless the tree has one leaf per node of the graph.
  work_tree(const relation_graph& graph, const encoding_tree& tree)
      : graph_(&graph), links_(tree.links()) {
    assign(tree);
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
  /// Weight of the counting links that leave v (g_alpha of Eq. 4).
  [[nodiscard]] double cut(node_id v) const noexcept { return nodes_[v].cut; }
  /// Weight of the counting links between different children of v.
  [[nodiscard]] double between(node_id v) const noexcept { return nodes_[v].between; }
  /// Weight of the counting links with both ends below v.
  [[nodiscard]] double inside(node_id v) const noexcept { return nodes_[v].inside; }
  /// Weight of the counting links between two children of the root. The first call costs O(E), and
  /// so does the first after the children of the root were changed by other edits than `combine`
  /// and `fuse`; every other as much as a search through up to some hundred neighbours.
  [[nodiscard]] double cut_between(node_id a, node_id b) const { return top_cuts().weight(a, b); }
  /// How many other children of the root share a counting link with this one. Cost as
  /// `cut_between`.
  [[nodiscard]] std::size_t neighbor_count(node_id a) const { return top_cuts().degree(a); }
  /// f(b, weight) for each of them, in no special order (but the same on every run).
  template <class F>
  void for_neighbors(node_id a, F&& f) const {
    top_cuts().for_each(a, std::forward<F>(f));
  }
  /// The rows behind these three, for operators that have to be fast.
  [[nodiscard]] const detail::sibling_cuts& top_cuts() const {
    if (!cuts_) cuts_.emplace(*graph_, links_, tops(), id_count());
    return *cuts_;
  }

  /// Says that v will be looked at or edited after about so many other nodes, 4 to 0: time for its
  /// memory, and that of those near it, to come. Without effect on anything but time.
  void expect_edit(node_id v, int others) const noexcept { nodes_.expect(v, others); }

  // -- the edits

  /// Whether `combine` and `fuse` accept a and b.
  [[nodiscard]] bool can_join(node_id a, node_id b) const noexcept {
    return a != b && contains(a) && contains(b) && a != root_ && b != root_ &&
           parent(a) == parent(b) && child_count(parent(a)) > 2 && nodes_.size() + 1 < no_node;
  }
  /// Puts a new community over two siblings and returns it. Under the root O(log n) amortised and
  /// O(1) for each neighbour of the two, or of the one with fewer where the other has more than
  /// 512; below another community O(height) for each link of the one with fewer leaves. Throws
  /// `invalid_argument` unless a and b are two different children of one community and not its
  /// only ones.
  node_id combine(node_id a, node_id b) {
    const auto [p, cut] = begin_join("combine", a, b);
    const node_id joined = join(p, a, b, cut);
    nodes_.unlink(p, a);
    nodes_.unlink(p, b);
    nodes_.append(joined, a);
    nodes_.append(joined, b);
    nodes_[joined].between = cut;
    return joined;
  }

  /// Replaces two siblings by a new community that owns the children of both (a leaf is its own
  /// child). Cost and errors as `combine`.
  node_id fuse(node_id a, node_id b) {
    const auto [p, cut] = begin_join("fuse", a, b);
    const node_id joined = join(p, a, b, cut);
    nodes_[joined].between = nodes_[a].between + nodes_[b].between + cut;
    for (const node_id part : {a, b}) {
      nodes_.unlink(p, part);
      if (is_leaf(part)) {
        nodes_.append(joined, part);
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
    expects(contains(v) && !is_leaf(v) && v != root_, "work_tree: contract of node ", v,
            ", expected a community below the root");
    const node_id p = parent(v);
    nodes_.unlink(p, v);
    nodes_.take_children(p, v);
    nodes_[v].owner = p;
    nodes_[p].between += nodes_[v].between;
    changed(p == root_);
  }

  /// Moves v and all below it to be a child of the community `to`. A community that is left without
  /// children is removed, and so are those above that then have none. O(height) for each link of
  /// the leaves below v. Nothing happens where v is a child of `to` already. Throws
  /// `invalid_argument` for the root or a node that is gone, and unless `to` is a community neither
  /// v nor below it.
  void relocate(node_id v, node_id to);

  /// Becomes another tree of the same graph, with its numbers. O((E + size) log size).
  /// Throws `shape_error` unless the tree has one leaf per node of the graph and `invalid_argument`
  /// unless it counts the same links.
  void replace(const encoding_tree& tree) {
    expects(tree.links() == links_, "work_tree: replace by a tree that counts other links");
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
    expects<shape_error>(tree.leaf_count() == graph_->size(), "work_tree: the tree has ",
                         tree.leaf_count(), " leaves for a graph of ", graph_->size(), " nodes");
    detail::check_links(*graph_, links_);
    const auto between = detail::weights_between_children(*graph_, links_, tree.parents());
    root_ = tree.root();
    nodes_.assign(tree.size(), tree.leaf_count());
    for (node_id v = 0; v < tree.size(); ++v) {
      nodes_[v].volume = tree.volume(v);
      nodes_[v].cut = tree.cut(v);
      nodes_[v].between = between[v];
      nodes_[v].inside += between[v];
      if (v != root_) nodes_[tree.parent(v)].inside += nodes_[v].inside;
      nodes_[v].leaves = static_cast<node_id>(tree.leaves(v).size());
      for (const node_id c : tree.children(v)) nodes_.append(v, c);
    }
  }

  void changed(bool tops) {
    if (tops) cuts_.reset();
    version_.advance();
  }

  /// f(a, b, weight) for every counting link of a leaf a below v.
  template <class F>
  void for_links(node_id v, F&& f) const {
    for_leaves(v, [&](node_id a) {
      for (const auto& [b, weight] : (*graph_)[a])
        if (detail::counts(*graph_, links_, a, b)) f(a, b, weight);
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
        "work_tree: ", edit, " of nodes ", a, " and ", b,
        ", expected two children of one community");
    const node_id p = parent(a);
    expects(child_count(p) > 2, "work_tree: ", edit, " of nodes ", a, " and ", b,
            ", which are the only children of node ", p);
    expects(nodes_.size() + 1 < no_node, "work_tree: all ", nodes_.size(),
            " node numbers are used");
    if (p == root_) return {p, cut_between(a, b)};
    if (leaf_count(a) > leaf_count(b)) std::swap(a, b);
    double cut = 0;
    for_links(a, [&](node_id, node_id other, double weight) {
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
    nodes_.append(p, joined);
    if (p == root_) cuts_->join(a, b, joined);
    changed(false);
    return joined;
  }

  const relation_graph* graph_;
  link_counts links_;
  node_id root_ = no_node;
  detail::node_table nodes_;
  mutable std::optional<detail::sibling_cuts> cuts_;  // when asked for
  detail::own_version version_;
};

inline encoding_tree work_tree::freeze() const {
  // Nodes by number, as lists of children would be followed through all of memory.
  const auto n = static_cast<node_id>(graph_->size());
  std::vector<node_id> order;  // communities
  for (node_id v = n; v < id_count(); ++v)
    if (contains(v)) order.push_back(v);
  std::vector<node_id> depth(id_count() - n, no_node);
  depth[root_ - n] = 0;
  std::vector<node_id> path;
  for (const node_id v : order) {
    node_id known = v;
    for (; depth[known - n] == no_node; known = parent(known)) path.push_back(known);
    for (node_id d = depth[known - n]; !path.empty(); path.pop_back()) depth[path.back() - n] = ++d;
  }
  std::vector<node_id> smallest(id_count() - n, no_node);
  std::vector<node_id> parents(n + order.size(), no_node);
  for (node_id leaf = 0; leaf < n; ++leaf) {
    parents[leaf] = parent(leaf);
    for (node_id v = parents[leaf]; v != no_node && smallest[v - n] == no_node; v = parent(v))
      smallest[v - n] = leaf;
  }
  std::sort(order.begin(), order.end(), [&](node_id a, node_id b) {
    return std::tuple(depth[b - n], smallest[a - n]) < std::tuple(depth[a - n], smallest[b - n]);
  });
  std::vector<node_id>& number = smallest;  // no longer needed
  for (node_id i = 0; i < order.size(); ++i) number[order[i] - n] = n + i;
  for (node_id leaf = 0; leaf < n; ++leaf) parents[leaf] = number[parents[leaf] - n];
  for (const node_id v : order)
    if (v != root_) parents[number[v - n]] = number[parent(v) - n];
  return encoding_tree::from_parents(*graph_, std::move(parents), links_);
}

inline void work_tree::relocate(node_id v, node_id to) {
  expects(contains(v) && v != root_, "work_tree: relocate of node ", v,
          ", expected a node below the root");
  bool fits = contains(to) && !is_leaf(to);
  for (node_id up = to; fits && up != no_node; up = parent(up)) fits = up != v;
  expects(fits, "work_tree: relocate of node ", v, " to node ", to,
          ", expected a community that is neither that node nor below it");
  const node_id from = parent(v);
  if (from == to) return;

  // The lowest community over both, and the nodes on the way up to it.
  std::vector<node_id> old_path;
  std::vector<node_id> new_path;
  std::unordered_map<node_id, double> near;  // by community: links of v whose other end it is above
  for (node_id up = from; up != no_node; up = parent(up)) near[up] = 0;
  node_id over = to;
  for (; near.find(over) == near.end(); over = parent(over)) new_path.push_back(over);
  for (node_id up = from; up != over; up = parent(up)) old_path.push_back(up);
  for (const node_id x : new_path) near[x] = 0;
  for_links(v, [&](node_id, node_id other, double weight) {
    while (other != v) {
      if (const auto found = near.find(other); found != near.end()) {
        found->second += weight;
        return;
      }
      other = parent(other);
    }
  });
  const detail::tree_node mine = nodes_[v];
  const auto pass = [&](const std::vector<node_id>& path, double sign) {
    double below = 0;  // weight between v and the node of the path that was seen last
    for (const node_id x : path) {
      const double here = below + near[x];
      detail::tree_node& w = nodes_[x];
      w.volume += sign * mine.volume;
      w.inside = (std::max)(0.0, w.inside + sign * (mine.inside + here));
      w.between = (std::max)(0.0, w.between + sign * (here - below));
      w.cut = (std::max)(0.0, w.cut + sign * (mine.cut - 2 * here));
      w.leaves += sign > 0 ? mine.leaves : 0U - mine.leaves;
      below = here;
    }
    return below;
  };
  const double left = pass(old_path, -1);
  const double met = pass(new_path, 1);
  nodes_[over].between = (std::max)(0.0, nodes_[over].between + left - met);

  nodes_.unlink(from, v);
  nodes_.append(to, v);
  for (node_id up = from; child_count(up) == 0;) {
    const node_id above = parent(up);
    nodes_.unlink(above, up);
    nodes_[up].owner = above;
    up = above;
  }
  changed(over == root_);
}

}}}  // namespace hint::HINT_ABI::tree

#endif
