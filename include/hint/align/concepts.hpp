// SPDX-License-Identifier: MIT
/// \file
/// The parts of HINT that users may replace: discrepancies and curricula. (Samplers: see
/// proxy_sampler.hpp.)
#ifndef HINT_ALIGN_CONCEPTS_HPP
#define HINT_ALIGN_CONCEPTS_HPP

#include <concepts>
#include <cstddef>

#include <hint/core/config.hpp>
#include <hint/core/modality.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace align {

/// How far two samples are from having one distribution: `d.value<T>(a, b)` for rows a (n x d) and
/// b (m x d). Symmetric, 0 for equal samples up to the estimator's bias; const, thread-safe.
template <class D>
concept discrepancy = requires(const D& d, const linalg::matrix_view<float>& a,
                               const linalg::matrix_view<double>& b) {
  { d.template value<float>(a, a) } -> std::convertible_to<double>;
  { d.template value<double>(b, b) } -> std::convertible_to<double>;
};

/// The weight of the same-modality proxy (see `curriculum`): `c.weight(m, step, steps, measured)` in
/// [0, 1]; `c.measures()` tells whether `measured` is looked at. One object serves one training run.
template <class C>
concept curriculum_like = requires(C& c, modality m, std::size_t step, double measured) {
  { c.measures() } -> std::convertible_to<bool>;
  { c.weight(m, step, step, measured) } -> std::convertible_to<double>;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::align

#endif
