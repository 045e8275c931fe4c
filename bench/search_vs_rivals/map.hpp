// SPDX-License-Identifier: MIT
// MAP in all conventions on two threads, against numpy on one, as DCMH's calc_map uses it.
#ifndef HINT_BENCH_SEARCH_VS_RIVALS_MAP_HPP
#define HINT_BENCH_SEARCH_VS_RIVALS_MAP_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/eval.hpp>

#include "codes.hpp"
#include "kinds.hpp"
#include "setting.hpp"

namespace search_vs_rivals {

/// Rows of labels, each there with probability 1/8; so some rows have none.
inline hint::code_set random_labels(std::size_t n, std::size_t labels, const std::string& name) {
  return clustered_codes(hint::code_set(labels, 1), n, name);
}

/// With AVX2 against an older version, two threads each.
inline void map_vs_today(const setting& s, const hint::code_set& queries,
                         const hint::code_set& codes, const hint::code_set& query_labels,
                         const hint::code_set& labels, const hint::context& ctx) {
  const auto kinds = hint::search::instruction_sets();
  if (!s.today || std::find(kinds.begin(), kinds.end(), "avx2") == kinds.end())
    return s.out.missing("map_vs_today: HINT_BENCH_BASELINE names no older version, or no AVX2");
  const hint::eval::shared_label relevance(query_labels, labels);
  for (const bool by_id : {true, false}) {
    const hint::eval::average_precision metric(by_id ? hint::eval::average_precision_options::dcmh()
                                                     : hint::eval::average_precision_options{});
    double mine = 0, theirs = 0;
    const auto ours = [&] {
      const forced now("avx2");
      mine = hint::eval::run(metric, queries, codes, relevance, ctx).value;
    };
    const auto older = [&] { theirs = s.today->map(queries, codes, query_labels, labels, by_id); };
    ours(), older();
    hint::expects<hint::error>(std::abs(mine - theirs) < 1e-12, "MAP is ", mine,
                               ", by the older version it is ", theirs);
    const auto [seconds, today] = bench::timed_in_turns(ours, older, s.repeats);
    s.out.ratio(by_id ? "map_vs_today" : "map_expected_vs_today", seconds, today,
                by_id ? 2.5 : 1.5);
  }
}

inline void mean_average_precision(const setting& s) {
  constexpr std::size_t asked = 2000;
  constexpr std::size_t items = 18'015;
  constexpr std::size_t for_numpy = 200;
  using options = hint::eval::average_precision_options;
  struct convention {
    const char* name;
    options choice;
  };
  const std::array<convention, 8> conventions{
      {{"dcmh", options::dcmh()},
       {"ucch", options::ucch()},
       {"top_map_50", options::top_map(50)},
       {"map_k_50", options::map_k(50)},
       {"expected", {}},
       {"expected_at_50", {.at = 50}},
       {"optimistic", {.ties = hint::eval::ties::optimistic}},
       {"pessimistic", {.ties = hint::eval::ties::pessimistic}}}};

  const auto centres = random_codes(100, 128, "map centres");
  const auto codes = clustered_codes(centres, items, "map items");
  const auto queries = clustered_codes(centres, asked, "map queries");
  const auto labels = random_labels(items, 24, "item labels");
  const auto query_labels = random_labels(asked, 24, "query labels");
  const hint::eval::shared_label relevance(query_labels, labels);
  hint::thread_pool two(2);
  const hint::context ctx{two};

  std::vector<bench::stopwatch> programs;
  std::array<double, conventions.size()> values{};
  for (std::size_t i = 0; i < conventions.size(); ++i)
    programs.emplace_back([&, i] {
      const hint::eval::average_precision metric(conventions[i].choice);
      return bench::seconds_of(
          [&] { values[i] = hint::eval::run(metric, queries, codes, relevance, ctx).value; });
    });
  for (const bench::stopwatch& ours : programs) ours();
  if (s.python) {
    s.python->codes(codes);
    s.python->queries(queries);
    s.python->labels(query_labels, labels);
    const auto first = queries.view().slice(0, for_numpy);
    const auto first_labels = query_labels.view().slice(0, for_numpy);
    const double mine = hint::eval::run(hint::eval::average_precision(options::dcmh()), first,
                                        codes, hint::eval::shared_label(first_labels, labels), ctx)
                            .value;
    const double theirs = s.python->map(for_numpy, true).map;
    hint::expects<hint::error>(std::abs(mine - theirs) < 1e-9, "MAP is ", mine, ", by numpy it is ",
                               theirs);
    programs.emplace_back([&] { return s.python->map(for_numpy, false).seconds; });
  }
  map_vs_today(s, queries, codes, query_labels, labels, ctx);
  const auto seconds = bench::medians_in_turns(programs, s.repeats);

  std::printf("\nMAP of %zu queries over %zu items, 24 labels, 128 bits, two threads\n", asked,
              items);
  for (std::size_t i = 0; i < conventions.size(); ++i) {
    std::printf("  %-16s %8.1f ms   MAP %.6f\n", conventions[i].name, 1e3 * seconds[i], values[i]);
    s.out.figure_at_most(std::string("map_") + conventions[i].name + "_ms", 1e3 * seconds[i], 150);
  }
  if (!s.python) return s.out.missing("map_vs_numpy");
  const double numpy = seconds.back() * static_cast<double>(asked) / static_cast<double>(for_numpy);
  std::printf("  %-16s %8.1f ms   one thread, timed on %zu queries\n", "numpy, dcmh", 1e3 * numpy,
              for_numpy);
  // A definite order of ties, like numpy's; and the library's default, which needs no sorting.
  s.out.ratio("map_vs_numpy", seconds[0], numpy, 25);
  s.out.ratio("map_expected_vs_numpy", seconds[4], numpy);
}

}  // namespace search_vs_rivals

#endif
