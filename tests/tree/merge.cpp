// SPDX-License-Identifier: MIT
#include <hint/tree/merge.hpp>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <hint/tree/builder.hpp>
#include <hint/tree/structural_entropy.hpp>

#include "support/catch.hpp"
#include "tree/graphs.hpp"
#include "tree/naive.hpp"

using namespace hint;
using namespace hint_tests;
using tree::build_tree;
using tree::encoding_tree;
using tree::merge;
using tree::merge_edit;
using tree::merge_key;
using tree::merge_options;
using tree::merge_stop;

namespace {

const std::vector<merge_options> variants = {
    {},
    {.key = merge_key::combine},
    {.stop = merge_stop::no_gain},
    {.edit = merge_edit::merge},
    {.edit = merge_edit::merge, .stop = merge_stop::no_gain},
    {.key = merge_key::combine, .edit = merge_edit::merge},
    {.smoothing = 1},
    {.largest = 4},
    {.edit = merge_edit::merge, .stop = merge_stop::no_gain, .largest = 3},
    {.key = merge_key::combine, .largest = 6},
};

std::vector<std::pair<node_id, node_id>> run(build_tree& t, merge m) {
  std::vector<std::pair<node_id, node_id>> done;
  while (const auto found = m.best(t)) {
    m.apply(t, found->move);
    done.emplace_back(found->move.a, found->move.b);
  }
  return done;
}

}  // namespace

TEST_CASE("merge: two triangles by hand", "[tree]") {
  // vol = 13. Keys times 13/2: 0-1 and 4-5: -log2(13/4); 0-2 and the like: -log2(13/4.5); 2-3:
  // -log2(13/5)/2.
  const relation_graph g = two_triangles(0.5);
  build_tree t(g);
  merge m;
  auto found = m.best(t);
  REQUIRE(found);
  REQUIRE(found->move == merge::move{0, 1});  // before 4-5, which ties
  REQUIRE(found->gain == Approx(2 / 13. * std::log2(13 / 4.)).epsilon(1e-14));
  m.apply(t, found->move);
  // {0 1} with 2: log2(6.5/4) - 2 log2(13/6.5), above 4-5 but below 2-3.
  found = m.best(t);
  REQUIRE(found->move == merge::move{4, 5});
  m.apply(t, found->move);
  found = m.best(t);
  REQUIRE(found->move == merge::move{2, 7});
  REQUIRE(found->gain == Approx(2 * 2 / 13. * std::log2(13 / 6.5)).epsilon(1e-14));
  m.apply(t, found->move);
  found = m.best(t);
  REQUIRE(found->move == merge::move{3, 8});
  m.apply(t, found->move);
  REQUIRE_FALSE(m.best(t));  // two children are left
  REQUIRE(t.freeze() == build_tree(g, encoding_tree::from_parents(
                                          g, {6, 6, 8, 9, 7, 7, 8, 9, 10, 10, tree::no_node}))
                            .freeze());
}

TEST_CASE("merge: gains and caches, all variants, random graphs", "[tree]") {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 24, 50, seed % 2 == 0);
    for (std::size_t variant = 0; variant < variants.size(); ++variant) {
      CAPTURE(variant);
      for (const auto counted : {tree::counted_edges::all, tree::counted_edges::intra}) {
        testing::check_tree_operator(merge(variants[variant]), g, encoding_tree::flat(g, counted));
        testing::check_tree_operator(merge(variants[variant]), g,
                                     testing::random_tree(g, counted, 12, {seed, 3}));
      }
    }
  }
}

TEST_CASE("merge: equals the cubic reference, ties included", "[tree]") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    const bool weighted = seed % 4 == 0;
    const relation_graph g = random_graph(seed, seed % 17, seed % 2 ? 20 : 45, weighted);
    for (std::size_t variant = 0; variant < variants.size(); ++variant) {
      CAPTURE(variant);
      build_tree t(g);
      naive_tree reference(g);
      const auto expected = reference.merge(variants[variant]);
      REQUIRE(run(t, merge(variants[variant])) == expected);
      REQUIRE(t.freeze() == reference.value());
    }
  }
}

TEST_CASE("merge: somebody else's edits are noticed", "[tree]") {
  const relation_graph g = random_graph(3, 20, 40, true);
  build_tree t(g);
  merge m;
  m.apply(t, m.best(t)->move);
  const auto stale = *m.best(t);
  // Another operator takes one of the pair away.
  merge other({.key = merge_key::combine});
  t.combine(stale.move.a, stale.move.a == 0 ? 1 : 0);
  const auto found = m.best(t);
  REQUIRE(found->gain == merge().best(t)->gain);
  REQUIRE(found->move == merge().best(t)->move);
  // And the same operator serves another tree.
  const relation_graph h = two_triangles();
  build_tree u(h);
  REQUIRE(m.best(u)->move == merge::move{0, 1});
  REQUIRE(m.best(t)->move == found->move);
  // An edit that it did not propose.
  m.apply(u, {2, 3});
  REQUIRE(u.contains(7));
  REQUIRE(m.best(u)->move == merge().best(u)->move);
  CHECK_THROWS_MESSAGE(m.apply(u, {2, 3}), invalid_argument,
                       "build_tree: combine of nodes 2 and 3, which are the only children of "
                       "node 7");
  REQUIRE(m.best(u)->move == merge().best(u)->move);  // and nothing is spoilt
}

TEST_CASE("merge: two operators may look at one tree in turn", "[tree]") {
  const relation_graph g = random_graph(5, 60, 150, false);
  build_tree t(g);
  merge by_merging;
  merge combine({.key = merge_key::combine});
  for (std::size_t i = 0; t.child_count(t.root()) > 2; ++i) {
    const auto first = by_merging.best(t);
    const auto second = combine.best(t);  // keeps notes in the tree, too
    REQUIRE(first->move == merge().best(t)->move);
    REQUIRE(second->move == merge({.key = merge_key::combine}).best(t)->move);
    REQUIRE(by_merging.best(t)->move == first->move);
    if (i % 2 == 0)
      by_merging.apply(t, first->move);
    else
      combine.apply(t, second->move);
  }
}

TEST_CASE("merge: questions about neighbours in between change nothing", "[tree]") {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 200, 700, seed % 2 == 0);
    build_tree expected(g);
    build_tree t(g);
    merge m;
    const auto merges = run(expected, {});
    for (const auto& [a, b] : merges) {
      const auto found = m.best(t);
      REQUIRE(found->move == merge::move{a, b});
      m.apply(t, found->move);
      for (node_id v = 0; v < t.id_count(); v += 3)
        if (t.contains(v) && v != t.root() && t.parent(v) == t.root())
          t.for_neighbors(v, [&](node_id x, double w) { REQUIRE(t.cut_between(x, v) == w); });
    }
    REQUIRE_FALSE(m.best(t));
  }
}

TEST_CASE("merge: largest holds for whole builds", "[tree]") {
  const relation_graph g = star(2000);
  for (const std::size_t largest : {1U, 2U, 10U, 700U}) {
    CAPTURE(largest);
    build_tree t(g);
    const auto merges = run(t, merge({.largest = largest}));
    // Only pairs with the middle are connected: it takes in leaves until it is full.
    REQUIRE(merges.size() == largest - 1);
    const encoding_tree frozen = t.freeze();
    std::size_t most = 0;
    for (node_id v = 0; v < frozen.root(); ++v) most = (std::max)(most, frozen.leaves(v).size());
    REQUIRE(most == largest);
  }
}

TEST_CASE("merge: nothing to merge", "[tree]") {
  for (const std::size_t n : {0U, 1U, 2U, 9U}) {
    const relation_graph g = graph_of(n, {});
    build_tree t(g);
    REQUIRE_FALSE(merge().best(t));
  }
  const relation_graph pair = graph_of(2, {{0, 1, 1}});
  build_tree t(pair);
  REQUIRE_FALSE(merge().best(t));
}

TEST_CASE("merge: a key of exactly 0 promises no gain", "[tree]") {
  // One edge and a node without edges: 0 and 1 have all of the volume, so their key is
  // -c log2(vol G/vol G) = 0, and they stay apart when merging ends with the gains.
  const relation_graph g = graph_of(3, {{0, 1, 1}});
  build_tree t(g);
  for (const merge_edit edit : {merge_edit::combine, merge_edit::merge}) {
    REQUIRE_FALSE(merge({.edit = edit, .stop = merge_stop::no_gain}).best(t));
    const auto found = merge({.edit = edit}).best(t);
    REQUIRE(found);
    REQUIRE(found->move == merge::move{0, 1});
    REQUIRE(found->gain == 0);
  }
  REQUIRE(tree::greedy_partition(g) == encoding_tree::flat(g));
}

TEST_CASE("merge: a star and a path of 10^5 nodes", "[tree]") {
  for (const relation_graph& g : {star(100000), path(100000)}) {
    for (std::size_t variant : {0U, 1U, 4U}) {
      CAPTURE(variant);
      build_tree t(g);
      run(t, merge(variants[variant]));
      const encoding_tree frozen = t.freeze();
      REQUIRE(tree::structural_entropy(frozen) <= tree::structural_entropy(g) + 1e-9);
      REQUIRE(frozen.leaf_count() == g.size());
      if (variant < 2) REQUIRE(frozen.size() == 2 * g.size() - 1);  // binary
    }
  }
}

TEST_CASE("merge: options", "[tree]") {
  CHECK_THROWS_MESSAGE(merge({.smoothing = -1}), invalid_option,
                       "option smoothing is -1, expected 0 to 1e+06");
  CHECK_THROWS_MESSAGE(merge({.largest = 0}), invalid_option,
                       "option largest is 0, expected 1 to 18446744073709551615");
  REQUIRE(merge({.smoothing = 1}).parameters().smoothing == 1);
  REQUIRE(merge().parameters().largest == tree::unbounded);
}
