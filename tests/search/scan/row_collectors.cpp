// SPDX-License-Identifier: MIT
#include <cstdint>
#include <vector>

#include <hint/search/store/code_store.hpp>
#include <hint/search/scan/row_collectors.hpp>

#include "support/catch.hpp"

namespace detail = hint::search::detail;
using hint::search::hit;

namespace {

/// Rows 0 .. 3 under ids 40, 30, 20, 10; row 2 removed.
hint::search::detail::code_store store_of_four() {
  hint::search::detail::code_store store(64, "test");
  store.add(hint::code_set(64, 4), std::vector<std::int64_t>{40, 30, 20, 10},
            hint::search::duplicates::refuse);
  store.remove(std::vector<std::int64_t>{20});
  return store;
}
bool no_forty(std::int64_t id) { return id != 40; }

}  // namespace

TEST_CASE("nearest_rows passes over removed rows, asks the filter, and takes ids from scans") {
  const auto store = store_of_four();
  const hint::search::accept_all all;
  detail::nearest_rows any(store, 0, 2, all);
  CHECK(any.limit() == 65);
  for (std::uint32_t row = 0; row < 4; ++row) any.offer(5, row);
  CHECK(any.limit() == 6);
  any.offer(0, 5, 12);
  CHECK(any.take() == std::vector<hit>{{5, 10}, {5, 12}});
  detail::nearest_rows some(store, 0, 9, no_forty);
  for (std::uint32_t row = 0; row < 4; ++row) some.offer(row, row);
  CHECK(some.take() == std::vector<hit>{{1, 30}, {3, 10}});
}

TEST_CASE("rows_within does so with a limit that stays") {
  const auto store = store_of_four();
  const auto by_query = [](std::size_t query, std::int64_t id) { return query == 7 && id != 40; };
  detail::rows_within some(store, 7, 5, by_query);
  CHECK(some.limit() == 6);
  for (std::uint32_t row = 0; row < 4; ++row) some.offer(3 - row, row);
  some.offer(7, 1, -5);
  CHECK(some.take() == std::vector<hit>{{0, 10}, {1, -5}, {2, 30}});
  CHECK(detail::rows_within(store, 0, ~std::size_t{0}, no_forty).limit() == 65);
}
