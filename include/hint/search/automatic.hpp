// SPDX-License-Identifier: MIT
/// \file
/// Exact search in the way that is fastest: by tables, by inverted lists or by looking at
/// every code.
#ifndef HINT_SEARCH_AUTOMATIC_HPP
#define HINT_SEARCH_AUTOMATIC_HPP

#include <cstddef>
#include <string_view>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/search/index_interface.hpp>
#include <hint/search/multi_index/adaptive_index.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// Exact Hamming search in whichever way is fastest; models `hamming_index`, `range_searchable` and
/// `removable`.
///
/// Besides the scan it has the tables of `multi_index`, and inverted lists: codes sorted around 1024
/// centroids, of which a search leaves out those that the triangle inequality tells to be too far away.
/// Lists are good for codes in clusters, of which there may be about as many as lists; tables for short
/// codes and for small radii as well. Both are built when there are enough codes and timing a few searches
/// among them shows that it pays. Every query goes the way that should be fastest, and is scanned for when
/// it turns out to take longer. What is built, and when, changes no result.
///
/// Several queries are spread over threads, one is not, unless it is scanned for. Tables and lists are
/// built by `add` and `remove`, each time that the number of codes has grown by an eighth; what was
/// added since is scanned. Copies are snapshots, as those of `linear_scan`. Const calls are safe from
/// many threads at once; changes need the index for themselves. Memory: that of `multi_index`, and the
/// codes once more with 6 bytes for each.
/// \code
/// hint::search::automatic index{128};
/// index.add(codes);
/// auto found = index.search(queries, 10);
/// \endcode
class automatic
    : public index_interface<automatic,
                             detail::adaptive_index<detail::structures::tables_and_lists>> {
 public:
  static constexpr std::string_view name = "automatic";

  /// Throws `invalid_argument` for bits outside 1 .. 16384.
  explicit automatic(std::size_t bits) : index_interface({bits, 0, true, name}) {}

  /// How many tables and inverted lists there are now.
  [[nodiscard]] std::size_t tables() const noexcept { return engine_.tables(); }
  [[nodiscard]] std::size_t lists() const noexcept { return engine_.lists(); }
  /// Builds tables and lists for all codes now, without waiting for more of them. Asked to stop, it has
  /// none, and builds another time.
  HINT_LAZY
  void build(const context& ctx = {}) { engine_.build(ctx); }
};

}}}  // namespace hint::HINT_ABI::search

#endif
