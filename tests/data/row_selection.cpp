// SPDX-License-Identifier: MIT
#include <vector>

#include <hint/core/error.hpp>
#include <hint/data/block.hpp>
#include <hint/data/row_selection.hpp>

#include "data/rows.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::data::block;
using hint::data::row_id;
using hint::data::row_selection;
using hint_tests::dense_of;
using hint_tests::matrix_of;
using hint_tests::same_bits;

}  // namespace

TEST_CASE("a row selection knows how many rows it selects from") {
  const block b(matrix_of({{1, 2}, {3, 4}, {5, 6}}));
  const row_selection two({2, 0}, 3);
  CHECK(two.total() == 3);
  CHECK(two.size() == 2);
  CHECK(two[1] == 0);
  CHECK(std::vector<row_id>(two.begin(), two.end()) == std::vector<row_id>{2, 0});
  CHECK(same_bits<float>(dense_of(b(two)), matrix_of({{5, 6}, {1, 2}})));
  CHECK(two != row_selection({2, 0}, 4));
  CHECK(two != row_selection({0, 2}, 3));
  CHECK(row_selection().empty());
  CHECK(b(row_selection({}, 3)).rows() == 0);
  CHECK_THROWS_MESSAGE(row_selection({0, 3}, 3), hint::invalid_argument,
                       "row_selection: row 3, expected below 3");
  CHECK_THROWS_MESSAGE(b(row_selection({2, 0}, 4)), hint::shape_error,
                       "block: 3 rows, the rows were selected from 4");
  CHECK_THROWS_MESSAGE(b(row_selection({1}, 2)), hint::shape_error,
                       "block: 3 rows, the rows were selected from 2");
  CHECK_THROWS_AS(b(two)(two), hint::shape_error);  // of the selection, there are two
}
