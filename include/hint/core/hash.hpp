// SPDX-License-Identifier: MIT
/// \file
/// Two small hash functions, and what hash tables share. What the functions return is the same on every machine and never changes: seeds of
/// random streams and checksums of splits are made of it. Neither withstands an adversary.
#ifndef HINT_CORE_HASH_HPP
#define HINT_CORE_HASH_HPP

#include <cstddef>
#include <cstdint>

#include <hint/core/config.hpp>

namespace hint { inline namespace HINT_ABI {

/// FNV-1a with 64 bits over a sequence of bytes: `add` them one after the other, then read `value`.
/// A part may be wider than a byte and is then taken in whole, which is faster and is FNV-1a no longer:
/// its upper bits reach only the upper bits of the value.
/// Source: Fowler, Noll, Vo, Eastlake, "The FNV non-cryptographic hash algorithm", IETF draft.
struct fnv1a {
  std::uint64_t value = 0xcbf29ce484222325ULL;
  constexpr void add(std::uint64_t part) noexcept { value = (value ^ part) * 0x100000001b3ULL; }
};

/// The finaliser of SplitMix64: a bijection under which every bit of the result depends on all bits of x.
/// SplitMix64 itself is mix64(x += 0x9e3779b97f4a7c15), for one number after another.
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
[[nodiscard]] constexpr std::uint64_t mix64(std::uint64_t x) noexcept {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

/// Closes the gap that a removed entry leaves in a table with open addressing and linear probing, whose
/// size is mask + 1, a power of two: entries that it had pushed on move back, so that no search meets a
/// gap and no mark of the dead is needed. `used(i)`: place i holds an entry; `home(i)`: where that entry
/// would like to be; `move(from, to)`. Returns the place that is free in the end. Expected O(1).
/// Source: Knuth, The Art of Computer Programming, volume 3, section 6.4, algorithm R.
template <class Used, class Home, class Move>
constexpr std::size_t close_gap(std::size_t hole, std::size_t mask, Used used, Home home,
                                Move move) {
  for (std::size_t i = (hole + 1) & mask; used(i); i = (i + 1) & mask)
    if (((i - home(i)) & mask) >= ((i - hole) & mask)) {
      move(i, hole);
      hole = i;
    }
  return hole;
}

}}  // namespace hint::HINT_ABI

#endif
