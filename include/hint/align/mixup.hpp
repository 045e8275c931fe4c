// SPDX-License-Identifier: MIT
/// \file
/// The mixed code of an item, from its proxies in both modalities (paper, Eq. 6).
#ifndef HINT_ALIGN_MIXUP_HPP
#define HINT_ALIGN_MIXUP_HPP

#include <cstdint>

#include <hint/core/config.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace align {

/// How a mixture of proxies becomes a target.
enum class target_kind : std::uint8_t {
  sign,  ///< +1 where it is >= 0, else -1 (Eq. 6)
  tanh,  ///< the surrogate that the paper's text names for training
};

/// out = target(w same + (1 - w) cross); all B x L. Targets are constants: no gradient flows back.
template <class T>
void mix(const linalg::matrix_view<T>& same, const linalg::matrix_view<T>& cross, T w,
         target_kind kind, linalg::matrix<T>& out) {
  out = w * same + (T(1) - w) * cross;
  if (kind == target_kind::sign)
    out = (out.array() >= T(0)).select(linalg::matrix<T>::Ones(out.rows(), out.cols()), T(-1));
  else
    out = out.array().tanh();
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::align

#endif
