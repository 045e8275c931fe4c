// SPDX-License-Identifier: MIT
// Communities of any graph, at any height, without cross-modal hashing: needs hint::base alone.
#include <cstdio>
#include <string>
#include <vector>

#include <hint/core.hpp>
#include <hint/tree.hpp>

int main() {
  // Who appears with whom: two circles of friends and one friendship between them.
  const std::vector<std::string> names{"Ada", "Ben", "Cy", "Dot", "Eve", "Flo", "Gus", "Hal"};
  const std::vector<hint::weighted_edge> meetings{
      {0, 1, 3}, {0, 2, 2}, {1, 2, 2}, {2, 3, 1}, {1, 3, 1},  // Ada, Ben, Cy, Dot
      {4, 5, 2}, {5, 6, 3}, {6, 7, 2}, {4, 7, 1}, {5, 7, 1},  // Eve, Flo, Gus, Hal
      {3, 4, 1}};
  const auto graph = hint::relation_graph::from_edges(names.size(), meetings);

  const auto communities = hint::tree::best({.height = 2})(graph);
  for (const hint::node_id c : communities.children(communities.root())) {
    for (const hint::node_id who : communities.leaves(c)) std::printf("%s ", names[who].c_str());
    std::puts("");
  }

  // As deep as it pays, what it says about the graph, and a picture: dot -Tsvg.
  const auto deep = hint::tree::best({.height = hint::tree::unbounded})(graph);
  std::fputs(hint::tree::describe(deep).text().c_str(), stdout);
  std::puts(hint::tree::to_dot(deep, names).c_str());

  const hint::node_id both = deep.lowest_common_ancestor(0, 1);
  return communities.height() == 2 && deep.leaves(both).size() < names.size() ? 0 : 1;
}
