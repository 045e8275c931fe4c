// SPDX-License-Identifier: MIT
/// \file
/// Means and covariances of rows, with the same bits for any number of threads.
#ifndef HINT_LINALG_COVARIANCE_HPP
#define HINT_LINALG_COVARIANCE_HPP

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace linalg {

/// Subtracts the mean row from every row and returns it. `x`: n x d, n at least 1, else
/// `invalid_argument`. O(n d).
template <real T>
row_vector<T> center_rows(matrix<T>& x) {
  expects(x.rows() >= 1, "center_rows: x has no rows");
  const row_vector<T> mean = x.colwise().mean();
  x.rowwise() -= mean;
  return mean;
}

/// X^T Y / n for centred X of n x p and Y of n x q, n at least 1: p x q. Divided by n, not by n - 1:
/// the covariance of these rows, not an estimate from a sample. O(n p q). Throws `shape_error` when
/// the numbers of rows differ, `invalid_argument` when there are none.
template <real T>
[[nodiscard]] matrix<T> covariance(const matrix_view<T>& x, const matrix_view<T>& y,
                                   const executor_ref& e = {}) {
  expects(x.rows() >= 1, "covariance: x has no rows");
  matrix<T> out(x.cols(), y.cols());
  transposed_multiply<T>(x, y, out, e);
  out /= static_cast<T>(x.rows());
  return out;
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::linalg

#endif
