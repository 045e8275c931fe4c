// SPDX-License-Identifier: MIT
// One query at a time against 10^5 to 10^7 codes of 128 bits, and how much of the memory's
// bandwidth the largest of these scans uses.
#ifndef HINT_BENCH_SEARCH_VS_RIVALS_SINGLE_HPP
#define HINT_BENCH_SEARCH_VS_RIVALS_SINGLE_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/search.hpp>

#include "codes.hpp"
#include "floor.hpp"
#include "setting.hpp"

namespace search_vs_rivals {

/// Ours with as many threads as the context has, in turns with reading as many bytes.
inline void bandwidth(const setting& s, const hint::search::linear_scan& index,
                      const hint::code_set& codes, const hint::code_set& queries, std::size_t k,
                      const hint::context& ctx, const std::string& figure) {
  std::uint64_t all = 0;
  std::vector<bench::stopwatch> programs{[&] { return one_at_a_time(index, queries, 1, k, ctx); }};
  for (const reader read : readers())
    programs.emplace_back([&, read] {
      return bench::seconds_of([&] { all |= read_all(read, codes.words(), ctx.executor); });
    });
  const auto seconds = bench::medians_in_turns(
      programs, {s.repeats.least, 4 * s.repeats.most, 2 * s.repeats.enough});
  hint::expects<hint::error>(all == ~std::uint64_t{0}, "reading memory found no random bits");
  const auto bytes = static_cast<double>(codes.words().size_bytes());
  const double best = *std::min_element(seconds.begin() + 1, seconds.end());
  std::printf("  %zu thread(s): scan %.1f GB/s; plain reads %.1f GB/s, by",
              ctx.executor.concurrency(), bytes / seconds[0] / 1e9, bytes / best / 1e9);
  for (std::size_t i = 1; i < seconds.size(); ++i) std::printf(" %.1f", bytes / seconds[i] / 1e9);
  std::puts(" (plain C++, then wide loads from 1, 2, 4, 8 places)");
  s.out.figure_at_least(figure, best / seconds[0], 0.9);
}

inline void single_queries(const setting& s) {
  struct size {
    const char* name;
    std::size_t items, queries;
    double target;  // 0: none
  };
  constexpr std::array<size, 3> sizes{
      {{"1e5", 100'000, 200, 3}, {"1e6", 1'000'000, 50, 2}, {"1e7", 10'000'000, 5, 0}}};
  constexpr std::size_t k = 10;
  constexpr std::size_t bits = 128;
  hint::thread_pool two(2);
  std::printf(
      "\nOne query at a time: random codes of %zu bits, k = %zu, one thread; milliseconds\n", bits,
      k);
  std::printf("%6s %10s %14s %10s %10s\n", "codes", "ours", "10^9 codes/s", "new", "ratio");
  for (const size& n : sizes) {
    const auto codes = random_codes(n.items, bits, "items");
    const auto queries = random_codes(n.queries, bits, "queries");
    hint::search::linear_scan index(bits);
    index.add(codes);
    const auto found = index.search(queries, k);
    check_ours(found, codes, queries, k);
    std::vector<bench::stopwatch> programs{
        [&] { return one_at_a_time(index, queries, n.queries, k); }};
    programs.front()();
    if (s.python) {
      s.python->codes(codes);
      s.python->queries(queries);
      s.python->single(n.queries, k);
      check_equal(found, s.python->found(), k, "the newest Faiss");
      programs.emplace_back([&] { return s.python->single(n.queries, k); });
    }
    auto seconds = bench::medians_in_turns(programs, s.repeats);
    for (double& t : seconds) t /= static_cast<double>(n.queries);
    std::printf("%6s %10.4f %14.2f", n.name, 1e3 * seconds[0],
                static_cast<double>(n.items) / seconds[0] / 1e9);
    const std::string name = std::string("one_") + n.name + "_vs_faiss_new";
    if (s.python) {
      std::printf(" %10.4f %10.2f\n", 1e3 * seconds[1], seconds[1] / seconds[0]);
      if (n.target > 0)
        s.out.ratio(name, seconds[0], seconds[1], n.target);
      else
        s.out.ratio(name, seconds[0], seconds[1]);
    } else {
      std::printf(" %10s %10s\n", "-", "-");
      s.out.missing(name);
    }
    if (&n == &sizes.back()) {
      bandwidth(s, index, codes, queries, k, {}, "bandwidth_share_1e7");
      bandwidth(s, index, codes, queries, k, hint::context{two}, "bandwidth_share_1e7_two");
    }
    std::fflush(stdout);
  }
}

}  // namespace search_vs_rivals

#endif
