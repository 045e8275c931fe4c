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

namespace hint { inline namespace HINT_ABI { namespace eval {

/// Says what is relevant; const, and asked from several threads at once. Any `bool(query, item)` on
/// rows becomes one through `relevant_if`.
///
/// | expression | meaning |
/// |---|---|
/// | `j.relevant(query, item)` | whether row `item` of the database is relevant to row `query` |
/// | `j.mark(query, first, out)` | optional, for speed: out[i] = relevant(query, first + i) ? 1 : 0 |
/// | `j.excludes(query, item)` | optional: the item is no part of the query's ranking at all |
/// | `j.check(queries, items)` | optional: throws `shape_error` unless it can judge that many rows |
/// | `j.conventions()` | optional: text that goes with every figure |
template <class J>
concept relevance_judge = requires(const J& j, std::size_t query, std::size_t item) {
  { j.relevant(query, item) } -> std::convertible_to<bool>;
};

namespace detail {

template <class J>
concept marks = requires(const J& j, std::size_t query, std::span<std::uint8_t> out) {
  j.mark(query, query, out);
};
template <class J>
concept excludes_items = requires(const J& j, std::size_t query, std::size_t item) {
  { j.excludes(query, item) } -> std::convertible_to<bool>;
};

template <relevance_judge J>
void mark_relevant(const J& judge, std::size_t query, std::size_t first,
                   std::span<std::uint8_t> out) {
  if constexpr (marks<J>) {
    judge.mark(query, first, out);
  } else {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = judge.relevant(query, first + i) ? 1 : 0;
  }
}
template <relevance_judge J>
void check_judge(const J& judge, std::size_t queries, std::size_t items) {
  if constexpr (requires { judge.check(queries, items); }) judge.check(queries, items);
}
template <relevance_judge J>
[[nodiscard]] std::string judge_conventions(const J& judge) {
  if constexpr (requires { judge.conventions(); }) {
    return std::string(judge.conventions());
  } else {
    return "by a judge of the caller's";
  }
}

}  // namespace detail

/// Relevant is what shares at least one label. Labels are rows of bits (bit l: has label l), up to
/// 4096 of them. Non-owning.
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
  void mark(std::size_t query, std::size_t first, std::span<std::uint8_t> out) const noexcept {
    if (queries_.words_per_code() == 1) {
      const std::uint64_t mine = queries_[query].front();
      const std::uint64_t* theirs = database_.data() + first;
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = (mine & theirs[i]) != 0 ? 1 : 0;
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

/// Any predicate on (query row, database row) as a judge.
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

/// For queries that are the database's own rows: as `Judge`, but query i never finds row i.
template <relevance_judge Judge>
class without_self {
 public:
  explicit without_self(Judge judge) : judge_(std::move(judge)) {}
  [[nodiscard]] bool relevant(std::size_t query, std::size_t item) const {
    return query != item && judge_.relevant(query, item);
  }
  void mark(std::size_t query, std::size_t first, std::span<std::uint8_t> out) const {
    detail::mark_relevant(judge_, query, first, out);
    if (query >= first && query - first < out.size()) out[query - first] = 0;
  }
  [[nodiscard]] bool excludes(std::size_t query, std::size_t item) const {
    if constexpr (detail::excludes_items<Judge>) {
      if (judge_.excludes(query, item)) return true;
    }
    return query == item;
  }
  void check(std::size_t queries, std::size_t items) const {
    detail::check_judge(judge_, queries, items);
  }
  [[nodiscard]] std::string conventions() const {
    return detail::judge_conventions(judge_) + ", own row excluded";
  }

 private:
  Judge judge_;
};

/// The number of relevant items of each query among `items` rows. O(queries * items).
/// Throws `shape_error` when the judge cannot judge that many rows.
template <relevance_judge Judge>
[[nodiscard]] std::vector<std::uint64_t> relevant_counts(const Judge& judge, std::size_t queries,
                                                         std::size_t items,
                                                         const context& ctx = {}) {
  detail::check_judge(judge, queries, items);
  std::vector<std::uint64_t> counts(queries, 0);
  for_chunks(ctx.executor, queries, 16, [&](std::size_t begin, std::size_t end) {
    std::vector<std::uint8_t> marks((std::min)(items, std::size_t{1024}));
    for (std::size_t first = 0; first < items; first += marks.size()) {
      const auto out = std::span(marks).first((std::min)(marks.size(), items - first));
      for (std::size_t query = begin; query < end; ++query) {
        detail::mark_relevant(judge, query, first, out);
        for (std::size_t i = 0; i < out.size(); ++i) {
          if constexpr (detail::excludes_items<Judge>) {
            if (judge.excludes(query, first + i)) continue;
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
