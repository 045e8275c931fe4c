// SPDX-License-Identifier: MIT
/// \file
/// The objective of HINT on one batch (paper, Eq. 11): hash loss and consistency loss of both
/// modalities, with the gradient for both networks' outputs.
#ifndef HINT_LEARN_HINT_OBJECTIVE_HPP
#define HINT_LEARN_HINT_OBJECTIVE_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <hint/align/consistency.hpp>
#include <hint/align/contrastive.hpp>
#include <hint/align/similarity.hpp>
#include <hint/core/config.hpp>
#include <hint/core/executor.hpp>
#include <hint/core/modality.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// What one batch cost, in the terms of the paper. Sums over both modalities.
struct batch_losses {
  double total = 0;
  double hash = 0;         ///< Eq. 7
  double consistency = 0;  ///< Eq. 10, unweighted
  double pair = 0;         ///< InfoNCE between the two codes of a pair, unweighted
};

/// A matrix per modality, B x L each.
template <class T>
using per_modality = std::array<linalg::matrix<T>, 2>;

/// L = (1 - g) (L_hash + weight L_con) + g L_pair, each the mean over the batch and the sum over modalities.
/// L_pair is InfoNCE between the codes of a pair: an image's is to be nearer to that of its own text than to
/// those of the batch's other texts, and the other way round. It is not in the paper, whose g is 0.
class hint_objective {
 public:
  hint_objective(align::contrastive hash, align::consistency consistency, double consistency_weight,
                 align::contrastive pair = {}, double granularity = 0)
      : hash_(hash),
        consistency_(consistency),
        pair_(pair),
        weight_(consistency_weight),
        granularity_(granularity) {}

  /// h: outputs of the networks; targets: mixed codes; cross: cross-modal proxies (both constants).
  /// `gradients` are overwritten. `communities`: see `contrastive`. O(B^2 L), the same bits for any number of
  /// threads.
  template <class T>
  batch_losses value_and_gradient(const per_modality<T>& h, const per_modality<T>& targets,
                                  const per_modality<T>& cross, per_modality<T>& gradients,
                                  std::span<const std::uint32_t> communities = {},
                                  const executor_ref& e = {}) const {
    batch_losses out;
    for (std::size_t m = 0; m < 2; ++m) gradients[m].setZero(h[m].rows(), h[m].cols());
    for (std::size_t m = 0; m < 2; ++m) {
      out.hash += static_cast<double>(
          hash_.value_and_gradient<T>(h[m], targets[m], gradients[m], nullptr, communities, e));
      if (weight_ > 0)
        out.consistency += static_cast<double>(
            consistency_.value_and_gradient<T>(h[m], cross[m], h[1 - m], static_cast<T>(weight_),
                                               gradients[m], gradients[1 - m], nullptr, e));
    }
    out.total = out.hash + weight_ * out.consistency;
    if (granularity_ > 0) add_pairs(h, gradients, out, e);
    return out;
  }

 private:
  template <class T>
  void add_pairs(const per_modality<T>& h, per_modality<T>& gradients, batch_losses& out,
                 const executor_ref& e) const {
    per_modality<T> d;
    for (std::size_t m = 0; m < 2; ++m) d[m].setZero(h[m].rows(), h[m].cols());
    for (std::size_t m = 0; m < 2; ++m) {
      linalg::matrix_ref<T> other = d[1 - m];
      out.pair +=
          static_cast<double>(pair_.value_and_gradient<T>(h[m], h[1 - m], d[m], &other, {}, e));
    }
    const auto g = static_cast<T>(granularity_);
    for (std::size_t m = 0; m < 2; ++m) gradients[m] = (1 - g) * gradients[m] + g * d[m];
    out.total = (1 - granularity_) * out.total + granularity_ * out.pair;
  }

  align::contrastive hash_;
  align::consistency consistency_;
  align::contrastive pair_;
  double weight_;
  double granularity_;
};

/// lambda of Eq. 6: the discrepancy between rho(same, B) and rho(cross, B), rows of cosines with the
/// batch's codes h.
template <class T, class Discrepancy>
[[nodiscard]] double modality_gap(const Discrepancy& discrepancy, const linalg::matrix<T>& same,
                                  const linalg::matrix<T>& cross, const linalg::matrix<T>& h,
                                  const executor_ref& e = {}) {
  const align::directions<T> a(same, align::similarity::cosine);
  const align::directions<T> b(cross, align::similarity::cosine);
  const align::directions<T> c(h, align::similarity::cosine);
  linalg::matrix<T> p(same.rows(), h.rows()), q(cross.rows(), h.rows());
  linalg::multiply_transposed<T>(a.rows, c.rows, p, e);
  linalg::multiply_transposed<T>(b.rows, c.rows, q, e);
  return static_cast<double>(discrepancy.template value<T>(p, q));
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
