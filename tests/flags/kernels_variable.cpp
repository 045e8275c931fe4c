// SPDX-License-Identifier: MIT
// Run with HINT_KERNELS=abacus, which names no kernels: every search must say so, on any thread, and nothing may
// end the program.
#include <cstddef>
#include <cstdio>
#include <string_view>

#include <hint/core/thread_pool.hpp>
#include <hint/search.hpp>
#include <hint/search/bit_set_index.hpp>
#include <hint/search/masked_search.hpp>

namespace {

int failures = 0;

/// The call must throw, with a message that begins so.
template <class F>
void refused(std::string_view what, F&& call) {
  constexpr std::string_view message =
      "environment variable HINT_KERNELS: \"abacus\" is not the name of any kernels, expected ";
  try {
    call();
  } catch (const hint::invalid_argument& e) {
    if (std::string_view(e.what()).substr(0, message.size()) == message) return;
    std::printf("%s: %s\n", what.data(), e.what());
    ++failures;
    return;
  }
  std::printf("%s: nothing was thrown\n", what.data());
  ++failures;
}

}  // namespace

int main() {
  namespace search = hint::search;
  refused("instruction_set", [] { static_cast<void>(search::instruction_set()); });
  for (const std::size_t threads : {1U, 2U})
    for (const std::size_t bits : {24U, 64U}) {  // in byte planes, by words
      hint::thread_pool pool{threads};
      const hint::context ctx{pool};
      const hint::code_set queries(bits, 9);
      search::linear_scan index(bits);
      index.add(hint::code_set(bits, 100));
      refused("search", [&] { static_cast<void>(index.search(queries, 3, {}, ctx)); });
      refused("search_radius",
              [&] { static_cast<void>(index.search_radius(queries, 3, {}, ctx)); });
      refused("histograms", [&] { static_cast<void>(index.histograms(queries, ctx)); });
      refused("search_masked", [&] {
        static_cast<void>(
            search::search_masked(index, queries, search::bit_range(bits, 0, 8), 3, {}, ctx));
      });
      search::bit_set_index sets(bits);
      sets.add(hint::code_set(bits, 100));
      refused("search of sets", [&] { static_cast<void>(sets.search(queries, 3)); });
    }
  // Another name, and all is well.
  search::force_instruction_set("portable");
  search::linear_scan index(64);
  index.add(hint::code_set(64, 100));
  if (index.search(hint::code_set(64, 1), 3)[0].size() != 3 ||
      search::instruction_set() != "portable") {
    std::puts("force_instruction_set: the variable still counts");
    ++failures;
  }
  return failures;
}
