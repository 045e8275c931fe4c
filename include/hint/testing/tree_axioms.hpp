// SPDX-License-Identifier: MIT
/// \file
/// What every tree, tree operator and tree builder must fulfil, as checks to run on one's own. They
/// know no test framework: a check that fails throws `hint::error` with the axiom in its message.
#ifndef HINT_TESTING_TREE_AXIOMS_HPP
#define HINT_TESTING_TREE_AXIOMS_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/random.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/build_tree.hpp>
#include <hint/tree/compress.hpp>
#include <hint/tree/concepts.hpp>
#include <hint/tree/encoding_tree.hpp>
#include <hint/tree/structural_entropy.hpp>

namespace hint { inline namespace HINT_ABI { namespace testing {

/// A graph of `edges` random pairs (repeated ones add up, self loops are left out) with weights 1,
/// or uniform in [0.1, 1.1) if `weighted`: then no two keys of a tree operator tie, almost surely.
/// Half of the nodes are in group 0, half in group 1.
[[nodiscard]] inline relation_graph random_graph(std::size_t nodes, std::size_t edges,
                                                 bool weighted, random_stream random) {
  std::vector<weighted_edge> list;
  for (std::size_t i = 0; i < edges && nodes > 1; ++i) {
    const auto a = static_cast<node_id>(random.below(3 * i, nodes));
    const auto b = static_cast<node_id>(random.below(3 * i + 1, nodes));
    if (a != b) list.push_back({a, b, weighted ? 0.1 + random.uniform(3 * i + 2) : 1});
  }
  std::vector<std::uint8_t> groups(nodes);
  for (std::size_t i = 0; i < nodes; ++i) groups[i] = i < nodes / 2;
  return relation_graph::from_edges(nodes, list, duplicate_edges::sum, std::move(groups));
}

/// The flat tree after `edits` random edits of all kinds.
[[nodiscard]] inline tree::encoding_tree random_tree(const relation_graph& graph,
                                                     tree::counted_edges counted, std::size_t edits,
                                                     random_stream random) {
  tree::build_tree t(graph, counted);
  for (std::size_t i = 0; i < edits; ++i) {
    std::vector<node_id> tops;
    std::vector<node_id> communities;
    for (node_id v = 0; v < t.id_count(); ++v) {
      if (!t.contains(v) || v == t.root()) continue;
      if (t.parent(v) == t.root()) tops.push_back(v);
      if (!t.is_leaf(v)) communities.push_back(v);
    }
    const std::uint64_t kind = random.below(4 * i, 4);
    if (kind == 0 && !communities.empty()) {
      t.contract(communities[random.below(4 * i + 1, communities.size())]);
    } else if (tops.size() > 2) {
      const std::size_t a = random.below(4 * i + 2, tops.size());
      const std::size_t b = (a + 1 + random.below(4 * i + 3, tops.size() - 1)) % tops.size();
      if (kind == 1)
        t.merge(tops[a], tops[b]);
      else
        t.combine(tops[a], tops[b]);
    }
  }
  return t.freeze();
}

/// Every leaf once below every ancestor, weights as in Eq. 4, no node higher than it says. O(E
/// size).
inline void check_tree(const relation_graph& graph, const tree::encoding_tree& t) {
  expects<error>(t.leaf_count() == graph.size(), "axiom: the tree has ", t.leaf_count(),
                 " leaves for ", graph.size(), " nodes");
  const double total = graph.volume();
  std::size_t height = 0;
  double entropy = 0;
  for (node_id v = 0; v < t.size(); ++v) {
    std::vector<bool> below(graph.size());
    for (const node_id leaf : t.leaves(v)) {
      expects<error>(!below[leaf], "axiom: leaf ", leaf, " occurs twice below node ", v);
      below[leaf] = true;
      node_id up = leaf;
      while (up != v && up != t.root()) up = t.parent(up);
      expects<error>(up == v, "axiom: leaf ", leaf, " is listed below node ", v,
                     ", which is not above it");
    }
    std::size_t leaves = 0;
    for (const node_id c : t.children(v)) {
      leaves += t.leaves(c).size();
      expects<error>(t.parent(c) == v && t.depth(c) == t.depth(v) + 1, "axiom: node ", c,
                     " is a child of ", v, ", but its parent or depth says otherwise");
    }
    expects<error>(t.is_leaf(v) || leaves == t.leaves(v).size(), "axiom: node ", v, " has ",
                   t.leaves(v).size(), " leaves, its children ", leaves);
    if (t.is_leaf(v)) height = (std::max)(height, t.depth(v));
    double cut = 0;
    double volume = 0;
    for (node_id a = 0; a < graph.size(); ++a)
      for (const auto& [b, weight] : graph[a]) {
        if (below[a]) volume += weight;
        if (below[a] && !below[b] &&
            (t.counted() == tree::counted_edges::all || graph.groups()[a] == graph.groups()[b]))
          cut += weight;
      }
    const double slack = 1e-9 * (1 + total);
    expects<error>(std::abs(volume - t.volume(v)) <= slack && std::abs(cut - t.cut(v)) <= slack,
                   "axiom: node ", v, " has volume ", t.volume(v), " and cut ", t.cut(v),
                   ", expected ", volume, " and ", cut);
    if (v == t.root() || !(cut > 0)) continue;
    entropy -= cut / total * std::log2(volume / t.volume(t.parent(v)));
  }
  expects<error>(height == t.height(), "axiom: the tree says its height is ", t.height(),
                 ", it is ", height);
  expects<error>(std::abs(entropy - tree::structural_entropy(t)) <= 1e-9,
                 "axiom: the structural entropy is ", tree::structural_entropy(t),
                 ", by definition it is ", entropy);
}

/// Runs an operator on a tree until it is done. The entropy falls by `gain` (to 1e-9) with every
/// edit, `best` leaves the tree alone and depends on nothing else, and there are at most `limit`
/// edits.
/// Returns the tree that comes of it. O(edits (E + size) log size).
template <tree::tree_operator Operator>
tree::encoding_tree check_tree_operator(Operator op, const relation_graph& graph,
                                        const tree::encoding_tree& start,
                                        std::size_t limit = 10000) {
  const Operator fresh = op;
  tree::build_tree t(graph, start);
  double entropy = tree::structural_entropy(start);
  for (std::size_t edit = 0;; ++edit) {
    const auto before = t.version();
    const auto found = op.best(t);
    expects<error>(before == t.version(), "axiom: best has changed the tree");
    Operator other = fresh;
    auto copy = t;
    const auto again = other.best(copy);
    expects<error>(found.has_value() == again.has_value() && (!found || found->gain == again->gain),
                   "axiom: after ", edit, " edits, best depends on more than the tree");
    if (!found) return t.freeze();
    expects<error>(edit < limit, "axiom: the operator is not done after ", limit, " edits");
    op.apply(t, found->move);
    other.apply(copy, again->move);
    const tree::encoding_tree after = t.freeze();
    expects<error>(after == copy.freeze(), "axiom: after ", edit,
                   " edits, best depends on more than the tree");
    const double now = tree::structural_entropy(after);
    expects<error>(std::abs(entropy - now - found->gain) <= 1e-9, "axiom: edit ", edit,
                   " promised a gain of ", found->gain, ", the entropy fell by ", entropy - now);
    entropy = now;
  }
}

/// The builder's tree is a tree of the graph, no higher than `height`, and the same every time.
/// Returns it. O(E size).
template <tree::tree_builder Builder>
tree::encoding_tree check_tree_builder(const Builder& build, const relation_graph& graph,
                                       std::size_t height = tree::unbounded,
                                       const context& ctx = {}) {
  tree::encoding_tree t = build(graph, ctx);
  check_tree(graph, t);
  expects<error>(t.height() <= height, "axiom: the tree's height is ", t.height(), ", at most ",
                 height, " was promised");
  expects<error>(t == build(graph, ctx), "axiom: the same graph gave another tree");
  return t;
}

/// For a graph without ties: when its nodes are renamed at random, the builder's tree is the old
/// one with renamed leaves.
template <tree::tree_builder Builder>
void check_relabelling(const Builder& build, const relation_graph& graph, random_stream random) {
  const auto renamed = permutation(static_cast<std::uint32_t>(graph.size()), random);
  std::vector<weighted_edge> edges = graph.edges();
  for (auto& [a, b, weight] : edges) {
    a = renamed[a];
    b = renamed[b];
  }
  std::vector<std::uint8_t> groups(graph.groups().size());
  for (std::size_t i = 0; i < groups.size(); ++i) groups[renamed[i]] = graph.groups()[i];
  const auto other =
      relation_graph::from_edges(graph.size(), edges, duplicate_edges::sum, std::move(groups));

  const tree::encoding_tree t = build(graph, context{});
  const auto old = t.parents();
  std::vector<node_id> parents(old.begin(), old.end());
  for (std::size_t v = 0; v < graph.size(); ++v) parents[renamed[v]] = old[v];
  const auto same_numbers = [&](const tree::encoding_tree& any) {
    return tree::build_tree(other, any).freeze();
  };
  const auto expected =
      same_numbers(tree::encoding_tree::from_parents(other, std::move(parents), t.counted()));
  const auto got = same_numbers(build(other, context{}));
  expects<error>(std::ranges::equal(expected.parents(), got.parents()),
                 "axiom: the tree depends on the names of the nodes");
}

}}}  // namespace hint::HINT_ABI::testing

#endif
