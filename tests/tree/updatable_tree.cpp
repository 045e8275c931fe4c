// SPDX-License-Identifier: MIT
#include <hint/tree/updatable_tree.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include <hint/tree/builder.hpp>
#include <hint/tree/structural_entropy.hpp>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

using namespace hint;
using namespace hint_tests;
using tree::encoding_tree;
using tree::incident_edge;
using tree::no_node;
using tree::updatable_tree;

namespace {

/// Everything that the tree says of itself, against sums over its edges.
void check(const updatable_tree& t) {
  const auto now = t.snapshot();
  REQUIRE(now.graph.size() == t.size());
  REQUIRE(now.ids == t.graph().ids());
  testing::check_tree(now.graph, now.tree);
  REQUIRE(now.tree.height() <= t.height());
  REQUIRE(t.entropy() == Approx(entropy_by_definition(now.graph, parents_of(now.tree),
                                                      t.counted() == tree::counted_edges::intra))
                             .margin(1e-9));
  std::size_t communities = 0;
  for (node_id c = 0; t.size() > 0 && c < 4 * t.graph().id_count() + 100; ++c) {
    if (!t.contains_community(c)) continue;
    ++communities;
    const auto members = t.members(c);
    REQUIRE_FALSE(members.empty());
    // As the same node of the snapshot, found by a leaf below both.
    const auto leaf =
        static_cast<node_id>(std::ranges::lower_bound(now.ids, members.front()) - now.ids.begin());
    node_id v = leaf;
    while (now.tree.leaves(v).size() < members.size()) v = now.tree.parent(v);
    if (v < now.tree.leaf_count()) v = now.tree.parent(v);
    std::vector<node_id> same;
    for (const node_id l : now.tree.leaves(v)) same.push_back(now.ids[l]);
    std::sort(same.begin(), same.end());
    if (members.size() > 1) REQUIRE(same == members);
    REQUIRE(t.volume(c) == Approx(now.tree.volume(v)).margin(1e-9));
    double between = -now.tree.cut(v) / 2;  // g of the children is g + 2 between
    for (const node_id child : now.tree.children(v)) between += now.tree.cut(child) / 2;
    REQUIRE(t.between(c) == Approx(between).margin(1e-9));
  }
  if (t.size() > 0) REQUIRE(communities == now.tree.size() - now.tree.leaf_count());
  for (const node_id v : now.ids) {
    const auto beside = t.members(t.community(v));
    REQUIRE(std::ranges::binary_search(beside, v));
  }
}

/// Random edits of all kinds; few and many edges, duplicates, weights 0, isolated nodes.
class editor {
 public:
  editor(std::uint64_t seed, bool weighted)
      : random_(seed, stream_id("edits")), weighted_(weighted) {}

  void operator()(updatable_tree& t, std::uint64_t i) const {
    const random_stream r = random_.fork(i);
    const auto ids = t.graph().ids();
    const std::uint64_t kind = r.below(0, 10);
    if (ids.size() < 4 || kind < 4) {
      std::vector<incident_edge> edges;
      const std::uint64_t many = r.below(1, 10) == 0 ? ids.size() : r.below(2, 6);
      for (std::uint64_t k = 0; k < many && !ids.empty(); ++k)
        edges.push_back({ids[r.below(100 + k, ids.size())], weight(r, 200 + k)});
      const auto group = static_cast<std::uint8_t>(r.below(3, 2));
      node_id gone = 0;
      while (gone < t.graph().id_count() && t.contains(gone)) ++gone;
      if (kind == 0 && gone < t.graph().id_count())
        t.insert_as(gone, edges, group);
      else
        t.insert(edges, group);
    } else if (kind < 8) {
      t.remove(ids[r.below(1, ids.size())]);
    } else {
      const std::size_t a = r.below(1, ids.size());
      const std::size_t b = (a + 1 + r.below(2, ids.size() - 1)) % ids.size();
      t.set_edge(ids[a], ids[b], weight(r, 3));
    }
  }

 private:
  double weight(const random_stream& r, std::uint64_t i) const {
    return weighted_ ? r.uniform(i) : static_cast<double>(r.below(i, 3));
  }
  random_stream random_;
  bool weighted_;
};

updatable_tree start(std::uint64_t seed, tree::counted_edges counted, std::size_t repair,
                     std::size_t more_height = 0) {
  const relation_graph g = random_graph(seed, 24, 50, seed % 2 == 0);
  const auto t = testing::random_tree(g, counted, 20, {seed, 9});
  return {g, t, {.height = (std::max<std::size_t>)(t.height(), 2) + more_height, .repair = repair}};
}

}  // namespace

TEST_CASE("updatable_tree: after every edit all is as from scratch", "[tree]") {
  for (std::uint64_t seed = 0; seed < 12; ++seed)
    for (const auto edges : {tree::counted_edges::all, tree::counted_edges::intra})
      for (const std::size_t repair : {0U, 3U, 128U}) {
        CAPTURE(seed, repair);
        updatable_tree t = start(seed, edges, repair, seed % 3);
        check(t);
        const editor edit(seed, seed % 2 == 0);
        for (std::uint64_t i = 0; i < 60; ++i) {
          CAPTURE(i);
          edit(t, i);
          check(t);
        }
      }
}

TEST_CASE("updatable_tree: from nothing, to nothing, and again", "[tree]") {
  for (const std::size_t height : {1U, 2U, 3U, 6U}) {
    CAPTURE(height);
    updatable_tree t({.height = height});
    REQUIRE(t.entropy() == 0);
    check(t);
    const relation_graph g = random_graph(height, 40, 120, true);
    std::vector<node_id> ids(g.size(), no_node);
    for (int round = 0; round < 3; ++round) {
      for (node_id v = 0; v < g.size(); ++v) {
        std::vector<incident_edge> edges;
        for (const auto& [b, weight] : g[v])
          if (ids[b] != no_node) edges.push_back({ids[b], weight});
        const node_id id = t.insert(edges);
        REQUIRE(id == static_cast<node_id>(round) * g.size() + v);
        ids[v] = id;
      }
      check(t);
      // The whole graph has come back, and the tree is better than none.
      REQUIRE(t.graph().edge_count() == g.edge_count());
      if (height == 1)
        REQUIRE(t.entropy() == Approx(tree::structural_entropy(g)).epsilon(1e-12));
      else
        REQUIRE(t.entropy() < tree::structural_entropy(g) - 0.5);
      for (const node_id v : permutation(40, {7, static_cast<std::uint64_t>(round)})) {
        t.remove(ids[v]);
        ids[v] = no_node;
      }
      check(t);
      REQUIRE(t.entropy() == 0);
      REQUIRE(t.size() == 0);
    }
  }
}

TEST_CASE("updatable_tree: an edit with repair is never worse than without", "[tree]") {
  int better = 0;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    CAPTURE(seed);
    updatable_tree t = start(seed, tree::counted_edges::all, 0);
    const editor edit(seed, true);
    for (std::uint64_t i = 0; i < 40; ++i) {
      CAPTURE(i);
      // The same state and the same edit, twice.
      updatable_tree repaired(t.snapshot().graph, t.snapshot().tree, {.height = t.height()});
      updatable_tree placed(t.snapshot().graph, t.snapshot().tree,
                            {.height = t.height(), .repair = 0});
      edit(repaired, i);
      edit(placed, i);
      REQUIRE(placed.snapshot().graph.edges() == repaired.snapshot().graph.edges());
      REQUIRE(repaired.entropy() <= placed.entropy() + 1e-12);
      better += repaired.entropy() < placed.entropy() - 1e-6;
      t = std::move(placed);
    }
  }
  REQUIRE(better > 100);
}

TEST_CASE("updatable_tree: improve only lowers the entropy, and ends", "[tree]") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    updatable_tree t = start(seed, tree::counted_edges::all, 128, 1);
    double entropy = t.entropy();
    t.improve(5);
    REQUIRE(t.entropy() <= entropy + 1e-12);
    entropy = t.entropy();
    t.improve();
    REQUIRE(t.entropy() <= entropy + 1e-12);
    REQUIRE(t.pending() == 0);
    check(t);
    // No single leaf moved to any community would gain.
    const auto now = t.snapshot();
    auto parents = parents_of(now.tree);
    for (node_id v = 0; v < now.graph.size(); ++v)
      for (node_id c = static_cast<node_id>(now.graph.size()); c < parents.size(); ++c) {
        const node_id before = std::exchange(parents[v], c);
        REQUIRE(entropy_by_definition(now.graph, parents) >= t.entropy() - 1e-9);
        parents[v] = before;
      }
  }
}

TEST_CASE("updatable_tree: equal edits, equal trees", "[tree]") {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    CAPTURE(seed);
    updatable_tree a = start(seed, tree::counted_edges::all, 20);
    updatable_tree b = start(seed, tree::counted_edges::all, 20);
    const editor edit(seed, seed % 2 == 0);
    for (std::uint64_t i = 0; i < 60; ++i) {
      if (i == 30) b = updatable_tree(a);  // a copy goes on as the original
      edit(a, i);
      edit(b, i);
      REQUIRE(a.entropy() == b.entropy());
      REQUIRE(a.pending() == b.pending());
    }
    const auto x = a.snapshot();
    const auto y = b.snapshot();
    REQUIRE(x.tree == y.tree);
    REQUIRE(x.ids == y.ids);
  }
}

TEST_CASE("updatable_tree: numbers stay and do not come back", "[tree]") {
  const relation_graph g = two_triangles();
  const auto triangles = encoding_tree::from_parents(g, {6, 6, 6, 7, 7, 7, 8, 8, no_node});
  updatable_tree t(g, triangles);
  REQUIRE(t.height() == 2);
  t.remove(5);
  REQUIRE_FALSE(t.contains(5));
  const std::vector<incident_edge> edges{{3}, {4}};
  REQUIRE(t.insert(edges) == 6);
  REQUIRE(t.community(6) == t.community(4));
  REQUIRE_FALSE(t.contains(5));
  REQUIRE(t.snapshot().ids == std::vector<node_id>{0, 1, 2, 3, 4, 6});
  REQUIRE(t.entropy() == Approx(tree::structural_entropy(triangles)).epsilon(1e-12));
  t.remove(6);
  t.insert_as(5, edges);
  const auto now = t.snapshot();
  REQUIRE(now.ids == std::vector<node_id>{0, 1, 2, 3, 4, 5});
  REQUIRE(now.graph.edges() == g.edges());
  REQUIRE(now.tree == triangles);
}

TEST_CASE("updatable_tree: isolated nodes hang under the root and cost nothing", "[tree]") {
  const relation_graph g = two_triangles();
  updatable_tree t(g, tree::greedy_partition(g));
  const double before = t.entropy();
  const node_id v = t.insert({});
  REQUIRE(t.community(v) == t.root());
  REQUIRE(t.entropy() == before);
  t.set_edge(0, 1, 0);
  t.set_edge(0, 2, 0);
  REQUIRE(t.community(0) == t.root());
  check(t);
}

TEST_CASE("updatable_tree: hubs", "[tree]") {
  const node_id n = 100000;
  const relation_graph g = star(n);
  updatable_tree t(g, encoding_tree::flat(g));
  std::vector<incident_edge> edges;
  for (node_id v = 1; v <= n; ++v)
    if (v % 4 == 0)
      t.remove(v);
    else
      edges.push_back({v, v % 2 == 0 ? 1.0 : 2.0});
  t.remove(0);
  REQUIRE(t.entropy() == 0);
  const node_id hub = t.insert(edges);
  REQUIRE(t.graph()[hub].size() == edges.size());
  const auto now = t.snapshot();
  REQUIRE(t.entropy() == Approx(tree::structural_entropy(now.graph, now.tree)).epsilon(1e-9));
  t.remove(hub);
  REQUIRE(t.entropy() == 0);
  REQUIRE(t.size() == edges.size());
}

TEST_CASE("updatable_tree: a chain of 10^5 communities", "[tree]") {
  const node_id n = 100000;
  const relation_graph g = path(n);
  std::vector<node_id> parents(2 * n - 1);
  for (node_id i = 0; i < n; ++i) parents[i] = n + (std::max)(i, 1U) - 1;
  for (node_id v = n; v < 2 * n - 1; ++v) parents[v] = v + 1;
  parents.back() = no_node;
  updatable_tree t(g, encoding_tree::from_parents(g, parents), {.height = tree::unbounded});
  t.remove(0);
  t.remove(n / 2);
  const std::vector<incident_edge> edges{{1}, {n / 2 + 1}};
  t.insert(edges);
  const auto now = t.snapshot();
  REQUIRE(t.entropy() == Approx(tree::structural_entropy(now.graph, now.tree)).epsilon(1e-9));
}

TEST_CASE("updatable_tree: stays near a rebuild", "[tree]") {
  // Forty clusters of thirty nodes; a tenth of the nodes is replaced by others elsewhere.
  const random_stream random(5, stream_id("clusters"));
  const node_id n = 1200;
  const auto mates = [&](node_id cluster, std::uint64_t seed) {
    std::vector<node_id> out;
    for (std::uint64_t k = 0; k < 6; ++k)
      out.push_back(static_cast<node_id>(k < 5 ? cluster * 30 + random.below(seed * 10 + k, 30)
                                               : random.below(seed * 10 + k, n)));
    return out;
  };
  std::vector<weighted_edge> edges;
  for (node_id v = 0; v < n; ++v)
    for (const node_id other : mates(v / 30, v))
      if (other != v) edges.push_back({v, other, 1});
  const relation_graph g = relation_graph::from_edges(n, edges, duplicate_edges::largest);
  const auto rebuild = [](const relation_graph& graph) {
    updatable_tree t(graph, tree::greedy_partition(graph));
    for (int i = 0; i < 3; ++i) t.improve();
    return t.snapshot().tree;
  };
  updatable_tree t(g, rebuild(g));
  for (node_id i = 0; i < n / 10; ++i) {
    const node_id out = 10 * i + 3;
    t.remove(out);
    std::vector<incident_edge> incident;
    for (const node_id other : mates(static_cast<node_id>(random.below(i, 40)), n + i))
      if (t.contains(other)) incident.push_back({other, 1});
    t.insert(incident);
  }
  const auto now = t.snapshot();
  REQUIRE(t.entropy() <= 1.01 * tree::structural_entropy(rebuild(now.graph)));
}

TEST_CASE("updatable_tree: errors change nothing", "[tree]") {
  const relation_graph g = two_triangles();
  updatable_tree t(g, tree::greedy_partition(g));
  t.remove(5);
  const auto before = t.snapshot();
  const double entropy = t.entropy();
  const auto insert = [&](std::vector<incident_edge> edges) { return t.insert(edges); };
  CHECK_THROWS_MESSAGE(insert({{0}, {5}}), invalid_argument,
                       "insert: an edge ends at node 5, which is not there");
  CHECK_THROWS_MESSAGE(insert({{0}, {6}}), invalid_argument, "insert: a self loop of node 6");
  CHECK_THROWS_MESSAGE(insert({{0}, {1, -1}}), invalid_argument,
                       "insert: an edge has weight -1, expected a finite number >= 0");
  CHECK_THROWS_MESSAGE(insert({{0}, {1, std::nan("")}}), invalid_argument,
                       "insert: an edge has weight nan, expected a finite number >= 0");
  CHECK_THROWS_MESSAGE(t.insert_as(4, {}), invalid_argument,
                       "insert_as: node 4 is there, expected a node that was removed");
  CHECK_THROWS_MESSAGE(t.remove(5), invalid_argument, "remove: node 5 is not there");
  CHECK_THROWS_MESSAGE(t.set_edge(0, 5, 1), invalid_argument, "set_edge: node 5 is not there");
  CHECK_THROWS_MESSAGE(t.set_edge(0, 0, 1), invalid_argument, "set_edge: a self loop of node 0");
  CHECK_THROWS_MESSAGE(t.set_edge(0, 1, -1), invalid_argument,
                       "set_edge: an edge has weight -1, expected a finite number >= 0");
  CHECK_THROWS_MESSAGE(t.community(5), invalid_argument, "community: node 5 is not there");
  CHECK_THROWS_MESSAGE(t.members(99), invalid_argument,
                       "updatable_tree: community 99 is not there");
  const auto after = t.snapshot();
  REQUIRE((before.tree == after.tree && before.ids == after.ids));
  REQUIRE(after.graph.edges() == before.graph.edges());
  REQUIRE(t.entropy() == entropy);
  REQUIRE(t.graph().id_count() == 6);

  const auto from = [&](std::size_t nodes, std::size_t height) {
    return updatable_tree(path(nodes), tree::greedy_partition(g), {.height = height});
  };
  CHECK_THROWS_MESSAGE(from(5, 2), shape_error,
                       "updatable_tree: the tree has 6 leaves for a graph of 5 nodes");
  CHECK_THROWS_MESSAGE(from(6, 1), invalid_option,
                       "option height is 1, expected at least that of the tree, 2");
  CHECK_THROWS_MESSAGE(from(6, 0), invalid_option,
                       "option height is 0, expected 1 to 18446744073709551615");
  CHECK_THROWS_MESSAGE(updatable_tree({.height = 0}), invalid_option,
                       "option height is 0, expected 1 to 18446744073709551615");
}

namespace {

/// Eq. 4 and the volumes of all tree nodes in long double, each summed anew: no difference of large
/// numbers anywhere.
struct long_oracle {
  explicit long_oracle(const tree::tree_snapshot& now, bool intra)
      : volumes(now.tree.size()), cuts(now.tree.size()) {
    const auto& t = now.tree;
    for (const auto& [a, b, weight] : now.graph.edges()) {
      const node_id top = t.lowest_common_ancestor(a, b);
      for (const node_id end : {a, b})
        for (node_id v = end; v != no_node; v = t.parent(v)) volumes[v] += weight;
      if (intra && now.graph.groups()[a] != now.graph.groups()[b]) continue;
      for (const node_id end : {a, b})
        for (node_id v = end; v != top; v = t.parent(v)) cuts[v] += weight;
    }
    for (node_id v = 0; v < t.root(); ++v)
      if (cuts[v] > 0)
        entropy += cuts[v] / volumes[t.root()] * std::log2(volumes[t.parent(v)] / volumes[v]);
  }
  std::vector<long double> volumes;
  std::vector<long double> cuts;
  long double entropy = 0;
};

void check_against_long_double(const updatable_tree& t, double margin) {
  const auto now = t.snapshot();
  const long_oracle exact(now, t.counted() == tree::counted_edges::intra);
  REQUIRE(std::abs(static_cast<double>(t.entropy() - exact.entropy)) <= margin);
  for (node_id leaf = 0; leaf < now.tree.leaf_count(); ++leaf) {
    node_id c = t.community(now.ids[leaf]);
    for (node_id v = now.tree.parent(leaf); v != no_node; v = now.tree.parent(v)) {
      REQUIRE(c != no_node);
      const auto volume = static_cast<double>(exact.volumes[v]);
      REQUIRE(std::abs(t.volume(c) - volume) <= 2e-12 * volume);
      c = t.parent(c);
    }
  }
}

}  // namespace

TEST_CASE("updatable_tree: a weight that is huge for a moment leaves no trace", "[tree]") {
  for (const double weight : {1e3, 1e9, 1e12, 1e15, 1e18, 1e20, 1e40, 1e100, 1e149}) {
    CAPTURE(weight);
    const relation_graph g = random_graph(3, 60, 150, true);
    updatable_tree t(g, tree::greedy_partition(g), {.height = 3});
    const auto [a, b, usual] = g.edges()[17];
    t.set_edge(a, b, weight);
    check_against_long_double(t, 1e-9);
    t.set_edge(a, b, usual);
    check_against_long_double(t, 1e-9);
    const node_id v = t.insert(std::vector<incident_edge>{{3, weight}, {7, 1}, {20, weight}});
    check_against_long_double(t, 1e-9);
    t.remove(v);
    check_against_long_double(t, 1e-9);
    t.improve();
    check_against_long_double(t, 1e-9);
    // One that the graph brings along, too.
    auto edges = g.edges();
    edges[30].weight = weight;
    const relation_graph heavy = relation_graph::from_edges(g.size(), edges);
    updatable_tree u(heavy, tree::greedy_partition(heavy), {.height = 3});
    u.set_edge(edges[30].a, edges[30].b, 1);
    check_against_long_double(u, 1e-9);
  }
}

TEST_CASE("updatable_tree: random edits with weights of 30 decades against long double", "[tree]") {
  for (std::uint64_t seed = 0; seed < 16; ++seed)
    for (const std::size_t repair : {0U, 5U, 256U}) {
      const auto counted = seed % 4 == 3 ? tree::counted_edges::intra : tree::counted_edges::all;
      CAPTURE(seed, repair);
      updatable_tree t({.height = 2 + seed % 4, .repair = repair}, counted);
      const random_stream random(seed, stream_id("30 decades"));
      for (std::uint64_t i = 0; i < 120; ++i) {
        CAPTURE(i);
        const random_stream r = random.fork(i);
        const auto weight = [&](std::uint64_t k) { return std::pow(10, 30 * r.uniform(k) - 12); };
        const auto ids = t.graph().ids();
        const std::uint64_t kind = r.below(0, 8);
        if (ids.size() < 6 || kind < 3) {
          std::vector<incident_edge> edges;
          for (std::uint64_t k = 0; k < r.below(1, 6) && !ids.empty(); ++k)
            edges.push_back({ids[r.below(10 + k, ids.size())], weight(20 + k)});
          t.insert(edges, static_cast<std::uint8_t>(i % 2));
        } else if (kind == 3) {
          t.remove(ids[r.below(1, ids.size())]);
        } else {
          const std::size_t a = r.below(1, ids.size());
          const std::size_t b = (a + 1 + r.below(2, ids.size() - 1)) % ids.size();
          t.set_edge(ids[a], ids[b], kind == 4 ? 0 : weight(3));
        }
        check_against_long_double(t, 1e-9);
      }
      t.improve();
      check_against_long_double(t, 1e-9);
      const double entropy = t.entropy();
      t.improve(0);
      REQUIRE(t.entropy() == Approx(entropy).margin(1e-12));
    }
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
TEST_CASE("updatable_tree: first names still work") {
  updatable_tree t;
  t.insert({});
  const std::vector<hint::tree::node_link> edges{{0, 2.0}};
  t.insert(edges);
  t.set_link(0, 1, 3);
  CHECK(t.snapshot().graph.volume() == 6);
}
#pragma GCC diagnostic pop
