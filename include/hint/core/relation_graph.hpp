// SPDX-License-Identifier: MIT
/// \file
/// A weighted undirected graph in compressed rows: what graph builders make and trees are built from.
#ifndef HINT_CORE_RELATION_GRAPH_HPP
#define HINT_CORE_RELATION_GRAPH_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/finite.hpp>

namespace hint { inline namespace HINT_ABI {

/// Nodes are 0 .. n-1; 32 bits hold four billion of them.
using node_id = std::uint32_t;

/// One undirected edge.
struct weighted_edge {
  node_id a = 0;
  node_id b = 0;
  double weight = 1;
  friend bool operator==(const weighted_edge&, const weighted_edge&) = default;
};

/// What to do with edges that occur more than once (a-b and b-a are one edge).
enum class duplicate_edges : std::uint8_t { sum, largest };

/// A weighted undirected graph without self loops. Every edge is stored in the rows of both ends;
/// rows are sorted by neighbour. Immutable, so const use from many threads is safe.
/// Memory: 32 bytes an edge and 8 (9 with groups) a node.
class relation_graph {
 public:
  struct neighbor {
    node_id node;
    double weight;
    /// By node. Weights decide among equal ones, so that both copies of an edge add up in the same order.
    friend bool operator<(const neighbor& x, const neighbor& y) noexcept {
      return x.node != y.node ? x.node < y.node : x.weight < y.weight;
    }
  };

  /// What the weights of all edges may add up to, and the smallest weight but 0: sums, quotients and
  /// products of two sums stay within the range of a double, as the trees need it.
  static constexpr double largest_sum = 1e150;
  static constexpr double smallest_weight = 1e-150;

  relation_graph() : offsets_(1, 0) {}

  /// `groups`: optional, one small number per node (the modality, say) by which trees can tell inner
  /// from cross links. Edges of weight 0 are dropped. O(E log E).
  /// Throws `invalid_argument` for an end outside 0 .. nodes-1, a self loop, a negative, infinite or
  /// NaN weight, one below `smallest_weight`, weights that add up to more than `largest_sum`, and
  /// `shape_error` unless groups is empty or has one entry per node.
  [[nodiscard]] static relation_graph from_edges(std::size_t nodes,
                                                 std::span<const weighted_edge> edges,
                                                 duplicate_edges duplicates = duplicate_edges::sum,
                                                 std::vector<std::uint8_t> groups = {}) {
    expects(nodes < 0xffffffffULL, "relation_graph: nodes is ", nodes, ", expected below 2^32 - 1");
    expects<shape_error>(groups.empty() || groups.size() == nodes, "relation_graph: groups has ",
                         groups.size(), " entries for ", nodes, " nodes");
    relation_graph g;
    g.groups_ = std::move(groups);
    g.offsets_.assign(nodes + 1, 0);
    for (std::size_t i = 0; i < edges.size(); ++i) {
      const auto& [a, b, weight] = edges[i];
      expects(a < nodes && b < nodes, "relation_graph: edge ", i, " joins ", a, " and ", b,
              ", expected nodes below ", nodes);
      expects(a != b, "relation_graph: edge ", i, " is a self loop of node ", a);
      expects(is_finite(weight) && weight >= 0, "relation_graph: edge ", i, " has weight ", weight,
              ", expected a finite number >= 0");
      if (weight == 0) continue;
      expects(weight >= smallest_weight, "relation_graph: edge ", i, " has weight ", weight,
              ", expected 0 or at least ", smallest_weight);
      ++g.offsets_[a + 1];
      ++g.offsets_[b + 1];
    }
    for (std::size_t i = 0; i < nodes; ++i) g.offsets_[i + 1] += g.offsets_[i];
    g.neighbors_.resize(g.offsets_.back());
    std::vector<std::size_t> next(g.offsets_.begin(), g.offsets_.end() - 1);
    for (const auto& [a, b, weight] : edges) {
      if (weight == 0) continue;
      g.neighbors_[next[a]++] = {b, weight};
      g.neighbors_[next[b]++] = {a, weight};
    }
    g.merge_duplicates(duplicates);
    const double sum = g.volume() / 2;
    expects(sum <= largest_sum, "relation_graph: the weights of all edges add up to ", sum,
            ", expected at most ", largest_sum);
    return g;
  }

  [[nodiscard]] std::size_t size() const noexcept {
    return offsets_.empty() ? 0 : offsets_.size() - 1;
  }
  /// Undirected edges.
  [[nodiscard]] std::size_t edge_count() const noexcept { return neighbors_.size() / 2; }
  /// Neighbours of a node by ascending id.
  [[nodiscard]] std::span<const neighbor> operator[](node_id node) const noexcept {
    return std::span(neighbors_).subspan(offsets_[node], offsets_[node + 1] - offsets_[node]);
  }
  /// Sum of the weights of a node's edges (d_i of the paper).
  [[nodiscard]] double degree(node_id node) const noexcept {
    double sum = 0;
    for (const neighbor& n : (*this)[node]) sum += n.weight;
    return sum;
  }
  /// Sum of all degrees: twice the weight of all edges (vol of the paper).
  [[nodiscard]] double volume() const noexcept {
    double sum = 0;
    for (const neighbor& n : neighbors_) sum += n.weight;
    return sum;
  }
  /// One number per node, or empty.
  [[nodiscard]] std::span<const std::uint8_t> groups() const noexcept { return groups_; }
  /// Every edge once, a < b, ascending.
  [[nodiscard]] std::vector<weighted_edge> edges() const {
    std::vector<weighted_edge> out;
    out.reserve(edge_count());
    for (node_id a = 0; a < size(); ++a)
      for (const auto& [b, weight] : (*this)[a])
        if (a < b) out.push_back({a, b, weight});
    return out;
  }

 private:
  void merge_duplicates(duplicate_edges rule) {
    std::size_t write = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i + 1 < offsets_.size(); ++i) {
      const std::size_t end = offsets_[i + 1];
      const auto row = std::span(neighbors_).subspan(begin, end - begin);
      std::sort(neighbors_.begin() + static_cast<std::ptrdiff_t>(begin),
                neighbors_.begin() + static_cast<std::ptrdiff_t>(end));
      const std::size_t first = write;
      for (const neighbor& n : row) {
        if (write == first || neighbors_[write - 1].node != n.node) {
          neighbors_[write++] = n;
        } else if (rule == duplicate_edges::sum) {
          neighbors_[write - 1].weight += n.weight;
        } else {
          neighbors_[write - 1].weight = n.weight;
        }
      }
      begin = end;
      offsets_[i + 1] = write;
    }
    neighbors_.resize(write);
    neighbors_.shrink_to_fit();
  }

  std::vector<std::size_t> offsets_;
  std::vector<neighbor> neighbors_;
  std::vector<std::uint8_t> groups_;
};

}}  // namespace hint::HINT_ABI

#endif
