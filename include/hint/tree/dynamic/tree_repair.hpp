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
#include <hint/tree/encoding_tree.hpp>
#include <hint/tree/links.hpp>
#include <hint/tree/dynamic/mutable_tree.hpp>
#include <hint/tree/dynamic/placement.hpp>
#include <hint/tree/multilevel/regroup.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// Three steps, each only where it lowers the entropy:
///
/// - a leaf moves to its best place (`placement_search`), looked at when one of its links or its
///   neighbours has moved or changed; where it has many, when a sixteenth of them has;
/// - a community moves to its best place or is fused with another, and
/// - the children of a community and of the sibling it is linked with most are grouped anew
///   (`regrouping`), looked at when a sixth of the ends of its links has changed.
///
/// So what is looked at costs O(1) links for each that has changed. A step must lower vol(G) H / 2
/// by 1e-9 of the volume that it moves: that is more than rounding, so repair ends.
class tree_repair {
 public:
  /// `budget`: leaves looked at per edit, on average.
  tree_repair(std::size_t height, link_counts links, std::size_t budget)
      : height_(height),
        links_(links),
        budget_(static_cast<std::int64_t>((std::min<std::size_t>)(budget, 1U << 30))),
        active_(budget > 0) {}
  tree_repair(const relation_graph& graph, const encoding_tree& tree, std::size_t height,
              std::size_t budget)
      : tree_repair(height, tree.links(), budget) {
    graph_ = dynamic_graph(graph);
    tree_ = mutable_tree(graph, tree);
    make_room();
  }

  [[nodiscard]] const dynamic_graph& graph() const noexcept { return graph_; }
  [[nodiscard]] const mutable_tree& tree() const noexcept { return tree_; }
  [[nodiscard]] std::size_t height() const noexcept { return height_; }
  [[nodiscard]] link_counts links() const noexcept { return links_; }
  /// Leaves that wait to be looked at.
  [[nodiscard]] std::size_t pending() const noexcept { return leaves_.size(); }

  // -- edits of the graph; the arguments are checked by `dynamic_graph`, before anything changes

  node_id insert(std::span<const node_link> links, std::uint8_t group) {
    const node_id v = graph_.insert(links, group);
    place(v);
    return v;
  }
  void insert_as(node_id v, std::span<const node_link> links, std::uint8_t group) {
    graph_.insert_as(v, links, group);
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
    tree_.tidy(from);
    work_after_edit();
  }
  void set_link(node_id a, node_id b, double weight) {
    const double before = graph_.set_link(a, b, weight);
    if (before == weight) return;
    const bool counting = counts(a, b);
    const int sign = before == 0 ? 1 : weight == 0 ? -1 : 0;
    for (const node_id v : {a, b}) {
      tree_.change_end(v, weight - before, counting, sign);
      note(tree_.parent_of_leaf(v), 1);
      affect(v);
    }
    if (counting) tree_.change_link(a, b, weight - before);
    work_after_edit();
  }

  /// Looks at everything, and at what comes of it, again and again until no step is left or `looks`
  /// leaves were looked at.
  void improve(std::int64_t looks) {
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
    return links_ == link_counts::all || graph_.group(a) == graph_.group(b);
  }
  void make_room() {
    tree_.grow(graph_.id_count());
    waiting_.resize(graph_.id_count());
    link_changes_.resize(graph_.id_count());
    marks_.resize(graph_.id_count());
  }
  /// The links that leave an item, into `out_`. Of a community, the leaves below are marked.
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
  /// Makes what the search has found. The item's links are in `out_`.
  void move(tree_item i, const placement& to) {
    const node_id from = tree_.parent(i);
    const std::size_t ends = tree_.ends(i) + 1;
    if (from != no_node) {
      note(from, ends);
      tree_.detach(i, out_);
    }
    node_id p = to.at;
    if (to.how == placing::beside_leaf || to.how == placing::beside_part) {
      const tree_item sibling{to.at, to.how == placing::beside_leaf};
      const node_id above = tree_.parent(sibling);
      p = tree_.make(above);
      tree_.relink(sibling, p);
      tree_.reweigh(p, 0);
      tree_.raise({p, false});
      tree_.attach(i, p, out_);
      tree_.tidy(above);
    } else {
      tree_.attach(i, p, out_);
      if (to.how == placing::fused) tree_.contract(i.id);
    }
    if (from != no_node) tree_.tidy(from);
    note(p, ends);
  }

  // -- what waits

  /// A link of this leaf, or the leaf at its other end, has changed.
  void affect(node_id v) {
    if (active_ && 16 * ++link_changes_[v] >= graph_[v].size()) enqueue(v);
  }
  void enqueue(node_id v) {
    if (waiting_[v]) return;
    waiting_[v] = true;
    leaves_.push_back(v);
  }
  /// So many ends of links below c, which may be gone by now, have changed.
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
  void work_after_edit() {
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
        link_changes_[v] = 0;
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
    }
  }

  // -- the steps

  void look(node_id v) {
    const tree_item i{v, true};
    gather(i);
    placement to = search_.best(tree_, i, out_, height_);
    if (out_.empty() && tree_.parent(i) != tree_.root())
      to = {placing::inside, tree_.root(), 1};  // the place of isolated nodes; all cost the same
    if (!(to.gain > 1e-9 * tree_.volume(i))) return;
    move(i, to);
    ++steps_;
    for (const tree_link_end& l : out_)
      if (tree_.parent_of_leaf(l.leaf) != tree_.parent(i)) affect(l.leaf);
  }

  void tend(node_id c) {
    const tree_item i{c, false};
    tree_.measure(c);
    below_.clear();
    parts_.clear();
    mark_parts(c);
    gather(i);
    const placement to = search_.best(tree_, i, out_, height_);
    bool changed = to.gain > 1e-9 * tree_.volume(i);
    if (changed) {
      move(i, to);
      if (tree_.contains(c)) ask(c);
    } else if (tree_.depth(c) + tree_.reach(i) + 1 <= height_) {
      changed = group_below(c);
    } else {
      const node_id sibling = search_.nearest_sibling(tree_, i);
      if (sibling != no_node) mark_parts(sibling);
      changed = group_anew(c, sibling);
    }
    if (changed) ++steps_;
    credit_ -= static_cast<std::int64_t>(below_.size());
    for (const node_id v : below_) {
      marks_[v] = 0;
      if (changed) enqueue(v);
    }
  }
  /// Appends the children of c to `parts_`, the leaves below to `below_`, and marks each leaf with
  /// the place of its part, plus 1.
  void mark_parts(node_id c) {
    const std::size_t first = parts_.size();
    for (node_id v = tree_.first_leaf(c); v != no_node; v = tree_.next_leaf(v))
      parts_.push_back({v, true});
    for (node_id d = tree_.first_part(c); d != no_node; d = tree_.next_part(d))
      parts_.push_back({d, false});
    std::sort(parts_.begin() + static_cast<std::ptrdiff_t>(first), parts_.end(),
              [](tree_item a, tree_item b) {
                return std::pair(!a.leaf, a.id) < std::pair(!b.leaf, b.id);
              });
    for (std::size_t k = first; k < parts_.size(); ++k) {
      std::size_t j = below_.size();
      tree_.collect(parts_[k], below_);
      for (; j < below_.size(); ++j) marks_[below_[j]] = static_cast<node_id>(k + 1);
    }
  }
  /// Groups of the parts below a community of volume `outer`, from those in `start_` on.
  [[nodiscard]] regrouped groups_of_parts(double outer, double volume) {
    inner_.clear();
    for (const node_id v : below_)
      for (const auto& n : graph_[v])
        if (v < n.node && marks_[n.node] != 0 && marks_[n.node] != marks_[v] && counts(v, n.node))
          inner_.push_back({marks_[v] - 1, marks_[n.node] - 1, n.weight});
    volumes_.clear();
    for (const tree_item p : parts_) volumes_.push_back(tree_.volume(p));
    return regroup_(volumes_, inner_, start_, outer, 1e-9 * volume);
  }
  /// Puts new communities below `home`, one for each group of more parts than one.
  void make_groups(const regrouped& found, node_id home) {
    std::vector<std::size_t> members(found.between.size());
    for (const node_id g : found.group) ++members[g];
    std::vector<node_id> places(members.size(), home);
    for (node_id g = 0; g < members.size(); ++g)
      if (members[g] > 1) places[g] = tree_.make(home);
    for (std::size_t k = 0; k < parts_.size(); ++k)
      if (places[found.group[k]] != tree_.parent(parts_[k]))
        tree_.relink(parts_[k], places[found.group[k]]);
    for (node_id g = 0; g < members.size(); ++g) {
      if (places[g] == home) continue;
      tree_.reweigh(places[g], found.between[g]);
      tree_.change_between(home, -found.between[g]);
      tree_.raise({places[g], false});
      ask(places[g]);
    }
  }
  /// A new level between c and its children.
  bool group_below(node_id c) {
    start_.resize(parts_.size());
    std::iota(start_.begin(), start_.end(), 0U);
    const regrouped found = groups_of_parts(tree_.volume(c), tree_.volume(c));
    if (found.between.size() < 2 || !(-found.cost > 1e-9 * tree_.volume(c))) return false;
    make_groups(found, c);
    return true;
  }
  /// Groups of the children of c and a sibling (or none) in their place.
  bool group_anew(node_id c, node_id sibling) {
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
    for (const tree_item p : parts_) start_.push_back(tree_.parent(p) == c ? 0 : 1);
    const regrouped found = groups_of_parts(outer, volume);
    if (!(before - found.cost > 1e-9 * volume)) return false;
    for (const node_id old : {c, sibling})
      if (old != no_node) tree_.change_between(above, tree_.between(old));
    make_groups(found, above);
    for (const node_id old : {c, sibling})
      if (old != no_node) tree_.tidy(old);
    return true;
  }

  std::size_t height_;
  link_counts links_;
  std::int64_t budget_;
  bool active_;
  dynamic_graph graph_;
  mutable_tree tree_;
  // What waits, each once, and what has changed since it was last looked at.
  std::deque<node_id> leaves_;
  std::deque<node_id> communities_;
  std::vector<bool> waiting_;
  std::vector<bool> asked_;
  std::vector<std::size_t> link_changes_;
  std::vector<std::size_t> changes_;
  std::int64_t credit_ = 0;
  std::size_t steps_ = 0;  // that lowered the entropy
  // Scratch.
  placement_search search_;
  regrouping regroup_;
  std::vector<tree_link_end> out_;
  std::vector<tree_item> parts_;
  std::vector<node_id> below_;
  std::vector<node_id> marks_;
  std::vector<node_id> start_;
  std::vector<weighted_edge> inner_;
  std::vector<double> volumes_;
};

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
