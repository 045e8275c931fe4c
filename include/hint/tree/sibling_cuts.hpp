// SPDX-License-Identifier: MIT
/// \file
/// The weights of the links between the top communities of a tree, kept up to date while
/// communities are joined: a hash row per community, the smaller row always poured into the larger.
#ifndef HINT_TREE_SIBLING_CUTS_HPP
#define HINT_TREE_SIBLING_CUTS_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/links.hpp>

namespace hint::inline HINT_ABI::tree::tree_detail {

/// A small hash map from numbers to weights: open addressing, linear probing, no tombstones. The
/// order of iteration depends on the history alone, never on addresses.
class cut_row {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// 0 when absent.
  [[nodiscard]] double weight(node_id key) const noexcept {
    if (size_ == 0) return 0;
    const entry& e = table_[find(key)];
    return e.key == key ? e.weight : 0;
  }
  void reserve(std::size_t count) {
    if (count > 0) resize(std::bit_ceil(count + count / 3 + 1));
  }
  void add(node_id key, double weight) {
    if (4 * (size_ + 1) > 3 * table_.size()) resize(table_.empty() ? 4 : 2 * table_.size());
    entry& e = table_[find(key)];
    if (e.key == no_node) {
      e = {key, weight};
      ++size_;
    } else {
      e.weight += weight;
    }
  }
  /// Removes and returns a weight; 0 when absent.
  double take(node_id key) {
    if (size_ == 0) return 0;
    const std::size_t mask = table_.size() - 1;
    std::size_t hole = find(key);
    if (table_[hole].key == no_node) return 0;
    const double weight = table_[hole].weight;
    // Entries that were pushed on by the removed one move back, so that no search meets a gap.
    for (std::size_t i = (hole + 1) & mask; table_[i].key != no_node; i = (i + 1) & mask)
      if (((i - home(table_[i].key)) & mask) >= ((i - hole) & mask)) {
        table_[hole] = table_[i];
        hole = i;
      }
    table_[hole].key = no_node;
    --size_;
    if (table_.size() > 16 && 8 * size_ < table_.size()) resize(table_.size() / 4);
    return weight;
  }
  /// f(key, weight) for every entry; f must not change this row.
  template <class F>
  void for_each(F&& f) const {
    for (const entry& e : table_)
      if (e.key != no_node) f(e.key, e.weight);
  }

 private:
  struct entry {
    node_id key = no_node;
    double weight = 0;
  };
  [[nodiscard]] std::size_t home(node_id key) const noexcept {
    return ((key * 0x9e3779b97f4a7c15ULL) >> 32) & (table_.size() - 1);
  }
  [[nodiscard]] std::size_t find(node_id key) const noexcept {
    std::size_t i = home(key);
    while (table_[i].key != no_node && table_[i].key != key) i = (i + 1) & (table_.size() - 1);
    return i;
  }
  void resize(std::size_t capacity) {
    std::vector<entry> old(capacity);
    old.swap(table_);
    for (const entry& e : old)
      if (e.key != no_node) table_[find(e.key)] = e;
  }

  std::vector<entry> table_;
  std::size_t size_ = 0;
};

/// Rows are kept under slot numbers, and a joined community takes over the slot of its part with
/// the longer row: only the neighbours in the shorter row hear of it. O(E log n) for a whole run.
class sibling_cuts {
 public:
  /// `tops[v]` is the community of graph node v, a number below `ids`. O(E).
  sibling_cuts(const relation_graph& graph, link_counts links, std::span<const node_id> tops,
               std::size_t ids)
      : slots_(ids, no_node) {
    for (const node_id top : tops)
      if (slots_[top] == no_node) {
        slots_[top] = static_cast<node_id>(nodes_.size());
        nodes_.push_back(top);
      }
    rows_.resize(nodes_.size());
    if (nodes_.size() == graph.size())
      for (node_id a = 0; a < graph.size(); ++a) rows_[slots_[tops[a]]].reserve(graph[a].size());
    for (node_id a = 0; a < graph.size(); ++a)
      for (const auto& [b, weight] : graph[a])
        if (a < b && tops[a] != tops[b] && counts(graph, links, a, b)) {
          // Both directions at once: their sums have the same bits.
          rows_[slots_[tops[a]]].add(slots_[tops[b]], weight);
          rows_[slots_[tops[b]]].add(slots_[tops[a]], weight);
        }
  }

  /// Siblings that share a link with a.
  [[nodiscard]] std::size_t degree(node_id a) const noexcept { return rows_[slots_[a]].size(); }
  [[nodiscard]] double weight(node_id a, node_id b) const noexcept {
    return degree(a) < degree(b) ? rows_[slots_[a]].weight(slots_[b])
                                 : rows_[slots_[b]].weight(slots_[a]);
  }
  /// f(sibling, weight) for every sibling that shares a link with a.
  template <class F>
  void for_each(node_id a, F&& f) const {
    rows_[slots_[a]].for_each([&](node_id slot, double weight) { f(nodes_[slot], weight); });
  }
  /// `joined`, a number never used before, takes the place of a and b.
  void join(node_id a, node_id b, node_id joined) {
    node_id from = slots_[a];
    node_id to = slots_[b];
    if (rows_[from].size() > rows_[to].size()) std::swap(from, to);
    const cut_row poured = std::exchange(rows_[from], {});
    rows_[to].take(from);
    poured.for_each([&](node_id slot, double weight) {
      if (slot == to) return;
      rows_[slot].take(from);
      rows_[slot].add(to, weight);
      rows_[to].add(slot, weight);
    });
    slots_.resize(joined + std::size_t{1}, no_node);
    slots_[joined] = to;
    nodes_[to] = joined;
  }

 private:
  std::vector<node_id> slots_;  ///< by community
  std::vector<node_id> nodes_;  ///< by slot
  std::vector<cut_row> rows_;   ///< by slot
};

}  // namespace hint::inline HINT_ABI::tree::tree_detail

#endif
