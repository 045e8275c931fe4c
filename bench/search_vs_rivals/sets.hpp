// SPDX-License-Identifier: MIT
// Tanimoto similarity: 10^6 fingerprints of 2,048 bits, some 50 of them 1, around 20,000 scaffolds; against a
// loop with the popcount instruction and RDKit.
#ifndef HINT_BENCH_SEARCH_VS_RIVALS_SETS_HPP
#define HINT_BENCH_SEARCH_VS_RIVALS_SETS_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/error.hpp>
#include <hint/core/random.hpp>
#include <hint/search/bit_set_index.hpp>
#include <hint/search/hamming.hpp>

#include "../support/measure.hpp"
#include "codes.hpp"
#include "popcount_loop.hpp"
#include "setting.hpp"

namespace search_vs_rivals {

/// Fingerprints as circular ones are: features (bits) whose frequencies fall like a power of their rank, a
/// few in most molecules and most in few. A molecule has 70 to 98% of the features of its scaffold, of which
/// there are 25 to 54, and 2 to 31 of its own, equal ones counted again.
inline hint::code_set fingerprints(std::size_t n, const std::string& name) {
  constexpr std::size_t bits = 2048, scaffolds = 20'000;
  hint::code_set codes(bits, n);
  const hint::random_stream random(seed, hint::stream_id(name));
  const hint::random_stream known(seed, hint::stream_id("scaffolds"));
  const auto feature = [](const hint::random_stream& r, std::size_t i) {
    const double u = r.uniform(i);
    return static_cast<std::size_t>(u * u * u * bits) * 1237 % bits;  // anywhere, as hashing does
  };
  for (std::size_t i = 0; i < n; ++i) {
    const hint::random_stream own = random.fork(i);
    const hint::random_stream scaffold = known.fork(own.below(0, scaffolds));
    const std::size_t kept = 70 + own.below(100, 29);
    for (std::size_t j = 25 + scaffold.below(0, 30); j > 0; --j)
      if (own.below(j, 100) < kept) codes.set_bit(i, feature(scaffold, j), true);
    for (std::size_t j = 2 + own.below(101, 30); j > 0; --j)
      codes.set_bit(i, feature(own, 101 + j), true);
  }
  return codes;
}

class set_search {
 public:
  explicit set_search(const setting& s)
      : s_(s), items_(fingerprints(items, "molecules")), queries_(fingerprints(asked, "asked")) {
    for (std::size_t i = 0; i < items; ++i) {
      std::uint32_t size = 0;
      for (const std::uint64_t w : items_[i]) size += static_cast<std::uint32_t>(std::popcount(w));
      sizes_.push_back(size);
    }
    rows_ = {items_.words().data(), sizes_.data(), items, items_.words_per_code()};
    room_.resize(items);
  }

  void run() {
    hint::search::bit_set_index index(items_.bits());
    const double build = bench::seconds_of([&] { index.add(items_); });
    auto ordered = sizes_;
    std::sort(ordered.begin(), ordered.end());
    std::printf(
        "\nTanimoto similarity: %zu fingerprints of %zu bits, 1 are %u to %u (90%% of them), one "
        "thread\n",
        items, items_.bits(), ordered[items / 20], ordered[items - items / 20]);
    const auto nearest = [&](const hint::code_view& some) { return index.search(some, k); };
    const auto above = [&](const hint::code_view& some) {
      return index.search_threshold(some, threshold);
    };
    check(nearest(queries_), [&](const std::uint64_t* query) {
      tanimoto_nearest(rows_, query, k, room_.data());
      return k;
    });
    std::size_t hits = 0;
    const auto alike = above(queries_);
    for (const auto& row : alike) hits += row.size();
    std::printf("added in %.2f s; %.1f hits a query from %g on\n", build,
                static_cast<double>(hits) / asked, threshold);
    check(alike, [&](const std::uint64_t* query) {
      const std::size_t n = tanimoto_threshold(rows_, query, threshold, room_.data());
      std::stable_sort(room_.begin(), room_.begin() + static_cast<std::ptrdiff_t>(n),
                       [](auto& a, auto& b) { return a.similarity > b.similarity; });
      return n;
    });
    std::printf("%-22s %10s %10s %8s\n", "ms a query", "ours", "loop", "ratio");
    const auto loop_nearest = [&](const std::uint64_t* query) {
      tanimoto_nearest(rows_, query, k, room_.data());
    };
    const auto loop_above = [&](const std::uint64_t* query) {
      tanimoto_threshold(rows_, query, threshold, room_.data());
    };
    const std::string best(hint::search::instruction_set());
    for (const std::string_view kind : hint::search::instruction_sets()) {
      if (kind == "portable") continue;
      hint::search::force_instruction_set(kind);
      compare("top10", "batch", nearest, asked, loop_nearest);
      compare("top10", "single", nearest, 1, loop_nearest);
      compare("0.7", "batch", above, asked, loop_above);
      compare("0.7", "single", above, 1, loop_above);
    }
    hint::search::force_instruction_set(best);
    try {
      against_rdkit(nearest, above);
    } catch (const hint::error& e) {
      s_.out.missing("Tanimoto similarity by RDKit: " + std::string(e.what()));
    }
  }

 private:
  static constexpr std::size_t items = 1'000'000;
  static constexpr std::size_t asked = 100;
  static constexpr std::size_t for_loop = 5;  // queries; it takes as long for any
  static constexpr std::size_t for_rdkit = 3;
  static constexpr std::size_t k = 10;
  static constexpr double threshold = 0.7;

  /// The loop's answers to the first queries are ours.
  template <class Loop>
  void check(const std::vector<std::vector<hint::search::set_hit>>& found, Loop&& loop) {
    for (std::size_t q = 0; q < for_loop; ++q) {
      const std::size_t n = loop(queries_[q].data());
      hint::expects<hint::error>(n == found[q].size(), "query ", q, ": ", found[q].size(),
                                 " hits, the loop finds ", n);
      for (std::size_t i = 0; i < n; ++i)
        hint::expects<hint::error>(
            room_[i].similarity == found[q][i].similarity && room_[i].row == found[q][i].id,
            "query ", q, ", hit ", i, ": not what the loop finds");
    }
  }
  template <class Ours, class Loop>
  void compare(const std::string& what, const std::string& how, Ours&& ours, std::size_t together,
               Loop&& loop) {
    const std::size_t count = together == 1 ? 20 : asked;
    const auto [mine, rival] = bench::timed_in_turns(
        [&] {
          for (std::size_t q = 0; q < count; q += together)
            static_cast<void>(ours(queries_.view().slice(q, together)));
        },
        [&] {
          for (std::size_t q = 0; q < for_loop; ++q) loop(queries_[q].data());
        },
        s_.repeats);
    const bench::duel each{mine / static_cast<double>(count), rival / for_loop};
    const std::string kind(hint::search::instruction_set());
    std::printf("%-22s %10.3f %10.3f %8.1f\n", (what + ", " + how + ", " + kind).c_str(),
                1e3 * each.ours, 1e3 * each.rival, each.rival / each.ours);
    std::fflush(stdout);
    s_.out.ratio("tanimoto_" + what + "_" + how + "_" + kind + "_vs_loop", each.ours, each.rival,
                 3);
  }

  /// One query at a time: RDKit takes no more.
  template <class Nearest, class Above>
  void against_rdkit(Nearest&& nearest, Above&& above) {
    hint::expects<hint::error>(s_.python != nullptr, "no Python");
    const std::string version = s_.python->sets(items_, queries_);
    std::printf("%-22s %10s %10s %8s\n", "ms a query", "ours", version.c_str(), "ratio");
    const auto duel = [&](const std::string& what, auto&& ours, auto&& theirs) {
      const auto single = [&] {
        for (std::size_t q = 0; q < for_rdkit; ++q)
          static_cast<void>(ours(queries_.view().slice(q, 1)));
      };
      const auto seconds = bench::medians_in_turns(
          {[&] { return bench::seconds_of(single); }, theirs}, {1, 3, s_.repeats.enough});
      const auto alike = s_.python->similar();
      auto rival = alike.begin();
      for (std::size_t q = 0; q < for_rdkit; ++q) {
        const auto found = ours(queries_.view().slice(q, 1));
        for (const auto& hit : found[0]) {
          // Of equal ones at the k-th place it may take any.
          hint::expects<hint::error>(rival != alike.end() && rival->similarity == hit.similarity,
                                     what, ", query ", q, ": RDKit finds something else");
          ++rival;
        }
      }
      hint::expects<hint::error>(rival == alike.end(), what, ": RDKit finds more");
      std::printf("%-22s %10.3f %10.3f %8.1f\n", (what + ", single").c_str(),
                  1e3 * seconds[0] / for_rdkit, 1e3 * seconds[1] / for_rdkit,
                  seconds[1] / seconds[0]);
      s_.out.ratio("tanimoto_" + what + "_vs_rdkit", seconds[0] / for_rdkit, seconds[1] / for_rdkit,
                   3);
    };
    duel("top10", nearest, [&] { return s_.python->tanimoto(for_rdkit, k); });
    duel("0.7", above, [&] { return s_.python->tanimoto_above(for_rdkit, threshold); });
  }

  const setting& s_;
  hint::code_set items_;
  hint::code_set queries_;
  std::vector<std::uint32_t> sizes_;
  fingerprint_rows rows_{};
  std::vector<similar_row> room_;
};

inline void sets_of_bits(const setting& s) { set_search(s).run(); }

}  // namespace search_vs_rivals

#endif
