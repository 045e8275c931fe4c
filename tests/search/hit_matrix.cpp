// SPDX-License-Identifier: MIT
#include <hint/search/hit_matrix.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/search/linear_scan.hpp>

#include "support/catch.hpp"
#include "support/random_codes.hpp"

using hint::search::hit;
using hint::search::hit_filling;
using hint::search::hit_matrix;
using hint::search::hits;
using hint::search::to_hits;
using hint::search::to_matrix;

namespace {
constexpr std::int32_t far = (std::numeric_limits<std::int32_t>::max)();
}

TEST_CASE("hit_matrix: rows are filled up, and cut") {
  const hits found({{{1, 7}, {2, -3}}, {}, {{0, 9}}});
  const hit_matrix all = to_matrix(found);
  CHECK(all.rows == 3);
  CHECK(all.cols == 2);
  CHECK(all.ids == std::vector<std::int64_t>{7, -3, -1, -1, 9, -1});
  CHECK(all.distances == std::vector<std::int32_t>{1, 2, far, far, 0, far});
  CHECK(to_matrix(found, 2) == all);
  const hit_matrix cut = to_matrix(found, 1, {.id = 0, .distance = -1});
  CHECK(cut.ids == std::vector<std::int64_t>{7, 0, 9});
  CHECK(cut.distances == std::vector<std::int32_t>{1, -1, 0});
  CHECK(to_matrix(found, 4).ids ==
        std::vector<std::int64_t>{7, -3, -1, -1, -1, -1, -1, -1, 9, -1, -1, -1});
  CHECK(to_matrix(found, 0) == hit_matrix{3, 0, {}, {}});
  CHECK(to_matrix(hits()) == hit_matrix{});
  CHECK(to_matrix(hits(), 5) == hit_matrix{0, 5, {}, {}});
}

TEST_CASE("hit_matrix: the way back gives the same hits") {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    CAPTURE(seed);
    const hint::random_stream random(seed, 0);
    hint::search::linear_scan index(8);  // many ties
    index.add(random_codes(8, 60, random.fork(0)));
    index.add(random_codes(8, 3, random.fork(1)), {-1, -2, 1'000'000'000'000});  // -1 is an id, too
    const auto queries = random_codes(8, 9, random.fork(2));
    for (const hits& found :
         {index.search(queries, 5), index.search(queries, 100), index.search_radius(queries, 1),
          index.search_radius(queries, 2), index.search(queries, 0), hits()}) {
      const hit_matrix all = to_matrix(found);
      CHECK(all.ids.size() == all.rows * all.cols);
      CHECK(to_hits(all) == found);
      CHECK(to_hits(to_matrix(found, all.cols + 3)) == found);
      const hit_filling other{.id = 99, .distance = -7};
      CHECK(to_hits(to_matrix(found, other), other) == found);
    }
    const hits most = index.search(queries, 40);
    CHECK(to_hits(to_matrix(most, 7)) == index.search(queries, 7));
  }
}

TEST_CASE("hit_matrix: ties in any order are put in that of hits") {
  const hit_matrix faiss{2, 3, {5, 3, 8, 4, 1, -1}, {1, 1, 2, 0, 0, far}};
  CHECK(to_hits(faiss) == hits({{{1, 3}, {1, 5}, {2, 8}}, {{0, 1}, {0, 4}}}));
}

TEST_CASE("hit_matrix: what is refused") {
  const hits found({{{1, 7}}, {{1, 2}, {2, -1}}});
  CHECK_THROWS_MESSAGE(to_matrix(found, 2, {.id = -1, .distance = 2}), hint::invalid_argument,
                       "to_matrix: hit 1 of query 1 has id -1 and distance 2, as the filling has; "
                       "take another");
  CHECK(to_matrix(found, 1, {.id = -1, .distance = 2}).ids == std::vector<std::int64_t>{7, 2});
  CHECK_THROWS_MESSAGE(to_matrix(hits({{{3'000'000'000U, 7}}})), hint::invalid_argument,
                       "to_matrix: hit 0 of query 0 has distance 3000000000, expected no more than "
                       "2147483647");
  CHECK_THROWS_MESSAGE(to_matrix(found, (std::numeric_limits<std::size_t>::max)()),
                       hint::invalid_argument,
                       "to_matrix: 2 x 18446744073709551615 places are more than memory can hold");
  CHECK_THROWS_MESSAGE(to_hits({2, 2, {1, 2, 3, 4}, {1, 2, 3}}), hint::shape_error,
                       "to_hits: 4 ids and 3 distances, expected 2 x 2 each");
  CHECK_THROWS_AS(to_hits({0, 2, {1}, {1}}), hint::shape_error);
  CHECK_THROWS_AS(to_hits({2, 2, {1, 2}, {1, 2}}), hint::shape_error);
  CHECK_THROWS_MESSAGE(to_hits({1, 2, {1, 2}, {1, -2}}), hint::invalid_argument,
                       "to_hits: distance -2 of query 0 in column 1, expected 0 or more");
  CHECK_THROWS_MESSAGE(to_hits({1, 2, {-1, 2}, {far, 1}}), hint::invalid_argument,
                       "to_hits: query 0 has a hit in column 1, behind the filling");
}
