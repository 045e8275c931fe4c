// SPDX-License-Identifier: MIT
/// \file
/// Searches of a code store by scanning: the k nearest, and all within a radius.
#ifndef HINT_SEARCH_SCAN_COLLECTORS_HPP
#define HINT_SEARCH_SCAN_COLLECTORS_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/watched_phase.hpp>
#include <hint/search/store/code_store.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/hits.hpp>
#include <hint/search/merge.hpp>
#include <hint/search/scan/radii.hpp>
#include <hint/search/scan/scan_rounds.hpp>
#include <hint/search/scan/segmented_hits.hpp>
#include <hint/search/scan/store_scan.hpp>
#include <hint/search/scan/top_k.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// What a distance can be, also in a damaged file.
[[nodiscard]] inline std::size_t most_distance(const code_store& store) noexcept {
  return 64 * store.words();
}
[[nodiscard]] inline id_order order_of(const code_store& store) noexcept {
  return store.ascending() ? id_order::ascending : id_order::any;
}

/// The k nearest of what is offered, for queries from `first` on.
template <search_filter Filter>
class nearest_collector {
 public:
  nearest_collector(const code_store& store, const scan_part& part, std::size_t k,
                    const Filter& filter, id_order order, const radii& within = radii::any)
      : first_(part.begin), filter_(filter) {
    best_.reserve(part.end - part.begin);
    for (std::size_t q = part.begin; q < part.end; ++q)
      best_.emplace_back(most_distance(store), k, order, within[q]);
  }
  [[nodiscard]] std::uint32_t limit(std::size_t query) const noexcept {
    return best_[query - first_].limit();
  }
  void offer(std::size_t query, std::uint32_t distance, std::int64_t id) {
    top_k& best = best_[query - first_];
    const hit candidate{distance, id};
    if (best.admits(candidate) && accepts(filter_, query, id)) best.add(candidate);
  }
  [[nodiscard]] std::vector<hit> take(std::size_t query) { return best_[query - first_].take(); }
  /// Of all queries, in no more memory than it takes.
  [[nodiscard]] hits take() {
    std::size_t all = 0;
    for (const top_k& best : best_) all += best.size();
    hits out;
    out.reserve(best_.size(), all);
    for (top_k& best : best_) out.append_row(best.take());
    return out;
  }

 private:
  std::size_t first_;
  std::vector<top_k> best_;
  const Filter& filter_;
};

/// All of what is offered within a radius.
template <search_filter Filter>
class radius_collector {
 public:
  radius_collector(const code_store& store, const scan_part& part, const radii& within,
                   const Filter& filter)
      : first_(part.begin), bits_(most_distance(store)), filter_(filter) {
    limits_.reserve(part.end - part.begin);
    for (std::size_t q = part.begin; q < part.end; ++q)
      limits_.push_back(static_cast<std::uint32_t>((std::min)(within[q], bits_)) + 1);
  }
  [[nodiscard]] std::uint32_t limit(std::size_t query) const noexcept {
    return limits_[query - first_];
  }
  void offer(std::size_t query, std::uint32_t distance, std::int64_t id) {
    if (accepts(filter_, query, id))
      found_.add(static_cast<std::uint32_t>(query - first_), {distance, id});
  }
  /// Of the only query.
  [[nodiscard]] std::vector<hit> take(std::size_t) {
    std::vector<hit> out(found_.size());
    if (out.size() <= bits_) {
      std::size_t i = 0;
      found_.drain([&](std::uint32_t, const hit& h) { out[i++] = h; });
      std::sort(out.begin(), out.end());
      return out;
    }
    sort_by_counting(
        out, bits_, [&](auto&& f) { found_.for_each([&](std::uint32_t, const hit& h) { f(h); }); },
        [&](auto&& f) { found_.drain([&](std::uint32_t, const hit& h) { f(h); }); });
    return out;
  }
  /// Of all queries. Takes no more than twice the memory of what it returns.
  [[nodiscard]] hits take() {
    std::vector<std::size_t> offsets(limits_.size() + 1, 0);
    if (limits_.size() == 1) {
      offsets[1] = found_.size();
      return hits::from_parts(take(first_), std::move(offsets));
    }
    found_.for_each([&](std::uint32_t query, const hit&) { ++offsets[query + 1]; });
    for (std::size_t q = 1; q < offsets.size(); ++q) offsets[q] += offsets[q - 1];
    std::vector<hit> all(found_.size());
    // Each start moves to the end of its row, which is where the next one's was.
    found_.drain([&](std::uint32_t query, const hit& h) { all[offsets[query]++] = h; });
    std::copy_backward(offsets.begin(), offsets.end() - 1, offsets.end());
    offsets.front() = 0;
    for (std::size_t q = 0; q < limits_.size(); ++q)
      sort_hits(std::span(all).subspan(offsets[q], offsets[q + 1] - offsets[q]), bits_);
    return hits::from_parts(std::move(all), std::move(offsets));
  }

 private:
  std::size_t first_;
  std::size_t bits_;
  std::vector<std::uint32_t> limits_;
  segmented_hits found_;
  const Filter& filter_;
};

/// An index of the library's, with a store to be scanned.
template <class Index>
concept stores_codes = requires(const Index& i) {
  { i.store() } -> std::same_as<const code_store&>;
};

/// Scans by parts, each with a collector that `make(part)` makes and `run(collector, part)` fills, and puts
/// their rows together; of each the first k. The answers to the first queries when the observer asks to stop.
template <class Make, class Run>
[[nodiscard]] hits scan_in_parts(const code_store& store, std::size_t queries, std::size_t k,
                                 const context& ctx, Make&& make, Run&& run) {
  watched_phase phase(ctx.observer, "search");
  const scan_plan plan = plan_for(phase, queries, store, ctx.executor);
  std::vector<hits> found(plan.tasks());
  const std::size_t done =
      run_in_rounds(phase, plan, store, ctx.executor, make, run,
                    [&](std::size_t task, auto& collector) { found[task] = collector.take(); });
  found.resize(done);
  if (const std::size_t parts = plan.row_parts(); parts > 1) {
    std::vector<hits> merged;
    for (std::size_t i = 0; i < found.size(); i += parts) {
      const auto same = std::span(found).subspan(i, parts);
      merged.push_back(merge(same, k));
      for (hits& part : same) part = hits();
    }
    found = std::move(merged);
  }
  hits out = joined(std::move(found));
  phase.end();
  return out;
}

template <search_filter Filter>
[[nodiscard]] hits scan_nearest(const code_store& store, const code_view& queries, std::size_t k,
                                const Filter& filter, const context& ctx,
                                const radii& within = radii::any) {
  k = (std::min)(k, store.size());
  return scan_in_parts(
      store, queries.size(), k, ctx,
      [&](const scan_part& part) {
        return nearest_collector<Filter>(store, part, k, filter, order_of(store), within);
      },
      [&](auto& collector, const scan_part& part) { scan(store, queries, part, collector); });
}
template <search_filter Filter>
[[nodiscard]] hits scan_radius(const code_store& store, const code_view& queries,
                               const radii& within, const Filter& filter, const context& ctx) {
  return scan_in_parts(
      store, queries.size(), store.size(), ctx,
      [&](const scan_part& part) { return radius_collector<Filter>(store, part, within, filter); },
      [&](auto& collector, const scan_part& part) { scan(store, queries, part, collector); });
}

#if defined(HINT_COMPILED)
HINT_EXTERN template hits scan_nearest(const code_store&, const code_view&, std::size_t,
                                       const accept_all&, const context&, const radii&);
HINT_EXTERN template hits scan_radius(const code_store&, const code_view&, const radii&,
                                      const accept_all&, const context&);
#endif

}}}  // namespace hint::HINT_ABI::search::detail

#endif
