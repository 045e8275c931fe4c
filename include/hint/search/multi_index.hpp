// SPDX-License-Identifier: MIT
/// \file
/// Exact search that looks at few of the codes: multi-index hashing.
#ifndef HINT_SEARCH_MULTI_INDEX_HPP
#define HINT_SEARCH_MULTI_INDEX_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/search/index_interface.hpp>
#include <hint/search/multi_index/adaptive_index.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// When an index scans although it has tables.
enum class scan_fallback : std::uint8_t {
  when_faster,  ///< as soon as the tables are foreseen to take longer
  when_needed   ///< only when the tables cannot answer; to measure them
};

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
/// Several queries are spread over threads, one is not, unless it is scanned for. Tables are built by
/// `add` and `remove`, each time that the number of codes has grown by an eighth, in O(tables * size);
/// what was added since is scanned. Copies are snapshots, as those of `linear_scan`. Const calls are safe
/// from many threads at once; changes need the index for themselves. Memory: that of `linear_scan`, and
/// for each table 4 bytes for every code and every value of its substring. Codes of up to 128 bits are
/// copied into each table as well, longer ones once.
///
/// Source: Norouzi, Punjani, Fleet, "Fast exact search in Hamming space with multi-index hashing",
/// TPAMI 2014.
/// \code
/// hint::search::multi_index index{128};
/// index.add(codes);
/// auto found = index.search(queries, 10);
/// \endcode
class multi_index
    : public index_interface<multi_index, detail::adaptive_index<detail::structures::tables>> {
 public:
  static constexpr std::string_view name = "multi_index";
  using options = multi_index_options;

  /// Throws `invalid_argument` for bits outside 1 .. 16384, `invalid_option` for more tables than bits.
  explicit multi_index(std::size_t bits, const options& o = {})
      : index_interface(
            {bits, checked(bits, o).tables, o.fallback == scan_fallback::when_faster, name}),
        options_(o) {}

  /// How many tables there are now.
  [[nodiscard]] std::size_t tables() const noexcept { return engine_.tables(); }
  /// Builds tables for all codes now, without waiting for more of them. Asked to stop, it has
  /// none, and builds another time.
  HINT_LAZY
  void build(const context& ctx = {}) { engine_.build(ctx); }

 private:
  friend index_interface;

  [[nodiscard]] static const options& checked(std::size_t bits, const options& o) {
    o.validate();
    expects<invalid_option>(o.tables <= bits || bits == 0, "option tables is ", o.tables,
                            ", expected no more than the ", bits, " bits of a code");
    return o;
  }
  template <class Writer>
  void describe(Writer& archive) const {
    archive.meta("tables", options_.tables);
  }
  template <class Reader>
  [[nodiscard]] static multi_index made_for(std::size_t bits, const Reader& archive) {
    const auto tables = archive.template number<std::size_t>("tables");
    const std::size_t most = (std::min<std::size_t>)(bits, 64);
    archive.require(tables <= most, "tables is ", tables, ", expected 0 to ", most);
    return multi_index(bits, {.tables = tables});
  }

  options options_;
};

}}}  // namespace hint::HINT_ABI::search

#endif
