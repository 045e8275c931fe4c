// SPDX-License-Identifier: MIT
#include <hint/tree/multilevel.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/testing/tree_axioms.hpp>
#include <hint/tree/builder.hpp>
#include <hint/tree/structural_entropy.hpp>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

using namespace hint;
using namespace hint_tests;
using tree::encoding_tree;
using tree::multilevel;
using tree::unbounded;

namespace {

/// The lowest entropy of all partitions of the nodes into communities (height 2), by trying all.
double best_partition(const relation_graph& g) {
  const std::size_t n = g.size();
  std::vector<node_id> community(n);
  double best = tree::structural_entropy(g);
  const auto entropy = [&](node_id communities) {
    std::vector<node_id> parents(n + communities + 1, static_cast<node_id>(n + communities));
    for (std::size_t v = 0; v < n; ++v) parents[v] = static_cast<node_id>(n + community[v]);
    parents.back() = tree::no_node;
    return entropy_by_definition(g, parents);
  };
  // Restricted growth strings: every partition once.
  const auto next = [&] {
    for (std::size_t v = n; v-- > 1;) {
      const node_id most =
          *std::max_element(community.begin(), community.begin() + static_cast<long>(v));
      if (community[v] <= most) {
        ++community[v];
        std::fill(community.begin() + static_cast<long>(v) + 1, community.end(), 0U);
        return true;
      }
    }
    return false;
  };
  do best = std::min(best, entropy(*std::max_element(community.begin(), community.end()) + 1));
  while (next());
  return best;
}

/// Pairs of nodes in the same cluster are connected far more often than others.
relation_graph clustered(std::uint64_t seed, std::size_t nodes, std::size_t clusters) {
  const random_stream random(seed, stream_id("clustered"));
  std::vector<weighted_edge> edges;
  for (std::uint64_t i = 0; i < 5 * nodes; ++i) {
    const auto a = static_cast<node_id>(random.below(4 * i, nodes));
    auto b = static_cast<node_id>(random.below(4 * i + 1, nodes));
    if (random.uniform(4 * i + 2) < 0.8)
      b = static_cast<node_id>((b / clusters * clusters + a % clusters) % nodes);
    if (a != b) edges.push_back({a, b, 0.5 + random.uniform(4 * i + 3)});
  }
  return graph_of(nodes, edges);
}

struct recorder {
  std::vector<double> done;
  std::size_t patience = 1000000;
  void on(const phase_report& r) { done.push_back(r.done); }
  bool stop_requested() const { return done.size() > patience; }
};

}  // namespace

TEST_CASE("multilevel: against all partitions of small graphs", "[tree]") {
  std::size_t exact = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 4 + seed % 5, 14, seed % 2 == 0);
    const double best = best_partition(g);
    double found = 1e9;
    for (std::uint64_t s = 0; s < 4; ++s)
      found = std::min(found, tree::structural_entropy(multilevel({.height = 2, .seed = s})(g)));
    REQUIRE(found >= best - 1e-9);
    exact += found <= best + 1e-9;
  }
  CAPTURE(exact);
  REQUIRE(exact >= 36);  // local moves need not find all
}

TEST_CASE("multilevel: all heights, all kinds of graphs", "[tree]") {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 9 * seed, 20 * seed, seed % 2 == 0);
    double above = 1e9;
    for (const std::size_t height : {1U, 2U, 3U, 4U, 5U, 7U, 13U, 40U}) {
      CAPTURE(height);
      const auto t = testing::check_tree_builder(multilevel({.height = height}), g, height);
      // More levels leave no more entropy, up to what a search may miss.
      const double entropy = tree::structural_entropy(t);
      REQUIRE(entropy <= above + 0.02 * above);
      above = entropy;
    }
    testing::check_tree_builder(multilevel({.height = unbounded}), g);
    if (g.size() > 0)
      testing::check_tree_builder(multilevel({.height = 3, .edges = tree::counted_edges::intra}), g,
                                  3);
  }
}

TEST_CASE("multilevel: the two triangles", "[tree]") {
  // Greedy merging joins 2 and 3 first when the bridge weighs 1.
  const relation_graph g = two_triangles();
  const auto t = multilevel({.height = 2})(g);
  REQUIRE(t == encoding_tree::from_parents(g, {6, 6, 6, 7, 7, 7, 8, 8, tree::no_node}));
  // A complete graph is one community; nothing gains.
  std::vector<weighted_edge> edges;
  for (node_id a = 0; a < 12; ++a)
    for (node_id b = 0; b < a; ++b) edges.push_back({a, b, 1});
  const relation_graph complete = graph_of(12, edges);
  REQUIRE(tree::structural_entropy(multilevel({.height = 2})(complete)) <=
          tree::structural_entropy(complete) + 1e-12);
}

TEST_CASE("multilevel: no worse than the greedy builders", "[tree]") {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    CAPTURE(seed);
    const relation_graph g = clustered(seed, 400, 20);
    for (const std::size_t height : {2U, 3U, 4U, 8U, 1000U}) {
      CAPTURE(height);
      const auto greedy = tree::builder{tree::merge{}, tree::compress{{.height = height}}}(g);
      const double found = tree::structural_entropy(multilevel({.height = height})(g));
      REQUIRE(found <= tree::structural_entropy(greedy) + 1e-9);
      // And from the greedy tree on, the entropy only falls.
      const auto improved = multilevel({.height = height}).improve(g, greedy);
      testing::check_tree(g, improved);
      REQUIRE(improved.height() <= std::max<std::size_t>(height, greedy.height()));
      REQUIRE(tree::structural_entropy(improved) <= tree::structural_entropy(greedy) + 1e-9);
    }
  }
}

TEST_CASE("multilevel: improve starts from any tree", "[tree]") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 60, 150, seed % 2 == 0);
    for (const auto counted : {tree::counted_edges::all, tree::counted_edges::intra}) {
      const auto start = testing::random_tree(g, counted, 60, {seed, 5});
      const auto t = multilevel({.height = 4}).improve(g, start);
      testing::check_tree(g, t);
      REQUIRE(t.counted() == counted);
      REQUIRE(t.height() <= std::max<std::size_t>(4, start.height()));
      REQUIRE(tree::structural_entropy(t) <= tree::structural_entropy(start) + 1e-9);
    }
  }
}

TEST_CASE("multilevel: sizes of communities are limited", "[tree]") {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    CAPTURE(seed);
    const relation_graph g = clustered(seed, 300, 10);
    for (const std::size_t height : {2U, 3U, 6U, 1000U}) {
      CAPTURE(height);
      const auto t = multilevel({.height = height, .largest = 12, .smallest = 4})(g);
      testing::check_tree(g, t);
      REQUIRE(t.size() > g.size() + 1);
      for (auto v = static_cast<node_id>(g.size()); v < t.root(); ++v) {
        REQUIRE(t.leaves(v).size() <= 12);
        REQUIRE(t.leaves(v).size() >= 4);
      }
    }
  }
}

TEST_CASE("multilevel: renaming the nodes renames the leaves", "[tree]") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 50, 160, true);
    for (const std::size_t height : {2U, 3U, 6U, 1000U})
      testing::check_relabelling(multilevel({.height = height}), g, {seed, 1});
  }
}

TEST_CASE("multilevel: pieces, isolated nodes, hubs, paths, extreme weights", "[tree]") {
  for (const std::size_t n : {0U, 1U, 2U, 7U}) {
    const relation_graph g = graph_of(n, {});
    for (const std::size_t height : {1U, 2U, 5U, 50U})
      REQUIRE(multilevel({.height = height})(g) == encoding_tree::flat(g));
  }
  const relation_graph pieces =
      graph_of(10, {{0, 1, 1}, {0, 2, 1}, {1, 2, 1}, {3, 4, 1}, {3, 5, 1}, {4, 5, 1}, {6, 7, 1}});
  REQUIRE(testing::check_tree_builder(multilevel({.height = 2}), pieces, 2) ==
          encoding_tree::from_parents(
              pieces, {10, 10, 10, 11, 11, 11, 12, 12, 13, 13, 13, 13, 13, tree::no_node}));
  for (const double scale : {1e-12, 1e12}) {
    const relation_graph g = graph_of(6, {{0, 1, scale},
                                          {0, 2, scale},
                                          {1, 2, scale},
                                          {2, 3, scale / 2},
                                          {3, 4, scale},
                                          {3, 5, scale},
                                          {4, 5, scale}});
    REQUIRE(multilevel({.height = 2})(g).children(8).size() == 2);
  }
  for (const relation_graph& g : {star(20000), path(20000)})
    for (const std::size_t height : {2U, 3U, 1000000U}) {
      const auto t = multilevel({.height = height, .rounds = 2, .turns = 1})(g);
      REQUIRE(t.leaf_count() == g.size());
      REQUIRE(t.height() <= height);
      REQUIRE(tree::structural_entropy(t) <= tree::structural_entropy(g) + 1e-9);
    }
}

TEST_CASE("multilevel: seeds and executors", "[tree]") {
  const relation_graph g = clustered(3, 600, 25);
  const encoding_tree t = multilevel({.height = 3})(g);
  for (const std::size_t threads : {1U, 2U, 3U}) {
    thread_pool pool(threads);
    context ctx(pool);
    ctx.seed = threads;
    REQUIRE(multilevel({.height = 3})(g, ctx) == t);
  }
  const double other = tree::structural_entropy(multilevel({.height = 3, .seed = 9})(g));
  REQUIRE(std::abs(other - tree::structural_entropy(t)) < 0.02 * other);
}

TEST_CASE("multilevel: progress and stop", "[tree]") {
  const relation_graph g = clustered(5, 500, 20);
  for (const std::size_t height : {3U, 7U, 15U, 1000U})
    for (const tree::search_start start :
         {tree::search_start::leaves, tree::search_start::deep_trees}) {
      CAPTURE(height, start == tree::search_start::deep_trees);
      const multilevel build({.height = height, .start = start});
      recorder heard;
      context ctx;
      ctx.observer = heard;
      static_cast<void>(build(g, ctx));
      REQUIRE(heard.done.size() >= 3);
      REQUIRE(heard.done.front() == 0);
      REQUIRE(heard.done.back() == 1);
      REQUIRE(std::is_sorted(heard.done.begin(), heard.done.end()));
      for (const std::size_t patience : {0U, 1U, 2U}) {
        recorder impatient{{}, patience};
        ctx.observer = impatient;
        const auto t = build(g, ctx);
        testing::check_tree(g, t);
        REQUIRE(t.height() <= height);
        REQUIRE(impatient.done.back() < 1);
      }
    }
}

TEST_CASE("multilevel: from deep trees, never worse than from fewer rounds or from merging",
          "[tree]") {
  for (std::uint64_t seed = 0; seed < 6; ++seed)
    for (const auto edges : {tree::counted_edges::all, tree::counted_edges::intra})
      for (const std::size_t largest : {std::size_t{12}, tree::unbounded})
        for (const std::size_t height : {1U, 2U, 3U, 4U, 6U, 12U, 13U, 40U, 1000U}) {
          CAPTURE(seed, largest, height);
          const relation_graph g = random_graph(seed, 60, 130 + 30 * seed, seed % 2 == 0);
          const multilevel build({.height = height,
                                  .edges = edges,
                                  .largest = largest,
                                  .start = tree::search_start::deep_trees});
          const auto t = testing::check_tree_builder(build, g, height);
          REQUIRE(t.counted() == edges);
          for (auto v = static_cast<node_id>(g.size()); v < t.root(); ++v)
            REQUIRE(t.leaves(v).size() <= largest);
          const auto quick = multilevel({.height = height,
                                         .edges = edges,
                                         .largest = largest,
                                         .rounds = multilevel::quick_rounds,
                                         .turns = 0,
                                         .tolerance = 0})(g);
          const tree::builder greedy{tree::builder_options{.edges = edges},
                                     tree::merge{{.largest = largest}},
                                     tree::compress{{.height = height}}};
          REQUIRE(tree::structural_entropy(t) <= tree::structural_entropy(quick) + 1e-12);
          REQUIRE(tree::structural_entropy(t) <= tree::structural_entropy(greedy(g)) + 1e-12);
        }
}

TEST_CASE("multilevel: bad input", "[tree]") {
  CHECK_THROWS_MESSAGE(multilevel({.height = 0}), invalid_option,
                       "option height is 0, expected 1 to 18446744073709551615");
  CHECK_THROWS_MESSAGE(multilevel({.rounds = 10001}), invalid_option,
                       "option rounds is 10001, expected 0 to 10000");
  CHECK_THROWS_MESSAGE(multilevel({.turns = 10001}), invalid_option,
                       "option turns is 10001, expected 0 to 10000");
  CHECK_THROWS_MESSAGE(multilevel({.tolerance = -1}), invalid_option,
                       "option tolerance is -1, expected 0 to 1");
  CHECK_THROWS_MESSAGE(multilevel({.largest = 3, .smallest = 4}), invalid_option,
                       "option smallest is 4, expected 1 to 3");
  CHECK_THROWS_MESSAGE(multilevel({.edges = tree::counted_edges::intra})(two_triangles()),
                       invalid_argument, "counted_edges is intra, but the graph has no groups");
  const relation_graph g = two_triangles();
  CHECK_THROWS_MESSAGE(multilevel().improve(graph_of(5, {}), encoding_tree::flat(g)), shape_error,
                       "multilevel: the tree has 6 leaves for a graph of 5 nodes");
}
