// SPDX-License-Identifier: MIT
/// \file
/// Nearest rows by the cosines of both modalities together, each of which may be dense or sparse.
#ifndef HINT_GRAPH_FUSED_HPP
#define HINT_GRAPH_FUSED_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/finite.hpp>
#include <hint/data/block.hpp>
#include <hint/graph/nearest.hpp>
#include <hint/graph/neighbor_lists.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>

#if !defined(HINT_ELSEWHERE)
#include <hint/data/compact.hpp>
#include <hint/graph/nearest/block_pairs.hpp>
#include <hint/graph/nearest/inverted_index.hpp>
#include <hint/graph/nearest/scan.hpp>
#include <hint/graph/nearest/self_join.hpp>
#endif

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace graph {

/// The k other rows with the largest g cos_image + (1 - g) cos_text of every row; distances are these sums,
/// negated. Rows of zeros have cosine 0 with all. Exact up to float rounding; ties by row; the same bits for
/// any number of threads. Each pair of rows is looked at once. Sparse blocks stay sparse, and dense ones of which
/// most numbers are 0 become so. Time: as `nearest` of both. Memory: O(n k), and a tile of each thread. Asked to
/// stop, as `nearest`. Throws `shape_error` for modalities
/// of different size, `invalid_argument` for k = 0, NaN or infinity, `invalid_option` unless 0 <= image_weight <= 1.
HINT_LAZY
[[nodiscard]] neighbor_lists nearest_fused(const std::array<data::block, 2>& rows,
                                           double image_weight, std::size_t k,
                                           const context& ctx = {});

#if !defined(HINT_ELSEWHERE)
namespace detail {

/// The weighted cosines of rows of one modality with each other.
template <class = void>  // as HINT_LAZY
class weighted_cosines {
 public:
  weighted_cosines(const data::block& rows, double weight, const context& ctx)
      : rows_(data::compact(rows, ctx)), scales_(squared_norms(rows_, ctx)) {
    if (!all_finite(scales_.data(), scales_.size()))
      data::check_finite(rows_, "nearest_fused", ctx);
    for (double& s : scales_) s = s > 0 ? std::sqrt(weight / s) : 0;
    if (rows_.is_sparse()) {
      for (std::size_t i = 0; i < scales_.size(); ++i) {
        scales_[i] *= rows_.factor(i);
        lacks_.push_back(rows_.lack(i));
      }
      return;
    }
    // Products of rows that are neither very long nor very short stay within floats.
    const bool ordinary = std::all_of(scales_.begin(), scales_.end(), [](double s) {
      return s == 0 || (s > 0x1p-40 && s < 0x1p40);
    });
    if (rows_.is_contiguous() && ordinary) return;
    copy_.resize(static_cast<linalg::index>(rows_.rows()),
                 static_cast<linalg::index>(rows_.cols()));
    rows_.copy_rows(0, copy_);
    if (ordinary) return;
    for (linalg::index i = 0; i < copy_.rows(); ++i) {
      double& scale = scales_[static_cast<std::size_t>(i)];
      copy_.row(i) = (copy_.row(i).cast<double>() * scale).cast<float>();
      scale = scale > 0 ? 1 : 0;
    }
  }
  /// Columns that products have to go through.
  [[nodiscard]] std::size_t dense_cols() const noexcept {
    return rows_.is_sparse() ? 0 : rows_.cols();
  }
  /// sums(q, c) += the cosine of rows begin + q and first + c. The same bits for the two either way round.
  void add_to(std::size_t begin, std::size_t first, linalg::matrix<float>& sums) const {
    const auto width = static_cast<std::size_t>(sums.cols());
    const auto scaled = [&](linalg::index q, const auto& product) {
      const double scale = scales_[begin + static_cast<std::size_t>(q)];
      float* const to = sums.row(q).data();
      for (std::size_t c = 0; c < width; ++c)
        to[c] += static_cast<float>(scale * scales_[first + c] * product(c));
    };
    if (!rows_.is_sparse()) {
      const auto all = copy_.size() > 0 ? linalg::matrix_view<float>(copy_)
                                        : linalg::matrix_view<float>(rows_.dense());
      linalg::matrix<float> products(sums.rows(), sums.cols());
      linalg::multiply_transposed<float>(
          all.middleRows(static_cast<linalg::index>(begin), sums.rows()),
          all.middleRows(static_cast<linalg::index>(first), sums.cols()), products);
      for (linalg::index q = 0; q < sums.rows(); ++q) {
        const float* const p = products.row(q).data();
        scaled(q, [p](std::size_t c) { return static_cast<double>(p[c]); });
      }
      return;
    }
    const inverted_index columns(rows_, first, first + width);
    std::vector<double> exact(width);
    for (linalg::index q = 0; q < sums.rows(); ++q) {
      const std::size_t row = begin + static_cast<std::size_t>(q);
      std::fill(exact.begin(), exact.end(), 0.0);
      rows_.for_each_stored(row, [&](std::size_t j, float value) {
        for (const auto& [other, v] : columns[j])
          exact[other] += static_cast<double>(value) * static_cast<double>(v);
      });
      const double* const lacks = lacks_.data() + first;
      scaled(q, [&exact, lacks, lack = lacks_[row]](std::size_t c) {
        return exact[c] - (lack + lacks[c]);
      });
    }
  }

 private:
  data::block rows_;
  std::vector<double> scales_;
  std::vector<double> lacks_;  // of sparse rows
  linalg::matrix<float> copy_;
};

}  // namespace detail

template <class>
neighbor_lists nearest_fused(const std::array<data::block, 2>& rows, double image_weight,
                             std::size_t k, const context& ctx) {
  expects(k >= 1, "nearest_fused: k is 0, expected at least 1");
  option_in("image_weight", image_weight, 0, 1);
  const std::size_t n = rows[0].rows();
  expects<shape_error>(rows[1].rows() == n, "nearest_fused: image has ", n, " rows, text has ",
                       rows[1].rows());
  k = (std::min)(k, n > 0 ? n - 1 : 0);
  neighbor_lists out(n, k);
  const detail::weighted_cosines<> image(rows[0], image_weight, ctx);
  const detail::weighted_cosines<> text(rows[1], 1 - image_weight, ctx);
  const std::size_t side = detail::rows_at_once(
      n, (std::max)(image.dense_cols() + text.dense_cols(), std::size_t{64}), ctx);
  std::vector<nearest_rows> lists(n, nearest_rows(k));
  std::vector<float> limits(
      n, k > 0 ? std::numeric_limits<float>::infinity() : -std::numeric_limits<float>::infinity());
  const detail::float_terms terms{detail::score_terms(n)};  // scores are sums, negated
  const auto offer = [&](std::size_t i, std::size_t other, float sum) {
    lists[i].offer({static_cast<node_id>(other), -sum});
    const auto found = lists[i].get();
    if (found.size() == k) limits[i] = detail::raised(static_cast<double>(found.back().distance));
  };
  const bool done =
      detail::for_block_pairs(ctx, (n + side - 1) / side, [&](std::size_t a, std::size_t b) {
        const std::size_t begin = a * side, end = (std::min)(n, begin + side);
        const std::size_t first = b * side, last = (std::min)(n, first + side);
        linalg::matrix<float> sums;
        sums.setZero(static_cast<linalg::index>(end - begin),
                     static_cast<linalg::index>(last - first));
        image.add_to(begin, first, sums);
        text.add_to(begin, first, sums);
        for (std::size_t q = begin; q < end; ++q)
          detail::scan(
              terms, q, terms, sums.row(static_cast<linalg::index>(q - begin)).data(), first,
              limits.data(), a == b ? q + 1 : first, last, [&] { return limits[q]; },
              [&](std::size_t c, float sum) {
                offer(q, c, sum);
                offer(c, q, sum);
              });
      });
  for (std::size_t i = 0; done && i < n; ++i) out.set(i, lists[i].get());
  return out;
}
#endif

#if defined(HINT_COMPILED)
HINT_EXTERN template neighbor_lists nearest_fused<>(const std::array<data::block, 2>&, double,
                                                    std::size_t, const context&);
#endif

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph

#endif
