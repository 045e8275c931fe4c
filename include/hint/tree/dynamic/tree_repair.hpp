// SPDX-License-Identifier: MIT
/// \file
/// A dynamic graph and the tree over it, and the steps by which the tree follows the graph: the
/// unchecked half of `updatable_tree`.
#ifndef HINT_TREE_DYNAMIC_TREE_REPAIR_HPP
#define HINT_TREE_DYNAMIC_TREE_REPAIR_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/dynamic/dynamic_graph.hpp>
#include <hint/tree/dynamic/live_tree.hpp>
#include <hint/tree/dynamic/placement.hpp>
#include <hint/tree/encoding_tree.hpp>
#include <hint/tree/multilevel/repartition.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// Repair makes three kinds of steps, each only where it lowers the entropy:
///
/// - a leaf moves to its best place (`placement_search`); it is looked at when one of its edges, or
///   the place of a neighbour, has changed, or of a sixteenth of them where it has more than 16;
/// - a community moves to its best place or is merged with another one, and
/// - the children of a community and of the sibling with which it shares most weight of edges are
///   put into new communities (`repartitioner`); a community is looked at for these two when as many
///   ends of edges below it have changed as a sixth of those it has.
///
/// So for each edge that has changed O(1) edges are looked at. A step must lower vol(G) H / 2 by
/// 1e-9 of the volume that it moves: that is more than rounding, so repair comes to an end.
class tree_repair {
 public:
  /// `budget`: leaves looked at per edit, on average.
  tree_repair(std::size_t height, counted_edges counted, std::size_t budget)
      : height_(height),
        counted_(counted),
        budget_(static_cast<std::int64_t>((std::min<std::size_t>)(budget, 1U << 30))),
        active_(budget > 0) {}
  tree_repair(const relation_graph& graph, const encoding_tree& tree, std::size_t height,
              std::size_t budget)
      : tree_repair(height, tree.counted(), budget) {
    graph_ = dynamic_graph(graph);
    tree_ = live_tree(graph, tree);
    make_room();
  }

  [[nodiscard]] const dynamic_graph& graph() const noexcept { return graph_; }
  [[nodiscard]] const live_tree& tree() const noexcept { return tree_; }
  [[nodiscard]] std::size_t height() const noexcept { return height_; }
  [[nodiscard]] counted_edges counted() const noexcept { return counted_; }
  /// Leaves that wait to be looked at.
  [[nodiscard]] std::size_t pending() const noexcept { return leaves_.size(); }

  // -- edits of the graph; the arguments are checked by `dynamic_graph`, before anything changes

  node_id insert(std::span<const incident_edge> edges, std::uint8_t group) {
    const node_id v = graph_.insert(edges, group);
    place(v);
    return v;
  }
  void insert_as(node_id v, std::span<const incident_edge> edges, std::uint8_t group) {
    graph_.insert_as(v, edges, group);
    place(v);
  }
  /// The node is there.
  void remove(node_id v) {
    const tree_item i{v, true};
    gather(i);
    graph_.remove(v);
    const node_id from = tree_.parent(i);
    note(from, out_.size() + 1);
    tree_.detach(i, out_);
    for (const auto& [other, weight, counting] : out_) {
      tree_.change_end(other, -weight, counting, -1);
      tree_.change_end(v, -weight, counting, -1);
      affect(other);
    }
    tree_.splice_out(from);
    work_after_edit();
  }
  void set_edge(node_id a, node_id b, double weight) {
    const double before = graph_.set_edge(a, b, weight);
    if (before == weight) return;
    const bool counting = counts(a, b);
    const int sign = before == 0 ? 1 : weight == 0 ? -1 : 0;
    tracked_sum change = weight;
    change += -before;
    for (const node_id v : {a, b}) {
      tree_.change_end(v, change, counting, sign);
      note(tree_.parent_of_leaf(v), 1);
      affect(v);
    }
    if (counting) tree_.change_edge(a, b, change);
    work_after_edit();
  }

  /// Computes all weights anew, then looks at everything, and at what comes of it, again and again
  /// until no step is left or `looks` leaves were looked at.
  void improve(std::int64_t looks) {
    recompute();
    active_ = true;
    credit_ = looks;
    do {
      steps_ = 0;
      for (node_id v = 0; v < graph_.id_count(); ++v)
        if (graph_.contains(v)) enqueue(v);
      for (node_id c = 0; c < tree_.community_count(); ++c)
        if (tree_.contains(c)) ask(c);
      work();
    } while (steps_ > 0 && credit_ > 0);
    credit_ = 0;
    active_ = budget_ > 0;
  }

 private:
  [[nodiscard]] bool counts(node_id a, node_id b) const noexcept {
    return counted_ == counted_edges::all || graph_.group(a) == graph_.group(b);
  }
  void make_room() {
    tree_.grow(graph_.id_count());
    waiting_.resize(graph_.id_count());
    edge_changes_.resize(graph_.id_count());
    marks_.resize(graph_.id_count());
  }
  /// The edges that leave an item, into `out_`. Of a community, the leaves below are marked.
  void gather(tree_item i) {
    out_.clear();
    const auto leave = [&](node_id v) {
      for (const auto& n : graph_[v])
        if (marks_[n.node] == 0) out_.push_back({n.node, n.weight, counts(v, n.node)});
    };
    if (i.leaf)
      leave(i.id);
    else
      for (const node_id v : below_) leave(v);
  }
  void place(node_id v) {
    make_room();
    gather({v, true});
    for (const auto& [other, weight, counting] : out_) {
      tree_.change_end(other, weight, counting, 1);
      tree_.change_end(v, weight, counting, 1);
      note(tree_.parent_of_leaf(other), 1);
      affect(other);
    }
    move({v, true}, search_.best(tree_, {v, true}, out_, height_));
    work_after_edit();
  }
  /// Makes what the search has found. The item's edges are in `out_`.
  void move(tree_item i, const placement& to) {
    const node_id from = tree_.parent(i);
    const std::size_t ends = tree_.ends(i) + 1;
    if (from != no_node) {
      note(from, ends);
      tree_.detach(i, out_);
    }
    node_id p = to.at;
    if (to.how == placing::beside_leaf || to.how == placing::beside_community) {
      const tree_item sibling{to.at, to.how == placing::beside_leaf};
      const node_id above = tree_.parent(sibling);
      p = tree_.make(above);
      tree_.reparent(sibling, p);
      tree_.recompute_weights(p, 0);
      tree_.update_height({p, false});
      tree_.attach(i, p, out_);
      tree_.splice_out(above);
    } else {
      tree_.attach(i, p, out_);
      if (to.how == placing::merged) tree_.contract(i.id);
    }
    if (from != no_node) tree_.splice_out(from);
    note(p, ends);
  }

  // -- what waits

  /// An edge of this leaf, or the leaf at its other end, has changed.
  void affect(node_id v) {
    if (active_ && 16 * ++edge_changes_[v] >= graph_[v].size()) enqueue(v);
  }
  void enqueue(node_id v) {
    if (waiting_[v]) return;
    waiting_[v] = true;
    leaves_.push_back(v);
  }
  /// So many ends of edges below c, which may be gone by now, have changed.
  void note(node_id c, std::size_t ends) {
    if (!active_ || !tree_.contains(c)) return;
    changes_.resize(tree_.community_count());
    for (; c != no_node; c = tree_.parent(c)) {
      changes_[c] += ends;
      if (6 * changes_[c] >= tree_.ends({c, false})) ask(c);
    }
  }
  void ask(node_id c) {
    asked_.resize(tree_.community_count());
    if (asked_[c] || c == tree_.root()) return;
    asked_[c] = true;
    communities_.push_back(c);
  }
  /// Forgets the rounding of the past.
  void recompute() {
    tree_.recompute([this](node_id v, auto&& f) {
      for (const auto& n : graph_[v]) f(n.node, n.weight, counts(v, n.node));
    });
  }
  void work_after_edit() {
    if (tree_.worn()) recompute();
    if (!active_) return;
    credit_ = (std::min)(credit_ + budget_, budget_);
    work();
  }
  /// As far as the credit reaches: a leaf costs 1, a community its leaves. The last one may
  /// overdraw it, at the expense of the edits to come.
  void work() {
    while (credit_ > 0 && !(leaves_.empty() && communities_.empty())) {
      if (!leaves_.empty()) {
        const node_id v = leaves_.front();
        leaves_.pop_front();
        waiting_[v] = false;
        edge_changes_[v] = 0;
        --credit_;
        if (graph_.contains(v)) look(v);
      } else {
        const node_id c = communities_.front();
        communities_.pop_front();
        asked_[c] = false;
        changes_.resize(tree_.community_count());
        changes_[c] = 0;
        if (tree_.contains(c) && c != tree_.root()) tend(c);
      }
      if (tree_.worn()) recompute();
    }
  }

  // -- the steps

  /// Moves a leaf to its best place.
  void look(node_id v) {
    const tree_item i{v, true};
    gather(i);
    placement to = search_.best(tree_, i, out_, height_);
    if (out_.empty() && tree_.parent(i) != tree_.root())
      to = {placing::inside, tree_.root(), 1};  // the place of isolated nodes; all cost the same
    if (!(to.gain > 1e-9 * tree_.volume(i))) return;
    move(i, to);
    ++steps_;
    for (const boundary_edge& l : out_)
      if (tree_.parent_of_leaf(l.leaf) != tree_.parent(i)) affect(l.leaf);
  }

  /// Makes the step that gains for a community and its children, if there is one.
  void tend(node_id c) {
    const tree_item i{c, false};
    tree_.recompute_height(c);
    below_.clear();
    children_.clear();
    mark_children(c);
    gather(i);
    const placement to = search_.best(tree_, i, out_, height_);
    bool changed = to.gain > 1e-9 * tree_.volume(i);
    if (changed) {
      move(i, to);
      if (tree_.contains(c)) ask(c);
    } else if (tree_.depth(c) + tree_.height(i) + 1 <= height_) {
      changed = partition_below(c);
    } else {
      const node_id sibling = search_.nearest_sibling(tree_, i);
      if (sibling != no_node) mark_children(sibling);
      changed = repartition_children(c, sibling);
    }
    if (changed) ++steps_;
    credit_ -= static_cast<std::int64_t>(below_.size());
    for (const node_id v : below_) {
      marks_[v] = 0;
      if (changed) enqueue(v);
    }
  }
  /// Appends the children of c to `children_`, the leaves below to `below_`, and marks each leaf
  /// with the place of the child that it is below, plus 1.
  void mark_children(node_id c) {
    const std::size_t first = children_.size();
    for (node_id v = tree_.first_leaf(c); v != no_node; v = tree_.next_leaf(v))
      children_.push_back({v, true});
    for (node_id d = tree_.first_community(c); d != no_node; d = tree_.next_community(d))
      children_.push_back({d, false});
    std::sort(children_.begin() + static_cast<std::ptrdiff_t>(first), children_.end(),
              [](tree_item a, tree_item b) {
                return std::pair(!a.leaf, a.id) < std::pair(!b.leaf, b.id);
              });
    for (std::size_t k = first; k < children_.size(); ++k) {
      std::size_t j = below_.size();
      tree_.collect(children_[k], below_);
      for (; j < below_.size(); ++j) marks_[below_[j]] = static_cast<node_id>(k + 1);
    }
  }
  /// Searches communities for `children_` below a parent of volume `outer`, starting from `start_`.
  /// `volume` is that of what may move.
  [[nodiscard]] repartition_result partition_of_children(double outer, double volume) {
    inner_.clear();
    for (const node_id v : below_)
      for (const auto& n : graph_[v])
        if (v < n.node && marks_[n.node] != 0 && marks_[n.node] != marks_[v] && counts(v, n.node))
          inner_.push_back({marks_[v] - 1, marks_[n.node] - 1, n.weight});
    volumes_.clear();
    for (const tree_item p : children_) volumes_.push_back(tree_.volume(p));
    return repartition_(volumes_, inner_, start_, outer, 1e-9 * volume);
  }
  /// Makes the communities that were found children of `home`, except those of one child, which
  /// becomes a child of `home` itself.
  void make_communities(const repartition_result& found, node_id home) {
    std::vector<std::size_t> members(found.between.size());
    for (const node_id g : found.community) ++members[g];
    std::vector<tracked_sum> between(members.size());
    for (const auto& [a, b, weight] : inner_)
      if (found.community[a] == found.community[b]) between[found.community[a]] += weight;
    std::vector<node_id> places(members.size(), home);
    for (node_id g = 0; g < members.size(); ++g)
      if (members[g] > 1) places[g] = tree_.make(home);
    for (std::size_t k = 0; k < children_.size(); ++k)
      if (places[found.community[k]] != tree_.parent(children_[k]))
        tree_.reparent(children_[k], places[found.community[k]]);
    for (node_id g = 0; g < members.size(); ++g) {
      if (places[g] == home) continue;
      tree_.recompute_weights(places[g], between[g]);
      tree_.change_between(home, -between[g]);
      tree_.update_height({places[g], false});
      ask(places[g]);
    }
  }
  /// Puts communities between c and its children, if that gains.
  bool partition_below(node_id c) {
    start_.resize(children_.size());
    std::iota(start_.begin(), start_.end(), 0U);
    const repartition_result found = partition_of_children(tree_.volume(c), tree_.volume(c));
    if (found.between.size() < 2 || !(-found.cost > 1e-9 * tree_.volume(c))) return false;
    make_communities(found, c);
    return true;
  }
  /// Puts the children of c and a sibling (or none) into new communities in place of the two, if
  /// that gains.
  bool repartition_children(node_id c, node_id sibling) {
    const node_id above = tree_.parent(c);
    const double outer = tree_.volume(above);
    double before = 0;
    double volume = 0;
    for (const node_id old : {c, sibling}) {
      if (old == no_node) continue;
      volume += tree_.volume(old);
      if (tree_.between(old) > 0)
        before += tree_.between(old) * std::log2(tree_.volume(old) / outer);
    }
    start_.clear();
    for (const tree_item p : children_) start_.push_back(tree_.parent(p) == c ? 0 : 1);
    const repartition_result found = partition_of_children(outer, volume);
    if (!(before - found.cost > 1e-9 * volume)) return false;
    for (const node_id old : {c, sibling})
      if (old != no_node) tree_.change_between(above, tree_.between_sum(old));
    make_communities(found, above);
    for (const node_id old : {c, sibling})
      if (old != no_node) tree_.splice_out(old);
    return true;
  }

  std::size_t height_;
  counted_edges counted_;
  std::int64_t budget_;
  bool active_;
  dynamic_graph graph_;
  live_tree tree_;
  // What waits, each once, and what has changed since it was last looked at.
  std::deque<node_id> leaves_;
  std::deque<node_id> communities_;
  std::vector<bool> waiting_;
  std::vector<bool> asked_;
  std::vector<std::size_t> edge_changes_;
  std::vector<std::size_t> changes_;
  std::int64_t credit_ = 0;
  std::size_t steps_ = 0;  // that lowered the entropy
  // Scratch.
  placement_search search_;
  repartitioner repartition_;
  std::vector<boundary_edge> out_;
  std::vector<tree_item> children_;
  std::vector<node_id> below_;
  std::vector<node_id> marks_;
  std::vector<node_id> start_;
  std::vector<weighted_edge> inner_;
  std::vector<double> volumes_;
};

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
