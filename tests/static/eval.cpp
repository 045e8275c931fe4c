// SPDX-License-Identifier: MIT
// What models the concepts of eval, and what does not.
#include <cstddef>
#include <string>

#include <hint/core/code_set.hpp>
#include <hint/eval/average_precision.hpp>
#include <hint/eval/ndcg.hpp>
#include <hint/eval/precision_at.hpp>
#include <hint/eval/precision_recall.hpp>
#include <hint/eval/protocol.hpp>
#include <hint/eval/recall.hpp>
#include <hint/eval/relevance.hpp>

namespace {

namespace eval = hint::eval;

// relevance judgements
struct minimal_relevance {
  bool relevant(std::size_t, std::size_t) const;
};
struct not_const {
  bool relevant(std::size_t, std::size_t);
};
struct one_argument {
  bool relevant(std::size_t) const;
};
static_assert(eval::relevance<minimal_relevance>);
static_assert(eval::relevance<eval::shared_label>);
static_assert(eval::relevance<eval::same_row>);
static_assert(eval::relevance<eval::same_id>);
static_assert(eval::relevance<eval::without_self<minimal_relevance>>);
static_assert(eval::relevance<eval::relevant_if<bool (*)(std::size_t, std::size_t)>>);
static_assert(!eval::relevance<not_const>);
static_assert(!eval::relevance<one_argument>);
static_assert(!eval::relevance<hint::code_set>);
static_assert(eval::detail::marks<eval::shared_label> && !eval::detail::marks<eval::same_row>);
static_assert(eval::detail::excludes_items<eval::without_self<minimal_relevance>> &&
              !eval::detail::excludes_items<minimal_relevance>);

// metrics
static_assert(eval::ranking_metric<eval::average_precision>);
static_assert(eval::ranking_metric<eval::precision_at>);
static_assert(eval::ranking_metric<eval::recall_at>);
static_assert(eval::ranking_metric<eval::radius_curve>);
static_assert(eval::ranking_metric<eval::rank_curve>);
static_assert(eval::ranking_metric<eval::ndcg>);

struct minimal_metric {
  using sum_type = double;
  void add(double&, const eval::ranking&) const;
  double value(double) const;
  eval::ties tie_rule() const;
  std::string conventions() const;
};
static_assert(eval::ranking_metric<minimal_metric>);
struct without_conventions {
  using sum_type = double;
  void add(double&, const eval::ranking&) const;
  double value(double) const;
  eval::ties tie_rule() const;
};
static_assert(!eval::ranking_metric<without_conventions>);
struct without_tie_rule {
  using sum_type = double;
  void add(double&, const eval::ranking&) const;
  double value(double) const;
  std::string conventions() const;
};
static_assert(!eval::ranking_metric<without_tie_rule>);
struct sum_does_not_add_up : minimal_metric {
  struct sum_type {};
  void add(sum_type&, const eval::ranking&) const;
  double value(const sum_type&) const;
};
static_assert(!eval::ranking_metric<sum_does_not_add_up>);
static_assert(!eval::ranking_metric<double>);

}  // namespace
