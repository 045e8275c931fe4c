// SPDX-License-Identifier: MIT
/// \file
/// Similarities between the rows of two matrices, and the way back for gradients: shared by the
/// losses of this folder.
#ifndef HINT_ALIGN_SIMILARITY_HPP
#define HINT_ALIGN_SIMILARITY_HPP

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <hint/core/config.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace align {

/// What <f, b> means in Eq. 7.
enum class similarity : std::uint8_t {
  cosine,      ///< the only one with which the paper's temperature makes sense
  scaled_dot,  ///< <x, y> / L
  dot,         ///< <x, y>
};

/// For codes of so many bits. A cosine of single numbers is +1 or -1 and has no slope: their product takes
/// its place, so that one bit can be learnt.
[[nodiscard]] constexpr similarity with_slope(similarity how, linalg::index bits) noexcept {
  return bits == 1 && how == similarity::cosine ? similarity::dot : how;
}

/// Rows on which a similarity is a plain scalar product, with what is needed to go back.
template <class T>
struct directions {
  linalg::matrix<T> rows;
  linalg::vector<T> scale;  ///< rows = scale * original rows
  bool normalized = false;

  directions(const linalg::matrix_view<T>& x, similarity how)
      : rows(x), scale(linalg::vector<T>::Ones(x.rows())), normalized(how == similarity::cosine) {
    if (normalized) {
      for (linalg::index i = 0; i < x.rows(); ++i)
        scale(i) = 1 / (std::max)(rows.row(i).norm(), T(1e-12));
    } else if (how == similarity::scaled_dot) {
      scale.setConstant(1 / std::sqrt(static_cast<T>((std::max<linalg::index>)(1, x.cols()))));
    }
    rows.array().colwise() *= scale.array();
  }

  /// Adds to `out` the gradient with respect to the original rows, from that of `rows`.
  void backward(const linalg::matrix<T>& gradient, linalg::matrix_ref<T> out) const {
    for (linalg::index i = 0; i < rows.rows(); ++i) {
      const T along = normalized ? rows.row(i).dot(gradient.row(i)) : T(0);
      out.row(i) += scale(i) * (gradient.row(i) - along * rows.row(i));
    }
  }
};

/// Row-wise log of softmax, in place; entries of minus infinity, and of the lowest number, stay so.
template <class T>
void log_softmax(linalg::matrix<T>& logits) {
  for (linalg::index i = 0; i < logits.rows(); ++i) {
    const T top = logits.row(i).maxCoeff();
    logits.row(i).array() -= top + std::log((logits.row(i).array() - top).exp().sum());
  }
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::align

#endif
