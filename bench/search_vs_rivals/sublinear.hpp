// SPDX-License-Identifier: MIT
// multi_index against the scan, and the automatic choice against the better of both (the index as
// it is, or its tables alone, without falling back to a scan): 10^6 codes of 128 bits, one query at
// a time.
#ifndef HINT_BENCH_SEARCH_VS_RIVALS_SUBLINEAR_HPP
#define HINT_BENCH_SEARCH_VS_RIVALS_SUBLINEAR_HPP

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include <hint/search.hpp>

#include "codes.hpp"
#include "setting.hpp"

namespace search_vs_rivals {

class sublinear {
 public:
  explicit sublinear(const setting& s) : s_(s) {}

  void run() {
    std::printf("\nSub-linear search: %zu codes of %zu bits, one query at a time, one thread\n",
                items, bits);
    std::printf("%-10s %4s %9s %9s %9s %9s  %12s %16s\n", "codes", "k", "scan, ms", "multi",
                "tables", "automatic", "scan / multi", "best / automatic");
    const auto centres = random_codes(1000, bits, "centres");
    on("clustered", clustered_codes(centres, items, "clustered items"),
       clustered_codes(centres, asked, "clustered queries"));
    on("uniform", random_codes(items, bits, "items"), random_codes(asked, bits, "queries"));
    s_.out.ratio("automatic_vs_better", worst_.ours, worst_.rival, 0.9);
  }

 private:
  static constexpr std::size_t items = 1'000'000;
  static constexpr std::size_t bits = 128;
  static constexpr std::size_t asked = 50;

  void on(const std::string& name, const hint::code_set& codes, const hint::code_set& queries) {
    hint::search::multi_index_options stubborn;
    stubborn.fallback = hint::search::scan_fallback::when_needed;
    hint::search::linear_scan scan(bits);
    hint::search::multi_index multi(bits);
    hint::search::multi_index tables(bits, stubborn);
    hint::search::automatic automatic(bits);
    const double scan_build = bench::seconds_of([&] { scan.add(codes); });
    const double multi_build = bench::seconds_of([&] { multi.add(codes); });
    const double automatic_build = bench::seconds_of([&] { automatic.add(codes); });
    tables.add(codes);
    for (const std::size_t k : {1U, 10U, 100U}) {
      const auto found = scan.search(queries, k);
      check_ours(found, codes, queries, k);
      const auto check = [&](const auto& index) {
        for (std::size_t q = 0; q < asked; ++q)  // one at a time, as they will be timed
          hint::expects<hint::error>(
              std::ranges::equal(index.search(queries.view().slice(q, 1), k)[0], found[q]), name,
              ", query ", q, ", k = ", k, ": not what the scan finds");
      };
      check(multi);
      check(tables);
      check(automatic);
      auto seconds =
          bench::medians_in_turns({[&] { return one_at_a_time(scan, queries, asked, k); },
                                   [&] { return one_at_a_time(multi, queries, asked, k); },
                                   [&] { return one_at_a_time(tables, queries, asked, k); },
                                   [&] { return one_at_a_time(automatic, queries, asked, k); }},
                                  s_.repeats);
      for (double& t : seconds) t /= static_cast<double>(asked);
      const bench::duel choice{seconds[3], *std::min_element(seconds.begin(), seconds.begin() + 3)};
      std::printf("%-10s %4zu %9.4f %9.4f %9.4f %9.4f  %12.2f %16.2f\n", name.c_str(), k,
                  1e3 * seconds[0], 1e3 * seconds[1], 1e3 * seconds[2], 1e3 * seconds[3],
                  seconds[0] / seconds[1], choice.rival / choice.ours);
      std::fflush(stdout);
      const bool headline = name == "clustered" && k == 10;
      if (headline) s_.out.ratio("multi_index_vs_scan", seconds[1], seconds[0], 2);
      s_.out.ratio("automatic_" + name + "_" + std::to_string(k) + "_vs_better", choice.ours,
                   choice.rival);
      if (worst_.ours == 0 || choice.rival / choice.ours < worst_.rival / worst_.ours)
        worst_ = choice;
    }
    std::printf("%-10s built in %.2f s (scan), %.2f s (multi), %.2f s (automatic)\n", name.c_str(),
                scan_build, multi_build, automatic_build);
  }

  const setting& s_;
  bench::duel worst_{0, 0};
};

inline void sublinear_search(const setting& s) { sublinear(s).run(); }

}  // namespace search_vs_rivals

#endif
