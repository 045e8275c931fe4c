// SPDX-License-Identifier: MIT
/// \file
/// Nearest rows by the cosines of both modalities together, where one of them is wide and sparse.
#ifndef HINT_GRAPH_FUSED_HPP
#define HINT_GRAPH_FUSED_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/until_stopped.hpp>
#include <hint/data/block.hpp>
#include <hint/graph/nearest.hpp>
#include <hint/graph/neighbor_lists.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>

#if !defined(HINT_ELSEWHERE)
#include <hint/graph/nearest/inverted_index.hpp>
#include <hint/graph/nearest/tiles.hpp>
#endif

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace graph {

/// The k other rows with the largest g cos_image + (1 - g) cos_text of every row; distances are these sums,
/// negated. Rows of zeros have cosine 0 with all. Exact up to float rounding; ties by row; the same bits for
/// any number of threads. Sparse blocks stay sparse. Time: as `nearest` of both. Memory: O(n k), and n floats
/// for each query of a tile of each thread. Asked to stop, as `nearest`. Throws `shape_error` for modalities
/// of different size, `invalid_argument` for k = 0.
HINT_LAZY
[[nodiscard]] neighbor_lists nearest_fused(const std::array<data::block, 2>& rows,
                                           double image_weight, std::size_t k,
                                           const context& ctx = {});

#if !defined(HINT_ELSEWHERE)
namespace detail {

/// The weighted cosines of rows of one modality with all its rows.
template <class = void>  // as HINT_LAZY
class weighted_cosines {
 public:
  weighted_cosines(const data::block& rows, double weight, const context& ctx)
      : rows_(rows), scales_(squared_norms(rows, ctx)) {
    for (double& s : scales_) s = s > 0 ? std::sqrt(weight / s) : 0;
    if (rows.is_sparse()) {
      columns_.emplace(rows, ctx.observer);
      return;
    }
    // Products of rows that are neither very long nor very short stay within floats.
    const bool ordinary = std::all_of(scales_.begin(), scales_.end(), [](double s) {
      return s == 0 || (s > 0x1p-40 && s < 0x1p40);
    });
    if (rows.is_contiguous() && ordinary) return;
    copy_.resize(static_cast<linalg::index>(rows.rows()), static_cast<linalg::index>(rows.cols()));
    rows.copy_rows(0, copy_);
    if (ordinary) return;
    for (linalg::index i = 0; i < copy_.rows(); ++i) {
      double& scale = scales_[static_cast<std::size_t>(i)];
      copy_.row(i) = (copy_.row(i).cast<double>() * scale).cast<float>();
      scale = scale > 0 ? 1 : 0;
    }
  }
  /// Queries that are no more than some milliseconds of work.
  [[nodiscard]] std::size_t queries_at_once() const noexcept {
    if (columns_) return columns_->queries_at_once(rows_.rows());
    const double some = 2e8 / (static_cast<double>(rows_.rows() * (rows_.cols() + 1)) + 1);
    return some < 8 ? 8 : (std::min)(query_tile, static_cast<std::size_t>(some));
  }
  /// sums.row(q) += the cosines of row begin + q with all rows.
  void add_to(std::size_t begin, linalg::matrix<float>& sums) const {
    const auto n = rows_.rows();
    linalg::matrix<float> products;
    std::vector<double> exact;
    if (columns_) {
      exact.resize(n);
    } else {
      const auto all = copy_.size() > 0 ? linalg::matrix_view<float>(copy_)
                                        : linalg::matrix_view<float>(rows_.dense());
      products.resize(sums.rows(), sums.cols());
      linalg::multiply_transposed<float>(
          all.middleRows(static_cast<linalg::index>(begin), sums.rows()), all, products);
    }
    for (linalg::index q = 0; q < sums.rows(); ++q) {
      const std::size_t row = begin + static_cast<std::size_t>(q);
      if (columns_) {
        std::fill(exact.begin(), exact.end(), 0.0);
        rows_.for_each_stored(row, [&](std::size_t j, float value) {
          for (const auto& [other, v] : (*columns_)[j])
            exact[other] += static_cast<double>(value) * static_cast<double>(v);
        });
      }
      const auto at = [&](std::size_t c) {
        return columns_ ? exact[c]
                        : static_cast<double>(products(q, static_cast<linalg::index>(c)));
      };
      for (std::size_t c = 0; c < n; ++c)
        sums(q, static_cast<linalg::index>(c)) +=
            static_cast<float>(scales_[row] * scales_[c] * rows_.product(row, c, at(c)));
    }
  }

 private:
  const data::block& rows_;
  std::vector<double> scales_;
  std::optional<inverted_index> columns_;
  linalg::matrix<float> copy_;
};

}  // namespace detail

template <class>
neighbor_lists nearest_fused(const std::array<data::block, 2>& rows, double image_weight,
                             std::size_t k, const context& ctx) {
  expects(k >= 1, "nearest_fused: k is 0, expected at least 1");
  const std::size_t n = rows[0].rows();
  expects<shape_error>(rows[1].rows() == n, "nearest_fused: image has ", n, " rows, text has ",
                       rows[1].rows());
  k = (std::min)(k, n > 0 ? n - 1 : 0);
  neighbor_lists out(n, k);
  const detail::weighted_cosines<> image(rows[0], image_weight, ctx);
  const detail::weighted_cosines<> text(rows[1], 1 - image_weight, ctx);
  const std::size_t chunk = (std::min)(image.queries_at_once(), text.queries_at_once());
  for_chunks_until_stopped(ctx, n, chunk, [&](std::size_t begin, std::size_t end) {
    linalg::matrix<float> sums;
    sums.setZero(static_cast<linalg::index>(end - begin), static_cast<linalg::index>(n));
    image.add_to(begin, sums);
    text.add_to(begin, sums);
    nearest_rows best(k);
    for (std::size_t q = begin; q < end; ++q) {
      best.clear();
      for (std::size_t c = 0; c < n; ++c)
        if (c != q)
          best.offer({static_cast<node_id>(c),
                      -sums(static_cast<linalg::index>(q - begin), static_cast<linalg::index>(c))});
      out.set(q, best.get());
    }
  });
  return out;
}
#endif

#if defined(HINT_COMPILED)
HINT_EXTERN template neighbor_lists nearest_fused<>(const std::array<data::block, 2>&, double,
                                                    std::size_t, const context&);
#endif

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph

#endif
