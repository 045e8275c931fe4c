// SPDX-License-Identifier: MIT
// A user of single_include/hint/search.hpp alone, in two translation units.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/search.hpp>

hint::code_set numbers(std::size_t count);  // code i is the number i

int main() {
  hint::search::linear_scan index{64};
  index.add(numbers(100));

  // Numbers that differ from 0 in one bit: 1, which is odd, 2, 4, 8 and so on.
  const auto even = [](std::int64_t id) { return id % 2 == 0; };
  const auto found = index.search(numbers(1), 5, even);
  const std::vector<hint::search::hit> expected{{0, 0}, {1, 2}, {1, 4}, {1, 8}, {1, 16}};
  if (!std::equal(found[0].begin(), found[0].end(), expected.begin(), expected.end())) return 1;

  // Of these, 8 is the nearest when bit 3 is the least certain.
  std::vector<float> values(64, -1);
  values[3] = -0.5F;
  const hint::search::asymmetric_scorer scorer(values);
  const auto ranked = hint::search::rank_ties(found[0], scorer, index.store());
  return ranked[1].id == 8 && ranked[1].score == 62.5F ? 0 : 2;
}
