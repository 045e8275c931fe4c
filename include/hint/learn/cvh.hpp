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
#include <utility>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/modality.hpp>
#include <hint/core/normal.hpp>
#include <hint/data/dataset.hpp>
#include <hint/learn/linear_hasher.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

struct cvh_options {
  std::size_t bits = 64;         ///< L; 1 .. 4096
  double regularization = 0.01;  ///< added to the diagonal of both covariances, times its mean; > 0

  void validate() const {
    option_in("bits", bits, 1, max_bits);
    option_in("regularization", regularization, 1e-12, 1e12);
  }
};

/// Solves Cxy Cyy^-1 Cyx w = l^2 Cxx w on centred features; one bit per direction, strongest first.
/// There are at most min(d_image, d_text) correlated directions, fewer when features repeat each other
/// or pairs are few; bits beyond them are signs of random combinations of all of them, the same in
/// both modalities.
class cvh {
 public:
  using options = cvh_options;
  /// Throws `invalid_option`.
  explicit cvh(cvh_options o = {}) : options_(o) { options_.validate(); }

  /// O(n d^2 + d^3) time, O(n d + d^2) memory; the same bits for any number of threads. Throws
  /// `invalid_argument` for fewer than two pairs, no columns, NaN or infinity, `shape_error` for
  /// modalities of different size.
  template <data::paired_dataset D>
  [[nodiscard]] linear_hasher fit(const D& dataset, const context& ctx = {}) const {
    expects(dataset.size() >= 2, "fit: the data set has ", dataset.size(),
            " pairs, expected at least 2");
    const data::paired<> rows(data::as_block(dataset.image()), data::as_block(dataset.text()));
    const std::array<matrix, 2> x{to_double(rows.image(), image, ctx),
                                  to_double(rows.text(), text, ctx)};
    std::array<linalg::row_vector<double>, 2> means;
    std::array<matrix, 2> centered = x;
    for (std::size_t m = 0; m < 2; ++m) {
      means[m] = x[m].colwise().mean();
      centered[m].rowwise() -= means[m];
    }
    // Whitened: K = A^-1 Cxy B^-T with Cxx = A A^T, Cyy = B B^T; its singular vectors are the
    // directions. The smaller side's eigenproblem gives them.
    const auto lx = factor(centered[0], ctx);
    const auto ly = factor(centered[1], ctx);
    matrix k(centered[0].cols(), centered[1].cols());
    linalg::transposed_multiply<double>(centered[0], centered[1], k, ctx.executor);
    k /= static_cast<double>(x[0].rows());
    lx.matrixL().solveInPlace(k);
    matrix kt = k.transpose();
    ly.matrixL().solveInPlace(kt);  // K^T, d_text x d_image
    const bool by_image = kt.cols() <= kt.rows();
    const matrix& side = kt;
    matrix gram(by_image ? kt.cols() : kt.rows(), by_image ? kt.cols() : kt.rows());
    if (by_image)
      linalg::transposed_multiply<double>(side, side, gram, ctx.executor);
    else
      linalg::multiply_transposed<double>(side, side, gram, ctx.executor);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(gram);
    const linalg::vector<double> strengths =
        solver.eigenvalues().reverse().cwiseMax(0).cwiseSqrt().cwiseMax(1e-12);
    linalg::index rank = 1;  // the rest, if any, is rounding noise
    while (rank < strengths.size() && strengths(rank) > 1e-6 * strengths(0)) ++rank;
    const linalg::vector<double> strength = strengths.head(rank);

    // u: directions of the whitened side, v = K^T u / strength those of the other one.
    matrix u = solver.eigenvectors().rightCols(rank).rowwise().reverse();
    matrix v(by_image ? kt.rows() : kt.cols(), rank);
    if (by_image)
      linalg::multiply<double>(kt, u, v, ctx.executor);
    else
      linalg::transposed_multiply<double>(kt, u, v, ctx.executor);
    v.array().rowwise() /= strength.transpose().array();
    if (!by_image) std::swap(u, v);
    lx.matrixU().solveInPlace(u);
    ly.matrixU().solveInPlace(v);

    const matrix mixing = combinations(rank, ctx);
    std::array<linear_hasher::projection, 2> out;
    const std::array<const matrix*, 2> directions{&u, &v};
    for (std::size_t m = 0; m < 2; ++m) {
      matrix w(mixing.rows(), directions[m]->rows());  // L x d
      linalg::multiply_transposed<double>(mixing, *directions[m], w, ctx.executor);
      out[m].weights = w.cast<float>();
      out[m].thresholds =
          (w.array().rowwise() * means[m].array()).rowwise().sum().matrix().cast<float>();
    }
    return linear_hasher(std::move(out));
  }

 private:
  using matrix = linalg::matrix<double>;

  static matrix to_double(const data::block& rows, modality m, const context& ctx) {
    expects(rows.cols() >= 1, "fit: ", name_of(m), " has no columns");
    data::check_finite(rows, name_of(m), ctx);
    linalg::matrix<float> x(static_cast<linalg::index>(rows.rows()),
                            static_cast<linalg::index>(rows.cols()));
    rows.copy_rows(0, x);
    return x.cast<double>();
  }
  [[nodiscard]] Eigen::LLT<Eigen::MatrixXd> factor(const matrix& x, const context& ctx) const {
    matrix c(x.cols(), x.cols());
    linalg::transposed_multiply<double>(x, x, c, ctx.executor);
    c /= static_cast<double>(x.rows());
    const double mean = c.trace() / static_cast<double>((std::max<linalg::index>)(1, c.rows()));
    c.diagonal().array() += options_.regularization * (mean > 0 ? mean : 1);
    return Eigen::LLT<Eigen::MatrixXd>(c);
  }
  /// L x rank: the first directions as they are, then random combinations.
  [[nodiscard]] matrix combinations(linalg::index rank, const context& ctx) const {
    const auto bits = static_cast<linalg::index>(options_.bits);
    matrix out = matrix::Identity(bits, rank);
    const random_stream random = ctx.random("cvh combinations");
    for (linalg::index i = rank; i < bits; ++i)
      for (linalg::index j = 0; j < rank; ++j)
        out(i, j) = normal(random, static_cast<std::uint64_t>(i * rank + j));
    return out;
  }

  cvh_options options_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
