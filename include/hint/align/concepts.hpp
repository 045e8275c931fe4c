// SPDX-License-Identifier: MIT
/// \file
/// The parts of HINT that users may replace: samplers of proxies, discrepancies and curricula.
#ifndef HINT_ALIGN_CONCEPTS_HPP
#define HINT_ALIGN_CONCEPTS_HPP

#include <array>
#include <concepts>
#include <cstddef>

#include <hint/align/proxy_table.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/modality.hpp>
#include <hint/data/block.hpp>
#include <hint/graph/neighborhoods.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/tree/encoding_tree.hpp>

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
concept curriculum = requires(C& c, modality m, std::size_t step, double measured) {
  { c.measures() } -> std::convertible_to<bool>;
  { c.weight(m, step, step, measured) } -> std::convertible_to<double>;
};

/// What a sampler may look at. `tree` has either n leaves (pairs) or 2n (images, then texts).
struct sampler_input {
  const std::array<data::block, 2>& rows;  ///< scaled features of the n training pairs
  /// Their nearest rows, as many as one asks for: `in.neighbors.nearest(image, 20)`.
  const graph::neighborhoods& neighbors;
  const tree::encoding_tree& tree;
  double image_weight = 0.5;  ///< trust g, see graph::modality_trust
  double self_weight = 1;     ///< o, likewise: how much an item counts among its own proxies
};

/// Chooses proxies.
///
/// | expression | meaning |
/// |---|---|
/// | `s(input, ctx)` | the `proxies` of all n items; the same for any number of threads |
/// | `s.needs_tree()` | optional (`may_need_no_tree`); false when `input.tree` may be empty |
/// | `s.neighbors()` | optional (`announces_neighbors`); how many neighbours it is going to ask for, so that lists are searched once for everybody |
template <class S>
concept proxy_sampler = requires(const S& s, const sampler_input& input, const context& ctx) {
  { s(input, ctx) } -> std::same_as<proxies>;
};
template <class S>
concept may_need_no_tree = proxy_sampler<S> && requires(const S& s) {
  { s.needs_tree() } -> std::convertible_to<bool>;
};
template <class S>
concept announces_neighbors = proxy_sampler<S> && requires(const S& s) {
  { s.neighbors() } -> std::convertible_to<std::size_t>;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::align

#endif
