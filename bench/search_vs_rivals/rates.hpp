// SPDX-License-Identifier: MIT
// Ours alone, without targets: other searches, and two threads.
#ifndef HINT_BENCH_SEARCH_VS_RIVALS_RATES_HPP
#define HINT_BENCH_SEARCH_VS_RIVALS_RATES_HPP

#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/search.hpp>

#include "codes.hpp"
#include "setting.hpp"

namespace search_vs_rivals {

class rate_table {
 public:
  rate_table(const setting& s, const hint::code_set& codes, const hint::code_set& queries)
      : s_(s), queries_(queries), items_(codes.size()), index_(codes.bits()) {
    index_.add(codes);
  }

  static void heading(std::size_t bits) {
    std::printf("\nOther searches of ours: random codes of %zu bits; 10^9 codes/s\n", bits);
    std::printf("%-28s %10s %8s %12s %12s\n", "search", "codes", "queries", "one thread",
                "two threads");
  }

  /// `count` queries at a time.
  void nearest(const std::string& name, std::size_t count, std::size_t k) {
    row(name, count, [this, count, k](const hint::context& ctx) {
      static_cast<void>(
          index_.search(queries_.view().slice(0, count), k, hint::search::accept_all{}, ctx));
    });
  }
  void radius(const std::string& name, std::size_t count, std::size_t r) {
    row(name, count, [this, count, r](const hint::context& ctx) {
      static_cast<void>(index_.search_radius(queries_.view().slice(0, count), r,
                                             hint::search::accept_all{}, ctx));
    });
  }
  void histograms(const std::string& name, std::size_t count) {
    row(name, count, [this, count](const hint::context& ctx) {
      static_cast<void>(index_.histograms(queries_.view().slice(0, count), ctx));
    });
  }

 private:
  template <class F>
  void row(const std::string& name, std::size_t count, F&& search) {
    const hint::context two{pool_};
    // Short searches in a row: a clock read, and threads that wake up, are no part of the work.
    const std::size_t times = 1 + 20'000'000 / (items_ * count);
    const auto program = [&](const hint::context& ctx) {
      return [&, ctx] {
        return bench::seconds_of([&] {
                 for (std::size_t i = 0; i < times; ++i) search(ctx);
               }) /
               static_cast<double>(times);
      };
    };
    const std::vector<bench::stopwatch> programs{program({}), program(two)};
    for (const bench::stopwatch& p : programs) p();
    const auto seconds =
        bench::medians_in_turns(programs, {3, s_.repeats.most, s_.repeats.enough / 3});
    const double work = static_cast<double>(items_ * count) / 1e9;
    std::printf("%-28s %10zu %8zu %12.3f %12.3f\n", name.c_str(), items_, count, work / seconds[0],
                work / seconds[1]);
    std::fflush(stdout);
  }

  const setting& s_;
  const hint::code_set& queries_;
  std::size_t items_;
  hint::search::linear_scan index_;
  hint::thread_pool pool_{2};
};

inline void other_rates(const setting& s) {
  constexpr std::size_t bits = 128;
  const auto queries = random_codes(1000, bits, "queries");
  const auto few = random_codes(100'000, bits, "items");
  const auto many = random_codes(1'000'000, bits, "items");
  rate_table::heading(bits);
  {
    rate_table rates(s, few, queries);
    for (const std::size_t k : {1U, 10U, 100U})
      rates.nearest("one query, k = " + std::to_string(k), 1, k);
    rates.nearest("one query, k = n", 1, few.size());
    rates.nearest("batch, k = n", 20, few.size());
  }
  rate_table rates(s, many, queries);
  for (const std::size_t k : {1U, 10U, 100U})
    rates.nearest("one query, k = " + std::to_string(k), 1, k);
  rates.radius("one query, radius 35", 1, 35);
  rates.histograms("one query, histogram", 1);
  for (const std::size_t k : {1U, 10U, 100U})
    rates.nearest("batch, k = " + std::to_string(k), 1000, k);
  rates.radius("batch, radius 35", 1000, 35);
  rates.radius("batch, radius 45", 200, 45);
  rates.histograms("batch, histograms", 200);
}

}  // namespace search_vs_rivals

#endif
