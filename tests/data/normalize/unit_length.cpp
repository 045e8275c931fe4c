// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <hint/data/normalize/unit_length.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

namespace detail = hint::data::detail;

}  // namespace

TEST_CASE("sums of squares may leave out zeros", "[data][normalize]") {
  for (const hint::linalg::index n : {0, 1, 15, 16, 17, 32, 47, 512, 859}) {
    CAPTURE(n);
    auto x = hint_tests::random_matrix<double>(1, n, 5);
    for (hint::linalg::index j = 0; j < n; j += 3) x(0, j) = 0;
    const double all = detail::square_sum(n, [&](hint::linalg::index j) { return x(0, j); });
    detail::column_sum others;
    for (hint::linalg::index j = 0; j < n; ++j)
      if (x(0, j) != 0) others.add(j, x(0, j) * x(0, j));
    CHECK(std::abs(all - x.squaredNorm()) <= 1e-14 * x.squaredNorm());
    CHECK(std::abs(others.total() - all) <= 1e-14 * all);  // a fused product may round once less
  }
}

TEST_CASE("division by lengths", "[data][normalize]") {
  CHECK(detail::to_unit(16) == 0.25);
  CHECK(detail::to_unit(0) == 0);
  CHECK(detail::to_unit(16, 4) == 0);
  CHECK(detail::to_unit(16, 3.9) == 0.25);
  std::vector<float> row(3, 7.0F);
  const std::vector<double> from{3, 0, -4};
  const auto at = [&](hint::linalg::index j) { return from[static_cast<std::size_t>(j)]; };
  detail::to_unit_length(row, at);
  CHECK(row == std::vector<float>{0.6F, 0, -0.8F});
  detail::to_unit_length(row, at, 5);
  CHECK(row == std::vector<float>(3, 0.0F));
}
