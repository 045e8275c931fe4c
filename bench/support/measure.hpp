// SPDX-License-Identifier: MIT
// Time for the benchmarks.
#ifndef HINT_BENCH_SUPPORT_MEASURE_HPP
#define HINT_BENCH_SUPPORT_MEASURE_HPP

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <functional>
#include <vector>

namespace bench {

template <class F>
double seconds_of(F&& f) {
  const auto begin = std::chrono::steady_clock::now();
  f();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Of this thread alone, waiting and other programs' turns not counted: for work on one thread, on a machine that
/// others use too.
template <class F>
double cpu_seconds_of(F&& f) {
  const auto now = [] {
    std::timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
  };
  const double begin = now();
  f();
  return now() - begin;
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

/// Runs a program once; returns its seconds by whatever clock suits it.
using stopwatch = std::function<double()>;

/// Seconds of programs that take turns: the median of the first, ours, and for every other program
/// that times the median of its ratio to ours in the same turn. So a machine that changes its pace
/// every few seconds leaves ratios alone. A program that has spent `enough` seconds by itself is left
/// out of later turns, except ours.
inline std::vector<double> medians_in_turns(const std::vector<stopwatch>& programs,
                                            repeats r = {}) {
  std::vector<double> ours;
  std::vector<std::vector<double>> ratios(programs.size());
  std::vector<double> alone(programs.size(), 0);
  for (double spent = 0; r.more(ours.size(), spent);) {
    ours.push_back(programs[0]());
    spent += ours.back();
    for (std::size_t i = 1; i < programs.size(); ++i) {
      if (alone[i] >= r.enough) continue;
      const double seconds = programs[i]();
      ratios[i].push_back(seconds / ours.back());
      alone[i] += seconds;
      spent += seconds;
    }
  }
  std::vector<double> medians{median(ours)};
  for (std::size_t i = 1; i < programs.size(); ++i)
    medians.push_back(medians[0] * median(ratios[i]));
  return medians;
}

/// Median seconds of f.
template <class F>
double timed(F&& f, repeats r = {}) {
  return medians_in_turns({[&] { return seconds_of(f); }}, r).front();
}

struct duel {
  double ours, rival;
};

/// Median seconds of ours and a rival in turns.
template <class Ours, class Rival>
duel timed_in_turns(Ours&& ours, Rival&& rival, repeats r = {}) {
  const auto medians =
      medians_in_turns({[&] { return seconds_of(ours); }, [&] { return seconds_of(rival); }}, r);
  return {medians[0], medians[1]};
}

}  // namespace bench

#endif
