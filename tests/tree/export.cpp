// SPDX-License-Identifier: MIT
#include <hint/tree/export.hpp>

#include <string>
#include <vector>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

using namespace hint;
using namespace hint_tests;
using tree::encoding_tree;

namespace {

/// A pair, and a single node that hangs on it by a link of weight 2.
const relation_graph& tiny() {
  static const relation_graph g = graph_of(3, {{0, 1, 1}, {1, 2, 2}});
  return g;
}
encoding_tree tiny_tree() { return encoding_tree::from_parents(tiny(), {3, 3, 4, 4, tree::no_node}); }

}  // namespace

TEST_CASE("export: triplets", "[tree]") {
  const encoding_tree t = tiny_tree();
  REQUIRE(tree::triplets(t) ==
          std::vector<tree::tree_link>{{3, 0, 1}, {3, 1, 3}, {4, 2, 2}, {4, 3, 4}});
  REQUIRE(tree::to_csv(t) == "parent,child,weight\n3,0,1\n3,1,3\n4,2,2\n4,3,4\n");
  double sum = 0;
  for (const auto& link : tree::triplets(t, tree::link_weight::entropy)) sum += link.weight;
  REQUIRE(sum == Approx(tree::structural_entropy(t)).epsilon(1e-14));
  REQUIRE(tree::triplets(t, tree::link_weight::entropy)[0].weight == Approx(1 / 6. * 2).epsilon(1e-14));
  REQUIRE(tree::to_csv(encoding_tree()) == "parent,child,weight\n");
}

TEST_CASE("export: Graphviz", "[tree]") {
  REQUIRE(tree::to_dot(tiny_tree()) == R"(digraph encoding_tree {
  node [shape=box];
  0 [label="0"];
  1 [label="1"];
  2 [label="2"];
  3 [label="2 leaves", shape=ellipse];
  4 [label="3 leaves", shape=ellipse];
  3 -> 0 [label="1"];
  3 -> 1 [label="3"];
  4 -> 2 [label="2"];
  4 -> 3 [label="4"];
}
)");
  const std::vector<std::string> names{"a \"b\"", "back\\slash", "two\nlines"};
  REQUIRE(tree::to_dot(tiny_tree(), names, {.depth = 1}) == R"(digraph encoding_tree {
  node [shape=box];
  2 [label="two\nlines"];
  3 [label="2 leaves", shape=ellipse];
  4 [label="3 leaves", shape=ellipse];
  4 -> 2 [label="2"];
  4 -> 3 [label="4"];
}
)");
  const std::string all = tree::to_dot(tiny_tree(), names);
  REQUIRE(all.find(R"(0 [label="a \"b\""];)") != std::string::npos);
  REQUIRE(all.find(R"(1 [label="back\\slash"];)") != std::string::npos);
  REQUIRE(tree::to_dot(encoding_tree()) ==
          "digraph encoding_tree {\n  node [shape=box];\n  0 [label=\"0 leaves\", shape=ellipse];\n}\n");
}

TEST_CASE("export: too few names", "[tree]") {
  const std::vector<std::string> names{"a"};
  CHECK_THROWS_MESSAGE(tree::to_dot(tiny_tree(), names), shape_error, "to_dot: 1 names for 3 leaves");
}
