// SPDX-License-Identifier: MIT
// The edge lists that bench/tree_vs_rivals exchanges with other programs.
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <hint/testing/tree_axioms.hpp>

#include "../../bench/tree_vs_rivals/edge_list.hpp"
#include "support/catch.hpp"

using tree_vs_rivals::read_edge_list;
using tree_vs_rivals::write_edges;

namespace {

struct text_file {
  explicit text_file(const std::string& text = "")
      : path(std::filesystem::temp_directory_path() / "hint_edge_list.txt") {
    std::ofstream(path) << text;
  }
  ~text_file() { std::filesystem::remove(path); }
  std::filesystem::path path;
};

hint::relation_graph read(const std::string& text) { return read_edge_list(text_file(text).path); }

void refused(const std::string& line) {
  const text_file file("# a graph\n0 1\n" + line + "\n");
  CHECK_THROWS_MESSAGE(read_edge_list(file.path), hint::format_error,
                       file.path.string() + ", line 3: \"" + line +
                           "\", expected two node numbers, and a weight or none");
}

}  // namespace

TEST_CASE("edge lists: what is written reads back unchanged", "[bench][tree_vs_rivals]") {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    CAPTURE(seed);
    const auto drawn = hint::testing::random_graph(50, 200, true, {seed, 1});
    auto edges = drawn.edges();
    edges[0].weight = 1e-30 / 3;
    edges[1].weight = 1e30 / 3;
    edges.push_back({3, 49, 0.1});  // so that the last node has an edge
    const auto g = hint::relation_graph::from_edges(50, edges, hint::duplicate_edges::largest);
    const text_file file;
    write_edges(file.path, g);
    const auto back = read_edge_list(file.path);
    CHECK(back.size() == g.size());
    CHECK(back.edges() == g.edges());
  }
}

TEST_CASE("edge lists: comments, weights or none, duplicates, self loops",
          "[bench][tree_vs_rivals]") {
  const auto g = read("# nodes\n% too\n\n0 1\n1 0 2.5\r\n2\t1\t1e-05\n 3 3\n  # no edge\n");
  CHECK(g.size() == 4);
  CHECK(g.edges() == std::vector<hint::weighted_edge>{{0, 1, 2.5}, {1, 2, 1e-5}});
  CHECK(read("").size() == 0);
}

TEST_CASE("edge lists: bad lines are named", "[bench][tree_vs_rivals]") {
  for (const char* line : {"0", "a b", "0 -1", "-1 0", "0 1 x", "0 1 1 1", "0 1 -2", "0 1.5",
                           "0 4294967295", "0 99999999999999999999", "0 1 nan"})
    refused(line);
  CHECK_THROWS_MESSAGE(read_edge_list("/nowhere/edges.txt"), hint::io_error,
                       "/nowhere/edges.txt cannot be read");
  CHECK_THROWS_MESSAGE(write_edges("/nowhere/edges.txt", hint::relation_graph()), hint::io_error,
                       "/nowhere/edges.txt could not be written");
}
