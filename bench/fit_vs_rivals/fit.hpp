// SPDX-License-Identifier: MIT
// Whole fits: against the older version, against torch's training loop alone, one thread against two, and the setting
// of the paper's claim.
#ifndef HINT_BENCH_FIT_VS_RIVALS_FIT_HPP
#define HINT_BENCH_FIT_VS_RIVALS_FIT_HPP

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <hint/data/dataset.hpp>
#include <hint/learn/hint.hpp>

#include "setting.hpp"
#include "whole_fit.hpp"

namespace fit_vs_rivals {

/// The default on mirflickr20k, two threads each, beside the older version; turn i has seed i. Equal seeds do not give
/// equal bits, for the order of sums differs, so MAP is a mean over the turns.
inline void fit_against_before(const setting& s, whole_fit& ours) {
  if (!s.before) return s.out.missing("fit_today: no older version, see HINT_BENCH_BASELINE");
  const baseline::data theirs(*s.before, mirflickr20k(s.folder));
  std::vector<double> our_map, their_map;
  fit_request a, b;
  const auto seconds =
      bench::medians_in_turns({[&] {
                                 a.seed = static_cast<int>(our_map.size()) + 1;
                                 const double t = bench::seconds_of([&] { ours.fit(a); });
                                 our_map.push_back(ours.map());
                                 return t;
                               },
                               [&] {
                                 b.seed = static_cast<int>(their_map.size()) + 1;
                                 const double t = bench::seconds_of([&] { theirs.fit(b); });
                                 their_map.push_back(theirs.map());
                                 return t;
                               }},
                              s.quick ? bench::repeats{1, 5, 14} : bench::repeats{5, 9, 100});
  our_map.resize(their_map.size());  // of the same seeds
  const auto mean = [](const std::vector<double>& v) {
    double sum = 0;
    for (const double x : v) sum += x;
    return sum / static_cast<double>(v.size());
  };
  std::printf("%-34s %8.2f s, the older version %.2f s; MAP %.2f and %.2f (%zu seeds)\n",
              "default, two threads", seconds[0], seconds[1], mean(our_map), mean(their_map),
              their_map.size());
  std::fflush(stdout);
  s.out.ratio("fit_today", seconds[0], seconds[1], 5);
  s.out.figure_at_least("fit_map_gain", mean(our_map) - mean(their_map), -0.3);
}

/// V1's whole fit against torch's training loop alone: scaled rows, dense, as many steps. Steps are all alike, so torch
/// does a part of them in each turn.
inline void fit_against_torch(const setting& s, whole_fit& ours) {
  if (!s.torch) return s.out.missing("fit_v1_vs_torch: no torch, see --torch");
  const auto train = ours.set().train();
  const auto scaled = [](const hint::data::block& rows) {
    matrix x = dense_rows(rows);
    x.rowwise() -= Eigen::RowVectorXf(x.colwise().mean());
    x.rowwise().normalize();
    return x;
  };
  s.torch->pairs(scaled(train.image()), scaled(train.text()));
  constexpr std::size_t steps = 400;
  const std::size_t part = s.quick ? 60 : 200;
  const auto torch = [&](int threads, bool compiled) {
    return bench::stopwatch([&s, part, threads, compiled] {
      return static_cast<double>(steps) / static_cast<double>(part) *
             s.torch->train({.steps = part, .threads = threads, .compiled = compiled});
    });
  };
  const auto fit = [&](int threads) {
    return bench::stopwatch([&ours, threads] {
      return bench::seconds_of([&] { ours.fit({.variant = 1, .threads = threads}); });
    });
  };
  std::vector<bench::stopwatch> programs{fit(2), torch(2, false), torch(1, false)};
  if (!s.quick) programs.push_back(torch(2, true));
  const auto seconds = bench::medians_in_turns(
      programs, s.quick ? bench::repeats{1, 5, 8} : bench::repeats{3, 9, 60});
  std::printf("%-34s %8.2f s, torch's loop %.2f s, with one thread %.2f s", "V1, two threads",
              seconds[0], seconds[1], seconds[2]);
  if (!s.quick) std::printf(", compiled %.2f s", seconds[3]);
  std::puts("");
  std::fflush(stdout);
  // On a busy machine torch's threads wait for each other, so its faster way counts.
  s.out.ratio("fit_v1_vs_torch", seconds[0], *std::min_element(seconds.begin() + 1, seconds.end()),
              1.5);
}

inline void fit_threads(const setting& s, whole_fit& ours) {
  const auto fit = [&](int threads) {
    return bench::stopwatch(
        [&ours, threads] { return bench::seconds_of([&] { ours.fit({.threads = threads}); }); });
  };
  const auto seconds = bench::medians_in_turns(
      {fit(2), fit(1)}, s.quick ? bench::repeats{1, 5, 4} : bench::repeats{5, 9, 30});
  std::printf("%-34s %8.2f s, one thread %.2f s\n", "default, two threads", seconds[0], seconds[1]);
  std::fflush(stdout);
  s.out.ratio("fit_two_threads", seconds[0], seconds[1], 1.6);
}

/// HINT's own claim, 61 minutes on an A40: 10,000 pairs of 4096 and 1386 features, 128 bits, 20 epochs. With --quick two
/// epochs are trained and their time counts ten times; all other phases count as they are.
inline void paper_claim(const setting& s) {
  constexpr std::size_t n = 10'000, epochs = 20;
  const hint::data::paired<> pairs{hint::data::block(clustered_rows(n, 4096, "image")),
                                   hint::data::block(bags_of_words(n, 1386))};
  hint::learn::hint_options o;
  o.bits = 128;
  const std::size_t trained = s.quick ? 2 : epochs;
  o.steps = trained * (n / o.batch);
  const auto model = hint::learn::hint{o}.fit(pairs, s.two);
  double whole = 0;
  std::printf("%-34s", "10,000 x 4096 / 1386, 128 bits");
  for (const auto& [phase, seconds] : model.record().seconds) {
    const double counts = phase == "train"
                              ? seconds * static_cast<double>(epochs) / static_cast<double>(trained)
                              : seconds;
    whole += counts;
    std::printf("  %s %.2f", phase.c_str(), counts);
  }
  std::printf("  all %.1f s%s\n", whole, s.quick ? " (two epochs of 20 trained)" : "");
  std::fflush(stdout);
  s.out.figure_at_most("paper_claim_s", whole, 40);
}

inline void fit(const setting& s) {
  std::puts(
      "\nWhole fits of mirflickr20k's size: 10,000 pairs, 859 / 731 -> 512 -> 64, 400 steps of "
      "256");
  whole_fit ours(mirflickr20k(s.folder));
  fit_against_before(s, ours);
  fit_against_torch(s, ours);
  fit_threads(s, ours);
  paper_claim(s);
}

}  // namespace fit_vs_rivals

#endif
