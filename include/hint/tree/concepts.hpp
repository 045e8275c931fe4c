// SPDX-License-Identifier: MIT
/// \file
/// The two concepts of this folder: `tree_operator`, which proposes and makes edits of a tree, and
/// `tree_builder`, which turns a graph into a tree.
#ifndef HINT_TREE_CONCEPTS_HPP
#define HINT_TREE_CONCEPTS_HPP

#include <concepts>
#include <optional>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/build_tree.hpp>
#include <hint/tree/encoding_tree.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree {

/// An edit and what it is worth.
template <class Move>
struct proposal {
  Move move;
  double gain = 0;  ///< by how much the structural entropy falls, in bits; negative when it rises
};

/// One kind of edit, applied greedily.
///
/// | expression | meaning |
/// |---|---|
/// | `O::move` | what one edit needs to know, a regular type |
/// | `o.best(tree)` | the next edit in the operator's own order, or nothing: done |
/// | `o.apply(tree, move)` | makes the edit |
/// | `o.run(tree)` | optional: edits until little is left to gain, in one go; builders prefer it |
///
/// Axioms (`hint/testing/tree_axioms.hpp`): the structural entropy of the tree falls by exactly
/// `gain`; `best` depends on the tree alone, so an operator that remembers things notices by
/// `tree.version()` that somebody else has edited, and equal proposals are decided by the lowest
/// numbers; repeating best and apply comes to an end. Weights are finite and not negative, so NaN
/// does not occur. An operator is used by one thread at a time; builders work on copies.
template <class O>
concept tree_operator = std::copyable<O> && requires(O& o, const build_tree& seen, build_tree& tree,
                                                     const typename O::move& move) {
  { o.best(seen) } -> std::same_as<std::optional<proposal<typename O::move>>>;
  o.apply(tree, move);
};

/// Builds encoding trees.
///
/// | expression | meaning |
/// |---|---|
/// | `b(graph, context)` | a tree whose leaves are the graph's nodes |
///
/// Axioms: equal graphs give equal trees, for any number of threads; a graph of any shape is served
/// (without nodes, without edges, of several components). Const and thread-safe.
template <class B>
concept tree_builder = requires(const B& b, const relation_graph& graph, const context& ctx) {
  { b(graph, ctx) } -> std::same_as<encoding_tree>;
};

/// The null object: an operator that never proposes anything.
struct keep {
  struct move {};
  [[nodiscard]] static std::optional<proposal<move>> best(const build_tree&) {
    return std::nullopt;
  }
  static void apply(build_tree&, const move&) {}
};

}}}  // namespace hint::HINT_ABI::tree

#endif
