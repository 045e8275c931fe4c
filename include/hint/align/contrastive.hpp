// SPDX-License-Identifier: MIT
/// \file
/// The hash loss of HINT: every sample should be nearest to its own mixed code (paper, Eq. 7).
#ifndef HINT_ALIGN_CONTRASTIVE_HPP
#define HINT_ALIGN_CONTRASTIVE_HPP

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include <hint/align/similarity.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace align {

struct contrastive_options {
  double temperature = 0.3;  ///< tau of Eq. 7; 0.001 .. 1000 (paper: 0.3)
  align::similarity similarity = similarity::cosine;

  void validate() const { option_in("temperature", temperature, 1e-3, 1e3); }
};

/// InfoNCE: mean over i of -log( exp(s(h_i, b_i) / tau) / sum_j exp(s(h_i, b_j) / tau) ).
/// Stateless; const use is thread-safe.
class contrastive {
 public:
  contrastive() = default;
  /// Throws `invalid_option`.
  explicit contrastive(contrastive_options o) : options_(o) { options_.validate(); }

  /// h, b: B x L, samples and their targets. Adds the gradients to `dh` and, when it is not null,
  /// `db` (both B x L). `communities`: empty, or one number per row; rows that share it are no
  /// negatives of each other. O(B^2 L). Returns 0 for B = 0. Throws `shape_error`.
  template <class T>
  T value_and_gradient(const linalg::matrix_view<T>& h, const linalg::matrix_view<T>& b,
                       linalg::matrix_ref<T> dh, linalg::matrix_ref<T>* db = nullptr,
                       std::span<const std::uint32_t> communities = {}) const {
    expects<shape_error>(h.rows() == b.rows() && h.cols() == b.cols(), "contrastive: codes of ",
                         h.rows(), " x ", h.cols(), ", targets of ", b.rows(), " x ", b.cols());
    const linalg::index n = h.rows();
    if (n == 0) return 0;
    const similarity how = with_slope(options_.similarity, h.cols());
    const directions<T> x(h, how), y(b, how);
    const T rate = static_cast<T>(1 / options_.temperature);
    linalg::matrix<T> p(n, n);
    linalg::multiply_transposed<T>(x.rows, y.rows, p);
    p *= rate;
    if (!communities.empty()) {
      expects<shape_error>(communities.size() == static_cast<std::size_t>(n),
                           "contrastive: ", communities.size(), " communities for ", n, " rows");
      for (linalg::index i = 0; i < n; ++i)
        for (linalg::index j = 0; j < n; ++j)
          if (i != j &&
              communities[static_cast<std::size_t>(i)] == communities[static_cast<std::size_t>(j)])
            p(i, j) = std::numeric_limits<T>::lowest();
    }
    log_softmax(p);
    const T value = -p.diagonal().sum() / static_cast<T>(n);
    p = p.array().exp();
    p.diagonal().array() -= T(1);
    p *= rate / static_cast<T>(n);
    linalg::matrix<T> gradient(n, h.cols());
    linalg::multiply<T>(p, y.rows, gradient);
    x.backward(gradient, dh);
    if (db) {
      linalg::transposed_multiply<T>(p, x.rows, gradient);
      y.backward(gradient, *db);
    }
    return value;
  }

 private:
  contrastive_options options_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::align

#endif
