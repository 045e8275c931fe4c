// SPDX-License-Identifier: MIT
// Table 4 of the HINT paper: 10^5 items, one query, codes against dense vectors of as many
// dimensions.
#ifndef HINT_BENCH_SEARCH_VS_RIVALS_TABLE4_HPP
#define HINT_BENCH_SEARCH_VS_RIVALS_TABLE4_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/search.hpp>

#include "codes.hpp"
#include "dense.hpp"
#include "setting.hpp"

namespace search_vs_rivals {

/// A column of the paper's Table 4 ("Retrieval time cost (ms) varies with code length").
struct table4_column {
  std::size_t bits;
  double hash, dense;
};
inline constexpr std::array<table4_column, 6> table4{{{16, 16.7, 441.4},
                                                      {32, 18.0, 491.0},
                                                      {48, 19.4, 543.0},
                                                      {64, 19.9, 602.3},
                                                      {96, 21.8, 657.7},
                                                      {128, 22.2, 696.6}}};

inline hint::aligned_buffer<float> random_numbers(std::size_t n, const std::string& name) {
  hint::aligned_buffer<float> out(n);
  const hint::random_stream random(seed, hint::stream_id(name));
  for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<float>(random.uniform(i) - 0.5);
  return out;
}

/// Whether the scores are those of the rows, by the plain formula, and nothing scores higher.
inline void check_dense(const dense_rows& data, const float* query,
                        const std::vector<dense_hit>& best, const char* name) {
  const auto product = [&](std::size_t row) {
    double sum = 0;
    for (std::size_t d = 0; d < data.dimensions; ++d)
      sum += static_cast<double>(data.values[row * data.dimensions + d]) *
             static_cast<double>(query[d]);
    return sum;
  };
  std::vector<double> all(data.rows);
  for (std::size_t i = 0; i < data.rows; ++i) all[i] = product(i);
  std::sort(all.begin(), all.end());
  for (std::size_t i = 0; i < best.size(); ++i) {
    const double wanted = all[data.rows - 1 - i];
    const auto found = static_cast<double>(best[i].score);
    hint::expects<hint::error>(
        found > wanted - 1e-4 && found < wanted + 1e-4 && product(best[i].row) > wanted - 1e-4,
        name, ": score ", i, " is ", found, ", expected ", wanted);
  }
}

inline void dense_table(const setting& s) {
  constexpr std::size_t items = 100'000;
  constexpr std::size_t asked = 20;
  constexpr std::size_t k = 10;
  std::printf("\nTable 4 of the HINT paper: %zu items, one query at a time, k = %zu, one thread\n",
              items, k);
  std::printf("%6s  %s  %s\n", "", "            here, ms               times faster than",
              "    the paper, ms");
  std::printf("%6s %10s %10s %10s %8s %8s %9s %8s %8s\n", "bits", "codes", "Eigen", "BLAS", "Eigen",
              "BLAS", "codes", "dense", "faster");
  for (const table4_column& paper : table4) {
    const std::size_t bits = paper.bits;
    const auto codes = random_codes(items, bits, "items");
    const auto queries = random_codes(asked, bits, "queries");
    hint::search::linear_scan index(bits);
    index.add(codes);
    check_ours(index.search(queries, k), codes, queries, k);

    const auto values = random_numbers(items * bits, "dense items");
    const auto wanted = random_numbers(asked * bits, "dense queries");
    hint::aligned_buffer<float> scores(items);
    const dense_rows data{values.data(), items, bits, scores.data()};
    std::vector<dense_hit> best(k);
    const auto dense = [&](auto scan) {
      return [&, scan] {
        return bench::seconds_of([&] {
          for (std::size_t q = 0; q < asked; ++q)
            scan(data, wanted.data() + q * bits, k, best.data());
        });
      };
    };
    std::vector<bench::stopwatch> programs{[&] { return one_at_a_time(index, queries, asked, k); },
                                           dense(&dense_scan_eigen)};
    if (has_blas()) programs.emplace_back(dense(&dense_scan_blas));
    for (std::size_t i = 0; i < programs.size(); ++i) {
      programs[i]();
      if (i > 0)
        check_dense(data, wanted.data() + (asked - 1) * bits, best, i == 1 ? "Eigen" : "BLAS");
    }
    auto seconds = bench::medians_in_turns(programs, s.repeats);
    for (double& t : seconds) t /= static_cast<double>(asked);

    const std::string name = "table4_" + std::to_string(bits);
    s.out.ratio(name + "_vs_eigen", seconds[0], seconds[1]);
    std::printf("%6zu %10.4f %10.3f ", bits, 1e3 * seconds[0], 1e3 * seconds[1]);
    if (has_blas()) {
      s.out.ratio(name + "_vs_blas", seconds[0], seconds[2]);
      std::printf("%10.3f %8.1f %8.1f", 1e3 * seconds[2], seconds[1] / seconds[0],
                  seconds[2] / seconds[0]);
    } else {
      std::printf("%10s %8.1f %8s", "-", seconds[1] / seconds[0], "-");
    }
    std::printf(" %9.1f %8.1f %8.1f\n", paper.hash, paper.dense, paper.dense / paper.hash);
    std::fflush(stdout);
  }
  if (!has_blas()) s.out.missing("Table 4 by BLAS: OpenBLAS was not found by CMake");
}

}  // namespace search_vs_rivals

#endif
