// SPDX-License-Identifier: MIT
// What tree_vs_rivals prints: a table while it runs, figures by name at the end, and which targets
// they meet.
#ifndef HINT_BENCH_TREE_VS_RIVALS_REPORT_HPP
#define HINT_BENCH_TREE_VS_RIVALS_REPORT_HPP

#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include <hint/hint.hpp>

#include "graphs.hpp"

namespace tree_vs_rivals {

inline std::string height_name(std::size_t height) {
  return height == hint::tree::unbounded ? "any" : std::to_string(height);
}

class report {
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

  /// `RATIO name ours rival ratio` with ratio = rival / ours, to be above or at `target`.
  void ratio(const std::string& name, double ours, double rival, double target,
             bool reaching_counts = true) {
    ratio(name, ours, rival);
    const double value = rival / ours;
    judge(name, value, reaching_counts ? value >= target : value > target,
          (reaching_counts ? ">= " : "> ") + number(target));
  }
  /// `RATIO` without a target.
  void ratio(const std::string& name, double ours, double rival) {
    lines_.push_back("RATIO " + name + " " + number(ours) + " " + number(rival) + " " +
                     number(rival / ours));
  }
  /// `FIGURE name value`, to be at most `target`.
  void figure_at_most(const std::string& name, double value, double target) {
    lines_.push_back("FIGURE " + name + " " + number(value));
    judge(name, value, value <= target, "<= " + number(target));
  }
  void figure_at_least(const std::string& name, double value, double target) {
    lines_.push_back("FIGURE " + name + " " + number(value));
    judge(name, value, value >= target, ">= " + number(target));
  }
  /// Something that was not measured, for the summary.
  void missing(const std::string& what) { missing_.push_back(what); }

  void print() const {
    std::puts("");
    for (const std::string& line : lines_) std::puts(line.c_str());
    std::puts("\nTargets");
    std::size_t met = 0;
    for (const verdict& v : verdicts_) {
      if (v.met) ++met;
      std::printf("  %-6s %-40s %12s  wanted %s\n", v.met ? "met" : "MISSED", v.name.c_str(),
                  number(v.value).c_str(), v.wanted.c_str());
    }
    for (const std::string& what : missing_) std::printf("  %-6s %s\n", "-", what.c_str());
    std::printf("%zu of %zu targets met, %zu not measured\n", met, verdicts_.size(),
                missing_.size());
  }

 private:
  struct verdict {
    std::string name;
    double value;
    bool met;
    std::string wanted;
  };

  [[nodiscard]] static std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", value);
    return text;
  }
  void judge(const std::string& name, double value, bool met, const std::string& wanted) {
    verdicts_.push_back({name, value, met, wanted});
  }

  std::vector<std::string> lines_;
  std::vector<verdict> verdicts_;
  std::vector<std::string> missing_;
};

}  // namespace tree_vs_rivals

#endif
