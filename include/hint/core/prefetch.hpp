// SPDX-License-Identifier: MIT
/// \file
/// A hint to the processor about memory that will be read soon.
#ifndef HINT_CORE_PREFETCH_HPP
#define HINT_CORE_PREFETCH_HPP

#include <hint/core/config.hpp>

namespace hint { inline namespace HINT_ABI { namespace detail {

/// Asks for the cache line of an address, which may be any, that will be read soon. Has an effect on
/// nothing but time; with other compilers than GCC and Clang it has none at all.
inline void prefetch([[maybe_unused]] const void* address) noexcept {
#if defined(__GNUC__) || defined(__clang__)
  __builtin_prefetch(address);
  // An effect of which nothing is known: GCC removes calls of functions that only prefetch.
  __asm__ volatile("" : : "r"(address));
#endif
}

}}}  // namespace hint::HINT_ABI::detail

#endif
