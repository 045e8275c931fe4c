// SPDX-License-Identifier: MIT
#include <hint/tree/multilevel/level_search.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <hint/tree/structural_entropy.hpp>

#include "support/catch.hpp"
#include "tree/graphs.hpp"
#include "tree/search_oracle.hpp"

using namespace hint;
using namespace hint_tests;
using tree::counted_edges;
using tree::detail::level_search;
using tree::detail::partition;
using tree::detail::quotient_graph;
using tree::detail::search_scope;
using tree::detail::value;

namespace {

/// Communities at random, inside constraints and limits.
partition random_partition(const problem& p, const level_search& search, std::uint64_t seed) {
  const std::size_t n = p.nodes.size();
  partition g = search.singletons(p.nodes);
  const auto wish = random_numbers(n, n + 1, seed + 1000);
  std::vector<std::size_t> leaves(n);
  for (node_id u = 0; u < n; ++u) {
    const std::size_t mine = p.nodes.leaves.empty() ? 1 : p.nodes.leaves[u];
    const node_id to = wish[u] / 3;
    const bool fits = to < u && g.community_of[to] == to &&
                      (p.constraint.empty() || p.constraint[to] == p.constraint[u]) &&
                      (p.nodes.leaves.empty() || leaves[to] + mine <= p.largest);
    g.community_of[u] = fits ? to : u;
    leaves[g.community_of[u]] += mine;
  }
  search.measure(p.nodes, g);
  return g;
}
void check_bounds(const problem& p, const partition& g) {
  std::vector<node_id> constraint(p.nodes.size(), tree::no_node);
  for (node_id u = 0; u < p.nodes.size(); ++u) {
    if (p.constraint.empty()) break;
    node_id& mine = constraint[g.community_of[u]];
    if (mine == tree::no_node) mine = p.constraint[u];
    REQUIRE(mine == p.constraint[u]);
  }
  if (!p.nodes.leaves.empty())
    for (const auto& each : g.communities) REQUIRE(each.leaves <= p.largest);
}
/// The most that the value can rise when one node moves to a community that it is connected to and
/// that has room for it, or to one of its own.
double best_move(const problem& p, const partition& g) {
  const quotient_graph& l = p.nodes;
  const auto log_volumes = log_volumes_of(l, p.scope());
  const double before = value_by_definition(l, g.community_of, log_volumes);
  double best = 0;
  for (node_id u = 0; u < l.size(); ++u) {
    std::vector<node_id> targets;
    if (!g.spare.empty()) targets.push_back(g.spare.front());
    for (std::size_t i = l.begin[u]; i < l.begin[u + 1]; ++i)
      targets.push_back(g.community_of[l.ends[i]]);
    for (const node_id to : targets) {
      if (to == g.community_of[u] ||
          (!l.leaves.empty() && g.communities[to].leaves + l.leaves[u] > p.largest))
        continue;
      std::vector<node_id> of = g.community_of;
      of[u] = to;
      best = (std::max)(best, value_by_definition(l, of, log_volumes) - before);
    }
  }
  return best;
}

/// The communities of the best of 30 searches, each of rounds until two in turn gain nothing.
partition best_of_30(const problem& p) {
  partition best;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    level_search search = p.search(seed);
    partition g = search.singletons(p.nodes);
    for (int idle = 0; idle < 2;) idle = search.round(p.nodes, g) > 0 ? 0 : idle + 1;
    if (seed == 0 || value(g) > value(best)) best = g;
  }
  return best;
}

/// Searches a whole graph and returns the communities; the gain is exact, the communities are what
/// they say.
partition search_graph(const relation_graph& g, counted_edges counted = counted_edges::all,
                       std::size_t rounds = 4) {
  problem p;
  p.nodes = graph_of_leaves(g, counted);
  p.log_volume = p.volume() > 0 ? std::log2(p.volume()) : 0;
  level_search search = p.search(1);
  partition found = search.singletons(p.nodes);
  double gain = 0;
  for (std::size_t round = 0; round < rounds; ++round) {
    const double more = search.round(p.nodes, found);
    REQUIRE(more >= 0);
    gain += more;
  }
  const double slack = 1e-9 * (1 + p.volume());
  check_partition(p.nodes, p.scope(), found, slack);
  REQUIRE(std::abs(value(found) - gain) <= slack);
  const auto t = tree_of(g, found.community_of, counted);
  if (p.volume() > 0) {
    const double fall = flat_entropy(t) - structural_entropy(t);
    REQUIRE(std::abs(2 * gain / p.volume() - fall) <= 1e-9);
  }
  return found;
}

}  // namespace

TEST_CASE("level_search: two triangles by hand", "[tree]") {
  const partition found = search_graph(two_triangles(0.5));
  REQUIRE((found.community_of[0] == found.community_of[1] &&
           found.community_of[0] == found.community_of[2]));
  REQUIRE((found.community_of[3] == found.community_of[4] &&
           found.community_of[3] == found.community_of[5]));
  REQUIRE(found.community_of[0] != found.community_of[3]);
  REQUIRE(found.count() == 2);
  const auto& community = found.communities[found.community_of[0]];
  REQUIRE((community.volume == 6.5 && community.between == 3 && community.nodes == 3));
  REQUIRE(community.log_ratio == Approx(1).epsilon(1e-14));  // half of the volume
  REQUIRE(value(found) == Approx(6).epsilon(1e-14));
}

TEST_CASE("level_search: single nodes and measured communities", "[tree]") {
  for (std::uint64_t seed = 0; seed < 48; ++seed) {
    CAPTURE(seed);
    const problem p = random_problem(seed, 2 + seed, 3 * seed);
    const level_search search = p.search(0);
    const partition single = search.singletons(p.nodes);
    REQUIRE(single.community_of == numbers_below(p.nodes.size()));
    REQUIRE(single.count() == p.nodes.size());
    check_partition(p.nodes, p.scope(), single);
    partition g = random_partition(p, search, seed);
    check_partition(p.nodes, p.scope(), g);
    REQUIRE(value(g) ==
            Approx(value_by_definition(p.nodes, g.community_of, log_volumes_of(p.nodes, p.scope())))
                .margin(1e-9));
    partition dirty = g;  // what was there before is of no influence
    dirty.spare = {1, 1, 1};
    for (auto& each : dirty.communities) each = {7, 7, 7, 7, 7};
    search.measure(p.nodes, dirty);
    REQUIRE((dirty.spare == g.spare && value(dirty) == value(g)));
  }
}

TEST_CASE("level_search: the value of communities is the fall of the entropy", "[tree]") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 2 + seed;
    const relation_graph g = random_graph(seed, n, 3 * n, true);
    for (const auto counted : {counted_edges::all, counted_edges::intra}) {
      partition some;
      some.community_of = random_numbers(n, (n + 2) / 3, seed);
      const quotient_graph l = graph_of_leaves(g, counted);
      level_search({std::log2(g.volume()), {}, {}}, 0, 0, no_limit).measure(l, some);
      std::vector<node_id> parents(n + 1 + n, static_cast<node_id>(2 * n));
      for (node_id v = 0; v < n; ++v) parents[v] = static_cast<node_id>(n + some.community_of[v]);
      const std::vector<node_id> flat(n, static_cast<node_id>(n));
      const bool intra = counted == counted_edges::intra;
      std::vector<node_id> only_root = flat;
      only_root.push_back(tree::no_node);
      parents.back() = tree::no_node;
      const double fall =
          entropy_by_definition(g, only_root, intra) - entropy_by_definition(g, parents, intra);
      REQUIRE(2 * value(some) / g.volume() == Approx(fall).margin(1e-9));
    }
  }
}

TEST_CASE("level_search: a round tells exactly by how much the value rises", "[tree]") {
  for (std::uint64_t seed = 0; seed < 160; ++seed) {
    CAPTURE(seed);
    const problem p = random_problem(seed, 2 + seed % 67, (seed % 5 + 1) * (seed % 67));
    level_search search = p.search(seed);
    partition g = seed % 3 == 0 ? search.singletons(p.nodes) : random_partition(p, search, seed);
    check_bounds(p, g);
    for (int round = 0; round < 4; ++round) {
      CAPTURE(round);
      const double before = value(g);
      const double gain = search.round(p.nodes, g);
      REQUIRE(gain >= 0);
      REQUIRE(value(g) - before == Approx(gain).margin(1e-9));
      check_partition(p.nodes, p.scope(), g);
      check_bounds(p, g);
    }
  }
}

TEST_CASE("level_search: when a round gains nothing, no move of a node does", "[tree]") {
  for (std::uint64_t seed = 0; seed < 80; ++seed) {
    CAPTURE(seed);
    const problem p = random_problem(seed, 2 + seed % 29, 3 * (seed % 29));
    level_search search = p.search(seed);
    partition g = seed % 3 == 0 ? search.singletons(p.nodes) : random_partition(p, search, seed);
    std::size_t rounds = 0;
    while (search.round(p.nodes, g) > 0) REQUIRE(++rounds < 100);
    REQUIRE(best_move(p, g) <= 1e-9);
  }
}

TEST_CASE("level_search: small graphs against all partitions", "[tree]") {
  int optimal = 0;
  for (std::uint64_t seed = 0; seed < 96; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 2 + seed % 7;
    const problem p = random_problem(seed, n, n + seed % 9);
    const auto log_volumes = log_volumes_of(p.nodes, p.scope());
    double most = 0;
    for_each_partition(n, [&](const std::vector<node_id>& of) {
      std::vector<std::size_t> leaves(n);
      for (node_id u = 0; u < n; ++u) {
        if (!p.nodes.leaves.empty() && (leaves[of[u]] += p.nodes.leaves[u]) > p.largest) return;
        for (node_id v = 0; v < u && !p.constraint.empty(); ++v)
          if (of[u] == of[v] && p.constraint[u] != p.constraint[v]) return;
      }
      most = (std::max)(most, value_by_definition(p.nodes, of, log_volumes));
    });
    const double found = value(best_of_30(p));
    REQUIRE(found <= most + 1e-9);
    optimal += found >= most - 1e-9;
  }
  REQUIRE(optimal >= 92);  // of 96
}

TEST_CASE("level_search: small graphs against the lowest entropy of height 2", "[tree]") {
  int optimal = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 3 + seed % 6;
    const relation_graph g = random_graph(seed, n, 2 * n, seed % 2 == 0);
    problem p;
    p.nodes = graph_of_leaves(g);
    p.log_volume = std::log2(g.volume());
    const double found = structural_entropy(tree_of(g, best_of_30(p).community_of));
    const double least = least_entropy(g, 2);
    REQUIRE(found >= least - 1e-9);
    optimal += found <= least + 1e-9;
  }
  REQUIRE(optimal >= 37);  // of 40
}

TEST_CASE("level_search: cliques in a ring are found", "[tree]") {
  const partition found = search_graph(ring_of_cliques(40), counted_edges::all, 6);
  REQUIRE(found.count() <= 40);
  for (node_id v = 40; v < 200; ++v) REQUIRE(found.community_of[v] == found.community_of[v % 40]);
}

TEST_CASE("level_search: communities that are too large take in nobody", "[tree]") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    problem p;
    p.nodes = graph_of_leaves(random_graph(seed, 40, 120, true));
    p.nodes.leaves.assign(40, 1);
    p.log_volume = std::log2(p.volume());
    p.largest = 6;
    level_search search = p.search(seed);
    partition g;
    g.community_of.assign(40, 0);  // 20 in community 0, the others alone
    for (node_id u = 20; u < 40; ++u) g.community_of[u] = u;
    search.measure(p.nodes, g);
    for (int round = 0; round < 4; ++round) {
      search.round(p.nodes, g);
      check_partition(p.nodes, p.scope(), g);
      for (node_id u = 20; u < 40; ++u) REQUIRE(g.communities[g.community_of[u]].leaves <= 6);
    }
  }
}

TEST_CASE("level_search: the same seed, the same communities", "[tree]") {
  bool others_differ = false;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const problem p = random_problem(seed, 150, 500);
    level_search a = p.search(seed);
    level_search b = p.search(seed);
    level_search c = p.search(seed + 1);
    partition x = a.singletons(p.nodes);
    partition y = x;
    partition z = x;
    for (int round = 0; round < 3; ++round) {
      REQUIRE(a.round(p.nodes, x) == b.round(p.nodes, y));
      c.round(p.nodes, z);
    }
    REQUIRE(x.community_of == y.community_of);
    others_differ = others_differ || x.community_of != z.community_of;
  }
  REQUIRE(others_differ);  // or the seed would be of no use
}

TEST_CASE("level_search: one search serves quotient graphs of any size", "[tree]") {
  // All under one base, as the parts of a search are.
  const quotient_graph large = graph_of_leaves(random_graph(1, 200, 600, true));
  const quotient_graph small = graph_of_leaves(random_graph(2, 20, 60, true));
  const search_scope scope{12, {}, {}};
  level_search search(scope, 1, 1e-9, no_limit);
  for (const quotient_graph* l : {&large, &small, &large}) {
    partition g = search.singletons(*l);
    const double gain = search.round(*l, g);
    REQUIRE(value(g) == Approx(gain).margin(1e-9));
    check_partition(*l, scope, g);
  }
}

TEST_CASE("level_search: nothing to put together", "[tree]") {
  REQUIRE(search_graph(relation_graph()).community_of.empty());
  REQUIRE(search_graph(graph_of(1, {})).community_of == std::vector<node_id>{0});
  REQUIRE(search_graph(graph_of(3, {})).community_of == numbers_below(3));
  // One edge between two: both partitions save nothing.
  REQUIRE(search_graph(graph_of(2, {{0, 1, 1}})).community_of == numbers_below(2));
  // An isolated node is in no community.
  const partition found =
      search_graph(graph_of(7, {{0, 1, 1}, {0, 2, 1}, {1, 2, 1}, {3, 4, 1}, {3, 5, 1}, {4, 5, 1}}));
  REQUIRE(found.communities[found.community_of[6]].nodes == 1);
  REQUIRE(found.count() == 3);  // two components
  // No edges inside: `intra` counts none of them.
  const relation_graph across =
      graph_of(4, {{0, 2, 1}, {0, 3, 1}, {1, 2, 1}, {1, 3, 1}}, {0, 0, 1, 1});
  REQUIRE(search_graph(across, counted_edges::intra).community_of == numbers_below(4));
}

TEST_CASE("level_search: isolated nodes that are in a community", "[tree]") {
  // When the last of the others has left, rounding is all that the community has.
  for (std::uint64_t seed = 0; seed < 1200; ++seed) {
    CAPTURE(seed);
    problem p;
    if (seed < 1000) {  // 0.8 + 0.3 + 0.7 - 0.8 - 0.3 - 0.7 is not 0 in every order
      p.nodes = graph_of_leaves(graph_of(4, {{0, 1, 0.8}, {0, 2, 0.3}, {1, 2, 0.7}}));
    } else {
      p.nodes = graph_of_leaves(graph_of(40, random_graph(seed, 30, 60, true).edges()));
    }
    p.log_volume = std::log2(p.volume());
    level_search search = p.search(seed);
    partition g;
    g.community_of = random_numbers(p.nodes.size(), seed < 1000 ? 1 : 4, seed);
    search.measure(p.nodes, g);
    const double before = value(g);
    const double gain = search.round(p.nodes, g);
    REQUIRE(std::abs(value(g) - before - gain) <= 1e-9);
    REQUIRE(gain >= 0);
    check_partition(p.nodes, p.scope(), g);
  }
}

TEST_CASE("level_search: only edges that count decide", "[tree]") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 60, 200, true);
    const partition found = search_graph(g, counted_edges::intra);
    REQUIRE(found.count() < 60);
    for (node_id a = 0; a < 60; ++a)  // no edge leads over the border, so no community does
      for (node_id b = 0; b < a; ++b)
        if (found.community_of[a] == found.community_of[b]) REQUIRE(g.groups()[a] == g.groups()[b]);
  }
}

TEST_CASE("level_search: duplicate edges add up", "[tree]") {
  const relation_graph g = random_graph(5, 40, 120, true);
  auto edges = g.edges();
  for (auto& e : edges) e.weight /= 2;  // exact
  const auto half = edges;
  edges.insert(edges.end(), half.begin(), half.end());
  REQUIRE(search_graph(graph_of(40, edges)).community_of == search_graph(g).community_of);
}

TEST_CASE("level_search: large and regular graphs", "[tree]") {
  // A star: no community of several leaves without the middle saves anything.
  const partition around = search_graph(star(10000));
  for (const auto& each : around.communities)
    if (each.nodes > 1) REQUIRE(&each == &around.communities[around.community_of[0]]);
  const partition along = search_graph(path(100000), counted_edges::all, 2);
  REQUIRE(along.count() < 40000);
  const partition all = search_graph(complete_graph(120));
  REQUIRE(all.count() > 1);
}

TEST_CASE("level_search: weights from 1e-12 to 1e12", "[tree]") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    search_graph(extreme_graph(seed, 2 + seed % 60, (1 + seed % 7) * (seed % 60)));
  }
}

TEST_CASE("level_search: scaled weights change nothing", "[tree]") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 50, 150, true);
    const auto expected = search_graph(g).community_of;
    for (const double factor : {0x1p-40, 0x1p40}) {  // exact
      auto edges = g.edges();
      for (auto& e : edges) e.weight *= factor;
      REQUIRE(search_graph(graph_of(50, edges)).community_of == expected);
    }
  }
}
