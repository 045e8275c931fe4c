// SPDX-License-Identifier: MIT
// A part of a program, compiled with several -m flags. What it calls becomes functions that a linker takes
// from one part for all.
#include <hint/core/code_set.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/search/linear_scan.hpp>

std::size_t part();
std::size_t part() {
  hint::search::linear_scan index{64};
  index.add(hint::code_set(64, 3));
  return index.search(hint::code_set(64, 1), 2)[0].size();
}
