// SPDX-License-Identifier: MIT
#include <limits>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/data/block.hpp>
#include <hint/data/check_finite.hpp>

#include "data/rows.hpp"
#include "support/catch.hpp"

namespace {

using hint::data::block;
using hint::data::row_id;
using hint_tests::rows_matrix;
using hint_tests::sparse_of;

}  // namespace

TEST_CASE("check_finite names the first bad number") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  hint::thread_pool pool(3);
  for (const hint::context& ctx : {hint::context{}, hint::context{pool}}) {
    rows_matrix x = rows_matrix::Zero(1000, 3);
    hint::data::check_finite(block(x), "x", ctx);
    x(900, 0) = nan;
    CHECK_THROWS_MESSAGE(hint::data::check_finite(block(x), "x", ctx), hint::invalid_argument,
                         "x: row 900, column 0 is nan, expected finite numbers");
    x(700, 2) = -infinity;
    x(700, 1) = infinity;
    for (const block& b : {block(x), block(sparse_of(x))})
      CHECK_THROWS_MESSAGE(hint::data::check_finite(b, "image", ctx), hint::invalid_argument,
                           "image: row 700, column 1 is inf, expected finite numbers");
    const block some = block(x)(std::vector<row_id>{1, 700});
    CHECK_THROWS_MESSAGE(hint::data::check_finite(some, "y", ctx), hint::invalid_argument,
                         "y: row 1, column 1 is inf, expected finite numbers");
    hint::data::check_finite(block(x)(std::vector<row_id>{0, 699, 701}), "z", ctx);
  }
}
