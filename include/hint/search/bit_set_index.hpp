// SPDX-License-Identifier: MIT
/// \file
/// Search among sets of bits by Jaccard (Tanimoto), Tversky, subset and superset.
#ifndef HINT_SEARCH_BIT_SET_INDEX_HPP
#define HINT_SEARCH_BIT_SET_INDEX_HPP

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
#include <hint/core/finite.hpp>
#include <hint/core/watched_phase.hpp>
#include <hint/search/duplicates.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/index_interface.hpp>
#include <hint/search/set_similarity.hpp>
#include <hint/search/sets/set_engine.hpp>
#include <hint/search/store/store_archive.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// Exact search among sets, each a code whose bits that are 1 are its members: fingerprints of molecules,
/// shingles, tags. The similarity is an argument of the search. Ids, filters, removal, copies as snapshots
/// and files are those of `linear_scan`.
///
/// Sets are kept with short sketches (folded codes) in the order of their numbers of bits. A search begins with
/// those sizes that can be most similar, leaves out those that cannot be similar enough, and looks whole at
/// the sets whose sketches are near: an eighth of the work and less for sparse sets of many bits.
/// Sources: Swamidass, Baldi, "Bounds and algorithms for fast exact searches of chemical fingerprints in
/// linear and sublinear time", JCIM 2007; Nasr, Hirschberg, Baldi, "Hashing algorithms and data structures
/// for rapid searches of fingerprint vectors", JCIM 2010.
///
/// Several queries are spread over threads, one is not. Sets are sorted by `add` and `remove`, each time that
/// their number has grown by an eighth (4096 at first); what was added since is scanned. Const calls are safe
/// from many threads at once; changes need the index for themselves. Memory: that of `linear_scan`, and for
/// each set 6 bytes and its sketch, which takes half of its code or less, or as much when sets are full or
/// short (up to some 16 bits for each bit that is 1 in the mean).
/// \code
/// hint::search::bit_set_index index{2048};
/// index.add(fingerprints);
/// auto nearest = index.search(queries, 10);                      // by Jaccard
/// auto alike = index.search_threshold(queries, 0.7, search::tversky{0.9, 0.1});
/// \endcode
class bit_set_index : private index_interface<bit_set_index, detail::set_engine> {
  using base = index_interface<bit_set_index, detail::set_engine>;
  friend base;

 public:
  static constexpr std::string_view name = "bit_set_index";
  using base::archive_kind;

  /// Throws `invalid_argument` for bits outside 1 .. 16384.
  explicit bit_set_index(std::size_t bits) : base(detail::set_engine(bits, name)) {}

  // As documented in index_interface.hpp.
  using base::add;
  using base::add_renumbered;
  using base::bits;
  using base::code;
  using base::contains;
  using base::empty;
  using base::expects_new_to;
  using base::ids;
  using base::read;
  using base::remove;
  using base::size;
  using base::store;
  using base::write;
  using base::write_renumbered;
  /// Adds the sets of another index under their ids, as `add` of an index of another kind does.
  void add(const bit_set_index& other, duplicates policy = duplicates::refuse,
           const context& ctx = {}) {
    base::add(static_cast<const base&>(other), policy, ctx);
  }
  /// The same under ids that follow the largest so far; returns the first of them.
  std::int64_t add_renumbered(const bit_set_index& other, const context& ctx = {}) {
    return base::add_renumbered(static_cast<const base&>(other), ctx);
  }
  /// As `read`, without copying: searches go to the mapped file, as long as this or a copy lives. Every
  /// search looks at all of it, until `build`.
  template <class Reader>
  [[nodiscard]] static bit_set_index map(std::span<const Reader> sections) {
    return base::from(sections, detail::where::file);
  }

  /// For every query the min(k, accepted) most similar accepted items by (similarity descending, id
  /// ascending). Similarities are compared as fractions, not as rounded numbers. Asked to stop, it returns
  /// the answers to the first queries, so many as it has. Throws `shape_error` for queries of another length.
  template <search_filter Filter = accept_all>
  [[nodiscard]] std::vector<std::vector<set_hit>> search(
      const code_view& queries, std::size_t k, const set_similarity& similarity = jaccard{},
      const Filter& filter = {}, const context& ctx = {}) const {
    expects_codes(name, "::search", "queries", queries, bits());
    return in_parts(queries, {similarity, k, 0}, filter, ctx);
  }
  /// For every query all accepted items whose similarity, rounded to a double, is >= threshold, in the same
  /// order, and no more than k of them. The rest as for `search`; throws `invalid_argument` for thresholds outside
  /// 0 .. 1.
  template <search_filter Filter = accept_all>
  [[nodiscard]] std::vector<std::vector<set_hit>> search_threshold(
      const code_view& queries, double threshold, const set_similarity& similarity = jaccard{},
      const Filter& filter = {}, const context& ctx = {},
      std::size_t k = (std::numeric_limits<std::size_t>::max)()) const {
    expects_codes(name, "::search_threshold", "queries", queries, bits());
    expects(!is_nan(threshold) && threshold >= 0 && threshold <= 1, name,
            "::search_threshold: threshold is ", threshold, ", expected 0 to 1");
    return in_parts(queries, {similarity, k, threshold}, filter, ctx);
  }

  /// How many sets, with removed ones, are sorted; the others are scanned.
  [[nodiscard]] std::size_t sorted() const noexcept { return engine_.sorted(); }
  /// Sorts all sets now, without waiting for more of them. O(size * words). Asked to stop, it leaves them as
  /// they were sorted before.
  HINT_LAZY
  void build(const context& ctx = {}) { engine_.build(ctx); }

 private:
  /// Searches for parts of the queries, until asked to stop.
  template <search_filter Filter>
  [[nodiscard]] std::vector<std::vector<set_hit>> in_parts(const code_view& queries,
                                                           const detail::set_request& request,
                                                           const Filter& filter,
                                                           const context& ctx) const {
    std::vector<std::vector<set_hit>> found;
    watched_phase phase(ctx.observer, "search");
    phase.in_parts(queries.size(), 1, [&](std::size_t begin, std::size_t end) {
      auto more = engine_.search(
          queries.slice(begin, end - begin), request,
          [&](std::size_t query, std::int64_t id) { return accepts(filter, begin + query, id); },
          ctx);
      for (auto& row : more) found.push_back(std::move(row));
    });
    phase.end();
    return found;
  }
};

}}}  // namespace hint::HINT_ABI::search

#endif
