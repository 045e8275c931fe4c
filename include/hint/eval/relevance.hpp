// SPDX-License-Identifier: MIT
/// \file
/// Which items of a database are relevant to which query.
#ifndef HINT_EVAL_RELEVANCE_HPP
#define HINT_EVAL_RELEVANCE_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/search/hamming.hpp>

namespace hint { inline namespace HINT_ABI { namespace eval {

/// Says what is relevant; const, and asked from several threads at once. Any `bool(query, item)` on
/// rows becomes one through `relevant_if`.
///
/// | expression | meaning |
/// |---|---|
/// | `r.relevant(query, item)` | whether row `item` of the database is relevant to row `query` |
/// | `r.mark(query, first, out)` | optional, for speed: out[i] = relevant(query, first + i) ? 1 : 0 |
/// | `r.excludes(query, item)` | optional: the item is no part of the query's ranking at all |
/// | `r.check(queries, items)` | optional: throws `shape_error` unless it knows that many rows |
/// | `r.conventions()` | optional: text that goes with every figure |
template <class R>
concept relevance = requires(const R& r, std::size_t query, std::size_t item) {
  { r.relevant(query, item) } -> std::convertible_to<bool>;
};

namespace detail {

template <class R>
concept marks = requires(const R& r, std::size_t query, std::span<std::uint8_t> out) {
  r.mark(query, query, out);
};
template <class R>
concept excludes_items = requires(const R& r, std::size_t query, std::size_t item) {
  { r.excludes(query, item) } -> std::convertible_to<bool>;
};

template <relevance R>
void mark_relevant(const R& judgements, std::size_t query, std::size_t first,
                   std::span<std::uint8_t> out) {
  if constexpr (marks<R>) {
    judgements.mark(query, first, out);
  } else {
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = judgements.relevant(query, first + i) ? 1 : 0;
  }
}
template <relevance R>
void check_judgements(const R& judgements, std::size_t queries, std::size_t items) {
  if constexpr (requires { judgements.check(queries, items); }) judgements.check(queries, items);
}
template <relevance R>
[[nodiscard]] std::string relevance_conventions(const R& judgements) {
  if constexpr (requires { judgements.conventions(); }) {
    return std::string(judgements.conventions());
  } else {
    return "by the caller's judgements";
  }
}

}  // namespace detail

/// Relevant is what shares at least one label. Labels are rows of bits (bit l: has label l), up to
/// `max_labels` of them. Non-owning.
class shared_label {
 public:
  /// Throws `shape_error` unless both sides have the same number of labels.
  shared_label(const code_view& query_labels, const code_view& database_labels)
      : queries_(query_labels), database_(database_labels) {
    expects<shape_error>(queries_.bits() == database_.bits(), "shared_label: queries have ",
                         queries_.bits(), " labels, the database ", database_.bits());
  }
  /// The queries are the database.
  explicit shared_label(const code_view& labels) : shared_label(labels, labels) {}

  [[nodiscard]] bool relevant(std::size_t query, std::size_t item) const noexcept {
    const auto a = queries_[query];
    const auto b = database_[item];
    std::uint64_t common = 0;
    for (std::size_t w = 0; w < a.size(); ++w) common |= a[w] & b[w];
    return common != 0;
  }
  void mark(std::size_t query, std::size_t first, std::span<std::uint8_t> out) const {
    if (queries_.words_per_code() == 1) {
      search::mark_common_bits(database_.words().subspan(first, out.size()),
                               queries_[query].front(), out);
    } else {
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = relevant(query, first + i) ? 1 : 0;
    }
  }
  void check(std::size_t queries, std::size_t items) const {
    expects<shape_error>(queries_.size() == queries && database_.size() == items,
                         "shared_label: labels of ", queries_.size(), " queries and ",
                         database_.size(), " items, expected ", queries, " and ", items);
  }
  [[nodiscard]] static constexpr std::string_view conventions() noexcept { return "share a label"; }

 private:
  code_view queries_;
  code_view database_;
};

/// The item of the same row is the only relevant one: pairs whose two halves are the two sides.
struct same_row {
  [[nodiscard]] static constexpr bool relevant(std::size_t query, std::size_t item) noexcept {
    return query == item;
  }
  static void check(std::size_t queries, std::size_t items) {
    expects<shape_error>(queries <= items, "same_row: ", queries, " queries, only ", items,
                         " items");
  }
  [[nodiscard]] static constexpr std::string_view conventions() noexcept { return "same row"; }
};

/// Relevant is what has the query's number: the id of a pair, or a class label. Non-owning.
class same_id {
 public:
  same_id(std::span<const std::int64_t> query_ids, std::span<const std::int64_t> database_ids)
      : queries_(query_ids), database_(database_ids) {}

  [[nodiscard]] bool relevant(std::size_t query, std::size_t item) const noexcept {
    return queries_[query] == database_[item];
  }
  void check(std::size_t queries, std::size_t items) const {
    expects<shape_error>(queries_.size() == queries && database_.size() == items,
                         "same_id: ids of ", queries_.size(), " queries and ", database_.size(),
                         " items, expected ", queries, " and ", items);
  }
  [[nodiscard]] static constexpr std::string_view conventions() noexcept { return "same id"; }

 private:
  std::span<const std::int64_t> queries_;
  std::span<const std::int64_t> database_;
};

/// Any predicate on (query row, database row) as relevance judgements.
template <std::predicate<std::size_t, std::size_t> Predicate>
class relevant_if {
 public:
  explicit relevant_if(Predicate predicate) : predicate_(std::move(predicate)) {}
  [[nodiscard]] bool relevant(std::size_t query, std::size_t item) const {
    return predicate_(query, item);
  }

 private:
  Predicate predicate_;
};

/// For queries that are the database's own rows: as `Relevance`, but query i never finds row i.
template <relevance Relevance>
class without_self {
 public:
  explicit without_self(Relevance judgements) : judgements_(std::move(judgements)) {}
  [[nodiscard]] bool relevant(std::size_t query, std::size_t item) const {
    return query != item && judgements_.relevant(query, item);
  }
  void mark(std::size_t query, std::size_t first, std::span<std::uint8_t> out) const {
    detail::mark_relevant(judgements_, query, first, out);
    if (query >= first && query - first < out.size()) out[query - first] = 0;
  }
  [[nodiscard]] bool excludes(std::size_t query, std::size_t item) const {
    if constexpr (detail::excludes_items<Relevance>) {
      if (judgements_.excludes(query, item)) return true;
    }
    return query == item;
  }
  void check(std::size_t queries, std::size_t items) const {
    detail::check_judgements(judgements_, queries, items);
  }
  [[nodiscard]] std::string conventions() const {
    return detail::relevance_conventions(judgements_) + ", own row excluded";
  }

 private:
  Relevance judgements_;
};

/// The number of relevant items of each query among `items` rows. O(queries * items).
/// Throws `shape_error` when the judgements are of other numbers of rows.
template <relevance Relevance>
[[nodiscard]] std::vector<std::uint64_t> relevant_counts(const Relevance& judgements,
                                                         std::size_t queries, std::size_t items,
                                                         const context& ctx = {}) {
  detail::check_judgements(judgements, queries, items);
  std::vector<std::uint64_t> counts(queries, 0);
  for_chunks(ctx.executor, queries, 16, [&](std::size_t begin, std::size_t end) {
    std::vector<std::uint8_t> marks((std::min)(items, std::size_t{1024}));
    for (std::size_t first = 0; first < items; first += marks.size()) {
      const auto out = std::span(marks).first((std::min)(marks.size(), items - first));
      for (std::size_t query = begin; query < end; ++query) {
        detail::mark_relevant(judgements, query, first, out);
        for (std::size_t i = 0; i < out.size(); ++i) {
          if constexpr (detail::excludes_items<Relevance>) {
            if (judgements.excludes(query, first + i)) continue;
          }
          counts[query] += out[i];
        }
      }
    }
  });
  return counts;
}

}}}  // namespace hint::HINT_ABI::eval

#endif
