// SPDX-License-Identifier: MIT
/// \file
/// Recall@N: the share of a query's relevant items that is among the first N. With one relevant item
/// a query (`same_row`, `same_id`) this is the share of queries that find their own pair.
#ifndef HINT_EVAL_RECALL_HPP
#define HINT_EVAL_RECALL_HPP

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/eval/average_precision.hpp>
#include <hint/eval/precision_at.hpp>
#include <hint/eval/protocol.hpp>
#include <hint/eval/ties.hpp>

namespace hint { inline namespace HINT_ABI { namespace eval {

struct recall_at_options {
  /// N, one or several, each at least 1.
  std::vector<std::size_t> at = {1, 5, 10};
  eval::empty_query empty_query = eval::empty_query::zero;
  eval::ties ties = eval::ties::expected;

  void validate() const { detail::check_ranks(at); }
};

/// Mean over queries of (relevant items among the first N) / (relevant items), for each N: a
/// `ranking_metric`. O(groups * ranks) a query. Const use is thread-safe.
class recall_at {
 public:
  using options = recall_at_options;
  using sum_type = means_over_queries;

  /// Throws `invalid_option`.
  explicit recall_at(options o = {}) : options_(std::move(o)) { options_.validate(); }

  [[nodiscard]] ties tie_rule() const noexcept { return options_.ties; }

  void add(sum_type& sum, const ranking& r) const {
    if (r.relevant == 0 && options_.empty_query == empty_query::skip) return;
    sum.totals.resize(options_.at.size(), 0);
    for (std::size_t i = 0; i < options_.at.size() && r.relevant > 0; ++i)
      sum.totals[i] +=
          relevant_within(r, options_.at[i], options_.ties) / static_cast<double>(r.relevant);
    ++sum.queries;
  }
  /// One value for each N.
  [[nodiscard]] std::vector<double> value(const sum_type& sum) const {
    return sum.mean(options_.at.size());
  }
  [[nodiscard]] std::string conventions() const {
    return hint::detail::concat("recall@", detail::ranks_text(options_.at), ", ties ",
                                name(options_.ties), ", empty queries ",
                                options_.empty_query == empty_query::zero ? "0" : "skipped");
  }

 private:
  options options_;
};

}}}  // namespace hint::HINT_ABI::eval

#endif
