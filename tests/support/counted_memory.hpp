// SPDX-License-Identifier: MIT
// How many bytes of what `new` gave are in use, and the most of them so far. Replaces the operators for the
// whole program: to be included in one of its files; others include memory_counters.hpp.
#ifndef HINT_TESTS_SUPPORT_COUNTED_MEMORY_HPP
#define HINT_TESTS_SUPPORT_COUNTED_MEMORY_HPP

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>

#include "support/memory_counters.hpp"

namespace counted_memory {

inline constexpr std::size_t front = alignof(std::max_align_t);  // has the size
static_assert(front >= sizeof(std::size_t));

}  // namespace counted_memory

void* operator new(std::size_t size) {
  auto* const place = static_cast<unsigned char*>(std::malloc(size + counted_memory::front));
  if (place == nullptr) throw std::bad_alloc();
  std::memcpy(place, &size, sizeof size);
  const std::size_t now = counted_memory::now += size;
  ++counted_memory::calls;
  std::size_t most = counted_memory::most;
  while (now > most && !counted_memory::most.compare_exchange_weak(most, now)) {
  }
  return place + counted_memory::front;
}
void operator delete(void* p) noexcept {
  if (p == nullptr) return;
  unsigned char* const place = static_cast<unsigned char*>(p) - counted_memory::front;
  std::size_t size = 0;
  std::memcpy(&size, place, sizeof size);
  counted_memory::now -= size;
  std::free(place);
}
void operator delete(void* p, std::size_t) noexcept { operator delete(p); }
void* operator new[](std::size_t size) { return operator new(size); }
// Sanitizers have forms of their own that would not call ours.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  try {
    return operator new(size);
  } catch (...) {
    return nullptr;
  }
}
void* operator new[](std::size_t size, const std::nothrow_t& tag) noexcept {
  return operator new(size, tag);
}
void operator delete(void* p, const std::nothrow_t&) noexcept { operator delete(p); }
void operator delete[](void* p, const std::nothrow_t&) noexcept { operator delete(p); }
void operator delete[](void* p) noexcept { operator delete(p); }
void operator delete[](void* p, std::size_t) noexcept { operator delete(p); }

#endif
