// SPDX-License-Identifier: MIT
// (That joining keeps the weights: tests/tree/build_tree.cpp, after every edit.)
#include <hint/tree/greedy/contracted_graph.hpp>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include <hint/core/random.hpp>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

using namespace hint;

TEST_CASE("contracted_graph: joining by hand", "[tree]") {
  // A square 0 1 2 3 with weights 1 2 3 4 and the diagonal 0 - 2 of weight 5.
  const auto g = hint_tests::graph_of(4, {{0, 1, 1}, {1, 2, 2}, {2, 3, 3}, {3, 0, 4}, {0, 2, 5}});
  const std::vector<node_id> tops{0, 1, 2, 3};
  tree::detail::contracted_graph cuts(g, tree::counted_edges::all, tops, 5);
  REQUIRE(cuts.degree(0) == 3);
  REQUIRE(cuts.weight(0, 2) == 5);
  REQUIRE(cuts.weight(1, 3) == 0);
  cuts.join(0, 2, 5);
  REQUIRE(cuts.degree(5) == 2);
  REQUIRE(cuts.weight(5, 1) == 3);
  REQUIRE(cuts.weight(3, 5) == 7);
  cuts.join(1, 5, 6);
  REQUIRE(cuts.degree(6) == 1);
  REQUIRE(cuts.weight(6, 3) == 7);
}

namespace {

using tree::detail::contracted_graph;

/// What the rows should hold: maps that hear of everything.
struct cut_maps {
  std::map<node_id, std::map<node_id, double>> rows;
  cut_maps(const relation_graph& g, const std::vector<node_id>& tops) {
    for (const node_id top : tops) rows[top];
    for (const auto& [a, b, weight] : g.edges()) {
      if (tops[a] == tops[b]) continue;
      rows[tops[a]][tops[b]] += weight;
      rows[tops[b]][tops[a]] += weight;
    }
  }
  void join(node_id a, node_id b, node_id joined) {
    std::map<node_id, double> row;
    for (const node_id part : {a, b})
      for (const auto& [x, weight] : rows[part])
        if (x != a && x != b) {
          row[x] += weight;
          rows[x].erase(part);
        }
    rows.erase(a);
    rows.erase(b);
    for (const auto& [x, weight] : row) rows[x][joined] = weight;
    rows[joined] = row;
  }
};

void check(const contracted_graph& cuts, const cut_maps& expected, node_id a) {
  CAPTURE(a);
  const auto& row = expected.rows.at(a);
  std::map<node_id, double> seen;
  cuts.for_each(a, [&](node_id b, double weight) {
    REQUIRE(seen.emplace(b, weight).second);
    // Rows may be asked for while one is walked over; same bits from both sides.
    REQUIRE(cuts.weight(a, b) == weight);
    REQUIRE(cuts.weight(b, a) == weight);
  });
  REQUIRE(cuts.degree(a) == row.size());
  REQUIRE(seen.size() == row.size());
  for (const auto& [b, weight] : row) REQUIRE(seen.at(b) == Approx(weight).epsilon(1e-12));
  for (const auto& [b, unused] : expected.rows)
    if (b != a && row.count(b) == 0) REQUIRE(cuts.weight(a, b) == 0);
}

}  // namespace

TEST_CASE("contracted_graph: random joins, short and long rows, equal maps of maps", "[tree]") {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    CAPTURE(seed);
    const random_stream random{seed, stream_id("joins")};
    const std::size_t n = seed < 5 ? 60 : contracted_graph::long_row + 150;
    std::vector<weighted_edge> edges;
    std::uint64_t draw = 0;
    const auto weight = [&] { return 0.1 + random.uniform(draw++); };
    for (std::size_t i = 0; i < 3 * n; ++i) {
      const auto a = static_cast<node_id>(random.below(draw++, n));
      const auto b = static_cast<node_id>(random.below(draw++, n));
      if (a != b) edges.push_back({a, b, weight()});
    }
    for (const node_id hub : {0U, 7U, static_cast<node_id>(n - 1)})
      for (node_id i = 0; i < n; ++i)
        if (i != hub && seed % 2 == 1 && random.below(draw++, 10) < 9)
          edges.push_back({hub, i, weight()});
    const auto g = hint_tests::graph_of(n, edges);

    // Flat at first, or with some communities, which have numbers from n on.
    std::vector<node_id> tops(n);
    for (node_id v = 0; v < n; ++v)
      tops[v] = seed % 3 == 2 && v % 4 == 0 ? static_cast<node_id>(n + v / 40) : v;
    auto next = static_cast<node_id>(2 * n);
    contracted_graph cuts(g, tree::counted_edges::all, tops, next);
    cut_maps expected(g, tops);
    for (const auto& [a, unused] : expected.rows) check(cuts, expected, a);

    std::vector<node_id> live;
    for (const auto& [a, unused] : expected.rows) live.push_back(a);
    while (live.size() > 2) {
      // Neighbours or not, and hubs more often than others.
      std::size_t i = random.below(draw++, live.size());
      const bool again = random.below(draw++, 4) == 0;
      const std::size_t j = again ? live.size() - 1 : random.below(draw++, live.size());
      if (i == j) i = (i + 1) % live.size();
      const node_id a = live[i];
      const node_id b = live[j];
      next += static_cast<node_id>(random.below(draw++, 2));  // numbers may be left out
      cuts.join(a, b, next);
      expected.join(a, b, next);
      REQUIRE_FALSE(cuts.is_top(a));
      REQUIRE(cuts.is_top(next));
      std::erase_if(live, [&](node_id v) { return v == a || v == b; });
      live.push_back(next++);
      check(cuts, expected, live.back());
      if (random.below(draw++, 8) == 0)
        check(cuts, expected, live[random.below(draw++, live.size())]);
      if (live.size() % 97 == 0 || (n < 100 && live.size() % 11 == 0)) {
        const contracted_graph copy = cuts;  // its rows are its own
        for (const node_id v : live) check(copy, expected, v);
      }
    }
  }
}
