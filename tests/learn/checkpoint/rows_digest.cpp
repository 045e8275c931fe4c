// SPDX-License-Identifier: MIT
#include <set>
#include <string>
#include <vector>

#include <hint/data/block.hpp>
#include <hint/learn/checkpoint/rows_digest.hpp>
#include <hint/linalg/matrix.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

using namespace hint;
using learn::detail::rows_digest;

TEST_CASE("every number of a block is in its digest, and every place", "[learn][checkpoint]") {
  linalg::matrix<float> x = hint_tests::random_matrix<float>(4, 5, 1);
  x(1, 2) = x(3, 0) = 0;
  std::set<std::string> seen{rows_digest(x)};
  CHECK(rows_digest(x).starts_with("4 x 5, digest "));
  CHECK(seen.contains(rows_digest(data::block::borrow(x))));
  std::size_t blocks = 1;
  const auto is_new = [&](const data::block& b) {
    seen.insert(rows_digest(b));
    CHECK(seen.size() == ++blocks);
  };
  for (linalg::index i = 0; i < x.size(); ++i) {
    linalg::matrix<float> y = x;
    y.data()[i] += 1;
    is_new(y);
  }
  const linalg::sparse_matrix<float> sparse = x.sparseView();
  is_new(sparse);
  linalg::sparse_matrix<float> moved = x.leftCols(5).rowwise().reverse().eval().sparseView();
  is_new(moved);
  data::block::centering c{std::vector<float>(5, 0.5F), std::vector<double>(4, 1)};
  is_new({sparse, c});
  c.factors[2] = 2;
  is_new({sparse, c});
  c.shift[4] = 0;
  is_new({sparse, c});
  const std::vector<data::row_id> rows{3, 1};
  is_new(data::block(x)(rows));
  is_new(linalg::matrix<float>(0, 5));
}
