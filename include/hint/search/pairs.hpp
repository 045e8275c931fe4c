// SPDX-License-Identifier: MIT
/// \file
/// All pairs of codes within a radius, of one set or of two: self-joins and joins by Hamming distance.
#ifndef HINT_SEARCH_PAIRS_HPP
#define HINT_SEARCH_PAIRS_HPP

#include <algorithm>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/pairs/code_source.hpp>
#include <hint/search/pairs/find_row_pairs.hpp>
#include <hint/search/pairs/row_pairs.hpp>
#include <hint/search/store/code_store.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// Two items and the distance of their codes. Of one set first < second; of two sets first is an id of the
/// first set, second one of the second.
struct code_pair {
  std::int64_t first = 0;
  std::int64_t second = 0;
  std::uint32_t distance = 0;  ///< differing bits
  friend auto operator<=>(const code_pair&, const code_pair&) = default;
};

/// Takes pairs one after the other, on the calling thread. What it returns is nothing, or whether to go on.
template <class F>
concept pair_sink = std::invocable<F&, const code_pair&> &&
                    (std::is_void_v<std::invoke_result_t<F&, const code_pair&>> ||
                     std::convertible_to<std::invoke_result_t<F&, const code_pair&>, bool>);

/// A filter that looks at both ids, `f(first, second)`; called on the calling thread, for pairs within the
/// radius alone.
template <class F>
concept pair_filter = requires(const F& f, std::int64_t first, std::int64_t second) {
  { f(first, second) } -> std::convertible_to<bool>;
};

/// What became of a search for pairs.
struct pair_outcome {
  std::uint64_t pairs = 0;  ///< handed to the sink
  bool complete = true;     ///< false when the sink or the observer ended it: there may be more
  pair_method method = pair_method::automatic;  ///< how they were looked for
};

/// Pairs in arrays, by ascending (first, second).
struct pair_list {
  std::vector<std::int64_t> first;
  std::vector<std::int64_t> second;
  std::vector<std::uint32_t> distance;
  bool complete = true;  ///< false when the observer ended the search: some pairs are missing

  [[nodiscard]] std::size_t size() const noexcept { return first.size(); }
  [[nodiscard]] code_pair operator[](std::size_t i) const noexcept {
    return {first[i], second[i], distance[i]};
  }
};

namespace detail {

template <pair_sink Sink>
[[nodiscard]] bool tell(Sink& sink, const code_pair& pair) {
  if constexpr (std::is_void_v<std::invoke_result_t<Sink&, const code_pair&>>) {
    sink(pair);
    return true;
  } else {
    return static_cast<bool>(sink(pair));
  }
}

/// Of stores whose ids are filtered already.
template <class Sink, class Filter>
pair_outcome tell_pairs(const code_store& a, const code_store& b, const pair_options& o, Sink& sink,
                        const Filter& filter, const context& ctx) {
  pair_outcome out;
  const bool same = &a == &b;
  const auto done = find_row_pairs<std::vector<row_pair>>(a, b, o, ctx, [&](const auto& found) {
    for (const row_pair& x : found) {
      code_pair pair{a.id(x.first), b.id(x.second), x.distance};
      if (same && pair.second < pair.first) std::swap(pair.first, pair.second);
      if constexpr (pair_filter<Filter>)
        if (!filter(pair.first, pair.second)) continue;
      ++out.pairs;
      if (!tell(sink, pair)) return false;
    }
    return true;
  });
  out.complete = done.complete;
  out.method = done.method;
  return out;
}
template <class Filter>
pair_outcome number_of_pairs(const code_store& a, const code_store& b, const pair_options& o,
                             const Filter& filter, const context& ctx) {
  if constexpr (pair_filter<Filter>) {
    const auto nothing = [](const code_pair&) {};
    return tell_pairs(a, b, o, nothing, filter, ctx);
  } else {
    pair_outcome out;
    const auto done = find_row_pairs<pair_counter>(a, b, o, ctx, [&](const pair_counter& found) {
      out.pairs += found.count();
      return true;
    });
    out.complete = done.complete;
    out.method = done.method;
    return out;
  }
}
template <class Filter>
pair_list list_pairs(const code_store& a, const code_store& b, const pair_options& o,
                     const Filter& filter, const context& ctx) {
  std::vector<code_pair> all;
  const auto keep = [&](const code_pair& pair) { all.push_back(pair); };
  pair_list out;
  out.complete = tell_pairs(a, b, o, keep, filter, ctx).complete;
  std::sort(all.begin(), all.end());
  out.first.reserve(all.size());
  out.second.reserve(all.size());
  out.distance.reserve(all.size());
  for (const auto& [first, second, distance] : all) {
    out.first.push_back(first);
    out.second.push_back(second);
    out.distance.push_back(distance);
  }
  return out;
}

/// Two sets that are to be joined, each a set of its own: a store that is given twice would be taken for one set,
/// so that its second place is taken by a snapshot.
class joined_sources {
 public:
  /// `where` begins error messages. Refers to both. Throws `shape_error` for codes of different lengths.
  template <code_source A, code_source B>
  joined_sources(const A& first, const B& second, std::string_view where)
      : first_(first, where), second_(second, where) {
    expects<shape_error>((*first_).bits() == (*second_).bits(), where, ": the second codes have ",
                         (*second_).bits(), " bits, expected ", (*first_).bits(), " as the first");
    if (&*first_ == &*second_) twin_.emplace(*first_);
  }
  [[nodiscard]] const code_store& first() const noexcept { return *first_; }
  [[nodiscard]] const code_store& second() const noexcept { return twin_ ? *twin_ : *second_; }

 private:
  source_store first_, second_;
  std::optional<code_store> twin_;
};

}  // namespace detail

/// Tells a sink all pairs of a set's codes with distance <= o.radius, each once, none of an item with itself.
/// `codes` is an index of the library's (or a snapshot of one, or a mapped one), or codes whose ids are 0, 1, ...;
/// `filter` is asked about items, `f(id)`, or about pairs, `f(first, second)`.
///
/// The sink is called on the calling thread, and its pairs come in no order that is promised, but in the same
/// at any number of threads. When it returns false, or the observer asks to stop, that is the end. The
/// observer hears of the phase "pairs".
///
/// O(n^2 words) for the scan, which looks at half of the pairs. Through tables, for small radii, O(tables (n words +
/// 2^s + near)), s being the bits of a substring and `near` the pairs that are near in it, about n^2 / 2^s times the values
/// within the substring's radius. Memory never depends on the number of pairs: some MB for each thread, and through
/// tables up to twice the codes and 12 bytes for each. A `code_view`, or a filter of ids, takes
/// a copy of the codes. Source: Norouzi, Punjani, Fleet, "Fast exact search in Hamming space with
/// multi-index hashing", TPAMI 2014. Throws `invalid_argument` for bits set past a code's end and for 2^32 - 1 codes or
/// more.
/// \code
/// for_each_pair(index, {.radius = 3}, [](const hint::search::code_pair& p) { ... p.first, p.second, p.distance });
/// \endcode
template <code_source Codes, pair_sink Sink, class Filter = accept_all>
  requires pair_filter<Filter> || id_filter<Filter>
pair_outcome for_each_pair(const Codes& codes, const pair_options& o, Sink&& sink,
                           const Filter& filter = {}, const context& ctx = {}) {
  const detail::source_store own(codes, "for_each_pair", filter);
  return detail::tell_pairs(*own, *own, o, sink, filter, ctx);
}
/// The same for all pairs of an item of the first set and one of the second, also of equal ids. The filter is asked
/// about pairs. Both may be one and the same: then each pair comes twice, either way round, and each item with
/// itself. Throws `shape_error` for codes of different lengths.
template <code_source A, code_source B, pair_sink Sink, class Filter = accept_all>
  requires pair_filter<Filter> || std::same_as<Filter, accept_all>
pair_outcome for_each_pair(const A& first, const B& second, const pair_options& o, Sink&& sink,
                           const Filter& filter = {}, const context& ctx = {}) {
  const detail::joined_sources both(first, second, "for_each_pair");
  return detail::tell_pairs(both.first(), both.second(), o, sink, filter, ctx);
}

/// The pairs that `for_each_pair` tells, sorted. Memory: 24 bytes for each, 44 for a moment.
template <code_source Codes, class Filter = accept_all>
  requires pair_filter<Filter> || id_filter<Filter>
[[nodiscard]] pair_list find_pairs(const Codes& codes, const pair_options& o,
                                   const Filter& filter = {}, const context& ctx = {}) {
  const detail::source_store own(codes, "find_pairs", filter);
  return detail::list_pairs(*own, *own, o, filter, ctx);
}
template <code_source A, code_source B, class Filter = accept_all>
  requires pair_filter<Filter> || std::same_as<Filter, accept_all>
[[nodiscard]] pair_list find_pairs(const A& first, const B& second, const pair_options& o,
                                   const Filter& filter = {}, const context& ctx = {}) {
  const detail::joined_sources both(first, second, "find_pairs");
  return detail::list_pairs(both.first(), both.second(), o, filter, ctx);
}

/// How many pairs `for_each_pair` would tell; faster, for none is handed on.
template <code_source Codes, class Filter = accept_all>
  requires pair_filter<Filter> || id_filter<Filter>
[[nodiscard]] pair_outcome count_pairs(const Codes& codes, const pair_options& o,
                                       const Filter& filter = {}, const context& ctx = {}) {
  const detail::source_store own(codes, "count_pairs", filter);
  return detail::number_of_pairs(*own, *own, o, filter, ctx);
}
template <code_source A, code_source B, class Filter = accept_all>
  requires pair_filter<Filter> || std::same_as<Filter, accept_all>
[[nodiscard]] pair_outcome count_pairs(const A& first, const B& second, const pair_options& o,
                                       const Filter& filter = {}, const context& ctx = {}) {
  const detail::joined_sources both(first, second, "count_pairs");
  return detail::number_of_pairs(both.first(), both.second(), o, filter, ctx);
}

}}}  // namespace hint::HINT_ABI::search

#endif
