// SPDX-License-Identifier: MIT
// The newest Infomap, by its Python package.
#ifndef HINT_BENCH_TREE_VS_RIVALS_INFOMAP_HPP
#define HINT_BENCH_TREE_VS_RIVALS_INFOMAP_HPP

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>

#include <hint/hint.hpp>

#include "../support/python_child.hpp"
#include "edge_list.hpp"
#include "rivals.hpp"

namespace tree_vs_rivals {

class python_infomap {
 public:
  /// Throws `error` when the interpreter or the package is not there.
  explicit python_infomap(const std::filesystem::path& python)
      : child_(python, HINT_BENCH_FOLDER "/tree_vs_rivals/rival.py") {}

  /// With its version.
  [[nodiscard]] const std::string& name() const noexcept { return child_.name(); }

  void graph(const hint::relation_graph& graph) {
    nodes_ = graph.size();
    write_edges(folder_ / "edges.txt", graph);
    child_.ask("graph " + (folder_ / "edges.txt").string() + " " + std::to_string(nodes_));
  }
  /// Seconds of one search, as it takes them itself: network in, modules out.
  double run(std::size_t trials) { return std::stod(child_.ask("run " + std::to_string(trials))); }
  /// What the last run found.
  [[nodiscard]] partition communities() {
    const auto file = folder_ / "found.txt";
    child_.ask("found " + file.string());
    partition out(nodes_);
    std::ifstream in(file);
    for (std::size_t& module : out) in >> module;
    hint::expects<hint::io_error>(!in.fail(), file.string(), " is too short");
    return out;
  }

 private:
  bench::scratch_folder folder_{"tree_vs_rivals"};
  bench::python_child child_;
  std::size_t nodes_ = 0;
};

}  // namespace tree_vs_rivals

#endif
