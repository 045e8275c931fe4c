// SPDX-License-Identifier: MIT
/// \file
/// Bounds on distances from products of floats: what keeps an exact neighbour search as fast as a matrix
/// product.
#ifndef HINT_GRAPH_NEAREST_BOUNDS_HPP
#define HINT_GRAPH_NEAREST_BOUNDS_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/data/block.hpp>
#include <hint/graph/nearest/distance.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/reduce.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace graph {
namespace detail {

/// The score of rows i and j, a number that grows with their distance, is at least low_i + low_j - factor_i
/// factor_j p - slack_i slack_j, where p is the product of their floats, and at most 2 (slack_i slack_j +
/// blur_i + blur_j) more.
struct score_terms {
  explicit score_terms(std::size_t rows) : low(rows), factor(rows, 1), slack(rows), blur(rows) {}
  /// For row i: what it adds to the score, known within `error`.
  void add(std::size_t i, double offset, double error) noexcept {
    blur[i] += error;
    low[i] += offset - error;
  }
  std::vector<double> low, factor, slack, blur;
};

/// From a distance to its score, no lower than that of anything that rounds to the same float.
struct score_of {
  metric how = metric::l2;
  double unit = 1;  ///< what one of the rows' units is in those that were multiplied
  [[nodiscard]] double operator()(double distance) const noexcept {
    const double d = distance * unit;
    const double score = how == metric::l2 ? d * d : how == metric::dot ? d * unit : d;
    return score + 0x1p-21 * std::abs(score);
  }
};

/// How rows become those that are multiplied: x to unit x, or x / ||x|| for cosine, minus `center`.
struct float_plan {
  metric how = metric::l2;
  double unit = 1;               ///< a power of two
  std::vector<double> center{};  ///< empty: 0
  bool copies = false;           ///< whether they differ from the rows as they are
  /// Above 0 when products are exact, as those of small whole numbers: what double may round of half a
  /// score, the same for all.
  double exact = 0;

  [[nodiscard]] score_of score() const noexcept { return {how, how == metric::cosine ? 1 : unit}; }
};

/// Whether there is nothing else. O(n d), but O(1) as a rule.
[[nodiscard]] inline bool whole_numbers(const linalg::matrix_view<float>& x) noexcept {
  for (linalg::index i = 0; i < x.rows(); ++i)
    for (const float v : linalg::row_span<float>(x, i))
      if (v != std::floor(v)) return false;
  return true;
}

/// Sums of products of whole numbers of so large squares are exact in float.
inline constexpr double most_whole = 0x1p24;
[[nodiscard]] inline double exact_blur(metric how, double most_square) noexcept {
  return 0x1p-46 * (how == metric::cosine ? 1 : most_square + 1);
}

/// Squares and products of floats neither overflow nor vanish for rows of squared length 0 or in here.
inline constexpr double least_square = 1e-12, most_square = 1e30;

/// Floats are multiplied as they are, unless their squares leave the range of floats or, on a sample of 16
/// rows, 9/10 of them is a part that all have in common, which would hide how rows differ: then a
/// copy, shifted and scaled in double, is. Small whole numbers (counts, tags) need no bounds: that their
/// many ties are exact saves looking at each. Rows `ids` are x, rows `other_ids` those that they are going to be
/// multiplied with; `squares` are of all rows of the block. O(16 d + rows); O(n d) for whole numbers.
[[nodiscard]] inline float_plan plan_floats(const linalg::matrix_view<float>& x,
                                            std::span<const data::row_id> ids,
                                            const linalg::matrix_view<float>& others,
                                            std::span<const data::row_id> other_ids,
                                            std::span<const double> squares, metric how) {
  float_plan plan;
  plan.how = how;
  double most = 0, least = std::numeric_limits<double>::infinity();
  for (const auto rows : {ids, other_ids})
    for (const data::row_id i : rows) {
      most = (std::max)(most, squares[i]);
      if (squares[i] > 0) least = (std::min)(least, squares[i]);
    }
  if (how != metric::l1 && most <= most_whole && whole_numbers(x) &&
      (others.data() == x.data() || whole_numbers(others))) {
    plan.exact = exact_blur(how, most);
    return plan;
  }
  if (how == metric::cosine) {
    plan.copies = most > most_square || least < least_square;
  } else if (most > most_square || (most > 0 && most < least_square)) {
    plan.copies = true;
    plan.unit = std::ldexp(1.0, -std::ilogb(std::sqrt(most)));
  }
  if (how == metric::l1 || ids.empty()) return plan;  // differences do not cancel

  const std::size_t sample = (std::min<std::size_t>)(16, ids.size());
  std::vector<double> center(static_cast<std::size_t>(x.cols()));
  double all = 0;
  for (std::size_t s = 0; s < sample; ++s) {
    const std::size_t i = s * ids.size() / sample;
    const double square = squares[ids[i]];
    const double scale =
        how == metric::cosine ? (square > 0 ? 1 / std::sqrt(square) : 0) : plan.unit;
    const auto row = linalg::row_span<float>(x, static_cast<linalg::index>(i));
    for (std::size_t j = 0; j < center.size(); ++j)
      center[j] += scale * static_cast<double>(row[j]) / static_cast<double>(sample);
    all += scale * scale * square / static_cast<double>(sample);
  }
  double common = 0;
  for (const double c : center) common += c * c;
  if (sample > 1 && common > 0.9 * all) {
    plan.copies = true;
    plan.center = std::move(center);
  }
  return plan;
}

/// `out` = the rows x by a plan that copies.
inline void copy_floats(const linalg::matrix_view<float>& x, std::span<const data::row_id> ids,
                        std::span<const double> squares, const float_plan& plan,
                        linalg::matrix<float>& out) {
  out.resize(x.rows(), x.cols());
  for (linalg::index i = 0; i < x.rows(); ++i) {
    const double square = squares[ids[static_cast<std::size_t>(i)]];
    const double scale =
        plan.how == metric::cosine ? (square > 0 ? 1 / std::sqrt(square) : 0) : plan.unit;
    for (linalg::index j = 0; j < x.cols(); ++j)
      out(i, j) =
          static_cast<float>(scale * static_cast<double>(x(i, j)) -
                             (plan.center.empty() ? 0 : plan.center[static_cast<std::size_t>(j)]));
  }
}

/// A product of d floats errs by at most this times the rows' lengths: the longest chain of additions, with
/// a margin for what is rounded on the way there, in units of rounding (Higham, Accuracy and
/// Stability of Numerical Algorithms, section 3.1). linalg adds up 256 products at a time.
[[nodiscard]] inline double float_product_error(std::size_t d) noexcept {
  return (static_cast<double>((std::min<std::size_t>)(d, 256) + d / 256) + 10) * 0x1p-24;
}
[[nodiscard]] inline double double_product_error(std::size_t d) noexcept {
  return (static_cast<double>(d) + 10) * 0x1p-53;
}
/// Of a sum of absolute differences of floats, relative to itself (linalg::l1_distance).
[[nodiscard]] inline double float_l1_error(std::size_t d) noexcept {
  return (std::min)(0.5, (static_cast<double>(d) / 8 + 16) * 0x1p-24);
}

/// Terms of rows `ids`, of which `multiplied` was made by the plan (not looked at unless it copies), for
/// products that err by `error` times the lengths. O(n d) for copies, else O(n).
[[nodiscard]] inline score_terms terms_of(std::span<const data::row_id> ids,
                                          std::span<const double> squares, const float_plan& plan,
                                          const linalg::matrix_view<float>& multiplied,
                                          double error) {
  double common = 0;  // the center's square
  for (const double c : plan.center) common += c * c;
  const auto d = static_cast<double>(multiplied.cols()) + 16;
  score_terms t(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    double square = squares[ids[i]], along = 0;  // of a row as multiplied; its product with c
    if (plan.copies) {
      const auto row = linalg::row_span<float>(multiplied, static_cast<linalg::index>(i));
      square = dense_pair{row, row}.sum([](double v, double) { return v * v; });
      for (std::size_t j = 0; j < plan.center.size(); ++j)
        along += static_cast<double>(row[j]) * plan.center[j];
    }
    const double length = std::sqrt(square);
    // Copies were rounded to float, and before that directions to double, which moved them by so much.
    const double moved =
        plan.copies ? 0x1p-23 * length + (plan.how == metric::cosine ? 0x1p-51 : 0) : 0;
    double offset = 0, blur = 0;
    t.slack[i] = std::sqrt(error) * length;
    if (plan.how == metric::l2) {  // ||x||^2 + ||y||^2 - 2 <x, y>
      offset = square;
      blur = 2 * moved * (length + moved);
      t.factor[i] = std::sqrt(2.0);
      t.slack[i] *= std::sqrt(2.0);
    } else if (plan.how == metric::cosine && plan.copies) {  // half of that, for unit rows
      offset = square / 2;
      blur = moved * (length + moved);
    } else if (plan.how == metric::cosine) {  // 1 - <x, y> / (||x|| ||y||)
      offset = 0.5;
      t.factor[i] = length > 0 ? 1 / length : 0;
      t.slack[i] = std::sqrt(error);
    } else if (plan.how == metric::dot) {  // -<x + c, y + c>
      offset = -(along + common / 2);
      blur = moved * std::sqrt(common) + d * 0x1p-52 * common;
    } else {  // |x - y|, which is the product; no lower than its share
      t.factor[i] = std::sqrt(1 - error);
      t.slack[i] = 0;
    }
    // What double rounds, and what is lost below the least float.
    blur += d * (0x1p-52 * std::abs(offset) + 0x1p-120);
    t.add(i, offset, plan.exact > 0 ? plan.exact : blur);
  }
  return t;
}

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph::detail

#endif
