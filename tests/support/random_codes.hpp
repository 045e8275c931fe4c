// SPDX-License-Identifier: MIT
#ifndef HINT_TESTS_SUPPORT_RANDOM_CODES_HPP
#define HINT_TESTS_SUPPORT_RANDOM_CODES_HPP

#include <cstddef>

#include <hint/core/code_set.hpp>
#include <hint/core/random.hpp>

/// Codes of independent, equally likely bits.
inline hint::code_set random_codes(std::size_t bits, std::size_t n, hint::random_stream random) {
  hint::code_set codes(bits, n);
  for (std::size_t i = 0; i < codes.words().size(); ++i) codes.words()[i] = random.bits(i);
  for (std::size_t i = 0; i < n; ++i) codes[i].back() &= hint::last_word_mask(bits);
  return codes;
}

#endif
