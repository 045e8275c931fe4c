// SPDX-License-Identifier: MIT
// Graphs as text that other programs read and write: a line "a b weight" for each undirected edge.
#ifndef HINT_BENCH_TREE_VS_RIVALS_EDGE_LIST_HPP
#define HINT_BENCH_TREE_VS_RIVALS_EDGE_LIST_HPP

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iterator>
#include <limits>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/core/relation_graph.hpp>

namespace tree_vs_rivals {

/// Every edge once, the smaller end first; weights read back unchanged. Nodes without edges at the
/// end of the numbers are lost, as the format does not tell how many nodes there are.
inline void write_edges(const std::filesystem::path& file, const hint::relation_graph& graph) {
  std::ofstream out(file);
  out << std::setprecision(std::numeric_limits<double>::max_digits10);
  for (const auto& [a, b, weight] : graph.edges()) out << a << ' ' << b << ' ' << weight << '\n';
  out.close();
  hint::expects<hint::io_error>(out.good(), file.string(), " could not be written");
}

/// Lines of two node numbers and, if it is not 1, a weight; empty lines and such as begin with # or
/// % are left out. Edges that occur more than once, in either direction, count once, by their larger
/// weight; self loops are left out.
inline hint::relation_graph read_edge_list(const std::filesystem::path& file) {
  std::ifstream in(file);
  hint::expects<hint::io_error>(in.good(), file.string(), " cannot be read");
  std::vector<hint::weighted_edge> edges;
  std::size_t nodes = 0;
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string::npos || line[first] == '#' || line[first] == '%') continue;
    std::istringstream stream(line);
    const std::vector<std::string> words{std::istream_iterator<std::string>(stream), {}};
    std::uint32_t a = 0;
    std::uint32_t b = 0;
    double weight = 1;
    const auto is = [](const std::string& word, auto& value) {
      const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
      return error == std::errc() && end == word.data() + word.size();
    };
    const bool good = (words.size() == 2 || words.size() == 3) && is(words[0], a) &&
                      is(words[1], b) && (std::max)(a, b) < 0xfffffffe &&
                      (words.size() == 2 || is(words[2], weight)) && weight >= 0;
    hint::expects<hint::format_error>(good, file.string(), ", line ", number, ": \"", line,
                                      "\", expected two node numbers, and a weight or none");
    nodes = (std::max)(nodes, std::size_t{1} + (std::max)(a, b));
    if (a != b) edges.push_back({a, b, weight});
  }
  return hint::relation_graph::from_edges(nodes, edges, hint::duplicate_edges::largest);
}

}  // namespace tree_vs_rivals

#endif
