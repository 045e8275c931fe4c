// SPDX-License-Identifier: MIT
#include <hint/tree/builder.hpp>

#include <optional>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/tree/structural_entropy.hpp>

#include "support/catch.hpp"
#include "tree/graphs.hpp"
#include "tree/naive.hpp"

using namespace hint;
using namespace hint_tests;
using tree::builder;
using tree::compress;
using tree::encoding_tree;
using tree::merge;

namespace {

struct recorder {
  std::vector<double> done;
  std::size_t patience = 1000000;
  void on(const phase_report& r) {
    REQUIRE(r.phase == "tree");
    done.push_back(r.done);
  }
  bool stop_requested() const { return done.size() > patience; }
};

/// A user's operator: contracts communities of fewer than three leaves, wherever they are.
struct drop_pairs {
  struct move {
    node_id node;
  };
  std::optional<tree::proposal<move>> best(const tree::build_tree& t) const {
    for (node_id v = 0; v < t.id_count(); ++v)
      if (t.contains(v) && v != t.root() && !t.is_leaf(v) && t.child_count(v) == 2 &&
          t.is_leaf(t.first_child(v)) && t.is_leaf(t.next_sibling(t.first_child(v))))
        return tree::proposal<move>{{v}, compress::gain(t, {v})};
    return std::nullopt;
  }
  void apply(tree::build_tree& t, const move& m) const { t.contract(m.node); }
};

}  // namespace

TEST_CASE("builder: all heights, all kinds of graphs", "[tree]") {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 5 * seed, 14 * seed, seed % 2 == 0);
    for (const auto counted : {tree::counted_edges::all, tree::counted_edges::intra}) {
      if (g.size() == 0 && counted == tree::counted_edges::intra) continue;
      for (const std::size_t height : {2U, 3U, 4U, 5U, 6U}) {
        const builder b{{.edges = counted}, merge{}, compress{{.height = height}}};
        testing::check_tree_builder(b, g, height);
      }
      testing::check_tree_builder(builder{{.edges = counted}, merge{}}, g);
      testing::check_tree_builder(builder{{.edges = counted}}, g, 3);
      REQUIRE(builder<>({.edges = counted})(g) == encoding_tree::flat(g, counted));
    }
    REQUIRE(builder{}(g) == builder{merge{}, compress{{.height = 3}}}(g));
  }
}

TEST_CASE("builder: graphs of no, one and two nodes, without edges, in pieces", "[tree]") {
  for (const std::size_t n : {0U, 1U, 2U, 5U}) {
    const relation_graph g = graph_of(n, {});
    REQUIRE(testing::check_tree_builder(builder{}, g) == encoding_tree::flat(g));
    REQUIRE(testing::check_tree_builder(builder<>{}, g) == encoding_tree::flat(g));
    REQUIRE(tree::greedy_partition(g) == encoding_tree::flat(g));
  }
  REQUIRE(builder{}(graph_of(2, {{0, 1, 1}})) == encoding_tree::flat(graph_of(2, {{0, 1, 1}})));
  // Two triangles, a pair and two isolated nodes: one community each, the isolated under the root.
  const relation_graph g =
      graph_of(10, {{0, 1, 1}, {0, 2, 1}, {1, 2, 1}, {3, 4, 1}, {3, 5, 1}, {4, 5, 1}, {6, 7, 1}});
  const auto t = testing::check_tree_builder(builder{merge{}, compress{{.height = 2}}}, g, 2);
  REQUIRE(t == encoding_tree::from_parents(
                   g, {10, 10, 10, 11, 11, 11, 12, 12, 13, 13, 13, 13, 13, tree::no_node}));
  REQUIRE(t == tree::greedy_partition(g));
}

TEST_CASE("builder: renaming the nodes renames the leaves", "[tree]") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 40, 120, true);
    testing::check_relabelling(builder{}, g, {seed, 1});
    testing::check_relabelling(builder{merge{{.key = tree::merge_key::combine}}}, g, {seed, 2});
    testing::check_relabelling(builder{{.edges = tree::counted_edges::intra}}, g, {seed, 3});
    testing::check_relabelling(
        [](const relation_graph& h, const context&) { return tree::greedy_partition(h); }, g,
        {seed, 4});
  }
}

TEST_CASE("builder: duplicate edges and equal nodes", "[tree]") {
  const relation_graph once = graph_of(4, {{0, 1, 2}, {2, 3, 2}, {1, 2, 1}});
  const relation_graph twice = graph_of(4, {{1, 0, 1}, {2, 3, 2}, {0, 1, 1}, {2, 1, 1}});
  REQUIRE(builder{}(once) == builder{}(twice));
  // Everything ties in a complete graph: the same tree every time, and all leaves are there.
  std::vector<weighted_edge> edges;
  for (node_id a = 0; a < 30; ++a)
    for (node_id b = 0; b < a; ++b) edges.push_back({a, b, 1});
  testing::check_tree_builder(builder{}, graph_of(30, edges), 3);
}

TEST_CASE("builder: greedy_partition is the partition at which fusing stops to gain", "[tree]") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 30, 45, seed % 2 == 0);
    const auto t = testing::check_tree_builder(
        [](const relation_graph& h, const context&) { return tree::greedy_partition(h); }, g, 2);
    const double entropy = tree::structural_entropy(t);
    REQUIRE(entropy <= tree::structural_entropy(g) + 1e-12);
    // No two of its communities are better as one.
    const auto tops = t.children(t.root());
    for (const node_id a : tops)
      for (const node_id b : tops) {
        if (a >= b || tops.size() <= 2) continue;
        tree::build_tree joined(g, t);
        joined.merge(a, b);
        REQUIRE(tree::structural_entropy(joined.freeze()) >= entropy - 1e-12);
      }
  }
}

TEST_CASE("builder: operators of users", "[tree]") {
  const relation_graph g = random_graph(4, 40, 90, true);
  const auto t =
      testing::check_tree_builder(builder{merge{}, drop_pairs{}, compress{{.height = 4}}}, g, 4);
  for (node_id v = static_cast<node_id>(g.size()); v < t.size(); ++v)
    REQUIRE(t.leaves(v).size() > 2);
  testing::check_tree_operator(drop_pairs{}, g, builder{merge{}}(g));
  REQUIRE(builder{tree::keep{}}(g) == encoding_tree::flat(g));
  testing::check_tree_operator(tree::keep{}, g, encoding_tree::flat(g));
}

TEST_CASE("builder: the executor makes no difference", "[tree]") {
  const relation_graph g = random_graph(9, 500, 1500, false);
  const encoding_tree t = builder{}(g);
  for (const std::size_t threads : {1U, 2U, 3U}) {
    thread_pool pool(threads);
    context ctx(pool);
    ctx.seed = threads;
    REQUIRE(builder{}(g, ctx) == t);
  }
}

TEST_CASE("builder: progress and stop", "[tree]") {
  const relation_graph g = random_graph(9, 10000, 30000, false);
  recorder heard;
  context ctx;
  ctx.observer = heard;
  REQUIRE(builder{}(g, ctx).height() == 3);
  REQUIRE(heard.done.size() >= 4);
  REQUIRE(heard.done.front() == 0);
  REQUIRE(heard.done.back() == 1);
  REQUIRE(std::is_sorted(heard.done.begin(), heard.done.end()));

  recorder impatient{{}, 1};
  ctx.observer = impatient;
  const encoding_tree t = builder{}(g, ctx);
  REQUIRE(t.leaf_count() == g.size());
  REQUIRE(t.size() == g.size() + 1 + 4096);
  REQUIRE(impatient.done.back() < 1);
}

TEST_CASE("builder: edges intra need groups", "[tree]") {
  CHECK_THROWS_MESSAGE((builder{{.edges = tree::counted_edges::intra}}(two_triangles())),
                       invalid_argument, "counted_edges is intra, but the graph has no groups");
}
