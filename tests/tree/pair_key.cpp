// SPDX-License-Identifier: MIT
#include <hint/tree/pair_key.hpp>

#include <hint/tree/structural_entropy.hpp>

#include "support/catch.hpp"
#include "tree/graphs.hpp"
#include "tree/naive.hpp"

using namespace hint;
using namespace hint_tests;
using tree::tree_detail::pair_key;
using tree::work_tree;

TEST_CASE("pair_key: fuse is the change of the two-dimensional entropy", "[tree]") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 12, 30, true);
    work_tree t(g);
    t.fuse(0, 1);
    const node_id a = t.fuse(2, 3);
    const node_id b = t.fuse(t.fuse(4, 5), 6);
    const double before = tree::structural_entropy(t.freeze());
    const double key = pair_key{}(t, a, b, t.cut_between(a, b));
    const double leaf = pair_key{}(t, 7, b, t.cut_between(7, b));
    work_tree other = t;
    other.fuse(7, b);
    t.fuse(a, b);
    REQUIRE(tree::structural_entropy(t.freeze()) - before == Approx(key).margin(1e-12));
    REQUIRE(tree::structural_entropy(other.freeze()) - before == Approx(leaf).margin(1e-12));
  }
}

TEST_CASE("pair_key: combine is the change of the tree's entropy", "[tree]") {
  const relation_graph g = random_graph(1, 12, 30, true);
  work_tree t(g);
  const node_id a = t.combine(0, 1);
  for (const node_id b : {2U, 3U, 4U}) {
    work_tree other = t;
    const double before = tree::structural_entropy(t.freeze());
    const double key = pair_key{tree::merge_key::combine}(t, a, b, t.cut_between(a, b));
    other.combine(a, b);
    REQUIRE(tree::structural_entropy(other.freeze()) - before == Approx(key).margin(1e-12));
  }
}

TEST_CASE("pair_key: with smoothing 1 it is SEP's, and symmetric to the bit", "[tree]") {
  const relation_graph g = random_graph(2, 15, 50, false);
  const naive_tree reference(g);
  const work_tree t(g);
  for (const double smoothing : {0.0, 1.0})
    for (node_id a = 0; a < g.size(); ++a)
      for (node_id b = 0; b < a; ++b) {
        if (!(t.cut_between(a, b) > 0)) continue;
        const pair_key key{tree::merge_key::fuse, true, smoothing};
        REQUIRE(key(t, a, b, t.cut_between(a, b)) ==
                Approx(reference.fuse_key(a, b, smoothing)).margin(1e-13));
        REQUIRE(key(t, a, b, t.cut_between(a, b)) == key(t, b, a, t.cut_between(a, b)));
      }
  REQUIRE(pair_key::bits(3.3, 10, 1.7, 20, 0.3, 99) == pair_key::bits(1.7, 20, 3.3, 10, 0.3, 99));
}
