// SPDX-License-Identifier: MIT
// (Short rows, caches and bad moves: tests/tree/merge.cpp.)
#include <hint/tree/greedy/merge_queue.hpp>

#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include <hint/tree/merge.hpp>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

using namespace hint;
using namespace hint_tests;
using tree::build_tree;
using tree::merge_edit;
using tree::merge_key;
using tree::merge_options;
using tree::merge_stop;

TEST_CASE("merge_queue: long rows are searched by bounds, with the same result", "[tree]") {
  // Hubs of more neighbours than the rows that are scored one by one may have.
  constexpr node_id n = tree::detail::contracted_graph::long_row + 90;
  struct one_case {
    const char* name;
    relation_graph graph;
  };
  std::vector<one_case> cases;
  cases.push_back({"star", star(n)});
  std::vector<weighted_edge> edges;
  const random_stream random{5, stream_id("hubs")};
  for (node_id i = 1; i <= n; ++i) edges.push_back({0, i, 0.1 + random.uniform(i)});
  for (node_id i = 0; i < 150; ++i)
    edges.push_back({1 + static_cast<node_id>(random.below(1000 + 2 * i, n)),
                     n + 1 + static_cast<node_id>(random.below(1001 + 2 * i, 20)),
                     1 + random.uniform(i)});
  cases.push_back({"weighted", graph_of(n + 21, edges)});
  edges.clear();
  for (node_id i = 2; i < n; ++i)
    for (const node_id hub : {0U, 1U}) edges.push_back({hub, i, 1});
  cases.push_back({"two hubs", graph_of(n, edges)});
  for (std::size_t i = 0; i < edges.size(); ++i) edges[i].weight = 0.1 + random.uniform(9000 + i);
  edges.push_back({0, 1, 40});  // and one edge that outweighs the rest
  cases.push_back({"two weighted hubs", graph_of(n, edges)});
  edges.clear();
  for (node_id i = 3; i < n; ++i) {
    for (const node_id hub : {0U, 1U, 2U})
      if (random.below(5000 + 3 * i + hub, 10) < 9) edges.push_back({hub, i, 1});
    if (i % 3 == 0) edges.push_back({i, i - 1 > 2 ? i - 1 : 300, 2});
  }
  edges.push_back({0, 1, 3});
  cases.push_back({"three hubs", graph_of(n, edges)});

  edges.clear();
  for (node_id i = 0; i < n; ++i) edges.push_back({n, i, 1 + static_cast<double>(i % 3)});
  for (node_id i = 2; i < n; i += 2) edges.push_back({i, i - 1 - i % 5 % 2, 4});
  cases.push_back({"the hub is the last", graph_of(n + 1, edges)});
  edges.clear();
  for (node_id i = 2; i < n; ++i) edges.push_back({i % 2, i, 1});
  edges.push_back({0, 1, 400});
  cases.push_back({"a hub comes of two", graph_of(n, edges)});

  for (const auto& [name, g] : cases)
    for (const merge_options& o :
         {merge_options{}, merge_options{.key = merge_key::combine},
          merge_options{.edit = merge_edit::merge, .stop = merge_stop::no_gain},
          merge_options{.smoothing = 1}, merge_options{.largest = 30}}) {
      CAPTURE(name, static_cast<int>(o.key), static_cast<int>(o.edit), o.smoothing, o.largest);
      // All pairs, by the library's own key, so that ties are the same to the bit.
      const tree::detail::pair_key key{o.key, o.edit == merge_edit::combine, o.smoothing};
      build_tree expected(g);
      std::vector<std::pair<node_id, node_id>> merges;
      while (expected.child_count(expected.root()) > 2) {
        std::optional<std::tuple<double, node_id, node_id>> best;
        for (node_id a = expected.first_child(expected.root()); a != tree::no_node;
             a = expected.next_sibling(a))
          expected.for_neighbors(a, [&](node_id b, double cut) {
            if (b < a || expected.leaf_count(a) + expected.leaf_count(b) > o.largest) return;
            const std::tuple pair(key(expected, a, b, cut), a, b);
            if (!best || pair < *best) best = pair;
          });
        if (!best || (o.stop == merge_stop::no_gain && std::get<0>(*best) >= 0)) break;
        const auto [unused, a, b] = *best;
        merges.emplace_back(a, b);
        if (o.edit == merge_edit::combine)
          expected.combine(a, b);
        else
          expected.merge(a, b);
      }
      build_tree t(g);
      tree::merge m(o);
      std::vector<std::pair<node_id, node_id>> done;
      while (const auto found = m.best(t)) {
        m.apply(t, found->move);
        done.emplace_back(found->move.a, found->move.b);
      }
      REQUIRE(done == merges);
    }
}
