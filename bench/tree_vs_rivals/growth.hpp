// SPDX-License-Identifier: MIT
// How time and memory of the presets grow with the graph.
#ifndef HINT_BENCH_TREE_VS_RIVALS_GROWTH_HPP
#define HINT_BENCH_TREE_VS_RIVALS_GROWTH_HPP

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <hint/hint.hpp>
#include <hint/tree/presets.hpp>

#include "../support/measure.hpp"
#include "../support/memory.hpp"
#include "../support/self_child.hpp"
#include "graphs.hpp"
#include "report.hpp"

namespace tree_vs_rivals {

using build_function =
    std::function<hint::tree::encoding_tree(const hint::relation_graph&, const hint::context&)>;

inline const std::array<std::string, 3> preset_names{"paper", "fast", "best"};

inline build_function preset(const std::string& name, std::size_t height) {
  const hint::tree::preset_options o{.height = height};
  if (name == "fast") return hint::tree::fast(o);
  if (name == "best") return hint::tree::best(o);
  hint::expects(name == "paper", "preset ", name, " is unknown, expected paper, fast or best");
  return hint::tree::paper(o);
}

inline constexpr std::array<std::size_t, 4> growth_sizes{2'000, 20'000, 200'000, 2'000'000};

/// What one preset needs for one graph.
struct measurement {
  double seconds = 0, bytes = 0, edges = 0;
};

/// The work of the process that the program starts for each size and preset: makes the graph,
/// builds trees of height 3 of it and prints the measurement.
///
/// Bytes are the peak resident size (VmHWM) during the first build less what the process held
/// before it had a graph: the graph, the tree, all in between and the allocator's waste. What was
/// needed to make the graph is given back first; where that cannot be done, bytes are 0.
inline void run_growth_child(std::size_t nodes, const std::string& name) {
  const double before = static_cast<double>(hint::resident_bytes().value_or(0));
  const hint::relation_graph graph = synthetic_graph(nodes);
  const build_function build = preset(name, 3);
  const bool measured = bench::reset_peak_memory();
  double peak = 0;
  std::vector<double> times;
  for (double spent = 0; bench::repeats{1, 9, 0.7}.more(times.size(), spent);
       spent += times.back()) {
    times.push_back(bench::seconds_of([&] { static_cast<void>(build(graph, {})); }));
    if (times.size() == 1 && measured)
      peak = static_cast<double>(hint::peak_resident_bytes().value_or(0)) - before;
  }
  std::printf("%.6g %.0f %zu\n", bench::median(times), peak, graph.edge_count());
}

class growth {
 public:
  /// `left()`: seconds that may still be spent.
  growth(report& out, std::function<double()> left) : report_(out), left_(std::move(left)) {}

  void run() {
    std::printf("\nGrowth on synthetic graphs, trees of height 3, one thread\n");
    std::printf("%10s %10s  %-8s %10s %12s %12s\n", "nodes", "edges", "preset", "seconds",
                "us an edge", "bytes an edge");
    for (const std::size_t nodes : growth_sizes)
      for (const std::string& name : preset_names) {
        if (const double needed = guess(name, nodes); needed > left_()) {
          std::printf("%10zu %10s  %-8s left out: some %.0f s, too long for --quick\n", nodes, "",
                      name.c_str(), needed);
          continue;
        }
        const measurement m = found_[name][nodes] = measure(nodes, name);
        std::printf("%10zu %10.0f  %-8s %10.4f %12.3f %12.1f\n", nodes, m.edges, name.c_str(),
                    m.seconds, 1e6 * m.seconds / m.edges, m.bytes / m.edges);
        std::fflush(stdout);
      }
    for (const std::string& name : preset_names) conclude(name);
  }

 private:
  /// In a process of its own, so that nobody else's memory counts.
  [[nodiscard]] static measurement measure(std::size_t nodes, const std::string& name) {
    const std::string said =
        bench::ask_self("--growth-child " + std::to_string(nodes) + " " + name);
    measurement m;
    hint::expects<hint::error>(
        std::sscanf(said.c_str(), "%lf %lf %lf", &m.seconds, &m.bytes, &m.edges) == 3,
        "growth: ", said, " is no measurement");
    return m;
  }

  /// Seconds, from the size before and with some reserve; 0 for the first.
  [[nodiscard]] double guess(const std::string& name, std::size_t nodes) const {
    const auto known = found_.find(name);
    if (known == found_.end()) return 0;
    const auto& [size, m] = *known->second.rbegin();
    return 1.1 * m.seconds * std::pow(static_cast<double>(nodes) / static_cast<double>(size), 1.25);
  }

  void conclude(const std::string& name) {
    const auto& sizes = found_[name];
    const auto last = sizes.find(growth_sizes.back());
    if (last == sizes.end()) return report_.missing("growth of " + name + ": no time in --quick");
    const auto& [first_size, first] = *sizes.begin();
    report_.figure_at_most(
        "growth_exponent_" + name,
        std::log(last->second.seconds / first.seconds) /
            std::log(static_cast<double>(last->first) / static_cast<double>(first_size)),
        1.15);
    if (last->second.bytes > 0)
      report_.figure_at_most("bytes_per_edge_" + name, last->second.bytes / last->second.edges,
                             200);
    else
      report_.missing("memory of " + name + ": this system does not tell peaks");
  }

  report& report_;
  std::function<double()> left_;
  std::map<std::string, std::map<std::size_t, measurement>> found_;
};

}  // namespace tree_vs_rivals

#endif
