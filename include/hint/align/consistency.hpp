// SPDX-License-Identifier: MIT
/// \file
/// The consistency loss of HINT: a sample and its cross-modal proxy should see the other modality of
/// the batch alike (paper, Eq. 9 and 10).
#ifndef HINT_ALIGN_CONSISTENCY_HPP
#define HINT_ALIGN_CONSISTENCY_HPP

#include <cstddef>
#include <span>
#include <vector>

#include <hint/align/similarity.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/linalg/elementwise.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>
#include <hint/linalg/reduce.hpp>
#include <hint/linalg/simd.hpp>

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
  /// the gradients, times `weight`, to `dh`, `dg` and, when it is not null, `dm`. O(B^2 L), the same bits for
  /// any number of threads. Returns the unweighted value, 0 for B = 0. Throws `shape_error`.
  template <class T>
  T value_and_gradient(const linalg::matrix_view<T>& h, const linalg::matrix_view<T>& m,
                       const linalg::matrix_view<T>& g, T weight, linalg::matrix_ref<T> dh,
                       linalg::matrix_ref<T> dg, linalg::matrix_ref<T>* dm = nullptr,
                       const executor_ref& e = {}) const {
    expects<shape_error>(h.rows() == m.rows() && h.cols() == m.cols() && h.cols() == g.cols(),
                         "consistency: codes of ", h.rows(), " x ", h.cols(), ", proxies of ",
                         m.rows(), " x ", m.cols(), ", opposite codes of ", g.rows(), " x ",
                         g.cols());
    if (h.rows() == 0 || g.rows() == 0) return 0;
    const similarity how = with_slope(similarity::cosine, h.cols());
    const directions<T> x(h, how), y(m, how), z(g, how);
    const T rate = static_cast<T>(1 / options_.temperature);
    const T step = weight * rate / static_cast<T>(h.rows());
    // Of the loss by the cosines of h and of m.
    linalg::matrix<T> dx(h.rows(), g.rows()), dy(h.rows(), g.rows());
    linalg::vector<T> divergences(h.rows());
    const auto count = static_cast<std::size_t>(h.rows());
    for_chunks(e, count, loss_rows, [&](std::size_t begin, std::size_t end) {
      const auto first = static_cast<linalg::index>(begin);
      const auto rows = static_cast<linalg::index>(end - begin);
      linalg::matrix_ref<T> a = dx.middleRows(first, rows), c = dy.middleRows(first, rows);
      linalg::multiply_transposed<T>(x.rows.middleRows(first, rows), z.rows, a);
      linalg::multiply_transposed<T>(y.rows.middleRows(first, rows), z.rows, c);
      std::vector<T> scratch(static_cast<std::size_t>(g.rows()));
      for (linalg::index i = 0; i < rows; ++i)
        divergences(first + i) =
            slopes<T>(linalg::row_span<T>(a, i), linalg::row_span<T>(c, i), scratch, rate, step);
      linalg::matrix<T> of_rows(rows, h.cols());
      linalg::multiply<T>(a, z.rows, of_rows);
      x.backward(of_rows, dh.middleRows(first, rows), first);
      if (!dm) return;
      linalg::multiply<T>(c, z.rows, of_rows);
      y.backward(of_rows, dm->middleRows(first, rows), first);
    });
    linalg::matrix<T> of_x(g.rows(), g.cols()), of_y(g.rows(), g.cols());
    linalg::transposed_multiply<T>(dx, x.rows, of_x, e);
    linalg::transposed_multiply<T>(dy, y.rows, of_y, e);
    of_x += of_y;
    z.backward(of_x, dg);
    return linalg::sum(std::span<const T>(divergences.data(), count)) / static_cast<T>(h.rows());
  }

 private:
  /// The divergence of a row from its cosines a and those of its proxy c, which become the slopes by
  /// them. With p and q the two distributions it is sum p (log p - log q), by the logits of a it rises with
  /// p (log p - log q - itself), by those of c with q - p.
  template <class T>
  static T slopes(std::span<T> a, std::span<T> c, std::span<T> difference, T rate, T step) {
    using batch = linalg::batch<T>;
    const batch times(rate);
    linalg::for_batches(
        a.size(),
        [&](auto& x, auto& y, auto& d) {
          x = x * times;
          y = y * times;
          d = x - y;
        },
        a.data(), c.data(), difference.data());
    const softmax_sums<T> p = exponentials(a), q = exponentials(c);
    const std::span<const T> weights = a, logs = difference;
    const T mean = linalg::dot(weights, logs) / p.sum;
    const batch means(mean), to_p(step / p.sum), to_q(step / q.sum);
    linalg::for_batches(
        a.size(),
        [&](auto& x, auto& y, auto& d) {
          const auto share = x * to_p;
          y = y * to_q - share;
          x = share * (d - means);
        },
        a.data(), c.data(), difference.data());
    return mean - (p.log_sum() - q.log_sum());
  }

  consistency_options options_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::align

#endif
