// SPDX-License-Identifier: MIT
#include <hint/tree/dynamic/dynamic_graph.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

using namespace hint;
using namespace hint_tests;
using tree::dynamic_graph;
using tree::incident_edge;

namespace {

/// Every edge stands in the rows of both ends, and each half knows the other.
void check_rows(const dynamic_graph& g) {
  std::size_t halves = 0;
  for (node_id a = 0; a < g.id_count(); ++a) {
    if (!g.contains(a)) REQUIRE(g[a].empty());
    halves += g[a].size();
    for (std::size_t i = 0; i < g[a].size(); ++i) {
      const auto& n = g[a][i];
      REQUIRE(g.contains(n.node));
      REQUIRE(n.twin < g[n.node].size());
      const auto& other = g[n.node][n.twin];
      REQUIRE((other.node == a && other.twin == i && other.weight == n.weight));
    }
  }
  REQUIRE(halves == 2 * g.edge_count());
}

std::vector<weighted_edge> edges_of(const dynamic_graph& g) { return g.freeze().edges(); }

}  // namespace

TEST_CASE("dynamic_graph: takes over a graph", "[tree]") {
  for (const bool weighted : {false, true}) {
    const relation_graph g = random_graph(1, 30, 60, weighted);
    const dynamic_graph d(g);
    check_rows(d);
    REQUIRE(d.size() == 30);
    REQUIRE(d.edge_count() == g.edge_count());
    REQUIRE(edges_of(d) == g.edges());
    REQUIRE(std::ranges::equal(d.freeze().groups(), g.groups()));
    REQUIRE(d.grouped());
    for (node_id v = 0; v < 30; ++v) REQUIRE(d.group(v) == g.groups()[v]);
  }
  REQUIRE(dynamic_graph(relation_graph()).freeze().size() == 0);
  REQUIRE_FALSE(dynamic_graph(star(3)).grouped());
}

TEST_CASE("dynamic_graph: random edits against a map of edges", "[tree]") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const random_stream random(seed, stream_id("edits"));
    dynamic_graph g;
    std::map<std::pair<node_id, node_id>, double> edges;
    std::vector<node_id> there;
    std::vector<node_id> gone;
    const auto take = [&](std::vector<node_id>& from, std::uint64_t r) {
      const std::size_t at = r % from.size();
      std::swap(from[at], from.back());
      const node_id v = from.back();
      from.pop_back();
      return v;
    };
    for (std::uint64_t i = 0; i < 300; ++i) {
      const random_stream step = random.fork(i);
      const std::uint64_t kind = step.below(0, 10);
      if (kind < 5) {
        std::vector<incident_edge> row;
        std::map<node_id, double> sums;
        for (std::uint64_t k = 0; k < 6 && !there.empty(); ++k) {
          const node_id other = there[step.below(10 + k, there.size())];
          const double weight = static_cast<double>(step.below(20 + k, 4)) / 4;
          row.push_back({other, weight});
          sums[other] += weight;
        }
        node_id v = 0;
        if (kind == 0 && !gone.empty()) {
          v = take(gone, step.bits(1));
          g.insert_as(v, row);
        } else {
          const auto next = static_cast<node_id>(g.id_count());
          v = g.insert(row);
          REQUIRE(v == next);  // never one that was used before
        }
        there.push_back(v);
        for (const auto& [other, weight] : sums)
          if (weight > 0) edges[std::minmax(v, other)] = weight;
      } else if (kind < 7 && !there.empty()) {
        const node_id v = take(there, step.bits(1));
        gone.push_back(v);
        g.remove(v);
        std::erase_if(edges, [v](auto& l) { return l.first.first == v || l.first.second == v; });
      } else if (there.size() > 1) {
        const std::size_t at = step.below(1, there.size());
        const node_id a = there[at];
        const node_id b = there[(at + 1 + step.below(2, there.size() - 1)) % there.size()];
        const double weight = static_cast<double>(step.below(3, 3));
        const auto key = std::minmax(a, b);
        const double before = edges.contains(key) ? edges[key] : 0;
        REQUIRE(g.weight(a, b) == before);
        REQUIRE(g.set_edge(a, b, weight) == before);
        REQUIRE(g.weight(b, a) == weight);
        edges[key] = weight;
        if (weight == 0) edges.erase(key);
      }
      check_rows(g);
      const auto ids = g.ids();
      REQUIRE(ids.size() == there.size());
      REQUIRE(g.size() == there.size());
      std::map<std::pair<node_id, node_id>, double> found;
      for (const auto& [a, b, weight] : edges_of(g)) found[{ids[a], ids[b]}] = weight;
      REQUIRE(found == edges);
    }
  }
}

TEST_CASE("dynamic_graph: groups", "[tree]") {
  dynamic_graph g;
  g.insert({});
  REQUIRE_FALSE(g.grouped());
  REQUIRE(g.freeze().groups().empty());
  REQUIRE(g.freeze(true).groups().size() == 1);
  REQUIRE(g.insert({}, 3) == 1);
  REQUIRE(g.grouped());
  g.remove(0);
  const relation_graph frozen = g.freeze();
  REQUIRE((frozen.groups().size() == 1 && frozen.groups()[0] == 3));
  g.insert_as(0, {}, 2);
  REQUIRE(g.group(0) == 2);
}

TEST_CASE("dynamic_graph: a hub costs its neighbours nothing", "[tree]") {
  const node_id n = 100000;
  dynamic_graph g(star(n));
  // 10^9 steps and more, were the hub's row searched.
  for (node_id v = 1; v <= n; v += 2) g.remove(v);
  REQUIRE(g[0].size() == n / 2);
  g.remove(0);
  REQUIRE(g.edge_count() == 0);
  REQUIRE(g.size() == n / 2);
}

TEST_CASE("dynamic_graph: errors change nothing", "[tree]") {
  dynamic_graph g(graph_of(4, {{0, 1, 1}, {1, 2, 2}}));
  g.remove(3);
  const auto before = edges_of(g);
  const double nan = std::nan("");
  const double infinite = std::numeric_limits<double>::infinity();
  const auto insert = [&](std::vector<incident_edge> edges) { return g.insert(edges); };
  CHECK_THROWS_MESSAGE(insert({{0, 1}, {3, 1}}), invalid_argument,
                       "insert: an edge ends at node 3, which is not there");
  CHECK_THROWS_MESSAGE(insert({{0, 1}, {7, 1}}), invalid_argument,
                       "insert: an edge ends at node 7, which is not there");
  CHECK_THROWS_MESSAGE(insert({{0, 1}, {4, 1}}), invalid_argument, "insert: a self loop of node 4");
  CHECK_THROWS_MESSAGE(insert({{0, 1}, {1, -1}}), invalid_argument,
                       "insert: an edge has weight -1, expected a finite number >= 0");
  CHECK_THROWS_MESSAGE(insert({{0, nan}}), invalid_argument,
                       "insert: an edge has weight nan, expected a finite number >= 0");
  CHECK_THROWS_MESSAGE(insert({{0, infinite}}), invalid_argument,
                       "insert: an edge has weight inf, expected a finite number >= 0");
  CHECK_THROWS_MESSAGE(insert({{0, 1}, {1, 1e-160}}), invalid_argument,
                       "insert: an edge has weight 1e-160, expected 0 or at least 1e-150");
  CHECK_THROWS_MESSAGE(insert({{0, 9e149}, {1, 9e149}}), invalid_argument,
                       "insert: the weights of all edges would add up to 1.8e+150, "
                       "expected at most 1e+150");
  CHECK_THROWS_MESSAGE(insert({{0, 1e308}, {1, 1e308}}), invalid_argument,
                       "insert: the weights of all edges would add up to inf, "
                       "expected at most 1e+150");
  CHECK_THROWS_MESSAGE(g.set_edge(0, 1, 2e150), invalid_argument,
                       "set_edge: the weights of all edges would add up to 2e+150, "
                       "expected at most 1e+150");
  CHECK_THROWS_MESSAGE(g.set_edge(0, 1, 1e-151), invalid_argument,
                       "set_edge: an edge has weight 1e-151, expected 0 or at least 1e-150");
  CHECK_THROWS_MESSAGE(g.insert_as(2, {}), invalid_argument,
                       "insert_as: node 2 is there, expected a node that was removed");
  CHECK_THROWS_MESSAGE(g.insert_as(4, {}), invalid_argument,
                       "insert_as: node 4 was never there, expected a node that was removed");
  const std::vector<incident_edge> loop{{3, 1}};
  CHECK_THROWS_MESSAGE(g.insert_as(3, loop), invalid_argument, "insert: a self loop of node 3");
  CHECK_THROWS_MESSAGE(g.remove(3), invalid_argument, "remove: node 3 is not there");
  CHECK_THROWS_MESSAGE(g.remove(9), invalid_argument, "remove: node 9 is not there");
  CHECK_THROWS_MESSAGE(g.set_edge(0, 3, 1), invalid_argument, "set_edge: node 3 is not there");
  CHECK_THROWS_MESSAGE(g.set_edge(2, 2, 1), invalid_argument, "set_edge: a self loop of node 2");
  CHECK_THROWS_MESSAGE(g.set_edge(0, 1, -2), invalid_argument,
                       "set_edge: an edge has weight -2, expected a finite number >= 0");
  REQUIRE(edges_of(g) == before);
  REQUIRE(g.id_count() == 4);
  REQUIRE(g.size() == 3);
  check_rows(g);
}

TEST_CASE("dynamic_graph: room for weights comes back when they go", "[tree]") {
  dynamic_graph g;
  for (int i = 0; i < 4; ++i) g.insert({});
  g.set_edge(0, 1, 1e150);
  const auto refused = [&] {
    CHECK_THROWS_MESSAGE(g.set_edge(2, 3, 1e150), invalid_argument,
                         "set_edge: the weights of all edges would add up to 2e+150, "
                         "expected at most 1e+150");
  };
  refused();
  g.set_edge(0, 1, 1);
  g.set_edge(2, 3, 1e150);
  g.set_edge(2, 3, 0);
  const std::vector<incident_edge> heavy{{0, 1e150}};
  const node_id v = g.insert(heavy);
  refused();
  g.remove(v);
  g.set_edge(2, 3, 1e150);
  dynamic_graph copy(g.freeze());
  CHECK_THROWS_MESSAGE(copy.set_edge(0, 2, 1e150), invalid_argument,
                       "set_edge: the weights of all edges would add up to 2e+150, "
                       "expected at most 1e+150");
}
