// SPDX-License-Identifier: MIT
#include <hint/tree/multilevel/neighbor_weights.hpp>

#include <cstdint>
#include <map>
#include <vector>

#include "support/catch.hpp"
#include "tree/graphs.hpp"
#include "tree/search_oracle.hpp"

using namespace hint;
using namespace hint_tests;
using tree::detail::community;
using tree::detail::neighbor_weights;
using tree::detail::quotient_graph;

TEST_CASE("neighbor_weights: sums by community, by definition", "[tree]") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 1 + 3 * seed;
    const quotient_graph g = graph_of_leaves(random_graph(seed, n, 4 * n, true));
    const auto of = random_numbers(n, n, seed);
    const auto home = random_numbers(n, 3, seed + 100);
    neighbor_weights weights;
    weights.reserve(n);
    for (node_id u = 0; u < n; ++u) {
      const bool all = u % 2 == 0;
      const auto counts = [&](node_id x) { return all || home[x] == home[u]; };
      std::map<node_id, double> expected;
      std::vector<node_id> order;
      for (std::size_t i = g.begin[u]; i < g.begin[u + 1]; ++i) {
        if (!counts(g.ends[i])) continue;
        const node_id c = of[g.ends[i]];
        if (!expected.contains(c)) order.push_back(c);
        expected[c] += g.weights[i];
      }
      weights.gather(g, u, of.data(), counts);
      REQUIRE(std::vector<node_id>(weights.neighbors().begin(), weights.neighbors().end()) ==
              order);
      for (node_id c = 0; c < n; ++c)
        REQUIRE(weights[c] == (expected.contains(c) ? expected[c] : 0));
      if (!order.empty()) {
        REQUIRE(weights.take(order[0]) == expected[order[0]]);
        REQUIRE(weights[order[0]] == 0);
        REQUIRE(weights.neighbors().size() == order.size());
      }
      weights.clear();
      REQUIRE(weights.neighbors().empty());
      for (node_id c = 0; c < n; ++c) REQUIRE(weights[c] == 0);
    }
  }
}

TEST_CASE("neighbor_weights: looking ahead stays inside large graphs", "[tree]") {
  const std::size_t n = 60000;
  const quotient_graph g = graph_of_leaves(path(n));
  const auto of = numbers_below(n);
  const std::vector<node_id> home(n);
  const std::vector<community> communities(n);
  neighbor_weights weights;
  weights.reserve(n);
  for (const node_id* other : {of.data(), home.data()})
    for (std::size_t turn = 0; turn < n; ++turn)
      weights.prefetch_ahead(g, other, of.data(), communities.data(), of, turn);
  for (node_id c = 0; c < n; ++c) REQUIRE(weights[c] == 0);
}
