// SPDX-License-Identifier: MIT
/// \file
/// How far the cosines between codes are from given similarities: the loss that DJSRH, JDSH and DGCPN share.
#ifndef HINT_ALIGN_COSINE_MSE_HPP
#define HINT_ALIGN_COSINE_MSE_HPP

#include <hint/align/similarity.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace align {

/// ||A^ C^' - S||^2 / (B B'), where A^ and C^ are a (B x L) and c (B' x L) with rows divided by their
/// length and S (B x B') need not be symmetric. Adds the gradients, times `weight`, to `da` and `dc`, which
/// may be one matrix when a and c are: with E = 2 (A^ C^' - S) / (B B') they are E C^ and E' A^, taken back
/// through the division (`directions::backward`). Rows of zeros count as directions of length 0.
/// O(B B' L). Returns the unweighted value, 0 for B = 0. Const use is thread-safe. Throws `shape_error`.
template <class T>
T cosine_mse(const linalg::matrix_view<T>& a, const linalg::matrix_view<T>& c,
             const linalg::matrix_view<T>& s, T weight, linalg::matrix_ref<T> da,
             linalg::matrix_ref<T> dc) {
  expects<shape_error>(a.cols() == c.cols() && s.rows() == a.rows() && s.cols() == c.rows(),
                       "cosine_mse: codes of ", a.rows(), " x ", a.cols(), " and ", c.rows(), " x ",
                       c.cols(), ", similarities of ", s.rows(), " x ", s.cols());
  expects<shape_error>(da.rows() == a.rows() && da.cols() == a.cols() && dc.rows() == c.rows() &&
                           dc.cols() == c.cols(),
                       "cosine_mse: gradients of ", da.rows(), " x ", da.cols(), " and ", dc.rows(),
                       " x ", dc.cols(), ", codes of ", a.rows(), " x ", a.cols(), " and ",
                       c.rows(), " x ", c.cols());
  if (s.size() == 0) return 0;
  const similarity how = with_slope(similarity::cosine, a.cols());
  const directions<T> x(a, how), y(c, how);
  linalg::matrix<T> e(a.rows(), c.rows());
  linalg::multiply_transposed<T>(x.rows, y.rows, e);
  e -= s;
  const T count = static_cast<T>(s.size());
  const T value = e.squaredNorm() / count;
  e *= 2 * weight / count;
  linalg::matrix<T> of_x(a.rows(), a.cols()), of_y(c.rows(), c.cols());
  linalg::multiply<T>(e, y.rows, of_x);
  linalg::transposed_multiply<T>(e, x.rows, of_y);
  x.backward(of_x, da);
  y.backward(of_y, dc);
  return value;
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::align

#endif
