// SPDX-License-Identifier: MIT
// The 32 kinds of graphs on which the presets of tree/ are compared, of any size and the same on
// every run.
#ifndef HINT_BENCH_TREE_PRESETS_GRAPH_KINDS_HPP
#define HINT_BENCH_TREE_PRESETS_GRAPH_KINDS_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/core/relation_graph.hpp>

namespace tree_presets {

/// A graph in the making.
struct edge_list {
  std::size_t nodes = 0;
  std::vector<hint::weighted_edge> edges;

  /// Self loops are left out; of an edge added twice the larger weight stays.
  void add(std::size_t a, std::size_t b, double weight = 1) {
    if (a == b) return;
    nodes = (std::max)({nodes, a + 1, b + 1});
    edges.push_back({static_cast<hint::node_id>(a), static_cast<hint::node_id>(b), weight});
  }
  void add_clique(std::size_t first, std::size_t size) {
    for (std::size_t a = first; a < first + size; ++a)
      for (std::size_t b = first; b < a; ++b) add(a, b);
  }
  /// Puts another graph beside this one.
  void append(const edge_list& other) {
    const std::size_t first = nodes;
    for (const auto& [a, b, weight] : other.edges) add(first + a, first + b, weight);
    nodes = first + other.nodes;
  }
  [[nodiscard]] hint::relation_graph graph() const {
    return hint::relation_graph::from_edges(nodes, edges, hint::duplicate_edges::largest);
  }
};

// -- long and thin

inline edge_list path(std::size_t n) {
  edge_list g;
  for (std::size_t v = 1; v < n; ++v) g.add(v - 1, v);
  return g;
}
/// Weights 1, 10, 100 and 1000.
inline edge_list weighted_path(std::size_t n) {
  const hint::random_stream random(1, hint::stream_id("weighted path"));
  edge_list g = path(n);
  for (auto& e : g.edges) e.weight = std::pow(10.0, static_cast<double>(random.below(e.a, 4)));
  return g;
}
/// Each node has edges to the next `reach` ones.
inline edge_list ring(std::size_t n, std::size_t reach) {
  edge_list g;
  for (std::size_t v = 0; v < n; ++v)
    for (std::size_t step = 1; step <= reach; ++step) g.add(v, (v + step) % n);
  return g;
}
inline edge_list cycle(std::size_t n) { return ring(n, 1); }
inline edge_list ring_lattice(std::size_t n) { return ring(n, 3); }
inline edge_list ladder(std::size_t n) {
  edge_list g;
  for (std::size_t v = 2; v < n; ++v) g.add(v - 2, v);
  for (std::size_t v = 1; v < n; v += 2) g.add(v - 1, v);
  return g;
}
/// Watts and Strogatz 1998: a ring, of whose edges a share has one end moved.
inline edge_list small_world(std::size_t n, std::size_t reach, double moved) {
  const hint::random_stream random(2, hint::stream_id("small world"));
  edge_list g;
  for (const auto& [a, b, weight] : ring(n, reach).edges) {
    const std::size_t i = 2 * g.edges.size();
    g.add(a, random.uniform(i) < moved ? random.below(i + 1, n) : b, weight);
  }
  return g;
}
inline edge_list orderly_world(std::size_t n) { return small_world(n, 2, 0.05); }
inline edge_list random_world(std::size_t n) { return small_world(n, 3, 0.3); }

// -- trees

inline edge_list binary_tree(std::size_t n) {
  edge_list g;
  for (std::size_t v = 1; v < n; ++v) g.add((v - 1) / 2, v);
  return g;
}
inline edge_list random_tree(std::size_t n) {
  const hint::random_stream random(3, hint::stream_id("random tree"));
  edge_list g;
  for (std::size_t v = 1; v < n; ++v) g.add(random.below(v, v), v);
  return g;
}
/// A path with three leaves at each node.
inline edge_list caterpillar(std::size_t n) {
  edge_list g;
  for (std::size_t v = 1; v < n; ++v) g.add(v % 4 != 0 ? v - v % 4 : v - 4, v);
  return g;
}
inline edge_list star(std::size_t n) {
  edge_list g;
  for (std::size_t v = 1; v < n; ++v) g.add(0, v);
  return g;
}
/// Paths of 20 nodes that begin at one centre.
inline edge_list spider(std::size_t n) {
  edge_list g;
  for (std::size_t v = 1; v < n; ++v) g.add(v % 20 == 1 ? 0 : v - 1, v);
  return g;
}
/// A star whose leaves are a cycle.
inline edge_list wheel(std::size_t n) {
  edge_list g = star(n);
  for (std::size_t v = 1; v < n; ++v) g.add(v, v + 1 < n ? v + 1 : 1);
  return g;
}

// -- grids

inline std::size_t side_of(std::size_t n, double dimensions) {
  const double side = std::round(std::pow(static_cast<double>(n), 1 / dimensions));
  return static_cast<std::size_t>((std::max)(side, 2.0));
}
inline edge_list grid(std::size_t n) {
  const std::size_t side = side_of(n, 2);
  edge_list g;
  for (std::size_t v = 0; v < side * side; ++v) {
    if (v % side != 0) g.add(v - 1, v);
    if (v >= side) g.add(v - side, v);
  }
  return g;
}
inline edge_list torus(std::size_t n) {
  const std::size_t side = side_of(n, 2);
  edge_list g = grid(n);
  for (std::size_t i = 0; i < side; ++i) {
    g.add(i * side, i * side + side - 1);
    g.add(i, (side - 1) * side + i);
  }
  return g;
}
inline edge_list cube_grid(std::size_t n) {
  const std::size_t side = side_of(n, 3);
  edge_list g;
  for (std::size_t v = 0; v < side * side * side; ++v) {
    if (v % side != 0) g.add(v - 1, v);
    if (v / side % side != 0) g.add(v - side, v);
    if (v >= side * side) g.add(v - side * side, v);
  }
  return g;
}
inline edge_list hypercube(std::size_t n) {
  std::size_t size = 2;
  while (2 * size <= n) size *= 2;
  edge_list g;
  for (std::size_t v = 0; v < size; ++v)
    for (std::size_t bit = 1; bit < size; bit *= 2)
      if ((v & bit) != 0) g.add(v - bit, v);
  return g;
}

// -- cliques and bipartite graphs

/// Of at most 200 nodes.
inline edge_list complete(std::size_t n) {
  edge_list g;
  g.add_clique(0, (std::min<std::size_t>)(n, 200));
  return g;
}
/// Cliques of ten nodes, one edge from each to the next.
inline edge_list ring_of_cliques(std::size_t n) {
  edge_list g;
  const std::size_t count = (std::max<std::size_t>)(n / 10, 3);
  for (std::size_t c = 0; c < count; ++c) {
    g.add_clique(10 * c, 10);
    g.add(10 * c, 10 * ((c + 1) % count) + 5);
  }
  return g;
}
/// Two cliques at the ends of a path.
inline edge_list barbell(std::size_t n) {
  const std::size_t size = (std::min<std::size_t>)(n / 3, 50);
  edge_list g = path(n);
  g.add_clique(0, size);
  g.add_clique(n - size, size);
  return g;
}
inline edge_list lollipop(std::size_t n) {
  edge_list g = path(n);
  g.add_clique(0, (std::min<std::size_t>)(n / 2, 50));
  return g;
}
/// Of at most 160 nodes.
inline edge_list complete_bipartite(std::size_t n) {
  const std::size_t size = (std::min<std::size_t>)(n, 160);
  edge_list g;
  for (std::size_t a = 0; a < size / 3; ++a)
    for (std::size_t b = size / 3; b < size; ++b) g.add(a, b);
  return g;
}
inline edge_list random_bipartite(std::size_t n) {
  const hint::random_stream random(4, hint::stream_id("random bipartite"));
  edge_list g;
  for (std::size_t i = 0; i < 2 * n; ++i)
    g.add(random.below(2 * i, n / 2), n / 2 + random.below(2 * i + 1, n - n / 2));
  return g;
}

// -- random graphs

inline edge_list uniform_graph(std::size_t n, std::size_t edges, double decades) {
  const hint::random_stream random(5, hint::stream_id("uniform"));
  edge_list g;
  for (std::size_t i = 0; i < edges; ++i)
    g.add(random.below(3 * i, n), random.below(3 * i + 1, n),
          std::pow(10.0, decades * random.uniform(3 * i + 2)));
  return g;
}
inline edge_list sparse_random(std::size_t n) { return uniform_graph(n, 3 * n / 2, 0); }
inline edge_list dense_random(std::size_t n) { return uniform_graph(n, 10 * n, 0); }
/// Weights over six powers of ten.
inline edge_list many_scales(std::size_t n) { return uniform_graph(n, 3 * n, 6); }
/// Six edges a node, of which 4.5 stay in its block of 40 nodes and, if `nested`, 1 in the five
/// blocks around.
inline edge_list blocks(std::size_t n, bool nested) {
  const hint::random_stream random(6, hint::stream_id("blocks"));
  edge_list g;
  for (std::size_t i = 0; i < 3 * n; ++i) {
    const std::size_t a = random.below(3 * i, n);
    const double kind = random.uniform(3 * i + 1);
    const std::size_t size = kind < 0.75 ? 40 : nested && kind < 0.92 ? 200 : n;
    const std::size_t first = a / size * size;
    g.add(a, first + random.below(3 * i + 2, (std::min)(size, n - first)));
  }
  return g;
}
inline edge_list stochastic_blocks(std::size_t n) { return blocks(n, false); }
inline edge_list nested_blocks(std::size_t n) { return blocks(n, true); }
/// Barabasi and Albert 1999: new nodes with two edges, the likelier to an old one the more it has.
/// With `triangles`, the second goes to a neighbour of the first (Holme and Kim 2002).
inline edge_list growing_graph(std::size_t n, bool triangles) {
  const hint::random_stream random(7, hint::stream_id("growing"));
  edge_list g = path(3);
  for (std::size_t v = 3; v < n; ++v) {
    const auto& e = g.edges[random.below(3 * v, g.edges.size())];
    const bool swapped = random.below(3 * v + 1, 2) == 1;
    const auto& other = triangles ? e : g.edges[random.below(3 * v + 2, g.edges.size())];
    const std::size_t first = swapped ? e.b : e.a;
    const std::size_t second = swapped ? other.a : other.b;
    g.add(first, v);
    g.add(second, v);
  }
  return g;
}
inline edge_list power_law(std::size_t n) { return growing_graph(n, false); }
inline edge_list clustered_power_law(std::size_t n) { return growing_graph(n, true); }
/// The five nearest of uniform points in the unit square; weighted by exp(-n distance^2 / 4).
inline edge_list nearest_points(std::size_t n, bool weighted) {
  const hint::random_stream random(8, hint::stream_id("points"));
  edge_list g;
  std::vector<std::pair<double, std::size_t>> near(n);
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = 0; b < n; ++b) {
      const double x = random.uniform(2 * a) - random.uniform(2 * b);
      const double y = random.uniform(2 * a + 1) - random.uniform(2 * b + 1);
      near[b] = {x * x + y * y, b};
    }
    const std::size_t count = (std::min<std::size_t>)(6, n);  // itself among them
    std::partial_sort(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(count), near.end());
    for (std::size_t k = 0; k < count; ++k)
      g.add(a, near[k].second,
            weighted ? std::exp(-static_cast<double>(n) * near[k].first / 4) : 1);
  }
  return g;
}
inline edge_list neighbors(std::size_t n) { return nearest_points(n, false); }
inline edge_list weighted_neighbors(std::size_t n) { return nearest_points(n, true); }

/// A path, a grid, blocks, a star and ten nodes without edges.
inline edge_list disconnected(std::size_t n) {
  edge_list g = path(n / 4);
  g.append(grid(n / 4));
  g.append(stochastic_blocks(n / 4));
  g.append(star(n / 8));
  g.nodes += 10;
  return g;
}

struct graph_kind {
  const char* name;
  /// A graph of about n nodes, n being 8 or more.
  edge_list (*make)(std::size_t n);
};

inline constexpr std::array<graph_kind, 32> graph_kinds{{
    {"path", path},
    {"weighted path", weighted_path},
    {"cycle", cycle},
    {"ring lattice", ring_lattice},
    {"ladder", ladder},
    {"small world, 5% moved", orderly_world},
    {"small world, 30% moved", random_world},
    {"binary tree", binary_tree},
    {"random tree", random_tree},
    {"caterpillar", caterpillar},
    {"star", star},
    {"spider", spider},
    {"wheel", wheel},
    {"grid", grid},
    {"torus", torus},
    {"grid in space", cube_grid},
    {"hypercube", hypercube},
    {"complete", complete},
    {"ring of cliques", ring_of_cliques},
    {"barbell", barbell},
    {"lollipop", lollipop},
    {"complete bipartite", complete_bipartite},
    {"random bipartite", random_bipartite},
    {"random, degree 3", sparse_random},
    {"random, degree 20", dense_random},
    {"random, weights 1 to 1e6", many_scales},
    {"stochastic blocks", stochastic_blocks},
    {"nested blocks", nested_blocks},
    {"power law", power_law},
    {"power law, clustered", clustered_power_law},
    {"nearest neighbours", neighbors},
    {"disconnected", disconnected},
}};

}  // namespace tree_presets

#endif
