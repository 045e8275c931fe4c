// SPDX-License-Identifier: MIT
/// \file
/// Searches of a code store by scanning: the k nearest, and all within a radius.
#ifndef HINT_SEARCH_SCAN_COLLECTORS_HPP
#define HINT_SEARCH_SCAN_COLLECTORS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/search/store/code_store.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/hits.hpp>
#include <hint/search/merge.hpp>
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
                    const Filter& filter, id_order order)
      : first_(part.begin),
        best_(part.end - part.begin, top_k(most_distance(store), k, order)),
        filter_(filter) {}
  [[nodiscard]] std::uint32_t limit(std::size_t query) const noexcept {
    return best_[query - first_].limit();
  }
  void offer(std::size_t query, std::uint32_t distance, std::int64_t id) {
    top_k& best = best_[query - first_];
    const hit candidate{distance, id};
    if (best.admits(candidate) && accepts(filter_, query, id)) best.add(candidate);
  }
  [[nodiscard]] std::vector<hit> take(std::size_t query) { return best_[query - first_].take(); }

 private:
  std::size_t first_;
  std::vector<top_k> best_;
  const Filter& filter_;
};

/// All of what is offered below a limit.
template <search_filter Filter>
class radius_collector {
 public:
  radius_collector(const code_store& store, const scan_part& part, std::size_t radius,
                   const Filter& filter)
      : first_(part.begin),
        limit_(static_cast<std::uint32_t>((std::min)(radius, most_distance(store))) + 1),
        bits_(most_distance(store)),
        found_(part.end - part.begin),
        filter_(filter) {}
  [[nodiscard]] std::uint32_t limit(std::size_t) const noexcept { return limit_; }
  void offer(std::size_t query, std::uint32_t distance, std::int64_t id) {
    if (accepts(filter_, query, id)) found_[query - first_].push_back({distance, id});
  }
  [[nodiscard]] std::vector<hit> take(std::size_t query) {
    sort_hits(found_[query - first_], bits_);
    return std::move(found_[query - first_]);
  }

 private:
  std::size_t first_;
  std::uint32_t limit_;
  std::size_t bits_;
  std::vector<std::vector<hit>> found_;
  const Filter& filter_;
};

/// Scans by parts, each with a collector that `make(part)` makes, and puts their rows together; of each
/// the first k.
template <class Make>
[[nodiscard]] hits scan_in_parts(const code_store& store, const code_view& queries, std::size_t k,
                                 const context& ctx, Make&& make) {
  const scan_plan plan(queries.size(), store, ctx.executor.concurrency());
  std::vector<std::vector<std::vector<hit>>> found(plan.row_parts(),
                                                   std::vector<std::vector<hit>>(queries.size()));
  ctx.executor.bulk(plan.tasks(), [&](std::size_t task) {
    const scan_part part = plan.part(task);
    auto collector = make(part);
    scan(store, queries, part, collector);
    auto& mine = found[task % plan.row_parts()];
    for (std::size_t q = part.begin; q < part.end; ++q) mine[q] = collector.take(q);
  });
  if (found.size() == 1) return hits(found.front());
  std::vector<hits> parts;
  for (const auto& rows : found) parts.emplace_back(rows);
  return merge(parts, k);
}

template <search_filter Filter>
[[nodiscard]] hits scan_nearest(const code_store& store, const code_view& queries, std::size_t k,
                                const Filter& filter, const context& ctx) {
  k = (std::min)(k, store.size());
  return scan_in_parts(store, queries, k, ctx, [&](const scan_part& part) {
    return nearest_collector<Filter>(store, part, k, filter, order_of(store));
  });
}
template <search_filter Filter>
[[nodiscard]] hits scan_radius(const code_store& store, const code_view& queries,
                               std::size_t radius, const Filter& filter, const context& ctx) {
  return scan_in_parts(store, queries, store.size(), ctx, [&](const scan_part& part) {
    return radius_collector<Filter>(store, part, radius, filter);
  });
}

#if defined(HINT_COMPILED)
HINT_EXTERN template hits scan_nearest(const code_store&, const code_view&, std::size_t,
                                       const accept_all&, const context&);
HINT_EXTERN template hits scan_radius(const code_store&, const code_view&, std::size_t,
                                      const accept_all&, const context&);
#endif

}}}  // namespace hint::HINT_ABI::search::detail

#endif
