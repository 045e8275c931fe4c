// SPDX-License-Identifier: MIT
// Codes of 8, 16, 32 and 48 bits beside codes of 64 bits, with every instruction set of this machine: time
// for a pair of a query and a code, and bytes for a code in memory and in files.
#ifndef HINT_BENCH_SEARCH_VS_RIVALS_SHORT_CODES_HPP
#define HINT_BENCH_SEARCH_VS_RIVALS_SHORT_CODES_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#if defined(__GLIBC__)  // which the headers above tell
#include <malloc.h>
#endif

#include <hint/io/archive.hpp>
#include <hint/search.hpp>

#include "codes.hpp"
#include "setting.hpp"

namespace search_vs_rivals {

namespace short_codes_detail {

/// Bytes that the program has asked for; 0 where the system does not tell.
inline double bytes_in_use() {
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 33)
  const auto all = mallinfo2();
  return static_cast<double>(all.uordblks + all.hblkhd);
#else
  return 0;
#endif
}
inline double bytes_in_file(const hint::search::linear_scan& index) {
  const auto path = std::filesystem::temp_directory_path() / "hint_bench_short_codes.hint";
  hint::io::save(path, index);
  const auto bytes = static_cast<double>(std::filesystem::file_size(path));
  std::filesystem::remove(path);
  return bytes;
}
/// 0 .. n - 1 in no order.
inline std::vector<std::int64_t> shuffled(std::size_t n) {
  std::vector<std::int64_t> ids(n);
  for (std::size_t i = 0; i < n; ++i) ids[i] = static_cast<std::int64_t>(i * 7919 % n);
  return ids;
}

}  // namespace short_codes_detail

inline void short_codes(const setting& s) {
  using namespace short_codes_detail;
  constexpr std::size_t items = 1'000'000;
  constexpr std::size_t asked = 64;
  constexpr std::size_t alone = 8;
  constexpr std::array<std::size_t, 5> lengths{64, 8, 16, 32, 48};
  constexpr std::array<std::size_t, 2> ks{10, 100};
  std::printf("\nShort codes: %zu random codes, one thread; bytes for a code with its id\n", items);
  std::printf("%6s %20s %20s %20s %20s\n", "bits", "memory, ids 0, 1, ..", "file, ids 0, 1, ...",
              "memory, other ids", "file, other ids");
  struct indexes {
    hint::code_set queries;
    hint::search::linear_scan by_number, by_id;
  };
  std::vector<indexes> all;
  for (const std::size_t bits : lengths) {
    const auto codes = random_codes(items, bits, "items");
    all.push_back({random_codes(asked, bits, "queries"), hint::search::linear_scan(bits),
                   hint::search::linear_scan(bits)});
    indexes& mine = all.back();
    const double before = bytes_in_use();
    mine.by_number.add(codes);
    const double numbered = bytes_in_use();
    // A copy: what is needed to look up ids in no order stays with the first.
    {
      hint::search::linear_scan first(bits);
      first.add(codes, shuffled(items));
      mine.by_id = first;
    }
    const double any = bytes_in_use();
    const auto per_code = [&](double bytes) { return bytes / static_cast<double>(items); };
    const std::array<double, 4> bytes{
        per_code(numbered - before), per_code(bytes_in_file(mine.by_number)),
        per_code(any - numbered), per_code(bytes_in_file(mine.by_id))};
    std::printf("%6zu %20.2f %20.2f %20.2f %20.2f\n", bits, bytes[0], bytes[1], bytes[2], bytes[3]);
    if (bits % 8 == 0 && bits < 64)
      s.out.figure_at_most("short_file_bytes_" + std::to_string(bits), bytes[1],
                           1.01 * static_cast<double>(bits) / 8);
    for (const std::size_t k : ks)
      check_ours(mine.by_number.search(mine.queries, k), codes, mine.queries, k);
  }

  const std::string best(hint::search::instruction_set());
  std::printf("\n%10s %4s %12s; nanoseconds for a pair at 64, 8, 16, 32, 48 bits\n", "", "k", "");
  for (const std::string_view kind : hint::search::instruction_sets()) {
    hint::search::force_instruction_set(kind);
    for (const std::size_t k : ks)
      for (const bool one : {false, true})
        for (const bool numbered : {true, false}) {
          std::vector<bench::stopwatch> programs;
          for (const indexes& mine : all)
            programs.emplace_back([&, k, one, numbered] {
              const auto& index = numbered ? mine.by_number : mine.by_id;
              if (one) return one_at_a_time(index, mine.queries, alone, k);
              return bench::seconds_of([&] { static_cast<void>(index.search(mine.queries, k)); });
            });
          const auto seconds =
              bench::medians_in_turns(programs, {s.repeats.least, 7, s.repeats.enough / 3});
          std::printf("%10s %4zu %6s %5s", std::string(kind).c_str(), k, one ? "one" : "batch",
                      numbered ? "" : "ids");
          const double pairs =
              static_cast<double>(items) * static_cast<double>(one ? alone : asked);
          for (const double t : seconds) std::printf(" %8.4f", 1e9 * t / pairs);
          std::puts(numbered ? "" : " in no order");
          std::fflush(stdout);
          for (std::size_t i = 1; i < lengths.size(); ++i) {
            const std::string name = "short_" + std::string(kind) + "_" +
                                     std::to_string(lengths[i]) + "_k" + std::to_string(k) +
                                     (one ? "_one" : "_batch") + (numbered ? "" : "_any_ids");
            if (numbered && lengths[i] != 48)
              s.out.ratio(name + "_vs_64", seconds[i], seconds[0], 1);
            else
              s.out.ratio(name + "_vs_64", seconds[i], seconds[0]);
          }
        }
  }
  hint::search::force_instruction_set(best);
}

}  // namespace search_vs_rivals

#endif
