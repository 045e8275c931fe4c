// SPDX-License-Identifier: MIT
// What the searches of tree/ must equal: groupings and trees weighed by definition, and the best
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
#include <hint/tree/multilevel/assemble.hpp>
#include <hint/tree/encoding_tree.hpp>
#include <hint/tree/multilevel/layer.hpp>
#include <hint/tree/multilevel/level_search.hpp>
#include <hint/tree/links.hpp>
#include <hint/tree/structural_entropy.hpp>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

namespace hint_tests {

namespace detail = hint::tree::detail;

inline constexpr std::size_t no_limit = (std::numeric_limits<std::size_t>::max)();

/// The numbers 0 .. n-1.
inline std::vector<node_id> counted(std::size_t n) {
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
inline detail::layer layer_of(const relation_graph& g,
                              hint::tree::link_counts links = hint::tree::link_counts::all) {
  return detail::leaf_layer(g, links, counted(g.size()));
}

/// Links inside each unit, at random.
inline void fill_inside(detail::layer& l, std::uint64_t seed) {
  const hint::random_stream random{seed, hint::stream_id("inside")};
  for (std::size_t u = 0; u < l.size(); ++u) {
    l.inside[u] = random.uniform(u);
    l.volume[u] += 2 * l.inside[u];
  }
}
/// 1 to 3 leaves in each unit.
inline void tell_leaves(detail::layer& l, std::uint64_t seed) {
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
/// Cliques of 5, each linked to the next by one light link. Clique c has the nodes c + i * cliques.
inline relation_graph ring_of_cliques(node_id cliques) {
  std::vector<weighted_edge> edges;
  for (node_id c = 0; c < cliques; ++c) {
    for (node_id i = 0; i < 5; ++i)
      for (node_id j = 0; j < i; ++j) edges.push_back({cliques * i + c, cliques * j + c, 1});
    edges.push_back({c, cliques + (c + 1) % cliques, 0.5});
  }
  return graph_of(std::size_t{5} * cliques, edges);
}

/// log2 volume of what each unit's group hangs under.
inline std::vector<double> bases_of(const detail::layer& l, const detail::search_scope& scope) {
  std::vector<double> out(l.size(), scope.base);
  if (!scope.fence.empty())
    for (std::size_t u = 0; u < l.size(); ++u) out[u] = scope.bases[scope.fence[u]];
  return out;
}

/// The groups of a grouping by their definition, with every link taken once.
inline std::vector<detail::group> groups_by_definition(const detail::layer& l,
                                                       std::span<const node_id> of,
                                                       const std::vector<double>& bases,
                                                       std::size_t numbers) {
  std::vector<detail::group> out(numbers);
  std::vector<double> above(numbers);
  for (node_id u = 0; u < l.size(); ++u) {
    detail::group& mine = out[of[u]];
    mine.volume += l.volume[u];
    mine.between += l.inside[u];
    ++mine.units;
    if (!l.leaves.empty()) mine.leaves += l.leaves[u];
    above[of[u]] = bases[u];
    for (std::size_t i = l.begin[u]; i < l.begin[u + 1]; ++i)
      if (u < l.ends[i] && of[l.ends[i]] == of[u]) mine.between += l.weights[i];
  }
  for (std::size_t id = 0; id < numbers; ++id)
    if (out[id].volume > 0) out[id].worth = above[id] - std::log2(out[id].volume);
  return out;
}
inline double value_by_definition(const detail::layer& l, std::span<const node_id> of,
                                  const std::vector<double>& bases) {
  double sum = 0;
  const node_id most = of.empty() ? 0 : *std::max_element(of.begin(), of.end());
  for (const auto& each : groups_by_definition(l, of, bases, most + std::size_t{1}))
    if (each.between > 0) sum += each.between * each.worth;
  return sum;
}

/// The groups are what their definition says, to `slack`, and the numbers in no use are spare.
/// Volumes within `slack` of 0 may have any worth: it is the worth of rounding.
inline void check_groups(const std::vector<detail::group>& expected, const detail::grouping& g,
                         double slack) {
  REQUIRE(g.groups.size() == expected.size());
  std::vector<node_id> spare = g.spare;
  std::sort(spare.begin(), spare.end());
  std::vector<node_id> unused;
  double volume = 0;
  double between = 0;
  double worth = 0;
  bool counts = true;
  for (node_id id = 0; id < expected.size(); ++id) {
    const detail::group& mine = g.groups[id];
    const detail::group& right = expected[id];
    if (right.units == 0) unused.push_back(id);
    counts = counts && mine.units == right.units && mine.leaves == right.leaves;
    volume = (std::max)(volume, std::abs(mine.volume - right.volume));
    between = (std::max)(between, std::abs(mine.between - right.between));
    if (right.volume > slack) worth = (std::max)(worth, std::abs(mine.worth - right.worth));
    if (!std::isfinite(mine.value())) counts = false;
  }
  REQUIRE(counts);
  REQUIRE(volume <= slack);
  REQUIRE(between <= slack);
  REQUIRE(worth <= 1e-9 * (1 + (slack > 1e-9 ? 1e9 : 0)));
  REQUIRE(spare == unused);
  REQUIRE(g.count() == expected.size() - unused.size());
}
inline void check_grouping(const detail::layer& l, const detail::search_scope& scope,
                           const detail::grouping& g, double slack = 1e-9) {
  REQUIRE(g.of.size() == l.size());
  REQUIRE(std::all_of(g.of.begin(), g.of.end(), [&](node_id id) { return id < g.groups.size(); }));
  check_groups(groups_by_definition(l, g.of, bases_of(l, scope), g.groups.size()), g, slack);
}

/// A layer with what the search may be told about it, at random.
struct problem {
  detail::layer units;
  std::vector<node_id> fence;
  std::vector<double> bases;
  double base = 0;
  std::size_t largest = no_limit;

  [[nodiscard]] detail::search_scope scope() const { return {base, fence, bases}; }
  [[nodiscard]] double volume() const {
    return std::accumulate(units.volume.begin(), units.volume.end(), 0.0);
  }
  [[nodiscard]] detail::level_search search(std::uint64_t seed) const {
    return {scope(), seed, 1e-12 * volume(), largest};
  }
};

/// Seeds 0 .. 7 modulo 8 are all combinations of fences, limits and weights inside the units.
inline problem random_problem(std::uint64_t seed, std::size_t n, std::size_t links) {
  problem p;
  p.units = layer_of(random_graph(seed, n, links, seed % 16 < 8));
  if (seed % 2 != 0) fill_inside(p.units, seed);
  if (seed % 4 > 1) {
    p.largest = 5;
    tell_leaves(p.units, seed);
  }
  p.base = std::log2(p.volume() + 1e-300);
  if (seed % 8 > 3) {
    p.fence = random_numbers(n, 3, seed);
    p.units = detail::within(p.units, p.fence);
    std::vector<double> volumes(3);
    for (node_id u = 0; u < n; ++u) volumes[p.fence[u]] += p.units.volume[u];
    for (const double v : volumes) p.bases.push_back(v > 0 ? std::log2(v) : 0);
    p.base = 0;
  }
  return p;
}

/// f(of) for all partitions of n units: each unit in a group of one before it or in the next one.
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
                            hint::tree::link_counts links = hint::tree::link_counts::all) {
  const std::size_t n = g.size();
  const std::size_t all = (std::size_t{1} << n) - 1;
  const double total = g.volume();
  const double flat = flat_entropy(hint::tree::encoding_tree::flat(g, links));
  if (!(total > 0)) return flat;
  std::vector<double> inside(all + 1);
  std::vector<double> worth(all + 1);
  for (std::size_t set = 1; set <= all; ++set) {
    double volume = 0;
    for (node_id v = 0; v < n; ++v) volume += (set >> v & 1) != 0 ? g.degree(v) : 0;
    for (const auto& [a, b, weight] : g.edges())
      if ((set >> a & 1) != 0 && (set >> b & 1) != 0 && detail::counts(g, links, a, b))
        inside[set] += weight;
    worth[set] = volume > 0 ? std::log2(total / volume) : 0;
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
            parts[rest] = (std::max)(parts[rest], lower[part] - inside[part] * worth[set] +
                                                      (part == rest ? 0 : parts[rest & ~part]));
      }
      best[set] = (std::max)(best[set], inside[set] * worth[set] + parts[set]);
    }
  }
  return flat - 2 * best[all] / total;
}

/// The tree of height 2 or less whose communities are the groups.
inline hint::tree::encoding_tree tree_of(
    const relation_graph& g, std::span<const node_id> of,
    hint::tree::link_counts links = hint::tree::link_counts::all) {
  const auto first = static_cast<node_id>(g.size() + 1);
  std::vector<node_id> parents(first, hint::tree::no_node);
  for (node_id v = 0; v < g.size(); ++v) parents[v] = first + of[v];
  for (std::size_t id = 0; id < g.size(); ++id) parents.push_back(first - 1);
  return detail::assemble(g, parents, links);
}

}  // namespace hint_tests

#endif
