// SPDX-License-Identifier: MIT
/// \file
/// A small hash map from numbers to weights: the neighbours of a community that has very many.
#ifndef HINT_TREE_GREEDY_CONTRACTED_ROW_HPP
#define HINT_TREE_GREEDY_CONTRACTED_ROW_HPP

#include <bit>
#include <cstddef>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/hash.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/edges.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// A small hash map from numbers to weights: open addressing, linear probing, no tombstones. The
/// order of iteration depends on the history alone, never on addresses.
class contracted_row {
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
    hole = close_gap(
        hole, mask, [&](std::size_t i) { return table_[i].key != no_node; },
        [&](std::size_t i) { return home(table_[i].key); },
        [&](std::size_t from, std::size_t to) { table_[to] = table_[from]; });
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

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
