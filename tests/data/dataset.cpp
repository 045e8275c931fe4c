// SPDX-License-Identifier: MIT
#include <concepts>
#include <cstddef>
#include <vector>

#include <hint/data/dataset.hpp>

#include "data/rows.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::data::block;
using hint::data::paired;
using hint_tests::dense_of;
using hint_tests::matrix_of;
using hint_tests::rows_matrix;
using hint_tests::same_bits;
using hint_tests::sparse_of;

struct ones {
  std::size_t n;
  std::size_t rows() const { return n; }
  std::size_t cols() const { return 1; }
  void copy_rows(std::size_t, hint::linalg::matrix_ref<float> out) const { out.setOnes(); }
};

}  // namespace

TEST_CASE("paired joins two blocks of equally many rows") {
  const rows_matrix x = matrix_of({{1, 2}, {3, 4}});
  const rows_matrix y = matrix_of({{5, 0, 6}, {0, 0, 7}});
  const paired d{block(x), block(y)};
  CHECK(d.size() == 2);
  CHECK(same_bits<float>(dense_of(d.image()), x));
  CHECK(same_bits<float>(dense_of(d.text()), y));
  CHECK(paired(rows_matrix(0, 3), rows_matrix(0, 2)).size() == 0);
  CHECK_THROWS_MESSAGE((paired(block(x), block(rows_matrix(3, 7)))), hint::shape_error,
                       "paired: image has 2 rows of 2, text has 3 rows of 7");
}

TEST_CASE("paired takes matrices and blocks in any combination") {
  const rows_matrix x = matrix_of({{1, 0}, {3, 4}});
  const paired dense_sparse(x, sparse_of(x));
  STATIC_REQUIRE(std::same_as<decltype(dense_sparse), const paired<block, block>>);
  CHECK_FALSE(dense_sparse.image().is_sparse());
  CHECK(dense_sparse.text().is_sparse());
  CHECK(same_bits<float>(dense_of(dense_sparse.text()), x));
  const paired own(ones{2}, block(x));
  STATIC_REQUIRE(std::same_as<decltype(own), const paired<ones, block>>);
  CHECK(own.size() == 2);
  CHECK_THROWS_MESSAGE((paired(ones{4}, x)), hint::shape_error,
                       "paired: image has 4 rows of 1, text has 2 rows of 2");
}
