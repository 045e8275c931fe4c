// SPDX-License-Identifier: MIT
/// \file
/// "Is anything within this radius?": one answer for each query, at the first item that tells.
#ifndef HINT_SEARCH_ANY_WITHIN_HPP
#define HINT_SEARCH_ANY_WITHIN_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/watched_phase.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/pairs/code_source.hpp>
#include <hint/search/pairs/find_row_pairs.hpp>
#include <hint/search/pairs/row_pairs.hpp>
#include <hint/search/scan/store_scan.hpp>
#include <hint/search/store/code_store.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// Whether something is within a radius of each query, and what.
class first_items {
 public:
  /// Answers to so many queries: none has anything.
  explicit first_items(std::size_t queries = 0) : ids_(queries), found_(queries) {}

  /// The number of queries that are answered.
  [[nodiscard]] std::size_t size() const noexcept { return ids_.size(); }
  /// Whether a query has anything, unchecked.
  [[nodiscard]] bool operator[](std::size_t query) const noexcept { return found_[query]; }
  /// The id of what it has; 0 when it has nothing. Unchecked.
  [[nodiscard]] std::int64_t id(std::size_t query) const noexcept { return ids_[query]; }
  /// How many queries have something. O(queries).
  [[nodiscard]] std::size_t count() const noexcept {
    return static_cast<std::size_t>(std::count(found_.begin(), found_.end(), true));
  }
  void set(std::size_t query, std::int64_t id) {
    ids_[query] = id;
    found_[query] = true;
  }
  void resize(std::size_t queries) {
    ids_.resize(queries);
    found_.resize(queries);
  }
  [[nodiscard]] friend bool operator==(const first_items&, const first_items&) = default;

 private:
  std::vector<std::int64_t> ids_;
  std::vector<bool> found_;
};

namespace detail {

inline constexpr std::size_t no_row = (std::numeric_limits<std::size_t>::max)();

/// Wants no more for a query once it has a row.
template <search_filter Filter>
struct first_row_collector {
  std::vector<std::size_t> rows;  // of queries from `first` on
  std::size_t first;
  std::size_t before;  // queries before the first of all that are scanned for
  std::uint32_t most;
  const Filter& filter;

  [[nodiscard]] std::uint32_t limit(std::size_t query) const noexcept {
    return rows[query - first] == no_row ? most : 0;
  }
  void offer(std::size_t query, std::uint32_t, std::int64_t id, std::size_t row) {
    // Rows ascend, so the first is the least.
    if (rows[query - first] == no_row && accepts(filter, before + query, id))
      rows[query - first] = row;
  }
};

/// rows[i] = the first row that query before + i accepts below the limit.
template <search_filter Filter>
void scan_first(const code_store& store, const code_view& queries, std::size_t before,
                std::uint32_t limit, const Filter& filter, const context& ctx,
                std::span<std::size_t> rows) {
  const scan_plan plan(queries.size(), store, ctx.executor.concurrency());
  std::vector<std::vector<std::size_t>> found(plan.tasks());
  ctx.executor.bulk(plan.tasks(), [&](std::size_t task) {
    const scan_part part = plan.part(task);
    first_row_collector<Filter> collector{std::vector<std::size_t>(part.end - part.begin, no_row),
                                          part.begin, before, limit, filter};
    scan(store, queries, part, collector);
    found[task] = std::move(collector.rows);
  });
  for (std::size_t task = 0; task < found.size(); ++task)
    for (std::size_t i = 0; i < found[task].size(); ++i) {
      std::size_t& row = rows[plan.part(task).begin + i];
      row = (std::min)(row, found[task][i]);
    }
}

}  // namespace detail

/// For every query whether an accepted item is within o.radius of it, and of these the one that was added
/// first. `items` is an index of the library's, or codes whose ids are 0, 1, ...; the filter is that of searches,
/// `f(id)` or `f(query, id)`.
///
/// A scan stops at the first item of each query: O(queries items words) at most. Many queries of a small radius go
/// through tables, as in `for_each_pair`. Neither changes the answers, nor do threads. The observer hears of the
/// phase "any within"; asked to stop, this returns the answers to the first queries, so many as it has.
/// Throws `shape_error` for queries of another length, `invalid_argument` for bits set past a code's end.
/// \code
/// const auto known = any_within(uploads, index, {.radius = 4});
/// for (std::size_t i = 0; i < known.size(); ++i) if (!known[i]) ...
/// \endcode
template <code_source Items, search_filter Filter = accept_all>
[[nodiscard]] first_items any_within(const code_view& queries, const Items& items,
                                     const pair_options& o, const Filter& filter = {},
                                     const context& ctx = {}) {
  const detail::source_store own(items, "any_within");
  const detail::code_store& store = *own;
  expects_codes("any_within", "", "queries", queries, store.bits());
  detail::expects_few_rows(store);
  const std::size_t n = queries.size();
  std::vector<std::size_t> rows(n, detail::no_row);
  std::size_t answered = n;
  watched_phase phase(ctx.observer, "any within");
  const auto go_on = [&](double share) { return detail::goes_on(phase, share); };
  if (!go_on(0)) return first_items();
  std::optional<detail::source_store> asked;
  detail::pair_way way;
  if (n > 0 && store.size() > 0 && o.method != pair_method::scan) {
    asked.emplace(queries, "any_within");
    way = detail::way_of(**asked, store, o);
  }
  if (way.method != pair_method::scan) {
    const auto take = [&](const std::vector<detail::row_pair>& found) {
      for (const detail::row_pair& x : found)
        if (x.second < rows[x.first] && accepts(filter, x.first, store.id(x.second)))
          rows[x.first] = x.second;
      return true;
    };
    using found = std::vector<detail::row_pair>;
    const bool complete =
        way.method == pair_method::tables
            ? detail::pairs_by_tables<found>(**asked, store, *way.tables, o.radius, ctx, go_on,
                                             take)
            : detail::pairs_by_cells<found>(**asked, store, *way.cells, o.radius, ctx, go_on, take);
    if (!complete) answered = 0;  // the least row is known at the end alone
  } else {
    const auto limit = static_cast<std::uint32_t>((std::min)(o.radius, store.bits()) + 1);
    answered = phase.in_parts(n, 4, [&](std::size_t begin, std::size_t end) {
      detail::scan_first(store, queries.slice(begin, end - begin), begin, limit, filter, ctx,
                         std::span(rows).subspan(begin, end - begin));
    });
  }
  if (answered == n) phase.end();
  first_items out(answered);
  for (std::size_t q = 0; q < answered; ++q)
    if (rows[q] != detail::no_row) out.set(q, store.id(rows[q]));
  return out;
}

}}}  // namespace hint::HINT_ABI::search

#endif
