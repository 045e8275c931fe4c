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
using tree::link_counts;
using tree::detail::grouping;
using tree::detail::layer;
using tree::detail::level_search;
using tree::detail::search_scope;
using tree::detail::value;

namespace {

/// Groups at random, inside fences and limits.
grouping random_groups(const problem& p, const level_search& search, std::uint64_t seed) {
  const std::size_t n = p.units.size();
  grouping g = search.singletons(p.units);
  const auto wish = random_numbers(n, n + 1, seed + 1000);
  std::vector<std::size_t> leaves(n);
  for (node_id u = 0; u < n; ++u) {
    const std::size_t mine = p.units.leaves.empty() ? 1 : p.units.leaves[u];
    const node_id to = wish[u] / 3;
    const bool fits = to < u && g.of[to] == to && (p.fence.empty() || p.fence[to] == p.fence[u]) &&
                      (p.units.leaves.empty() || leaves[to] + mine <= p.largest);
    g.of[u] = fits ? to : u;
    leaves[g.of[u]] += mine;
  }
  search.measure(p.units, g);
  return g;
}
void check_bounds(const problem& p, const grouping& g) {
  std::vector<node_id> fence(p.units.size(), tree::no_node);
  for (node_id u = 0; u < p.units.size(); ++u) {
    if (p.fence.empty()) break;
    node_id& mine = fence[g.of[u]];
    if (mine == tree::no_node) mine = p.fence[u];
    REQUIRE(mine == p.fence[u]);
  }
  if (!p.units.leaves.empty())
    for (const auto& each : g.groups) REQUIRE(each.leaves <= p.largest);
}
/// The most that the value can rise when one unit moves to a group that it is linked to and that
/// has room for it, or to one of its own.
double best_move(const problem& p, const grouping& g) {
  const layer& l = p.units;
  const auto bases = bases_of(l, p.scope());
  const double before = value_by_definition(l, g.of, bases);
  double best = 0;
  for (node_id u = 0; u < l.size(); ++u) {
    std::vector<node_id> targets;
    if (!g.spare.empty()) targets.push_back(g.spare.front());
    for (std::size_t i = l.begin[u]; i < l.begin[u + 1]; ++i) targets.push_back(g.of[l.ends[i]]);
    for (const node_id to : targets) {
      if (to == g.of[u] || (!l.leaves.empty() && g.groups[to].leaves + l.leaves[u] > p.largest))
        continue;
      std::vector<node_id> of = g.of;
      of[u] = to;
      best = (std::max)(best, value_by_definition(l, of, bases) - before);
    }
  }
  return best;
}

/// The groups of the best of 30 searches, each of rounds until two in turn gain nothing.
grouping best_of_30(const problem& p) {
  grouping best;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    level_search search = p.search(seed);
    grouping g = search.singletons(p.units);
    for (int idle = 0; idle < 2;) idle = search.round(p.units, g) > 0 ? 0 : idle + 1;
    if (seed == 0 || value(g) > value(best)) best = g;
  }
  return best;
}

/// Searches a whole graph and returns the groups; the gain is exact, the groups are what they say.
grouping search_graph(const relation_graph& g, link_counts links = link_counts::all,
                      std::size_t rounds = 4) {
  problem p;
  p.units = layer_of(g, links);
  p.base = p.volume() > 0 ? std::log2(p.volume()) : 0;
  level_search search = p.search(1);
  grouping found = search.singletons(p.units);
  double gain = 0;
  for (std::size_t round = 0; round < rounds; ++round) {
    const double more = search.round(p.units, found);
    REQUIRE(more >= 0);
    gain += more;
  }
  const double slack = 1e-9 * (1 + p.volume());
  check_grouping(p.units, p.scope(), found, slack);
  REQUIRE(std::abs(value(found) - gain) <= slack);
  const auto t = tree_of(g, found.of, links);
  if (p.volume() > 0) {
    const double fall = flat_entropy(t) - structural_entropy(t);
    REQUIRE(std::abs(2 * gain / p.volume() - fall) <= 1e-9);
  }
  return found;
}

}  // namespace

TEST_CASE("level_search: two triangles by hand", "[tree]") {
  const grouping found = search_graph(two_triangles(0.5));
  REQUIRE((found.of[0] == found.of[1] && found.of[0] == found.of[2]));
  REQUIRE((found.of[3] == found.of[4] && found.of[3] == found.of[5]));
  REQUIRE(found.of[0] != found.of[3]);
  REQUIRE(found.count() == 2);
  const auto& group = found.groups[found.of[0]];
  REQUIRE((group.volume == 6.5 && group.between == 3 && group.units == 3));
  REQUIRE(group.worth == Approx(1).epsilon(1e-14));  // half of the volume
  REQUIRE(value(found) == Approx(6).epsilon(1e-14));
}

TEST_CASE("level_search: single units and measured groups", "[tree]") {
  for (std::uint64_t seed = 0; seed < 48; ++seed) {
    CAPTURE(seed);
    const problem p = random_problem(seed, 2 + seed, 3 * seed);
    const level_search search = p.search(0);
    const grouping single = search.singletons(p.units);
    REQUIRE(single.of == counted(p.units.size()));
    REQUIRE(single.count() == p.units.size());
    check_grouping(p.units, p.scope(), single);
    grouping g = random_groups(p, search, seed);
    check_grouping(p.units, p.scope(), g);
    REQUIRE(value(g) ==
            Approx(value_by_definition(p.units, g.of, bases_of(p.units, p.scope()))).margin(1e-9));
    grouping dirty = g;  // what was there before is of no influence
    dirty.spare = {1, 1, 1};
    for (auto& each : dirty.groups) each = {7, 7, 7, 7, 7};
    search.measure(p.units, dirty);
    REQUIRE((dirty.spare == g.spare && value(dirty) == value(g)));
  }
}

TEST_CASE("level_search: the value of groups is the fall of the entropy", "[tree]") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 2 + seed;
    const relation_graph g = random_graph(seed, n, 3 * n, true);
    for (const auto links : {link_counts::all, link_counts::intra}) {
      grouping some;
      some.of = random_numbers(n, (n + 2) / 3, seed);
      const layer l = layer_of(g, links);
      level_search({std::log2(g.volume()), {}, {}}, 0, 0, no_limit).measure(l, some);
      std::vector<node_id> parents(n + 1 + n, static_cast<node_id>(2 * n));
      for (node_id v = 0; v < n; ++v) parents[v] = static_cast<node_id>(n + some.of[v]);
      const std::vector<node_id> flat(n, static_cast<node_id>(n));
      const bool intra = links == link_counts::intra;
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
    grouping g = seed % 3 == 0 ? search.singletons(p.units) : random_groups(p, search, seed);
    check_bounds(p, g);
    for (int round = 0; round < 4; ++round) {
      CAPTURE(round);
      const double before = value(g);
      const double gain = search.round(p.units, g);
      REQUIRE(gain >= 0);
      REQUIRE(value(g) - before == Approx(gain).margin(1e-9));
      check_grouping(p.units, p.scope(), g);
      check_bounds(p, g);
    }
  }
}

TEST_CASE("level_search: when a round gains nothing, no move of a unit does", "[tree]") {
  for (std::uint64_t seed = 0; seed < 80; ++seed) {
    CAPTURE(seed);
    const problem p = random_problem(seed, 2 + seed % 29, 3 * (seed % 29));
    level_search search = p.search(seed);
    grouping g = seed % 3 == 0 ? search.singletons(p.units) : random_groups(p, search, seed);
    std::size_t rounds = 0;
    while (search.round(p.units, g) > 0) REQUIRE(++rounds < 100);
    REQUIRE(best_move(p, g) <= 1e-9);
  }
}

TEST_CASE("level_search: small graphs against all partitions", "[tree]") {
  int optimal = 0;
  for (std::uint64_t seed = 0; seed < 96; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 2 + seed % 7;
    const problem p = random_problem(seed, n, n + seed % 9);
    const auto bases = bases_of(p.units, p.scope());
    double most = 0;
    for_each_partition(n, [&](const std::vector<node_id>& of) {
      std::vector<std::size_t> leaves(n);
      for (node_id u = 0; u < n; ++u) {
        if (!p.units.leaves.empty() && (leaves[of[u]] += p.units.leaves[u]) > p.largest) return;
        for (node_id v = 0; v < u && !p.fence.empty(); ++v)
          if (of[u] == of[v] && p.fence[u] != p.fence[v]) return;
      }
      most = (std::max)(most, value_by_definition(p.units, of, bases));
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
    p.units = layer_of(g);
    p.base = std::log2(g.volume());
    const double found = structural_entropy(tree_of(g, best_of_30(p).of));
    const double least = least_entropy(g, 2);
    REQUIRE(found >= least - 1e-9);
    optimal += found <= least + 1e-9;
  }
  REQUIRE(optimal >= 37);  // of 40
}

TEST_CASE("level_search: cliques in a ring are found", "[tree]") {
  const grouping found = search_graph(ring_of_cliques(40), link_counts::all, 6);
  REQUIRE(found.count() <= 40);
  for (node_id v = 40; v < 200; ++v) REQUIRE(found.of[v] == found.of[v % 40]);
}

TEST_CASE("level_search: groups that are too large take in nobody", "[tree]") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    problem p;
    p.units = layer_of(random_graph(seed, 40, 120, true));
    p.units.leaves.assign(40, 1);
    p.base = std::log2(p.volume());
    p.largest = 6;
    level_search search = p.search(seed);
    grouping g;
    g.of.assign(40, 0);  // 20 in group 0, the others alone
    for (node_id u = 20; u < 40; ++u) g.of[u] = u;
    search.measure(p.units, g);
    for (int round = 0; round < 4; ++round) {
      search.round(p.units, g);
      check_grouping(p.units, p.scope(), g);
      for (node_id u = 20; u < 40; ++u) REQUIRE(g.groups[g.of[u]].leaves <= 6);
    }
  }
}

TEST_CASE("level_search: the same seed, the same groups", "[tree]") {
  bool others_differ = false;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const problem p = random_problem(seed, 150, 500);
    level_search a = p.search(seed);
    level_search b = p.search(seed);
    level_search c = p.search(seed + 1);
    grouping x = a.singletons(p.units);
    grouping y = x;
    grouping z = x;
    for (int round = 0; round < 3; ++round) {
      REQUIRE(a.round(p.units, x) == b.round(p.units, y));
      c.round(p.units, z);
    }
    REQUIRE(x.of == y.of);
    others_differ = others_differ || x.of != z.of;
  }
  REQUIRE(others_differ);  // or the seed would be of no use
}

TEST_CASE("level_search: one search serves layers of any size", "[tree]") {
  // All under one base, as the parts of a search are.
  const layer large = layer_of(random_graph(1, 200, 600, true));
  const layer small = layer_of(random_graph(2, 20, 60, true));
  const search_scope scope{12, {}, {}};
  level_search search(scope, 1, 1e-9, no_limit);
  for (const layer* l : {&large, &small, &large}) {
    grouping g = search.singletons(*l);
    const double gain = search.round(*l, g);
    REQUIRE(value(g) == Approx(gain).margin(1e-9));
    check_grouping(*l, scope, g);
  }
}

TEST_CASE("level_search: nothing to group", "[tree]") {
  REQUIRE(search_graph(relation_graph()).of.empty());
  REQUIRE(search_graph(graph_of(1, {})).of == std::vector<node_id>{0});
  REQUIRE(search_graph(graph_of(3, {})).of == counted(3));
  // One link between two: both groupings save nothing.
  REQUIRE(search_graph(graph_of(2, {{0, 1, 1}})).of == counted(2));
  // An isolated node is in no group.
  const grouping found =
      search_graph(graph_of(7, {{0, 1, 1}, {0, 2, 1}, {1, 2, 1}, {3, 4, 1}, {3, 5, 1}, {4, 5, 1}}));
  REQUIRE(found.groups[found.of[6]].units == 1);
  REQUIRE(found.count() == 3);  // two components
  // No links inside: `intra` counts none of them.
  const relation_graph across =
      graph_of(4, {{0, 2, 1}, {0, 3, 1}, {1, 2, 1}, {1, 3, 1}}, {0, 0, 1, 1});
  REQUIRE(search_graph(across, link_counts::intra).of == counted(4));
}

TEST_CASE("level_search: isolated nodes that are in a group", "[tree]") {
  // When the last of the others has left, rounding is all that the group has.
  for (std::uint64_t seed = 0; seed < 1200; ++seed) {
    CAPTURE(seed);
    problem p;
    if (seed < 1000) {  // 0.8 + 0.3 + 0.7 - 0.8 - 0.3 - 0.7 is not 0 in every order
      p.units = layer_of(graph_of(4, {{0, 1, 0.8}, {0, 2, 0.3}, {1, 2, 0.7}}));
    } else {
      p.units = layer_of(graph_of(40, random_graph(seed, 30, 60, true).edges()));
    }
    p.base = std::log2(p.volume());
    level_search search = p.search(seed);
    grouping g;
    g.of = random_numbers(p.units.size(), seed < 1000 ? 1 : 4, seed);
    search.measure(p.units, g);
    const double before = value(g);
    const double gain = search.round(p.units, g);
    REQUIRE(std::abs(value(g) - before - gain) <= 1e-9);
    REQUIRE(gain >= 0);
    check_grouping(p.units, p.scope(), g);
  }
}

TEST_CASE("level_search: only links that count decide", "[tree]") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 60, 200, true);
    const grouping found = search_graph(g, link_counts::intra);
    REQUIRE(found.count() < 60);
    for (node_id a = 0; a < 60; ++a)  // no link leads over the border, so no group does
      for (node_id b = 0; b < a; ++b)
        if (found.of[a] == found.of[b]) REQUIRE(g.groups()[a] == g.groups()[b]);
  }
}

TEST_CASE("level_search: duplicate edges add up", "[tree]") {
  const relation_graph g = random_graph(5, 40, 120, true);
  auto edges = g.edges();
  for (auto& e : edges) e.weight /= 2;  // exact
  const auto half = edges;
  edges.insert(edges.end(), half.begin(), half.end());
  REQUIRE(search_graph(graph_of(40, edges)).of == search_graph(g).of);
}

TEST_CASE("level_search: large and regular graphs", "[tree]") {
  // A star: no group of several leaves without the middle saves anything.
  const grouping around = search_graph(star(10000));
  for (const auto& each : around.groups)
    if (each.units > 1) REQUIRE(&each == &around.groups[around.of[0]]);
  const grouping along = search_graph(path(100000), link_counts::all, 2);
  REQUIRE(along.count() < 40000);
  const grouping all = search_graph(complete_graph(120));
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
    const auto expected = search_graph(g).of;
    for (const double factor : {0x1p-40, 0x1p40}) {  // exact
      auto edges = g.edges();
      for (auto& e : edges) e.weight *= factor;
      REQUIRE(search_graph(graph_of(50, edges)).of == expected);
    }
  }
}
