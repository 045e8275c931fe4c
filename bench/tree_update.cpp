// SPDX-License-Identifier: MIT
// How well an updatable tree keeps up with rebuilding, and how much faster it is:
//
//   tree_update [--quick]
//
// On g1000 and g10000 of $HINT_DATA/graphs (synthetic graphs where there are none; --quick: the
// first alone), at heights 2 and 3, with two builders (the preset `best` and the greedy operators):
// a tree is built, the graph is edited node by node, and the tree that was repaired is compared
// with one that the same builder makes of the last graph.
//
//   again   10% of the nodes are removed, and inserted again with their edges, in random order
//   new     10% are removed; in place of each comes a new one with edges somewhere else
//   grow    starts with two thirds of the nodes; the others are inserted
//   shrink  half of the nodes are removed
//
// RATIO update_entropy_... is bits, RATIO update_time_... the seconds of a rebuild by those of one
// edited leaf. Wanted with `best`, for `again` and `new`: at least 0.99, and at least 100. Lines
// without a suffix are the worst of these.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/hint.hpp>
#include <hint/tree/presets.hpp>
#include <hint/tree/updatable_tree.hpp>

#include "tree_vs_rivals/graphs.hpp"
#include "tree_vs_rivals/measure.hpp"
#include "tree_vs_rivals/report.hpp"

namespace {

using hint::node_id;
using hint::relation_graph;
using hint::tree::incident_edge;
using hint::tree::updatable_tree;

/// A tree under edits, and which node of it is node v of the whole graph.
struct edited {
  const relation_graph& graph;
  updatable_tree tree;
  std::vector<node_id> ids;  // no_node: out at present
  std::size_t leaves = 0;    // edited so far
  double seconds = 0;

  void remove(node_id v) {
    seconds += tree_vs_rivals::seconds_of([&] { tree.remove(ids[v]); });
    ids[v] = hint::tree::no_node;
  }
  void insert(node_id v) {
    std::vector<incident_edge> edges;
    for (const auto& [b, weight] : graph[v])
      if (ids[b] != hint::tree::no_node) edges.push_back({ids[b], weight});
    insert(v, edges);
  }
  void insert(node_id v, const std::vector<incident_edge>& edges) {
    seconds += tree_vs_rivals::seconds_of([&] { ids[v] = tree.insert(edges); });
  }
};

/// Starts with a tree of the nodes first, first + 1, ... of `order`.
template <class Build>
edited start(const relation_graph& graph, const std::vector<node_id>& order, std::size_t first,
             std::size_t height, const Build& build) {
  std::vector<node_id> ids(graph.size(), hint::tree::no_node);
  for (std::size_t i = first; i < order.size(); ++i)
    ids[order[i]] = static_cast<node_id>(i - first);
  std::vector<hint::weighted_edge> edges;
  for (const auto& [a, b, weight] : graph.edges())
    if (ids[a] != hint::tree::no_node && ids[b] != hint::tree::no_node)
      edges.push_back({ids[a], ids[b], weight});
  const auto part = relation_graph::from_edges(order.size() - first, edges);
  return {graph, updatable_tree(part, build(part), {.height = height}), std::move(ids)};
}

void again(edited& e, const std::vector<node_id>& order) {
  const std::size_t count = order.size() / 10;
  const std::size_t out = count / 10;  // at a time
  for (std::size_t i = 0; i < count + out; ++i) {
    if (i < count) e.remove(order[i]);
    if (i >= out) e.insert(order[i - out]);
  }
  e.leaves = count;
}

/// As many edges as the one before, to a random node and those around it.
void renew(edited& e, const std::vector<node_id>& order) {
  e.leaves = order.size() / 10;
  const hint::random_stream random(2026, hint::stream_id("new nodes"));
  for (std::size_t i = 0; i < e.leaves; ++i) {
    const std::size_t degree = e.tree.graph()[e.ids[order[i]]].size();
    e.remove(order[i]);
    std::vector<incident_edge> edges;
    const auto add = [&](node_id v) {
      for (const incident_edge& l : edges)
        if (l.node == v) return;
      if (edges.size() < degree) edges.push_back({v, 1});
    };
    const std::size_t about = (i + 1 + random.below(i, order.size() - 1)) % order.size();
    if (e.ids[order[about]] != hint::tree::no_node) add(e.ids[order[about]]);
    for (std::size_t j = 0; j < edges.size(); ++j)
      for (const auto& n : e.tree.graph()[edges[j].node]) add(n.node);
    e.insert(order[i], edges);
  }
}

void grow(edited& e, const std::vector<node_id>& order) {
  e.leaves = order.size() / 3;
  for (std::size_t i = 0; i < e.leaves; ++i) e.insert(order[i]);
}

void shrink(edited& e, const std::vector<node_id>& order) {
  e.leaves = order.size() / 2;
  for (std::size_t i = 0; i < e.leaves; ++i) e.remove(order[i]);
}

struct worst {
  double ours = 0, rival = 0;
  double ratio = std::numeric_limits<double>::infinity();

  void see(double o, double r) {
    if (r / o < ratio) *this = {o, r, r / o};
  }
};

class comparison {
 public:
  /// `wanted`: this builder's figures have targets.
  template <class Build>
  void run(const tree_vs_rivals::named_graph& g, std::size_t height, const std::string& builder,
           bool wanted, const Build& build) {
    const auto order = hint::permutation(static_cast<std::uint32_t>(g.graph.size()),
                                         {2026, hint::stream_id("order of edits")});
    const std::string where = g.name + "_h" + std::to_string(height) + "_" + builder;
    const auto compare = [&](const std::string& what, std::size_t first, bool target, auto&& edit) {
      // Edits and rebuilds take turns; the best of each is what others disturb least.
      const edited begin = start(g.graph, order, first, height, build);
      std::vector<double> leaf;
      std::vector<double> rebuild;
      hint::tree::tree_snapshot end;
      hint::tree::encoding_tree rebuilt;
      for (int turn = 0; turn < 5; ++turn) {
        edited e = begin;
        edit(e, order);
        leaf.push_back(e.seconds / static_cast<double>(e.leaves));
        end = e.tree.snapshot();
        rebuild.push_back(tree_vs_rivals::seconds_of([&] { rebuilt = build(end.graph); }));
      }
      row r{where + "_" + what, hint::tree::structural_entropy(end.tree),
            hint::tree::structural_entropy(rebuilt), *std::ranges::min_element(leaf),
            *std::ranges::min_element(rebuild)};
      std::printf("%-28s %8.4f -> %8.4f bits, rebuilt %8.4f; %8.2f us a leaf, rebuild %8.4f s\n",
                  r.name.c_str(), begin.tree.entropy(), r.bits, r.rebuilt_bits, 1e6 * r.leaf,
                  r.rebuild);
      std::fflush(stdout);
      tell(r, target);
    };
    compare("again", 0, wanted, again);
    compare("new", 0, wanted, renew);
    compare("grow", order.size() / 3, false, grow);
    compare("shrink", 0, false, shrink);
  }
  void print() {
    report_.ratio("update_entropy", entropy_.ours, entropy_.rival, 0.99);
    report_.ratio("update_time", time_.ours, time_.rival, 100);
    report_.figure_at_most("update_us_per_leaf", 1e6 * slowest_, 1000);
    report_.print();
  }

 private:
  struct row {
    std::string name;
    double bits, rebuilt_bits;  // entropies
    double leaf, rebuild;       // seconds
  };
  void tell(const row& r, bool target) {
    slowest_ = (std::max)(slowest_, r.leaf);
    if (!target) {
      report_.ratio("update_entropy_" + r.name, r.bits, r.rebuilt_bits);
      report_.ratio("update_time_" + r.name, r.leaf, r.rebuild);
      return;
    }
    report_.ratio("update_entropy_" + r.name, r.bits, r.rebuilt_bits, 0.99);
    report_.ratio("update_time_" + r.name, r.leaf, r.rebuild, 100);
    entropy_.see(r.bits, r.rebuilt_bits);
    time_.see(r.leaf, r.rebuild);
  }

  tree_vs_rivals::report report_;
  worst entropy_;
  worst time_;
  double slowest_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const std::string_view option = argc == 2 ? argv[1] : "";
  const bool quick = option == "--quick";
  if (argc > 1 && !quick) {
    const bool help = option == "--help";
    std::fputs("usage: tree_update [--quick]\n", help ? stdout : stderr);
    return help ? 0 : 1;
  }
  const char* data = std::getenv("HINT_DATA");
  comparison all;
  std::vector<std::size_t> sizes{1000};
  if (!quick) sizes.push_back(10000);
  for (const std::size_t pairs : sizes) {
    const auto g = tree_vs_rivals::pairs_graph(data ? data : "", pairs);
    for (const std::size_t height : {2U, 3U}) {
      all.run(g, height, "best", true, hint::tree::best({.height = height}));
      all.run(g, height, "greedy", false, [&](const relation_graph& graph) {
        using namespace hint::tree;
        return height == 2 ? greedy_partition(graph)
                           : builder{merge{}, compress{{.height = height}}}(graph);
      });
    }
  }
  all.print();
}
