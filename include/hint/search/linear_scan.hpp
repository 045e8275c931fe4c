// SPDX-License-Identifier: MIT
/// \file
/// The exact index that looks at every code: nothing to tune, and for most sizes the fastest.
#ifndef HINT_SEARCH_LINEAR_SCAN_HPP
#define HINT_SEARCH_LINEAR_SCAN_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/search/code_store.hpp>
#include <hint/search/collectors.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/histograms.hpp>
#include <hint/search/hits.hpp>
#include <hint/search/ids.hpp>
#include <hint/search/store_archive.hpp>
#include <hint/search/store_scan.hpp>

namespace hint::inline HINT_ABI::search {

/// Exact Hamming search over all codes; models `hamming_index`, `range_searchable` and `removable`.
///
/// A copy is a snapshot: it costs next to nothing and stays as it is while the original changes, so a
/// thread that adds hands copies to those that search. Const calls are safe from many threads at once;
/// changes need the index for themselves. Memory as `code_store` says.
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
  explicit linear_scan(std::size_t bits) : store_(bits, "linear_scan") {}

  [[nodiscard]] std::size_t bits() const noexcept { return store_.bits(); }
  [[nodiscard]] std::size_t size() const noexcept { return store_.size(); }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  /// The codes as they are kept.
  [[nodiscard]] const code_store& store() const noexcept { return store_; }
  /// O(log n) when ids came in ascending order, else O(n) until the first change by id.
  [[nodiscard]] bool contains(std::int64_t id) const noexcept {
    return store_.find(id) != code_store::not_found;
  }

  /// A copy of the code of an id. Throws `invalid_argument` when it is not there. As fast as `contains`.
  [[nodiscard]] code_set code(std::int64_t id) const {
    const std::size_t row = store_.find(id);
    expects(row != code_store::not_found, "linear_scan::code: no id ", id);
    code_set out(bits(), 1);
    store_.code(row, out[0]);
    return out;
  }
  /// All ids, in the order of adding. O(n).
  [[nodiscard]] std::vector<std::int64_t> ids() const { return store_.ids(); }

  /// Adds codes under the ids that follow the largest so far: 0, 1, ... in a new index. All or nothing.
  /// Throws `shape_error` for codes of another length. O(codes * words).
  void add(const code_view& codes) { store_.add(codes); }
  /// Adds codes under ids of one's own, a range of any integers. All or nothing; an id that is there
  /// already, or comes twice, is refused or replaces what was there.
  /// Throws `shape_error` unless there is one id per code and for codes of another length,
  /// `invalid_argument` for ids that are refused.
  template <id_range Ids>
  void add(const code_view& codes, const Ids& ids, duplicates policy = duplicates::refuse) {
    store_.add(codes, detail::as_ids(ids, "linear_scan::add"), policy);
    shrink();
  }
  void add(const code_view& codes, std::initializer_list<std::int64_t> ids,
           duplicates policy = duplicates::refuse) {
    add(codes, std::span(ids.begin(), ids.size()), policy);
  }
  /// Removes the codes of these ids, those that are there; returns how many that were. The other ids
  /// stay what they are. Amortised O(1) each (O(log n) at first).
  template <id_range Ids>
  std::size_t remove(const Ids& ids) {
    const std::size_t count = store_.remove(detail::as_ids(ids, "linear_scan::remove"));
    shrink();
    return count;
  }
  std::size_t remove(std::initializer_list<std::int64_t> ids) {
    return remove(std::span(ids.begin(), ids.size()));
  }

  /// For every query the min(k, accepted) nearest accepted items by ascending (distance, id).
  /// O(queries * size * words), and O(k + bits) memory for each query in flight. One query uses as many
  /// threads as many do. Throws `shape_error` for queries of another length.
  template <search_filter Filter = accept_all>
  [[nodiscard]] hits search(const code_view& queries, std::size_t k, const Filter& filter = {},
                            const context& ctx = {}) const {
    detail::expects_codes("linear_scan::search", "queries", queries, bits());
    return detail::scan_nearest(store_, queries, k, filter, ctx);
  }
  /// For every query all accepted items with distance <= radius by ascending (distance, id).
  /// Throws `shape_error` for queries of another length.
  template <search_filter Filter = accept_all>
  [[nodiscard]] hits search_radius(const code_view& queries, std::size_t radius,
                                   const Filter& filter = {}, const context& ctx = {}) const {
    detail::expects_codes("linear_scan::search_radius", "queries", queries, bits());
    return detail::scan_radius(store_, queries, radius, filter, ctx);
  }
  /// For every query how many items are at each distance. O(queries * size * words).
  /// Throws `shape_error` for queries of another length.
  [[nodiscard]] distance_histograms histograms(const code_view& queries,
                                               const context& ctx = {}) const {
    detail::expects_codes("linear_scan::histograms", "queries", queries, bits());
    return detail::count_distances(store_, queries, ctx);
  }

  /// Writes the index to an archive (see io/archive.hpp).
  template <class Writer>
  void write(Writer& archive) const {
    archive.meta("type", "linear_scan");
    detail::write_store(archive, store_);
  }
  /// Reads what `write` wrote, from one archive or from several after one another in a file.
  /// Throws `format_error` for archives of something else.
  template <class Reader>
  [[nodiscard]] static linear_scan read(std::span<const Reader> sections) {
    return from(sections, detail::where::memory);
  }
  /// The same without copying: searches go to the mapped file.
  template <class Reader>
  [[nodiscard]] static linear_scan map(std::span<const Reader> sections) {
    return from(sections, detail::where::file);
  }

 private:
  template <class Reader>
  [[nodiscard]] static linear_scan from(std::span<const Reader> sections, detail::where where) {
    linear_scan index(detail::stored_bits(sections, "linear_scan"));
    for (const Reader& archive : sections) detail::read_store(archive, index.store_, where);
    return index;
  }
  /// Drops removed rows when they are most of all.
  void shrink() {
    if (store_.removed() > store_.size() + 1024 && !store_.mapped()) store_.compact();
  }

  code_store store_;
};

}  // namespace hint::inline HINT_ABI::search

#endif
