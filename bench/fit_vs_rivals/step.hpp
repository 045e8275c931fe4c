// SPDX-License-Identifier: MIT
// Training alone: HINT's whole objective (proxies, mixing, both losses, dropout, clipping, the codes of all items anew
// in every epoch) against torch's plain InfoNCE on networks of the same shape.
#ifndef HINT_BENCH_FIT_VS_RIVALS_STEP_HPP
#define HINT_BENCH_FIT_VS_RIVALS_STEP_HPP

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/data/block.hpp>
#include <hint/data/dataset.hpp>
#include <hint/learn/hint.hpp>

#include "setting.hpp"

namespace fit_vs_rivals {

/// Seconds of the phase "train" of a fit.
inline double train_seconds(const hint::data::paired<>& pairs, std::size_t batch, std::size_t steps,
                            const hint::context& ctx) {
  auto o = hint::learn::hint_options::fused(128);
  o.batch = batch;
  o.steps = steps;
  o.keep_tree = false;
  const auto model = hint::learn::hint{o}.fit(pairs, ctx);
  const auto& phases = model.record().seconds;
  const auto train = std::find_if(phases.begin(), phases.end(),
                                  [](const auto& phase) { return phase.first == "train"; });
  hint::expects<hint::error>(train != phases.end() && model.record().steps == steps,
                             "step: training stopped after ", model.record().steps, " steps");
  return train->second;
}

inline void step_against_torch(const setting& s, const std::string& name,
                               const hint::data::paired<>& pairs, double target) {
  if (s.torch) s.torch->pairs(dense_rows(pairs.image()), dense_rows(pairs.text()));
  const std::size_t steps = s.quick ? 20 : 60;
  for (const std::size_t batch : {std::size_t{256}, std::size_t{512}}) {
    const std::string row = name + "_b" + std::to_string(batch);
    const auto ours = [&](const hint::context& ctx) {
      return bench::stopwatch([&, batch] { return train_seconds(pairs, batch, steps, ctx); });
    };
    std::vector<bench::stopwatch> programs{ours(s.two), ours(s.one)};
    if (s.torch)
      programs.push_back([&, batch] {
        return s.torch->train({.steps = steps, .batch = batch, .hidden = 512, .bits = 128});
      });
    const auto seconds = bench::medians_in_turns(
        programs, s.quick ? bench::repeats{1, 5, 2.5} : bench::repeats{5, 15, 20});
    const double ms = 1e3 / static_cast<double>(steps);
    std::printf("%-34s %8.2f ms a step, one thread %.2f", row.c_str(), ms * seconds[0],
                ms * seconds[1]);
    if (s.torch) std::printf(", torch %.2f", ms * seconds[2]);
    std::puts("");
    std::fflush(stdout);
    s.out.ratio(row + "_two_threads", seconds[0], seconds[1]);
    if (s.torch)
      s.out.ratio(row + "_vs_torch", seconds[0], seconds[2], target);
    else
      s.out.missing(row + "_vs_torch: no torch, see --torch");
  }
}

inline void step(const setting& s) {
  std::puts("\nTraining 4096 / 1386 -> 512 -> 128, two threads each");
  constexpr std::size_t n = 2'560;
  const hint::data::block image(clustered_rows(n, 4096, "image"));
  step_against_torch(s, "train_sparse", {image, hint::data::block(bags_of_words(n, 1386))}, 1.5);
  step_against_torch(s, "train_dense", {image, hint::data::block(clustered_rows(n, 1386, "text"))},
                     1);
}

}  // namespace fit_vs_rivals

#endif
