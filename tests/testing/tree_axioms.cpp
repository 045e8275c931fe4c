// SPDX-License-Identifier: MIT
// The axioms find operators and builders that break them. (Ours keep them: tests/tree.)
#include <hint/testing/tree_axioms.hpp>

#include <optional>
#include <string>

#include <hint/tree/builder.hpp>

#include "support/catch.hpp"

using namespace hint;

namespace {

struct wrong_gain : tree::merge {
  std::optional<tree::proposal<move>> best(const tree::build_tree& t) {
    auto found = tree::merge::best(t);
    if (found) found->gain += 1e-6;
    return found;
  }
};
/// Remembers what it said first.
struct forgetful : tree::merge {
  std::optional<tree::proposal<move>> best(const tree::build_tree& t) {
    if (told++ == 2) return std::nullopt;
    return tree::merge::best(t);
  }
  int told = 0;
};
/// Combines and contracts the same pair for ever.
struct endless {
  using move = int;
  std::optional<tree::proposal<int>> best(const tree::build_tree& t) const {
    const bool flat = t.parent(0) == t.root();
    const double gain =
        flat ? tree::merge().gain(t, {0, 1}) : tree::compress::gain(t, {t.parent(0)});
    return tree::proposal<int>{0, gain};
  }
  void apply(tree::build_tree& t, int) const {
    if (t.parent(0) == t.root())
      t.combine(0, 1);
    else
      t.contract(t.parent(0));
  }
};
struct fickle {
  tree::encoding_tree operator()(const relation_graph& g, const context&) const {
    return (*calls)++ == 0 ? tree::encoding_tree::flat(g) : tree::builder{}(g);
  }
  int* calls;
};
struct wrong_graph {
  tree::encoding_tree operator()(const relation_graph&, const context&) const { return {}; }
};
struct by_name {
  tree::encoding_tree operator()(const relation_graph& g, const context&) const {
    tree::build_tree t(g);
    t.combine(0, 1);
    return t.freeze();
  }
};

relation_graph graph() { return testing::random_graph(12, 40, true, {1, 1}); }

template <class F>
std::string complaint(F&& f) {
  return hint_tests::message_of<error>(f);
}

}  // namespace

TEST_CASE("tree_axioms: what is broken is found", "[testing]") {
  const relation_graph g = graph();
  const auto flat = tree::encoding_tree::flat(g);
  CHECK(complaint([&] {
          testing::check_tree_operator(wrong_gain{}, g, flat);
        }).starts_with("axiom: edit 0 promised a gain of "));
  CHECK(complaint([&] { testing::check_tree_operator(forgetful{}, g, flat); }) ==
        "axiom: after 2 edits, best depends on more than the tree");
  CHECK(complaint([&] { testing::check_tree_operator(endless{}, g, flat, 50); }) ==
        "axiom: the operator is not done after 50 edits");
  int calls = 0;
  CHECK(complaint([&] { testing::check_tree_builder(fickle{&calls}, g); }) ==
        "axiom: the same graph gave another tree");
  CHECK(complaint([&] { testing::check_tree_builder(wrong_graph{}, g); }) ==
        "axiom: the tree has 0 leaves for 12 nodes");
  CHECK(complaint([&] { testing::check_tree_builder(tree::builder{}, g, 2); }) ==
        "axiom: the tree's height is 3, at most 2 was promised");
  CHECK(complaint([&] { testing::check_relabelling(by_name{}, g, {1, 2}); }) ==
        "axiom: the tree depends on the names of the nodes");
  const relation_graph other = testing::random_graph(12, 40, true, {2, 1});
  CHECK(complaint([&] {
          testing::check_tree(other, flat);
        }).starts_with("axiom: node 0 has volume "));
}

TEST_CASE("tree_axioms: random graphs and trees", "[testing]") {
  const relation_graph g = testing::random_graph(20, 60, false, {3, 1});
  CHECK(g.size() == 20);
  CHECK(g.edge_count() > 30);
  CHECK(g.groups().size() == 20);
  CHECK(testing::random_graph(1, 60, false, {3, 1}).edge_count() == 0);
  CHECK(testing::random_tree(g, tree::counted_edges::all, 0, {3, 1}) ==
        tree::encoding_tree::flat(g));
  CHECK(testing::random_tree(g, tree::counted_edges::all, 30, {3, 1}).height() > 2);
}
