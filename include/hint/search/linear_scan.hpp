// SPDX-License-Identifier: MIT
/// \file
/// The exact index that looks at every code: nothing to tune, and for most sizes the fastest.
#ifndef HINT_SEARCH_LINEAR_SCAN_HPP
#define HINT_SEARCH_LINEAR_SCAN_HPP

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <limits>
#include <ranges>
#include <span>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/hits.hpp>
#include <hint/search/top_k.hpp>

namespace hint::inline HINT_ABI::search {

/// Exact Hamming search over all codes; models `hamming_index` and `range_searchable`.
///
/// Memory: 8 * words per code and 8 for its id (about 50 more for ids that do not come in ascending
/// order, which need a hash table to find duplicates). Const calls are safe from many threads at once;
/// `add` needs the index for itself.
/// \code
/// hint::search::linear_scan index{64};
/// index.add(codes);
/// auto found = index.search(queries, 10);
/// \endcode
class linear_scan {
 public:
  /// What the archive format calls this (io/archive.hpp): an index.
  static constexpr std::uint32_t archive_kind = 3;

  /// Throws `invalid_argument` for bits outside 1 .. 4096.
  explicit linear_scan(std::size_t bits) : codes_(bits) {}

  [[nodiscard]] std::size_t bits() const noexcept { return codes_.bits(); }
  [[nodiscard]] std::size_t size() const noexcept { return ids_.size(); }
  [[nodiscard]] bool empty() const noexcept { return ids_.empty(); }
  /// The codes in the order of adding; row i belongs to ids()[i]. Valid until the next `add`.
  [[nodiscard]] code_view codes() const { return codes_.view(); }
  [[nodiscard]] std::span<const std::int64_t> ids() const noexcept { return ids_; }

  /// Adds codes under the ids that follow the largest so far: 0, 1, ... in a new index.
  /// Throws `shape_error` for codes of another length.
  void add(const code_view& codes) {
    detail::expects_codes("linear_scan::add", "codes", codes, bits());
    const auto room = static_cast<std::uint64_t>((std::numeric_limits<std::int64_t>::max)()) -
                      static_cast<std::uint64_t>(largest_);
    expects(empty() || codes.size() <= room, "linear_scan::add: no ", codes.size(),
            " ids follow the largest so far, ", largest_);
    std::vector<std::int64_t> ids(codes.size());
    std::int64_t next = empty() ? -1 : largest_;
    for (std::int64_t& id : ids) id = ++next;
    append(codes, ids);
  }
  /// Adds codes under ids of one's own, a range of any integers. All or nothing.
  /// Throws `shape_error` unless there is one id per code and for codes of another length,
  /// `invalid_argument` for an id that is there already or comes twice.
  template <std::ranges::input_range Ids>
    requires std::integral<std::ranges::range_value_t<Ids>>
  void add(const code_view& codes, const Ids& ids) {
    if constexpr (std::convertible_to<const Ids&, std::span<const std::int64_t>>) {
      add_with_ids(codes, ids);
    } else {
      std::vector<std::int64_t> own;
      for (const auto id : ids) {
        expects(std::cmp_less_equal(id, (std::numeric_limits<std::int64_t>::max)()),
                "linear_scan::add: id ", id, " does not fit 63 bits");
        own.push_back(static_cast<std::int64_t>(id));
      }
      add_with_ids(codes, own);
    }
  }
  void add(const code_view& codes, std::initializer_list<std::int64_t> ids) {
    add_with_ids(codes, std::span(ids.begin(), ids.size()));
  }

  /// For every query the min(k, accepted) nearest accepted items by ascending (distance, id).
  /// O(queries * size * words), and O(k + bits) memory for each query in flight.
  /// Throws `shape_error` for queries of another length.
  template <search_filter Filter = accept_all>
  [[nodiscard]] hits search(const code_view& queries, std::size_t k, const Filter& filter = {},
                            const context& ctx = {}) const {
    detail::expects_codes("linear_scan::search", "queries", queries, bits());
    k = (std::min)(k, size());
    std::vector<std::vector<hit>> rows(queries.size());
    if (k == 0) return hits(rows);
    for_chunks(ctx.executor, queries.size(), query_chunk, [&](std::size_t begin, std::size_t end) {
      std::vector<top_k> best(end - begin, top_k(bits(), k));
      scan(queries, begin, end, [&](std::size_t query, std::size_t first, const auto& distances) {
        top_k& mine = best[query - begin];
        for (std::size_t i = 0; i < distances.size(); ++i) {
          if (distances[i] > mine.bound()) continue;
          const hit candidate{distances[i], ids_[first + i]};
          if (mine.admits(candidate) && accepts(filter, query, candidate.id)) mine.add(candidate);
        }
      });
      for (std::size_t query = begin; query < end; ++query)
        rows[query] = best[query - begin].take();
    });
    return hits(rows);
  }

  /// For every query all accepted items with distance <= radius by ascending (distance, id).
  /// Throws `shape_error` for queries of another length.
  template <search_filter Filter = accept_all>
  [[nodiscard]] hits search_radius(const code_view& queries, std::size_t radius,
                                   const Filter& filter = {}, const context& ctx = {}) const {
    detail::expects_codes("linear_scan::search_radius", "queries", queries, bits());
    std::vector<std::vector<hit>> rows(queries.size());
    for_chunks(ctx.executor, queries.size(), query_chunk, [&](std::size_t begin, std::size_t end) {
      scan(queries, begin, end, [&](std::size_t query, std::size_t first, const auto& distances) {
        for (std::size_t i = 0; i < distances.size(); ++i)
          if (distances[i] <= radius && accepts(filter, query, ids_[first + i]))
            rows[query].push_back({distances[i], ids_[first + i]});
      });
      for (std::size_t query = begin; query < end; ++query) sort_hits(rows[query], bits());
    });
    return hits(rows);
  }

  /// Writes the index to an archive (see io/archive.hpp).
  template <class Writer>
  void write(Writer& archive) const {
    archive.meta("type", "linear_scan");
    archive.codes(codes());
    archive.array("ids", ids(), size(), std::size_t{1});
  }
  /// Reads what `write` wrote. Throws `format_error` for an archive of something else.
  template <class Reader>
  [[nodiscard]] static linear_scan read(const Reader& archive) {
    const std::string type = archive.meta("type");
    archive.require(type == "linear_scan", "type is '", type, "', expected 'linear_scan'");
    const code_view codes = archive.codes();
    const std::span<const std::int64_t> ids = archive.template array<std::int64_t>("ids");
    linear_scan index(codes.bits());
    try {
      index.add(codes, ids);
    } catch (const invalid_argument& e) {
      archive.require(false, e.what());
    }
    return index;
  }

 private:
  /// Queries that pass over a block of codes while it is in the cache.
  static constexpr std::size_t query_chunk = 8;

  /// Calls f(query, row, distances to rows row, row + 1, ...) for queries begin .. end-1 and all rows in
  /// ascending order, some rows at a time.
  template <class F>
  void scan(const code_view& queries, std::size_t begin, std::size_t end, F&& f) const {
    std::array<std::uint32_t, 1024> distances;
    const std::size_t block = detail::block_rows(codes_.words_per_code());
    for (std::size_t first = 0; first < size(); first += block) {
      const code_view run = codes().slice(first, (std::min)(block, size() - first));
      const std::span out(distances.data(), run.size());
      for (std::size_t query = begin; query < end; ++query) {
        hamming_distances(queries[query], run, out);
        f(query, first, out);
      }
    }
  }

  void add_with_ids(const code_view& codes, std::span<const std::int64_t> ids) {
    detail::expects_codes("linear_scan::add", "codes", codes, bits());
    expects<shape_error>(codes.size() == ids.size(), "linear_scan::add: ", ids.size(), " ids for ",
                         codes.size(), " codes");
    append(codes, ids);
  }

  void append(const code_view& codes, std::span<const std::int64_t> ids) {
    if (ids.empty()) return;
    // Ids that only ever rise cannot repeat. The first that do not call for the hash table.
    const bool rising =
        (empty() || ids.front() > largest_) &&
        std::adjacent_find(ids.begin(), ids.end(), std::greater_equal{}) == ids.end();
    const std::size_t before = size();
    try {
      if (!rising || !known_.empty()) remember(ids);
      ids_.insert(ids_.end(), ids.begin(), ids.end());
      codes_.append(codes);
    } catch (const invalid_argument&) {
      throw;
    } catch (...) {  // out of memory
      ids_.resize(before);
      known_.clear();
      throw;
    }
    const std::int64_t top = *std::max_element(ids.begin(), ids.end());
    largest_ = before == 0 ? top : (std::max)(largest_, top);
  }
  void remember(std::span<const std::int64_t> ids) {
    if (known_.empty()) known_.insert(ids_.begin(), ids_.end());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (known_.insert(ids[i]).second) continue;
      for (std::size_t j = 0; j < i; ++j) known_.erase(ids[j]);
      // Was it in the index, or in this call?
      expects(!known_.contains(ids[i]), "linear_scan::add: id ", ids[i],
              " is in the index already");
      expects(false, "linear_scan::add: id ", ids[i], " comes twice");
    }
  }

  code_set codes_;
  std::vector<std::int64_t> ids_;
  std::int64_t largest_ = 0;
  std::unordered_set<std::int64_t> known_;  // empty, or all ids
};

}  // namespace hint::inline HINT_ABI::search

#endif
