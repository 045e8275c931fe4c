// SPDX-License-Identifier: MIT
/// \file
/// An encoding tree that follows its graph: nodes come and go, the tree is repaired around them.
#ifndef HINT_TREE_UPDATABLE_TREE_HPP
#define HINT_TREE_UPDATABLE_TREE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/canonicalize.hpp>
#include <hint/tree/dynamic/dynamic_graph.hpp>
#include <hint/tree/dynamic/tree_repair.hpp>
#include <hint/tree/encoding_tree.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree {

struct updatable_tree_options {
  /// No leaf gets deeper than this, 1 to `unbounded`. Default: the height of the tree to start
  /// from, at least 2.
  std::optional<std::size_t> height;
  /// How many leaves are looked at again per edit, on average. 0 places new nodes and repairs
  /// nothing.
  std::size_t repair = 256;

  void validate() const {
    if (height) option_in("height", *height, 1, unbounded);
  }
};

/// What an `updatable_tree` is at one moment, as values of the library.
struct tree_snapshot {
  relation_graph graph;
  encoding_tree tree;
  /// Leaf i of the tree, node i of the graph, is node `ids[i]` of the updatable tree. Ascending.
  std::vector<node_id> ids;
};

/// Owns a graph and a tree over it. A new node goes where it costs least entropy. Then leaves whose
/// best place may have changed, first the neighbours of what was edited, move there, and
/// communities that have changed much move, join or split, each only where that lowers the entropy:
/// repair never raises it. What exceeds the budget waits for the next edit.
/// \code
/// hint::tree::updatable_tree tree(graph, builder(graph));
/// const hint::node_id v = tree.insert(std::vector<hint::tree::incident_edge>{{3}, {17, 0.5}});
/// tree.remove(4);
/// const auto [now, encoding, ids] = tree.snapshot();
/// \endcode
/// An edit costs O((edges + repair x degree) x height) on average; a single one may have to look at
/// all leaves of one community and a sibling. A node keeps its number until it is removed, and the
/// number is not used again unless one asks for it (`insert_as`). Equal edits give equal trees. An
/// edit with a wrong argument changes nothing. Weights may come and go in any order of magnitude:
/// volumes and weights between children are kept right to 1e-12 of the volume that they belong to;
/// where rounding could have cost more, all are computed anew, O(E height). Const use from many threads is safe, edits are not.
/// Memory: 112 bytes for every number ever given, 32 to 64 an edge, 180 a community.
class updatable_tree {
 public:
  using options = updatable_tree_options;

  /// Without nodes. Throws `invalid_option`.
  explicit updatable_tree(const options& o = {}, counted_edges counted = counted_edges::all)
      : tree_(o.height.value_or(2), counted, o.repair) {
    o.validate();
  }
  /// The nodes of the graph keep their numbers. O((E + size) log size).
  /// Throws `shape_error` unless the tree has one leaf per node of the graph, and `invalid_option`
  /// also when the tree is higher than `height`.
  updatable_tree(const relation_graph& graph, const encoding_tree& tree, const options& o = {})
      : tree_(start(graph, tree, o)) {}

  // -- what there is

  [[nodiscard]] const dynamic_graph& graph() const noexcept { return tree_.graph(); }
  [[nodiscard]] std::size_t size() const noexcept { return graph().size(); }
  [[nodiscard]] bool contains(node_id v) const noexcept { return graph().contains(v); }
  [[nodiscard]] counted_edges counted() const noexcept { return tree_.counted(); }
  /// The limit.
  [[nodiscard]] std::size_t height() const noexcept { return tree_.height(); }
  /// Structural entropy of the graph along the tree, in bits (Eq. 4). O(1).
  [[nodiscard]] double entropy() const noexcept { return tree_.tree().entropy(); }
  /// Leaves that wait to be looked at again.
  [[nodiscard]] std::size_t pending() const noexcept { return tree_.pending(); }
  [[nodiscard]] node_id root() const noexcept { return tree_.tree().root(); }
  /// The lowest community of a node. Communities have numbers of their own; they stay until the
  /// community is gone and then are used again. Throws `invalid_argument` when the node is not
  /// there.
  [[nodiscard]] node_id community(node_id v) const {
    expects(contains(v), "community: node ", v, " is not there");
    return tree_.tree().parent_of_leaf(v);
  }
  [[nodiscard]] bool contains_community(node_id c) const noexcept {
    return tree_.tree().contains(c);
  }
  /// `no_node` for the root. Throws `invalid_argument` for a community that is not there, as all
  /// below.
  [[nodiscard]] node_id parent(node_id c) const { return tree_.tree().parent(checked(c)); }
  /// Sum of the degrees below.
  [[nodiscard]] double volume(node_id c) const { return tree_.tree().volume(checked(c)); }
  /// Weight of the counting edges between different children.
  [[nodiscard]] double between(node_id c) const { return tree_.tree().between(checked(c)); }
  /// The nodes below, ascending.
  [[nodiscard]] std::vector<node_id> members(node_id c) const {
    std::vector<node_id> out;
    tree_.tree().collect({checked(c), false}, out);
    std::sort(out.begin(), out.end());
    return out;
  }
  /// Communities are numbered as by `build_tree::freeze`. O((E + size) log size).
  [[nodiscard]] tree_snapshot snapshot() const {
    const auto& tree = tree_.tree();
    tree_snapshot out;
    out.ids = graph().ids();
    out.graph = graph().freeze(counted() == counted_edges::intra);
    const auto number = [this](node_id community) {
      return static_cast<node_id>(size() + community);
    };
    std::vector<node_id> parents(size() + tree.community_count(), no_node);
    for (std::size_t i = 0; i < size(); ++i) parents[i] = number(tree.parent_of_leaf(out.ids[i]));
    for (node_id c = 0; c < tree.community_count(); ++c)
      if (tree.contains(c) && c != tree.root()) parents[number(c)] = number(tree.parent(c));
    out.tree = detail::canonicalize(out.graph, parents, number(tree.root()), counted(),
                                    detail::chains::keep);
    return out;
  }

  // -- the edits

  /// Adds a node and returns its number. Edges to the same node add up, edges of weight 0 are left
  /// out. Throws `invalid_argument` for an edge to a node that is not there, and for weights that
  /// a `relation_graph` would refuse.
  node_id insert(std::span<const incident_edge> edges, std::uint8_t group = 0) {
    return tree_.insert(edges, group);
  }
  /// The same under the number of a node that was removed. Throws `invalid_argument` also when the
  /// number was never given or its node is still there.
  void insert_as(node_id v, std::span<const incident_edge> edges, std::uint8_t group = 0) {
    tree_.insert_as(v, edges, group);
  }
  /// Removes a node with its edges. Throws `invalid_argument` when it is not there.
  void remove(node_id v) {
    expects(contains(v), "remove: node ", v, " is not there");
    tree_.remove(v);
  }
  /// Sets the weight of the edge between two nodes; 0 removes it. Throws `invalid_argument` when
  /// one is not there, both are the same, or a `relation_graph` would refuse the weight.
  void set_edge(node_id a, node_id b, double weight) { tree_.set_edge(a, b, weight); }
  /// Its first name.
  [[deprecated("set_edge")]] void set_link(node_id a, node_id b, double weight) {
    set_edge(a, b, weight);
  }
  /// What edits do around themselves, everywhere: looks at every leaf and community, again and
  /// again, until no step lowers the entropy or `looks` leaves were looked at. All weights are
  /// computed anew before.
  void improve(std::size_t looks = unbounded) {
    constexpr auto most = (std::numeric_limits<std::int64_t>::max)();
    tree_.improve(looks < static_cast<std::size_t>(most) ? static_cast<std::int64_t>(looks) : most);
  }

 private:
  [[nodiscard]] static detail::tree_repair start(const relation_graph& graph,
                                                 const encoding_tree& tree, const options& o) {
    o.validate();
    expects<shape_error>(tree.leaf_count() == graph.size(), "updatable_tree: the tree has ",
                         tree.leaf_count(), " leaves for a graph of ", graph.size(), " nodes");
    detail::check_counted_edges(graph, tree.counted());
    const std::size_t height = o.height.value_or((std::max<std::size_t>)(tree.height(), 2));
    expects<invalid_option>(tree.height() <= height, "option height is ", height,
                            ", expected at least that of the tree, ", tree.height());
    return {graph, tree, height, o.repair};
  }
  [[nodiscard]] node_id checked(node_id c) const {
    expects(contains_community(c), "updatable_tree: community ", c, " is not there");
    return c;
  }

  detail::tree_repair tree_;
};

}}}  // namespace hint::HINT_ABI::tree

#endif
