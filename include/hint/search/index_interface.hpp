// SPDX-License-Identifier: MIT
/// \file
/// What the library's indexes have in common: everything that users call, over a code store.
#ifndef HINT_SEARCH_INDEX_INTERFACE_HPP
#define HINT_SEARCH_INDEX_INTERFACE_HPP

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
#include <hint/search/store/code_store.hpp>
#include <hint/search/duplicates.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/histograms.hpp>
#include <hint/search/hits.hpp>
#include <hint/search/ids.hpp>
#include <hint/search/nearest_within.hpp>
#include <hint/search/store/store_append.hpp>
#include <hint/search/store/store_archive.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// All that users call of an index of the library's, such as `Index`. Behind it `Engine` keeps the codes
/// and searches among them; both kinds of engine, for scans and for tables and lists, are inner ones:
///
/// | expression | meaning |
/// |---|---|
/// | `Index::name` | begins error messages and is the type in archives |
/// | `e.store()` | the codes with their ids, to be read or changed |
/// | `e.refresh(context)` | what is to be done after a change |
/// | `e.nearest(queries, k, filter, context, radii)`, `e.within(queries, radii, filter, context)` | searches, all arguments checked |
///
/// An index with options of its own hides `describe` and `made_for`.
/// (That all of this is in a template has a second reason: only what a program calls is compiled.)
template <class Index, class Engine>
class index_interface {
 public:
  /// `io::index_kind`, what the archive format calls an index (io/archive_format.hpp).
  static constexpr std::uint32_t archive_kind = 3;

  [[nodiscard]] std::size_t bits() const noexcept { return store().bits(); }
  [[nodiscard]] std::size_t size() const noexcept { return store().size(); }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  /// O(log n) when ids came in ascending order; else expected O(1), after O(n) and some 32 bytes an id once,
  /// which all copies share until they change.
  [[nodiscard]] bool contains(std::int64_t id) const noexcept {
    return store().find(id) != detail::code_store::not_found;
  }
  /// A copy of the code of an id. Throws `invalid_argument` when it is not there. As fast as `contains`.
  [[nodiscard]] code_set code(std::int64_t id) const {
    const std::size_t row = store().find(id);
    expects(row != detail::code_store::not_found, Index::name, "::code: no id ", id);
    code_set out(bits(), 1);
    store().code(row, out[0]);
    return out;
  }
  /// All ids, in the order of adding. O(n).
  [[nodiscard]] std::vector<std::int64_t> ids() const { return store().ids(); }
  /// The codes as they are kept, of an inner type: to be handed to `rank_ties` and `rank_by_score`.
  [[nodiscard]] const detail::code_store& store() const noexcept { return engine_.store(); }

  /// Adds codes under the ids that follow the largest so far: 0, 1, ... in a new index. All or nothing.
  /// Throws `shape_error` for codes of another length. O(codes * words), and what the index builds now and
  /// then, on the context's executor. Asked to stop meanwhile, it has the codes and builds another time.
  void add(const code_view& codes, const context& ctx = {}) {
    engine_.store().add(codes);
    engine_.refresh(ctx);
  }
  /// Adds codes under ids of one's own, a range of any integers. All or nothing; an id that is there
  /// already, or comes twice, is refused or replaces what was there.
  /// Throws `shape_error` unless there is one id per code and for codes of another length,
  /// `invalid_argument` for ids that are refused.
  template <id_range Ids>
  void add(const code_view& codes, const Ids& ids, duplicates policy = duplicates::refuse,
           const context& ctx = {}) {
    engine_.store().add(codes, detail::as_ids(ids, Index::name, "::add"), policy);
    engine_.refresh(ctx);
  }
  void add(const code_view& codes, std::initializer_list<std::int64_t> ids,
           duplicates policy = duplicates::refuse, const context& ctx = {}) {
    add(codes, std::span(ids.begin(), ids.size()), policy, ctx);
  }
  /// Adds the codes of another index of the library's, of any kind, under their ids; running ids then follow
  /// the largest ever in either. All or nothing; ids that are there already are refused or replace what was
  /// there. The other one, snapshots of this one and files stay as they are. Throws as `add` of codes.
  /// O(other's size), and a copy of its codes meanwhile.
  template <class Other, class OtherEngine>
  void add(const index_interface<Other, OtherEngine>& other, duplicates policy = duplicates::refuse,
           const context& ctx = {}) {
    detail::append_store(engine_.store(), other.store(), policy);
    engine_.refresh(ctx);
  }
  /// The same under the ids that follow the largest so far, in the other's order of adding. Returns the
  /// first of them.
  template <class Other, class OtherEngine>
  std::int64_t add_renumbered(const index_interface<Other, OtherEngine>& other,
                              const context& ctx = {}) {
    const std::int64_t first = detail::append_store_renumbered(engine_.store(), other.store());
    engine_.refresh(ctx);
    return first;
  }
  /// Removes the codes of these ids, those that are there; returns how many that were. The other ids
  /// stay what they are. Amortised O(1) each (O(log n) at first), and what the index builds.
  template <id_range Ids>
  std::size_t remove(const Ids& ids, const context& ctx = {}) {
    const std::size_t count = engine_.store().remove(detail::as_ids(ids, Index::name, "::remove"));
    engine_.refresh(ctx);
    return count;
  }
  std::size_t remove(std::initializer_list<std::int64_t> ids, const context& ctx = {}) {
    return remove(std::span(ids.begin(), ids.size()), ctx);
  }

  /// For every query the min(k, accepted) nearest accepted items by ascending (distance, id).
  /// O(k + bits) memory for each query in flight, and twice that of the result. Asked to stop, it returns
  /// the answers to the first queries, so many as it has. Throws `shape_error` for queries of another length.
  template <search_filter Filter = accept_all>
  [[nodiscard]] hits search(const code_view& queries, std::size_t k, const Filter& filter = {},
                            const context& ctx = {}) const {
    expects_codes(Index::name, "::search", "queries", queries, bits());
    return engine_.nearest(queries, k, filter, ctx);
  }
  /// The same, of what is no farther than a radius.
  template <search_filter Filter = accept_all>
  [[nodiscard]] hits search(const code_view& queries, const nearest_within& wanted,
                            const Filter& filter = {}, const context& ctx = {}) const {
    expects_codes(Index::name, "::search", "queries", queries, bits());
    return engine_.nearest(queries, wanted.k, filter, ctx, wanted.radius);
  }
  /// For every query all accepted items with distance <= radius by ascending (distance, id). Memory: twice
  /// that of the result. Asked to stop, it returns the answers to the first queries, so many as it has.
  /// Throws `shape_error` for queries of another length.
  template <search_filter Filter = accept_all>
  [[nodiscard]] hits search_radius(const code_view& queries, std::size_t radius,
                                   const Filter& filter = {}, const context& ctx = {}) const {
    expects_codes(Index::name, "::search_radius", "queries", queries, bits());
    return engine_.within(queries, radius, filter, ctx);
  }
  /// The same with a radius for each query. Throws `shape_error` unless there are as many.
  template <search_filter Filter = accept_all>
  [[nodiscard]] hits search_radius(const code_view& queries, std::span<const std::size_t> radii,
                                   const Filter& filter = {}, const context& ctx = {}) const {
    expects_codes(Index::name, "::search_radius", "queries", queries, bits());
    expects<shape_error>(radii.size() == queries.size(), Index::name,
                         "::search_radius: ", radii.size(), " radii for ", queries.size(),
                         " queries");
    return engine_.within(queries, radii, filter, ctx);
  }
  /// For every query how many items are at each distance. O(queries * size * words), always by a scan.
  /// Asked to stop, it returns the histograms of the first queries. Throws `shape_error` for queries of another length.
  [[nodiscard]] distance_histograms histograms(const code_view& queries,
                                               const context& ctx = {}) const {
    expects_codes(Index::name, "::histograms", "queries", queries, bits());
    return detail::count_distances(store(), queries, ctx);
  }

  /// Writes the index to an archive (see io/archive.hpp): its codes and ids; whatever else it has is
  /// built again by `read`.
  template <class Writer>
  void write(Writer& archive) const {
    archive.meta("type", Index::name);
    self().describe(archive);
    detail::write_store(archive, store());
  }
  /// As `write`, with ids that follow the largest ever in these sections of a file, in the order of adding;
  /// returns the first. Throws as `read` does, and `invalid_argument` when there are not so many.
  template <class Writer, class Reader>
  std::int64_t write_renumbered(Writer& archive, std::span<const Reader> sections) const {
    static_cast<void>(detail::stored_bits(sections, Index::name));
    const std::int64_t first = detail::id_to_follow(sections, Index::name, size());
    archive.meta("type", Index::name);
    self().describe(archive);
    detail::write_store(archive, store(), first);
    return first;
  }
  /// Throws `invalid_argument` when these sections of a file have one of the index's ids.
  template <class Reader>
  void expects_new_to(std::span<const Reader> sections) const {
    detail::expects_ids_new(ids(), sections);
  }
  /// Reads what `write` wrote, from one archive or from several after one another in a file.
  /// Throws `format_error` for archives of something else.
  template <class Reader>
  [[nodiscard]] static Index read(std::span<const Reader> sections) {
    return from(sections, detail::where::memory);
  }

 protected:
  explicit index_interface(Engine engine) : engine_(std::move(engine)) {}

  template <class Reader>
  [[nodiscard]] static Index from(std::span<const Reader> sections, detail::where place) {
    Index index = Index::made_for(detail::stored_bits(sections, Index::name), sections.front());
    Engine& engine = index.engine_;
    // Those that are copied are looked up one by one.
    if (place == detail::where::file && sections.front().verified())
      detail::expects_ids_differ(sections, Index::name);
    for (const Reader& archive : sections) detail::read_store(archive, engine.store(), place);
    engine.refresh();
    return index;
  }
  /// Writes what an archive has besides the type and the codes.
  template <class Writer>
  void describe(Writer&) const {}
  /// An empty index with what `describe` wrote.
  template <class Reader>
  [[nodiscard]] static Index made_for(std::size_t bits, const Reader&) {
    return Index(bits);
  }

  Engine engine_;

 private:
  [[nodiscard]] const Index& self() const noexcept { return static_cast<const Index&>(*this); }
};

}}}  // namespace hint::HINT_ABI::search

#endif
