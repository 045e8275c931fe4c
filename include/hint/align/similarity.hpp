// SPDX-License-Identifier: MIT
/// \file
/// Similarities between the rows of two matrices, and the way back for gradients: shared by the
/// losses of this folder.
#ifndef HINT_ALIGN_SIMILARITY_HPP
#define HINT_ALIGN_SIMILARITY_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include <hint/core/config.hpp>
#include <hint/linalg/elementwise.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/reduce.hpp>
#include <hint/linalg/simd.hpp>

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
        scale(i) = 1 / (std::max)(linalg::norm(linalg::row_span<T>(x, i)), T(1e-12));
    } else if (how == similarity::scaled_dot) {
      scale.setConstant(1 / std::sqrt(static_cast<T>((std::max<linalg::index>)(1, x.cols()))));
    }
    rows.array().colwise() *= scale.array();
  }

  /// Adds to `out` the gradient with respect to the original rows first, first + 1, ..., from that of
  /// `rows`; both have as many rows.
  void backward(const linalg::matrix_view<T>& gradient, linalg::matrix_ref<T> out,
                linalg::index first = 0) const {
    using batch = linalg::batch<T>;
    const linalg::matrix_view<T> all = rows;
    for (linalg::index i = 0; i < gradient.rows(); ++i) {
      const auto x = linalg::row_span<T>(all, first + i), g = linalg::row_span<T>(gradient, i);
      const batch along(normalized ? -linalg::dot(x, g) : T(0)), by(scale(first + i));
      linalg::for_batches(
          x.size(),
          [&](const auto& of_x, const auto& of_g, auto& to) {
            to = fma(by, fma(along, of_x, of_g), to);
          },
          x.data(), g.data(), linalg::row_span<T>(out, i).data());
    }
  }
};

/// Rows of logits that losses take at a time: one task of an executor.
inline constexpr std::size_t loss_rows = 64;

/// What turns exponentials exp(x - top) of logits x into their softmax.
template <class T>
struct softmax_sums {
  T top;  ///< the largest logit
  T sum;  ///< of the exponentials
  /// The log of sum exp(x).
  [[nodiscard]] T log_sum() const { return top + std::log(sum); }
};
/// Logits become their exponentials, in place; those of minus infinity, and of the lowest number, 0.
template <linalg::real T>
softmax_sums<T> exponentials(std::span<T> logits) {
  const T top = linalg::largest(std::span<const T>(logits));
  const linalg::batch<T> tops(top);
  linalg::for_batches(logits.size(), [&](auto& x) { x = exp(x - tops); }, logits.data());
  return {top, linalg::sum(std::span<const T>(logits))};
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::align

#endif
