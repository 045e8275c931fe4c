// SPDX-License-Identifier: MIT
// Time and memory for tree_vs_rivals.
#ifndef HINT_BENCH_TREE_VS_RIVALS_MEASURE_HPP
#define HINT_BENCH_TREE_VS_RIVALS_MEASURE_HPP

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace tree_vs_rivals {

template <class F>
double seconds_of(F&& f) {
  const auto begin = std::chrono::steady_clock::now();
  f();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

/// When to repeat: until `enough` seconds have gone by, but `least` to `most` times.
struct repeats {
  std::size_t least = 3;
  std::size_t most = 15;
  double enough = 1.5;

  [[nodiscard]] bool more(std::size_t done, double spent) const {
    return done < least || (done < most && spent < enough);
  }
};

/// Median seconds of f.
template <class F>
double timed(F&& f, repeats r = {}) {
  std::vector<double> times;
  for (double spent = 0; r.more(times.size(), spent); spent += times.back())
    times.push_back(seconds_of(f));
  return median(times);
}

struct duel {
  double ours, rival;
};

/// Median seconds of two programs that take turns, so that a machine that changes its pace hits
/// both. A rival that takes longer than a second runs once, between runs of ours.
template <class Ours, class Rival>
duel timed_in_turns(Ours&& ours, Rival&& rival, repeats r = {}) {
  std::vector<double> first;
  std::vector<double> second;
  for (double spent = 0; r.more(first.size(), spent);) {
    first.push_back(seconds_of(ours));
    spent += first.back();
    if (!second.empty() && second.front() > 1) continue;
    second.push_back(seconds_of(rival));
    spent += second.back();
  }
  return {median(first), median(second)};
}

/// A line of /proc/self/status in bytes, or nothing where there is no such thing.
inline std::optional<double> memory_status(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (word == name + ":") {
      double kilobytes = 0;
      status >> kilobytes;
      return 1024 * kilobytes;
    }
  return std::nullopt;
}

/// Gives freed memory back to the system and lets the peak (VmHWM) start anew from what is in use.
/// False where the system cannot do that.
inline bool reset_peak_memory() {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
  std::ofstream clear("/proc/self/clear_refs");
  clear << "5" << std::flush;
  return clear.good();
}

}  // namespace tree_vs_rivals

#endif
