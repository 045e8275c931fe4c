// SPDX-License-Identifier: MIT
// What tree_vs_rivals prints: a table while it runs, and at the end what bench::report says.
#ifndef HINT_BENCH_TREE_VS_RIVALS_REPORT_HPP
#define HINT_BENCH_TREE_VS_RIVALS_REPORT_HPP

#include <cstddef>
#include <cstdio>
#include <string>

#include <hint/hint.hpp>

#include "../support/report.hpp"
#include "graphs.hpp"

namespace tree_vs_rivals {

inline std::string height_name(std::size_t height) {
  return height == hint::tree::unbounded ? "any" : std::to_string(height);
}

class report : public bench::report {
 public:
  static void heading() {
    std::printf("\n%-15s %8s %8s  %-22s %6s %10s %8s %12s\n", "graph", "nodes", "edges", "method",
                "height", "seconds", "H", "communities");
  }
  /// Communities at all heights; those of one node count where the tree has a node for them.
  static void row(const named_graph& g, const std::string& method, std::size_t height,
                  double seconds, double entropy, const hint::tree::encoding_tree& tree) {
    std::printf("%-15s %8zu %8zu  %-22s %6s %10.4f %8.3f %12zu\n", g.name.c_str(), g.graph.size(),
                g.graph.edge_count(), method.c_str(), height_name(height).c_str(), seconds, entropy,
                tree.size() - tree.leaf_count() - 1);
    std::fflush(stdout);
  }
};

}  // namespace tree_vs_rivals

#endif
