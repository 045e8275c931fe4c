// SPDX-License-Identifier: MIT
#include <hint/core/relation_graph.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/random.hpp>

#include "support/catch.hpp"

using hint::duplicate_edges;
using hint::node_id;
using hint::relation_graph;
using hint::weighted_edge;

namespace {

std::vector<weighted_edge> random_multigraph(std::size_t nodes, std::size_t edges,
                                             std::uint64_t seed) {
  const hint::random_stream random(seed, 0);
  std::vector<weighted_edge> out;
  for (std::uint64_t i = 0; i < edges; ++i) {
    const auto a = static_cast<node_id>(random.below(4 * i, nodes));
    const auto b = static_cast<node_id>(random.below(4 * i + 1, nodes));
    const bool zero = random.below(4 * i + 2, 10) == 0;
    if (a != b) out.push_back({a, b, zero ? 0 : random.uniform(4 * i + 3)});
  }
  return out;
}

}  // namespace

TEST_CASE("relation_graph: random multigraphs against a map", "[core]") {
  const std::uint64_t seed = GENERATE(1ULL, 2ULL, 3ULL, 4ULL);
  const std::size_t nodes = GENERATE(2U, 5U, 40U);
  const std::size_t count = GENERATE(0U, 3U, 60U, 500U);
  const auto rule = GENERATE(duplicate_edges::sum, duplicate_edges::largest);
  CAPTURE(seed, nodes, count, static_cast<int>(rule));
  const auto input = random_multigraph(nodes, count, seed);

  std::map<std::pair<node_id, node_id>, std::vector<double>> expected;
  for (const auto& [a, b, w] : input)
    if (w > 0) expected[std::minmax(a, b)].push_back(w);

  const auto graph = relation_graph::from_edges(nodes, input, rule);
  REQUIRE(graph.size() == nodes);
  REQUIRE(graph.edge_count() == expected.size());
  double volume = 0;
  const auto edges = graph.edges();
  REQUIRE(edges.size() == expected.size());
  std::size_t i = 0;
  for (auto& [ends, weights] : expected) {  // the map is sorted as edges() promises
    std::sort(weights.begin(), weights.end());
    double w = 0;
    for (const double x : weights) w = rule == duplicate_edges::sum ? w + x : x;
    REQUIRE(edges[i] == weighted_edge{ends.first, ends.second, w});
    volume += 2 * w;
    ++i;
  }
  CHECK(graph.volume() == Approx(volume));

  double degrees = 0;
  for (node_id a = 0; a < nodes; ++a) {
    const auto row = graph[a];
    double degree = 0;
    for (std::size_t k = 0; k < row.size(); ++k) {
      if (k > 0) REQUIRE(row[k - 1].node < row[k].node);
      REQUIRE(row[k].node != a);
      degree += row[k].weight;
      const auto back = graph[row[k].node];  // the same bits from the other end
      const auto found =
          std::find_if(back.begin(), back.end(), [a](const auto& n) { return n.node == a; });
      REQUIRE(found != back.end());
      REQUIRE(found->weight == row[k].weight);
    }
    REQUIRE(graph.degree(a) == degree);
    degrees += degree;
  }
  CHECK(graph.volume() == Approx(degrees));
}

TEST_CASE("relation_graph: the order and direction of the edges do not matter", "[core]") {
  auto edges = random_multigraph(20, 300, 9);
  const auto graph = relation_graph::from_edges(20, edges);
  hint::shuffle(std::span<weighted_edge>(edges), hint::random_stream(1, 1));
  for (std::size_t i = 0; i < edges.size(); i += 2) std::swap(edges[i].a, edges[i].b);
  CHECK(relation_graph::from_edges(20, edges).edges() == graph.edges());
  CHECK(relation_graph::from_edges(20, graph.edges()).edges() == graph.edges());
}

TEST_CASE("relation_graph: a worked example", "[core]") {
  const std::vector<weighted_edge> edges{{2, 0, 1.0}, {0, 1, 0.5}, {0, 2, 2.0}, {1, 2, 0.0}};
  const auto sum = relation_graph::from_edges(4, edges);
  CHECK(sum.edges() == std::vector<weighted_edge>{{0, 1, 0.5}, {0, 2, 3.0}});
  CHECK(sum.degree(0) == 3.5);
  CHECK(sum.degree(1) == 0.5);
  CHECK(sum.degree(3) == 0);
  CHECK(sum[3].empty());
  CHECK(sum.volume() == 7);
  const auto largest = relation_graph::from_edges(4, edges, duplicate_edges::largest);
  CHECK(largest.edges() == std::vector<weighted_edge>{{0, 1, 0.5}, {0, 2, 2.0}});
}

TEST_CASE("relation_graph: empty graphs", "[core]") {
  CHECK(relation_graph().size() == 0);
  CHECK(relation_graph().edge_count() == 0);
  CHECK(relation_graph().volume() == 0);
  CHECK(relation_graph::from_edges(0, {}).size() == 0);
  const auto one = relation_graph::from_edges(1, {});
  CHECK(one.size() == 1);
  CHECK(one[0].empty());
  CHECK(one.edges().empty());
  auto moved = relation_graph::from_edges(3, {});
  const relation_graph taken = std::move(moved);
  CHECK(taken.size() == 3);
  CHECK(moved.size() == 0);  // NOLINT: on purpose
}

TEST_CASE("relation_graph: groups are kept", "[core]") {
  const auto g = relation_graph::from_edges(3, {}, duplicate_edges::sum, {0, 1, 1});
  REQUIRE(g.groups().size() == 3);
  CHECK(g.groups()[0] == 0);
  CHECK(g.groups()[2] == 1);
  CHECK(relation_graph::from_edges(3, {}).groups().empty());
}

TEST_CASE("relation_graph: bad input", "[core]") {
  const auto build = [](std::size_t nodes, weighted_edge second) {
    const std::vector<weighted_edge> edges{{0, 1, 1}, second};
    return relation_graph::from_edges(nodes, edges);
  };
  CHECK_THROWS_MESSAGE(build(3, {1, 3, 1}), hint::invalid_argument,
                       "relation_graph: edge 1 joins 1 and 3, expected nodes below 3");
  CHECK_THROWS_MESSAGE(build(3, {4294967295U, 0, 1}), hint::invalid_argument,
                       "relation_graph: edge 1 joins 4294967295 and 0, expected nodes below 3");
  CHECK_THROWS_MESSAGE(build(3, {2, 2, 1}), hint::invalid_argument,
                       "relation_graph: edge 1 is a self loop of node 2");
  CHECK_THROWS_MESSAGE(build(3, {2, 1, -0.5}), hint::invalid_argument,
                       "relation_graph: edge 1 has weight -0.5, expected a finite number >= 0");
  CHECK_THROWS_MESSAGE(build(3, {2, 1, std::nan("")}), hint::invalid_argument,
                       "relation_graph: edge 1 has weight nan, expected a finite number >= 0");
  CHECK_THROWS_MESSAGE(build(3, {2, 1, std::numeric_limits<double>::infinity()}),
                       hint::invalid_argument,
                       "relation_graph: edge 1 has weight inf, expected a finite number >= 0");
  CHECK_THROWS_MESSAGE(build(3, {2, 1, 1e-200}), hint::invalid_argument,
                       "relation_graph: edge 1 has weight 1e-200, expected 0 or at least 1e-150");
  CHECK_THROWS_MESSAGE((relation_graph::from_edges(3, {}, duplicate_edges::sum, {0, 1})),
                       hint::shape_error, "relation_graph: groups has 2 entries for 3 nodes");
  CHECK_THROWS_MESSAGE((relation_graph::from_edges(0xffffffffULL, {})), hint::invalid_argument,
                       "relation_graph: nodes is 4294967295, expected below 2^32 - 1");
}

TEST_CASE("relation_graph: weights whose sums a double does not hold are refused", "[core]") {
  using edges = std::vector<weighted_edge>;
  const auto refused = [](const edges& e, const char* sum) {
    CHECK_THROWS_MESSAGE(relation_graph::from_edges(4, e), hint::invalid_argument,
                         std::string("relation_graph: the weights of all edges add up to ") + sum +
                             ", expected at most 1e+150");
  };
  refused({{0, 1, 8e307}, {1, 2, 8e307}}, "inf");  // one weight of a node's, the degree
  refused({{0, 1, 8e307}, {2, 3, 8e307}}, "inf");  // the volume alone
  refused({{0, 1, 1e308}, {1, 0, 1e308}}, "inf");  // of one edge
  refused({{0, 1, 1e160}}, "1e+160");              // the square of the volume
  refused({{0, 1, 7e149}, {2, 3, 7e149}}, "1.4e+150");
  for (const duplicate_edges rule : {duplicate_edges::sum, duplicate_edges::largest}) {
    const relation_graph g =
        relation_graph::from_edges(4, edges{{0, 1, 5e149}, {1, 2, 4e149}, {2, 3, 1e-150}}, rule);
    CHECK(g.volume() == 1.8e150);
    CHECK(std::isfinite(g.volume() * g.volume()));
    CHECK(std::isfinite(g.volume() / g.degree(3)));
  }
  // Where the larger one of the two stays, only that one counts.
  const edges twice{{0, 1, 9e149}, {1, 0, 9e149}};
  CHECK(relation_graph::from_edges(2, twice, duplicate_edges::largest).volume() == 1.8e150);
  refused(twice, "1.8e+150");
}
