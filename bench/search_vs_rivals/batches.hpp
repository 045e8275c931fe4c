// SPDX-License-Identifier: MIT
// Many queries at once against 10^6 codes on one thread: ours, the pure kernel, Faiss new and
// linked.
#ifndef HINT_BENCH_SEARCH_VS_RIVALS_BATCHES_HPP
#define HINT_BENCH_SEARCH_VS_RIVALS_BATCHES_HPP

#include <array>
#include <cstddef>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <hint/search.hpp>

#include "codes.hpp"
#include "faiss_linked.hpp"
#include "floor.hpp"
#include "setting.hpp"

namespace search_vs_rivals {

struct batch_target {
  std::size_t bits;
  double newest, linked;
};
inline constexpr std::array<batch_target, 5> batch_targets{
    {{64, 4, 15}, {128, 5, 30}, {256, 4, 15}, {512, 4, 15}, {1024, 3, 15}}};

inline void batches(const setting& s) {
  constexpr std::size_t items = 1'000'000;
  constexpr std::size_t asked = 1000;
  constexpr std::size_t k = 10;
  constexpr std::size_t to_check = 10;  // answers of the linked Faiss
  std::printf("\nBatches: %zu random codes, %zu queries, k = %zu, one thread; milliseconds\n",
              items, asked, k);
  std::printf("%6s %12s %14s %12s %14s %8s %8s %8s\n", "bits", "ours", "10^9 codes/s",
              "pure kernel", "10^9 codes/s", "share", "new", "linked");
  for (const auto& [bits, for_newest, for_linked] : batch_targets) {
    const auto codes = random_codes(items, bits, "items");
    const auto queries = random_codes(asked, bits, "queries");
    hint::search::linear_scan index(bits);
    index.add(codes);
    pure_kernel pure(codes, queries);

    // Warm-up, and nobody is fast by being wrong.
    const auto found = index.search(queries, k);
    check_ours(found, codes, queries, k);
    pure();
    for (std::size_t q = 0; q < pure.queries(); ++q)
      hint::expects<hint::error>(pure.nearest(q) == found[q][0].distance, "query ", q,
                                 ": the pure kernel's distance is ", pure.nearest(q), ", ours ",
                                 found[q][0].distance);
    std::vector<bench::stopwatch> programs{
        [&] { return bench::seconds_of([&] { static_cast<void>(index.search(queries, k)); }); },
        [&] { return bench::seconds_of(pure); }};
    const std::size_t newest = programs.size();
    if (s.python) {
      s.python->codes(codes);
      s.python->queries(queries);
      s.python->batch(s.for_newest, k);
      check_equal(found, s.python->found(), k, "the newest Faiss");
      programs.emplace_back([&] { return s.python->batch(s.for_newest, k); });
    }
    linked_faiss theirs(codes);
    const std::size_t linked = programs.size();
    if (linked_faiss::available) {
      theirs.batch(queries, to_check, k);
      check_equal(found, theirs.found(), k, "the linked Faiss");
      programs.emplace_back([&] { return theirs.batch(queries, s.for_linked, k); });
    }
    const auto seconds = bench::medians_in_turns(programs, s.repeats);

    const double rate = static_cast<double>(items * asked) / seconds[0];
    const double pure_rate = static_cast<double>(pure.codes() * pure.queries()) / seconds[1];
    std::printf("%6zu %12.1f %14.2f %12.1f %14.2f %8.2f", bits, 1e3 * seconds[0], rate / 1e9,
                1e3 * seconds[1], pure_rate / 1e9, rate / pure_rate);
    const std::string name = "batch_" + std::to_string(bits);
    const auto against = [&](bool there, std::size_t i, std::size_t queries_timed,
                             const std::string& rival, double target) {
      if (!there) {
        std::printf(" %8s", "-");
        return s.out.missing(name + rival);
      }
      const double scaled =
          seconds[i] * static_cast<double>(asked) / static_cast<double>(queries_timed);
      std::printf(" %8.0f", 1e3 * scaled);
      s.out.ratio(name + rival, seconds[0], scaled, target);
    };
    against(s.python != nullptr, newest, s.for_newest, "_vs_faiss_new", for_newest);
    against(linked_faiss::available, linked, s.for_linked, "_vs_faiss_debian", for_linked);
    std::puts("");
    std::fflush(stdout);
    if (bits == 128) s.out.figure_at_least("kernel_share_128", rate / pure_rate, 0.75);
  }
}

}  // namespace search_vs_rivals

#endif
