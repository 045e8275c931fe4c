// SPDX-License-Identifier: MIT
/// \file
/// The exact index that looks at every code: nothing to tune, and for most sizes the fastest.
#ifndef HINT_SEARCH_LINEAR_SCAN_HPP
#define HINT_SEARCH_LINEAR_SCAN_HPP

#include <cstddef>
#include <span>
#include <string_view>

#include <hint/core/config.hpp>
#include <hint/search/index_interface.hpp>
#include <hint/search/scan/scan_index.hpp>
#include <hint/search/store/store_archive.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// Exact Hamming search over all codes; models `hamming_index`, `range_searchable` and `removable`.
///
/// A search takes O(queries * size * words); one query uses as many threads as many do. A copy is a
/// snapshot: it costs next to nothing and stays as it is while the original changes, so a thread that
/// adds hands copies to those that search. Const calls are safe from many threads at once; changes need
/// the index for themselves. Memory: ceil(bits / 8) bytes a code up to 248 bits,
/// 8 for each of its words beyond, and 8 for its id unless ids follow each other; some 32 more from the moment when ids are changed or looked for that did not come in ascending order.
/// \code
/// hint::search::linear_scan index{64};
/// index.add(codes);
/// auto found = index.search(queries, 10);
/// \endcode
class linear_scan : public index_interface<linear_scan, detail::scan_index> {
 public:
  static constexpr std::string_view name = "linear_scan";

  /// Throws `invalid_argument` for bits outside 1 .. 16384.
  explicit linear_scan(std::size_t bits) : index_interface(detail::scan_index(bits, name)) {}

  /// As `read`, without copying: searches go to the mapped file, as long as this or a copy lives.
  template <class Reader>
  [[nodiscard]] static linear_scan map(std::span<const Reader> sections) {
    return from(sections, detail::where::file);
  }
};

}}}  // namespace hint::HINT_ABI::search

#endif
