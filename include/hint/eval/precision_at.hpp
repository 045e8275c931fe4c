// SPDX-License-Identifier: MIT
/// \file
/// Precision@N: the share of relevant items among the first N.
#ifndef HINT_EVAL_PRECISION_AT_HPP
#define HINT_EVAL_PRECISION_AT_HPP

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/eval/protocol.hpp>
#include <hint/eval/ties.hpp>

namespace hint { inline namespace HINT_ABI { namespace eval {

namespace detail {

inline void check_ranks(const std::vector<std::size_t>& at) {
  expects<invalid_option>(!at.empty(), "option at is empty, expected at least one rank");
  for (const std::size_t n : at)
    expects<invalid_option>(n >= 1, "option at holds 0, expected ranks from 1");
}
[[nodiscard]] inline std::string ranks_text(const std::vector<std::size_t>& at) {
  if (at.size() > 8)
    return hint::detail::concat(at.front(), "..", at.back(), " (", at.size(), " ranks)");
  std::string text;
  for (const std::size_t n : at) text += hint::detail::concat(text.empty() ? "" : ",", n);
  return text;
}

}  // namespace detail

struct precision_at_options {
  /// N, one or several, each at least 1. (DEMO and HINT plot 1, 101, 201, ... to 5000.)
  std::vector<std::size_t> at = {1, 5, 10, 50, 100};
  eval::ties ties = eval::ties::expected;

  void validate() const { detail::check_ranks(at); }
};

/// Mean over all queries of (relevant items among the first N) / N, for each N: a `ranking_metric`.
/// Queries without relevant items count as 0, and N is the divisor also where there are fewer items.
/// O(groups * ranks) a query. Const use is thread-safe.
class precision_at {
 public:
  using options = precision_at_options;
  using sum_type = means_over_queries;

  /// Throws `invalid_option`.
  explicit precision_at(options o = {}) : options_(std::move(o)) { options_.validate(); }

  [[nodiscard]] ties tie_rule() const noexcept { return options_.ties; }

  void add(sum_type& sum, const ranking& r) const {
    sum.totals.resize(options_.at.size(), 0);
    for (std::size_t i = 0; i < options_.at.size(); ++i)
      sum.totals[i] +=
          relevant_within(r, options_.at[i], options_.ties) / static_cast<double>(options_.at[i]);
    ++sum.queries;
  }
  /// One value for each N.
  [[nodiscard]] std::vector<double> value(const sum_type& sum) const {
    return sum.mean(options_.at.size());
  }
  [[nodiscard]] std::string conventions() const {
    return hint::detail::concat("precision@", detail::ranks_text(options_.at), ", ties ",
                                name(options_.ties), ", empty queries 0");
  }

 private:
  options options_;
};

}}}  // namespace hint::HINT_ABI::eval

#endif
