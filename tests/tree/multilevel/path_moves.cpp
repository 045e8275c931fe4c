// SPDX-License-Identifier: MIT
#include <hint/tree/multilevel/path_moves.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <set>
#include <span>
#include <vector>

#include <hint/tree/structural_entropy.hpp>

#include "support/catch.hpp"
#include "tree/graphs.hpp"
#include "tree/search_oracle.hpp"

using namespace hint;
using namespace hint_tests;
using tree::counted_edges;
using tree::no_node;
using tree::detail::community;
using tree::detail::level_search;
using tree::detail::partition;
using tree::detail::path_moves;
using tree::detail::quotient_graph;

namespace {

/// Nodes in communities, these in communities of the next level, and so on.
struct tower {
  quotient_graph nodes;
  double log_volume = 0;
  std::size_t largest = no_limit;
  std::vector<partition> levels;  ///< the lowest first

  [[nodiscard]] std::span<partition> upper() { return std::span(levels).subspan(1); }
  [[nodiscard]] double least_gain() const { return 1e-12 * std::exp2(log_volume); }
  [[nodiscard]] path_moves moves() const { return {log_volume, least_gain(), largest}; }
};

/// Random communities on every level. There is room for a community of the lowest per node.
tower tower_on(quotient_graph nodes, std::size_t levels, std::uint64_t seed,
               std::size_t largest = no_limit) {
  tower t;
  t.nodes = std::move(nodes);
  t.largest = largest;
  for (const double v : t.nodes.volume) t.log_volume += v;
  t.log_volume = t.log_volume > 0 ? std::log2(t.log_volume) : 0;
  const level_search search({t.log_volume, {}, {}}, 0, 0, no_limit);
  tree::detail::quotient_builder quotient;
  std::vector<node_id> scratch;
  quotient_graph below = t.nodes;
  for (std::size_t s = 0; s < levels; ++s) {
    const std::size_t most = below.size() / 2 + 1;
    partition g;
    g.community_of = random_numbers(below.size(), most, 10 * seed + s);
    const node_id count = tree::detail::renumber(g.community_of, most, scratch);
    search.measure(below, g);
    below = quotient(below, g.community_of, count, false);
    t.levels.push_back(std::move(g));
  }
  if (levels > 1) t.levels[1].community_of.resize(t.nodes.size(), no_node);
  return t;
}
/// Seeds 0 .. 3 modulo 4 are with and without weights inside the nodes and limits.
tower random_tower(std::uint64_t seed, std::size_t n, std::size_t counted, std::size_t levels) {
  quotient_graph l = graph_of_leaves(random_graph(seed, n, counted, seed % 8 < 4));
  if (seed % 2 != 0) fill_inside(l, seed);
  if (seed % 4 > 1) tell_leaves(l, seed);
  return tower_on(std::move(l), levels, seed, seed % 4 > 1 ? 8 : no_limit);
}

/// The communities of all levels by definition: an edge counts in the lowest community over both
/// ends.
std::vector<std::vector<community>> groups_of(const tower& t) {
  const std::size_t n = t.nodes.size();
  std::vector<std::vector<community>> out;
  for (const partition& g : t.levels) out.emplace_back(g.communities.size());
  std::vector<std::vector<node_id>> path(n);
  std::vector<std::set<node_id>> children;
  for (node_id u = 0; u < n; ++u) {
    node_id id = u;
    for (const partition& g : t.levels) path[u].push_back(id = g.community_of[id]);
  }
  for (std::size_t s = 0; s < out.size(); ++s) {
    children.assign(out[s].size(), {});
    for (node_id u = 0; u < n; ++u) {
      community& mine = out[s][path[u][s]];
      mine.volume += t.nodes.volume[u];
      if (!t.nodes.leaves.empty()) mine.leaves += t.nodes.leaves[u];
      if (s == 0) mine.between += t.nodes.inside[u];
      children[path[u][s]].insert(s == 0 ? u : path[u][s - 1]);
      for (std::size_t i = t.nodes.begin[u]; i < t.nodes.begin[u + 1]; ++i) {
        const node_id v = t.nodes.ends[i];
        if (u < v && path[u][s] == path[v][s] && (s == 0 || path[u][s - 1] != path[v][s - 1]))
          mine.between += t.nodes.weights[i];
      }
    }
    for (std::size_t id = 0; id < out[s].size(); ++id) {
      out[s][id].nodes = static_cast<node_id>(children[id].size());
      if (out[s][id].volume > 0) out[s][id].log_ratio = t.log_volume - std::log2(out[s][id].volume);
    }
  }
  return out;
}
double value_of(const tower& t) {
  double sum = 0;
  for (const auto& level : groups_of(t))
    for (const community& g : level)
      if (g.between > 0) sum += g.value();
  return sum;
}
void check(const tower& t, double slack = 1e-9) {
  const auto expected = groups_of(t);
  for (std::size_t s = 0; s < expected.size(); ++s) {
    CAPTURE(s);
    check_communities(expected[s], t.levels[s], slack);
  }
}
/// Groups got no larger than allowed, or are what is left of one that was.
void check_largest(const tower& before, const tower& after) {
  for (std::size_t s = 0; s < after.levels.size(); ++s)
    for (std::size_t id = 0; id < after.levels[s].communities.size(); ++id) {
      if (after.levels[s].communities[id].leaves <= after.largest) continue;
      std::set<node_id> old;
      for (node_id u = 0; u < after.nodes.size(); ++u) {
        node_id now = u;
        node_id then = u;
        for (std::size_t below = 0; below <= s; ++below) {
          now = after.levels[below].community_of[now];
          then = before.levels[below].community_of[then];
        }
        if (now == id) old.insert(then);
      }
      REQUIRE(old.size() == 1);
    }
}
/// The tree of a graph whose nodes are those that are searched.
tree::encoding_tree as_tree(const relation_graph& g, const tower& t, counted_edges counted) {
  const auto root = static_cast<node_id>(g.size());
  std::vector<node_id> parents(g.size() + 1, no_node);
  std::size_t first = parents.size();
  std::size_t begin = 0;
  for (std::size_t s = 0; s < t.levels.size(); ++s) {
    for (std::size_t u = 0; u < (s == 0 ? g.size() : t.levels[s - 1].communities.size()); ++u) {
      const node_id id =
          u < t.levels[s].community_of.size() ? t.levels[s].community_of[u] : no_node;
      parents[begin + u] = id == no_node ? root : static_cast<node_id>(first + id);
    }
    begin = first;
    first += t.levels[s].communities.size();
    parents.resize(first, root);
  }
  return tree::detail::canonicalize(g, parents, static_cast<node_id>(g.size()), counted);
}

/// The most that the value of all levels can rise when one node moves to a community of the lowest
/// level that it is connected to, or into a new one under a community that it is connected to or
/// in.
double best_move(const tower& t) {
  const double before = value_of(t);
  double best = 0;
  const auto up = [&](std::size_t s, node_id id) { return t.levels[s].community_of[id]; };
  for (node_id u = 0; u < t.nodes.size(); ++u) {
    const auto fits = [&](std::size_t s, node_id id) {
      node_id mine = u;
      for (std::size_t below = 0; below <= s; ++below) mine = up(below, mine);
      for (;; ++s, id = up(s, id), mine = up(s, mine)) {
        if (!t.nodes.leaves.empty() && id != mine &&
            t.levels[s].communities[id].leaves + t.nodes.leaves[u] > t.largest)
          return false;
        if (s + 1 == t.levels.size()) return true;
      }
    };
    const auto consider = [&](node_id to, node_id parent) {
      tower other = t;
      other.levels[0].community_of[u] = to;
      if (parent != no_node) other.levels[1].community_of[to] = parent;
      best = (std::max)(best, value_of(other) - before);
    };
    std::set<node_id> communities;
    std::set<node_id> parents;
    for (std::size_t i = t.nodes.begin[u]; i < t.nodes.begin[u + 1]; ++i)
      communities.insert(up(0, t.nodes.ends[i]));
    for (const node_id id : communities) {
      if (t.levels.size() > 1) parents.insert(up(1, id));
      if (id != up(0, u) && fits(0, id)) consider(id, no_node);
    }
    if (t.levels.size() < 2 || t.levels[0].spare.empty()) continue;
    parents.insert(up(1, up(0, u)));
    for (const node_id id : parents)
      if (fits(1, id)) consider(t.levels[0].spare.back(), id);
  }
  return best;
}

}  // namespace

TEST_CASE("path_moves: by hand", "[tree]") {
  // Two triangles, each with its community; node 2 is with the wrong one.
  const relation_graph g = two_triangles(0.5);
  tower t = tower_on(graph_of_leaves(g), 2, 0);
  t.levels[0].community_of = {0, 0, 1, 1, 1, 1};
  t.levels[1].community_of = {0, 1, no_node, no_node, no_node, no_node};
  const level_search search({t.log_volume, {}, {}}, 0, 0, no_limit);
  search.measure(t.nodes, t.levels[0]);
  tree::detail::quotient_builder quotient;
  const quotient_graph communities = quotient(t.nodes, t.levels[0].community_of, 2, false);
  partition top;
  top.community_of = {0, 1};
  search.measure(communities, top);
  top.community_of.resize(6, no_node);
  t.levels[1] = top;
  check(t);
  // 1 log2(13/4) + 3.5 log2(13/9) before, 3 + 3 after.
  const double before = std::log2(13.0 / 4) + 3.5 * std::log2(13.0 / 9);
  REQUIRE(value_of(t) == Approx(before).epsilon(1e-12));
  // One round of moves in the order of numbers; 0 and 1 gain nothing by going over to 2.
  const double gain = t.moves().run(t.nodes, t.levels[0], t.upper(), numbers_below(6));
  check(t);
  REQUIRE(gain == Approx(value_of(t) - before).epsilon(1e-12));
  REQUIRE(t.levels[1].community_of[t.levels[0].community_of[0]] ==
          t.levels[1].community_of[t.levels[0].community_of[2]]);
  REQUIRE(t.levels[1].community_of[t.levels[0].community_of[0]] !=
          t.levels[1].community_of[t.levels[0].community_of[3]]);
}

TEST_CASE("path_moves: the gain is exact under 0 to 3 upper levels", "[tree]") {
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 1 + seed % 47;
    tower t = random_tower(seed, n, 1 + 3 * n, 1 + seed % 5 % 4);
    check(t);
    const tower start = t;
    path_moves moves = t.moves();
    double before = value_of(t);
    for (std::uint64_t run = 0; run < 3; ++run) {
      const auto order = permutation(static_cast<node_id>(n), {seed, run});
      const double gain = moves.run(t.nodes, t.levels[0], t.upper(), order);
      check(t);
      const double after = value_of(t);
      REQUIRE(gain >= 0);
      REQUIRE(after - before == Approx(gain).margin(1e-9));
      before = after;
    }
    check_largest(start, t);
  }
}

TEST_CASE("path_moves: rounds of the search under upper levels are exact", "[tree]") {
  for (std::size_t levels = 2; levels <= 4; ++levels)
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
      CAPTURE(levels, seed);
      const std::size_t n = 2 + seed % 59;
      tower t = random_tower(seed, n, 4 * n, levels);
      const tower start = t;
      level_search search({t.log_volume, {}, {}}, seed, t.least_gain(), t.largest);
      search.set_upper_levels(t.upper());
      double before = value_of(t);
      for (int round = 0; round < 3; ++round) {
        const double gain = search.round(t.nodes, t.levels[0]);
        check(t);
        const double after = value_of(t);
        REQUIRE(gain >= 0);
        REQUIRE(after - before == Approx(gain).margin(1e-9));
        before = after;
      }
      check_largest(start, t);
    }
}

TEST_CASE("path_moves: the value of all levels is the fall of the entropy", "[tree]") {
  for (std::uint64_t seed = 0; seed < 45; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 3 + seed;
    const relation_graph g = random_graph(seed, n, 4 * n, true);
    const auto counted = seed % 2 == 0 ? counted_edges::all : counted_edges::intra;
    tower t = tower_on(graph_of_leaves(g, counted), 2 + seed % 3, seed);
    const auto old = as_tree(g, t, counted);
    const double flat = flat_entropy(old);
    REQUIRE(flat - structural_entropy(old) == Approx(2 * value_of(t) / g.volume()).margin(1e-9));
    level_search search({t.log_volume, {}, {}}, seed, t.least_gain(), t.largest);
    search.set_upper_levels(t.upper());
    const double gain = search.round(t.nodes, t.levels[0]);
    const auto now = as_tree(g, t, counted);
    REQUIRE(structural_entropy(old) - structural_entropy(now) ==
            Approx(2 * gain / g.volume()).margin(1e-9));
    REQUIRE(structural_entropy(now) ==
            Approx(entropy_by_definition(g, parents_of(now), counted == counted_edges::intra))
                .margin(1e-9));
  }
}

TEST_CASE("path_moves: when nothing moves, no move of a node gains", "[tree]") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 2 + seed % 19;
    tower t = random_tower(seed, n, 3 * n, 1 + seed % 5 % 4);
    path_moves moves = t.moves();
    std::size_t runs = 0;
    while (moves.run(t.nodes, t.levels[0], t.upper(), numbers_below(n)) > 0) REQUIRE(++runs < 100);
    REQUIRE(best_move(t) <= 1e-9);
  }
}

TEST_CASE("path_moves: one object serves towers of any size", "[tree]") {
  path_moves moves(14, 1e-9, no_limit);
  for (const std::size_t n : {50U, 10U, 70U}) {
    CAPTURE(n);
    for (const std::size_t levels : {3U, 2U, 4U}) {
      tower t = tower_on(graph_of_leaves(random_graph(n, n, 3 * n, true)), levels, n);
      t.log_volume = 14;  // the root may hold more
      for (partition& g : t.levels)
        for (community& each : g.communities)
          each.log_ratio = each.volume > 0 ? 14 - std::log2(each.volume) : 0;
      const double before = value_of(t);
      const double gain = moves.run(t.nodes, t.levels[0], t.upper(), numbers_below(n));
      check(t);
      REQUIRE(value_of(t) - before == Approx(gain).margin(1e-9));
    }
  }
}

TEST_CASE("path_moves: isolated nodes that are in a community", "[tree]") {
  // When the last of the others has left, rounding is all that the community has.
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 4 + seed % 5;
    const relation_graph g =
        seed < 1800 ? random_graph(seed, n - 1, 2 * n, true) : random_graph(seed, n + 20, 80, true);
    tower t =
        tower_on(graph_of_leaves(graph_of(g.size() + 1 + seed % 3, g.edges())), 1 + seed % 4, seed);
    const double before = value_of(t);
    const auto order = permutation(static_cast<node_id>(t.nodes.size()), {seed, 1});
    const double gain = t.moves().run(t.nodes, t.levels[0], t.upper(), order);
    REQUIRE(std::abs(value_of(t) - before - gain) <= 1e-9);
    REQUIRE(gain >= 0);
    check(t);
  }
}

TEST_CASE("path_moves: nothing to move", "[tree]") {
  for (const std::size_t n : {0U, 1U, 5U}) {
    CAPTURE(n);
    tower t = tower_on(graph_of_leaves(graph_of(n, {})), 3, 1);
    const tower old = t;
    REQUIRE(t.moves().run(t.nodes, t.levels[0], t.upper(), numbers_below(n)) == 0);
    for (std::size_t s = 0; s < 3; ++s)
      REQUIRE(t.levels[s].community_of == old.levels[s].community_of);
  }
}

TEST_CASE("path_moves: regular, large and uneven graphs", "[tree]") {
  const auto try_on = [](const relation_graph& g, std::size_t levels, std::uint64_t seed) {
    tower t = tower_on(graph_of_leaves(g), levels, seed);
    const double before = value_of(t);
    level_search search({t.log_volume, {}, {}}, seed, t.least_gain(), no_limit);
    search.set_upper_levels(t.upper());
    const double gain = search.round(t.nodes, t.levels[0]);
    const double slack = 1e-9 * (1 + g.volume());
    check(t, slack);
    REQUIRE(gain >= 0);
    REQUIRE(std::abs(value_of(t) - before - gain) <= slack);
  };
  try_on(complete_graph(60), 3, 1);
  try_on(star(3000), 3, 2);
  try_on(path(10000), 4, 3);
  try_on(graph_of(8, {{0, 1, 1}, {0, 2, 1}, {1, 2, 1}, {3, 4, 1}, {3, 5, 1}, {4, 5, 1}}), 3, 4);
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    try_on(extreme_graph(seed, 2 + seed, 4 * seed), 2 + seed % 3, seed);
  }
}
