// SPDX-License-Identifier: MIT
/// \file
/// A weighted undirected graph whose nodes and edges come and go: what an updatable tree stands on.
#ifndef HINT_TREE_DYNAMIC_DYNAMIC_GRAPH_HPP
#define HINT_TREE_DYNAMIC_DYNAMIC_GRAPH_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/finite.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/edges.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree {

/// One edge of a node that is to be inserted.
struct incident_edge {
  node_id node;
  double weight = 1;
  friend bool operator==(const incident_edge&, const incident_edge&) = default;
};
/// Its first name.
using node_link [[deprecated("incident_edge")]] = incident_edge;

/// Every node keeps its number until it is removed. Numbers of removed nodes are not used again
/// unless one asks for it (`insert_as`), so nobody who remembers a number is misled.
///
/// Every edge knows where its other half stands, so that inserting and removing a node costs O(its
/// own edges), however many its neighbours have. The order of neighbours depends on the edits made.
/// An edit that throws has changed nothing. Const use from many threads is safe, edits are not.
/// Memory: 26 bytes for every number ever given, 32 to 64 an edge.
class dynamic_graph {
 public:
  struct neighbor {
    node_id node;
    node_id twin;  ///< where in the row of `node` the other half of this edge stands
    double weight;
  };

  dynamic_graph() = default;
  /// The same nodes, edges and groups. O(E).
  explicit dynamic_graph(const relation_graph& graph)
      : rows_(graph.size()),
        groups_(graph.groups().begin(), graph.groups().end()),
        present_(graph.size(), true),
        size_(graph.size()),
        edges_(graph.edge_count()),
        sum_(graph.volume() / 2),
        grouped_(!graph.groups().empty()) {
    groups_.resize(graph.size());
    for (node_id a = 0; a < graph.size(); ++a) rows_[a].reserve(graph[a].size());
    for (node_id a = 0; a < graph.size(); ++a)
      for (const auto& [b, weight] : graph[a])
        if (a < b) join(a, b, weight);
  }

  /// Nodes that are there.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// Edges, each counted once.
  [[nodiscard]] std::size_t edge_count() const noexcept { return edges_; }
  /// All numbers given so far are below; some may be gone.
  [[nodiscard]] std::size_t id_count() const noexcept { return rows_.size(); }
  [[nodiscard]] bool contains(node_id v) const noexcept { return v < id_count() && present_[v]; }
  /// Nothing for a node that is gone. Valid until the next edit.
  [[nodiscard]] std::span<const neighbor> operator[](node_id v) const noexcept { return rows_[v]; }
  [[nodiscard]] std::uint8_t group(node_id v) const noexcept { return groups_[v]; }
  /// Whether any node was given a group.
  [[nodiscard]] bool grouped() const noexcept { return grouped_; }
  /// O(the fewer edges of the two).
  [[nodiscard]] double weight(node_id a, node_id b) const noexcept {
    if (rows_[b].size() < rows_[a].size()) std::swap(a, b);
    const auto at = find(a, b);
    return at < rows_[a].size() ? rows_[a][at].weight : 0;
  }

  /// Adds a node and returns its number. Edges to the same node add up, edges of weight 0 are left
  /// out. Nodes without a group are in group 0. O(edges log edges).
  /// Throws `invalid_argument` for an edge to a node that is not there, and for weights that a
  /// `relation_graph` would refuse: negative, infinite, NaN, too small, or too large a sum.
  node_id insert(std::span<const incident_edge> edges, std::uint8_t group = 0) {
    expects(id_count() + 1 < no_node, "insert: all ", id_count(), " node numbers are used");
    const auto v = static_cast<node_id>(id_count());
    const auto merged = checked(edges, v);
    make_room(merged);
    std::vector<neighbor> row;
    row.reserve(merged.size());
    groups_.reserve(grown(groups_.size(), groups_.capacity()));
    present_.reserve(grown(present_.size(), present_.capacity()));
    rows_.push_back(std::move(row));  // nothing throws from here on
    groups_.push_back(0);
    present_.push_back(false);
    place(v, merged, group);
    return v;
  }
  /// The same under the number of a node that was removed.
  /// Throws `invalid_argument` also when the number was never given or its node is still there.
  void insert_as(node_id v, std::span<const incident_edge> edges, std::uint8_t group = 0) {
    expects(v < id_count() && !present_[v], "insert_as: node ", v,
            v < id_count() ? " is there, expected a node that was removed"
                           : " was never there, expected a node that was removed");
    const auto merged = checked(edges, v);
    make_room(merged);
    rows_[v].reserve(merged.size());
    place(v, merged, group);
  }

  /// Removes a node and its edges. O(edges). Throws `invalid_argument` when it is not there.
  void remove(node_id v) {
    expects_node("remove", v);
    for (const neighbor& n : rows_[v]) {
      sum_ -= n.weight;
      cut(n.node, n.twin);
    }
    edges_ -= rows_[v].size();
    std::vector<neighbor>().swap(rows_[v]);
    present_[v] = false;
    --size_;
  }

  /// Sets the weight of the edge between two nodes, 0 removes it. O(the fewer edges of the two).
  /// Returns the weight before. Throws `invalid_argument` when one is not there, both are the same,
  /// or the weight is one that `insert` refuses.
  double set_edge(node_id a, node_id b, double weight) {
    expects_node("set_edge", a);
    expects_node("set_edge", b);
    expects(a != b, "set_edge: a self loop of node ", a);
    expects_weight("set_edge", weight);
    if (rows_[b].size() < rows_[a].size()) std::swap(a, b);
    const auto at = find(a, b);
    if (at == rows_[a].size()) {
      if (weight == 0) return 0;
      expects_room("set_edge", weight);
      for (const node_id v : {a, b}) rows_[v].reserve(grown(rows_[v].size(), rows_[v].capacity()));
      join(a, b, weight);
      sum_ += weight;
      ++edges_;
      return 0;
    }
    const neighbor old = rows_[a][at];
    expects_room("set_edge", weight - old.weight);
    sum_ += weight - old.weight;
    if (weight == 0) {
      cut(b, old.twin);
      cut(a, at);
      --edges_;
    } else {
      rows_[a][at].weight = rows_[b][old.twin].weight = weight;
    }
    return old.weight;
  }

  /// The nodes that are there, ascending. O(id_count()).
  [[nodiscard]] std::vector<node_id> ids() const {
    std::vector<node_id> out;
    out.reserve(size_);
    for (node_id v = 0; v < id_count(); ++v)
      if (present_[v]) out.push_back(v);
    return out;
  }
  /// The graph with nodes 0 .. size()-1 in the order of `ids()`, with groups if any was given or
  /// `groups_too`. O(id_count() + E log E).
  [[nodiscard]] relation_graph freeze(bool groups_too = false) const {
    std::vector<node_id> number(id_count(), no_node);
    std::vector<std::uint8_t> groups;
    node_id next = 0;
    for (node_id v = 0; v < id_count(); ++v)
      if (present_[v]) {
        number[v] = next++;
        if (grouped_ || groups_too) groups.push_back(groups_[v]);
      }
    std::vector<weighted_edge> edges;
    edges.reserve(edges_);
    for (node_id a = 0; a < id_count(); ++a)
      for (const neighbor& n : rows_[a])
        if (a < n.node) edges.push_back({number[a], number[n.node], n.weight});
    return relation_graph::from_edges(size_, edges, duplicate_edges::sum, std::move(groups));
  }

 private:
  /// Room for one more; twice as much where there is none, as push_back does.
  [[nodiscard]] static std::size_t grown(std::size_t size, std::size_t capacity) noexcept {
    return size < capacity ? capacity : 2 * size + 1;
  }
  void expects_node(const char* what, node_id v) const {
    expects(contains(v), what, ": node ", v, " is not there");
  }
  static void expects_weight(const char* what, double weight) {
    expects(is_finite(weight) && weight >= 0, what, ": an edge has weight ", weight,
            ", expected a finite number >= 0");
    expects(weight == 0 || weight >= relation_graph::smallest_weight, what, ": an edge has weight ",
            weight, ", expected 0 or at least ", relation_graph::smallest_weight);
  }
  void expects_room(const char* what, double more) const {
    expects(sum_ + more <= relation_graph::largest_sum, what,
            ": the weights of all edges would add up to ", sum_ + more, ", expected at most ",
            relation_graph::largest_sum);
  }
  /// By ascending node, each node once.
  [[nodiscard]] std::vector<incident_edge> checked(std::span<const incident_edge> edges,
                                                   node_id v) const {
    std::vector<incident_edge> out;
    out.reserve(edges.size());
    double sum = 0;
    for (const auto& [node, weight] : edges) {
      expects(node != v, "insert: a self loop of node ", v);
      expects(contains(node), "insert: an edge ends at node ", node, ", which is not there");
      expects_weight("insert", weight);
      if (weight > 0) out.push_back({node, weight});
      sum += weight;
    }
    expects_room("insert", sum);
    std::sort(out.begin(), out.end(), [](const incident_edge& x, const incident_edge& y) {
      return std::pair(x.node, x.weight) < std::pair(y.node, y.weight);
    });
    std::size_t last = 0;
    for (std::size_t i = 1; i < out.size(); ++i)
      if (out[last].node == out[i].node)
        out[last].weight += out[i].weight;
      else
        out[++last] = out[i];
    if (!out.empty()) out.resize(last + 1);
    return out;
  }
  void make_room(std::span<const incident_edge> edges) {
    for (const incident_edge& l : edges)
      rows_[l.node].reserve(grown(rows_[l.node].size(), rows_[l.node].capacity()));
  }
  void place(node_id v, std::span<const incident_edge> edges, std::uint8_t group) {
    groups_[v] = group;
    present_[v] = true;
    ++size_;
    edges_ += edges.size();
    grouped_ = grouped_ || group != 0;
    for (const incident_edge& l : edges) {
      join(v, l.node, l.weight);
      sum_ += l.weight;
    }
  }
  [[nodiscard]] std::size_t find(node_id a, node_id b) const noexcept {
    const auto& row = rows_[a];
    const auto at = std::find_if(row.begin(), row.end(), [b](auto& n) { return n.node == b; });
    return static_cast<std::size_t>(at - row.begin());
  }
  void join(node_id a, node_id b, double weight) {
    const auto at_a = static_cast<node_id>(rows_[a].size());
    const auto at_b = static_cast<node_id>(rows_[b].size());
    rows_[a].push_back({b, at_b, weight});
    rows_[b].push_back({a, at_a, weight});
  }
  /// Takes one half of an edge out of a row; the last of the row fills the gap.
  void cut(node_id v, std::size_t at) noexcept {
    auto& row = rows_[v];
    row[at] = row.back();
    row.pop_back();
    if (at < row.size()) rows_[row[at].node][row[at].twin].twin = static_cast<node_id>(at);
  }

  std::vector<std::vector<neighbor>> rows_;
  std::vector<std::uint8_t> groups_;
  std::vector<bool> present_;
  std::size_t size_ = 0;
  std::size_t edges_ = 0;
  double sum_ = 0;  // of weights, but for rounding; only for `expects_room`
  bool grouped_ = false;
};

}}}  // namespace hint::HINT_ABI::tree

#endif
