// SPDX-License-Identifier: MIT
/// \file
/// Full rankings of a database for every query, as streams of tie groups: exact for any number of
/// items, without a list of them.
#ifndef HINT_EVAL_RANKING_HPP
#define HINT_EVAL_RANKING_HPP

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/eval/relevance.hpp>
#include <hint/eval/ties.hpp>
#include <hint/search/hamming.hpp>

namespace hint::inline HINT_ABI::eval {

namespace detail {

/// Queries that pass over a block of the database while it is in the cache.
inline constexpr std::size_t query_chunk = 16;

inline void check_rankings(std::string_view where, const code_view& queries,
                           const code_view& database) {
  expects<shape_error>(queries.bits() == database.bits(), where, ": queries have ", queries.bits(),
                       " bits, the database ", database.bits());
  search::detail::expects_codes(where, "queries", queries, queries.bits());
  search::detail::expects_codes(where, "database codes", database, queries.bits());
}

/// Calls f(query, first, distances, marks) for queries begin .. end-1 and blocks of rows in order.
template <relevance_judge Judge, class F>
void for_each_block(const code_view& queries, const code_view& database, const Judge& judge,
                    std::size_t begin, std::size_t end, F&& f) {
  std::array<std::uint32_t, 1024> distances;
  std::array<std::uint8_t, 1024> marks;
  const std::size_t block = search::detail::block_rows(database.words_per_code());
  for (std::size_t first = 0; first < database.size(); first += block) {
    const code_view run = database.slice(first, (std::min)(block, database.size() - first));
    const std::span d(distances.data(), run.size());
    const std::span m(marks.data(), run.size());
    for (std::size_t query = begin; query < end; ++query) {
      search::hamming_distances(queries[query], run, d);
      mark_relevant(judge, query, first, m);
      f(query, first, d, m);
    }
  }
}

/// Rankings of queries begin .. end-1 by distance alone: f(query, ranking).
template <relevance_judge Judge, class F>
void rank_by_distance(const code_view& queries, const code_view& database, const Judge& judge,
                      std::size_t begin, std::size_t end, F&& f) {
  const std::size_t distances = database.bits() + 1;
  // Irrelevant and relevant items at each distance, for each query.
  std::vector<std::uint64_t> counts((end - begin) * distances * 2, 0);
  for_each_block(queries, database, judge, begin, end,
                 [&](std::size_t query, std::size_t first, auto d, auto m) {
                   std::uint64_t* mine = counts.data() + (query - begin) * distances * 2;
                   for (std::size_t i = 0; i < d.size(); ++i) {
                     if constexpr (excludes_items<Judge>) {
                       if (judge.excludes(query, first + i)) continue;
                     }
                     ++mine[2 * d[i] + m[i]];
                   }
                   static_cast<void>(first);
                 });
  std::vector<tie_group> groups;
  for (std::size_t query = begin; query < end; ++query) {
    const std::uint64_t* mine = counts.data() + (query - begin) * distances * 2;
    groups.clear();
    ranking r;
    r.bits = database.bits();
    for (std::size_t d = 0; d < distances; ++d) {
      const std::uint64_t items = mine[2 * d] + mine[2 * d + 1];
      if (items == 0) continue;
      groups.push_back({static_cast<std::uint32_t>(d), items, mine[2 * d + 1]});
      r.items += items;
      r.relevant += mine[2 * d + 1];
    }
    r.groups = groups;
    f(query, r);
  }
}

/// Rankings by (distance, row), O(items) memory for the query in flight.
template <relevance_judge Judge, class F>
void rank_by_row(const code_view& queries, const code_view& database, const Judge& judge,
                 std::size_t begin, std::size_t end, F&& f) {
  constexpr std::uint8_t excluded = 2;
  std::vector<std::uint32_t> distance(database.size());
  std::vector<std::uint8_t> mark(database.size());
  std::vector<std::uint8_t> ranked(database.size());  // marks in the order of the ranking
  std::vector<std::size_t> start(database.bits() + 2);
  std::vector<tie_group> groups;
  for (std::size_t query = begin; query < end; ++query) {
    std::fill(start.begin(), start.end(), std::size_t{0});
    for_each_block(queries, database, judge, query, query + 1,
                   [&](std::size_t, std::size_t first, auto d, auto m) {
                     for (std::size_t i = 0; i < d.size(); ++i) {
                       distance[first + i] = d[i];
                       mark[first + i] = m[i];
                       if constexpr (excludes_items<Judge>) {
                         if (judge.excludes(query, first + i)) {
                           mark[first + i] = excluded;
                           continue;
                         }
                       }
                       ++start[d[i] + 1];
                     }
                   });
    for (std::size_t d = 0; d <= database.bits(); ++d) start[d + 1] += start[d];
    for (std::size_t i = 0; i < mark.size(); ++i)
      if (mark[i] != excluded) ranked[start[distance[i]]++] = mark[i];
    // Now start[d] is the end of distance d.
    groups.clear();
    ranking r;
    r.bits = database.bits();
    for (std::size_t d = 0; d <= database.bits(); ++d) {
      for (const std::size_t first = r.items; r.items < start[d]; ++r.items) {
        const std::uint8_t relevant = ranked[r.items];
        if (r.items == first || relevant != ranked[r.items - 1])
          groups.push_back({static_cast<std::uint32_t>(d), 0, 0});
        ++groups.back().items;
        groups.back().relevant += relevant;
        r.relevant += relevant;
      }
    }
    r.groups = groups;
    f(query, r);
  }
}

template <relevance_judge Judge, class F>
void rank_queries(const code_view& queries, const code_view& database, const Judge& judge,
                  ties rule, std::size_t begin, std::size_t end, F&& f) {
  if (rule == ties::by_id) {
    rank_by_row(queries, database, judge, begin, end, f);
  } else {
    rank_by_distance(queries, database, judge, begin, end, f);
  }
}

}  // namespace detail

/// Calls f(query, ranking) once for every query, from the executor's threads, in any order; the
/// ranking lives as long as the call. With `ties::by_id` items at one distance come by row, else they
/// are one group.
/// O(queries * items * words) time; memory O(bits) for each query in flight, and O(items) for
/// `ties::by_id`. Throws `shape_error` when queries, database and judge do not fit together.
template <relevance_judge Judge, class F>
  requires std::invocable<F&, std::size_t, const ranking&>
void for_each_ranking(const code_view& queries, const code_view& database, const Judge& judge,
                      ties rule, const context& ctx, F&& f) {
  detail::check_rankings("eval::for_each_ranking", queries, database);
  detail::check_judge(judge, queries.size(), database.size());
  for_chunks(ctx.executor, queries.size(), detail::query_chunk,
             [&](std::size_t begin, std::size_t end) {
               detail::rank_queries(queries, database, judge, rule, begin, end, f);
             });
}

}  // namespace hint::inline HINT_ABI::eval

#endif
