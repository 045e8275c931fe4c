// SPDX-License-Identifier: MIT
/// \file
/// A priority queue for millions of entries, each of which stands for something elsewhere in
/// memory.
#ifndef HINT_TREE_GREEDY_LEAST_HEAP_HPP
#define HINT_TREE_GREEDY_LEAST_HEAP_HPP

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/tree/edges.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// Two communities and their key, or one and its key. Keys come first, then numbers.
struct scored_pair {
  double key;
  node_id a;  ///< a < b, or a = b
  node_id b;
  friend bool operator<(const scored_pair& x, const scored_pair& y) noexcept {
    if (x.key != y.key) return x.key < y.key;
    return x.a != y.a ? x.a < y.a : x.b < y.b;
  }

  [[nodiscard]] static scored_pair of(double key, node_id x, node_id y) noexcept {
    return {key, (std::min)(x, y), (std::max)(x, y)};
  }
};

/// The least entry is at the front, and the front can be replaced in place. O(log size) amortised
/// for each change.
///
/// In one large heap, each change waits for memory at every level. So only a few thousand of the
/// least entries are in a heap; the others lie on shelves, each with all that is between its bound
/// and the bound of the shelf before. What goes to a shelf is appended, and when the heap is empty
/// the next shelf is split until what is left fits a heap.
///
/// What an entry stands for, too, has to come from memory. `pop` and `replace` tell which entries
/// move up close to the front: coming(entry, depth) with depths from 4 down to 0, the front.
template <class Entry>
class least_heap {
 public:
  [[nodiscard]] bool empty() const noexcept { return near_.empty(); }
  [[nodiscard]] const Entry& front() const noexcept { return near_.front(); }

  void push(const Entry& entry) {
    if (shelve(entry)) return;
    std::size_t hole = near_.size();
    near_.push_back(entry);
    for (; hole > 0 && entry < near_[(hole - 1) / 4]; hole = (hole - 1) / 4)
      near_[hole] = near_[(hole - 1) / 4];
    near_[hole] = entry;
    if (near_.size() >= 4 * few) refill(std::exchange(near_, {}));
  }
  template <class Coming>
  void pop(Coming&& coming) {
    const Entry last = near_.back();
    near_.pop_back();
    if (!near_.empty())
      sink(0, last, coming);
    else
      refill({});
  }
  void pop() { pop(ignore); }
  /// Pop and push in one.
  template <class Coming>
  void replace(const Entry& entry, Coming&& coming) {
    if (shelve(entry))
      pop(coming);
    else
      sink(0, entry, coming);
  }
  /// In place of all entries.
  void assign(std::vector<Entry> entries) {
    shelves_.clear();
    near_.clear();
    refill(std::move(entries));
  }

 private:
  static constexpr std::size_t few = 2048;
  static constexpr auto ignore = [](const Entry&, int) {};
  struct shelf {
    Entry bound;
    std::vector<Entry> entries;
  };

  /// Whether the entry belongs to a shelf, and then puts it there.
  [[nodiscard]] bool shelve(const Entry& entry) {
    if (shelves_.empty() || entry < shelves_.back().bound) return false;
    const auto found = std::partition_point(shelves_.begin(), shelves_.end(),
                                            [&](const shelf& s) { return entry < s.bound; });
    found->entries.push_back(entry);
    return true;
  }
  /// Makes a heap of the least of some entries that are below all shelves; of the next shelf, if
  /// there are none.
  void refill(std::vector<Entry> entries) {
    while (entries.empty() && !shelves_.empty()) {
      entries = std::move(shelves_.back().entries);
      shelves_.pop_back();
    }
    while (entries.size() > 2 * few) {
      const auto middle = entries.begin() + static_cast<std::ptrdiff_t>(entries.size() / 2);
      std::nth_element(entries.begin(), middle, entries.end());
      shelves_.push_back({*middle, {middle, entries.end()}});
      entries.erase(middle, entries.end());
    }
    near_.assign(entries.begin(), entries.end());
    for (std::size_t i = (near_.size() + 2) / 4; i-- > 0;) sink(i, Entry(near_[i]), ignore);
  }
  /// Moves the least of the children up into the hole until the entry fits there.
  template <class Coming>
  void sink(std::size_t hole, const Entry& entry, Coming&& coming) {
    const std::size_t size = near_.size();
    int depth = hole == 0 ? 0 : 5;
    for (std::size_t first = 4 * hole + 1; first < size; first = 4 * hole + 1, ++depth) {
      const std::size_t end = (std::min)(first + 4, size);
      std::size_t least = first;
      for (std::size_t i = first + 1; i < end; ++i)
        if (near_[i] < near_[least]) least = i;
      if (!(near_[least] < entry)) break;
      near_[hole] = near_[least];
      if (depth < 5) coming(near_[hole], depth);
      hole = least;
    }
    near_[hole] = entry;
    if (depth < 5) coming(near_[hole], depth);
  }

  std::vector<Entry> near_;     // a heap with up to four children each
  std::vector<shelf> shelves_;  // the lowest last
};

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
