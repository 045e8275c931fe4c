// SPDX-License-Identifier: MIT
/// \file
/// Search by the distance in some of the bits: those of a mask, or of a range.
#ifndef HINT_SEARCH_MASKED_SEARCH_HPP
#define HINT_SEARCH_MASKED_SEARCH_HPP

#include <algorithm>
#include <cstddef>
#include <string_view>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/hits.hpp>
#include <hint/search/nearest_within.hpp>
#include <hint/search/scan/collectors.hpp>
#include <hint/search/scan/masked_scan.hpp>
#include <hint/search/store/code_store.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// A mask of the bits first .. first + count - 1 of codes of so many bits. Throws `invalid_argument` for bits
/// outside 1 .. 16384 and for a range that leaves them.
HINT_LAZY
[[nodiscard]] code_set bit_range(std::size_t bits, std::size_t first, std::size_t count) {
  expects(bits >= 1 && bits <= max_bits, "bit_range: bits is ", bits, ", expected 1 to ", max_bits);
  expects(first <= bits && count <= bits - first, "bit_range: ", count, " bits from bit ", first,
          " on, expected no more than the ", bits, " bits of a code");
  code_set mask(bits, 1);
  for (std::size_t j = first; j < first + count; ++j) mask.set_bit(0, j, true);
  return mask;
}

namespace detail {

HINT_LAZY
void expects_masks(std::string_view where, const code_view& queries, const code_view& masks,
                   std::size_t bits) {
  expects_codes(where, "", "queries", queries, bits);
  expects_codes(where, "", "masks", masks, bits);
  expects<shape_error>(masks.size() == 1 || masks.size() == queries.size(), where, ": ",
                       masks.size(), " masks for ", queries.size(), " queries, expected 1 or ",
                       queries.size());
}

}  // namespace detail

/// For every query the min(k, accepted) nearest accepted items no farther than a radius, by ascending
/// (distance, id): the distance of a query q and a code b with mask m is the number of bits that are set in
/// (q xor b) and m. `masks` is one for all queries, or one for each; `index` is one of the library's, of which
/// all codes are scanned, whatever tables it has. Words of which no bit counts are not looked at.
///
/// O(queries * size * words), with a copy of 128 KiB of codes at a time for each thread; masks of their own cost
/// queries two to four times as much. Filters, observer and memory as for `search` of an index. Throws `shape_error` for
/// queries or masks of another length and for another number of masks. Const, so safe from many threads.
/// \code
/// const auto low = hint::search::bit_range(256, 0, 64);
/// auto found = hint::search::search_masked(index, queries, low, {.k = 10, .radius = 8});
/// \endcode
template <detail::stores_codes Index, search_filter Filter = accept_all>
[[nodiscard]] hits search_masked(const Index& index, const code_view& queries,
                                 const code_view& masks, const nearest_within& wanted,
                                 const Filter& filter = {}, const context& ctx = {}) {
  const detail::code_store& store = index.store();
  detail::expects_masks("search_masked", queries, masks, store.bits());
  const std::size_t k = (std::min)(wanted.k, store.size());
  return detail::scan_in_parts(
      store, queries.size(), k, ctx,
      [&](const detail::scan_part& part) {
        return detail::nearest_collector<Filter>(store, part, k, filter, detail::order_of(store),
                                                 wanted.radius);
      },
      [&](auto& collector, const detail::scan_part& part) {
        detail::scan_masked(store, queries, masks, part, collector);
      });
}
/// The same at any distance.
template <detail::stores_codes Index, search_filter Filter = accept_all>
[[nodiscard]] hits search_masked(const Index& index, const code_view& queries,
                                 const code_view& masks, std::size_t k, const Filter& filter = {},
                                 const context& ctx = {}) {
  return search_masked(index, queries, masks, nearest_within{k, detail::radii::any}, filter, ctx);
}
/// The same for all that is within the radius.
template <detail::stores_codes Index, search_filter Filter = accept_all>
[[nodiscard]] hits search_masked_radius(const Index& index, const code_view& queries,
                                        const code_view& masks, std::size_t radius,
                                        const Filter& filter = {}, const context& ctx = {}) {
  const detail::code_store& store = index.store();
  detail::expects_masks("search_masked_radius", queries, masks, store.bits());
  return detail::scan_in_parts(
      store, queries.size(), store.size(), ctx,
      [&](const detail::scan_part& part) {
        return detail::radius_collector<Filter>(store, part, radius, filter);
      },
      [&](auto& collector, const detail::scan_part& part) {
        detail::scan_masked(store, queries, masks, part, collector);
      });
}

}}}  // namespace hint::HINT_ABI::search

#endif
