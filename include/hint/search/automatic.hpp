// SPDX-License-Identifier: MIT
/// \file
/// Exact search in the way that is fastest: by tables, by cells or by looking at every code.
#ifndef HINT_SEARCH_AUTOMATIC_HPP
#define HINT_SEARCH_AUTOMATIC_HPP

#include <cstddef>
#include <string_view>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/search/store/code_store.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/hits.hpp>
#include <hint/search/index_interface.hpp>
#include <hint/search/multi_index/tabled_store.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

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
/// Several queries are spread over threads, one is not, unless it is scanned for. Tables and cells are
/// built by `add` and `remove`, each time that the number of codes has grown by an eighth; what was
/// added since is scanned. Copies are snapshots, as those of `linear_scan`. Const calls are safe from
/// many threads at once; changes need the index for themselves. Memory: that of `code_store` and of
/// `substring_tables`, and the codes once more with 6 bytes for each.
/// \code
/// hint::search::automatic index{128};
/// index.add(codes);
/// auto found = index.search(queries, 10);
/// \endcode
class automatic : public detail::index_interface<automatic> {
 public:
  static constexpr std::string_view name = "automatic";

  /// Throws `invalid_argument` for bits outside 1 .. 4096.
  explicit automatic(std::size_t bits) : tabled_(bits, 0, scan_fallback::when_faster, name) {}

  /// The codes as they are kept.
  [[nodiscard]] const code_store& store() const noexcept { return tabled_.store(); }
  /// How many tables and cells there are now.
  [[nodiscard]] std::size_t tables() const noexcept { return tabled_.tables(); }
  [[nodiscard]] std::size_t cells() const noexcept { return tabled_.cells(); }
  /// Builds tables and cells for all codes now, without waiting for more of them.
  HINT_LAZY
  void build() { tabled_.build(); }

 private:
  friend detail::index_interface<automatic>;

  [[nodiscard]] code_store& mutable_store() noexcept { return tabled_.store(); }
  HINT_LAZY
  void changed() { tabled_.refresh(); }
  template <search_filter Filter>
  [[nodiscard]] hits nearest(const code_view& queries, std::size_t k, const Filter& filter,
                             const context& ctx) const {
    return tabled_.nearest(queries, k, filter, ctx);
  }
  template <search_filter Filter>
  [[nodiscard]] hits within(const code_view& queries, std::size_t radius, const Filter& filter,
                            const context& ctx) const {
    return tabled_.within(queries, radius, filter, ctx);
  }
  template <class Writer>
  void describe(Writer&) const {}
  template <class Reader>
  [[nodiscard]] static automatic made_for(std::size_t bits, const Reader&) {
    return automatic(bits);
  }

  detail::tabled_store<detail::structures::tables_and_cells> tabled_;
};

}}}  // namespace hint::HINT_ABI::search

#endif
