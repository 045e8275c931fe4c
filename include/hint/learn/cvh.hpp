// SPDX-License-Identifier: MIT
/// \file
/// CVH, cross-view hashing: the signs of canonical correlation directions (Kumar and Udupa, IJCAI
/// 2011). The floor that every learnt method has to beat.
#ifndef HINT_LEARN_CVH_HPP
#define HINT_LEARN_CVH_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/modality.hpp>
#include <hint/core/normal.hpp>
#include <hint/core/observer.hpp>
#include <hint/core/random.hpp>
#include <hint/data/check_finite.hpp>
#include <hint/data/dataset.hpp>
#include <hint/learn/linear_hasher.hpp>
#include <hint/learn/scaled_rows.hpp>
#include <hint/linalg/covariance.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>
#include <hint/linalg/singular.hpp>
#include <hint/linalg/whitening.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

struct cvh_options {
  std::size_t bits = 64;         ///< L; 1 .. 16384
  double regularization = 0.01;  ///< added to the diagonal of both covariances, times its mean; > 0

  void validate() const {
    option_in("bits", bits, 1, max_bits);
    option_in("regularization", regularization, 1e-12, 1e12);
  }
};

/// Solves Cxy Cyy^-1 Cyx w = l^2 Cxx w on centred features; one bit per direction, strongest first.
/// Features are taken as they are: scale them beforehand (`data::normalizer`), and queries alike.
/// There are at most min(d_image, d_text) correlated directions, fewer when features repeat each other
/// or pairs are few; bits beyond them are signs of random combinations of all of them, the same in
/// both modalities. Along a single direction (one column, proportional rows) there is nothing to combine:
/// bit i of L then says whether an item is beyond the i-th L-quantile of its modality, so that
/// Hamming distances are differences of ranks.
class cvh {
 public:
  using options = cvh_options;
  /// Throws `invalid_option`.
  explicit cvh(cvh_options o = {}) : options_(o) { options_.validate(); }

  /// O(n d^2 + d^3) time, O(n d + d^2) memory; the same bits for any number of threads. Tells the observer
  /// (phase "scale") when all rows of a modality are equal, so that they get one code. Throws
  /// `invalid_argument` for fewer than two pairs, no columns, NaN or infinity, `shape_error` for
  /// modalities of different size, `error` when asked to stop, since half a decomposition is no model:
  /// the observer is asked before each product and factorisation, which end what they have begun.
  template <data::paired_dataset D>
  [[nodiscard]] linear_hasher fit(const D& dataset, const context& ctx = {}) const {
    expects(dataset.size() >= 2, "fit: the data set has ", dataset.size(),
            " pairs, expected at least 2");
    const data::paired<> rows(data::as_block(dataset.image()), data::as_block(dataset.text()));
    std::array<matrix, 2> x{to_double(rows.image(), image, ctx), to_double(rows.text(), text, ctx)};
    const std::array<linalg::row_vector<double>, 2> means{linalg::center_rows(x[0]),
                                                          linalg::center_rows(x[1])};
    for (const modality m : modalities)
      if (x[index_of(m)].isZero(0))
        ctx.observer.on(phase_report{
            .phase = "scale", .done = 1, .note = detail::all_rows_equal(m, dataset.size())});
    const std::array<matrix, 2> directions = canonical_directions(x, ctx);
    go_on(ctx);
    return hasher(directions, means, x, ctx);
  }

 private:
  using matrix = linalg::matrix<double>;

  static void go_on(const context& ctx) {
    expects<error>(!ctx.observer.stop_requested(), "fit: asked to stop before CVH had a model");
  }
  HINT_LAZY
  static matrix to_double(const data::block& rows, modality m, const context& ctx) {
    expects(rows.cols() >= 1, "fit: ", name_of(m), " has no columns");
    data::check_finite(rows, name_of(m), ctx);
    linalg::matrix<float> x(static_cast<linalg::index>(rows.rows()),
                            static_cast<linalg::index>(rows.cols()));
    rows.copy_rows(0, x);
    go_on(ctx);
    return x.cast<double>();
  }
  /// Whitened by Cxx = A A^T and Cyy = B B^T, the singular vectors of K = A^-1 Cxy B^-T are the
  /// directions of both modalities, and its singular values their correlations. d x rank each; what
  /// is beyond 1e-6 of the strongest correlation is rounding noise.
  HINT_LAZY
  [[nodiscard]] std::array<matrix, 2> canonical_directions(const std::array<matrix, 2>& centered,
                                                           const context& ctx) const {
    const auto whiten = [&](const matrix& x) {
      matrix covariance = linalg::covariance<double>(x, x, ctx.executor);
      go_on(ctx);
      linalg::whitening w(std::move(covariance), options_.regularization);
      go_on(ctx);
      return w;
    };
    const linalg::whitening of_image = whiten(centered[0]), of_text = whiten(centered[1]);
    matrix k = linalg::covariance<double>(centered[0], centered[1], ctx.executor);
    go_on(ctx);
    of_image.whiten(k);
    matrix transposed = k.transpose();
    of_text.whiten(transposed);  // K^T, d_text x d_image
    go_on(ctx);
    linalg::singular_vectors found =
        linalg::leading_singular_vectors(transposed, 1e-6, ctx.executor);
    of_image.directions(found.right);
    of_text.directions(found.left);
    return {std::move(found.right), std::move(found.left)};
  }
  /// Bits are signs of the mixed directions from the mean on: W = mixing directions^T, c = mean as far as
  /// floats can hold it, t = W (mean - c). Weights that floats might not hold are multiplied by a power of
  /// two, which no sign depends on.
  HINT_LAZY
  [[nodiscard]] linear_hasher hasher(const std::array<matrix, 2>& directions,
                                     const std::array<linalg::row_vector<double>, 2>& means,
                                     const std::array<matrix, 2>& centered,
                                     const context& ctx) const {
    const matrix mixing = combinations(directions[0].cols(), ctx);
    std::array<linear_hasher::projection, 2> out;
    for (std::size_t m = 0; m < 2; ++m) {
      matrix w(mixing.rows(), directions[m].rows());  // L x d
      linalg::multiply_transposed<double>(mixing, directions[m], w, ctx.executor);
      for (linalg::index i = 0; i < w.rows(); ++i)
        if (const double most = w.row(i).cwiseAbs().maxCoeff(); most > 0x1p60 || most < 0x1p-60)
          if (most > 0) w.row(i) *= std::ldexp(1.0, -std::ilogb(most));
      out[m].weights = w.cast<float>();
      out[m].center = means[m].cast<float>();
      const linalg::row_vector<double> rest = means[m] - out[m].center.cast<double>();
      linalg::vector<double> t = (w.array().rowwise() * rest.array()).rowwise().sum();
      if (mixing.cols() == 1) t += quantiles(centered[m], w.row(0));
      out[m].thresholds = t.cast<float>();
    }
    return linear_hasher(std::move(out));
  }
  /// L x rank: the first directions as they are, then random combinations.
  HINT_LAZY
  [[nodiscard]] matrix combinations(linalg::index rank, const context& ctx) const {
    const auto bits = static_cast<linalg::index>(options_.bits);
    matrix out = matrix::Identity(bits, rank);
    const random_stream random = ctx.random("cvh combinations");
    for (linalg::index i = rank; i < bits; ++i)
      for (linalg::index j = 0; j < rank; ++j)
        out(i, j) = rank > 1 ? normal(random, static_cast<std::uint64_t>(i * rank + j)) : 1;
    return out;
  }
  /// Of x w over all rows, 0 (the mean) for the first bit, then half-way between the rows before and after
  /// the i-th quantile of L.
  HINT_LAZY
  [[nodiscard]] linalg::vector<double> quantiles(const matrix& x,
                                                 const linalg::row_vector<double>& w) const {
    const linalg::vector<double> along = x * w.transpose();
    std::vector<double> sorted(along.data(), along.data() + along.size());
    std::sort(sorted.begin(), sorted.end());
    linalg::vector<double> out =
        linalg::vector<double>::Zero(static_cast<linalg::index>(options_.bits));
    for (std::size_t i = 1; i < options_.bits; ++i) {
      const std::size_t at = (std::max<std::size_t>)(1, i * sorted.size() / options_.bits);
      out(static_cast<linalg::index>(i)) = (sorted[at - 1] + sorted[at]) / 2;
    }
    return out;
  }

  cvh_options options_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
