// SPDX-License-Identifier: MIT
/// \file
/// Bounds on the distances of sparse rows from sums over the columns that they share.
#ifndef HINT_GRAPH_NEAREST_SPARSE_PLAN_HPP
#define HINT_GRAPH_NEAREST_SPARSE_PLAN_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/data/block.hpp>
#include <hint/graph/nearest/bounds.hpp>
#include <hint/graph/nearest/distance.hpp>
#include <hint/graph/nearest/scan.hpp>
#include <hint/graph/nearest/tiles.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace graph {
namespace detail {

/// What the stored numbers of a sparse block say about sums of their products.
struct stored_numbers {
  bool whole = true;              ///< whether there are no others
  double most = 0, least = 1;     ///< of absolute values that are not 0; least: and of 1
  double most_square = 0;         ///< of the squared lengths
  std::size_t longest = 0;        ///< of the counts of numbers in a row
  std::vector<double> lengths{};  ///< of rows
};
HINT_LAZY
[[nodiscard]] stored_numbers look_at_numbers(const data::block& rows) {
  stored_numbers out;
  out.lengths.resize(rows.rows());
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    double square = 0;
    for (const float v : rows.stored(i)) {
      const double x = std::abs(static_cast<double>(v));
      square += x * x;
      out.whole = out.whole && v == std::floor(v);
      out.most = (std::max)(out.most, x);
      if (x > 0) out.least = (std::min)(out.least, x);
    }
    out.most_square = (std::max)(out.most_square, square);
    out.longest = (std::max)(out.longest, rows.stored(i).size());
    out.lengths[i] = std::sqrt(square);
  }
  return out;
}

/// How scores follow from sums over the columns that two rows share.
struct sparse_plan {
  float_plan plan;
  bool in_float = false;  ///< whether sums are of floats
  bool tied = false;      ///< whether rows that share no column are equally far
  bool centered = false;  ///< whether products lack something, see block::lack
  score_terms terms{0};   ///< of all rows, `factor` with that of the block
  float_terms floats{terms};
  /// The same floats, row by row; none unless sums are of floats.
  struct row_terms {
    float low, factor, slack, lack;
  };
  std::vector<row_terms> of_row{};
  double most_slack = 0, most_blur = 0;
  /// No row that shares no column with row q has a score below this. O(1).
  [[nodiscard]] double least_apart(std::size_t q, double lack) const noexcept {
    const double pull = (std::max)(0.0, most_pull) + most_factor * (std::max)(0.0, -lack);
    return terms.low[q] + least_low - terms.factor[q] * pull - terms.slack[q] * most_slack;
  }
  double least_low = 0, most_factor = 0;
  double most_pull = 0;  ///< of a row's factor times what it lacks, negated
};

/// Bounds as `terms_of` has them, for sums of the stored numbers: products, or for L1 |x| + |y| - |x - y|. What
/// is lost by rounding is in proportion to the lengths of rows as they are stored, not to those of centred ones.
HINT_LAZY
[[nodiscard]] sparse_plan plan_sums(const data::block& rows, std::span<const double> squares,
                                    metric how) {
  const stored_numbers numbers = look_at_numbers(rows);
  const std::size_t n = rows.rows();
  sparse_plan out;
  out.plan.how = how;
  out.centered = !rows.shift().empty();
  out.tied = !out.centered && (how == metric::cosine || how == metric::dot);
  const bool exact = numbers.whole && numbers.most_square <= most_whole;
  // Of centred rows sums are exact, but what is made of them is rounded.
  if (exact && !out.centered) out.plan.exact = exact_blur(how, numbers.most_square);
  const double terms = static_cast<double>(numbers.longest) + 16;
  const bool ordinary = numbers.least > 1e-15 && numbers.most < 1e15;
  double center = 0;
  for (const float s : rows.shift()) center += static_cast<double>(s) * static_cast<double>(s);
  center = std::sqrt(center);
  const bool l1 = how == metric::l1;
  // Where centred rows are short beside what is stored of them, the rounding of floats would hide them.
  double stored = 0, real = 0;
  for (std::size_t i = 0; i < n; ++i) {
    stored += rows.factor(i) * (numbers.lengths[i] + center);
    real += std::sqrt(squares[i]);
  }
  out.in_float = ordinary && stored <= 32 * real + center;
  const double unit = out.in_float && !exact ? 0x1p-24 : 0x1p-53;
  const double error = terms * unit;

  score_terms& t = out.terms = score_terms(n);
  for (std::size_t i = 0; i < n; ++i) {
    double offset = 0;
    if (how == metric::cosine) {
      offset = 0.5;
      t.factor[i] = squares[i] > 0 ? rows.factor(i) / std::sqrt(squares[i]) : 0;
    } else if (how == metric::l2) {
      offset = squares[i];
      t.factor[i] = std::sqrt(2.0) * rows.factor(i);
    } else if (how == metric::dot) {
      t.factor[i] = rows.factor(i);
    } else {
      for (const float v : rows.stored(i)) offset += std::abs(static_cast<double>(v));
    }
    const double blur =
        out.plan.exact > 0 ? out.plan.exact : terms * (0x1p-52 * std::abs(offset) + 0x1p-120);
    // A sum for L1 is at most twice the shorter of both rows.
    if (!(out.plan.exact > 0))
      t.slack[i] = l1 ? std::sqrt(2 * error * offset)
                      : std::sqrt(error) * t.factor[i] * (numbers.lengths[i] + center);
    t.add(i, offset, blur);
    out.most_slack = (std::max)(out.most_slack, t.slack[i]);
    out.most_blur = (std::max)(out.most_blur, t.blur[i]);
    out.most_factor = (std::max)(out.most_factor, t.factor[i]);
    out.most_pull = (std::max)(out.most_pull, -t.factor[i] * rows.lack(i));
    out.least_low = i == 0 ? t.low[i] : (std::min)(out.least_low, t.low[i]);
  }
  out.floats = float_terms(t);
  if (out.centered)
    for (std::size_t i = 0; i < n; ++i) out.floats.lacks.push_back(lowered(rows.lack(i)));
  for (std::size_t i = 0; out.in_float && i < n; ++i)
    out.of_row.push_back({out.floats.low[i], out.floats.factor[i], out.floats.slack[i],
                          out.centered ? out.floats.lacks[i] : 0});
  return out;
}

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph::detail

#endif
