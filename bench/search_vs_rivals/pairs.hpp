// SPDX-License-Identifier: MIT
// All pairs within a radius, against a double loop over half of the pairs with the POPCNT instruction, and groups of
// near-duplicates. One thread.
#ifndef HINT_BENCH_SEARCH_VS_RIVALS_PAIRS_HPP
#define HINT_BENCH_SEARCH_VS_RIVALS_PAIRS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <hint/search/hamming.hpp>
#include <hint/search/linear_scan.hpp>
#include <hint/search/near_duplicates.hpp>
#include <hint/search/pairs.hpp>

#include "codes.hpp"
#include "setting.hpp"

namespace search_vs_rivals {

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define HINT_BENCH_POPCNT __attribute__((target("popcnt")))  // as -mpopcnt
#else
#define HINT_BENCH_POPCNT
#endif

/// Rows first, first + step, ... of the loop: how many later codes are within the radius. Two ways to write
/// it; which is the faster depends on the compiler.
HINT_BENCH_POPCNT inline std::uint64_t pairs_by_loop(const std::uint64_t* codes, std::size_t n,
                                                     std::size_t first, std::size_t step,
                                                     int radius) {
  std::uint64_t found = 0;
  for (std::size_t i = first; i < n; i += step) {
    const std::uint64_t code = codes[i];
    for (std::size_t j = i + 1; j < n; ++j)
      if (__builtin_popcountll(code ^ codes[j]) <= radius) [[unlikely]]
        ++found;
  }
  return found;
}
HINT_BENCH_POPCNT inline std::uint64_t pairs_by_unrolled_loop(const std::uint64_t* codes,
                                                              std::size_t n, std::size_t first,
                                                              std::size_t step, int radius) {
  std::uint64_t found = 0;
  for (std::size_t i = first; i < n; i += step) {
    const std::uint64_t code = codes[i];
    std::size_t j = i + 1;
    for (; j + 4 <= n; j += 4) {
      const int a = __builtin_popcountll(code ^ codes[j]) - radius - 1;
      const int b = __builtin_popcountll(code ^ codes[j + 1]) - radius - 1;
      const int c = __builtin_popcountll(code ^ codes[j + 2]) - radius - 1;
      const int d = __builtin_popcountll(code ^ codes[j + 3]) - radius - 1;
      if ((a | b | c | d) < 0) [[unlikely]]
        for (const int x : {a, b, c, d}) found += x < 0 ? 1 : 0;
    }
    for (; j < n; ++j) found += __builtin_popcountll(code ^ codes[j]) <= radius ? 1 : 0;
  }
  return found;
}

#undef HINT_BENCH_POPCNT

class pair_table {
 public:
  explicit pair_table(const setting& s)
      : s_(s), codes_(random_codes(items, 64, "pairs")), index_(64) {
    // Some pairs to be found at any radius.
    for (std::size_t i = 0; i < 100; ++i) codes_[items - 1 - i][0] = codes_[i][0] ^ (i % 11);
    index_.add(codes_);
  }

  /// `name` of kernels, or empty for the fastest.
  void run(const std::string& name) {
    const std::string prefix = name.empty() ? "pairs_" : "pairs_" + name + "_";
    std::printf("%-8s", name.empty() ? "fastest" : name.c_str());
    row(prefix + "1e5_r3", 3, 10);
    row(prefix + "1e5_r10", 10, 3);
    std::puts("");
    std::fflush(stdout);
  }

 private:
  static constexpr std::size_t items = 100'000;
  /// The loop looks at every 10th row, for half of the pairs of all rows take seconds; its time is scaled.
  static constexpr std::size_t step = 10;

  void row(const std::string& name, std::size_t radius, double target) {
    namespace search = hint::search;
    const auto loop = [&](auto way, std::size_t first) {
      return way(codes_.words().data(), items, first, step, static_cast<int>(radius));
    };
    std::uint64_t& expected = expected_[radius];
    if (expected == 0)
      for (std::size_t first = 0; first < step; ++first) expected += loop(&pairs_by_loop, first);
    hint::expects<hint::error>(
        loop(&pairs_by_loop, step / 2) == loop(&pairs_by_unrolled_loop, step / 2), "loops differ");
    const auto ours = [&](search::pair_method method) {
      return bench::stopwatch([&, method] {
        std::uint64_t found = 0;
        return bench::seconds_of([&] {
          search::for_each_pair(index_, {radius, method},
                                [&](const search::code_pair&) { ++found; });
          hint::expects<hint::error>(found == expected, name, ": ", found, " pairs, by a loop ",
                                     expected);
        });
      });
    };
    std::uint64_t sum = 0;  // so that loops have an effect
    const auto rival = [&](auto way) {
      return bench::stopwatch([&, way] {
        return static_cast<double>(step) *
               bench::seconds_of([&, way] { sum += loop(way, step / 2); });
      });
    };
    const auto seconds = bench::medians_in_turns(
        {ours(search::pair_method::automatic), ours(search::pair_method::tables),
         ours(search::pair_method::scan), rival(&pairs_by_loop), rival(&pairs_by_unrolled_loop)},
        {3, s_.repeats.most, s_.repeats.enough});
    const double best_loop = (std::min)(seconds[3], seconds[4]);
    std::printf(" %9.4f %9.4f %9.4f %9.4f", seconds[0], seconds[1], seconds[2], best_loop);
    s_.out.ratio(name + "_vs_loop", seconds[0], best_loop, target);
    s_.out.ratio(name + "_tables_vs_loop", seconds[1], best_loop, target);
    s_.out.ratio(name + "_scan_vs_loop", seconds[2], best_loop);
    hint::expects<hint::error>(sum > 0, "a loop found nothing");
  }

  const setting& s_;
  hint::code_set codes_;
  hint::search::linear_scan index_;
  std::map<std::size_t, std::uint64_t> expected_;  // pairs within a radius
};

/// 10^6 codes, ten of each kind within 4 bits of each other: what deduplicating takes, without a target.
inline void duplicate_rates(const setting& s) {
  constexpr std::size_t items = 1'000'000;
  const auto centres = random_codes(items / 10, 64, "kinds");
  auto codes = random_codes(items, 64, "which bits");
  for (std::size_t i = 0; i < items; ++i) {
    const std::uint64_t which = codes[i][0];
    codes[i][0] = centres[i % centres.size()][0] ^ std::uint64_t{1} << (which % 64) ^
                  std::uint64_t{1} << (which / 64 % 64);
  }
  hint::search::linear_scan index(64);
  index.add(codes);
  for (const auto by : {hint::search::grouping::connected, hint::search::grouping::keep_first}) {
    const bool connected = by == hint::search::grouping::connected;
    std::size_t groups = 0;
    const double seconds = bench::timed(
        [&] { groups = hint::search::near_duplicates(index, {.radius = 4, .by = by}).size(); },
        {1, 5, s.repeats.enough / 2});
    std::printf("near-duplicates of 10^6 codes of 64 bits within 4, %s: %.3f s, %zu groups\n",
                connected ? "connected" : "keep the first", seconds, groups);
    s.out.figure(connected ? "duplicates_1e6_connected_s" : "duplicates_1e6_keep_first_s", seconds);
  }
}

inline void all_pairs(const setting& s) {
  std::printf("\nAll pairs of 10^5 random codes of 64 bits, one thread; seconds\n");
  std::printf("%-8s %39s %39s\n", "", "radius 3", "radius 10");
  std::printf("%-8s", "kernels");
  for (int i = 0; i < 2; ++i)
    std::printf(" %9s %9s %9s %9s", "automatic", "tables", "scan", "loop");
  std::puts("");
  pair_table table(s);
  table.run("");
  const std::string before(hint::search::instruction_set());
  for (const std::string_view name : hint::search::instruction_sets()) {
    if (name != "avx2" || name == before) continue;
    hint::search::force_instruction_set(name);
    table.run(std::string(name));
    hint::search::force_instruction_set(before);
  }
  duplicate_rates(s);
}

}  // namespace search_vs_rivals

#endif
