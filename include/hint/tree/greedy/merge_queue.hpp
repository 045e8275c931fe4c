// SPDX-License-Identifier: MIT
/// \file
/// Finds the pair of top communities with the lowest key while communities are merged: the part of
/// `merge` that has to be fast.
#ifndef HINT_TREE_GREEDY_MERGE_QUEUE_HPP
#define HINT_TREE_GREEDY_MERGE_QUEUE_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <queue>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/build_tree.hpp>
#include <hint/tree/greedy/contracted_graph.hpp>
#include <hint/tree/greedy/high_degree_row.hpp>
#include <hint/tree/greedy/least_heap.hpp>
#include <hint/tree/greedy/pair_key.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// What the heap calls with the pairs that are next: time for their memory to come.
struct expect_pairs {
  const build_tree& tree;
  void operator()(const scored_pair& p, int others) const {
    const auto near = [&](node_id v) { tree.expect_edit(v, 4); };
    for (const node_id v : {p.a, p.b}) {
      if (others == 4) near(v);
      tree.top_graph().expect_join(v, others, near);
    }
  }
};

/// Keys of pairs do not change while both live. So of each pair the younger community, which has
/// the higher number, scores it once, when it is new, and leaves the key rounded to a float in its
/// row; a heap over all communities holds the best pair of each with an elder one. When the elder
/// is gone, the younger is searched for its next best, by the rounded keys: of all that round to
/// the least one, the exact keys decide. As a community of very many neighbours is new after each
/// merge, this would be quadratic in them; such hubs have a `high_degree_row` instead.
class merge_queue {
 public:
  merge_queue() = default;
  /// Pairs of more than `largest` leaves are left out.
  merge_queue(const build_tree& tree, pair_key key, std::size_t largest)
      : key_(key),
        largest_(largest),
        version_(tree.version()),
        notes_(tree.top_graph().claim_notes()) {
    const contracted_graph& cuts = tree.top_graph();
    std::vector<scored_pair> pairs;
    for (node_id a = tree.first_child(tree.root()); a != no_node; a = tree.next_sibling(a)) {
      if (const node_id later = a + 16; tree.is_leaf(later))
        cuts.expect_join(later, 1, [&](node_id near) { tree.expect_edit(near, 4); });
      if (cuts.is_long(a)) {
        add_hub(tree, a, new_row(tree, a));
      } else if (const auto best = note_keys(tree, a)) {
        pairs.push_back(*best);
      }
    }
    heap_.assign(std::move(pairs));
  }

  /// Whether this queue is about the tree as it is.
  [[nodiscard]] bool fits(const build_tree& tree) const {
    return version_ == tree.version() && notes_ == tree.top_graph().notes();
  }

  /// The pair of lowest key, of these the one with the lowest numbers.
  [[nodiscard]] std::optional<scored_pair> top(const build_tree& tree) {
    const contracted_graph& cuts = tree.top_graph();
    while (!heap_.empty()) {
      const scored_pair best = heap_.front();
      if (!cuts.is_top(best.b)) {
        heap_.pop(expect_pairs{tree});
      } else if (cuts.is_top(best.a)) {
        break;
      } else if (const auto next = search(tree, best.b)) {
        heap_.replace(*next, expect_pairs{tree});
      } else {
        heap_.pop(expect_pairs{tree});
      }
    }
    while (!offers_.empty()) {
      const auto [best, by] = offers_.top();
      if (cuts.is_top(best.a) && cuts.is_top(best.b)) break;
      offers_.pop();
      if (cuts.is_top(by)) offer(tree, by);
    }
    if (offers_.empty()) return heap_.empty() ? std::nullopt : std::optional(heap_.front());
    return heap_.empty() ? offers_.top().best : (std::min)(heap_.front(), offers_.top().best);
  }

  /// Follows the edit `make()`, which joins a and b, two children of the root, and returns the new
  /// community.
  template <class Make>
  void join(const build_tree& tree, node_id a, node_id b, Make&& make) {
    std::optional<high_degree_row> row = join_rows(tree, a, b);
    const node_id t = make();
    version_ = tree.version();
    const contracted_graph& cuts = tree.top_graph();
    if (!hubs_.empty()) {
      hubs_.erase(a);
      hubs_.erase(b);
    }
    if (cuts.is_long(t)) {
      if (row)
        row->grow(key_.inside(tree, t), key_.volume(tree, t));
      else
        row = new_row(tree, t);
      add_hub(tree, t, std::move(*row));
      return;
    }
    const auto best = note_keys(tree, t);
    if (best && !heap_.empty() && heap_.front().b == (std::max)(a, b))
      heap_.replace(*best, expect_pairs{tree});
    else if (best)
      heap_.push(*best);
    if (hubs_.empty()) return;
    for (const contracted_entry& e : cuts.row(t))
      if (cuts.is_long(e.id))
        if (const auto found = hubs_.find(e.id); found != hubs_.end())
          found->second.row.insert(t, key_terms_of(tree, t, e.weight));
  }

 private:
  struct hub {
    high_degree_row row;           ///< of the neighbours that are no hubs
    least_heap<scored_pair> hubs;  ///< pairs with those that are
  };
  struct offered {
    scored_pair best;
    node_id by;
    /// The least is on top of a `std::priority_queue`.
    friend bool operator<(const offered& x, const offered& y) noexcept { return y.best < x.best; }
  };

  [[nodiscard]] high_degree_row::key_terms key_terms_of(const build_tree& tree, node_id x,
                                                        double cut) const noexcept {
    return {cut, key_.volume(tree, x), key_.inside(tree, x)};
  }
  [[nodiscard]] bool too_large(const build_tree& tree, node_id x, node_id y) const noexcept {
    return largest_ != unbounded && tree.leaf_count(x) + tree.leaf_count(y) > largest_;
  }

  // -- short rows

  [[nodiscard]] pair_key::lower_bound bounds(const build_tree& tree, node_id x) const noexcept {
    return {key_.inside(tree, x), key_.volume(tree, x), tree.volume(tree.root())};
  }

  /// The best of some pairs of x with elder communities that are still there. Of most, a lower
  /// bound of the key is enough to know that they are not.
  class choice {
   public:
    choice(const merge_queue& queue, const build_tree& tree, node_id x)
        : queue_(queue), tree_(tree), x_(x) {}
    /// Of several in a row with equal terms one is scored.
    void see(float bound, node_id y, double cut) {
      if (best_ && static_cast<double>(bound) > best_->key) return;
      const high_degree_row::key_terms l = queue_.key_terms_of(tree_, y, cut);
      const double key = best_ && l == seen_ ? key_ : queue_.key_(tree_, x_, y, cut);
      seen_ = l;
      key_ = key;
      if (const scored_pair p{key, y, x_}; !best_ || p < *best_) best_ = p;
    }
    [[nodiscard]] const std::optional<scored_pair>& best() const noexcept { return best_; }

   private:
    const merge_queue& queue_;
    const build_tree& tree_;
    node_id x_;
    std::optional<scored_pair> best_;
    high_degree_row::key_terms seen_{};
    double key_ = 0;
  };

  /// Scores the pairs of x with elder communities and returns the best.
  [[nodiscard]] std::optional<scored_pair> note_keys(const build_tree& tree, node_id x) {
    if (tree.is_leaf(x)) return search_leaf(tree, x);
    const std::span<contracted_entry> row = tree.top_graph().row(x);
    const auto bound = bounds(tree, x);
    // First all that has to come from memory, then all arithmetic.
    const std::size_t n = row.size();
    if (n > volumes_.size()) {
      insides_.resize(2 * n);
      volumes_.resize(2 * n);
    }
    for (std::size_t i = 0; i < n; ++i) {
      insides_[i] = key_.inside(tree, row[i].id);
      volumes_[i] = key_.volume(tree, row[i].id);
    }
    for (std::size_t i = 0; i < n; ++i)
      row[i].note = bound(insides_[i], volumes_[i], row[i].weight);
    const contracted_entry* least = nullptr;
    for (contracted_entry& e : row) {
      if (e.id > x || too_large(tree, x, e.id)) e.note = gone;
      if (e.note < gone && (least == nullptr || e.note < least->note)) least = &e;
    }
    choice c(*this, tree, x);
    if (least != nullptr) c.see(least->note, least->id, least->weight);
    for (const contracted_entry& e : row)
      if (e.note < gone) c.see(e.note, e.id, e.weight);
    return c.best();
  }
  /// The best pair of x with an elder community.
  [[nodiscard]] std::optional<scored_pair> search(const build_tree& tree, node_id x) {
    if (tree.is_leaf(x)) return search_leaf(tree, x);
    const contracted_graph& cuts = tree.top_graph();
    choice c(*this, tree, x);
    double limit = static_cast<double>(gone);
    for (contracted_entry& e : cuts.row(x)) {
      if (static_cast<double>(e.note) > limit || e.note == gone) continue;
      if (e.id < x && cuts.is_top(e.id)) {
        c.see(e.note, e.id, e.weight);
        limit = c.best()->key;
      } else {
        e.note = gone;
      }
    }
    return c.best();
  }
  /// The same where the row may be the graph's own, without room for notes.
  [[nodiscard]] std::optional<scored_pair> search_leaf(const build_tree& tree, node_id x) const {
    const contracted_graph& cuts = tree.top_graph();
    const auto bound = bounds(tree, x);
    choice c(*this, tree, x);
    cuts.for_raw(x, [&](node_id y, double cut) {
      if (y < x && cuts.is_top(y) && !too_large(tree, x, y))
        c.see(bound(key_.inside(tree, y), key_.volume(tree, y), cut), y, cut);
    });
    return c.best();
  }

  // -- hubs: communities whose rows are tables

  [[nodiscard]] high_degree_row new_row(const build_tree& tree, node_id x) const {
    const contracted_graph& cuts = tree.top_graph();
    high_degree_row row(key_.inside(tree, x), key_.volume(tree, x), tree.volume(tree.root()));
    cuts.for_each(x, [&](node_id y, double cut) {
      if (!cuts.is_long(y)) row.insert(y, key_terms_of(tree, y, cut));
    });
    return row;
  }
  void add_hub(const build_tree& tree, node_id t, high_degree_row row) {
    hub made{std::move(row), {}};
    for (const auto& [other, unused] : hubs_)
      if (const double cut = tree.cut_between(t, other); cut > 0 && !too_large(tree, t, other))
        made.hubs.push(scored_pair::of(key_(tree, t, other, cut), t, other));
    hubs_.emplace(t, std::move(made));
    offer(tree, t);
  }
  /// Puts the best pair of a hub into the heap over all hubs.
  void offer(const build_tree& tree, node_id x) {
    const contracted_graph& cuts = tree.top_graph();
    auto& [row, hubs] = hubs_.find(x)->second;
    while (!hubs.empty() && !(cuts.is_top(hubs.front().a) && cuts.is_top(hubs.front().b)))
      hubs.pop();
    std::optional<scored_pair> best;
    if (!hubs.empty()) best = hubs.front();
    row.search(
        best ? best->key : (std::numeric_limits<double>::max)(),
        [&](node_id id) { return cuts.is_top(id) && !too_large(tree, x, id); },
        [&](double key, node_id id) {
          if (const auto p = scored_pair::of(key, x, id); !best || p < *best) best = p;
          return best->key;
        });
    if (best) offers_.push({*best, x});
  }
  /// Before a and b are joined: the row of the hub that comes of it, if the one with more
  /// neighbours is a hub. Only the neighbours of the other are touched. Hubs are in no rows.
  [[nodiscard]] std::optional<high_degree_row> join_rows(const build_tree& tree, node_id a,
                                                         node_id b) {
    if (hubs_.empty()) return std::nullopt;
    const contracted_graph& cuts = tree.top_graph();
    if (cuts.is_long(a) && (!cuts.is_long(b) || cuts.degree(a) > cuts.degree(b))) std::swap(a, b);
    if (!cuts.is_long(b)) return std::nullopt;
    high_degree_row row = std::move(hubs_.find(b)->second.row);
    cuts.for_each(a, [&](node_id x, double cut) {
      if (x == b || cuts.is_long(x)) return;
      const double old = cuts.weight(b, x);
      if (old > 0) row.erase(x, key_terms_of(tree, x, old));
      row.insert(x, key_terms_of(tree, x, old + cut));
    });
    return row;
  }

  // Above all keys; not infinity, which -ffast-math takes for a number that does not occur.
  static constexpr float gone = (std::numeric_limits<float>::max)();

  pair_key key_;
  std::size_t largest_ = unbounded;
  tree_version version_;
  std::uint64_t notes_ = 0;
  least_heap<scored_pair> heap_;         // best pairs with elders, of communities with short rows
  std::priority_queue<offered> offers_;  // the best pairs of hubs
  std::map<node_id, hub> hubs_;
  std::vector<double> insides_;  // of a row
  std::vector<double> volumes_;
};

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
