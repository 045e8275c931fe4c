// SPDX-License-Identifier: MIT
// An older version of hint as a shared library with a C interface, for bench/search_vs_rivals: CMake compiles
// this file with that version's headers (HINT_BENCH_BASELINE) and keeps all symbols but these to itself.
//
// Versions that cannot be told which instruction set to use are told that the machine has no AVX-512.
#define __builtin_cpu_supports(name) ((name)[3] != '5' && __builtin_cpu_supports(name))

#include <cstddef>
#include <cstdint>

#include <hint/core/code_set.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/eval.hpp>
#include <hint/search.hpp>

#define HINT_BASELINE extern "C" __attribute__((visibility("default")))

namespace {

hint::code_view view(const std::uint64_t* words, std::size_t n, std::size_t bits) {
  const std::size_t each = (bits + 63) / 64;
  return hint::code_view(std::span(words, n * each), bits);
}

}  // namespace

HINT_BASELINE const char* hint_baseline_instruction_set() {
  return hint::search::instruction_set().data();
}
HINT_BASELINE void* hint_baseline_index(const std::uint64_t* codes, std::size_t n,
                                        std::size_t bits) {
  auto* index = new hint::search::linear_scan(bits);
  index->add(view(codes, n, bits));
  return index;
}
HINT_BASELINE void hint_baseline_free(void* index) {
  delete static_cast<hint::search::linear_scan*>(index);
}
/// The k nearest of n queries; distances come back in rows of k, those of too few hits as they were.
HINT_BASELINE void hint_baseline_search(const void* index, const std::uint64_t* queries,
                                        std::size_t n, std::size_t k, std::uint32_t* distances) {
  const auto& scan = *static_cast<const hint::search::linear_scan*>(index);
  const auto found = scan.search(view(queries, n, scan.bits()), k);
  for (std::size_t q = 0; q < n; ++q)
    for (std::size_t i = 0; i < found[q].size(); ++i) distances[q * k + i] = found[q][i].distance;
}
/// Mean average precision on two threads, ties by id or expected.
HINT_BASELINE double hint_baseline_map(const std::uint64_t* queries, std::size_t asked,
                                       const std::uint64_t* codes, std::size_t items,
                                       std::size_t bits, const std::uint64_t* query_labels,
                                       const std::uint64_t* labels, std::size_t kinds, int by_id) {
  static hint::thread_pool two(2);
  const hint::eval::shared_label relevance(view(query_labels, asked, kinds),
                                           view(labels, items, kinds));
  const hint::eval::average_precision metric(by_id != 0
                                                 ? hint::eval::average_precision_options::dcmh()
                                                 : hint::eval::average_precision_options{});
  return hint::eval::run(metric, view(queries, asked, bits), view(codes, items, bits), relevance,
                         hint::context{two})
      .value;
}
