// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/search/sets/set_ranking.hpp>

#include "support/catch.hpp"

namespace search = hint::search;
using search::set_hit;
using search::detail::set_ranking;

namespace {
constexpr auto yes = [] { return true; };
constexpr auto no = [] { return false; };
}  // namespace

TEST_CASE("a set_ranking keeps the k first, whatever the order of the offers") {
  const std::uint64_t seed = 71;
  CAPTURE(seed);
  const search::set_similarity similarity = search::tversky{0.3, 0.7};
  for (std::size_t round = 0; round < 200; ++round) {
    const hint::random_stream random(seed, round);
    const std::size_t count = random.below(0, 20);
    const std::size_t n = random.below(1, 60), k = random.below(2, 70);
    set_ranking ranking({similarity, k, 0.2}, count);
    std::vector<set_hit> all;
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t size = random.below(10 + 2 * i, 20);
      const std::size_t common = random.below(11 + 2 * i, (std::min)(size, count) + 1);
      const auto id = static_cast<std::int64_t>((i * 7919) % 61);
      const auto distance = static_cast<std::uint32_t>(count + size - 2 * common);
      if (ranking.may_want(size, distance) && distance < ranking.limit(size))
        ranking.offer(size, distance, id, yes);
      all.push_back({similarity(count, size, common), static_cast<std::uint32_t>(common),
                     static_cast<std::uint32_t>(size), id});
    }
    std::erase_if(all, [](const set_hit& h) { return h.similarity < 0.2; });
    std::sort(all.begin(), all.end(), [](const set_hit& a, const set_hit& b) {
      return a.similarity != b.similarity ? a.similarity > b.similarity : a.id < b.id;
    });
    if (all.size() > k) all.resize(k);
    CAPTURE(round, count, n, k);
    CHECK(ranking.bound() == (k > 0 && all.size() == k ? all.back().similarity : 0.2));
    CHECK(ranking.take() == all);
  }
}

TEST_CASE("a set_ranking wants no more than what can still be among the k first") {
  set_ranking ranking({search::jaccard{}, 1, 0.5}, 10);
  CHECK(ranking.count() == 10);
  CHECK(ranking.limit(10) == 7);  // 7 of 13 are enough, 6 of 14 are not
  CHECK(ranking.limit(5) == 6);   // 5 of 10
  CHECK(ranking.limit(4) == 0);
  CHECK(ranking.limit(20) == 11);
  CHECK(ranking.limit(21) == 0);
  ranking.offer(10, 2, 7, no);
  CHECK(ranking.limit(10) == 7);
  ranking.offer(10, 2, 7, yes);   // 9 of 11
  CHECK(ranking.limit(10) == 3);  // with a smaller id
  CHECK(ranking.limit(5) == 0);
  ranking.offer(10, 2, 8, yes);
  ranking.offer(10, 2, 3, yes);
  ranking.raise(0.1);  // known already
  CHECK(ranking.bound() == 9.0 / 11);
  CHECK(ranking.take() == std::vector<set_hit>{{9.0 / 11, 9, 10, 3}});
  set_ranking none({search::jaccard{}, 0, 0}, 10);
  CHECK(none.limit(10) == 0);
  none.offer(10, 0, 1, yes);
  CHECK(none.take().empty());
}
