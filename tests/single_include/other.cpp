// SPDX-License-Identifier: MIT
#include <cstddef>

#include <hint/search.hpp>
#include <hint/search.hpp>  // twice: the guard holds

hint::code_set numbers(std::size_t count);
hint::code_set numbers(std::size_t count) {
  hint::code_set codes(64, count);
  for (std::size_t i = 0; i < count; ++i) codes[i][0] = i;
  // Uses what must be the same in both translation units.
  hint::search::linear_scan index{64};
  index.add(codes);
  return index.contains(0) ? codes : hint::code_set(64);
}
