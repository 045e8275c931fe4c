// SPDX-License-Identifier: MIT
// All headers; the flags of this file are those of careful people who include ours with -I.
#include <hint/hint.hpp>
#include <hint/testing.hpp>

// What the example beside it does not call.
void add_and_search(const hint::code_set& codes);
void add_and_search(const hint::code_set& codes) {
  hint::search::automatic index{codes.bits()};
  index.add(codes);
  static_cast<void>(index.search(codes, 3));
}
