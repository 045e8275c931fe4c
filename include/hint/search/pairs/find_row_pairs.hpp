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
#include <hint/search/pairs/bucket_table.hpp>
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
  tables      ///< by looking at the pairs that are near in one of several substrings
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

/// Hands the pairs of live rows of two stores of the same bits, or of one (the same object; first < second
/// then), to take(buffer of type `Found`), which may return false to end. Each comes once, in an order that the
/// executor does not change.
template <class Found, class Take>
pairs_done find_row_pairs(const code_store& a, const code_store& b, const pair_options& o,
                          const context& ctx, Take&& take) {
  constexpr std::size_t most = (std::numeric_limits<std::uint32_t>::max)();
  expects(a.rows() < most && b.rows() < most, "pairs: ", (std::max)(a.rows(), b.rows()),
          " codes, expected below 2^32 - 1");
  const std::size_t radius = (std::min)(o.radius, a.bits());
  const auto limit = static_cast<std::uint32_t>(radius + 1);
  const bool same = &a == &b;
  phase_watch watch(ctx.observer, "pairs");
  if (!watch.go_on(0)) return {false, o.method};
  if (a.size() == 0 || b.size() == 0 || (same && a.size() == 1)) {
    watch.end("");
    return {true, pair_method::scan};
  }
  // Planning costs as much as some thousand codes do.
  constexpr double least = 4e6;
  std::optional<pair_plan> plan;
  if (o.method == pair_method::tables ||
      (o.method == pair_method::automatic &&
       static_cast<double>(a.size()) * static_cast<double>(b.size()) > least))
    plan.emplace(a, b, radius);
  bool complete = true;
  if (!plan || (o.method == pair_method::automatic && !plan->worth_it())) {
    const pair_scan find(a, b, limit);
    const auto tasks = static_cast<double>(find.tasks());
    complete = in_rounds<Found>(ctx, find.tasks(), find, take, [&](std::size_t done) {
      return watch.go_on(static_cast<double>(done) / tasks);
    });
    if (complete) watch.end("");
    return {complete, pair_method::scan};
  }
  const live_codes codes_a(a);
  std::optional<live_codes> codes_b;
  if (!same) codes_b.emplace(b);
  const auto& substrings = plan->substrings();
  for (std::size_t pass = 0; pass < substrings.size() && complete; ++pass) {
    const auto share = [&](double part) {
      return (static_cast<double>(pass) + part) / static_cast<double>(substrings.size());
    };
    const auto go_on = [&] { return complete = watch.go_on(share(0)); };
    const bucket_table table_a(codes_a, substrings[pass].cut, go_on);
    std::optional<bucket_table> table_b;
    if (complete && !same) table_b.emplace(*codes_b, substrings[pass].cut, go_on);
    if (!complete) break;
    const bucket_join find(table_a, same ? table_a : *table_b, substrings, pass, limit);
    const auto tasks = static_cast<double>(find.tasks());
    complete = in_rounds<Found>(ctx, find.tasks(), find, take, [&](std::size_t done) {
      return watch.go_on(share(static_cast<double>(done) / tasks));
    });
  }
  if (complete) watch.end("");
  return {complete, pair_method::tables};
}

}  // namespace detail

}}}  // namespace hint::HINT_ABI::search

#endif
