// SPDX-License-Identifier: MIT
#ifndef HINT_TESTS_SUPPORT_CLUSTERS_HPP
#define HINT_TESTS_SUPPORT_CLUSTERS_HPP

#include <cstddef>
#include <cstdint>

#include <hint/core/code_set.hpp>
#include <hint/core/random.hpp>

/// Random centres, each code one of them with about one bit in `rareness` flipped. Centres depend on
/// `random` alone: queries made with other `n` have the same.
inline hint::code_set clustered(std::size_t bits, std::size_t n, std::size_t centres,
                                std::uint64_t rareness, hint::random_stream random) {
  hint::code_set codes(bits, n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t centre = random.fork(1).below(i * 3 + n, centres);
    const auto base = random.fork(2).fork(centre);
    const auto noise = random.fork(3).fork(i * 7 + n);
    for (std::size_t j = 0; j < bits; ++j)
      codes.set_bit(i, j, (base.below(j, 2) == 1) != (noise.below(j, rareness) == 0));
  }
  return codes;
}

#endif
