// SPDX-License-Identifier: MIT
#include <hint/linalg/matrix.hpp>

#include "support/catch.hpp"

namespace {

using hint::linalg::matrix;

TEST_CASE("views of matrices and of blocks copy nothing", "[linalg][matrix]") {
  matrix<float> m = matrix<float>::Zero(5, 7);
  const hint::linalg::matrix_view<float> all = m;
  CHECK(all.data() == m.data());
  CHECK(all.outerStride() == 7);
  const hint::linalg::matrix_view<float> rows = m.middleRows(2, 2);
  CHECK(rows.data() == m.data() + 14);
  const hint::linalg::matrix_view<float> block = m.block(1, 2, 3, 4);
  CHECK(block.data() == m.data() + 9);
  CHECK(block.outerStride() == 7);
  hint::linalg::matrix_ref<float> writable = m.block(1, 2, 3, 4);
  writable(0, 0) = 5;
  CHECK(m(1, 2) == 5);
  CHECK(matrix<float>::IsRowMajor);
}

}  // namespace
