// SPDX-License-Identifier: MIT
#include <new>

#include <hint/search/store/shared_rows.hpp>

#include "support/catch.hpp"

namespace {
using hint::search::detail::row_table;
using hint::search::detail::shared_rows;
}  // namespace

TEST_CASE("shared rows are filled once") {
  shared_rows rows;
  int filled = 0;
  const auto fill = [&](row_table& table) {
    ++filled;
    table.reserve(1);
    table.put(7, 3);
    // Who asks meanwhile has to look by itself.
    CHECK(rows.get([](row_table&) { FAIL("filled twice"); }) == nullptr);
  };
  const row_table* first = rows.get(fill);
  REQUIRE(first != nullptr);
  CHECK(first->find(7) == 3);
  CHECK(rows.get(fill) == first);
  CHECK(filled == 1);
}

TEST_CASE("shared rows that there is no memory for are tried again") {
  shared_rows rows;
  CHECK(rows.get([](row_table&) { throw std::bad_alloc(); }) == nullptr);
  CHECK(rows.get([](row_table&) {}) != nullptr);
}
