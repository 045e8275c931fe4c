// SPDX-License-Identifier: MIT
/// \file
/// Exact search in the way that is fastest: by tables, by cells or by looking at every code.
#ifndef HINT_SEARCH_AUTOMATIC_HPP
#define HINT_SEARCH_AUTOMATIC_HPP

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/search/code_store.hpp>
#include <hint/search/duplicates.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/hits.hpp>
#include <hint/search/ids.hpp>
#include <hint/search/store_archive.hpp>
#include <hint/search/tabled_store.hpp>

namespace hint::inline HINT_ABI::search {

/// Exact Hamming search in whichever way is fastest; models `hamming_index`, `range_searchable` and
/// `removable`.
///
/// Besides the scan it has the tables of `multi_index`, and cells: codes sorted around 1024 centres,
/// of which a search leaves out those that the triangle inequality tells to be too far away. Cells are
/// good for codes in clusters, of which there may be about as many as cells; tables for short codes and
/// for small radii as well. Both are built when there are enough codes and timing a few searches among
/// them shows that it pays. Every query goes the way that should be fastest, and is scanned for when it
/// turns out to take longer. What is built, and when, changes no result.
///
/// Tables and cells are built by `add` and `remove`, each time that the number of codes has grown by
/// an eighth; what was added since is scanned. Copies are snapshots, as those of `linear_scan`. Const
/// calls are safe from many threads at once; changes need the index for themselves. Memory: that of
/// `code_store` and of `substring_tables`, and the codes once more with 6 bytes for each.
/// \code
/// hint::search::automatic index{128};
/// index.add(codes);
/// auto found = index.search(queries, 10);
/// \endcode
class automatic {
 public:
  /// What the archive format calls this (io/archive.hpp): an index.
  static constexpr std::uint32_t archive_kind = 3;

  /// Throws `invalid_argument` for bits outside 1 .. 4096.
  explicit automatic(std::size_t bits)
      : store_(bits, 0, scan_fallback::when_faster, detail::structures::tables_and_cells,
               "automatic") {}

  [[nodiscard]] std::size_t bits() const noexcept { return store().bits(); }
  [[nodiscard]] std::size_t size() const noexcept { return store().size(); }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  /// The codes as they are kept.
  [[nodiscard]] const code_store& store() const noexcept { return store_.store(); }
  /// How many tables and cells there are now.
  [[nodiscard]] std::size_t tables() const noexcept { return store_.tables(); }
  [[nodiscard]] std::size_t cells() const noexcept { return store_.cells(); }
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
    store_.add(codes, detail::as_ids(ids, "automatic::add"), policy);
  }
  void add(const code_view& codes, std::initializer_list<std::int64_t> ids,
           duplicates policy = duplicates::refuse) {
    add(codes, std::span(ids.begin(), ids.size()), policy);
  }
  /// Removes the codes of these ids, those that are there; returns how many that were.
  template <id_range Ids>
  std::size_t remove(const Ids& ids) {
    return store_.remove(detail::as_ids(ids, "automatic::remove"));
  }
  std::size_t remove(std::initializer_list<std::int64_t> ids) {
    return remove(std::span(ids.begin(), ids.size()));
  }
  /// Builds tables and cells for all codes now, without waiting for more of them.
  void build() { store_.build(); }

  /// For every query the min(k, accepted) nearest accepted items by ascending (distance, id). Several
  /// queries are spread over threads, one is not, unless it is scanned for.
  /// Throws `shape_error` for queries of another length.
  template <search_filter Filter = accept_all>
  [[nodiscard]] hits search(const code_view& queries, std::size_t k, const Filter& filter = {},
                            const context& ctx = {}) const {
    detail::expects_codes("automatic::search", "queries", queries, bits());
    return store_.nearest(queries, k, filter, ctx);
  }
  /// For every query all accepted items with distance <= radius by ascending (distance, id).
  /// Throws `shape_error` for queries of another length.
  template <search_filter Filter = accept_all>
  [[nodiscard]] hits search_radius(const code_view& queries, std::size_t radius,
                                   const Filter& filter = {}, const context& ctx = {}) const {
    detail::expects_codes("automatic::search_radius", "queries", queries, bits());
    return store_.within(queries, radius, filter, ctx);
  }

  /// Writes the codes to an archive (see io/archive.hpp); tables and cells are built again by `read`.
  template <class Writer>
  void write(Writer& archive) const {
    archive.meta("type", "automatic");
    detail::write_store(archive, store());
  }
  /// Reads what `write` wrote, from one archive or from several after one another in a file.
  /// Throws `format_error` for archives of something else.
  template <class Reader>
  [[nodiscard]] static automatic read(std::span<const Reader> sections) {
    const std::size_t bits = detail::stored_bits(sections, "automatic");
    automatic index(bits);
    for (const Reader& archive : sections)
      detail::read_store(archive, index.store_.store(), detail::where::memory);
    index.store_.refresh();
    return index;
  }
  template <class Reader>
  [[nodiscard]] static automatic read(const Reader& archive) {
    return read(std::span(&archive, 1));
  }

 private:
  detail::tabled_store store_;
};

}  // namespace hint::inline HINT_ABI::search

#endif
