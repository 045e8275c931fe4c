// SPDX-License-Identifier: MIT
/// \file
/// Who runs the work. The library creates no thread unless it is handed a `thread_pool`; any type
/// that models `executor` (OpenMP, TBB, an engine's own pool) takes its place.
#ifndef HINT_CORE_EXECUTOR_HPP
#define HINT_CORE_EXECUTOR_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <exception>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>

namespace hint { inline namespace HINT_ABI {

/// A non-owning reference to a callable `void(Args...)`; valid as long as the callable lives. What takes one
/// is compiled once for all callables.
template <class... Args>
class call_ref {
 public:
  template <class F>
    requires(!std::same_as<std::remove_cvref_t<F>, call_ref>) && std::invocable<F&, Args...>
  call_ref(F&& f) noexcept  // NOLINT: implicit on purpose, as std::function_ref
      : object_(const_cast<void*>(static_cast<const void*>(std::addressof(f)))),
        call_([](void* object, Args... args) {
          (*static_cast<std::remove_reference_t<F>*>(object))(args...);
        }) {}
  void operator()(Args... args) const { call_(object_, args...); }

 private:
  void* object_;
  void (*call_)(void*, Args...);
};

/// A task of an executor, called with its number.
using task_ref = call_ref<std::size_t>;
/// Work on begin .. end - 1, called with the two.
using range_ref = call_ref<std::size_t, std::size_t>;

/// Runs independent tasks.
///
/// | expression | meaning |
/// |---|---|
/// | `e.concurrency()` | how many tasks may run at once, at least 1 |
/// | `e.bulk(n, f)` | calls f(0) .. f(n-1) exactly once each, in any order and on any thread; returns after the last; when calls throw, all the others still run and the exception of the lowest index is rethrown |
///
/// `bulk` may be called from any thread, also from within a task.
template <class E>
concept executor = requires(E& e, std::size_t n, task_ref f) {
  { e.concurrency() } -> std::convertible_to<std::size_t>;
  e.bulk(n, f);
};

/// Runs everything in order on the calling thread: the default, and the archetype of an executor.
struct sequential {
  [[nodiscard]] static constexpr std::size_t concurrency() noexcept { return 1; }
  static void bulk(std::size_t n, task_ref f);
};

/// A non-owning reference to any executor, the type in which `context` keeps it.
class executor_ref {
 public:
  /// Refers to `sequential`.
  executor_ref() noexcept
      : object_(nullptr),
        concurrency_([](void*) -> std::size_t { return 1; }),
        bulk_([](void*, std::size_t n, task_ref f) { sequential::bulk(n, f); }) {}
  template <executor E>
    requires(!std::same_as<E, executor_ref>)
  executor_ref(E& e) noexcept  // NOLINT: implicit on purpose
      : object_(const_cast<void*>(static_cast<const void*>(std::addressof(e)))),
        concurrency_([](void* o) -> std::size_t { return static_cast<E*>(o)->concurrency(); }),
        bulk_([](void* o, std::size_t n, task_ref f) { static_cast<E*>(o)->bulk(n, f); }) {}

  [[nodiscard]] std::size_t concurrency() const { return concurrency_(object_); }
  void bulk(std::size_t n, task_ref f) const { bulk_(object_, n, f); }

 private:
  void* object_;
  std::size_t (*concurrency_)(void*);
  void (*bulk_)(void*, std::size_t, task_ref);
};

/// Splits 0 .. n-1 into chunks of `chunk` (the last may be shorter) and calls
/// f(begin, end) for each. Chunks depend on n and `chunk` alone, never on the number of threads, so
/// what is computed per chunk has the same bits everywhere.
inline void for_chunks(const executor_ref& e, std::size_t n, std::size_t chunk, range_ref f) {
  chunk = (std::max<std::size_t>)(chunk, 1);
  e.bulk(n / chunk + (n % chunk != 0), [&](std::size_t c) {
    const std::size_t begin = c * chunk;
    f(begin, begin + (std::min)(chunk, n - begin));
  });
}

/// The sum of all, added pairwise in a fixed tree; T{} of none.
template <class T>
[[nodiscard]] T sum_pairwise(std::vector<T> parts) {
  for (std::size_t width = 1; width < parts.size(); width *= 2)
    for (std::size_t i = 0; i + width < parts.size(); i += 2 * width) parts[i] += parts[i + width];
  return parts.empty() ? T{} : std::move(parts.front());
}

/// Sums up f(begin, end) over fixed chunks, always in the same order: chunk results are added pairwise
/// in a fixed tree. `T` needs a default value (the empty sum) and `+=`.
template <class T, class F>
[[nodiscard]] T reduce_chunks(const executor_ref& e, std::size_t n, std::size_t chunk, F&& f) {
  static_assert(!std::same_as<T, bool>, "hint: chunks may not write to std::vector<bool>");
  chunk = (std::max<std::size_t>)(chunk, 1);
  std::vector<T> parts(n / chunk + (n % chunk != 0));
  for_chunks(e, n, chunk,
             [&](std::size_t begin, std::size_t end) { parts[begin / chunk] = f(begin, end); });
  return sum_pairwise(std::move(parts));
}

inline void sequential::bulk(std::size_t n, task_ref f) {
  std::exception_ptr first;
  for (std::size_t i = 0; i < n; ++i) {
    try {
      f(i);
    } catch (...) {
      if (!first) first = std::current_exception();
    }
  }
  if (first) std::rethrow_exception(first);
}

}}  // namespace hint::HINT_ABI

#endif
