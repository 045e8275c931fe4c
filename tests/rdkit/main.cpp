// SPDX-License-Identifier: MIT
// What bit_set_index finds among the sets of a file, for rdkit/compare.py:
//
//   rdkit_sets FILE BITS       rows of BITS / 8 bytes
//
// Prints lines "KIND query id common size similarity", every set asked for every set. Sorted and unsorted sets
// must give the same.
#include <cstddef>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/error.hpp>
#include <hint/search/bit_set_index.hpp>

namespace {

void print_all(const std::string& file, std::size_t bits) {
  std::ifstream in(file, std::ios::binary);
  const std::vector<char> bytes(std::istreambuf_iterator<char>(in), {});
  const auto sets = hint::code_set::from_bytes(std::as_bytes(std::span(bytes)), bits);
  hint::search::bit_set_index index(bits), sorted(bits);
  index.add(sets);
  sorted.add(sets);
  sorted.build();
  using namespace hint::search;
  const std::pair<const char*, set_similarity> kinds[] = {{"tanimoto", jaccard{}},
                                                          {"dice", tversky{0.5, 0.5}},
                                                          {"tversky", tversky{0.3, 0.7}},
                                                          {"subset", subset{}},
                                                          {"superset", superset{}}};
  for (const auto& [name, similarity] : kinds) {
    const auto found = index.search(sets, sets.size(), similarity);
    hint::expects<hint::error>(found == sorted.search(sets, sets.size(), similarity), name,
                               ": sorted sets give something else");
    for (std::size_t q = 0; q < found.size(); ++q)
      for (const set_hit& h : found[q])
        std::printf("%s %zu %lld %u %u %.17g\n", name, q, static_cast<long long>(h.id), h.common,
                    h.size, h.similarity);
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    hint::expects(argc == 3, "usage: rdkit_sets FILE BITS");
    print_all(argv[1], static_cast<std::size_t>(std::stoul(argv[2])));
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "rdkit_sets: %s\n", e.what());
    return 1;
  }
}
