// SPDX-License-Identifier: MIT
/// \file
/// Full rankings of a database for every query, as streams of tie groups: exact for any number of
/// items, without a list of them.
#ifndef HINT_EVAL_RANKING_HPP
#define HINT_EVAL_RANKING_HPP

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
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
#include <hint/search/histograms.hpp>

namespace hint { inline namespace HINT_ABI { namespace eval {

namespace detail {

/// Queries that pass over a block of the database while it is in the cache.
inline constexpr std::size_t query_chunk = 16;

inline void check_rankings(std::string_view where, const code_view& queries,
                           const code_view& database) {
  expects<shape_error>(queries.bits() == database.bits(), where, ": queries have ", queries.bits(),
                       " bits, the database ", database.bits());
  expects_codes(where, "", "queries", queries, queries.bits());
  expects_codes(where, "", "database codes", database, queries.bits());
}

/// Distances and marks of the rows that count for a query, in their order.
class judged_rows {
 public:
  explicit judged_rows(std::size_t most)
      : distances_(search::code_blocks::padded(most)), marks_(search::code_blocks::padded(most)) {}

  /// Rows first .. first + count - 1; returns how many of them are not excluded.
  template <relevance Relevance>
  std::size_t read(const search::code_blocks& database, std::span<const std::uint64_t> code,
                   const Relevance& judgements, std::size_t query, std::size_t first,
                   std::size_t count) {
    database.distances(code, first,
                       std::span(distances_).first(search::code_blocks::padded(count)));
    mark_relevant(judgements, query, first, std::span(marks_).first(count));
    size_ = count;
    if constexpr (excludes_items<Relevance>) {
      size_ = 0;
      for (std::size_t i = 0; i < count; ++i) {
        if (judgements.excludes(query, first + i)) continue;
        distances_[size_] = distances_[i];
        marks_[size_++] = marks_[i];
      }
    }
    return size_;
  }
  [[nodiscard]] std::span<std::uint16_t> distances() noexcept {
    return std::span(distances_).first(size_);
  }
  [[nodiscard]] std::span<const std::uint8_t> marks() const noexcept {
    return std::span(marks_).first(size_);
  }

 private:
  std::size_t size_ = 0;
  std::vector<std::uint16_t> distances_;
  std::vector<std::uint8_t> marks_;
};

/// Rankings of queries begin .. end-1 by distance alone: f(query, ranking).
template <relevance Relevance, class F>
void rank_by_distance(const code_view& queries, const search::code_blocks& database,
                      const Relevance& judgements, std::size_t begin, std::size_t end, F&& f) {
  constexpr std::size_t tile = 16384;  // rows: they stay in the second-level cache
  const std::size_t distances = queries.bits() + 1;
  // Irrelevant and relevant items at each distance, for each query.
  std::vector<std::uint64_t> counts((end - begin) * distances * 2, 0);
  judged_rows rows((std::min)(tile, database.size()));
  search::bin_counts bins(distances * 2);
  for (std::size_t first = 0; first < database.size(); first += tile) {
    const std::size_t count = (std::min)(tile, database.size() - first);
    for (std::size_t query = begin; query < end; ++query) {
      rows.read(database, queries[query], judgements, query, first, count);
      const auto keys = rows.distances();
      const auto marks = rows.marks();
      for (std::size_t i = 0; i < keys.size(); ++i)
        keys[i] = static_cast<std::uint16_t>(2 * keys[i] + marks[i]);
      bins.add(keys);
      bins.move_to(std::span(counts).subspan((query - begin) * distances * 2, distances * 2));
    }
  }
  std::vector<tie_group> groups;
  for (std::size_t query = begin; query < end; ++query) {
    const std::uint64_t* mine = counts.data() + (query - begin) * distances * 2;
    groups.clear();
    ranking r;
    r.bits = queries.bits();
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

/// Bit j is byte j of eight bytes, each of them 0 or 1.
[[nodiscard]] inline std::uint64_t packed_byte(const std::uint8_t* marks,
                                               std::size_t count) noexcept {
  std::uint64_t eight = 0;
  std::memcpy(&eight, marks, count);
  // The product has byte j's bit at 56 + j; nothing carries into it.
  return eight * 0x0102040810204080ULL >> 56;
}
/// The same for up to 64 bytes.
[[nodiscard]] inline std::uint64_t packed(std::span<const std::uint8_t> marks) noexcept {
  const std::uint8_t* m = marks.data();
  if (marks.size() == 64)
    return packed_byte(m, 8) | packed_byte(m + 8, 8) << 8 | packed_byte(m + 16, 8) << 16 |
           packed_byte(m + 24, 8) << 24 | packed_byte(m + 32, 8) << 32 |
           packed_byte(m + 40, 8) << 40 | packed_byte(m + 48, 8) << 48 |
           packed_byte(m + 56, 8) << 56;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < marks.size(); i += 8)
    bits |= packed_byte(m + i, (std::min)(std::size_t{8}, marks.size() - i)) << i;
  return bits;
}
/// Calls f(begin, end, mark) for every run of equal marks; each mark is 0 or 1. Looks for changes in 64
/// marks at once: asked mark by mark, the processor would guess wrong at every second run.
template <class F>
void for_runs(std::span<const std::uint8_t> marks, F&& f) {
  if (marks.empty()) return;
  std::size_t begin = 0;
  std::uint64_t mark = marks[0];
  for (std::size_t i = 0; i < marks.size(); i += 64) {
    const std::size_t count = (std::min)(std::size_t{64}, marks.size() - i);
    const std::uint64_t bits = packed(marks.subspan(i, count));
    std::uint64_t changes = bits ^ (bits << 1 | mark);  // here `mark` is that of the run so far
    if (count < 64) changes &= (std::uint64_t{1} << count) - 1;
    for (; changes != 0; changes &= changes - 1) {
      const std::size_t at = i + static_cast<std::size_t>(std::countr_zero(changes));
      f(begin, at, mark);
      begin = at;
      mark ^= 1;
    }
  }
  f(begin, marks.size(), mark);
}

/// Counting sort of marks by distance. By plain pointers: bytes may alias anything, and the compiler
/// would read a vector's own anew for each.
inline void place(std::span<const std::uint16_t> distances, std::span<const std::uint8_t> marks,
                  std::size_t* start, std::uint8_t* ranked) noexcept {
  const std::uint16_t* d = distances.data();
  const std::uint8_t* mark = marks.data();
  for (const std::uint8_t* const end = mark + marks.size(); mark != end; ++d, ++mark)
    ranked[start[*d]++] = *mark;
}

/// Rankings by (distance, row), O(items) memory for the query in flight.
template <relevance Relevance, class F>
void rank_by_row(const code_view& queries, const search::code_blocks& database,
                 const Relevance& judgements, std::size_t begin, std::size_t end, F&& f) {
  const std::size_t distances = queries.bits() + 1;
  judged_rows rows(database.size());
  std::vector<std::uint8_t> ranked(database.size());  // marks in the order of the ranking
  search::bin_counts bins(distances);
  std::vector<std::uint64_t> counts(distances);
  std::vector<std::size_t> start(distances);  // where the next item of a distance goes
  std::vector<tie_group> groups;
  for (std::size_t query = begin; query < end; ++query) {
    ranking r;
    r.bits = queries.bits();
    r.items = rows.read(database, queries[query], judgements, query, 0, database.size());
    const auto d = rows.distances();
    const auto marks = rows.marks();
    std::fill(counts.begin(), counts.end(), std::uint64_t{0});
    bins.add(d);
    bins.move_to(counts);
    for (std::size_t i = 1; i < distances; ++i) start[i] = start[i - 1] + counts[i - 1];
    place(d, marks, start.data(), ranked.data());
    groups.clear();
    for (std::size_t at = 0, first = 0; at < distances; first += counts[at++]) {
      for_runs(std::span(ranked).subspan(first, counts[at]),
               [&](std::size_t from, std::size_t to, std::uint64_t mark) {
                 const std::uint64_t relevant = mark * (to - from);
                 groups.push_back({static_cast<std::uint32_t>(at), to - from, relevant});
                 r.relevant += relevant;
               });
    }
    start[0] = 0;
    r.groups = groups;
    f(query, r);
  }
}

template <relevance Relevance, class F>
void rank_queries(const code_view& queries, const search::code_blocks& database,
                  const Relevance& judgements, ties rule, std::size_t begin, std::size_t end,
                  F&& f) {
  if (rule == ties::by_id) {
    rank_by_row(queries, database, judgements, begin, end, f);
  } else {
    rank_by_distance(queries, database, judgements, begin, end, f);
  }
}

}  // namespace detail

/// Calls f(query, ranking) once for every query, from the executor's threads, in any order; the
/// ranking lives as long as the call. With `ties::by_id` items at one distance come by row, else they
/// are one group.
/// O(queries * items * words) time; memory for one more copy of the database, O(bits) for each query in
/// flight, and O(items) for `ties::by_id`. Throws `shape_error` when queries, database and judgements do not
/// fit together.
template <relevance Relevance, class F>
  requires std::invocable<F&, std::size_t, const ranking&>
void for_each_ranking(const code_view& queries, const code_view& database,
                      const Relevance& judgements, ties rule, const context& ctx, F&& f) {
  detail::check_rankings("eval::for_each_ranking", queries, database);
  detail::check_judgements(judgements, queries.size(), database.size());
  const search::code_blocks blocks(database);
  for_chunks(ctx.executor, queries.size(), detail::query_chunk,
             [&](std::size_t begin, std::size_t end) {
               detail::rank_queries(queries, blocks, judgements, rule, begin, end, f);
             });
}

}}}  // namespace hint::HINT_ABI::eval

#endif
