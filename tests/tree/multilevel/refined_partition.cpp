// SPDX-License-Identifier: MIT
#include <hint/tree/multilevel/refined_partition.hpp>

#include <cmath>
#include <cstdint>
#include <vector>

#include "support/catch.hpp"
#include "tree/graphs.hpp"
#include "tree/search_oracle.hpp"

using namespace hint;
using namespace hint_tests;
using tree::detail::neighbor_weights;
using tree::detail::random_order;
using tree::detail::refinement;

namespace {

std::vector<node_id> refined(const problem& p, std::span<const node_id> community_of,
                             std::uint64_t seed, double least_gain = 0) {
  refinement refine;
  neighbor_weights weights;
  random_order random(seed);
  const auto log_volumes = log_volumes_of(p.nodes, p.scope());
  return refine(
      p.nodes, community_of, [&](node_id u) { return log_volumes[u]; }, least_gain, random,
      weights);
}

}  // namespace

TEST_CASE("refinement: parts are connected, inside communities, and gain", "[tree]") {
  for (std::uint64_t seed = 0; seed < 64; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 2 + seed;
    const problem p = random_problem(seed, n, 3 * n);
    auto communities = random_numbers(n, 4, seed);
    if (!p.constraint.empty()) communities = p.constraint;
    const auto part = refined(p, communities, seed);
    const auto log_volumes = log_volumes_of(p.nodes, p.scope());
    REQUIRE(part.size() == n);
    for (node_id u = 0; u < n; ++u) {
      REQUIRE(part[u] < n);
      REQUIRE(part[part[u]] == part[u]);  // named by one of its nodes
      REQUIRE(communities[part[u]] == communities[u]);
    }
    // Connected: flooding each part from the node that names it reaches all of it.
    std::vector<bool> reached(n);
    std::vector<node_id> todo;
    for (node_id u = 0; u < n; ++u)
      if (part[u] == u) todo.push_back(u);
    while (!todo.empty()) {
      const node_id u = todo.back();
      todo.pop_back();
      if (reached[u]) continue;
      reached[u] = true;
      for (std::size_t i = p.nodes.begin[u]; i < p.nodes.begin[u + 1]; ++i)
        if (part[p.nodes.ends[i]] == part[u]) todo.push_back(p.nodes.ends[i]);
    }
    for (node_id u = 0; u < n; ++u) REQUIRE(reached[u]);
    // Every joining gained.
    const double single = value_by_definition(p.nodes, numbers_below(n), log_volumes);
    REQUIRE(value_by_definition(p.nodes, part, log_volumes) >= single - 1e-9);
    REQUIRE(part == refined(p, communities, seed));
  }
}

TEST_CASE("refinement: what gains nothing stays alone", "[tree]") {
  const problem p = random_problem(0, 30, 90);
  const std::vector<node_id> one(30);
  REQUIRE(refined(p, numbers_below(30), 1) == numbers_below(30));  // nobody to join
  REQUIRE(refined(p, one, 1, 1e9) == numbers_below(30));           // no gain is large enough
  REQUIRE(refined(p, one, 1) != numbers_below(30));
}

TEST_CASE("refinement: the better, the more likely", "[tree]") {
  // Node 0 has an edge of weight 3 to 1 and one of weight 1 to 2. When it is visited first, the
  // gain with 1 is 3 log2(8/7) and that with 2 log2(8/5): 0.578 and 0.678.
  problem p;
  p.nodes = graph_of_leaves(graph_of(3, {{0, 1, 3}, {0, 2, 1}}));
  p.log_volume = 3;
  const std::vector<node_id> one(3);
  int with_1 = 0;
  int with_2 = 0;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    random_order random(seed);
    random.shuffle(3);
    if (random.order()[0] != 0) continue;
    const auto part = refined(p, one, seed);
    (part[0] == 1 ? with_1 : with_2) += 1;
  }
  // P(0.578 (1 - r/2) > 0.678 (1 - s/2)) for r, s uniform in [0, 1): with a = 0.578 / 0.678 the set
  // is s > 2 - a (2 - r), which is (1 - 2 (1 - a)) of [0, 1) at r = 0; its area is (2a - 1)^2 /
  // (2a) = 0.291.
  const double a = 3 * std::log2(8 / 7.) / std::log2(8 / 5.);
  const double expected = (2 * a - 1) * (2 * a - 1) / (2 * a);
  const double share = static_cast<double>(with_1) / (with_1 + with_2);
  REQUIRE(with_1 + with_2 > 1000);
  REQUIRE(std::abs(share - expected) < 0.06);  // four standard deviations of 1300 draws are 0.05
}
