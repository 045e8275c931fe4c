// SPDX-License-Identifier: MIT
/// \file
/// Whitening: the change of coordinates after which a covariance is the identity.
#ifndef HINT_LINALG_WHITENING_HPP
#define HINT_LINALG_WHITENING_HPP

#include <utility>

#include <Eigen/Cholesky>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace linalg {

/// Whitening by Cholesky factors. With the regularised covariance C + r m I = A A^T, where m is the
/// mean of C's diagonal (1 if that is not positive) and A is lower triangular, z = A^-1 x has the
/// identity as covariance. Const use is thread-safe.
class whitening {
 public:
  /// `covariance`: C, d x d, symmetric and positive semidefinite; only its lower triangle is read.
  /// `regularization`: r > 0. O(d^3). Throws `shape_error` unless C is square, `invalid_argument`
  /// when C + r m I is not positive definite, so for r = 0 and a singular C.
  HINT_LAZY
  whitening(matrix<double> covariance, double regularization) {
    matrix<double>& c = covariance;
    expects<shape_error>(c.rows() == c.cols() && c.rows() > 0, "whitening: the covariance is ",
                         c.rows(), " x ", c.cols(), ", expected a square one");
    const double mean = c.trace() / static_cast<double>(c.rows());
    c.diagonal().array() += regularization * (mean > 0 ? mean : 1);
    factor_.compute(c);
    expects(factor_.info() == Eigen::Success, "whitening: the covariance of ", c.rows(),
            " columns is not positive definite with regularization ", regularization);
  }

  /// m = A^-1 m: columns of m (d x k), vectors x, become z.
  HINT_LAZY
  void whiten(matrix<double>& m) const { factor_.matrixL().solveInPlace(m); }
  /// m = A^-T m: columns of m (d x k), directions u in whitened coordinates, become those directions w
  /// for which w^T x = u^T z.
  HINT_LAZY
  void directions(matrix<double>& m) const { factor_.matrixU().solveInPlace(m); }

 private:
  Eigen::LLT<Eigen::MatrixXd> factor_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::linalg

#endif
