// SPDX-License-Identifier: MIT
// What the searches of tree/ must equal: partitions and trees weighed by definition, and the best
// ones of small graphs by trying all.
#ifndef HINT_TESTS_TREE_SEARCH_ORACLE_HPP
#define HINT_TESTS_TREE_SEARCH_ORACLE_HPP

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/tree/canonicalize.hpp>
#include <hint/tree/edges.hpp>
#include <hint/tree/encoding_tree.hpp>
#include <hint/tree/multilevel/level_search.hpp>
#include <hint/tree/multilevel/quotient_graph.hpp>
#include <hint/tree/structural_entropy.hpp>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

namespace hint_tests {

namespace detail = hint::tree::detail;

inline constexpr std::size_t no_limit = (std::numeric_limits<std::size_t>::max)();

/// The numbers 0 .. n-1.
inline std::vector<node_id> numbers_below(std::size_t n) {
  std::vector<node_id> out(n);
  std::iota(out.begin(), out.end(), 0U);
  return out;
}
/// n random numbers below `bound`.
inline std::vector<node_id> random_numbers(std::size_t n, std::size_t bound, std::uint64_t seed) {
  const hint::random_stream random{seed, hint::stream_id("random numbers")};
  std::vector<node_id> out(n);
  for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<node_id>(random.below(i, bound));
  return out;
}
inline detail::quotient_graph graph_of_leaves(
    const relation_graph& g, hint::tree::counted_edges counted = hint::tree::counted_edges::all) {
  return detail::leaf_graph(g, counted, numbers_below(g.size()));
}

/// Edges inside each node, at random.
inline void fill_inside(detail::quotient_graph& l, std::uint64_t seed) {
  const hint::random_stream random{seed, hint::stream_id("inside")};
  for (std::size_t u = 0; u < l.size(); ++u) {
    l.inside[u] = random.uniform(u);
    l.volume[u] += 2 * l.inside[u];
  }
}
/// 1 to 3 leaves in each node.
inline void tell_leaves(detail::quotient_graph& l, std::uint64_t seed) {
  l.leaves = random_numbers(l.size(), 3, seed);
  for (node_id& count : l.leaves) ++count;
}

/// Weights 10^-12 .. 10^12.
inline relation_graph extreme_graph(std::uint64_t seed, std::size_t nodes, std::size_t edges) {
  const hint::random_stream random{seed, hint::stream_id("extreme graph")};
  std::vector<weighted_edge> list = random_graph(seed, nodes, edges, false).edges();
  for (std::size_t i = 0; i < list.size(); ++i)
    list[i].weight = std::pow(10, 24 * random.uniform(i) - 12);
  return graph_of(nodes, list);
}
inline relation_graph complete_graph(std::size_t nodes) {
  std::vector<weighted_edge> edges;
  for (node_id a = 0; a < nodes; ++a)
    for (node_id b = 0; b < a; ++b) edges.push_back({a, b, 1});
  return graph_of(nodes, edges);
}
/// Cliques of 5, each connected to the next by one light edge. Clique c has the nodes c + i *
/// cliques.
inline relation_graph ring_of_cliques(node_id cliques) {
  std::vector<weighted_edge> edges;
  for (node_id c = 0; c < cliques; ++c) {
    for (node_id i = 0; i < 5; ++i)
      for (node_id j = 0; j < i; ++j) edges.push_back({cliques * i + c, cliques * j + c, 1});
    edges.push_back({c, cliques + (c + 1) % cliques, 0.5});
  }
  return graph_of(std::size_t{5} * cliques, edges);
}

/// log2 volume of the parent of each node's community.
inline std::vector<double> log_volumes_of(const detail::quotient_graph& l,
                                          const detail::search_scope& scope) {
  std::vector<double> out(l.size(), scope.log_volume);
  if (!scope.constraint.empty())
    for (std::size_t u = 0; u < l.size(); ++u) out[u] = scope.log_volumes[scope.constraint[u]];
  return out;
}

/// The communities of a partition by their definition, with every edge taken once.
inline std::vector<detail::community> communities_by_definition(
    const detail::quotient_graph& l, std::span<const node_id> of,
    const std::vector<double>& log_volumes, std::size_t numbers) {
  std::vector<detail::community> out(numbers);
  std::vector<double> above(numbers);
  for (node_id u = 0; u < l.size(); ++u) {
    detail::community& mine = out[of[u]];
    mine.volume += l.volume[u];
    mine.between += l.inside[u];
    ++mine.nodes;
    if (!l.leaves.empty()) mine.leaves += l.leaves[u];
    above[of[u]] = log_volumes[u];
    for (std::size_t i = l.begin[u]; i < l.begin[u + 1]; ++i)
      if (u < l.ends[i] && of[l.ends[i]] == of[u]) mine.between += l.weights[i];
  }
  for (std::size_t id = 0; id < numbers; ++id)
    if (out[id].volume > 0) out[id].log_ratio = above[id] - std::log2(out[id].volume);
  return out;
}
inline double value_by_definition(const detail::quotient_graph& l, std::span<const node_id> of,
                                  const std::vector<double>& log_volumes) {
  double sum = 0;
  const node_id most = of.empty() ? 0 : *std::max_element(of.begin(), of.end());
  for (const auto& each : communities_by_definition(l, of, log_volumes, most + std::size_t{1}))
    if (each.between > 0) sum += each.between * each.log_ratio;
  return sum;
}

/// The communities are what their definition says, to `slack`, and the numbers in no use are spare.
/// Volumes within `slack` of 0 may have any worth: it is the worth of rounding.
inline void check_communities(const std::vector<detail::community>& expected,
                              const detail::partition& g, double slack) {
  REQUIRE(g.communities.size() == expected.size());
  std::vector<node_id> spare = g.spare;
  std::sort(spare.begin(), spare.end());
  std::vector<node_id> unused;
  double volume = 0;
  double between = 0;
  double log_ratio = 0;
  bool counts = true;
  for (node_id id = 0; id < expected.size(); ++id) {
    const detail::community& mine = g.communities[id];
    const detail::community& right = expected[id];
    if (right.nodes == 0) unused.push_back(id);
    counts = counts && mine.nodes == right.nodes && mine.leaves == right.leaves;
    volume = (std::max)(volume, std::abs(mine.volume - right.volume));
    between = (std::max)(between, std::abs(mine.between - right.between));
    if (right.volume > slack)
      log_ratio = (std::max)(log_ratio, std::abs(mine.log_ratio - right.log_ratio));
    if (!std::isfinite(mine.value())) counts = false;
  }
  REQUIRE(counts);
  REQUIRE(volume <= slack);
  REQUIRE(between <= slack);
  REQUIRE(log_ratio <= 1e-9 * (1 + (slack > 1e-9 ? 1e9 : 0)));
  REQUIRE(spare == unused);
  REQUIRE(g.count() == expected.size() - unused.size());
}
inline void check_partition(const detail::quotient_graph& l, const detail::search_scope& scope,
                            const detail::partition& g, double slack = 1e-9) {
  REQUIRE(g.community_of.size() == l.size());
  REQUIRE(std::all_of(g.community_of.begin(), g.community_of.end(),
                      [&](node_id id) { return id < g.communities.size(); }));
  check_communities(
      communities_by_definition(l, g.community_of, log_volumes_of(l, scope), g.communities.size()),
      g, slack);
}

/// A quotient graph with what the search may be told about it, at random.
struct problem {
  detail::quotient_graph nodes;
  std::vector<node_id> constraint;
  std::vector<double> log_volumes;
  double log_volume = 0;
  std::size_t largest = no_limit;

  [[nodiscard]] detail::search_scope scope() const { return {log_volume, constraint, log_volumes}; }
  [[nodiscard]] double volume() const {
    return std::accumulate(nodes.volume.begin(), nodes.volume.end(), 0.0);
  }
  [[nodiscard]] detail::level_search search(std::uint64_t seed) const {
    return {scope(), seed, 1e-12 * volume(), largest};
  }
};

/// Seeds 0 .. 7 modulo 8 are all combinations of constraints, limits and weights inside the nodes.
inline problem random_problem(std::uint64_t seed, std::size_t n, std::size_t counted) {
  problem p;
  p.nodes = graph_of_leaves(random_graph(seed, n, counted, seed % 16 < 8));
  if (seed % 2 != 0) fill_inside(p.nodes, seed);
  if (seed % 4 > 1) {
    p.largest = 5;
    tell_leaves(p.nodes, seed);
  }
  p.log_volume = std::log2(p.volume() + 1e-300);
  if (seed % 8 > 3) {
    p.constraint = random_numbers(n, 3, seed);
    p.nodes = detail::edges_within(p.nodes, p.constraint);
    std::vector<double> volumes(3);
    for (node_id u = 0; u < n; ++u) volumes[p.constraint[u]] += p.nodes.volume[u];
    for (const double v : volumes) p.log_volumes.push_back(v > 0 ? std::log2(v) : 0);
    p.log_volume = 0;
  }
  return p;
}

/// f(of) for all partitions of n nodes: each node in a community of one before it or in the next
/// one.
template <class F>
void for_each_partition(std::size_t n, F&& f) {
  std::vector<node_id> of(n);
  for (;;) {
    f(of);
    std::size_t i = n;
    while (i-- > 1) {
      const node_id most = *std::max_element(of.begin(), of.begin() + static_cast<int>(i));
      if (of[i] <= most) break;
    }
    if (i == 0 || i >= n) return;
    ++of[i];
    std::fill(of.begin() + static_cast<int>(i) + 1, of.end(), 0U);
  }
}

/// The lowest entropy of all trees up to a height, over all subsets of the nodes as communities:
/// 4^n steps for each level.
inline double least_entropy(const relation_graph& g, std::size_t height,
                            hint::tree::counted_edges counted = hint::tree::counted_edges::all) {
  const std::size_t n = g.size();
  const std::size_t all = (std::size_t{1} << n) - 1;
  const double total = g.volume();
  const double flat = flat_entropy(hint::tree::encoding_tree::flat(g, counted));
  if (!(total > 0)) return flat;
  std::vector<double> inside(all + 1);
  std::vector<double> log_ratio(all + 1);
  for (std::size_t set = 1; set <= all; ++set) {
    double volume = 0;
    for (node_id v = 0; v < n; ++v) volume += (set >> v & 1) != 0 ? g.degree(v) : 0;
    for (const auto& [a, b, weight] : g.edges())
      if ((set >> a & 1) != 0 && (set >> b & 1) != 0 && detail::counts(g, counted, a, b))
        inside[set] += weight;
    log_ratio[set] = volume > 0 ? std::log2(total / volume) : 0;
  }
  // best[set]: the sum of between * worth over the communities in a tree over the set.
  std::vector<double> best(all + 1, -std::numeric_limits<double>::infinity());
  for (node_id v = 0; v < n; ++v) best[std::size_t{1} << v] = 0;
  for (std::size_t h = 0; h < height; ++h) {
    const std::vector<double> lower = best;
    std::vector<double> parts(all + 1);
    for (std::size_t set = 1; set <= all; ++set) {
      if (std::has_single_bit(set)) continue;
      for (std::size_t rest = set & (~set + 1); rest <= set; ++rest) {
        if ((rest & set) != rest) continue;
        const std::size_t first = rest & (~rest + 1);
        parts[rest] = -std::numeric_limits<double>::infinity();
        for (std::size_t part = rest; part > 0; part = (part - 1) & rest)
          if ((part & first) != 0)
            parts[rest] = (std::max)(parts[rest], lower[part] - inside[part] * log_ratio[set] +
                                                      (part == rest ? 0 : parts[rest & ~part]));
      }
      best[set] = (std::max)(best[set], inside[set] * log_ratio[set] + parts[set]);
    }
  }
  return flat - 2 * best[all] / total;
}

/// The tree of height 2 or less with these communities.
inline hint::tree::encoding_tree tree_of(
    const relation_graph& g, std::span<const node_id> of,
    hint::tree::counted_edges counted = hint::tree::counted_edges::all) {
  const auto first = static_cast<node_id>(g.size() + 1);
  std::vector<node_id> parents(first, hint::tree::no_node);
  for (node_id v = 0; v < g.size(); ++v) parents[v] = first + of[v];
  for (std::size_t id = 0; id < g.size(); ++id) parents.push_back(first - 1);
  return detail::canonicalize(g, parents, static_cast<node_id>(g.size()), counted);
}

}  // namespace hint_tests

#endif
