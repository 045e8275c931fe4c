// SPDX-License-Identifier: MIT
/// \file
/// Several codes under one item: the frames of a video, the crops of an image, the passages of a document.
#ifndef HINT_SEARCH_ITEMS_HPP
#define HINT_SEARCH_ITEMS_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/watched_phase.hpp>
#include <hint/search/concepts.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/hits.hpp>
#include <hint/search/ids.hpp>
#include <hint/search/store/row_table.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// Says to which item the code of an id belongs: a callable `f(id)` that gives an integer, always the same
/// for the same id, asked from the calling thread. `[](std::int64_t id) { return id / 100; }`
/// is one, for a hundred codes an item.
template <class F>
concept item_lookup = requires(const F& f, std::int64_t id) {
  { f(id) } -> std::convertible_to<std::int64_t>;
};

/// Which item each id belongs to, in a table. Ids that are not in it are items of their own, under their own
/// number. Memory: some 48 bytes an id. Const calls are safe from many threads.
class item_table {
 public:
  item_table() = default;
  /// ids[i] belongs to items[i]. Throws `shape_error` unless there are as many of both, `invalid_argument`
  /// for an id that comes twice.
  template <id_range Ids, id_range Items>
  item_table(const Ids& ids, const Items& items) {
    add(ids, items);
  }
  /// More of them. All or nothing; throws as the constructor.
  template <id_range Ids, id_range Items>
  void add(const Ids& ids, const Items& items) {
    put(detail::as_ids(ids, "item_table", "::add"), detail::as_ids(items, "item_table", "::add"));
  }
  [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }
  /// Expected O(1).
  [[nodiscard]] std::int64_t operator()(std::int64_t id) const noexcept {
    const std::size_t row = rows_.find(id);
    return row == detail::row_table::none ? id : items_[row];
  }

 private:
  HINT_LAZY
  void put(std::span<const std::int64_t> ids, std::span<const std::int64_t> items) {
    expects<shape_error>(ids.size() == items.size(), "item_table::add: ", items.size(),
                         " items for ", ids.size(), " ids");
    std::vector<std::int64_t> sorted(ids.begin(), ids.end());
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    expects(twice == sorted.end(), "item_table::add: id ", twice == sorted.end() ? 0 : *twice,
            " comes twice");
    for (const std::int64_t id : ids)
      expects(rows_.find(id) == detail::row_table::none, "item_table::add: id ", id,
              " has an item already");
    rows_.reserve(rows_.size() + ids.size());
    items_.insert(items_.end(), items.begin(), items.end());
    for (std::size_t i = 0; i < ids.size(); ++i) rows_.put(ids[i], items_.size() - ids.size() + i);
  }
  detail::row_table rows_;
  std::vector<std::int64_t> items_;
};

/// An item, how many of its codes are within a radius, and how far the nearest is.
struct item_count {
  std::int64_t item = 0;
  std::size_t count = 0;
  std::uint32_t distance = 0;
  friend bool operator==(const item_count&, const item_count&) = default;
};

namespace detail {

/// The items of a query's hits with their counts, by item.
template <item_lookup Items>
[[nodiscard]] std::vector<item_count> counts_of(std::span<const hit> row, const Items& item_of) {
  std::vector<item_count> all;
  all.reserve(row.size());
  for (const hit& h : row) all.push_back({static_cast<std::int64_t>(item_of(h.id)), 1, h.distance});
  // Of equal items the nearest comes first and stays so: hits ascend by distance.
  std::stable_sort(all.begin(), all.end(),
                   [](const item_count& a, const item_count& b) { return a.item < b.item; });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (kept > 0 && all[kept - 1].item == all[i].item) {
      ++all[kept - 1].count;
    } else {
      all[kept++] = all[i];
    }
  }
  all.resize(kept);
  return all;
}
/// The items of a query's hits as hits: by (distance of the best code, item), the first k.
template <item_lookup Items>
[[nodiscard]] std::vector<hit> best_of(std::span<const hit> row, std::size_t k,
                                       const Items& item_of) {
  std::vector<hit> out;
  for (const item_count& x : counts_of(row, item_of)) out.push_back({x.distance, x.item});
  std::sort(out.begin(), out.end());
  if (out.size() > k) out.resize(k);
  return out;
}
/// The distance of the k-th item among a query's hits; no distance when there are not so many.
template <item_lookup Items>
[[nodiscard]] std::size_t kth_item_distance(std::span<const hit> row, std::size_t k,
                                            const Items& item_of) {
  constexpr std::size_t none = (std::numeric_limits<std::size_t>::max)();
  if (row.size() < k) return none;
  row_table met;
  for (const hit& h : row) {
    met.reserve(met.size() + 1);
    met.put(item_of(h.id), 0);
    if (met.size() == k) return h.distance;
  }
  return none;
}

/// Queries of a part: what is found for them on the way may take more memory than the result.
inline constexpr std::size_t item_queries = 256;

}  // namespace detail

/// For every query the k nearest items by ascending (distance, item), as hits with the item in place of the
/// id: an item is as near as the nearest of its codes that the filter accepts. `index` is a `hamming_index`
/// with a radius for each query, as those of the library; `item_of` is an `item_lookup`; the filter is asked
/// with ids of codes.
///
/// Exact: searches for more and more codes until k items are among them, then for all codes as near as the
/// k-th item. O(log(codes an item)) searches. Asked to stop, it returns the answers to the first queries.
/// Throws what the index throws.
/// \code
/// auto videos = hint::search::search_items(index, queries, 10, [](std::int64_t id) { return id / 1000; });
/// \endcode
template <hamming_index Index, item_lookup Items, search_filter Filter = accept_all>
  requires requires(const Index& i, const code_view& c, std::span<const std::size_t> radii,
                    const Filter& f, const context& x) {
    { i.search_radius(c, radii, f, x) } -> std::same_as<hits>;
  }
[[nodiscard]] hits search_items(const Index& index, const code_view& queries, std::size_t k,
                                const Items& item_of, const Filter& filter = {},
                                const context& ctx = {}) {
  if (queries.empty() || k == 0) return index.search(queries, 0, filter, ctx);
  watched_phase phase(ctx.observer, "items");
  std::vector<hits> found;
  for (std::size_t begin = 0; begin < queries.size() && !phase.stopped();
       begin += detail::item_queries) {
    const std::size_t end = (std::min)(queries.size(), begin + detail::item_queries);
    const double all = static_cast<double>(queries.size());
    phase_share share(phase, static_cast<double>(begin) / all, static_cast<double>(end) / all);
    context mine = ctx;
    mine.observer = share.ref();
    const auto search = [&](std::span<const std::size_t> rows, auto&& go) {
      code_set some(queries.bits(), rows.size());
      for (std::size_t i = 0; i < rows.size(); ++i)
        std::copy(queries[rows[i]].begin(), queries[rows[i]].end(), some[i].begin());
      return go(some, [&](std::size_t q, std::int64_t id) { return accepts(filter, rows[q], id); });
    };
    std::vector<std::size_t> radii(end - begin), open(end - begin);
    for (std::size_t i = 0; i < open.size(); ++i) open[i] = begin + i;
    const std::vector<std::size_t> rows = open;
    for (std::size_t codes = k; !open.empty() && !phase.stopped();
         codes = codes > index.size() / 4 ? index.size() : 4 * codes) {
      const hits some = search(open, [&](const code_set& part, const auto& accepting) {
        return index.search(part, codes, accepting, mine);
      });
      if (some.size() < open.size()) break;  // stopped
      std::vector<std::size_t> still;
      for (std::size_t i = 0; i < open.size(); ++i) {
        const std::size_t radius = detail::kth_item_distance(some[i], k, item_of);
        // Fewer than asked for: these are all.
        const bool known = radius <= max_bits || some[i].size() < codes || codes >= index.size();
        radii[open[i] - begin] = known ? radius : 0;
        if (!known) still.push_back(open[i]);
      }
      open = std::move(still);
    }
    if (phase.stopped()) break;
    const hits near = search(rows, [&](const code_set& part, const auto& accepting) {
      return index.search_radius(part, std::span<const std::size_t>(radii), accepting, mine);
    });
    if (near.size() < rows.size()) break;  // stopped
    std::vector<std::vector<hit>> best(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) best[i] = detail::best_of(near[i], k, item_of);
    found.emplace_back(best);
  }
  phase.end();
  return detail::joined(std::move(found));
}

namespace detail {

/// rows[q] = make(hits of query q within the radius), by parts of the queries: hits of codes may be many more
/// than items. The rows of the first queries when the observer asks to stop.
template <class Row, class Index, class Filter, class Make>
[[nodiscard]] std::vector<Row> items_within(const Index& index, const code_view& queries,
                                            std::size_t radius, const Filter& filter,
                                            const context& ctx, Make&& make) {
  watched_phase phase(ctx.observer, "items");
  std::vector<Row> rows;
  rows.reserve(queries.size());
  const double all = static_cast<double>((std::max<std::size_t>)(queries.size(), 1));
  std::size_t begin = 0;
  do {  // once for no queries, whose length is checked as well
    const std::size_t count = (std::min)(item_queries, queries.size() - begin);
    phase_share share(phase, static_cast<double>(begin) / all,
                      static_cast<double>(begin + count) / all);
    context mine = ctx;
    mine.observer = share.ref();
    const hits near = index.search_radius(
        queries.slice(begin, count), radius,
        [&](std::size_t query, std::int64_t id) { return accepts(filter, begin + query, id); },
        mine);
    begin += count;
    const double done = static_cast<double>(begin) / all;
    phase.in_parts(
        near.size(), 1,
        [&](std::size_t first, std::size_t last) {
          for (std::size_t q = first; q < last; ++q) rows.push_back(make(near[q]));
        },
        done, done);
  } while (rows.size() == begin && begin < queries.size() && !phase.stopped());
  phase.end();
  return rows;
}

}  // namespace detail

/// For every query all items with a code within the radius that the filter accepts, by ascending (distance of
/// the nearest, item), as hits with the item in place of the id. The rest as for `search_items`.
template <range_searchable Index, item_lookup Items, search_filter Filter = accept_all>
[[nodiscard]] hits search_items_radius(const Index& index, const code_view& queries,
                                       std::size_t radius, const Items& item_of,
                                       const Filter& filter = {}, const context& ctx = {}) {
  return hits(detail::items_within<std::vector<hit>>(
      index, queries, radius, filter, ctx,
      [&](std::span<const hit> row) { return detail::best_of(row, row.size(), item_of); }));
}

/// For every query the items with codes within the radius that the filter accepts: how many, and how far the
/// nearest is. By descending count, then ascending (distance, item). The rest as for `search_items`.
template <range_searchable Index, item_lookup Items, search_filter Filter = accept_all>
[[nodiscard]] std::vector<std::vector<item_count>> count_items(
    const Index& index, const code_view& queries, std::size_t radius, const Items& item_of,
    const Filter& filter = {}, const context& ctx = {}) {
  return detail::items_within<std::vector<item_count>>(
      index, queries, radius, filter, ctx, [&](std::span<const hit> row) {
        std::vector<item_count> counts = detail::counts_of(row, item_of);
        std::sort(counts.begin(), counts.end(), [](const item_count& a, const item_count& b) {
          if (a.count != b.count) return a.count > b.count;
          return a.distance != b.distance ? a.distance < b.distance : a.item < b.item;
        });
        counts.shrink_to_fit();  // there were places for all codes
        return counts;
      });
}

}}}  // namespace hint::HINT_ABI::search

#endif
