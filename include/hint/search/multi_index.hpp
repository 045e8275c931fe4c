// SPDX-License-Identifier: MIT
/// \file
/// Exact search that looks at few of the codes: multi-index hashing.
#ifndef HINT_SEARCH_MULTI_INDEX_HPP
#define HINT_SEARCH_MULTI_INDEX_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/search/code_store.hpp>
#include <hint/search/duplicates.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/hits.hpp>
#include <hint/search/ids.hpp>
#include <hint/search/store_archive.hpp>
#include <hint/search/tabled_store.hpp>

namespace hint::inline HINT_ABI::search {

struct multi_index_options {
  /// How many substrings of the codes have a table; 0: chosen by what searches among the first codes
  /// would cost, and none when no number is faster than scanning.
  std::size_t tables = 0;
  scan_fallback fallback = scan_fallback::when_faster;

  void validate() const { option_in("tables", tables, 0, 64); }
};

/// Exact Hamming search by multi-index hashing; models `hamming_index`, `range_searchable` and
/// `removable`.
///
/// Codes are cut into substrings, each with a table from its value to the codes that have it. Codes
/// near a query differ from it little in some substring, so they are met by looking up values that
/// differ in a few bits. That pays where the nearest are near: for many codes in clusters, for short
/// codes, for small radii. What searches cost is measured when tables are built, and a query for which
/// a scan should take less is scanned for.
///
/// Tables are built by `add` and `remove`, each time that the number of codes has grown by an eighth,
/// in O(tables * size); what was added since is scanned. Copies are snapshots, as those of
/// `linear_scan`. Const calls are safe from many threads at once; changes need the index for
/// themselves. Memory: that of `code_store` and of `substring_tables`.
///
/// Source: Norouzi, Punjani, Fleet, "Fast exact search in Hamming space with multi-index hashing",
/// TPAMI 2014.
/// \code
/// hint::search::multi_index index{128};
/// index.add(codes);
/// auto found = index.search(queries, 10);
/// \endcode
class multi_index {
 public:
  using options = multi_index_options;
  /// What the archive format calls this (io/archive.hpp): an index.
  static constexpr std::uint32_t archive_kind = 3;

  /// Throws `invalid_argument` for bits outside 1 .. 4096, `invalid_option` for more tables than bits.
  explicit multi_index(std::size_t bits, const options& o = {})
      : options_(checked(bits, o)),
        store_(bits, o.tables, o.fallback, detail::structures::tables, "multi_index") {}

  [[nodiscard]] std::size_t bits() const noexcept { return store().bits(); }
  [[nodiscard]] std::size_t size() const noexcept { return store().size(); }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  /// The codes as they are kept.
  [[nodiscard]] const code_store& store() const noexcept { return store_.store(); }
  /// How many tables there are now.
  [[nodiscard]] std::size_t tables() const noexcept { return store_.tables(); }
  /// O(log n) when ids came in ascending order, else O(n) until the first change by id.
  [[nodiscard]] bool contains(std::int64_t id) const noexcept {
    return store().find(id) != code_store::not_found;
  }
  /// All ids, in the order of adding. O(n).
  [[nodiscard]] std::vector<std::int64_t> ids() const { return store().ids(); }

  /// Adds codes under the ids that follow the largest so far: 0, 1, ... in a new index. All or nothing.
  /// Throws `shape_error` for codes of another length.
  void add(const code_view& codes) { store_.add(codes); }
  /// Adds codes under ids of one's own: see `linear_scan::add`.
  template <id_range Ids>
  void add(const code_view& codes, const Ids& ids, duplicates policy = duplicates::refuse) {
    store_.add(codes, detail::as_ids(ids, "multi_index::add"), policy);
  }
  void add(const code_view& codes, std::initializer_list<std::int64_t> ids,
           duplicates policy = duplicates::refuse) {
    add(codes, std::span(ids.begin(), ids.size()), policy);
  }
  /// Removes the codes of these ids, those that are there; returns how many that were.
  template <id_range Ids>
  std::size_t remove(const Ids& ids) {
    return store_.remove(detail::as_ids(ids, "multi_index::remove"));
  }
  std::size_t remove(std::initializer_list<std::int64_t> ids) {
    return remove(std::span(ids.begin(), ids.size()));
  }
  /// Builds tables for all codes now, without waiting for more of them.
  void build() { store_.build(); }

  /// For every query the min(k, accepted) nearest accepted items by ascending (distance, id). Several
  /// queries are spread over threads, one is not, unless it is scanned for.
  /// Throws `shape_error` for queries of another length.
  template <search_filter Filter = accept_all>
  [[nodiscard]] hits search(const code_view& queries, std::size_t k, const Filter& filter = {},
                            const context& ctx = {}) const {
    detail::expects_codes("multi_index::search", "queries", queries, bits());
    return store_.nearest(queries, k, filter, ctx);
  }
  /// For every query all accepted items with distance <= radius by ascending (distance, id).
  /// Throws `shape_error` for queries of another length.
  template <search_filter Filter = accept_all>
  [[nodiscard]] hits search_radius(const code_view& queries, std::size_t radius,
                                   const Filter& filter = {}, const context& ctx = {}) const {
    detail::expects_codes("multi_index::search_radius", "queries", queries, bits());
    return store_.within(queries, radius, filter, ctx);
  }

  /// Writes the codes and the number of tables to an archive (see io/archive.hpp); tables are built
  /// again by `read`.
  template <class Writer>
  void write(Writer& archive) const {
    archive.meta("type", "multi_index");
    archive.meta("tables", options_.tables);
    detail::write_store(archive, store());
  }
  /// Reads what `write` wrote, from one archive or from several after one another in a file.
  /// Throws `format_error` for archives of something else.
  template <class Reader>
  [[nodiscard]] static multi_index read(std::span<const Reader> sections) {
    const std::size_t bits = detail::stored_bits(sections, "multi_index");
    const auto tables = sections.front().template number<std::size_t>("tables");
    sections.front().require(tables <= (std::min<std::size_t>)(bits, 64), "tables is ", tables,
                             ", expected 0 to ", (std::min<std::size_t>)(bits, 64));
    multi_index index(bits, {.tables = tables});
    for (const Reader& archive : sections)
      detail::read_store(archive, index.store_.store(), detail::where::memory);
    index.store_.refresh();
    return index;
  }
  template <class Reader>
  [[nodiscard]] static multi_index read(const Reader& archive) {
    return read(std::span(&archive, 1));
  }

 private:
  [[nodiscard]] static const options& checked(std::size_t bits, const options& o) {
    o.validate();
    expects<invalid_option>(o.tables <= bits || bits == 0, "option tables is ", o.tables,
                            ", expected no more than the ", bits, " bits of a code");
    return o;
  }
  options options_;
  detail::tabled_store store_;
};

}  // namespace hint::inline HINT_ABI::search

#endif
