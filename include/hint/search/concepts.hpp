// SPDX-License-Identifier: MIT
/// \file
/// What a Hamming index is. docs/concepts/hamming_index.md has the details, hint/testing/
/// search_axioms.hpp the axioms as executable checks.
#ifndef HINT_SEARCH_CONCEPTS_HPP
#define HINT_SEARCH_CONCEPTS_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/search/duplicates.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/hits.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// Finds the nearest codes, exactly. `i` is an index, `c` a const one.
///
/// | expression | meaning |
/// |---|---|
/// | `c.bits()`, `c.size()` | length of the codes, their number |
/// | `i.add(codes)` | adds codes under the ids that follow the largest so far (0, 1, ... at first) |
/// | `i.add(codes, ids)` | adds codes under ids of one's own; an id that is there already, or comes twice, throws and adds nothing |
/// | `c.search(queries, k, filter, context) -> hits` | one row per query: the min(k, accepted) nearest accepted items by ascending (distance, id) |
///
/// Codes or queries of another length throw `shape_error`. Const calls are safe from many threads at
/// once, and results are the same for any executor. (Approximate indexes are something else: they
/// break the axioms.)
template <class I>
concept hamming_index =
    requires(I& i, const I& c, const code_view& codes, std::span<const std::int64_t> ids,
             std::size_t k, const accept_bits& filter, const context& ctx) {
      { c.bits() } -> std::convertible_to<std::size_t>;
      { c.size() } -> std::convertible_to<std::size_t>;
      i.add(codes);
      i.add(codes, ids);
      { c.search(codes, k) } -> std::same_as<hits>;
      { c.search(codes, k, accept_all{}, ctx) } -> std::same_as<hits>;
      { c.search(codes, k, filter, ctx) } -> std::same_as<hits>;
    };

/// A `hamming_index` that also finds everything within a radius:
/// `c.search_radius(queries, radius, filter, context)` has all accepted items with distance <= radius.
template <class I>
concept range_searchable =
    hamming_index<I> && requires(const I& c, const code_view& codes, std::size_t radius,
                                 const accept_bits& filter, const context& ctx) {
      { c.search_radius(codes, radius) } -> std::same_as<hits>;
      { c.search_radius(codes, radius, filter, ctx) } -> std::same_as<hits>;
    };

/// A `hamming_index` whose codes can be removed and replaced.
///
/// | expression | meaning |
/// |---|---|
/// | `c.contains(id)` | whether the id is there |
/// | `i.remove(ids)` | removes those that are there; returns how many that were; the others keep their ids |
/// | `i.add(codes, ids, duplicates::replace)` | puts codes in the place of those with the same ids; of several under one id the last counts |
///
/// Copies are independent of the original.
template <class I>
concept removable =
    hamming_index<I> && std::copyable<I> &&
    requires(I& i, const I& c, const code_view& codes, std::span<const std::int64_t> ids) {
      { c.contains(std::int64_t{}) } -> std::convertible_to<bool>;
      { i.remove(ids) } -> std::convertible_to<std::size_t>;
      i.add(codes, ids, duplicates::replace);
    };

}}}  // namespace hint::HINT_ABI::search

#endif
