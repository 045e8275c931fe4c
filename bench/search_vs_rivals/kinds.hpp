// SPDX-License-Identifier: MIT
// Batches by every instruction set that this machine has, each against the best of its plain kernels, and with
// AVX2 against an older version of hint and against Faiss, which are held to AVX2 as well.
#ifndef HINT_BENCH_SEARCH_VS_RIVALS_KINDS_HPP
#define HINT_BENCH_SEARCH_VS_RIVALS_KINDS_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <hint/search.hpp>

#include "baseline.hpp"
#include "codes.hpp"
#include "floor_kinds.hpp"
#include "setting.hpp"

namespace search_vs_rivals {

/// While it lives, searches use an instruction set.
class forced {
 public:
  explicit forced(std::string_view kind) : usual_(hint::search::instruction_set()) {
    hint::search::force_instruction_set(kind);
  }
  forced(const forced&) = delete;
  forced& operator=(const forced&) = delete;
  ~forced() { hint::search::force_instruction_set(usual_); }

 private:
  std::string_view usual_;
};

struct kind_target {
  std::size_t bits;
  double today, newest;  // times as fast, with AVX2
};
inline constexpr std::array<kind_target, 4> kind_targets{
    {{64, 2.3, 4}, {128, 2.0, 2.2}, {256, 1.25, 1.8}, {512, 1.1, 1.6}}};

/// Whether the distances of an older version are those of ours, found so far.
inline void check_today(const hint::search::hits& ours, const std::vector<std::uint32_t>& theirs,
                        std::size_t k) {
  for (std::size_t i = 0; i < theirs.size(); ++i)
    hint::expects<hint::error>(ours[i / k][i % k].distance == theirs[i], "query ", i / k, ", hit ",
                               i % k, ": ours is at distance ", ours[i / k][i % k].distance,
                               ", that of the older version at ", theirs[i]);
}

/// One line of the table: an instruction set.
inline void kind_batch(const setting& s, const kind_target& target, std::string_view kind,
                       const hint::search::linear_scan& index, const hint::code_set& codes,
                       const hint::code_set& queries, const hint::search::hits& expected,
                       std::size_t k, const baseline::index* today) {
  std::vector<plain_scan> plain;
  for (const plain_kernel& kernel : plain_kernels(kind, codes.words_per_code()))
    plain.emplace_back(kernel, codes, queries);
  if (plain.empty()) return;
  {
    const forced now(kind);
    hint::expects<hint::error>(index.search(queries, k) == expected, std::string(kind),
                               " finds something else");
  }
  std::vector<bench::stopwatch> programs{[&] {
    const forced now(kind);
    return bench::cpu_seconds_of([&] { static_cast<void>(index.search(queries, k)); });
  }};
  for (plain_scan& p : plain) {
    p();
    for (std::size_t q = 0; q < p.queries(); ++q)
      hint::expects<hint::error>(p.nearest(q) >= expected[q][0].distance, "query ", q,
                                 ": a plain kernel found a nearer code");
    programs.emplace_back([&p] { return bench::cpu_seconds_of(p); });
  }
  const bool avx2 = kind == "avx2";
  std::vector<std::uint32_t> distances(queries.size() * k);
  if (avx2 && today != nullptr) {
    today->search(queries, k, distances.data());
    check_today(expected, distances, k);
    programs.emplace_back([&] {
      return bench::cpu_seconds_of([&] { today->search(queries, k, distances.data()); });
    });
  }
  const bool faiss = avx2 && s.python != nullptr && s.python->level("AVX2");
  if (faiss) {
    s.python->codes(codes);
    s.python->queries(queries);
    programs.emplace_back([&] { return s.python->batch(queries.size(), k); });
  }
  const auto seconds = bench::medians_in_turns(programs, s.repeats);
  if (faiss) s.python->level("");

  // Rates of plain kernels, which leave out what does not fill a block or a pass.
  std::size_t best = 0;
  std::vector<double> rates;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    rates.push_back(static_cast<double>(plain[i].codes() * plain[i].queries()) / seconds[i + 1]);
    if (rates[i] > rates[best]) best = i;
  }
  const double rate = static_cast<double>(codes.size() * queries.size()) / seconds[0];
  std::printf("%6zu %-8s %10.2f %10.2f  %-18s %6.2f", target.bits, std::string(kind).c_str(),
              rate / 1e9, rates[best] / 1e9, std::string(plain[best].kernel().name).c_str(),
              rate / rates[best]);
  const std::string bits = std::to_string(target.bits);
  // Where a search does hardly more than the floor the two are equal but for a per cent of noise.
  s.out.figure_within("kernel_share_" + std::string(kind) + "_" + bits, rate / rates[best], 0.75,
                      1.02);
  std::size_t at = plain.size() + 1;
  if (avx2 && today != nullptr) {
    std::printf(" %8.2f", seconds[at] / seconds[0]);
    s.out.ratio("avx2_" + bits + "_vs_today", seconds[0], seconds[at++], target.today);
  }
  if (faiss) {
    std::printf(" %8.2f", seconds[at] / seconds[0]);
    s.out.ratio("batch_" + bits + "_avx2_vs_faiss_new", seconds[0], seconds[at], target.newest);
  }
  std::puts("");
  std::fflush(stdout);
}

/// One query at a time with AVX2, Faiss held to it.
inline void kind_single(const setting& s, std::size_t items, const std::string& name) {
  constexpr std::size_t k = 10;
  const std::size_t asked = 10'000'000 / items;
  for (const kind_target& target : kind_targets) {
    const auto codes = random_codes(items, target.bits, "items");
    const auto queries = random_codes(asked, target.bits, "queries");
    hint::search::linear_scan index(target.bits);
    index.add(codes);
    const auto found = index.search(queries, k);
    s.python->codes(codes);
    s.python->queries(queries);
    s.python->single(asked, k);
    check_equal(found, s.python->found(), k, "the newest Faiss");
    const forced now("avx2");
    const auto seconds =
        bench::medians_in_turns({[&] { return one_at_a_time(index, queries, asked, k); },
                                 [&] { return s.python->single(asked, k); }},
                                s.repeats);
    std::printf("%6zu %-8s %10.4f %10.4f  %8.2f\n", target.bits, name.c_str(),
                1e3 * seconds[0] / static_cast<double>(asked),
                1e3 * seconds[1] / static_cast<double>(asked), seconds[1] / seconds[0]);
    std::fflush(stdout);
    // Processors with AVX-512 count words faster than those that have AVX2 at most, which helps Faiss.
    const std::string figure =
        "one_" + name + "_" + std::to_string(target.bits) + "_avx2_vs_faiss_new";
    if (hint::search::instruction_sets().front() == "avx2")
      s.out.ratio(figure, seconds[0], seconds[1], 2);
    else
      s.out.ratio(figure, seconds[0], seconds[1]);
  }
}

inline void kernel_kinds(const setting& s) {
  constexpr std::size_t items = 1'000'000;
  constexpr std::size_t k = 10;
  const std::size_t asked = s.for_newest;
  // All of it on one thread: its processor time is what does not change when others use the machine.
  if (s.python != nullptr) s.python->clock("cpu");
  const auto kinds = hint::search::instruction_sets();
  const bool avx2 = std::find(kinds.begin(), kinds.end(), "avx2") != kinds.end();
  std::printf(
      "\nInstruction sets: %zu random codes, %zu queries, k = %zu, one thread; 10^9 codes/s of "
      "processor time\n",
      items, asked, k);
  std::printf("%6s %-8s %10s %10s  %-18s %6s %8s %8s\n", "bits", "kind", "ours", "plain", "by",
              "share", "today", "new");
  for (const kind_target& target : kind_targets) {
    const auto codes = random_codes(items, target.bits, "items");
    const auto queries = random_codes(asked, target.bits, "queries");
    hint::search::linear_scan index(target.bits);
    index.add(codes);
    const auto expected = index.search(queries, k);
    std::optional<baseline::index> today;
    if (s.today && avx2) today.emplace(*s.today, codes);
    for (const std::string_view kind : kinds)
      kind_batch(s, target, kind, index, codes, queries, expected, k, today ? &*today : nullptr);
  }
  if (!s.today) s.out.missing("avx2_BITS_vs_today: HINT_BENCH_BASELINE names no older version");
  if (!avx2 || s.python == nullptr || !s.python->level("AVX2"))
    return s.out.missing("AVX2 against Faiss held to AVX2");  // old ones cannot be held
  std::printf("\nOne query at a time with AVX2, Faiss held to AVX2; milliseconds\n");
  std::printf("%6s %-8s %10s %10s  %8s\n", "bits", "codes", "ours", "new", "ratio");
  kind_single(s, 100'000, "1e5");
  kind_single(s, 1'000'000, "1e6");
  s.python->level("");
  s.python->clock("wall");
}

}  // namespace search_vs_rivals

#endif
