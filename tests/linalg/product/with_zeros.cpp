// SPDX-License-Identifier: MIT
#include <cstddef>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product/with_zeros.hpp>

#include "support/catch.hpp"

namespace {

using hint::linalg::matrix;

// Products are compared bit by bit with those of all numbers in tests/linalg/product.cpp.

TEST_CASE("lists of columns hold what is not 0, in the order of rows") {
  hint::thread_pool two(2);
  matrix<float> m = matrix<float>::Zero(9, 70);
  m(1, 0) = 3;
  m(4, 0) = -2;
  m(8, 0) = 7;  // row 8 is not among those listed
  m(2, 69) = 5;
  m.col(40).setConstant(1);
  for (const hint::executor_ref& e : {hint::executor_ref(), hint::executor_ref(two)}) {
    const hint::linalg::detail::column_lists<float> lists(m, 1, 7, e);
    const auto rows_and_values = [&](std::size_t column) {
      std::vector<float> out;
      for (const auto& [row, value] : lists[column]) {
        out.push_back(static_cast<float>(row));
        out.push_back(value);
      }
      return out;
    };
    CHECK(rows_and_values(0) == std::vector<float>{0, 3, 3, -2});
    CHECK(rows_and_values(69) == std::vector<float>{1, 5});
    CHECK(rows_and_values(40) == std::vector<float>{0, 1, 1, 1, 2, 1, 3, 1, 4, 1, 5, 1, 6, 1});
    CHECK(rows_and_values(1).empty());
  }
}

TEST_CASE("columns are listed where fewer than three in ten numbers count") {
  matrix<float> m = matrix<float>::Zero(40, 50);
  CHECK(hint::linalg::detail::worth_listing<float>(m));
  m.topRows(11).setConstant(2);
  CHECK(hint::linalg::detail::worth_listing<float>(m));
  m.topRows(12).setConstant(2);
  CHECK_FALSE(hint::linalg::detail::worth_listing<float>(m));
  CHECK_FALSE(hint::linalg::detail::worth_listing<float>(matrix<float>::Zero(31, 50)));
  CHECK_FALSE(hint::linalg::detail::worth_listing<float>(matrix<float>::Zero(50, 31)));
}

}  // namespace
