// SPDX-License-Identifier: MIT
/// \file
/// A growable array on 64-byte boundaries: whole cache lines, whole vector registers, and the same
/// layout whatever alignment flags the program was built with.
#ifndef HINT_CORE_ALIGNED_BUFFER_HPP
#define HINT_CORE_ALIGNED_BUFFER_HPP

#include <cstddef>
#include <limits>
#include <new>
#include <vector>

#include <hint/core/config.hpp>

namespace hint { inline namespace HINT_ABI {

/// Bytes; the size of a cache line and of the widest vector register in use.
inline constexpr std::size_t buffer_alignment = 64;

/// A standard allocator that aligns to `buffer_alignment`.
template <class T>
struct aligned_allocator {
  using value_type = T;
  aligned_allocator() = default;
  template <class U>
  constexpr aligned_allocator(const aligned_allocator<U>&) noexcept {}  // NOLINT: as std::allocator

  [[nodiscard]] T* allocate(std::size_t n) {
    if (n > (std::numeric_limits<std::size_t>::max)() / sizeof(T))
      throw std::bad_array_new_length();
    return static_cast<T*>(::operator new(n * sizeof(T), std::align_val_t{buffer_alignment}));
  }
  void deallocate(T* p, std::size_t) noexcept {
    ::operator delete(p, std::align_val_t{buffer_alignment});
  }
  template <class U>
  bool operator==(const aligned_allocator<U>&) const noexcept {
    return true;
  }
};

/// `std::vector` on 64-byte boundaries.
template <class T>
using aligned_buffer = std::vector<T, aligned_allocator<T>>;

}}  // namespace hint::HINT_ABI

#endif
