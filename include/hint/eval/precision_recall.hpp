// SPDX-License-Identifier: MIT
/// \file
/// Precision-recall curves: by Hamming radius, where ties do not matter, and by rank.
#ifndef HINT_EVAL_PRECISION_RECALL_HPP
#define HINT_EVAL_PRECISION_RECALL_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/eval/protocol.hpp>
#include <hint/eval/ties.hpp>

namespace hint { inline namespace HINT_ABI { namespace eval {

/// Points of a precision-recall curve, recall ascending.
struct precision_recall_curve {
  std::vector<double> recall;
  std::vector<double> precision;
};
/// Text of a curve, found by `metric_value::describe`.
[[nodiscard]] inline std::string text_of(const precision_recall_curve& c) {
  return "recall " + detail::text_of(c.recall) + " precision " + detail::text_of(c.precision);
}

/// How the queries' points at one radius become one.
enum class curve_mean : std::uint8_t {
  micro,             ///< all queries' retrieved and relevant items in one pot (DCMH)
  nonzero_precision  ///< means over the queries whose precision is above 0 (AGAH, DADH)
};

struct radius_curve_options {
  eval::curve_mean mean = eval::curve_mean::micro;
};

/// Precision and recall of everything within a radius, for radius 0 .. bits: a `ranking_metric` whose
/// value has bits + 1 points. Precision is 0 where nothing is retrieved.
///
/// `micro` is DCMH's `calcPreRecRadiusLabel`: hits / retrieved and hits / relevant, summed over
/// queries first. `nonzero_precision` is `pr_curve` of AGAH and DADH: both figures of each query summed,
/// then divided by the number of queries with precision > 0 at that radius.
/// O(bits) a query. Const use is thread-safe.
class radius_curve {
 public:
  using options = radius_curve_options;
  struct sum_type {
    std::vector<double> precision;  // numerators and denominators by radius
    std::vector<double> precision_over;
    std::vector<double> recall;
    std::vector<double> recall_over;
    sum_type& operator+=(const sum_type& other) {
      grow(other.precision.size());
      for (std::size_t i = 0; i < other.precision.size(); ++i) {
        precision[i] += other.precision[i];
        precision_over[i] += other.precision_over[i];
        recall[i] += other.recall[i];
        recall_over[i] += other.recall_over[i];
      }
      return *this;
    }
    void grow(std::size_t size) {
      for (auto* v : {&precision, &precision_over, &recall, &recall_over})
        if (v->size() < size) v->resize(size, 0);
    }
  };

  radius_curve() = default;
  explicit radius_curve(const options& o) : options_(o) {}

  /// Any would do; by_id costs more.
  [[nodiscard]] static ties tie_rule() noexcept { return ties::expected; }

  void add(sum_type& sum, const ranking& r) const {
    sum.grow(r.bits + 1);
    std::uint64_t items = 0;
    std::uint64_t relevant = 0;
    auto group = r.groups.begin();
    for (std::size_t radius = 0; radius <= r.bits; ++radius) {
      for (; group != r.groups.end() && group->distance <= radius; ++group) {
        items += group->items;
        relevant += group->relevant;
      }
      const auto hits = static_cast<double>(relevant);
      if (options_.mean == curve_mean::micro) {
        sum.precision[radius] += hits;
        sum.precision_over[radius] += static_cast<double>(items);
        sum.recall[radius] += hits;
        sum.recall_over[radius] += static_cast<double>(r.relevant);
      } else if (relevant > 0) {
        sum.precision[radius] += hits / static_cast<double>(items);
        sum.precision_over[radius] += 1;
        sum.recall[radius] += hits / static_cast<double>(r.relevant);
        sum.recall_over[radius] += 1;
      }
    }
  }
  [[nodiscard]] precision_recall_curve value(const sum_type& sum) const {
    precision_recall_curve curve;
    for (std::size_t i = 0; i < sum.precision.size(); ++i) {
      curve.recall.push_back(sum.recall_over[i] > 0 ? sum.recall[i] / sum.recall_over[i] : 0);
      curve.precision.push_back(sum.precision_over[i] > 0 ? sum.precision[i] / sum.precision_over[i]
                                                          : 0);
    }
    return curve;
  }
  [[nodiscard]] std::string conventions() const {
    return options_.mean == curve_mean::micro
               ? "precision-recall by radius, micro mean"
               : "precision-recall by radius, mean over queries with precision > 0";
  }

 private:
  options options_{};
};

struct rank_curve_options {
  /// Recall levels in [0, 1].
  std::vector<double> levels = {0, .1, .2, .3, .4, .5, .6, .7, .8, .9, 1};
  eval::ties ties = eval::ties::expected;

  void validate() const {
    expects<invalid_option>(!levels.empty(), "option levels is empty, expected at least one level");
    for (const double level : levels) option_in("levels", level, 0.0, 1.0);
  }
};

/// Precision where the ranking first reaches each level of recall (level 0: at the first relevant
/// item), not interpolated, mean over the queries that have relevant items: a `ranking_metric`.
/// O(levels * (groups + items of a group)) a query. Const use is thread-safe.
class rank_curve {
 public:
  using options = rank_curve_options;
  using sum_type = means_over_queries;

  /// Throws `invalid_option`.
  explicit rank_curve(options o = {}) : options_(std::move(o)) { options_.validate(); }

  [[nodiscard]] ties tie_rule() const noexcept { return options_.ties; }

  void add(sum_type& sum, const ranking& r) const {
    if (r.relevant == 0) return;
    sum.totals.resize(options_.levels.size(), 0);
    for (std::size_t i = 0; i < options_.levels.size(); ++i) {
      // The tiny slack keeps 0.1 * 30, which is just above 3 in binary, at 3.
      const double wanted = options_.levels[i] * static_cast<double>(r.relevant) * (1 - 1e-12);
      const auto nth = (std::max<std::uint64_t>)(1, static_cast<std::uint64_t>(std::ceil(wanted)));
      sum.totals[i] += precision_at_relevant(r, nth);
    }
    ++sum.queries;
  }
  [[nodiscard]] precision_recall_curve value(const sum_type& sum) const {
    return {options_.levels, sum.mean(options_.levels.size())};
  }
  [[nodiscard]] std::string conventions() const {
    return hint::detail::concat("precision-recall by rank, not interpolated, ties ",
                                name(options_.ties), ", empty queries skipped");
  }

 private:
  /// Precision at the rank of the nth relevant item.
  [[nodiscard]] double precision_at_relevant(const ranking& r, std::uint64_t nth) const {
    std::uint64_t items = 0;
    std::uint64_t relevant = 0;
    for (const tie_group& g : r.groups) {
      if (relevant + g.relevant >= nth) {
        const std::uint64_t q = nth - relevant;
        const auto hits = static_cast<double>(nth);
        if (options_.ties == ties::pessimistic)
          return hits / static_cast<double>(items + g.items - g.relevant + q);
        if (options_.ties != ties::expected) return hits / static_cast<double>(items + q);
        const auto chances = detail::position_of_relevant(g.items, g.relevant, q);
        double mean = 0;
        for (std::size_t i = 0; i < chances.weights.size(); ++i)
          mean += chances.weights[i] * hits / static_cast<double>(items + chances.low + i);
        return mean;
      }
      items += g.items;
      relevant += g.relevant;
    }
    return 0;  // not reached for 1 <= nth <= r.relevant
  }

  options options_;
};

}}}  // namespace hint::HINT_ABI::eval

#endif
