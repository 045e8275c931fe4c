// SPDX-License-Identifier: MIT
/// \file
/// What a network and an optimiser must offer to be trained and to train. Pages:
/// docs/concepts/differentiable.md and docs/concepts/optimizer.md.
#ifndef HINT_NN_CONCEPTS_HPP
#define HINT_NN_CONCEPTS_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include <hint/core/config.hpp>
#include <hint/core/executor.hpp>
#include <hint/core/random.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/simd.hpp>
#include <hint/nn/network_gradient.hpp>
#include <hint/nn/row_sparse_gradient.hpp>
#include <hint/nn/sparse_batch.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace nn {

/// A function from rows of features to rows of codes with flat parameters and a gradient.
///
/// | expression | meaning |
/// |---|---|
/// | `N::value_type`, `N::tape` | float or double; what a training pass keeps for `backward` |
/// | `n.inputs()`, `n.outputs()` | the widths of a row before and after |
/// | `n.parameters()` | all parameters as one span, writable unless `n` is const; its size never changes |
/// | `n.forward(x, h, e)` | inference; const, thread-safe; a row's bits do not depend on the other rows |
/// | `n.forward(x, tape, random, e)` | a training pass, random choices from `random` alone; `tape.output()` is the result |
/// | `n.backward(x, dh, tape, gradients, e)` | overwrites the flat gradient, in the parameters' order, for d loss / d output = dh |
///
/// Gradients pass `gradient_check`. All results have the same bits for any executor. There is no
/// base class and no `gradients()` member: the trainer owns the flat gradient, because it is what
/// several processes add up.
template <class N>
concept differentiable =
    linalg::real<typename N::value_type> && std::default_initializable<typename N::tape> &&
    requires(const N& n, N& writable, const linalg::matrix_view<typename N::value_type>& x,
             linalg::matrix_ref<typename N::value_type> h, typename N::tape& t,
             const typename N::tape& done, random_stream random,
             std::span<typename N::value_type> gradients, const executor_ref& e) {
      { n.inputs() } -> std::convertible_to<std::size_t>;
      { n.outputs() } -> std::convertible_to<std::size_t>;
      { writable.parameters() } -> std::convertible_to<std::span<typename N::value_type>>;
      { n.parameters() } -> std::convertible_to<std::span<const typename N::value_type>>;
      n.forward(x, h, e);
      n.forward(x, t, random, e);
      { done.output() } -> std::same_as<const linalg::matrix<typename N::value_type>&>;
      n.backward(x, x, done, gradients, e);
    };

/// A network that also tells how the loss changes with its input, so that networks can be chained and
/// critics can teach: `n.backward(x, dh, tape, gradients, e, &dx)`.
template <class N>
concept input_differentiable =
    differentiable<N> &&
    requires(const N& n, const linalg::matrix_view<typename N::value_type>& x,
             const typename N::tape& tape, std::span<typename N::value_type> gradients,
             const executor_ref& e, linalg::matrix<typename N::value_type>* dx) {
      n.backward(x, x, tape, gradients, e, dx);
    };

/// A network whose first layer also takes sparse rows, in training and after.
template <class N>
concept sparse_differentiable =
    differentiable<N> && requires(const N& n, const sparse_batch<typename N::value_type>& x,
                                  const linalg::matrix_view<typename N::value_type>& dh,
                                  linalg::matrix_ref<typename N::value_type> h, typename N::tape& t,
                                  random_stream random, std::span<typename N::value_type> gradients,
                                  const executor_ref& e) {
      n.forward(x, h, e);
      n.forward(x, t, random, e);
      n.backward(x, dh, t, gradients, e);
    };

/// The same, with the gradient by the weights of the first layer, which are the first parameters, left
/// sparse.
template <class N>
concept row_sparse_differentiable =
    sparse_differentiable<N> &&
    requires(const N& n, const sparse_batch<typename N::value_type>& x,
             const linalg::matrix_view<typename N::value_type>& dh, const typename N::tape& t,
             row_sparse_gradient<typename N::value_type>& first,
             std::span<typename N::value_type> gradients,
             const executor_ref& e) { n.backward(x, dh, t, first, gradients, e); };

/// Changes parameters for the better, given gradients.
///
/// | expression | meaning |
/// |---|---|
/// | `o.step(parameters, gradients, e)` | one step, in place; the sizes stay those of the first step; elementwise or in fixed chunks, so that the bits do not depend on `e` |
/// | `O(o)` | a copy has the same state: going on from a copy gives the same bits |
///
/// One object serves one array of parameters. Not finite gradients make not finite parameters: the
/// trainer looks out for them.
template <class O, class T = float>
concept optimizer = linalg::real<T> && std::copyable<O> &&
                    requires(O& o, std::span<T> parameters, std::span<const T> gradients,
                             const executor_ref& e) { o.step(parameters, gradients, e); };

/// An optimiser that scales gradients itself and may leave weights of inputs that do not occur for later:
/// `o.catch_up(parameters, inputs, e)` makes those of some inputs ready to be read, `o.catch_up(parameters, e)`
/// all.
template <class O, class T = float>
concept row_sparse_optimizer =
    optimizer<O, T> && requires(O& o, std::span<T> parameters, const network_gradient<T>& gradient,
                                std::span<const std::uint32_t> inputs, const executor_ref& e) {
      o.step(parameters, gradient, e);
      o.catch_up(parameters, inputs, e);
      o.catch_up(parameters, e);
    };

/// An optimiser whose step size a schedule may set before every step.
template <class O>
concept scheduled_optimizer = optimizer<O> && requires(O& o, double rate) { o.set_rate(rate); };

/// The archetype of an optimiser: leaves everything as it is.
struct no_optimizer {
  template <linalg::real T>
  void step(std::span<T>, std::span<const T>, const executor_ref& = {}) noexcept {}
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::nn

#endif
