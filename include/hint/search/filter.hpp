// SPDX-License-Identifier: MIT
/// \file
/// Filters: which ids a search may return, for all queries or for each query by itself.
#ifndef HINT_SEARCH_FILTER_HPP
#define HINT_SEARCH_FILTER_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// A filter that looks at the query too: `f(query, id)`, query being its row.
template <class F>
concept query_filter = requires(const F& f, std::size_t query, std::int64_t id) {
  { f(query, id) } -> std::convertible_to<bool>;
};
/// A filter that treats all queries alike: `f(id)`.
template <class F>
concept id_filter = requires(const F& f, std::int64_t id) {
  { f(id) } -> std::convertible_to<bool>;
};
/// Any callable `f(id)` or `f(query, id)` that answers whether a search may return the item (one that
/// can do both is asked with the query). It must always give the same answer and be callable from
/// several threads at once; how often and in which order it is called is open. A search with a
/// filter returns what a search without one would after the others' removal from the index.
template <class F>
concept search_filter = query_filter<F> || id_filter<F>;

/// The null filter: the default, and the archetype.
struct accept_all {
  [[nodiscard]] constexpr bool operator()(std::int64_t) const noexcept { return true; }
};

/// Accepts id i when bit (i mod 64) of word i / 64 is set; ids outside the bitset are not accepted.
/// Non-owning.
class accept_bits {
 public:
  explicit accept_bits(std::span<const std::uint64_t> words) noexcept : words_(words) {}
  [[nodiscard]] bool operator()(std::int64_t id) const noexcept {
    const auto i = static_cast<std::uint64_t>(id);  // a negative id becomes a huge one
    return i / 64 < words_.size() && (words_[i / 64] >> (i % 64) & 1) != 0;
  }

 private:
  std::span<const std::uint64_t> words_;
};

/// Accepts the ids of a list, in O(log size).
class accept_ids {
 public:
  explicit accept_ids(std::vector<std::int64_t> ids) : ids_(std::move(ids)) {
    std::sort(ids_.begin(), ids_.end());
  }
  [[nodiscard]] bool operator()(std::int64_t id) const noexcept {
    return std::binary_search(ids_.begin(), ids_.end(), id);
  }

 private:
  std::vector<std::int64_t> ids_;
};

/// Asks a filter of either kind.
template <search_filter F>
[[nodiscard]] constexpr bool accepts(const F& filter, std::size_t query, std::int64_t id) {
  if constexpr (query_filter<F>) {
    return filter(query, id);
  } else {
    return filter(id);
  }
}

}}}  // namespace hint::HINT_ABI::search

#endif
