// SPDX-License-Identifier: MIT
// What models the concepts of tree/, and what does not.
#include <optional>

#include <hint/testing/tree_axioms.hpp>
#include <hint/tree/builder.hpp>
#include <hint/tree/export.hpp>
#include <hint/tree/lift.hpp>
#include <hint/tree/multilevel.hpp>
#include <hint/tree/presets.hpp>
#include <hint/tree/refine.hpp>

namespace {

using namespace hint;

struct without_move {
  std::optional<tree::proposal<int>> best(const tree::build_tree&) { return {}; }
  void apply(tree::build_tree&, int) {}
};
struct without_apply {
  using move = int;
  std::optional<tree::proposal<int>> best(const tree::build_tree&) { return {}; }
};
struct always_something {
  using move = int;
  tree::proposal<int> best(const tree::build_tree&) { return {0, 0}; }
  void apply(tree::build_tree&, int) {}
};
struct edits_while_looking {
  using move = int;
  std::optional<tree::proposal<int>> best(tree::build_tree&) { return {}; }
  void apply(tree::build_tree&, int) {}
};
struct smallest {
  using move = int;
  std::optional<tree::proposal<int>> best(const tree::build_tree&) { return {}; }
  void apply(tree::build_tree&, int) {}
};
struct parents_only {
  std::optional<int> operator()(const relation_graph&, const context&) const { return {}; }
};
struct not_const {
  tree::encoding_tree operator()(const relation_graph&, const context&) { return {}; }
};
struct always_empty {
  tree::encoding_tree operator()(const relation_graph&, const context&) const { return {}; }
};

static_assert(tree::tree_operator<tree::keep>);
static_assert(tree::tree_operator<tree::merge>);
static_assert(tree::tree_operator<tree::compress>);
static_assert(tree::tree_operator<tree::lift>);
static_assert(tree::tree_operator<tree::refine>);
static_assert(tree::tree_operator<smallest>);
static_assert(!tree::tree_operator<int>);
static_assert(!tree::tree_operator<without_move>);
static_assert(!tree::tree_operator<without_apply>);
static_assert(!tree::tree_operator<always_something>);
static_assert(!tree::tree_operator<edits_while_looking>);

static_assert(tree::tree_builder<tree::builder<>>);
static_assert(tree::tree_builder<tree::builder<tree::merge, tree::compress>>);
static_assert(tree::tree_builder<tree::builder<smallest, tree::keep>>);
static_assert(tree::tree_builder<tree::multilevel>);
static_assert(tree::tree_builder<decltype(tree::paper())>);
static_assert(tree::tree_builder<always_empty>);
static_assert(!tree::tree_builder<int>);
static_assert(!tree::tree_builder<tree::merge>);
static_assert(!tree::tree_builder<parents_only>);
static_assert(!tree::tree_builder<not_const>);

static_assert(std::same_as<decltype(tree::builder{}), tree::builder<tree::merge, tree::compress>>);
static_assert(std::same_as<decltype(tree::builder{tree::merge{}}), tree::builder<tree::merge>>);
static_assert(
    std::same_as<decltype(tree::builder{{.edges = tree::counted_edges::intra}, tree::keep{}}),
                 tree::builder<tree::keep>>);
static_assert(std::same_as<decltype(tree::builder{tree::merge{}, tree::compress{{.height = 3}}}),
                           tree::builder<tree::merge, tree::compress>>);

static_assert(std::regular<tree::encoding_tree>);
static_assert(std::copyable<tree::build_tree>);

}  // namespace
