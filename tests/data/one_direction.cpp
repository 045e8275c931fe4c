// SPDX-License-Identifier: MIT
#include <hint/data/block.hpp>
#include <hint/data/one_direction.hpp>

#include "data/rows.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::data::block;
using hint_tests::matrix_of;
using hint_tests::random_matrix;
using hint_tests::rows_matrix;

}  // namespace

TEST_CASE("whether rows are multiples of one") {
  using hint::data::multiples_of_one;
  CHECK(multiples_of_one(block(rows_matrix(0, 3))));
  CHECK(multiples_of_one(block(random_matrix<float>(20, 1, 2))));
  CHECK(multiples_of_one(block(rows_matrix(rows_matrix::Zero(3, 2)))));
  CHECK(multiples_of_one(block(matrix_of({{0, 0}, {1, 2}, {-2, -4}, {0, 0}, {1e-30F, 2e-30F}}))));
  CHECK_FALSE(multiples_of_one(block(matrix_of({{0, 0}, {1, 2}, {-2, 4}}))));
}

TEST_CASE("whether rows have one direction") {
  using hint::data::one_direction;
  CHECK(one_direction(block(rows_matrix(0, 3))));
  CHECK(one_direction(block(matrix_of({{1, 2}}))));
  CHECK(one_direction(block(matrix_of({{1, 2}, {2, 4}, {1e-30F, 2e-30F}, {1e30F, 2e30F}}))));
  CHECK(one_direction(block(rows_matrix(rows_matrix::Zero(3, 2)))));
  CHECK_FALSE(one_direction(block(matrix_of({{1, 2}, {2, 4}, {-1, -2}}))));
  CHECK_FALSE(one_direction(block(matrix_of({{1, 2}, {0, 0}}))));
  CHECK_FALSE(one_direction(block(matrix_of({{1, 2}, {1, 2.00001F}}))));
}
