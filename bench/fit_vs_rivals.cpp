// SPDX-License-Identifier: MIT
// Fitting and encoding against torch, Faiss, Eigen and an older version of hint:
//
//   fit_vs_rivals [--quick] [--only PART] [--python PATH] [--torch PATH]
//   fit_vs_rivals --memory [N]                    the growth of time and memory from 10^4 to 10^6 (or N) pairs
//
// Rivals run in turns with ours: the Faiss that CMake found (Debian's), linked; the newest Faiss in a child process
// of the interpreter --python (default: build/rivals/bin/python of the repository, which scripts/setup.sh --rivals
// makes); torch in one of --torch (default: $HINT_BENCH_TORCH, else as --python; scripts/setup.sh --torch adds it
// there). What is missing is said, and its rows are left out. Prints tables, then lines RATIO name ours rival ratio
// (seconds; ratio = rival / ours) and FIGURE name value, and then which targets are met.
//
// An older version of hint runs beside ours when it was configured with -DHINT_BENCH_BASELINE=FOLDER, the folder of
// its headers (git worktree add FOLDER COMMIT, then FOLDER/include).
//
// Dense maths follow the flags of whoever compiles: the preset `bench` compiles for this machine.
//
// A part is a header of fit_vs_rivals/ with one function `void NAME(const setting&)` in namespace fit_vs_rivals, which
// - prints a heading, a table while it runs (flushed), and tells `s.out` its ratios and figures with their targets;
// - compares answers with the rival's before anything is timed, and throws `hint::error` when they differ;
// - times ours and all rivals in turns (bench::medians_in_turns) with `s.repeats` or fewer, so that the pace of a
//   busy machine cancels out; with s.quick it keeps within its seconds below;
// - skips rivals that are null or `available == false` by `s.out.missing("ROW: what is not there")`;
// - draws its data from data.hpp.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/thread_pool.hpp>

#include "fit_vs_rivals/data.hpp"
#include "fit_vs_rivals/setting.hpp"
#include "support/machine.hpp"

#include "fit_vs_rivals/fit.hpp"
#include "fit_vs_rivals/memory.hpp"
#include "fit_vs_rivals/products.hpp"
#include "fit_vs_rivals/step.hpp"
#include "fit_vs_rivals/knn.hpp"
#include "fit_vs_rivals/approximate.hpp"
#include "fit_vs_rivals/encode.hpp"

namespace {

using namespace fit_vs_rivals;

constexpr const char* usage =
    "usage: fit_vs_rivals [--quick] [--only PART] [--python PATH] [--torch PATH]\n"
    "       fit_vs_rivals --memory [N]\n"
    "  --quick      fewer repeats, some 110 seconds\n"
    "  --only       one of the parts that a run names\n"
    "  --python     an interpreter with faiss and numpy (default: " HINT_BENCH_PYTHON
    ")\n"
    "  --torch      an interpreter with torch and numpy (default: $HINT_BENCH_TORCH, else as "
    "--python)\n"
    "  --memory     time and memory of each phase for 10^4, 10^5 and 10^6 pairs, or up to N, some "
    "minutes\n";

struct part {
  const char* name;
  void (*run)(const setting&);
  double seconds;  ///< with --quick, on two cores
};

const std::vector<part>& parts() {
  static const std::vector<part> all{
      {"products", &products, 6},       {"step", &step, 15},    {"knn", &knn, 25},
      {"approximate", &approximate, 8}, {"encode", &encode, 8}, {"fit", &fit, 35},
      {"memory", &memory, 5},
  };
  return all;
}

struct arguments {
  bool quick = false;
  bool help = false;
  std::size_t growth = 0;  ///< pairs at most; 0: none
  fs::path python = HINT_BENCH_PYTHON;
  fs::path torch;
  std::string only;  // empty: all parts
};

arguments parse(const std::vector<std::string>& words) {
  arguments a;
  if (const char* torch = std::getenv("HINT_BENCH_TORCH")) a.torch = torch;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--quick") {
      a.quick = true;
    } else if (word == "--help") {
      a.help = true;
    } else if (word == "--memory") {
      const bool given = i + 1 < words.size() && words[i + 1].substr(0, 2) != "--";
      a.growth = given ? std::stoul(words[++i]) : growth_sizes.back();
    } else if (word == "--python" || word == "--torch" || word == "--only") {
      hint::expects(i + 1 < words.size(), word, " needs a value, see --help");
      const std::string& value = words[++i];
      if (word == "--only")
        a.only = value;
      else
        (word == "--python" ? a.python : a.torch) = value;
    } else {
      hint::expects(false, "unknown option ", word, ", see --help");
    }
  }
  std::string names;
  for (const part& p : parts()) names += std::string(" ") + p.name;
  hint::expects(a.only.empty() || std::any_of(parts().begin(), parts().end(),
                                              [&](const part& p) { return p.name == a.only; }),
                "--only: ", a.only, " is unknown, expected one of", names);
  if (a.torch.empty()) a.torch = a.python;
  return a;
}

/// The interpreter's rivals, or nothing and the reason on stdout.
void start(std::optional<python_rival>& rival, const fs::path& python) {
  try {
    rival.emplace(python);
    std::printf("%s: %s\n", python.c_str(), rival->name().c_str());
  } catch (const hint::error& e) {
    std::printf("%s: %s\n", python.c_str(), e.what());
  }
}

void run(const arguments& a) {
  const auto begin = std::chrono::steady_clock::now();
  const auto spent = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  std::printf("%s; compiled by %s for %s\n", bench::processor().c_str(), bench::compiler().c_str(),
              bench::compiled_for());
  std::printf("linked: Faiss %s, Eigen %d.%d.%d\n", linked_faiss::version().c_str(),
              EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION);
  bench::report out;
  const bench::scratch_folder folder("fit_vs_rivals");
  if (a.growth > 0) {
    memory_growth(out, folder / "growth", a.growth);
    out.print();
    return;
  }
  std::optional<python_rival> python, other;
  start(python, a.python);
  if (a.torch != a.python) start(other, a.torch);
  const auto with = [&](bool (python_rival::*has)() const) -> python_rival* {
    for (auto* rival : {&other, &python})
      if (*rival && (**rival.*has)()) return &**rival;
    return nullptr;
  };
  std::optional<baseline> before;
  if (!baseline::path().empty()) before.emplace(baseline::path());
  std::printf("older version: %s\n",
              before ? baseline::path().c_str() : "none, see HINT_BENCH_BASELINE");
  if (std::getenv("HINT_DATA") == nullptr)
    std::puts("no $HINT_DATA: made up pairs in place of mirflickr20k");
  std::fflush(stdout);

  hint::thread_pool pool(2);
  hint::context one, two{pool};
  one.seed = two.seed = fit_vs_rivals::seed;
  const setting s{out,
                  with(&python_rival::has_faiss),
                  with(&python_rival::has_torch),
                  before ? &*before : nullptr,
                  a.quick,
                  a.quick ? bench::repeats{3, 15, 1} : bench::repeats{5, 25, 5},
                  one,
                  two,
                  folder / "data"};
  fs::create_directories(s.folder);
  for (const part& p : parts()) {
    if (!a.only.empty() && a.only != p.name) continue;
    const double at = spent();
    p.run(s);
    std::printf("(%s: %.0f s", p.name, spent() - at);
    if (a.quick) std::printf(" of %.0f", p.seconds);
    std::puts(")");
    std::fflush(stdout);
  }
  out.print();
  std::printf("%.0f s in all\n", spent());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> words(argv + 1, argv + argc);
    // Not for users: how the program calls itself to measure memory, see memory.hpp.
    if (!words.empty() && words[0] == "--memory-child") {
      run_memory_child({words.begin() + 1, words.end()});
      return 0;
    }
    const arguments a = parse(words);
    if (a.help) std::cout << usage;
    if (!a.help) run(a);
    return 0;
  } catch (const std::exception& e) {
    std::cerr << "fit_vs_rivals: " << e.what() << "\n";
    return 1;
  }
}
