// SPDX-License-Identifier: MIT
/// \file
/// What a trained model offers and what trains one.
#ifndef HINT_LEARN_CONCEPTS_HPP
#define HINT_LEARN_CONCEPTS_HPP

#include <concepts>
#include <cstddef>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/modality.hpp>
#include <hint/data/block.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// Turns features of either modality into codes of one length.
///
/// | expression | meaning |
/// |---|---|
/// | `h.bits()` | length of the codes of both modalities |
/// | `h.encode(m, block, ctx)` | one code per row. The code of a row depends on that row alone, not on the other rows, their number, or threads. Throws `shape_error` for the wrong number of columns, `invalid_argument` for NaN or infinity |
///
/// Const use is thread-safe.
template <class H>
concept cross_modal_hasher =
    requires(const H& h, modality m, const data::block& rows, const context& ctx) {
      { h.bits() } -> std::convertible_to<std::size_t>;
      { h.encode(m, rows, ctx) } -> std::same_as<code_set>;
    };

/// A learner L that data sets of type D satisfy: `l.fit(dataset, ctx)` returns a hasher. Same data,
/// options and seed: same model, bit for bit, for any number of threads on one instruction set.
template <class L, class D>
concept learner_for = requires(const L& l, const D& dataset, const context& ctx) {
  { l.fit(dataset, ctx) } -> cross_modal_hasher;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
