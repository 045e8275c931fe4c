// SPDX-License-Identifier: MIT
// Encoding trees against community detection (igraph's Infomap and Leiden, the newest Infomap by its
// Python package) and against what other programs are known to reach:
//
//   tree_vs_rivals [--quick] [--data FOLDER] [--threads N] [--python PROGRAM]
//                  [--edges FILE] [--write FOLDER]
//
// FOLDER (default: $HINT_DATA) holds graphs/g1000.npy and others, undirected edge lists E x 2, and
// mirflickr20k with image.npy, text.npy and split.npy. For edge lists that are not there, synthetic
// graphs step in. Prints a table, then lines RATIO name ours rival ratio (ratio = rival / ours, over
// 1 where ours is lower) and FIGURE name value, and then which targets are met.
//
// Timed are graph in, tree out for ours and igraph_t in, membership out for rivals, in turns on one
// thread (ours on N with --threads). Entropy is exact structural entropy in bits; partitions count
// as trees of height 2. With --edges the graph is that of the file alone, and --write leaves such a
// file of every graph in a folder, for other programs.
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <hint/hint.hpp>
#include <hint/tree/presets.hpp>

#include "support/measure.hpp"
#include "tree_vs_rivals/edge_list.hpp"
#include "tree_vs_rivals/graphs.hpp"
#include "tree_vs_rivals/growth.hpp"
#include "tree_vs_rivals/infomap.hpp"
#include "tree_vs_rivals/report.hpp"
#include "tree_vs_rivals/rivals.hpp"

namespace {

using namespace tree_vs_rivals;
using bench::duel;
using bench::median;
using bench::repeats;
using bench::seconds_of;
using bench::timed;
using bench::timed_in_turns;
using hint::tree::encoding_tree;

constexpr const char* usage =
    "usage: tree_vs_rivals [--quick] [--data FOLDER] [--threads N] [--python PROGRAM]\n"
    "                      [--edges FILE] [--write FOLDER]\n"
    "  --quick      fewer graphs and repeats, under two minutes\n"
    "  --data       folder with graphs/gN.npy and mirflickr20k (default: $HINT_DATA)\n"
    "  --threads    for the trees; rivals have one (default: 1)\n"
    "  --python     an interpreter with infomap (default: " HINT_BENCH_PYTHON
    ",\n"
    "               made by scripts/setup.sh --rivals)\n"
    "  --edges      the graph of this file alone: a line \"a b\" or \"a b weight\" for each edge\n"
    "  --write      writes every graph as such a file into this folder, to hand to other "
    "programs\n";

struct arguments {
  bool quick = false;
  bool help = false;
  fs::path data;
  fs::path python = HINT_BENCH_PYTHON;
  fs::path edges;
  fs::path write;
  std::size_t threads = 1;
};

std::size_t number(const std::string& name, const std::string& text) {
  std::size_t used = 0;
  unsigned long value = 0;
  try {
    value = std::stoul(text, &used);
  } catch (const std::exception&) {
  }
  hint::expects(used == text.size() && value > 0 && value <= 4096, name, " is \"", text,
                "\", expected a number from 1 to 4096");
  return value;
}

arguments parse(const std::vector<std::string>& words) {
  arguments a;
  if (const char* root = std::getenv("HINT_DATA")) a.data = root;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& option = words[i];
    const auto value = [&]() -> const std::string& {
      hint::expects(i + 1 < words.size(), option, " needs a value, see --help");
      return words[++i];
    };
    if (option == "--quick") {
      a.quick = true;
    } else if (option == "--help") {
      a.help = true;
    } else if (option == "--data") {
      a.data = value();
      hint::expects<hint::io_error>(fs::is_directory(a.data), "--data: ", a.data.string(),
                                    " is no folder");
    } else if (option == "--threads") {
      a.threads = number(option, value());
    } else if (option == "--python") {
      a.python = value();
    } else if (option == "--edges") {
      a.edges = value();
    } else if (option == "--write") {
      a.write = value();
      hint::expects<hint::io_error>(fs::is_directory(a.write), "--write: ", a.write.string(),
                                    " is no folder");
    } else {
      hint::expects(false, "unknown option ", option, ", see --help");
    }
  }
  return a;
}

/// Builds with one preset and keeps the last tree.
struct contestant {
  contestant(const named_graph& g, const std::string& preset_name, std::size_t tree_height,
             const hint::context& c)
      : graph(g), name(preset_name), height(tree_height), build(preset(name, height)), ctx(c) {}

  void operator()() { tree = build(graph.graph, ctx); }
  void row(double seconds) const { report::row(graph, name, height, seconds, entropy(), tree); }
  [[nodiscard]] double entropy() const {
    return height == 2 ? checked_entropy(graph.graph, tree) : hint::tree::structural_entropy(tree);
  }

  const named_graph& graph;
  std::string name;
  std::size_t height;
  build_function build;
  const hint::context& ctx;
  encoding_tree tree;
};

double row_of(const named_graph& g, const std::string& preset_name, std::size_t height,
              const hint::context& ctx, repeats r) {
  contestant ours(g, preset_name, height, ctx);
  const double seconds = timed([&] { ours(); }, r);
  ours.row(seconds);
  return seconds;
}

#ifdef HINT_HAVE_IGRAPH

/// `best` against Infomap and `fast` against Leiden, at height 2.
void against_rivals(const named_graph& g, const hint::context& ctx, report& out, repeats r) {
  rival_graph theirs(g.graph);
  const auto row = [&](const std::string& name, double seconds) {
    const encoding_tree tree = tree_of(g.graph, theirs.communities());
    const double entropy = checked_entropy(g.graph, tree);
    report::row(g, name, 2, seconds, entropy, tree);
    return entropy;
  };
  contestant best(g, "best", 2, ctx);
  duel d = timed_in_turns([&] { best(); }, [&] { theirs.infomap(1); }, r);
  best.row(d.ours);
  double entropy = row("Infomap, 1 trial", d.rival);
  out.ratio("h2_best_" + g.name + "_vs_infomap", best.entropy(), entropy, 1, false);
  out.ratio("time_best_" + g.name + "_vs_infomap", d.ours, d.rival, 20);
  if (g.graph.size() <= 2000) row("Infomap, 10 trials", seconds_of([&] { theirs.infomap(10); }));

  contestant fast(g, "fast", 2, ctx);
  d = timed_in_turns([&] { fast(); }, [&] { theirs.leiden(1); }, r);
  fast.row(d.ours);
  entropy = row("Leiden", d.rival);
  out.ratio("h2_fast_" + g.name + "_vs_leiden", fast.entropy(), entropy, 1, false);
  out.ratio("time_fast_" + g.name + "_vs_leiden", d.ours, d.rival, 0.5);

  // The resolution of the lowest entropy, which a user of Leiden would have to search for.
  double tuned = 1;
  double lowest = std::numeric_limits<double>::infinity();
  for (const double resolution : {1, 2, 4, 8, 16, 32}) {
    theirs.leiden(resolution);
    const double found = hint::tree::structural_entropy(tree_of(g.graph, theirs.communities()));
    if (found < lowest) {
      lowest = found;
      tuned = resolution;
    }
  }
  d = timed_in_turns([&] { fast(); }, [&] { theirs.leiden(tuned); }, r);
  entropy = row("Leiden, resolution " + std::to_string(static_cast<int>(tuned)), d.rival);
  out.ratio("h2_fast_" + g.name + "_vs_leiden_tuned", fast.entropy(), entropy);
  out.ratio("time_fast_" + g.name + "_vs_leiden_tuned", d.ours, d.rival);
}

#else

void against_rivals(const named_graph& g, const hint::context& ctx, report& out, repeats r) {
  row_of(g, "best", 2, ctx, r);
  row_of(g, "fast", 2, ctx, r);
  out.missing(g.name + " against Infomap and Leiden: igraph was not found by CMake");
}

#endif

/// `best` against the newest Infomap, at height 2.
void against_newest_infomap(const named_graph& g, const hint::context& ctx, report& out, repeats r,
                            python_infomap& theirs) {
  theirs.graph(g.graph);
  contestant best(g, "best", 2, ctx);
  std::vector<double> ours;
  std::vector<double> rival;
  for (double spent = 0; r.more(rival.size(), spent); spent += rival.back()) {
    ours.push_back(seconds_of([&] { best(); }));
    rival.push_back(theirs.run(1));
  }
  const encoding_tree tree = tree_of(g.graph, theirs.communities());
  const double entropy = checked_entropy(g.graph, tree);
  report::row(g, theirs.name() + ", 1 trial", 2, median(rival), entropy, tree);
  out.ratio("h2_best_" + g.name + "_vs_newest_infomap", best.entropy(), entropy, 1, false);
  out.ratio("time_best_" + g.name + "_vs_newest_infomap", median(ours), median(rival));
}

/// What the published builders of encoding trees reach on a graph.
struct known_figure {
  const char* graph;
  std::size_t height;
  double entropy;
};

/// Measured values: the lowest exact entropy of the trees that SEP (github.com/Wu-Junran/SEP,
/// SEPN/codingTree.py) and HiTIN (github.com/Rooooyy/HiTIN, models/structure_model/CIRCA.py) make
/// of these edge lists, in either of their modes v1 and v2 (HiTIN's v1: SEP's code with HiTIN's
/// formulas). In mode v2, their default, the lowest at height 3 are 6.282, 7.074, 7.987 and 9.426.
constexpr std::array<known_figure, 7> builders{
    {{"g500", 3, 6.2535},                         // SEP v1
     {"g1000", 3, 7.0275},                        // HiTIN v1
     {"g2000", 3, 7.9870},                        // HiTIN v1 and v2
     {"g5000", 3, 9.4260},                        // HiTIN v2
     {"g500", hint::tree::unbounded, 4.3836},     // HiTIN
     {"g1000", hint::tree::unbounded, 4.6537},    // SEP
     {"g2000", hint::tree::unbounded, 5.1177}}};  // HiTIN

void against_builders(const named_graph& g, const hint::context& ctx, report& out, repeats r) {
  for (const std::size_t height : {std::size_t{3}, hint::tree::unbounded}) {
    contestant best(g, "best", height, ctx);
    best.row(timed([&] { best(); }, r));
    for (const known_figure& known : builders)
      if (known.graph == g.name && known.height == height)
        out.ratio((height == 3 ? "h3_best_" : "hinf_best_") + g.name + "_vs_builders",
                  best.entropy(), known.entropy, 1, false);
  }
}

/// Whether 1, 2 and 3 threads give equal trees, weights and all.
bool equal_for_threads(const named_graph& g) {
  hint::thread_pool two(2);
  hint::thread_pool three(3);
  bool equal = true;
  for (const std::string& name : preset_names)
    for (const std::size_t height : {2U, 3U}) {
      const build_function build = preset(name, height);
      const encoding_tree alone = build(g.graph, {});
      for (hint::thread_pool* pool : {&two, &three})
        if (!(build(g.graph, hint::context{*pool}) == alone)) {
          std::printf("%s: %s of height %zu differs on %zu threads\n", g.name.c_str(), name.c_str(),
                      height, pool->concurrency());
          equal = false;
        }
    }
  return equal;
}

void run(const arguments& a) {
  const auto begin = std::chrono::steady_clock::now();
  const auto spent = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  const auto left = [&] {
    return a.quick ? 110 - spent() : std::numeric_limits<double>::infinity();
  };
  if (a.data.empty() && a.edges.empty()) std::puts("HINT_DATA is not set: synthetic graphs only");
#ifndef HINT_HAVE_IGRAPH
  std::puts("built without igraph: Infomap and Leiden are missing, only our trees are measured");
#endif
  hint::thread_pool pool(a.threads);
  const hint::context ctx{pool};
  const repeats r = a.quick ? repeats{3, 9, 0.4} : repeats{5, 25, 4};
  report out;

  std::optional<python_infomap> infomap;
  try {
    infomap.emplace(a.python);
  } catch (const hint::error& e) {
    out.missing(std::string("the newest Infomap: ") + e.what() + "; try scripts/setup.sh --rivals");
  }
  std::vector<named_graph> graphs;
  if (!a.edges.empty()) {
    graphs.push_back({a.edges.stem().string(), read_edge_list(a.edges)});
  } else {
    for (const std::size_t pairs : {500U, 1000U, 2000U, 5000U, 10000U})
      graphs.push_back(pairs_graph(a.data, pairs));
    graphs.push_back(mirflickr_graph(a.data));
  }
  if (!a.write.empty())
    for (const named_graph& g : graphs)
      if (g.graph.size() > 0) write_edges(a.write / (g.name + ".txt"), g.graph);
  report::heading();
  bool equal = true;
  for (const named_graph& g : graphs) {
    const std::size_t nodes = g.graph.size();
    if (nodes == 0) continue;
    for (const std::size_t height : {2U, 3U}) row_of(g, "paper", height, ctx, r);
    row_of(g, "fast", 3, ctx, r);
    if (!a.edges.empty() || !a.quick || (nodes != 1000 && nodes != 4000)) {
      against_rivals(g, ctx, out, r);
      if (infomap) against_newest_infomap(g, ctx, out, r, *infomap);
    }
    against_builders(g, ctx, out, r);
    if (nodes == 2000 || nodes == 20000) equal = equal_for_threads(g) && equal;
  }
  if (!a.edges.empty()) return out.print();
  const build_function paper = preset("paper", 3);
  const double seconds = timed([&] { static_cast<void>(paper(graphs[4].graph, {})); }, {5, 15, 1});
  const bool real = graphs[4].name == "g10000";
  out.figure_at_most(real ? "paper_20000_ms" : "paper_synthetic20000_ms", 1000 * seconds, 150);
  out.figure_at_least("threads_bit_equal", equal ? 1 : 0, 1);
  growth(out, left).run();
  out.print();
  std::printf("%.0f s in all\n", spent());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> words(argv + 1, argv + argc);
    // Not for users: how the program calls itself to measure memory, see growth.hpp.
    if (words.size() == 3 && words[0] == "--growth-child") {
      run_growth_child(std::stoul(words[1]), words[2]);
      return 0;
    }
    const arguments a = parse(words);
    if (a.help) std::cout << usage;
    if (!a.help) run(a);
    return 0;
  } catch (const std::exception& e) {
    std::cerr << "tree_vs_rivals: " << e.what() << "\n";
    return 1;
  }
}
