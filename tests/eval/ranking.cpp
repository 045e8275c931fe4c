// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/error.hpp>
#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/eval/ranking.hpp>
#include <hint/search/hamming.hpp>

#include "support/catch.hpp"

namespace eval = hint::eval;
using eval::ties;
using hint::code_set;

namespace {

code_set codes(std::size_t bits, std::size_t n, const hint::random_stream& random) {
  code_set out(bits, n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < bits; ++j) out.set_bit(i, j, random.below(i * bits + j, 2) == 1);
  return out;
}

struct item {
  std::uint32_t distance;
  bool relevant;
};
/// The ranking by (distance, row), from the definition.
template <class Relevance>
std::vector<item> sorted(const code_set& queries, const code_set& database,
                         const Relevance& judgements, std::size_t query) {
  std::vector<std::tuple<std::uint32_t, std::size_t>> order;
  for (std::size_t i = 0; i < database.size(); ++i) {
    if constexpr (eval::detail::excludes_items<Relevance>) {
      if (judgements.excludes(query, i)) continue;
    }
    order.emplace_back(hint::search::hamming_distance(queries[query], database[i]), i);
  }
  std::sort(order.begin(), order.end());
  std::vector<item> out;
  for (const auto& [d, i] : order) out.push_back({d, judgements.relevant(query, i)});
  return out;
}

template <class Relevance>
void check_rankings(const code_set& queries, const code_set& database,
                    const Relevance& judgements) {
  for (const std::size_t threads : {1U, 3U})
    for (const ties rule : {ties::by_id, ties::expected}) {
      hint::thread_pool pool{threads};
      std::vector<int> called(queries.size(), 0);
      std::vector<char> good(queries.size(), 1);
      eval::for_each_ranking(queries, database, judgements, rule, hint::context{pool},
                             [&](std::size_t query, const eval::ranking& r) {
                               ++called[query];
                               const auto expected = sorted(queries, database, judgements, query);
                               bool ok = r.items == expected.size() && r.bits == database.bits();
                               std::size_t at = 0;
                               std::uint64_t relevant = 0;
                               for (const auto& g : r.groups) {
                                 const std::size_t first = at;
                                 std::uint64_t mine = 0;
                                 ok = ok && g.items >= 1 && first + g.items <= expected.size();
                                 for (; ok && at < first + g.items; ++at) {
                                   ok = expected[at].distance == g.distance;
                                   mine += expected[at].relevant ? 1 : 0;
                                   if (rule == ties::by_id)
                                     ok = ok && expected[at].relevant == (g.relevant > 0);
                                 }
                                 // By distance alone, a group is all that there is at its distance.
                                 if (rule != ties::by_id && at < expected.size())
                                   ok = ok && expected[at].distance > g.distance;
                                 ok = ok && mine == g.relevant;
                                 relevant += mine;
                               }
                               good[query] =
                                   ok && at == expected.size() && relevant == r.relevant ? 1 : 0;
                             });
      CHECK(called == std::vector<int>(queries.size(), 1));
      CHECK(good == std::vector<char>(queries.size(), 1));
    }
}

}  // namespace

TEST_CASE("rankings equal sorting by (distance, row)") {
  const std::uint64_t seed = 8;
  CAPTURE(seed);
  for (const std::size_t bits : {1U, 2U, 7U, 64U, 65U, 128U, 130U, 200U, 4096U})
    for (const std::size_t n : {0U, 1U, 2U, 40U, 300U}) {
      CAPTURE(bits, n);
      const hint::random_stream random(seed, bits);
      const code_set queries = codes(bits, 19, random.fork(0));
      const code_set database = codes(bits, n, random.fork(1));
      check_rankings(queries, database, eval::relevant_if{[](std::size_t q, std::size_t i) {
                       return (q * 31 + i * 17) % 5 < 2;
                     }});
    }
  const code_set all = codes(16, 1500, hint::random_stream(seed, 1));
  check_rankings(code_set(all.view().slice(0, 40)), all, eval::without_self{eval::same_row{}});
}

TEST_CASE("no queries, no rankings") {
  bool called = false;
  eval::for_each_ranking(code_set(8, 0), code_set(8, 5),
                         eval::relevant_if{[](std::size_t, std::size_t) { return true; }},
                         ties::expected, {},
                         [&](std::size_t, const eval::ranking&) { called = true; });
  CHECK_FALSE(called);
}

TEST_CASE("codes that do not fit together are refused") {
  const auto rank = [](const code_set& q, const hint::code_view& d) {
    eval::for_each_ranking(q, d, eval::same_row{}, ties::expected, {},
                           [](std::size_t, const eval::ranking&) {});
  };
  CHECK_THROWS_MESSAGE(rank(code_set(8, 1), code_set(9, 1)), hint::shape_error,
                       "eval::for_each_ranking: queries have 8 bits, the database 9");
  const std::vector<std::uint64_t> words{256};
  CHECK_THROWS_MESSAGE(
      rank(code_set(8, 1), hint::code_view(words, 8)), hint::invalid_argument,
      "eval::for_each_ranking: code 0 of database codes has bits set past its end, bit 7");
  CHECK_THROWS_MESSAGE(rank(code_set(8, 2), code_set(8, 1)), hint::shape_error,
                       "same_row: 2 queries, only 1 items");
}

TEST_CASE("marks by distance, and their runs, are those of a stable sort") {
  const std::uint64_t seed = 31;
  CAPTURE(seed);
  using run = std::array<std::uint64_t, 3>;
  constexpr std::size_t distances = 7;
  for (std::size_t n = 0; n < 1200; n += 1 + n / 40) {
    const hint::random_stream random(seed, n);
    const std::uint64_t odds = random.fork(1).below(0, 17);  // 0: none, 16: all
    const std::uint64_t spread = 1 + random.fork(2).below(0, distances);
    std::vector<std::uint8_t> marks(n);
    std::vector<std::uint16_t> at(n);
    std::vector<std::pair<std::uint16_t, std::uint8_t>> sorted;
    for (std::size_t i = 0; i < n; ++i) {
      marks[i] = random.below(i, 16) < odds ? 1 : 0;
      at[i] = static_cast<std::uint16_t>(random.fork(3).below(i, spread));
      sorted.emplace_back(at[i], marks[i]);
    }
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    hint::eval::detail::marks_by_distance found(distances, n);
    found.add(at, marks);
    CHECK(found.take().empty() == (n == 0));  // what was there before does not matter
    for (std::size_t last = n, part = 0; last > 0; ++part) {
      const std::size_t first = last - (std::min)(last, 1 + random.fork(4).below(part, 500));
      found.add(std::span(at).subspan(first, last - first),
                std::span(marks).subspan(first, last - first));
      last = first;
    }
    const auto words = found.take();
    std::vector<std::pair<std::uint16_t, std::uint8_t>> unpacked;
    bool in_bounds = true;
    for (const hint::eval::marked_word& w : words) {
      in_bounds = in_bounds && w.items >= 1 && w.items <= 63 && w.marks >> w.items == 0;
      for (std::size_t i = 0; i < w.items; ++i)
        unpacked.emplace_back(static_cast<std::uint16_t>(w.distance), w.marks >> i & 1);
    }
    CAPTURE(n, odds, spread);
    CHECK(in_bounds);
    CHECK(unpacked == sorted);

    std::vector<run> expected;  // distance, items, relevant
    for (std::size_t i = 0; i < n; ++i) {
      if (i == 0 || sorted[i] != sorted[i - 1]) expected.push_back({sorted[i].first, 0, 0});
      ++expected.back()[1];
      expected.back()[2] += sorted[i].second;
    }
    std::vector<hint::eval::tie_group> groups;
    hint::eval::detail::append_runs({words, n, 0, distances}, groups);
    std::vector<run> runs;
    for (const auto& g : groups) runs.push_back({g.distance, g.items, g.relevant});
    CHECK(runs == expected);
  }
}

TEST_CASE("rankings of many items equal those of sorting them") {
  constexpr std::size_t n = 40000;  // more than one tile
  const hint::random_stream random(32, 0);
  hint::code_set database(20, n);
  for (std::size_t i = 0; i < n; ++i) database[i][0] = random.bits(i) & 0xfffff;
  const hint::code_set query(20, 1);
  const hint::eval::relevant_if judgements(
      [&](std::size_t, std::size_t item) { return random.fork(1).below(item, 3) == 0; });
  std::vector<std::array<std::uint64_t, 3>> sorted;  // distance, row, relevant
  for (std::size_t i = 0; i < n; ++i)
    sorted.push_back({static_cast<std::uint64_t>(std::popcount(database[i][0])), i,
                      judgements.relevant(0, i) ? 1U : 0U});
  std::sort(sorted.begin(), sorted.end());
  for (const auto rule : {hint::eval::ties::by_id, hint::eval::ties::expected}) {
    hint::eval::for_each_ranking(query, database, judgements, rule, {},
                                 [&](std::size_t, const hint::eval::ranking& r) {
                                   std::size_t at = 0;
                                   bool good = r.items == n;
                                   for (const auto& g : r.groups) {
                                     std::uint64_t relevant = 0;
                                     for (std::uint64_t i = 0; i < g.items; ++i, ++at) {
                                       good = good && sorted[at][0] == g.distance;
                                       relevant += sorted[at][2];
                                       // By id, a group is of one kind.
                                       if (rule == hint::eval::ties::by_id)
                                         good = good && (sorted[at][2] != 0) == (g.relevant != 0);
                                     }
                                     good = good && relevant == g.relevant;
                                   }
                                   CHECK(good);
                                   CHECK(at == n);
                                 });
  }
}

namespace {

/// Leaves out other items for each query; `first` is the row of query 0.
struct some_excluded {
  std::size_t first;
  hint::random_stream random;
  [[nodiscard]] bool relevant(std::size_t query, std::size_t item) const {
    return random.fork(first + query).below(item, 3) == 0;
  }
  [[nodiscard]] bool excludes(std::size_t query, std::size_t item) const {
    return item % 16 <= 2 * ((first + query + 1) % 3) && random.fork(100).below(item, 2) == 0;
  }
};

}  // namespace

TEST_CASE("queries that are ranked together have the rankings that they have alone") {
  const std::uint64_t seed = 34;
  CAPTURE(seed);
  const hint::random_stream random(seed, 0);
  for (const std::size_t bits : {20U, 128U, 300U})
    for (const std::size_t n : {0U, 1U, 33U, 9000U}) {  // up to more than one tile
      hint::code_set database(bits, n), queries(bits, 7);
      for (hint::code_set* codes : {&database, &queries})
        for (std::size_t i = 0; i < codes->size(); ++i)
          for (std::size_t j = 0; j < bits; ++j)
            codes->set_bit(i, j, random.fork(codes->size()).below(i * bits + j, 2) == 0);
      using groups = std::vector<std::array<std::uint64_t, 3>>;
      for (const auto rule : {hint::eval::ties::by_id, hint::eval::ties::expected}) {
        const auto ranked = [&](std::size_t first, std::size_t count, bool excluding) {
          std::vector<groups> all(count);
          const auto keep = [&](std::size_t q, const hint::eval::ranking& r) {
            for (const auto& g : r.groups) all[q].push_back({g.distance, g.items, g.relevant});
            all[q].push_back({r.bits, r.items, r.relevant});
          };
          const some_excluded some{first, random.fork(9)};
          const hint::code_view asked = queries.view().slice(first, count);
          if (excluding) {
            hint::eval::for_each_ranking(asked, database, some, rule, {}, keep);
          } else {
            const hint::eval::relevant_if every(
                [&](std::size_t q, std::size_t i) { return some.relevant(q, i); });
            hint::eval::for_each_ranking(asked, database, every, rule, {}, keep);
          }
          return all;
        };
        for (const bool excluding : {false, true}) {
          CAPTURE(bits, n, static_cast<int>(rule), excluding);
          const auto together = ranked(0, 7, excluding);
          for (std::size_t q = 0; q < 7; ++q) CHECK(together[q] == ranked(q, 1, excluding).front());
        }
      }
    }
}
