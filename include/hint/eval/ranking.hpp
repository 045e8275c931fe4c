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
      bins.add(rows.distances(), rows.marks());
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

/// The bits of a word in the opposite order.
[[nodiscard]] constexpr std::uint64_t reversed(std::uint64_t x) noexcept {
  x = (x >> 1 & 0x5555555555555555ULL) | (x & 0x5555555555555555ULL) << 1;
  x = (x >> 2 & 0x3333333333333333ULL) | (x & 0x3333333333333333ULL) << 2;
  x = (x >> 4 & 0x0f0f0f0f0f0f0f0fULL) | (x & 0x0f0f0f0f0f0f0f0fULL) << 4;
  x = (x >> 8 & 0x00ff00ff00ff00ffULL) | (x & 0x00ff00ff00ff00ffULL) << 8;
  x = (x >> 16 & 0x0000ffff0000ffffULL) | (x & 0x0000ffff0000ffffULL) << 16;
  return x >> 32 | x << 32;
}

/// The marks of a query's items in the order of its ranking, as they are found: up to 63 of a distance to a
/// word, so that an item costs one look at one word. Words that are full go to a list, which is put in order
/// by distance at the end; that is a small part of the work.
class marks_by_distance {
 public:
  explicit marks_by_distance(std::size_t distances) : open_(distances), next_(distances) {}

  /// Orders marks, each 0 or 1, by distance and then as they come. O(distances + items).
  void sort(std::span<const std::uint16_t> distances, std::span<const std::uint8_t> marks) {
    std::fill(open_.begin(), open_.end(), no_marks);
    full_.resize(marks.size() / marked_word::most + 1);  // more than can become full
    // Plain pointers: bytes may alias anything, and the compiler would read a vector's own anew for each.
    full_word* full = full_.data();
    std::uint64_t* const open = open_.data();
    const auto put = [&full, open](std::size_t distance, std::uint64_t mark) {
      const std::uint64_t word = 2 * open[distance] + mark;
      open[distance] = word;
      if (word >> 63 != 0) [[unlikely]] {  // the 1 that went ahead of the marks
        *full++ = {word, distance};
        open[distance] = no_marks;
      }
    };
    const std::uint16_t* d = distances.data();
    const std::uint8_t* m = marks.data();
    std::size_t i = 0;
    for (; i + 4 <= marks.size(); i += 4) {
      put(d[i], m[i]), put(d[i + 1], m[i + 1]);
      put(d[i + 2], m[i + 2]), put(d[i + 3], m[i + 3]);
    }
    for (; i < marks.size(); ++i) put(d[i], m[i]);
    put_in_order({full_.data(), full});
  }
  /// All of them, by ascending distance.
  [[nodiscard]] std::span<const marked_word> words() const noexcept { return words_; }

 private:
  static constexpr std::uint64_t no_marks = 1;
  struct full_word {
    std::uint64_t bits;
    std::size_t distance;
  };
  static marked_word marked(std::uint64_t word, std::size_t distance) noexcept {
    const auto above = static_cast<std::uint32_t>(std::countl_zero(word));  // the 1
    return {reversed(word) >> above >> 1, 63 - above, static_cast<std::uint32_t>(distance)};
  }
  void put_in_order(std::span<const full_word> full) {
    std::fill(next_.begin(), next_.end(), std::size_t{0});
    for (const full_word& w : full) ++next_[w.distance];
    std::size_t all = 0;
    for (std::size_t d = 0; d < open_.size(); ++d) {
      const std::size_t count = next_[d] + (open_[d] != no_marks ? 1 : 0);
      next_[d] = all;
      all += count;
    }
    words_.resize(all);
    for (const full_word& w : full) words_[next_[w.distance]++] = marked(w.bits, w.distance);
    for (std::size_t d = 0; d < open_.size(); ++d)
      if (open_[d] != no_marks) words_[next_[d]] = marked(open_[d], d);
  }

  std::vector<std::uint64_t> open_;  // by distance: a 1, then the marks of a word that is not full
  std::vector<std::size_t> next_;
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
  judged_rows rows(database.size());
  marks_by_distance marks(queries.bits() + 1);
  std::vector<tie_group> groups;
  for (std::size_t query = begin; query < end; ++query) {
    marked_ranking r;
    r.bits = queries.bits();
    r.items = rows.read(database, queries[query], judgements, query, 0, database.size());
    marks.sort(rows.distances(), rows.marks());
    r.words = marks.words();
    for (const marked_word& w : r.words)
      r.relevant += static_cast<std::uint64_t>(std::popcount(w.marks));
    if constexpr (takes_marks<F>) {
      f(query, r);
    } else {
      groups.clear();
      append_runs(r, groups);
      f(query, ranking{groups, r.items, r.relevant, r.bits});
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
