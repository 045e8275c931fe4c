// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdint>
#include <vector>

#include <hint/search/hits.hpp>

#include "support/catch.hpp"

using hint::search::hit;
using hint::search::hits;

TEST_CASE("hits keep rows of different lengths") {
  const hits found({{{1, 7}, {2, -3}}, {}, {{0, 9}}});
  REQUIRE(found.size() == 3);
  CHECK(found[0].size() == 2);
  CHECK(found[1].empty());
  CHECK(found[2].size() == 1);
  CHECK(found.all().size() == 3);
  std::int64_t sum = 0;
  for (auto [distance, id] : found[0]) sum += distance * id;
  CHECK(sum == 1 * 7 - 2 * 3);
  CHECK(found[2][0] == hit{0, 9});
}

TEST_CASE("hits without queries are empty, and differ from a query without hits") {
  CHECK(hits().empty());
  CHECK(hits().all().empty());
  CHECK(hits() == hits(std::vector<std::vector<hit>>{}));
  CHECK_FALSE(hits() == hits(std::vector<std::vector<hit>>(1)));
  CHECK_FALSE(hits({{{1, 1}}, {}}) == hits({{}, {{1, 1}}}));
}

TEST_CASE("hits are ordered by distance, then by id") {
  CHECK(hit{1, 9} < hit{2, 0});
  CHECK(hit{1, -9} < hit{1, 0});
  CHECK_FALSE(hit{1, 0} < hit{1, 0});
}

TEST_CASE("hits are put together by rows, from parts, and joined") {
  using hint::search::hit;
  using hint::search::hits;
  const std::vector<hit> a{{1, 5}, {2, 3}}, b{{0, 9}};
  const hits expected({a, {}, b});
  hits rows;
  rows.reserve(3, 3);
  rows.append_row(a);
  rows.append_row({});
  rows.append_row({});
  rows.append_to_last(b[0]);
  CHECK(rows == expected);
  CHECK(hits::from_parts({a[0], a[1], b[0]}, {0, 2, 2, 3}) == expected);
  std::vector<hits> parts{hits({a}), hits(), hits({{}, b})};
  CHECK(hint::search::detail::joined(std::move(parts)) == expected);
  CHECK(hint::search::detail::joined({}).empty());
  CHECK(hint::search::detail::joined({expected}) == expected);
}
