// SPDX-License-Identifier: MIT
/// \file
/// Full rankings of a database for every query, as streams of tie groups: exact for any number of
/// items, without a list of them.
#ifndef HINT_EVAL_RANKING_HPP
#define HINT_EVAL_RANKING_HPP

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
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

/// Queries that are judged together: distances of several at once take less time.
inline constexpr std::size_t judged_together = 4;

/// Distances and marks of the rows that count for some queries, in their order.
class judged_rows {
 public:
  /// Rows at a time: with all that is known of them they stay in the first caches.
  static constexpr std::size_t most = 4096;

  judged_rows() : distances_(judged_together * most), marks_(judged_together * most) {}

  /// Rows first .. first + count - 1 for queries begin .. end - 1, up to `judged_together` of them; leaves
  /// out those that are excluded.
  template <relevance Relevance>
  void read(const search::code_blocks& database, const code_view& queries,
            const Relevance& judgements, std::size_t begin, std::size_t end, std::size_t first,
            std::size_t count) {
    database.distances(queries.slice(begin, end - begin), first, search::code_blocks::padded(count),
                       distances_, most);
    for (std::size_t q = 0; q < end - begin; ++q) {
      const auto marks = std::span(marks_).subspan(q * most, count);
      mark_relevant(judgements, begin + q, first, marks);
      sizes_[q] = count;
      if constexpr (excludes_items<Relevance>) {
        std::uint16_t* const distances = distances_.data() + q * most;
        std::size_t& size = sizes_[q] = 0;
        for (std::size_t i = 0; i < count; ++i) {
          if (judgements.excludes(begin + q, first + i)) continue;
          distances[size] = distances[i];
          marks[size++] = marks[i];
        }
      }
    }
  }
  /// Of the q-th of those queries.
  [[nodiscard]] std::span<const std::uint16_t> distances(std::size_t q) const noexcept {
    return std::span(distances_).subspan(q * most, sizes_[q]);
  }
  [[nodiscard]] std::span<const std::uint8_t> marks(std::size_t q) const noexcept {
    return std::span(marks_).subspan(q * most, sizes_[q]);
  }

 private:
  std::array<std::size_t, judged_together> sizes_{};
  std::vector<std::uint16_t> distances_;
  std::vector<std::uint8_t> marks_;
};

/// Rankings of queries begin .. end-1 by distance alone: f(query, ranking).
template <relevance Relevance, class F>
void rank_by_distance(const code_view& queries, const search::code_blocks& database,
                      const Relevance& judgements, std::size_t begin, std::size_t end, F&& f) {
  constexpr std::size_t tile = judged_rows::most;
  const std::size_t distances = queries.bits() + 1;
  // Irrelevant and relevant items at each distance, for each query.
  std::vector<std::uint64_t> counts((end - begin) * distances * 2, 0);
  judged_rows rows;
  search::bin_counts bins(distances * 2);
  for (std::size_t first = 0; first < database.size(); first += tile) {
    const std::size_t count = (std::min)(tile, database.size() - first);
    for (std::size_t next = begin; next < end; next += judged_together) {
      const std::size_t together = (std::min)(judged_together, end - next);
      rows.read(database, queries, judgements, next, next + together, first, count);
      for (std::size_t q = 0; q < together; ++q) {
        bins.add(rows.distances(q), rows.marks(q));
        bins.move_to(std::span(counts).subspan((next + q - begin) * distances * 2, distances * 2));
      }
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

/// The marks of a query's items in the order of its ranking, as they are found: up to 63 of a distance to a
/// word, so that an item costs one look at one word. Words that are full go to a list, which is put in order
/// by distance at the end; that is a small part of the work. Items come from the last to the first, so that
/// the mark of a word's first item comes to lie lowest.
class marks_by_distance {
 public:
  /// Of up to `items` items.
  marks_by_distance(std::size_t distances, std::size_t items)
      : open_(distances, no_marks), next_(distances), full_(items / marked_word::most) {}

  /// Takes in items that come before all that it has: marks, each 0 or 1, and their distances. O(items).
  void add(std::span<const std::uint16_t> distances, std::span<const std::uint8_t> marks) {
    full_word* full = full_.data() + filled_;
    add(distances.data(), marks.data(), 0, marks.size(), full);
    filled_ = static_cast<std::size_t>(full - full_.data());
  }
  /// The same for four queries. They take turns: an item whose distance has just been met would have to wait
  /// for the word that is being written.
  static void add(std::span<marks_by_distance, 4> all, const judged_rows& rows) {
    std::size_t least = rows.marks(0).size();
    for (std::size_t q = 1; q < 4; ++q) least = (std::min)(least, rows.marks(q).size());
    std::array<full_word*, 4> full;
    for (std::size_t q = 0; q < 4; ++q) {
      full[q] = all[q].full_.data() + all[q].filled_;
      all[q].add(rows.distances(q).data(), rows.marks(q).data(), least, rows.marks(q).size(),
                 full[q]);
    }
    // Plain pointers: bytes may alias anything, and the compiler would read a vector's own anew for each.
    constexpr std::size_t most = judged_rows::most;
    const std::uint16_t* const d = rows.distances(0).data();
    const std::uint8_t* const m = rows.marks(0).data();
    std::uint64_t *const o0 = all[0].open_.data(), *const o1 = all[1].open_.data(),
                         *const o2 = all[2].open_.data(), *const o3 = all[3].open_.data();
    for (std::size_t i = least; i-- > 0;) {
      put(o0, d[i], m[i], full[0]);
      put(o1, d[most + i], m[most + i], full[1]);
      put(o2, d[2 * most + i], m[2 * most + i], full[2]);
      put(o3, d[3 * most + i], m[3 * most + i], full[3]);
    }
    for (std::size_t q = 0; q < 4; ++q)
      all[q].filled_ = static_cast<std::size_t>(full[q] - all[q].full_.data());
  }
  /// All words by ascending distance, until the next call; it is empty again then. O(distances + words).
  [[nodiscard]] std::span<const marked_word> take() {
    std::fill(next_.begin(), next_.end(), std::size_t{0});
    for (std::size_t i = 0; i < filled_; ++i) ++next_[full_[i].distance];
    std::size_t all = 0;
    for (std::size_t d = 0; d < open_.size(); ++d) {
      all += next_[d] + (open_[d] != no_marks ? 1 : 0);
      next_[d] = all;
    }
    words_.resize(all);
    for (std::size_t i = 0; i < filled_; ++i)
      words_[--next_[full_[i].distance]] = marked(full_[i].bits, full_[i].distance);
    for (std::size_t d = 0; d < open_.size(); ++d)
      if (open_[d] != no_marks) words_[--next_[d]] = marked(open_[d], d);
    std::fill(open_.begin(), open_.end(), no_marks);
    filled_ = 0;
    return words_;
  }

 private:
  static constexpr std::uint64_t no_marks = 1;
  struct full_word {
    std::uint64_t bits;
    std::size_t distance;
  };
  static void put(std::uint64_t* open, std::size_t distance, std::uint64_t mark,
                  full_word*& full) noexcept {
    const std::uint64_t word = 2 * open[distance] + mark;
    open[distance] = word;
    if (word >> 63 != 0) [[unlikely]] {  // the 1 that went ahead of the marks
      *full++ = {word, distance};
      open[distance] = no_marks;
    }
  }
  void add(const std::uint16_t* distances, const std::uint8_t* marks, std::size_t begin,
           std::size_t end, full_word*& full) noexcept {
    std::uint64_t* const open = open_.data();
    full_word* next = full;
    for (std::size_t i = end; i-- > begin;) put(open, distances[i], marks[i], next);
    full = next;
  }
  static marked_word marked(std::uint64_t word, std::size_t distance) noexcept {
    const auto items = static_cast<std::uint32_t>(63 - std::countl_zero(word));  // below the 1
    return {word ^ std::uint64_t{1} << items, items, static_cast<std::uint32_t>(distance)};
  }

  std::vector<std::uint64_t> open_;  // by distance: a 1, then the marks of a word that is not full
  std::vector<std::size_t> next_;
  std::size_t filled_ = 0;
  std::vector<full_word> full_;
  std::vector<marked_word> words_;
};

/// What wants rankings by row item by item says so by a member `takes_marks`: a callable of any type would take
/// both kinds.
template <class F>
concept takes_marks = requires { typename std::remove_cvref_t<F>::takes_marks; };

/// Rankings by (distance, row), O(items) memory for the query in flight: f(query, ranking), or
/// f(query, marked_ranking) if `takes_marks<F>`.
template <relevance Relevance, class F>
void rank_by_row(const code_view& queries, const search::code_blocks& database,
                 const Relevance& judgements, std::size_t begin, std::size_t end, F&& f) {
  constexpr std::size_t tile = judged_rows::most;
  judged_rows rows;
  std::vector<marks_by_distance> marks(judged_together,
                                       marks_by_distance(queries.bits() + 1, database.size()));
  std::vector<tie_group> groups;
  for (std::size_t next = begin; next < end; next += judged_together) {
    const std::size_t together = (std::min)(judged_together, end - next);
    std::array<std::uint64_t, judged_together> items{};
    for (std::size_t last = database.size(); last > 0;) {
      const std::size_t first = (last - 1) / tile * tile;
      rows.read(database, queries, judgements, next, next + together, first, last - first);
      last = first;
      for (std::size_t q = 0; q < together; ++q) items[q] += rows.marks(q).size();
      if (together == judged_together) {
        marks_by_distance::add(std::span<marks_by_distance, 4>(marks), rows);
      } else {
        for (std::size_t q = 0; q < together; ++q) marks[q].add(rows.distances(q), rows.marks(q));
      }
    }
    for (std::size_t q = 0; q < together; ++q) {
      marked_ranking r;
      r.bits = queries.bits();
      r.items = items[q];
      r.words = marks[q].take();
      for (const marked_word& w : r.words) r.relevant += search::detail::count_bits(w.marks);
      if constexpr (takes_marks<F>) {
        f(next + q, r);
      } else {
        groups.clear();
        append_runs(r, groups);
        f(next + q, ranking{groups, r.items, r.relevant, r.bits});
      }
    }
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
