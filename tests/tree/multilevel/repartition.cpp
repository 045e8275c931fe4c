// SPDX-License-Identifier: MIT
#include <hint/tree/multilevel/repartition.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

using namespace hint;
using namespace hint_tests;
using tree::detail::repartition_result;
using tree::detail::repartitioner;

namespace {

/// From single nodes, as often as it takes.
repartition_result repartitioned(repartitioner& search, const relation_graph& g,
                                 const std::vector<double>& volumes, double outer) {
  std::vector<node_id> start(g.size());
  for (node_id v = 0; v < g.size(); ++v) start[v] = v;
  repartition_result found = search(volumes, g.edges(), start, outer, 1e-9);
  for (int i = 0; i < 3; ++i) {
    const double before = found.cost;
    found = search(volumes, g.edges(), found.community, outer, 1e-9);
    REQUIRE(found.cost <= before + 1e-12);
  }
  return found;
}

std::vector<double> degrees(const relation_graph& g, double more = 0) {
  std::vector<double> out;
  for (node_id v = 0; v < g.size(); ++v) out.push_back(g.degree(v) + more);
  return out;
}

double cost_by_definition(const relation_graph& g, const std::vector<double>& volumes,
                          const std::vector<node_id>& community, double outer) {
  double sum = 0;
  for (node_id k = 0; k < g.size(); ++k) {
    double volume = 0;
    for (node_id v = 0; v < g.size(); ++v) volume += community[v] == k ? volumes[v] : 0;
    double between = 0;
    for (const auto& [a, b, weight] : g.edges())
      between += community[a] == k && community[b] == k ? weight : 0;
    if (between > 0) sum += between * std::log2(volume / outer);
  }
  return sum;
}

/// The least cost over all partitions.
double optimum(const relation_graph& g, const std::vector<double>& volumes, double outer) {
  std::vector<node_id> community(g.size());
  double least = std::numeric_limits<double>::infinity();
  for (;;) {
    least = (std::min)(least, cost_by_definition(g, volumes, community, outer));
    // The next restricted growth string: each node in a community of one before it or in the next
    // one.
    std::size_t i = g.size();
    while (i-- > 1) {
      const node_id most =
          *std::max_element(community.begin(), community.begin() + static_cast<int>(i));
      if (community[i] <= most) break;
    }
    if (i == 0 || i >= g.size()) return least;
    ++community[i];
    std::fill(community.begin() + static_cast<int>(i) + 1, community.end(), 0U);
  }
}

}  // namespace

TEST_CASE("repartition: two triangles by hand", "[tree]") {
  const relation_graph g = two_triangles(0.5);
  repartitioner search;
  const auto found = repartitioned(search, g, degrees(g), 13);
  REQUIRE(found.community == std::vector<node_id>{0, 0, 0, 1, 1, 1});
  REQUIRE(found.between == std::vector<double>{3, 3});
  REQUIRE(found.cost == Approx(6 * std::log2(6.5 / 13)).epsilon(1e-14));
}

TEST_CASE("repartition: the cost is what it says, and near the optimum", "[tree]") {
  repartitioner search;
  int optimal = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 2 + seed % 7, 3 + seed % 12, seed % 2 == 0);
    const auto volumes = degrees(g, seed % 3 == 0 ? 0.7 : 0);  // edges to elsewhere
    double outer = 1;
    for (const double v : volumes) outer += v;
    const auto found = repartitioned(search, g, volumes, outer);
    REQUIRE(found.cost ==
            Approx(cost_by_definition(g, volumes, found.community, outer)).margin(1e-12));
    // Groups are numbered by their first nodes, and each has its weight.
    node_id next = 0;
    for (const node_id k : found.community) {
      REQUIRE(k <= next);
      if (k == next) ++next;
    }
    REQUIRE(found.between.size() == next);
    std::vector<double> between(next);
    for (const auto& [a, b, weight] : g.edges())
      if (found.community[a] == found.community[b]) between[found.community[a]] += weight;
    for (node_id k = 0; k < next; ++k)
      REQUIRE(found.between[k] == Approx(between[k]).margin(1e-12));
    const double least = optimum(g, volumes, outer);
    REQUIRE(found.cost >= least - 1e-12);
    REQUIRE(found.cost <= 0);
    REQUIRE(found.cost <= 0.5 * least);
    optimal += found.cost <= least + 1e-9;
  }
  REQUIRE(optimal >= 40);
}

TEST_CASE("repartition: cliques in a ring are found", "[tree]") {
  std::vector<weighted_edge> edges;
  for (node_id c = 0; c < 12; ++c) {
    for (node_id i = 0; i < 5; ++i)
      for (node_id j = 0; j < i; ++j) edges.push_back({12 * i + c, 12 * j + c, 1});
    edges.push_back({c, 12 + (c + 1) % 12, 1});
  }
  const relation_graph g = graph_of(60, edges);
  repartitioner search;
  const auto found = repartitioned(search, g, degrees(g), g.volume());
  for (node_id v = 0; v < 60; ++v) REQUIRE(found.community[v] == v % 12);
}

TEST_CASE("repartition: edges that occur twice add up", "[tree]") {
  const relation_graph g = two_triangles(0.5);
  auto twice = g.edges();
  for (auto& e : twice) e.weight /= 2;
  const auto half = twice;
  twice.insert(twice.end(), half.begin(), half.end());
  repartitioner search;
  const auto found = search(degrees(g), twice, std::vector<node_id>{0, 0, 0, 1, 1, 1}, 13, 1e-9);
  REQUIRE(found.community == std::vector<node_id>{0, 0, 0, 1, 1, 1});
  REQUIRE(found.between == std::vector<double>{3, 3});
}

TEST_CASE("repartition: nothing to partition", "[tree]") {
  repartitioner search;
  REQUIRE(repartitioned(search, relation_graph(), {}, 1).community.empty());
  const relation_graph lonely = graph_of(3, {});
  const auto found = repartitioned(search, lonely, {0, 1, 2}, 3);
  REQUIRE(found.community == std::vector<node_id>{0, 1, 2});
  REQUIRE(found.cost == 0);
  // Without any volume the start is what there is.
  const std::vector<node_id> start{2, 1, 2};
  const auto nothing = search(std::vector<double>{0, 0, 0}, {}, start, 0, 0);
  REQUIRE(nothing.community == std::vector<node_id>{0, 1, 0});
  REQUIRE(nothing.cost == 0);
}

TEST_CASE("repartition: the same calls, the same communities", "[tree]") {
  repartitioner first;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const relation_graph g = random_graph(seed, 40, 120, true);
    repartitioner second = first;
    const auto a = repartitioned(first, g, degrees(g), g.volume());
    const auto b = repartitioned(second, g, degrees(g), g.volume());
    REQUIRE((a.community == b.community && a.cost == b.cost && a.between == b.between));
  }
}
