// SPDX-License-Identifier: MIT
// The promise of tree::best on all kinds of graphs that bench/tree_presets shows, at sizes for a test.
#include <cstddef>
#include <set>
#include <string>

#include <hint/tree/presets.hpp>
#include <hint/tree/structural_entropy.hpp>

#include "../../bench/tree_presets/graph_kinds.hpp"
#include "support/catch.hpp"

namespace tree = hint::tree;

TEST_CASE("tree_presets: 32 kinds of graphs, of any size, the same on every run",
          "[bench][tree_presets]") {
  std::set<std::string> names;
  for (const auto& kind : tree_presets::graph_kinds) {
    CAPTURE(kind.name);
    CHECK(names.insert(kind.name).second);
    for (const std::size_t n : {8U, 9U, 31U, 500U}) {
      const hint::relation_graph g = kind.make(n).graph();
      CHECK(g.size() >= 8);
      CHECK(g.size() <= 2 * n + 22);
      CHECK(g.edge_count() > 0);
      CHECK(g.edges() == kind.make(n).graph().edges());
    }
  }
  CHECK(names.size() == 32);
}

TEST_CASE("tree_presets: best is the best of all presets at every height",
          "[bench][tree_presets]") {
  for (const auto& kind : tree_presets::graph_kinds)
    for (const std::size_t n : {8U, 13U, 20U, 50U, 120U, 300U}) {
      const hint::relation_graph g = kind.make(n).graph();
      for (const std::size_t height :
           {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{4}, std::size_t{5},
            std::size_t{6}, std::size_t{7}, std::size_t{8}, std::size_t{12}, std::size_t{13},
            std::size_t{20}, tree::unbounded}) {
        CAPTURE(kind.name, n, height);
        const tree::preset_options o{.height = height};
        const auto best = tree::best(o)(g);
        CHECK(best.height() <= height);
        const double bits = tree::structural_entropy(best);
        CHECK(bits <= tree::structural_entropy(tree::fast(o)(g)) + 1e-9);
        CHECK(bits <= tree::structural_entropy(tree::paper(o)(g)) + 1e-9);
      }
    }
}
