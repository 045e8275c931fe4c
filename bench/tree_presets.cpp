// SPDX-License-Identifier: MIT
// The presets of tree/ on 32 kinds of graphs, as the page docs/tree_presets.md:
//
//   tree_presets [NODES] > docs/tree_presets.md
//
// NODES (default 1000) is about how many nodes each graph has. Entropies are the same on every
// machine, but for rounding; times are processor time of one thread, the least of three
// runs. Returns 1 when `best`
// is worse than another preset anywhere.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <limits>
#include <string>

#include <hint/tree/presets.hpp>
#include <hint/tree/structural_entropy.hpp>

#include "tree_presets/graph_kinds.hpp"

namespace {

constexpr std::array<std::size_t, 8> heights{2, 3, 4, 5, 6, 7, 8, hint::tree::unbounded};

struct outcome {
  double bits = 0;
  double seconds = std::numeric_limits<double>::infinity();
};

/// Processor time, since others may use the machine.
template <class Builder>
outcome run(const Builder& build, const hint::relation_graph& graph) {
  outcome out;
  for (int repeat = 0; repeat < 3; ++repeat) {
    const std::clock_t begin = std::clock();
    out.bits = hint::tree::structural_entropy(build(graph));
    const auto ticks = static_cast<double>(std::clock() - begin);
    out.seconds = (std::min)(out.seconds, ticks / CLOCKS_PER_SEC);
  }
  return out;
}

/// What all graphs together say of one height.
struct column {
  std::string name;
  std::size_t lowest = 0;  ///< graphs on which no other preset is below `best`
  double below_fast = 0;   ///< bits
  double below_paper = 0;
  double paper = 0;  ///< seconds
  double fast = 0;
  double best = 0;
};

void print_row(const char* name, const std::array<column, heights.size()>& columns,
               double (*value)(const column&), const char* format) {
  std::printf("| %s |", name);
  for (const column& c : columns) std::printf(format, value(c));
  std::puts("");
}

int compare(std::size_t nodes) {
  std::array<column, heights.size()> columns;
  std::string head = "| graph | nodes | edges |";
  std::string rule = "|---|---:|---:|";
  std::string summary = "| height |";
  std::string summary_rule = "|---|";
  for (std::size_t i = 0; i < heights.size(); ++i) {
    columns[i].name = heights[i] == hint::tree::unbounded ? "any" : std::to_string(heights[i]);
    head += " " + columns[i].name + " |";
    rule += "---|";
    summary += " " + columns[i].name + " |";
    summary_rule += "---:|";
  }
  std::printf(
      "# Presets of trees on 32 kinds of graphs\n\n"
      "Made by `bench/tree_presets %zu`; `bench/tree_presets/graph_kinds.hpp` defines the graphs, "
      "and\n"
      "`tests/bench/tree_presets.cpp` checks smaller ones. Each cell has the structural entropy in "
      "bits of the\n"
      "tree of `tree::best` for the height of the column, and by how much the better one of "
      "`tree::fast` and\n"
      "`tree::paper` is above it.\n\n%s\n%s\n",
      nodes, head.c_str(), rule.c_str());
  std::size_t worse = 0;
  for (const auto& kind : tree_presets::graph_kinds) {
    const hint::relation_graph graph = kind.make(nodes).graph();
    std::printf("| %s | %zu | %zu |", kind.name, graph.size(), graph.edge_count());
    for (std::size_t i = 0; i < heights.size(); ++i) {
      const hint::tree::preset_options o{.height = heights[i]};
      const outcome paper = run(hint::tree::paper(o), graph);
      const outcome fast = run(hint::tree::fast(o), graph);
      const outcome best = run(hint::tree::best(o), graph);
      const double above = (std::min)(paper.bits, fast.bits) - best.bits;
      std::printf(" %.4f +%.4f |", best.bits, (std::max)(above, 0.0));
      worse += above < -1e-9;
      column& c = columns[i];
      c.lowest += above >= -1e-9;
      c.below_fast += fast.bits - best.bits;
      c.below_paper += paper.bits - best.bits;
      c.paper += paper.seconds;
      c.fast += fast.seconds;
      c.best += best.seconds;
    }
    std::puts("");
    std::fflush(stdout);
  }
  std::printf("\nAll %zu graphs together:\n\n%s\n%s\n", tree_presets::graph_kinds.size(),
              summary.c_str(), summary_rule.c_str());
  constexpr auto count = static_cast<double>(tree_presets::graph_kinds.size());
  print_row(
      "`best` is lowest on", columns, [](const column& c) { return static_cast<double>(c.lowest); },
      " %.0f |");
  print_row(
      "bits below `fast`, mean", columns, [](const column& c) { return c.below_fast / count; },
      " %.4f |");
  print_row(
      "bits below `paper`, mean", columns, [](const column& c) { return c.below_paper / count; },
      " %.4f |");
  print_row("`paper`, ms", columns, [](const column& c) { return 1000 * c.paper; }, " %.0f |");
  print_row("`fast`, ms", columns, [](const column& c) { return 1000 * c.fast; }, " %.0f |");
  print_row("`best`, ms", columns, [](const column& c) { return 1000 * c.best; }, " %.0f |");
  return worse == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const long nodes = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 1000;
    hint::expects(argc <= 2 && nodes >= 8 && nodes <= 100000,
                  "usage: tree_presets [NODES], 8 to 100000");
    return compare(static_cast<std::size_t>(nodes));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "tree_presets: %s\n", e.what());
    return 1;
  }
}
