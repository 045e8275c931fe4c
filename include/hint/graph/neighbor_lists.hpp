// SPDX-License-Identifier: MIT
/// \file
/// The nearest rows of every row: what exact search makes and graphs, trust and proxies read.
#ifndef HINT_GRAPH_NEIGHBOR_LISTS_HPP
#define HINT_GRAPH_NEIGHBOR_LISTS_HPP

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace graph {

/// A row and how far it is.
struct near_row {
  node_id row = 0;
  float distance = 0;
  friend bool operator==(const near_row&, const near_row&) = default;
};

namespace detail {
/// The same order for rows with distances of any precision.
template <class Row>
[[nodiscard]] constexpr bool in_order(const Row& a, const Row& b) noexcept {
  return a.distance < b.distance || (a.distance == b.distance && a.row < b.row);
}
}  // namespace detail

/// The total order of neighbours: nearer first, lower row first among equals.
[[nodiscard]] constexpr bool nearer(const near_row& a, const near_row& b) noexcept {
  return detail::in_order(a, b);
}

/// For each of n rows up to k others, nearest first. Rows may have fewer (n - 1 < k, or rows that
/// have no direction under cosine).
class neighbor_lists {
 public:
  neighbor_lists() = default;
  /// n empty lists of at most k.
  neighbor_lists(std::size_t rows, std::size_t k) : k_(k), sizes_(rows), entries_(rows * k) {}

  [[nodiscard]] std::size_t size() const noexcept { return sizes_.size(); }
  /// How many neighbours a row has at most.
  [[nodiscard]] std::size_t length() const noexcept { return k_; }
  [[nodiscard]] std::span<const near_row> operator[](std::size_t row) const noexcept {
    return {entries_.data() + row * k_, sizes_[row]};
  }
  /// Takes the first k of `neighbors`, which must be in order. Rows may be set from many threads.
  void set(std::size_t row, std::span<const near_row> neighbors) noexcept {
    const std::size_t count = neighbors.size() < k_ ? neighbors.size() : k_;
    for (std::size_t i = 0; i < count; ++i) entries_[row * k_ + i] = neighbors[i];
    sizes_[row] = count;
  }
  /// The first k of every list.
  [[nodiscard]] neighbor_lists first(std::size_t k) const {
    if (k >= k_) return *this;
    neighbor_lists out(size(), k);
    for (std::size_t i = 0; i < size(); ++i) out.set(i, (*this)[i]);
    return out;
  }

 private:
  std::size_t k_ = 0;
  std::vector<std::size_t> sizes_;
  std::vector<near_row> entries_;
};

/// The k nearest seen so far, in a buffer of its own. `offer` is O(1) for what is too far, O(k) else.
/// `Row` has a `row` and a `distance`, of any precision.
template <class Row>
class basic_nearest_rows {
 public:
  explicit basic_nearest_rows(std::size_t k) : k_(k) { best_.reserve(k + 1); }
  void clear() noexcept { best_.clear(); }
  /// Distance beyond which nothing is accepted any more.
  [[nodiscard]] bool accepts(const Row& candidate) const noexcept {
    return best_.size() < k_ || (k_ > 0 && detail::in_order(candidate, best_.back()));
  }
  void offer(const Row& candidate) {
    if (!accepts(candidate)) return;
    if (best_.size() == k_) best_.pop_back();
    std::size_t i = best_.size();
    best_.push_back(candidate);
    for (; i > 0 && detail::in_order(candidate, best_[i - 1]); --i) best_[i] = best_[i - 1];
    best_[i] = candidate;
  }
  [[nodiscard]] std::span<const Row> get() const noexcept { return best_; }

 private:
  std::size_t k_;
  std::vector<Row> best_;
};
using nearest_rows = basic_nearest_rows<near_row>;

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph

#endif
