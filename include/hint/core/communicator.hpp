// SPDX-License-Identifier: MIT
/// \file
/// Several processes that train or search together. A single process is `solo`.
#ifndef HINT_CORE_COMMUNICATOR_HPP
#define HINT_CORE_COMMUNICATOR_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <memory>
#include <span>

#include <hint/core/config.hpp>

namespace hint { inline namespace HINT_ABI {

/// A group of processes, each with a rank. All ranks make the same calls in the same order; sums are
/// taken in the order of ranks, so every rank gets the same bits.
///
/// | expression | meaning |
/// |---|---|
/// | `c.rank()`, `c.size()` | 0 <= rank < size |
/// | `c.all_reduce_sum(span)` | replaces every element by its sum over the ranks (float or double) |
/// | `c.broadcast(bytes, root)` | all ranks get root's bytes |
/// | `c.all_gather(mine, all)` | `all` is rank 0's bytes, then rank 1's, ...; all.size() == size * mine.size() |
template <class C>
concept communicator =
    requires(C& c, std::span<float> f, std::span<double> d, std::span<std::byte> bytes,
             std::span<const std::byte> mine, std::size_t root) {
      { c.rank() } -> std::convertible_to<std::size_t>;
      { c.size() } -> std::convertible_to<std::size_t>;
      c.all_reduce_sum(f);
      c.all_reduce_sum(d);
      c.broadcast(bytes, root);
      c.all_gather(mine, bytes);
    };

/// One process alone: the default, and the archetype.
struct solo {
  [[nodiscard]] static constexpr std::size_t rank() noexcept { return 0; }
  [[nodiscard]] static constexpr std::size_t size() noexcept { return 1; }
  static void all_reduce_sum(std::span<float>) noexcept {}
  static void all_reduce_sum(std::span<double>) noexcept {}
  static void broadcast(std::span<std::byte>, std::size_t) noexcept {}
  static void all_gather(std::span<const std::byte> mine, std::span<std::byte> all) noexcept {
    std::copy(mine.begin(), mine.end(), all.begin());
  }
};

/// A non-owning reference to any communicator, the type in which `context` keeps it.
class communicator_ref {
 public:
  communicator_ref() noexcept : communicator_ref(instance()) {}
  template <communicator C>
    requires(!std::same_as<C, communicator_ref>)
  communicator_ref(C& c) noexcept  // NOLINT: implicit on purpose
      : object_(const_cast<void*>(static_cast<const void*>(std::addressof(c)))),
        table_(&table<C>) {}

  [[nodiscard]] std::size_t rank() const { return table_->rank(object_); }
  [[nodiscard]] std::size_t size() const { return table_->size(object_); }
  void all_reduce_sum(std::span<float> x) const { table_->sum_float(object_, x); }
  void all_reduce_sum(std::span<double> x) const { table_->sum_double(object_, x); }
  void broadcast(std::span<std::byte> x, std::size_t root) const {
    table_->broadcast(object_, x, root);
  }
  void all_gather(std::span<const std::byte> mine, std::span<std::byte> all) const {
    table_->all_gather(object_, mine, all);
  }

 private:
  struct functions {
    std::size_t (*rank)(void*);
    std::size_t (*size)(void*);
    void (*sum_float)(void*, std::span<float>);
    void (*sum_double)(void*, std::span<double>);
    void (*broadcast)(void*, std::span<std::byte>, std::size_t);
    void (*all_gather)(void*, std::span<const std::byte>, std::span<std::byte>);
  };
  template <class C>
  static constexpr functions table{
      [](void* o) -> std::size_t { return static_cast<C*>(o)->rank(); },
      [](void* o) -> std::size_t { return static_cast<C*>(o)->size(); },
      [](void* o, std::span<float> x) { static_cast<C*>(o)->all_reduce_sum(x); },
      [](void* o, std::span<double> x) { static_cast<C*>(o)->all_reduce_sum(x); },
      [](void* o, std::span<std::byte> x, std::size_t r) { static_cast<C*>(o)->broadcast(x, r); },
      [](void* o, std::span<const std::byte> m, std::span<std::byte> a) {
        static_cast<C*>(o)->all_gather(m, a);
      }};
  static solo& instance() noexcept {
    static solo one;
    return one;
  }

  void* object_;
  const functions* table_;
};

}}  // namespace hint::HINT_ABI

#endif
