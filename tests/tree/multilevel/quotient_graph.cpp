// SPDX-License-Identifier: MIT
#include <hint/tree/multilevel/quotient_graph.hpp>

#include <algorithm>
#include <numeric>
#include <vector>

#include "support/catch.hpp"
#include "tree/graphs.hpp"
#include "tree/search_oracle.hpp"

using namespace hint;
using namespace hint_tests;
using tree::counted_edges;
using tree::no_node;
using tree::detail::canonical_order;
using tree::detail::connect;
using tree::detail::edges_within;
using tree::detail::leaf_graph;
using tree::detail::permuted;
using tree::detail::quotient_builder;
using tree::detail::quotient_graph;
using tree::detail::renumber;

namespace {

using matrix = std::vector<std::vector<double>>;

/// Edges as a table. Every row names a node at most once, unless `repeated`.
matrix table(const quotient_graph& l, bool repeated = false) {
  REQUIRE(l.begin.size() == l.size() + 1);
  REQUIRE(l.begin.front() == 0);
  REQUIRE(l.begin.back() == l.ends.size());
  REQUIRE(l.ends.size() == l.weights.size());
  REQUIRE(l.inside.size() == l.size());
  matrix out(l.size(), std::vector<double>(l.size()));
  for (std::size_t u = 0; u < l.size(); ++u)
    for (std::size_t i = l.begin[u]; i < l.begin[u + 1]; ++i) {
      REQUIRE(l.ends[i] < l.size());
      REQUIRE(l.ends[i] != u);
      REQUIRE(l.weights[i] > 0);
      REQUIRE((repeated || out[u][l.ends[i]] == 0));
      out[u][l.ends[i]] += l.weights[i];
    }
  return out;
}
void require_near(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) REQUIRE(a[i] == Approx(b[i]).margin(1e-11));
}
void require_near(const matrix& a, const matrix& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) require_near(a[i], b[i]);
}
bool same(const quotient_graph& a, const quotient_graph& b) {
  return a.begin == b.begin && a.ends == b.ends && a.weights == b.weights && a.volume == b.volume &&
         a.inside == b.inside && a.leaves == b.leaves;
}

quotient_graph random_layer(std::uint64_t seed, std::size_t nodes, std::size_t counted) {
  quotient_graph l = graph_of_leaves(random_graph(seed, nodes, counted, true));
  fill_inside(l, seed);
  tell_leaves(l, seed);
  return l;
}

/// The walk told plainly: from the node that was met last and has somewhere to go, along the
/// heaviest edge to a node that was not met.
std::vector<node_id> walk(const relation_graph& g) {
  std::vector<node_id> order;
  std::vector<bool> met(g.size());
  std::vector<node_id> trail;
  while (order.size() < g.size()) {
    node_id next = no_node;
    if (trail.empty()) {
      for (node_id v = 0; v < g.size(); ++v)
        if (!met[v] && (next == no_node || g.degree(v) > g.degree(next))) next = v;
    } else {
      double heaviest = 0;
      for (const auto& [b, weight] : g[trail.back()]) {
        if (met[b] || weight < heaviest) continue;
        if (weight > heaviest || g.degree(b) > g.degree(next)) next = b;
        heaviest = weight;
      }
    }
    if (next == no_node) {
      trail.pop_back();
      continue;
    }
    met[next] = true;
    order.push_back(next);
    trail.push_back(next);
  }
  return order;
}

}  // namespace

TEST_CASE("quotient_graph: the canonical order walks along heavy edges", "[tree]") {
  REQUIRE(canonical_order(relation_graph()).empty());
  REQUIRE(canonical_order(graph_of(3, {})) == std::vector<node_id>{0, 1, 2});
  // 2 and 3 have the highest degree; of equal ones the smaller number comes first.
  REQUIRE(canonical_order(two_triangles()) == std::vector<node_id>{2, 3, 4, 5, 0, 1});
  REQUIRE(canonical_order(two_triangles(0.5)) == std::vector<node_id>{2, 0, 1, 3, 4, 5});
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 1 + seed * 2, seed * seed / 3, seed % 2 == 0);
    REQUIRE(canonical_order(g) == walk(g));
  }
}

TEST_CASE("quotient_graph: the canonical order of renamed nodes is the renamed order", "[tree]") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 60, 400, true);  // no isolated nodes, which tie
    for (node_id v = 0; v < g.size(); ++v) REQUIRE(g.degree(v) > 0);
    const auto names = permutation(60, {seed, stream_id("names")});
    auto edges = g.edges();
    for (auto& [a, b, weight] : edges) {
      a = names[a];
      b = names[b];
    }
    std::vector<node_id> expected = canonical_order(g);
    for (node_id& v : expected) v = names[v];
    REQUIRE(canonical_order(graph_of(60, edges)) == expected);
  }
}

TEST_CASE("quotient_graph: the canonical order of large graphs", "[tree]") {
  const auto along = canonical_order(path(100000));  // from node 1, whose degree is 2, to node 0
  REQUIRE((along[0] == 1 && along[1] == 2 && along[99998] == 99999 && along[99999] == 0));
  auto around = canonical_order(star(10000));
  REQUIRE(around[0] == 0);
  std::sort(around.begin(), around.end());
  REQUIRE(around == numbers_below(10001));
}

TEST_CASE("quotient_graph: every leaf as a node", "[tree]") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 3 * seed;
    const relation_graph g = random_graph(seed, n, 5 * seed, true);
    const auto order = permutation(static_cast<node_id>(n), {seed, stream_id("order")});
    for (const counted_edges counted : {counted_edges::all, counted_edges::intra}) {
      const quotient_graph l = leaf_graph(g, counted, order);
      matrix expected(n, std::vector<double>(n));
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j)
          for (const auto& [b, weight] : g[order[i]])
            if (b == order[j] &&
                (counted == counted_edges::all || g.groups()[order[i]] == g.groups()[b]))
              expected[i][j] = weight;
        REQUIRE(l.volume[i] == Approx(g.degree(order[i])).epsilon(1e-14));  // by all edges
        for (std::size_t k = l.begin[i] + 1; k < l.begin[i + 1]; ++k)
          REQUIRE(l.ends[k - 1] < l.ends[k]);
        REQUIRE(l.inside[i] == 0);
      }
      REQUIRE(table(l) == expected);
      REQUIRE(l.leaves.empty());
    }
  }
}

TEST_CASE("quotient_graph: duplicate edges are one edge", "[tree]") {
  const quotient_graph l =
      graph_of_leaves(graph_of(3, {{0, 1, 1}, {1, 0, 2}, {0, 1, 0.5}, {1, 2, 1}}));
  REQUIRE(table(l) == matrix{{0, 3.5, 0}, {3.5, 0, 1}, {0, 1, 0}});
  REQUIRE(l.volume == std::vector<double>{3.5, 4.5, 1});
}

TEST_CASE("quotient_graph: rows of edges that are told one by one", "[tree]") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 2 + seed;
    const auto ends = random_numbers(8 * n, n, seed);
    quotient_graph l;
    l.volume.assign(n, 1);
    l.inside.assign(n, 0);
    matrix expected(n, std::vector<double>(n));
    for (std::size_t i = 0; i + 1 < ends.size(); i += 2)
      if (ends[i] != ends[i + 1]) {
        expected[ends[i]][ends[i + 1]] += static_cast<double>(i + 1);
        expected[ends[i + 1]][ends[i]] += static_cast<double>(i + 1);
      }
    connect(l, [&](auto&& edge) {
      for (std::size_t i = 0; i + 1 < ends.size(); i += 2)
        if (ends[i] != ends[i + 1]) edge(ends[i], ends[i + 1], static_cast<double>(i + 1));
    });
    require_near(table(l, true), expected);  // edges told twice are there twice
  }
  quotient_graph empty;
  connect(empty, [](auto&&) {});
  REQUIRE(empty.begin == std::vector<std::size_t>{0});
}

TEST_CASE("quotient_graph: nodes in another order", "[tree]") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 4 * seed;
    const quotient_graph l = random_layer(seed, n, 8 * seed);
    const auto order = permutation(static_cast<node_id>(n), {seed, stream_id("order")});
    const quotient_graph other = permuted(l, order);
    const matrix before = table(l);
    const matrix after = table(other);
    for (std::size_t i = 0; i < n; ++i) {
      REQUIRE(other.volume[i] == l.volume[order[i]]);
      REQUIRE(other.inside[i] == l.inside[order[i]]);
      REQUIRE(other.leaves[i] == l.leaves[order[i]]);
      for (std::size_t j = 0; j < n; ++j) REQUIRE(after[i][j] == before[order[i]][order[j]]);
    }
    std::vector<node_id> back(n);
    for (node_id i = 0; i < n; ++i) back[order[i]] = i;
    REQUIRE(same(permuted(other, back), l));
    quotient_graph bare = l;
    bare.leaves.clear();
    REQUIRE(permuted(bare, order).leaves.empty());
  }
}

TEST_CASE("quotient_graph: without the edges across constraints", "[tree]") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 1 + 4 * seed;
    const quotient_graph l = random_layer(seed, n, 10 * seed);
    const auto constraint = random_numbers(n, 3, seed);
    const quotient_graph fenced = edges_within(l, constraint);
    matrix expected = table(l);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        if (constraint[i] != constraint[j]) expected[i][j] = 0;
    REQUIRE(table(fenced) == expected);
    REQUIRE((fenced.volume == l.volume && fenced.inside == l.inside && fenced.leaves == l.leaves));
    REQUIRE(same(edges_within(l, std::vector<node_id>(n, 7)), l));
    REQUIRE(edges_within(l, numbers_below(n)).ends.empty());
  }
}

TEST_CASE("quotient_graph: numbers by their first appearance", "[tree]") {
  std::vector<node_id> scratch{9, 9};
  std::vector<node_id> numbers{5, 2, 5, 0, 2, 7};
  REQUIRE(renumber(numbers, 8, scratch) == 4);
  REQUIRE(numbers == std::vector<node_id>{0, 1, 0, 2, 1, 3});
  // What is left in the scratch memory tells the new number of each old one.
  REQUIRE(scratch == std::vector<node_id>{2, no_node, 1, no_node, no_node, 0, no_node, 3});
  REQUIRE(renumber(numbers, 4, scratch) == 4);
  REQUIRE(numbers == std::vector<node_id>{0, 1, 0, 2, 1, 3});
  std::vector<node_id> none;
  REQUIRE(renumber(none, 0, scratch) == 0);
}

TEST_CASE("quotient_graph: communities as nodes", "[tree]") {
  quotient_builder quotient;  // one for all: its scratch memory must be clean each time
  for (std::uint64_t seed = 0; seed < 24; ++seed) {
    CAPTURE(seed);
    const std::size_t n = seed % 3 == 0 ? seed : 40 - seed;
    quotient_graph l = random_layer(seed, n, 4 * n);
    if (seed % 4 == 0) l.leaves.clear();
    auto of = random_numbers(n, 1 + seed % 9, seed);
    std::vector<node_id> scratch;
    const node_id count = renumber(of, 9, scratch);
    const matrix fine = table(l);
    matrix expected(count, std::vector<double>(count));
    std::vector<double> volume(count);
    std::vector<double> inside(count);
    std::vector<node_id> leaves(l.leaves.empty() ? 0 : count);
    for (std::size_t u = 0; u < n; ++u) {
      volume[of[u]] += l.volume[u];
      inside[of[u]] += l.inside[u];
      if (!leaves.empty()) leaves[of[u]] += l.leaves[u];
      for (std::size_t v = 0; v < n; ++v) {
        if (of[u] != of[v])
          expected[of[u]][of[v]] += fine[u][v];
        else
          inside[of[u]] += fine[u][v] / 2;
      }
    }
    const quotient_graph kept = quotient(l, of, count, true);
    require_near(table(kept), expected);
    require_near(kept.volume, volume);
    require_near(kept.inside, inside);
    REQUIRE(kept.leaves == leaves);
    const quotient_graph settled = quotient(l, of, count, false);
    require_near(table(settled), expected);
    REQUIRE(settled.inside == std::vector<double>(count));

    // Two steps are as good as one.
    auto up = random_numbers(count, 3, seed + 100);
    const node_id few = renumber(up, 3, scratch);
    auto both = of;
    for (node_id& id : both) id = up[id];
    const quotient_graph twice = quotient(kept, up, few, true);
    const quotient_graph once = quotient(l, both, few, true);
    require_near(table(twice), table(once));
    require_near(twice.inside, once.inside);
    REQUIRE(twice.leaves == once.leaves);
  }
}

TEST_CASE("quotient_graph: nodes that are all alone or all together", "[tree]") {
  quotient_builder quotient;
  const quotient_graph l = random_layer(3, 30, 90);
  const quotient_graph alone = quotient(l, numbers_below(30), 30, true);
  REQUIRE(table(alone) == table(l));
  REQUIRE((alone.volume == l.volume && alone.inside == l.inside && alone.leaves == l.leaves));
  const quotient_graph one = quotient(l, std::vector<node_id>(30), 1, true);
  REQUIRE(one.ends.empty());
  REQUIRE(one.volume[0] == Approx(std::accumulate(l.volume.begin(), l.volume.end(), 0.0)));
  REQUIRE(one.inside[0] == Approx(std::accumulate(l.inside.begin(), l.inside.end(), 0.0) +
                                  std::accumulate(l.weights.begin(), l.weights.end(), 0.0) / 2));
  REQUIRE(quotient(quotient_graph{}, {}, 0, true).size() == 0);
  // A star's leaves in pairs: many edges end in the same node.
  const quotient_graph pairs = [&] {
    std::vector<node_id> of(10001);
    for (node_id v = 1; v <= 10000; ++v) of[v] = (v + 1) / 2;
    return quotient(graph_of_leaves(star(10000)), of, 5001, true);
  }();
  REQUIRE(pairs.begin[1] == 5000);
  REQUIRE(pairs.weights == std::vector<double>(10000, 2.0));
}
