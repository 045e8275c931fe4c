// SPDX-License-Identifier: MIT
/// \file
/// What every long call takes as its last argument: seed, executor, observer, communicator.
#ifndef HINT_CORE_CONTEXT_HPP
#define HINT_CORE_CONTEXT_HPP

#include <cstdint>
#include <string_view>

#include <hint/core/communicator.hpp>
#include <hint/core/config.hpp>
#include <hint/core/executor.hpp>
#include <hint/core/observer.hpp>
#include <hint/core/random.hpp>

namespace hint { inline namespace HINT_ABI {

/// Non-owning: the executor, observer and communicator must outlive it. Cheap to copy; a default
/// context is sequential, silent, alone, with seed 0.
/// \code
/// hint::thread_pool pool{8};
/// hint::context ctx{pool};
/// ctx.seed = 42;
/// \endcode
struct context {
  context() = default;
  explicit context(executor_ref e, observer_ref o = {}, communicator_ref c = {})
      : executor(e), observer(o), communicator(c) {}

  std::uint64_t seed = 0;
  executor_ref executor;
  observer_ref observer;
  communicator_ref communicator;

  /// The random numbers for one purpose, by name.
  [[nodiscard]] random_stream random(std::string_view purpose) const noexcept {
    return {seed, stream_id(purpose)};
  }
};

}}  // namespace hint::HINT_ABI

#endif
