// SPDX-License-Identifier: MIT
#include <hint/tree/regroup.hpp>

#include <algorithm>
#include <limits>
#include <vector>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

using namespace hint;
using namespace hint_tests;
using tree::tree_detail::regrouping;

namespace {

std::vector<double> degrees(const relation_graph& g, double more = 0) {
  std::vector<double> out;
  for (node_id v = 0; v < g.size(); ++v) out.push_back(g.degree(v) + more);
  return out;
}

double cost_by_definition(const relation_graph& g, const std::vector<double>& volumes,
                          const std::vector<node_id>& group, double outer) {
  double sum = 0;
  for (node_id k = 0; k < g.size(); ++k) {
    double volume = 0;
    for (node_id v = 0; v < g.size(); ++v) volume += group[v] == k ? volumes[v] : 0;
    double between = 0;
    for (const auto& [a, b, weight] : g.edges())
      between += group[a] == k && group[b] == k ? weight : 0;
    if (between > 0) sum += between * std::log2(volume / outer);
  }
  return sum;
}

/// The least cost over all partitions.
double optimum(const relation_graph& g, const std::vector<double>& volumes, double outer) {
  std::vector<node_id> group(g.size());
  double least = std::numeric_limits<double>::infinity();
  for (;;) {
    least = (std::min)(least, cost_by_definition(g, volumes, group, outer));
    // The next restricted growth string: each node in a group of one before it or in the next one.
    std::size_t i = g.size();
    while (i-- > 1) {
      const node_id most = *std::max_element(group.begin(), group.begin() + static_cast<int>(i));
      if (group[i] <= most) break;
    }
    if (i == 0 || i >= g.size()) return least;
    ++group[i];
    std::fill(group.begin() + static_cast<int>(i) + 1, group.end(), 0U);
  }
}

}  // namespace

TEST_CASE("regroup: two triangles by hand", "[tree]") {
  const relation_graph g = two_triangles(0.5);
  regrouping regroup;
  const auto found = regroup(g, degrees(g), 13);
  REQUIRE(found.group == std::vector<node_id>{0, 0, 0, 1, 1, 1});
  REQUIRE(found.between == std::vector<double>{3, 3});
  REQUIRE(found.cost == Approx(6 * std::log2(6.5 / 13)).epsilon(1e-14));
}

TEST_CASE("regroup: the cost is what it says, and near the optimum", "[tree]") {
  regrouping regroup;
  int optimal = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 2 + seed % 7, 3 + seed % 12, seed % 2 == 0);
    const auto volumes = degrees(g, seed % 3 == 0 ? 0.7 : 0);  // links to elsewhere
    double outer = 1;
    for (const double v : volumes) outer += v;
    const auto found = regroup(g, volumes, outer);
    REQUIRE(found.cost ==
            Approx(cost_by_definition(g, volumes, found.group, outer)).margin(1e-12));
    // Groups are numbered by their first nodes, and each has its weight.
    node_id next = 0;
    for (const node_id k : found.group) {
      REQUIRE(k <= next);
      if (k == next) ++next;
    }
    REQUIRE(found.between.size() == next);
    std::vector<double> between(next);
    for (const auto& [a, b, weight] : g.edges())
      if (found.group[a] == found.group[b]) between[found.group[a]] += weight;
    for (node_id k = 0; k < next; ++k)
      REQUIRE(found.between[k] == Approx(between[k]).margin(1e-12));
    const double least = optimum(g, volumes, outer);
    REQUIRE(found.cost >= least - 1e-12);
    REQUIRE(found.cost <= 0);
    REQUIRE(found.cost <= 0.8 * least);
    optimal += found.cost <= least + 1e-9;
  }
  REQUIRE(optimal >= 40);
}

TEST_CASE("regroup: cliques in a ring are found", "[tree]") {
  std::vector<weighted_edge> edges;
  for (node_id c = 0; c < 12; ++c) {
    for (node_id i = 0; i < 5; ++i)
      for (node_id j = 0; j < i; ++j) edges.push_back({12 * i + c, 12 * j + c, 1});
    edges.push_back({c, 12 + (c + 1) % 12, 1});
  }
  const relation_graph g = graph_of(60, edges);
  const auto found = regrouping()(g, degrees(g), g.volume());
  for (node_id v = 0; v < 60; ++v) REQUIRE(found.group[v] == v % 12);
}

TEST_CASE("regroup: nothing to group", "[tree]") {
  regrouping regroup;
  REQUIRE(regroup(relation_graph(), {}, 1).group.empty());
  const relation_graph lonely = graph_of(3, {});
  const auto found = regroup(lonely, std::vector<double>{0, 1, 2}, 3);
  REQUIRE(found.group == std::vector<node_id>{0, 1, 2});
  REQUIRE(found.cost == 0);
  // The same object again, after a larger graph: nothing is left behind.
  const auto first = regroup(two_triangles(), degrees(two_triangles()), 14);
  static_cast<void>(regroup(random_graph(1, 50, 200, true), std::vector<double>(50, 8.0), 400));
  const auto again = regroup(two_triangles(), degrees(two_triangles()), 14);
  REQUIRE((again.group == first.group && again.cost == first.cost));
}
