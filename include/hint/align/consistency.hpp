// SPDX-License-Identifier: MIT
/// \file
/// The consistency loss of HINT: a sample and its cross-modal proxy should see the other modality of
/// the batch alike (paper, Eq. 9 and 10).
#ifndef HINT_ALIGN_CONSISTENCY_HPP
#define HINT_ALIGN_CONSISTENCY_HPP

#include <hint/align/similarity.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace align {

struct consistency_options {
  double temperature = 0.3;  ///< of the distributions p of Eq. 9, which the paper leaves open

  void validate() const { option_in("temperature", temperature, 1e-3, 1e3); }
};

/// mean over i of KL( softmax_j(cos(h_i, g_j) / tau) || softmax_j(cos(m_i, g_j) / tau) ).
/// Stateless; const use is thread-safe.
class consistency {
 public:
  consistency() = default;
  /// Throws `invalid_option`.
  explicit consistency(consistency_options o) : options_(o) { options_.validate(); }

  /// h: samples, m: their cross-modal proxies, g: the batch in the opposite modality; all B x L. Adds
  /// the gradients, times `weight`, to `dh`, `dg` and, when it is not null, `dm`. O(B^2 L). Returns
  /// the unweighted value, 0 for B = 0. Throws `shape_error`.
  template <class T>
  T value_and_gradient(const linalg::matrix_view<T>& h, const linalg::matrix_view<T>& m,
                       const linalg::matrix_view<T>& g, T weight, linalg::matrix_ref<T> dh,
                       linalg::matrix_ref<T> dg, linalg::matrix_ref<T>* dm = nullptr) const {
    expects<shape_error>(h.rows() == m.rows() && h.cols() == m.cols() && h.cols() == g.cols(),
                         "consistency: codes of ", h.rows(), " x ", h.cols(), ", proxies of ",
                         m.rows(), " x ", m.cols(), ", opposite codes of ", g.rows(), " x ",
                         g.cols());
    if (h.rows() == 0 || g.rows() == 0) return 0;
    const similarity how = with_slope(similarity::cosine, h.cols());
    const directions<T> x(h, how), y(m, how), z(g, how);
    const T rate = static_cast<T>(1 / options_.temperature);
    linalg::matrix<T> a(h.rows(), g.rows()), c(h.rows(), g.rows());
    linalg::multiply_transposed<T>(x.rows, z.rows, a);
    linalg::multiply_transposed<T>(y.rows, z.rows, c);
    a *= rate;
    c *= rate;
    log_softmax(a);
    log_softmax(c);
    const linalg::matrix<T> p = a.array().exp();
    const linalg::vector<T> kl = (p.array() * (a - c).array()).rowwise().sum();
    const T step = weight * rate / static_cast<T>(h.rows());
    linalg::matrix<T> dx = a - c;  // of the logits of h
    dx.colwise() -= kl;
    dx = step * p.array() * dx.array();
    const linalg::matrix<T> dy = step * (c.array().exp() - p.array());  // of the logits of m
    linalg::matrix<T> of_rows(h.rows(), h.cols()), of_x(g.rows(), g.cols()),
        of_y(g.rows(), g.cols());
    linalg::multiply<T>(dx, z.rows, of_rows);
    x.backward(of_rows, dh);
    linalg::transposed_multiply<T>(dx, x.rows, of_x);
    linalg::transposed_multiply<T>(dy, y.rows, of_y);
    of_x += of_y;
    z.backward(of_x, dg);
    if (dm) {
      linalg::multiply<T>(dy, z.rows, of_rows);
      y.backward(of_rows, *dm);
    }
    return kl.sum() / static_cast<T>(h.rows());
  }

 private:
  consistency_options options_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::align

#endif
