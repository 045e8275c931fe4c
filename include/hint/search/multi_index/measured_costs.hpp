// SPDX-License-Identifier: MIT
/// \file
/// What searches of a store will meet, and what they cost, found out from some of its codes.
#ifndef HINT_SEARCH_MULTI_INDEX_MEASURED_COSTS_HPP
#define HINT_SEARCH_MULTI_INDEX_MEASURED_COSTS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/wall_clock.hpp>
#include <hint/core/watched_phase.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/histograms.hpp>
#include <hint/search/multi_index/inverted_lists.hpp>
#include <hint/search/multi_index/mih_plan.hpp>
#include <hint/search/multi_index/mih_search.hpp>
#include <hint/search/multi_index/substring_tables.hpp>
#include <hint/search/scan/collectors.hpp>
#include <hint/search/scan/row_collectors.hpp>
#include <hint/search/store/code_store.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

// When somebody sets the clock while something is measured, the estimate is wrong and, until tables and
// lists are built anew, searches may go a slower way; what they find does not depend on it. What is measured
// runs on the calling thread. Who is asked to stop returns something that is of no use.
using ::hint::detail::now_ns;

/// Nanoseconds that a search by tables or lists, which nobody can stop, may take while somebody watches.
inline constexpr double longest_unheard = 15e6;

/// Up to `most` stored codes, to see what searches will meet.
HINT_LAZY
[[nodiscard]] code_set sample_of(const code_store& store, std::size_t most) {
  code_set out(store.bits());
  std::vector<std::uint64_t> words(store.words());
  most = (std::min)(most, store.rows());
  for (std::size_t i = 0; i < most; ++i) {
    const auto row =
        static_cast<std::size_t>((static_cast<double>(i) + 0.5) *
                                 static_cast<double>(store.rows()) / static_cast<double>(most));
    if (!store.live(row)) continue;
    store.code(row, words);
    out.append(code_view(words, store.bits()));
  }
  if (out.empty()) out.resize(1);  // no sampled row is live: a zero code does for estimates
  return out;
}

/// How many other codes are at each distance of each sample.
HINT_LAZY
[[nodiscard]] std::vector<std::vector<std::uint64_t>> count_others(const code_store& store,
                                                                   const code_view& samples,
                                                                   const context& ctx) {
  const distance_histograms counts = count_distances(store, samples, ctx);
  std::vector<std::vector<std::uint64_t>> histograms;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    histograms.emplace_back(counts[i].begin(), counts[i].end());
    if (histograms.back().front() > 0) --histograms.back().front();  // the code itself
  }
  return histograms;
}

/// Of one query, and of one of many.
HINT_LAZY
[[nodiscard]] search_costs time_scans(const code_store& store, const code_view& samples,
                                      const context& ctx) {
  context alone;
  alone.observer = ctx.observer;
  search_costs costs;
  costs.scan = costs.batch_scan = (std::numeric_limits<double>::max)();
  for (int run = 0; run < 3; ++run) {
    const double start = now_ns();
    static_cast<void>(scan_nearest(store, samples.slice(0, 1), 10, accept_all{}, alone));
    const double middle = now_ns();
    static_cast<void>(scan_nearest(store, samples, 10, accept_all{}, alone));
    const auto count = static_cast<double>(samples.size());
    // A clock that is set back must not look like a fast machine.
    costs.scan = (std::min)(costs.scan, (std::max)(middle - start, 100.0));
    costs.batch_scan = (std::min)(costs.batch_scan, (std::max)((now_ns() - middle) / count, 100.0));
  }
  costs.batch_scan = (std::min)(costs.batch_scan, costs.scan);
  return costs;
}

/// By how much looking up takes longer than it should, 1/4 to 4.
HINT_LAZY
[[nodiscard]] double time_lookups(const substring_tables& tables, const mih_plan& plan,
                                  const flip_masks& masks, const search_costs& costs,
                                  const code_view& samples, const context& ctx) {
  // Counts what is found within a distance that costs a fair share of a scan.
  struct counter {
    std::uint32_t most;
    std::size_t found = 0;
    [[nodiscard]] std::uint32_t limit() const noexcept { return most; }
    void offer(std::uint32_t, std::uint32_t) noexcept { ++found; }
  };
  watched_phase phase(ctx.observer, "lookups");
  double scan = costs.scan;
  if (phase.watched()) scan = (std::min)(scan, longest_unheard / 4);
  std::uint32_t most = 1;
  while (most < plan.size() && plan.cost(most + 1) < scan / 2) ++most;
  mih_search probe(tables, plan, masks, costs);
  const search_budget budget{4 * scan, 4 * scan, {}};
  double took = 0;
  phase.in_parts(2 * samples.size(), 1, [&](std::size_t begin, std::size_t end) {
    const double start = now_ns();
    for (std::size_t i = begin; i < end; ++i)  // once cold, once warm
      static_cast<void>(probe(samples[i % samples.size()].data(), counter{most}, budget));
    took += now_ns() - start;
  });
  return probe.spent() > 0 ? (std::min)(4.0, (std::max)(0.25, took / probe.spent())) : 1.0;
}

/// Nanoseconds of a search for the 10 nearest by lists.
HINT_LAZY
[[nodiscard]] double time_lists(const code_store& store, const inverted_lists& lists,
                                const code_view& samples, const context& ctx) {
  watched_phase phase(ctx.observer, "lists");
  list_search probe(lists);
  const accept_all all;
  double took = 0;
  phase.in_parts(samples.size(), 1, [&](std::size_t begin, std::size_t end) {
    const double start = now_ns();
    for (std::size_t i = begin; i < end; ++i) {
      nearest_rows<accept_all> collector(store, i, 10, all);
      static_cast<void>(probe(samples[i].data(), collector, lists.rows()));
    }
    took += now_ns() - start;
  });
  return took / static_cast<double>(samples.size());
}

}}}  // namespace hint::HINT_ABI::search::detail

#endif
