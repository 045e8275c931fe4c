// SPDX-License-Identifier: MIT
/// \file
/// Groups of near-duplicates: which items are within a radius of each other, and which of them to keep.
#ifndef HINT_SEARCH_NEAR_DUPLICATES_HPP
#define HINT_SEARCH_NEAR_DUPLICATES_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/watched_phase.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/pairs/code_source.hpp>
#include <hint/search/pairs/distinct_codes.hpp>
#include <hint/search/pairs/find_row_pairs.hpp>
#include <hint/search/pairs/keep_first.hpp>
#include <hint/search/pairs/row_pairs.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// What makes a group of items.
enum class grouping : std::uint8_t {
  connected,  ///< they hang together by pairs within the radius (single linkage): the ends of a chain may be far apart
  keep_first  ///< one item is kept, the others are within the radius of it
};

struct near_duplicate_options {
  std::size_t radius = 0;  ///< largest distance of near-duplicates; 0: equal codes
  grouping by = grouping::connected;
  pair_method method = pair_method::automatic;  ///< how pairs are looked for; changes no result
};

/// Every item in one group; most have a group of their own.
class near_duplicate_groups {
 public:
  near_duplicate_groups() : offsets_(1, 0) {}
  /// `ids` ascending; `group_of` has for each the place of its representative among them.
  HINT_LAZY
  near_duplicate_groups(std::span<const std::int64_t> ids, std::span<const std::uint32_t> group_of,
                        bool complete)
      : offsets_(1, 0), complete_(complete) {
    std::vector<std::size_t> next(ids.size(), 0);
    for (const std::uint32_t g : group_of) ++next[g];
    for (std::size_t& count : next) {
      if (count == 0) continue;
      offsets_.push_back(offsets_.back() + count);
      count = offsets_[offsets_.size() - 2];
    }
    ids_.resize(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) ids_[next[group_of[i]]++] = ids[i];
  }

  /// The number of groups.
  [[nodiscard]] std::size_t size() const noexcept { return offsets_.size() - 1; }
  /// The ids of a group, ascending: its representative is the first. Groups ascend by representative.
  [[nodiscard]] std::span<const std::int64_t> operator[](std::size_t group) const noexcept {
    return std::span(ids_).subspan(offsets_[group], offsets_[group + 1] - offsets_[group]);
  }
  /// The items to keep: one of each group, ascending. O(groups).
  HINT_LAZY
  [[nodiscard]] std::vector<std::int64_t> representatives() const {
    std::vector<std::int64_t> out;
    for (std::size_t g = 0; g < size(); ++g) out.push_back((*this)[g].front());
    return out;
  }
  /// The others, group by group: what `remove` of the index takes. O(items).
  HINT_LAZY
  [[nodiscard]] std::vector<std::int64_t> duplicates() const {
    std::vector<std::int64_t> out;
    for (std::size_t g = 0; g < size(); ++g)
      out.insert(out.end(), (*this)[g].begin() + 1, (*this)[g].end());
    return out;
  }
  /// False when the observer ended the search: items that it did not come to have groups of their own, and
  /// groups may lack pairs that join them.
  [[nodiscard]] bool complete() const noexcept { return complete_; }

  [[nodiscard]] friend bool operator==(const near_duplicate_groups&,
                                       const near_duplicate_groups&) = default;

 private:
  std::vector<std::int64_t> ids_;
  std::vector<std::size_t> offsets_;
  bool complete_ = true;
};

/// Puts a set's items into groups of near-duplicates. `codes` is an index of the library's, or codes whose ids are
/// 0, 1, ...; items that `filter` does not accept, `f(id)`, are in no group.
///
/// - `grouping::connected`: the connected components of the graph that joins items within o.radius; the
///   smallest id represents each.
/// - `grouping::keep_first`: by ascending id, an item is kept unless a kept one of lower id is within
///   o.radius; then it belongs to the one of lowest id among these.
///
/// Either is the same at any number of threads and by any method. O(n) memory beside the codes and what `for_each_pair` takes: pairs
/// are not kept, and equal codes, however many, are looked at once. Time: that of `for_each_pair` for
/// codes that differ, and O(n words); `keep_first` does not look at pairs of dropped items. The observer hears of the phase "near-duplicates".
/// Throws `invalid_argument` for bits set past a code's end and for 2^32 - 1 codes or more.
/// \code
/// index.remove(near_duplicates(index, {.radius = 6, .by = grouping::keep_first}).duplicates());
/// \endcode
template <code_source Codes, id_filter Filter = accept_all>
[[nodiscard]] near_duplicate_groups near_duplicates(const Codes& codes,
                                                    const near_duplicate_options& o,
                                                    const Filter& filter = {},
                                                    const context& ctx = {}) {
  const detail::source_store own(codes, "near_duplicates", filter);
  detail::expects_few_rows(*own);
  const detail::distinct_codes distinct(*own);
  const pair_options pairs{o.radius, o.method};
  watched_phase phase(ctx.observer, "near-duplicates");
  const auto go_on = [&](double share) { return detail::goes_on(phase, share); };
  const std::size_t n = distinct.codes().size();
  std::vector<std::uint32_t> first(n);  // of each code: that of its group
  bool complete = false;
  if (o.by == grouping::connected) {
    detail::code_store store(distinct.codes().bits(), "near_duplicates");
    store.add(distinct.codes());
    detail::disjoint_sets sets(n);
    complete = detail::find_row_pairs<std::vector<detail::row_pair>>(
                   store, store, pairs, ctx, go_on,
                   [&](const std::vector<detail::row_pair>& found) {
                     for (const detail::row_pair& x : found) sets.unite(x.first, x.second);
                     return true;
                   })
                   .complete;
    for (std::uint32_t i = 0; i < n; ++i) first[i] = sets.find(i);
  } else {
    const detail::keep_first kept(distinct.codes(), pairs, ctx, go_on);
    complete = kept.complete();
    for (std::uint32_t i = 0; i < n; ++i)
      first[i] = kept.first_of(i) == detail::keep_first::none ? i : kept.first_of(i);
  }
  if (complete) phase.end();
  // From codes to items: that of a code is the first that has it.
  std::vector<std::uint32_t> item_of(n, detail::distinct_codes::none), group_of;
  group_of.reserve(distinct.ids().size());
  for (std::size_t i = 0; i < distinct.ids().size(); ++i) {
    const std::uint32_t code = distinct.code_of(i);
    if (item_of[code] == detail::distinct_codes::none)
      item_of[code] = static_cast<std::uint32_t>(i);
    group_of.push_back(item_of[first[code]]);
  }
  return near_duplicate_groups(distinct.ids(), group_of, complete);
}

}}}  // namespace hint::HINT_ABI::search

#endif
