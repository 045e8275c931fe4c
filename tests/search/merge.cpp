// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/search/merge.hpp>

#include "support/catch.hpp"

using hint::search::hit;
using hint::search::hits;
using hint::search::merge;
using lists = std::vector<std::vector<hit>>;

TEST_CASE("merged results are the sorted union, cut after k") {
  const std::uint64_t seed = 2;
  CAPTURE(seed);
  for (std::uint64_t round = 0; round < 50; ++round) {
    const hint::random_stream random(seed, round);
    std::vector<hits> parts;
    lists all(3);
    std::int64_t id = 0;
    for (std::uint64_t p = 0; p < 1 + round % 4; ++p) {
      lists mine(3);
      for (std::size_t q = 0; q < 3; ++q)
        for (std::uint64_t i = random.fork(p).below(q, 9); i > 0; --i) {
          const hit h{
              static_cast<std::uint32_t>(random.fork(9).below(static_cast<std::uint64_t>(id), 5)),
              id * 7919 % 1000};
          ++id;
          mine[q].push_back(h);
          all[q].push_back(h);
        }
      for (auto& row : mine) std::sort(row.begin(), row.end());
      parts.emplace_back(mine);
    }
    for (auto& row : all) std::sort(row.begin(), row.end());
    CHECK(merge(parts) == hits(all));
    for (auto& row : all) row.resize((std::min<std::size_t>)(row.size(), 4));
    CHECK(merge(parts, 4) == hits(all));
  }
}

TEST_CASE("nothing merged is nothing; results of other queries are refused") {
  CHECK(merge({}).empty());
  const std::vector<hits> parts{hits(lists(2)), hits(lists(3))};
  CHECK_THROWS_MESSAGE(merge(parts, 1), hint::shape_error,
                       "merge: results of 3 queries among results of 2");
}
