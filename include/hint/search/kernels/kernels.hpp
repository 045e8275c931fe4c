// SPDX-License-Identifier: MIT
/// \file
/// Which kernels this machine can run, and which of them searches use: the fastest, or what the user asks
/// for.
#ifndef HINT_SEARCH_KERNELS_KERNELS_HPP
#define HINT_SEARCH_KERNELS_KERNELS_HPP

#include <atomic>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/search/kernels/portable.hpp>
#if !defined(HINT_ELSEWHERE)
#include <hint/search/kernels/neon.hpp>
#include <hint/search/kernels/x86.hpp>
#endif

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// The kernels that this machine can run, the fastest first, the portable ones last.
HINT_LAZY
[[nodiscard]] std::vector<const kernel_set*> usable_kernels();

#if !defined(HINT_ELSEWHERE)
template <class>
std::vector<const kernel_set*> usable_kernels() {
  std::vector<const kernel_set*> usable;
#if defined(HINT_SEARCH_X86)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vpopcntdq"))
    usable.push_back(&avx512_kernels);
  if (__builtin_cpu_supports("avx2")) usable.push_back(&avx2_kernels);
  if (__builtin_cpu_supports("popcnt")) usable.push_back(&popcnt_kernels);
#elif defined(HINT_SEARCH_NEON)
  usable.push_back(&neon_kernels);
#endif
  usable.push_back(&portable_kernels);
  return usable;
}
#endif
#if defined(HINT_COMPILED)
HINT_EXTERN template std::vector<const kernel_set*> usable_kernels<>();
#endif

/// Those of a name. Throws `invalid_argument`, which begins with `who`, when this machine has none.
HINT_LAZY
[[nodiscard]] const kernel_set& kernels_named(std::string_view who, std::string_view name) {
  std::string names;
  for (const kernel_set* k : usable_kernels()) {
    if (k->name == name) return *k;
    names.append(names.empty() ? "" : ", ").append(k->name);
  }
  bool known = false;
  for (const char* other : {"avx512", "avx2", "popcnt", "neon", "portable"})
    known = known || name == other;
  hint::detail::raise<invalid_argument>(who, ": \"", name,
                                        known ? "\" kernels do not run on this machine, expected "
                                              : "\" is not the name of any kernels, expected ",
                                        names);
}

/// The fastest, or those that the environment variable HINT_KERNELS asks for; `asked` is its value or null.
[[nodiscard]] inline const kernel_set& kernels_for(const char* asked) {
  if (asked == nullptr || *asked == '\0') return *usable_kernels().front();
  return kernels_named("environment variable HINT_KERNELS", asked);
}

/// What searches use; null until the first of them, or `force_instruction_set`, has chosen.
[[nodiscard]] inline std::atomic<const kernel_set*>& kernels_in_use() noexcept {
  static std::atomic<const kernel_set*> chosen = nullptr;
  return chosen;
}
/// Asks the environment when nothing is chosen, which throws what `kernels_for` throws; so does each call
/// after it, until something is.
[[nodiscard]] inline const kernel_set& kernels() {
  const kernel_set* chosen = kernels_in_use().load(std::memory_order_relaxed);
  if (chosen == nullptr) [[unlikely]] {
    const kernel_set* const asked = &kernels_for(std::getenv("HINT_KERNELS"));
    // Whoever forced others meanwhile is obeyed.
    if (kernels_in_use().compare_exchange_strong(chosen, asked)) chosen = asked;
  }
  return *chosen;
}

}}}  // namespace hint::HINT_ABI::search::detail

#endif
