// SPDX-License-Identifier: MIT
/// \file
/// Runs a metric over all queries and returns its value together with its conventions: a figure
/// without them cannot be compared with any other.
#ifndef HINT_EVAL_PROTOCOL_HPP
#define HINT_EVAL_PROTOCOL_HPP

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/core/until_stopped.hpp>
#include <hint/eval/ranking.hpp>
#include <hint/eval/relevance.hpp>
#include <hint/eval/ties.hpp>
#include <hint/search/hamming.hpp>

namespace hint { inline namespace HINT_ABI { namespace eval {

/// Turns rankings into a figure, or several. docs/concepts/ranking_metric.md has an example.
///
/// | expression | meaning |
/// |---|---|
/// | `M::sum_type` | what queries add up to; default is the empty sum; `+=` |
/// | `m.add(sum, ranking)` | takes in one query; const, thread-safe for different sums |
/// | `m.value(sum)` | the figure |
/// | `m.tie_rule()` | the `ties` that its rankings need |
/// | `m.conventions()` | text: all choices that change the figure |
template <class M>
concept ranking_metric = requires(const M& m, typename M::sum_type& sum,
                                  const typename M::sum_type& done, const ranking& r) {
  requires std::default_initializable<typename M::sum_type>;
  sum += done;
  m.add(sum, r);
  m.value(done);
  { m.tie_rule() } -> std::same_as<ties>;
  { m.conventions() } -> std::convertible_to<std::string>;
};

namespace detail {

[[nodiscard]] inline std::string text_of(double value) {
  char buffer[32];
  return {buffer,
          std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, 4).ptr};
}
[[nodiscard]] inline std::string text_of(const std::vector<double>& values) {
  std::string out = "[";
  for (const double v : values) out += (out.size() > 1 ? ", " : "") + text_of(v);
  return out + "]";
}

}  // namespace detail

/// What a metric found.
template <class Value>
struct metric_value {
  Value value{};
  std::string conventions;  ///< of metric and relevance, and the sizes

  /// One line: the value (4 decimals) and its conventions.
  [[nodiscard]] std::string describe() const {
    using detail::text_of;
    return text_of(value) + " " + conventions;
  }
};

/// A mean over queries, the `sum_type` of many metrics.
struct mean_over_queries {
  double total = 0;
  std::uint64_t queries = 0;  ///< that count
  mean_over_queries& operator+=(const mean_over_queries& other) noexcept {
    total += other.total;
    queries += other.queries;
    return *this;
  }
  /// NaN when no query counts: there is no such figure.
  [[nodiscard]] double mean() const noexcept {
    return queries == 0 ? std::numeric_limits<double>::quiet_NaN()
                        : total / static_cast<double>(queries);
  }
};

/// Several means over the same queries.
struct means_over_queries {
  std::vector<double> totals;
  std::uint64_t queries = 0;
  means_over_queries& operator+=(const means_over_queries& other) {
    if (totals.size() < other.totals.size()) totals.resize(other.totals.size(), 0);
    for (std::size_t i = 0; i < other.totals.size(); ++i) totals[i] += other.totals[i];
    queries += other.queries;
    return *this;
  }
  /// `size` means, NaN when no query counts.
  [[nodiscard]] std::vector<double> mean(std::size_t size) const {
    std::vector<double> out(size, std::numeric_limits<double>::quiet_NaN());
    for (std::size_t i = 0; i < totals.size(); ++i)
      out[i] = totals[i] / static_cast<double>(queries);
    return out;
  }
};

namespace detail {

/// Adds rankings to a sum, by id item by item where the metric can.
template <class Metric>
struct adding {
  const Metric& metric;
  typename Metric::sum_type& sum;
  void operator()(std::size_t, const ranking& r) const { metric.add(sum, r); }
};
template <class Metric>
  requires requires(const Metric& m, typename Metric::sum_type& sum, const marked_ranking& r) {
    m.add(sum, r);
    requires Metric::adds_marks;
  }
struct adding<Metric> {
  using takes_marks = void;
  const Metric& metric;
  typename Metric::sum_type& sum;
  void operator()(std::size_t, const ranking& r) const { metric.add(sum, r); }
  void operator()(std::size_t, const marked_ranking& r) const { metric.add(sum, r); }
};

}  // namespace detail

/// Ranks the whole database for every query and measures. Exact; the same bits for any executor.
/// O(queries * items * words) time; memory for one more copy of the database, O(bits) for each query in
/// flight, and O(items) for `ties::by_id`. Asked to stop, it measures the first queries, as many as the
/// conventions then say. Throws `invalid_argument` when there is no query, `shape_error` when queries,
/// database and judgements do not fit together.
/// \code
/// hint::eval::average_precision map;
/// auto found = hint::eval::run(map, queries, database, hint::eval::shared_label{q_labels, labels});
/// std::puts(found.describe().c_str());
/// \endcode
template <ranking_metric Metric, relevance Relevance>
[[nodiscard]] auto run(const Metric& metric, const code_view& queries, const code_view& database,
                       const Relevance& judgements, const context& ctx = {}) {
  expects(!queries.empty(), "eval::run: there are no queries, expected at least one");
  detail::check_rankings("eval::run", queries, database);
  detail::check_judgements(judgements, queries.size(), database.size());
  using sum_type = typename Metric::sum_type;
  const search::code_blocks blocks(database);
  std::vector<sum_type> parts((queries.size() + detail::query_chunk - 1) / detail::query_chunk);
  const std::size_t done = for_chunks_until_stopped(
      ctx, queries.size(), detail::query_chunk, [&](std::size_t begin, std::size_t end) {
        sum_type& part = parts[begin / detail::query_chunk];
        detail::rank_queries(queries, blocks, judgements, metric.tie_rule(), begin, end,
                             detail::adding<Metric>{metric, part});
      });
  const auto sum = sum_pairwise(std::move(parts));
  return metric_value<decltype(metric.value(sum))>{
      metric.value(sum),
      hint::detail::concat(std::string(metric.conventions()),
                           "; relevant: ", detail::relevance_conventions(judgements), "; ", done,
                           done < queries.size() ? " queries (then stopped), " : " queries, ",
                           database.size(), " items, ", database.bits(), " bits")};
}

}}}  // namespace hint::HINT_ABI::eval

#endif
