// SPDX-License-Identifier: MIT
#include <algorithm>

#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product/blocks.hpp>

#include "support/catch.hpp"

namespace {

using hint::linalg::index;
namespace detail = hint::linalg::detail;

TEST_CASE("grids cover the product with panels", "[linalg][product]") {
  constexpr index panel = detail::panel_width<float>;
  for (const index rows : {1, 100, 256, 600, 5000})
    for (const index columns : {1, 64, 512, 859, 4096})
      for (const index threads : {1, 2, 3, 16, 100}) {
        CAPTURE(rows, columns, threads);
        const detail::product_grid g = detail::grid_of<float>(rows, columns, 500, threads, 8, 8);
        CHECK(g.height % panel == 0);
        CHECK(g.width % panel == 0);
        CHECK(g.down * g.height >= rows);
        CHECK((g.down - 1) * g.height < rows);
        CHECK(g.across * g.width >= columns);
        CHECK((g.across - 1) * g.width < columns);
      }
}

TEST_CASE("grids give every thread as much", "[linalg][product]") {
  const auto share = [](index rows, index columns, index threads) {
    const detail::product_grid g = detail::grid_of<float>(rows, columns, 800, threads, 8, 8);
    const index rounds = detail::product_grid::ceil_div(g.down * g.across, threads);
    return static_cast<double>(rounds * threads * g.height * g.width) /
           static_cast<double>(rows * columns);
  };
  CHECK(share(256, 512, 2) == 1);
  CHECK(share(256, 64, 2) == 1);
  CHECK(share(768, 512, 2) == 1);  // three blocks of rows would leave a thread without work
  CHECK(share(256, 512, 3) <= 1.1);
  CHECK(share(512, 859, 2) <= 1.03);
  CHECK(share(256, 512, 16) <= 1.1);
}

TEST_CASE("a product of no time is one block", "[linalg][product]") {
  const detail::product_grid g = detail::grid_of<float>(10, 500, 100, 8, 8, 8);
  CHECK(g.down * g.across == 1);
}

}  // namespace
