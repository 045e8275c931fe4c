// SPDX-License-Identifier: MIT
// The memory of fits, each in a process of its own: mirflickr20k's beside the older version's, and with --memory the
// growth of every phase from 10^4 to 10^6 pairs.
#ifndef HINT_BENCH_FIT_VS_RIVALS_MEMORY_HPP
#define HINT_BENCH_FIT_VS_RIVALS_MEMORY_HPP

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <hint/core/phase_profile.hpp>
#include <hint/core/resident_memory.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/data/dataset.hpp>
#include <hint/data/map.hpp>
#include <hint/io/npy.hpp>
#include <hint/learn/encode_file.hpp>
#include <hint/learn/hint.hpp>

#include "../support/memory.hpp"
#include "../support/self_child.hpp"
#include "setting.hpp"
#include "whole_fit.hpp"

namespace fit_vs_rivals {

inline double resident_mb() {
  return static_cast<double>(hint::resident_bytes().value_or(0)) / 1e6;
}
inline double peak_mb() {
  return static_cast<double>(hint::peak_resident_bytes().value_or(0)) / 1e6;
}

/// Prints the peak of a fit, in MB above what the process held before, its data among it; -1 where the system does not
/// tell.
template <class Fit>
void print_peak(Fit&& fit) {
  const bool measured = bench::reset_peak_memory();
  const double before = resident_mb();
  fit();
  std::printf("%.3f\n", measured ? peak_mb() - before : -1.0);
}

/// The work of the process that measures memory: "fit ours FOLDER" and "fit before FOLDER" print a peak, "growth FOLDER"
/// a line for each phase.
inline void run_memory_child(const std::vector<std::string>& words);

/// Enough steps that all memory has been in use once.
inline constexpr fit_request short_fit{.steps = 45};

/// Of mirflickr20k's fit of the default, two threads.
inline void memory(const setting& s) {
  const fs::path folder = mirflickr20k(s.folder);
  const auto peak = [&](const char* whose) {
    return std::stod(bench::ask_self(std::string("--memory-child fit ") + whose + " " +
                                     bench::quoted(folder.string())));
  };
  std::puts("\nMemory of the fit of the default, its data not counted");
  const double ours = peak("ours");
  std::printf("%-34s %8.1f MB", "peak, two threads", ours);
  if (ours < 0) {
    std::puts("");
    return s.out.missing("memory_of_fit: this system does not tell peaks");
  }
  if (!s.before) {
    std::puts("");
    s.out.figure("memory_of_fit_mb", ours);
    return s.out.missing("memory_of_fit: no older version, see HINT_BENCH_BASELINE");
  }
  const double theirs = peak("before");
  std::printf(", the older version %.1f MB\n", theirs);
  std::fflush(stdout);
  s.out.figure("memory_of_fit_mb", ours);
  s.out.figure_at_most("memory_of_fit", ours / theirs, 0.6);
}

// ---- growth ----------------------------------------------------------------------------------------

inline constexpr std::array<std::size_t, 3> growth_sizes{10'000, 100'000, 1'000'000};
inline constexpr std::size_t growth_columns = 512;

/// n images and n texts of 512 numbers, of which none is 0: image.npy and text.npy.
inline void write_growth_pairs(const fs::path& folder, std::size_t n, const hint::executor_ref& e) {
  fs::create_directories(folder);
  matrix rows(static_cast<hint::linalg::index>(n),
              static_cast<hint::linalg::index>(growth_columns));
  for (const hint::modality m : hint::modalities) {
    const std::string name(hint::name_of(m));
    fill_clustered(name, 0, rows, e);
    hint::io::write_npy<float>(folder / (name + ".npy"),
                               {rows.data(), static_cast<std::size_t>(rows.size())},
                               {n, growth_columns});
  }
}

/// From mapped files to a model to files of codes: lines "phase depth seconds peak-MB", and at last "all 0 seconds peak".
inline void run_growth_child(const fs::path& folder) {
  hint::phase_profile profile({.own_peaks = true});
  hint::thread_pool pool(2);
  hint::context ctx{pool, profile};
  ctx.seed = seed;
  double peak = 0;
  const double seconds = bench::seconds_of([&] {
    const auto model = hint::learn::hint{{.bits = 128}}.fit(
        hint::data::paired<>{hint::data::map(folder / "image.npy"),
                             hint::data::map(folder / "text.npy")},
        ctx);
    for (const hint::modality m : hint::modalities) {
      const std::string name(hint::name_of(m));
      hint::learn::encode_file(model, m, folder / (name + ".npy"), folder / (name + ".hint"), {},
                               ctx);
    }
  });
  for (const hint::profile_entry& e : profile.entries()) {
    std::string name = e.name;
    for (char& c : name)
      if (c == ' ') c = '_';
    peak = (std::max)(peak, static_cast<double>(e.bytes) / 1e6);
    std::printf("%s %zu %.6g %.6g\n", name.c_str(), e.depth, e.seconds,
                static_cast<double>(e.bytes) / 1e6);
  }
  std::printf("all 0 %.6g %.6g\n", seconds, peak);
}

/// A table: phases by sizes. `largest`: sizes above are left out.
inline void memory_growth(bench::report& out, const fs::path& scratch, std::size_t largest) {
  struct cell {
    double seconds = 0, mb = 0;
  };
  std::vector<std::string> order;
  std::map<std::string, std::map<std::size_t, cell>> table;
  hint::thread_pool pool(2);
  std::puts(
      "\nGrowth: n pairs of 512 and 512 floats in mapped .npy files to a model of 128 bits and "
      "files of all codes,");
  std::puts(
      "two threads, 400 steps of 256; memory of the whole process, files that are mapped among it");
  std::vector<std::size_t> sizes;
  for (const std::size_t n : growth_sizes) {
    if (n > largest) continue;
    sizes.push_back(n);
    const fs::path folder = scratch / std::to_string(n);
    write_growth_pairs(folder, n, pool);
    std::istringstream lines(
        bench::ask_self("--memory-child growth " + bench::quoted(folder.string())));
    fs::remove_all(folder);
    std::string name;
    std::size_t depth = 0;
    for (cell c; lines >> name >> depth >> c.seconds >> c.mb;) {
      name = std::string(2 * depth, ' ') + name;
      if (!table.contains(name)) order.push_back(name);
      table[name][n] = c;
    }
    hint::expects<hint::error>(table["all"].contains(n), "growth: no answer for ", n, " pairs");
    std::printf("  %zu pairs: %.1f s, %.0f MB\n", n, table["all"][n].seconds, table["all"][n].mb);
    std::fflush(stdout);
  }
  std::printf("\n%-20s", "phase");
  for (const std::size_t n : sizes) std::printf(" %10zu s %10s", n, "MB");
  std::printf("   exponents of the last tenfold\n");
  for (const std::string& name : order) {
    std::printf("%-20s", name.c_str());
    for (const std::size_t n : sizes)
      std::printf(" %12.3f %10.0f", table[name][n].seconds, table[name][n].mb);
    if (sizes.size() > 1) {
      const cell a = table[name][sizes[sizes.size() - 2]], b = table[name][sizes.back()];
      if (a.seconds > 0 && b.seconds > 0) std::printf("   %.2f", std::log10(b.seconds / a.seconds));
      if (a.mb > 0 && b.mb > 0) std::printf(" %.2f", std::log10(b.mb / a.mb));
    }
    std::puts("");
  }
  if (sizes.empty() || sizes.back() != growth_sizes.back())
    return out.missing("memory_1e6x512_gib: a smaller size was asked for");
  out.figure_at_most("memory_1e6x512_gib", table["all"][sizes.back()].mb * 1e6 / 1073741824, 8);
  out.figure("fit_and_encode_1e6x512_s", table["all"][sizes.back()].seconds);
}

inline void run_memory_child(const std::vector<std::string>& words) {
  hint::expects(words.size() >= 2, "--memory-child: the program calls itself with it");
  if (words[0] == "growth") return run_growth_child(words[1]);
  hint::expects(words.size() == 3 && words[0] == "fit", "--memory-child: no such work");
  if (words[1] == "before") {
    const baseline before(baseline::path());
    const baseline::data data(before, words[2]);
    print_peak([&] { data.fit(short_fit); });
  } else {
    whole_fit data(words[2]);
    print_peak([&] { data.fit(short_fit); });
  }
}

}  // namespace fit_vs_rivals

#endif
