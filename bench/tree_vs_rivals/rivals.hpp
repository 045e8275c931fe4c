// SPDX-License-Identifier: MIT
// The rivals of tree_vs_rivals: Infomap and Leiden of igraph, and what a partition is worth.
#ifndef HINT_BENCH_TREE_VS_RIVALS_RIVALS_HPP
#define HINT_BENCH_TREE_VS_RIVALS_RIVALS_HPP

#include <cmath>
#include <cstddef>
#include <map>
#include <vector>

#include <hint/hint.hpp>

#ifdef HINT_HAVE_IGRAPH
#include <igraph/igraph.h>
#endif

namespace tree_vs_rivals {

/// A community number for each node.
using partition = std::vector<std::size_t>;

/// The tree of height 2 of a partition.
inline hint::tree::encoding_tree tree_of(const hint::relation_graph& graph,
                                         const partition& communities) {
  std::map<std::size_t, hint::node_id> numbers;
  auto next = static_cast<hint::node_id>(graph.size());
  std::vector<hint::node_id> parents(graph.size());
  for (std::size_t v = 0; v < graph.size(); ++v) {
    const auto [found, fresh] = numbers.emplace(communities[v], next);
    if (fresh) ++next;
    parents[v] = found->second;
  }
  parents.resize(next, next);
  parents.push_back(hint::tree::no_node);
  return hint::tree::encoding_tree::from_parents(graph, std::move(parents));
}

/// The communities of a tree of height 2 at most; a leaf under the root is one by itself.
inline partition partition_of(const hint::tree::encoding_tree& tree) {
  partition out(tree.leaf_count());
  for (hint::node_id v = 0; v < tree.leaf_count(); ++v)
    out[v] = tree.parent(v) == tree.root() ? v : tree.parent(v);
  return out;
}

/// Two-dimensional structural entropy straight from its definition: what the library's own figure
/// is checked against.
inline double plain_entropy(const hint::relation_graph& graph, const partition& communities) {
  std::map<std::size_t, double> volume;
  std::map<std::size_t, double> cut;
  for (hint::node_id v = 0; v < graph.size(); ++v)
    for (const auto& [w, weight] : graph[v]) {
      volume[communities[v]] += weight;
      if (communities[v] != communities[w]) cut[communities[v]] += weight;
    }
  const double total = graph.volume();
  double bits = 0;
  for (const auto& [c, weight] : cut) bits -= weight / total * std::log2(volume[c] / total);
  for (hint::node_id v = 0; v < graph.size(); ++v)
    if (const double d = graph.degree(v); d > 0)
      bits -= d / total * std::log2(d / volume[communities[v]]);
  return bits;
}

/// The library's entropy of a tree of height 2, after a look at the plain formula.
inline double checked_entropy(const hint::relation_graph& graph,
                              const hint::tree::encoding_tree& tree) {
  const double entropy = hint::tree::structural_entropy(tree);
  const double plain = plain_entropy(graph, partition_of(tree));
  hint::expects<hint::error>(std::abs(entropy - plain) <= 1e-9, "structural_entropy says ", entropy,
                             ", by the plain formula it is ", plain);
  return entropy;
}

#ifdef HINT_HAVE_IGRAPH

/// A graph in igraph's form. Every run of a rival starts from the same seed.
class rival_graph {
 public:
  explicit rival_graph(const hint::relation_graph& graph) {
    igraph_set_error_handler(igraph_error_handler_ignore);
    const auto edges = graph.edges();
    igraph_vector_int_t ends;
    check(igraph_vector_int_init(&ends, static_cast<igraph_integer_t>(2 * edges.size())));
    check(igraph_vector_init(&weights_, static_cast<igraph_integer_t>(edges.size())));
    for (std::size_t i = 0; i < edges.size(); ++i) {
      VECTOR(ends)[2 * i] = edges[i].a;
      VECTOR(ends)[2 * i + 1] = edges[i].b;
      VECTOR(weights_)[i] = edges[i].weight;
      if (edges[i].weight != 1) weighted_ = true;
    }
    const auto nodes = static_cast<igraph_integer_t>(graph.size());
    check(igraph_create(&graph_, &ends, nodes, IGRAPH_UNDIRECTED));
    igraph_vector_int_destroy(&ends);
    check(igraph_vector_init(&degrees_, nodes));
    for (hint::node_id v = 0; v < graph.size(); ++v) VECTOR(degrees_)[v] = graph.degree(v);
    total_ = graph.volume();
    check(igraph_vector_int_init(&membership_, nodes));
  }
  rival_graph(const rival_graph&) = delete;
  rival_graph& operator=(const rival_graph&) = delete;
  ~rival_graph() {
    igraph_vector_int_destroy(&membership_);
    igraph_vector_destroy(&degrees_);
    igraph_vector_destroy(&weights_);
    igraph_destroy(&graph_);
  }

  void infomap(int trials) {
    seed();
    igraph_real_t length = 0;
    check(igraph_community_infomap(&graph_, weights(), nullptr, trials, &membership_, &length));
  }
  /// Modularity at a resolution; everything else as python-igraph has it by default.
  void leiden(double resolution) {
    seed();
    igraph_integer_t clusters = 0;
    igraph_real_t quality = 0;
    check(igraph_community_leiden(&graph_, weights(), &degrees_, resolution / total_, 0.01, false,
                                  2, &membership_, &clusters, &quality));
  }
  /// What the last call found.
  [[nodiscard]] partition communities() const {
    partition out(static_cast<std::size_t>(igraph_vector_int_size(&membership_)));
    for (std::size_t v = 0; v < out.size(); ++v)
      out[v] = static_cast<std::size_t>(VECTOR(membership_)[v]);
    return out;
  }

 private:
  static void check(igraph_error_t code) {
    hint::expects<hint::error>(code == IGRAPH_SUCCESS, "igraph: ", igraph_strerror(code));
  }
  static void seed() { check(igraph_rng_seed(igraph_rng_default(), 42)); }
  /// None for unit weights, which is the faster way for igraph.
  [[nodiscard]] const igraph_vector_t* weights() const { return weighted_ ? &weights_ : nullptr; }

  igraph_t graph_;
  igraph_vector_t weights_;
  igraph_vector_t degrees_;
  igraph_vector_int_t membership_;
  double total_ = 0;
  bool weighted_ = false;
};

#endif

}  // namespace tree_vs_rivals

#endif
