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
#include <hint/core/executor.hpp>
#include <hint/linalg/elementwise.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>
#include <hint/linalg/reduce.hpp>
#include <hint/linalg/simd.hpp>

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
  /// negatives of each other. O(B^2 L) time, O(B L) memory, O(B^2) with `db`; the same bits for any number of
  /// threads. Returns 0 for B = 0. Throws `shape_error`.
  template <class T>
  T value_and_gradient(const linalg::matrix_view<T>& h, const linalg::matrix_view<T>& b,
                       linalg::matrix_ref<T> dh, linalg::matrix_ref<T>* db = nullptr,
                       std::span<const std::uint32_t> communities = {},
                       const executor_ref& e = {}) const {
    expects<shape_error>(h.rows() == b.rows() && h.cols() == b.cols(), "contrastive: codes of ",
                         h.rows(), " x ", h.cols(), ", targets of ", b.rows(), " x ", b.cols());
    const linalg::index n = h.rows();
    if (n == 0) return 0;
    const auto count = static_cast<std::size_t>(n);
    expects<shape_error>(communities.empty() || communities.size() == count,
                         "contrastive: ", communities.size(), " communities for ", n, " rows");
    const similarity how = with_slope(options_.similarity, h.cols());
    const directions<T> x(h, how), y(b, how);
    const T rate = static_cast<T>(1 / options_.temperature);
    linalg::matrix<T> slopes(db ? n : 0,
                             n);  // of the loss by the products, where they are needed later
    linalg::vector<T> losses(n);
    for_chunks(e, count, loss_rows, [&](std::size_t begin, std::size_t end) {
      const auto first = static_cast<linalg::index>(begin);
      const auto rows = static_cast<linalg::index>(end - begin);
      linalg::matrix<T> own(db ? 0 : rows, n), gradient(rows, h.cols());
      linalg::matrix_ref<T> p =
          db ? linalg::matrix_ref<T>(slopes.middleRows(first, rows)) : linalg::matrix_ref<T>(own);
      linalg::multiply_transposed<T>(x.rows.middleRows(first, rows), y.rows, p);
      for (linalg::index i = 0; i < rows; ++i)
        losses(first + i) = slope(linalg::row_span<T>(p, i), begin + static_cast<std::size_t>(i),
                                  rate, communities);
      linalg::multiply<T>(p, y.rows, gradient);
      x.backward(gradient, dh.middleRows(first, rows), first);
    });
    if (db) {
      linalg::matrix<T> gradient(n, h.cols());
      linalg::transposed_multiply<T>(slopes, x.rows, gradient, e);
      y.backward(gradient, *db);
    }
    return linalg::sum(std::span<const T>(losses.data(), count)) / static_cast<T>(n);
  }

 private:
  /// The loss of sample i; its products become the slopes of the mean loss by them.
  template <class T>
  static T slope(std::span<T> products, std::size_t i, T rate,
                 std::span<const std::uint32_t> communities) {
    const linalg::batch<T> times(rate);
    linalg::for_batches(products.size(), [&](auto& v) { v = v * times; }, products.data());
    for (std::size_t j = 0; j < communities.size(); ++j)
      if (i != j && communities[i] == communities[j])
        products[j] = std::numeric_limits<T>::lowest();
    const T own = products[i];
    const softmax_sums<T> sums = exponentials(products);
    const T share = rate / static_cast<T>(products.size());
    const linalg::batch<T> factor(share / sums.sum);
    linalg::for_batches(products.size(), [&](auto& v) { v = v * factor; }, products.data());
    products[i] -= share;
    return sums.log_sum() - own;
  }

  contrastive_options options_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::align

#endif
