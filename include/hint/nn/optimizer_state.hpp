// SPDX-License-Identifier: MIT
/// \file
/// Optimisers in the middle of their work, to an archive and back: steps taken and moments.
#ifndef HINT_NN_OPTIMIZER_STATE_HPP
#define HINT_NN_OPTIMIZER_STATE_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/simd.hpp>
#include <hint/nn/concepts.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace nn {

/// An optimiser that says what a later step depends on, so that it can be saved, and be put back to it.
///
/// | expression | meaning |
/// |---|---|
/// | `o.steps()` | steps taken |
/// | `o.state<T>()` | some arrays of numbers, each as long as the parameters, all empty before the first step |
/// | `o.restore<T>(steps, state)` | going on from here gives the bits that the other one would have given |
///
/// Those of the library do. `write_state` and `read_state` bring them to archives and back.
template <class O, class T = float>
concept resumable_optimizer = optimizer<O, T> && requires(const O& o, O& to) {
  { o.steps() } -> std::convertible_to<std::uint64_t>;
  { o.template state<T>().size() } -> std::convertible_to<std::size_t>;
  to.template restore<T>(std::uint64_t{}, o.template state<T>());
};

/// Under PREFIX.optimizer_steps and PREFIX.optimizer0, PREFIX.optimizer1, ...
template <linalg::real T, resumable_optimizer<T> O, class Writer>
void write_state(Writer& to, std::string_view prefix, const O& optimizer) {
  to.meta(::hint::detail::concat(prefix, ".optimizer_steps"), optimizer.steps());
  const auto& state = optimizer.template state<T>();
  for (std::size_t i = 0; i < state.size(); ++i)
    to.array(::hint::detail::concat(prefix, ".optimizer", i), state[i], std::size_t{1},
             state[i].size());
}

/// What `write_state` wrote, of an optimiser for so many parameters. Throws `format_error` for another number
/// of them, and what the archive throws; then the optimiser is as it was.
template <linalg::real T, resumable_optimizer<T> O, class Reader>
void read_state(const Reader& from, std::string_view prefix, std::size_t parameters, O& optimizer) {
  const auto steps =
      from.template number<std::uint64_t>(::hint::detail::concat(prefix, ".optimizer_steps"));
  std::remove_cvref_t<decltype(optimizer.template state<T>())> state;
  for (std::size_t i = 0; i < state.size(); ++i) {
    const std::string name = ::hint::detail::concat(prefix, ".optimizer", i);
    const auto numbers = from.template array<T>(name);
    from.require(numbers.size() == (steps > 0 ? parameters : 0), "array '", name, "' has ",
                 numbers.size(), " numbers for ", parameters, " parameters after ", steps,
                 " steps");
    state[i].assign(numbers.begin(), numbers.end());
  }
  optimizer.template restore<T>(steps, std::move(state));
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::nn

#endif
