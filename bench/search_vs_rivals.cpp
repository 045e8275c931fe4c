// SPDX-License-Identifier: MIT
// Hamming search, MAP and sets of bits against Faiss, numpy, dense search, RDKit and what the machine allows:
//
//   search_vs_rivals [--quick] [--python PATH] [--only PART]
//
// Rivals run in turns with ours: the Faiss that CMake found (Debian's), linked; the newest Faiss
// and numpy in a child process of PATH, an interpreter that has both (default:
// build/rivals/bin/python of the repository, which scripts/setup.sh --rivals makes). Answers are
// compared before anything is timed. Prints tables, then lines RATIO name ours rival ratio
// (seconds; ratio = rival / ours) and FIGURE name value, and then which targets are met.
//
// An older version of hint runs beside ours when it was configured with -DHINT_BENCH_BASELINE=FOLDER, the folder
// of its headers (git worktree add FOLDER COMMIT, then FOLDER/include).
//
// CMake compiles this file without the flags for this machine that the presets add, as a user
// would; the dense rival, in search_vs_rivals/dense.cpp, gets them.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/search.hpp>

#include "support/machine.hpp"
#include "search_vs_rivals/batches.hpp"
#include "search_vs_rivals/dense.hpp"
#include "search_vs_rivals/kinds.hpp"
#include "search_vs_rivals/map.hpp"
#include "search_vs_rivals/pairs.hpp"
#include "search_vs_rivals/python_rival.hpp"
#include "search_vs_rivals/rates.hpp"
#include "search_vs_rivals/sets.hpp"
#include "search_vs_rivals/setting.hpp"
#include "search_vs_rivals/short_codes.hpp"
#include "search_vs_rivals/single.hpp"
#include "search_vs_rivals/sublinear.hpp"
#include "search_vs_rivals/table4.hpp"

namespace {

using namespace search_vs_rivals;

constexpr const char* usage =
    "usage: search_vs_rivals [--quick] [--python PATH] [--only PART]\n"
    "  --quick      fewer repeats and queries for rivals, about three minutes\n"
    "  --python     an interpreter with faiss, numpy and rdkit (default: " HINT_BENCH_PYTHON
    ")\n"
    "  --only       batches, kinds, single, short, sublinear, table4, map, pairs, sets or rates\n";

using part = void (*)(const setting&);
constexpr std::array<std::pair<const char*, part>, 10> parts{{{"batches", &batches},
                                                              {"kinds", &kernel_kinds},
                                                              {"single", &single_queries},
                                                              {"short", &short_codes},
                                                              {"sublinear", &sublinear_search},
                                                              {"table4", &dense_table},
                                                              {"map", &mean_average_precision},
                                                              {"pairs", &all_pairs},
                                                              {"sets", &sets_of_bits},
                                                              {"rates", &other_rates}}};

struct arguments {
  bool quick = false;
  bool help = false;
  fs::path python = HINT_BENCH_PYTHON;
  std::string only;  // empty: all parts
};

arguments parse(const std::vector<std::string>& words) {
  arguments a;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--quick") {
      a.quick = true;
    } else if (words[i] == "--help") {
      a.help = true;
    } else if (words[i] == "--python" || words[i] == "--only") {
      hint::expects(i + 1 < words.size(), words[i], " needs a value, see --help");
      if (words[i] == "--python")
        a.python = words[i + 1];
      else
        a.only = words[i + 1];
      ++i;
    } else {
      hint::expects(false, "unknown option ", words[i], ", see --help");
    }
  }
  hint::expects(a.only.empty() || std::any_of(parts.begin(), parts.end(),
                                              [&](const auto& p) { return p.first == a.only; }),
                "--only: ", a.only, " is unknown, see --help");
  return a;
}

void describe(const arguments& a, const python_rival* python, const setting& s) {
  std::printf("%s; searches use %s\n", bench::processor().c_str(),
              std::string(hint::search::instruction_set()).c_str());
#if defined(__SSE3__) || defined(__ARM_FEATURE_DOTPROD)
  const char* flags = "flags beyond the default, so ours may be faster than by default";
#else
  const char* flags = "ours with default flags";
#endif
  std::printf("%s, %s\n", bench::compiler().c_str(), flags);
  std::printf("linked: Faiss %s; %s; %s\n", linked_faiss::version().c_str(), eigen_name(),
              blas_name());
  std::printf("older version: %s\n", s.today ? ("uses " + s.today->instruction_set()).c_str()
                                             : "none, see HINT_BENCH_BASELINE");
  std::printf("%s: %s\n", a.python.c_str(), python ? python->name().c_str() : "no rivals there");
  std::printf(
      "medians of %zu to %zu runs, in turns; rivals' batches on %zu and %zu of the queries\n",
      s.repeats.least, s.repeats.most, s.for_newest, s.for_linked);
}

void run(const arguments& a) {
  const auto begin = std::chrono::steady_clock::now();
  bench::report out;
  std::optional<python_rival> python;
  try {
    python.emplace(a.python);
  } catch (const hint::error& e) {
    std::printf(
        "the newest Faiss and numpy are missing: %s\nscripts/setup.sh --rivals installs them, "
        "--python names another interpreter\n",
        e.what());
  }
  std::optional<baseline> today;
  if (!baseline::path().empty()) today.emplace(baseline::path());
  setting s{out,
            python ? &*python : nullptr,
            today ? &*today : nullptr,
            a.quick ? bench::repeats{5, 25, 1.2} : bench::repeats{9, 50, 6},
            a.quick ? 100U : 1000U,
            100};
  describe(a, s.python, s);
  std::fflush(stdout);
  const auto spent = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  for (const auto& [name, measure] : parts) {
    if (!a.only.empty() && a.only != name) continue;
    // On a slow or busy machine fewer runs must do, and the last part, which has no targets, none.
    if (a.quick && spent() > 90) s.repeats = {3, 15, 0.6};
    if (a.quick && measure == &other_rates && spent() > 130)
      out.missing("other rates: no time left in --quick");
    else
      measure(s);
  }
  out.print();
  std::printf("%.0f s in all\n", spent());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const arguments a = parse({argv + 1, argv + argc});
    if (a.help) std::cout << usage;
    if (!a.help) run(a);
    return 0;
  } catch (const std::exception& e) {
    std::cerr << "search_vs_rivals: " << e.what() << "\n";
    return 1;
  }
}
