// SPDX-License-Identifier: MIT
// What counted_memory.hpp counts, for the other files of a program one of whose files includes that.
#ifndef HINT_TESTS_SUPPORT_MEMORY_COUNTERS_HPP
#define HINT_TESTS_SUPPORT_MEMORY_COUNTERS_HPP

#include <atomic>
#include <cstddef>

namespace counted_memory {

inline std::atomic<std::size_t> now{0}, most{0}, calls{0};

/// The most bytes that `f()` had in use beyond those that were before.
template <class F>
std::size_t peak_of(F&& f) {
  const std::size_t before = now;
  most = before;
  f();
  return most - before;
}
/// How often `f()` asked for memory.
template <class F>
std::size_t calls_of(F&& f) {
  const std::size_t before = calls;
  f();
  return calls - before;
}

}  // namespace counted_memory

#endif
