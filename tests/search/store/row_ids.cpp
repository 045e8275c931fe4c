// SPDX-License-Identifier: MIT
#include <hint/search/store/row_ids.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "support/catch.hpp"

using hint::search::detail::row_ids;
using id_list = std::vector<std::int64_t>;

namespace {

/// That ids, and every part of them, are those of a list, by all ways in.
void check_are(const row_ids& ids, const id_list& expected) {
  REQUIRE(ids.size() == expected.size());
  CHECK(ids.empty() == expected.empty());
  CHECK(id_list(ids.begin(), ids.end()) == expected);
  if (expected.empty()) return;
  CHECK(ids.front() == expected.front());
  CHECK(ids.back() == expected.back());
  CHECK(ids.ascend() == (std::adjacent_find(expected.begin(), expected.end(), [](auto a, auto b) {
                           return a >= b;
                         }) == expected.end()));
  for (std::size_t first = 0; first <= expected.size(); first += 3)
    for (std::size_t count = 0; count <= expected.size() - first; count += 2) {
      const row_ids part = ids.subspan(first, count);
      const auto begin = expected.begin() + static_cast<std::ptrdiff_t>(first);
      CHECK(
          std::equal(part.begin(), part.end(), begin, begin + static_cast<std::ptrdiff_t>(count)));
      if (count > 2) CHECK(part.subspan(1, 2)[1] == expected[first + 2]);
    }
  if (ids.ascend())
    for (const std::int64_t id : expected)
      CHECK(*std::lower_bound(ids.begin(), ids.end(), id) == id);
}

}  // namespace

TEST_CASE("row_ids: all forms are ranges of the same ids") {
  check_are({}, {});
  check_are(row_ids::consecutive(-2, 5), {-2, -1, 0, 1, 2});
  const id_list list{5, -7, 100, 101, 102, 3};
  check_are(std::span<const std::int64_t>(list), list);
  const std::vector<std::uint32_t> offsets{0, 7, 4294967295U, 3};
  check_are(row_ids::offsets(-5, offsets), {-5, 2, 4294967290, -2});
  const std::vector<row_ids::run> runs{{0, 10}, {3, 50}, {4, -1}};
  check_are(row_ids::in_runs(runs, 7), {10, 11, 12, 50, -1, 0, 1});
  check_are(row_ids::in_runs(std::span(runs).first(1), 4), {10, 11, 12, 13});
  constexpr auto least = (std::numeric_limits<std::int64_t>::min)();
  constexpr auto most = (std::numeric_limits<std::int64_t>::max)();
  const id_list far{least, most};
  check_are(std::span<const std::int64_t>(far), far);
  check_are(row_ids::consecutive(most - 1, 2), {most - 1, most});
}

TEST_CASE("row_ids: which follow each other") {
  const auto follow = [](const id_list& ids) {
    return row_ids(std::span<const std::int64_t>(ids)).follow();
  };
  CHECK(row_ids().follow());
  CHECK(row_ids::consecutive(7, 3).follow());
  CHECK(follow({4}));
  CHECK(follow({4, 5, 6}));
  CHECK_FALSE(follow({4, 5, 7}));
  CHECK_FALSE(follow({5, 4}));
  CHECK_FALSE(follow({4, 4}));
  const std::vector<row_ids::run> runs{{0, 10}, {3, 50}};
  CHECK_FALSE(row_ids::in_runs(runs, 5).follow());
  CHECK(row_ids::in_runs(runs, 5).subspan(3, 2).follow());
}
