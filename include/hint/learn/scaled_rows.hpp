// SPDX-License-Identifier: MIT
/// \file
/// Features as networks get them: scaled as asked for, or otherwise where that would leave nothing to
/// learn from; with a remark for people.
#ifndef HINT_LEARN_SCALED_ROWS_HPP
#define HINT_LEARN_SCALED_ROWS_HPP

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/modality.hpp>
#include <hint/data/block.hpp>
#include <hint/data/check_finite.hpp>
#include <hint/data/compact.hpp>
#include <hint/data/normalize.hpp>
#include <hint/data/one_direction.hpp>
#include <hint/data/scaled_when_read.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

namespace detail {

[[nodiscard]] inline std::string all_rows_equal(modality m, std::size_t n) {
  return ::hint::detail::concat(name_of(m), ": all ", n,
                                " rows are equal, so nothing can be learnt from them");
}
/// O(n d), but O(d) as a rule.
HINT_LAZY
[[nodiscard]] bool rows_equal(const data::block& rows, const context& ctx) {
  linalg::matrix<float> two(2, static_cast<linalg::index>(rows.cols()));
  const std::size_t pairs = rows.rows() > 0 ? rows.rows() - 1 : 0;
  return data::detail::holds_for_all(pairs, ctx, [&](std::size_t i) {
    rows.copy_rows(i, two);
    return two.row(0) == two.row(1);
  });
}

}  // namespace detail

/// A modality's features as a network gets them.
struct scaled_rows {
  data::normalizer scaling;
  data::block rows;
  std::string remark;  ///< what is odd about them, naming the modality; empty as a rule
};

/// Scales by `how`. Where that keeps directions alone and all rows are multiples of one (one column,
/// proportional rows), they are scaled by data::scaling::homogeneous, which keeps the factors, and a remark says
/// so. A remark also says when all rows are equal, or of one direction by a scaling that the user chose to
/// keep lengths. Rows of which most numbers are 0 become sparse, and stay so also when they are centred (see
/// `data::compact`, `data::normalizer::transform_sparse`), however they were stored. Of dense ones a scaled copy is made
/// that has `largest_copy` bytes at most; more are scaled whenever they are read, to the same bits. O(n d). Throws as
/// `data::normalizer::fit`.
HINT_LAZY
[[nodiscard]] scaled_rows scale_rows(const data::block& features, data::scaling how, modality m,
                                     const context& ctx = {},
                                     std::size_t largest_copy = std::size_t{1} << 28) {
  const data::block numbers = data::compact(features, ctx);
  if (numbers.is_mostly_zero())  // `fit` would not name the file that a row came from
    data::check_finite(features, name_of(m), ctx);
  const auto scaled = [&](data::scaling s) {
    scaled_rows out{data::normalizer::fit(numbers, s, name_of(m), ctx), {}, {}};
    const bool copied =
        numbers.is_sparse() ||
        numbers.rows() <= largest_copy / sizeof(float) / (std::max<std::size_t>)(1, numbers.cols());
    out.rows = numbers.is_mostly_zero() ? out.scaling.transform_sparse(numbers, ctx)
               : copied                 ? out.scaling.transform(numbers, ctx)
                                        : data::scaled_when_read(numbers, out.scaling);
    return out;
  };
  scaled_rows out = scaled(how);
  if (ctx.observer.stop_requested()) return out;
  const std::string_view name = data::scaling_names[static_cast<std::size_t>(how)];
  const bool multiples = data::drops_lengths(how) && data::multiples_of_one(features, ctx);
  if (!multiples && !data::one_direction(out.rows, ctx)) return out;
  if (detail::rows_equal(features, ctx)) {
    out.remark = detail::all_rows_equal(m, features.rows());
    return out;
  }
  if (multiples) {
    scaled_rows other = scaled(data::scaling::homogeneous);
    other.remark =
        ::hint::detail::concat(name_of(m), ": all rows are multiples of one, by factors that ",
                               name, " leaves out; the scaling homogeneous takes its place");
    if (!data::one_direction(other.rows, ctx)) return other;
  }
  if (ctx.observer.stop_requested()) return out;
  out.remark = ::hint::detail::concat(name_of(m), ": all ", features.rows(),
                                      " rows have one direction after the scaling ", name,
                                      ", so cosines do not tell them apart");
  return out;
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
