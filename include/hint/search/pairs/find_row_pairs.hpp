// SPDX-License-Identifier: MIT
/// \file
/// All pairs of rows within a radius, in the way that should be fastest.
#ifndef HINT_SEARCH_PAIRS_FIND_ROW_PAIRS_HPP
#define HINT_SEARCH_PAIRS_FIND_ROW_PAIRS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/watched_phase.hpp>
#include <hint/search/multi_index/inverted_lists.hpp>
#include <hint/search/pairs/bucket_table.hpp>
#include <hint/search/pairs/pair_cells.hpp>
#include <hint/search/pairs/pair_plan.hpp>
#include <hint/search/pairs/pair_scan.hpp>
#include <hint/search/pairs/pair_tables.hpp>
#include <hint/search/pairs/row_pairs.hpp>
#include <hint/search/store/code_store.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// How pairs within a radius are looked for. What is found does not depend on it.
enum class pair_method : std::uint8_t {
  automatic,  ///< whichever should be faster
  scan,       ///< by looking at every pair
  tables,     ///< by looking at the pairs that are near in one of several substrings
  cells  ///< by looking at the pairs in cells of similar codes that the triangle inequality does not part
};

struct pair_options {
  std::size_t radius = 0;  ///< largest distance of a pair; 0: equal codes
  pair_method method = pair_method::automatic;
};

namespace detail {

/// What became of a search for pairs.
struct pairs_done {
  bool complete;
  pair_method method;
};

/// Rows have numbers of 32 bits here.
inline void expects_few_rows(const code_store& store) {
  constexpr std::size_t most = (std::numeric_limits<std::uint32_t>::max)();
  expects(store.rows() < most, "pairs: ", store.rows(), " codes, expected below ", most);
}

/// The way that is asked for, or that should be fastest, with what it needs.
struct pair_way {
  pair_method method = pair_method::scan;
  std::optional<pair_plan> tables;
  std::optional<cell_plan> cells;
};
/// Both stores have codes.
HINT_LAZY
[[nodiscard]] pair_way way_of(const code_store& a, const code_store& b, const pair_options& o) {
  pair_way way;
  const std::size_t radius = (std::min)(o.radius, a.bits());
  // Planning costs as much as some thousand codes do, looking for cells as much as some 10^4.
  constexpr double least = 4e6, least_for_cells = 1e9;
  const double pairs = static_cast<double>(a.size()) * static_cast<double>(b.size());
  if (o.method == pair_method::scan || (o.method == pair_method::automatic && pairs <= least))
    return way;
  if (o.method != pair_method::cells) {
    way.tables.emplace(a, b, radius);
    if (o.method == pair_method::tables || way.tables->worth_it()) way.method = pair_method::tables;
    if (o.method == pair_method::tables || pairs <= least_for_cells) return way;
  }
  // 50 ms or so, so only where the others take long.
  constexpr double patience = 3e8;
  const double best = way.method == pair_method::scan
                          ? 0.7 * (way.tables ? way.tables->scan_cost() : 0)
                          : way.tables->cost();
  if (o.method == pair_method::automatic && best < patience) return way;
  way.cells.emplace(a, b, radius);
  if (o.method == pair_method::cells || way.cells->cost() < best) way.method = pair_method::cells;
  return way;
}

/// `find_row_pairs` through tables; returns whether it is complete.
template <class Found, class GoOn, class Take>
[[nodiscard]] bool pairs_by_tables(const code_store& a, const code_store& b, const pair_plan& plan,
                                   std::size_t radius, const context& ctx, GoOn&& go_on,
                                   Take&& take) {
  const bool same = &a == &b;
  const auto limit = static_cast<std::uint32_t>((std::min)(radius, a.bits()) + 1);
  const live_codes codes_a(a);
  std::optional<live_codes> codes_b;
  if (!same) codes_b.emplace(b);
  const auto& substrings = plan.substrings();
  bool complete = true;
  for (std::size_t pass = 0; pass < substrings.size() && complete; ++pass) {
    const auto share = [&](double part) {
      return (static_cast<double>(pass) + part) / static_cast<double>(substrings.size());
    };
    const auto building = [&] { return complete = go_on(share(0)); };
    const bucket_table table_a(codes_a, substrings[pass].cut, building);
    std::optional<bucket_table> table_b;
    if (complete && !same) table_b.emplace(*codes_b, substrings[pass].cut, building);
    if (!complete) break;
    const bucket_join find(table_a, same ? table_a : *table_b, substrings, pass, limit);
    const auto tasks = static_cast<double>(find.tasks());
    complete = in_rounds<Found>(ctx, find.tasks(), find, take, [&](std::size_t done) {
      return go_on(share(static_cast<double>(done) / tasks));
    });
  }
  return complete;
}

/// `find_row_pairs` through cells; returns whether it is complete.
template <class Found, class GoOn, class Take>
[[nodiscard]] bool pairs_by_cells(const code_store& a, const code_store& b, const cell_plan& plan,
                                  std::size_t radius, const context& ctx, GoOn&& go_on,
                                  Take&& take) {
  struct {
    bool stop_requested() { return stopped = stopped || !go_on(0.0); }
    GoOn& go_on;
    bool stopped;
  } asking{go_on, false};
  const inverted_lists lists(b, b.rows(), plan.centroids(), context{ctx.executor, asking});
  if (asking.stopped) return false;
  const pair_cells find(a, b, lists, static_cast<std::uint32_t>((std::min)(radius, a.bits()) + 1));
  const auto tasks = static_cast<double>(find.tasks());
  return in_rounds<Found>(ctx, find.tasks(), find, take, [&](std::size_t done) {
    return go_on(static_cast<double>(done) / tasks);
  });
}

/// Hands the pairs of live rows of two stores of the same bits, or of one (the same object; first < second
/// then), to take(buffer of type `Found`), which may return false to end. Each comes once, in an order that the
/// executor does not change. go_on(share that is done) is asked often, and returns false to end as well.
template <class Found, class GoOn, class Take>
pairs_done find_row_pairs(const code_store& a, const code_store& b, const pair_options& o,
                          const context& ctx, GoOn&& go_on, Take&& take) {
  expects_few_rows(a);
  expects_few_rows(b);
  if (!go_on(0.0)) return {false, o.method};
  if (a.size() == 0 || b.size() == 0) return {true, pair_method::scan};
  const pair_way way = way_of(a, b, o);
  if (way.method == pair_method::tables)
    return {pairs_by_tables<Found>(a, b, *way.tables, o.radius, ctx, go_on, take), way.method};
  if (way.method == pair_method::cells)
    return {pairs_by_cells<Found>(a, b, *way.cells, o.radius, ctx, go_on, take), way.method};
  const pair_scan find(a, b, static_cast<std::uint32_t>((std::min)(o.radius, a.bits()) + 1));
  const auto tasks = static_cast<double>(find.tasks());
  return {
      in_rounds<Found>(ctx, find.tasks(), find, take,
                       [&](std::size_t done) { return go_on(static_cast<double>(done) / tasks); }),
      pair_method::scan};
}
/// The same for callers of which it is all that they do: the observer hears of the phase "pairs".
template <class Found, class Take>
pairs_done find_row_pairs(const code_store& a, const code_store& b, const pair_options& o,
                          const context& ctx, Take&& take) {
  watched_phase phase(ctx.observer, "pairs");
  const pairs_done done = find_row_pairs<Found>(
      a, b, o, ctx, [&](double share) { return goes_on(phase, share); }, take);
  if (done.complete) phase.end();
  return done;
}

}  // namespace detail

}}}  // namespace hint::HINT_ABI::search

#endif
