// SPDX-License-Identifier: MIT
// The hasher's own tests (tests/learn/mlp_hasher.cpp) go through all of it; here is what it is apart from tiles.
#include <cstddef>
#include <limits>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/learn/encoding/row_projector.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

using namespace hint;

TEST_CASE("rows are projected each by itself, whatever their kind", "[learn][encoding]") {
  // Dense rows, rows of few numbers, and rows too large for floats, side by side.
  constexpr linalg::index n = 24, d = 300;
  linalg::matrix<float> x = hint_tests::random_matrix<float>(n, d, 1);
  for (linalg::index i = 0; i < n; ++i) {
    if (i % 3 == 1) x.row(i).tail(d - 5).setZero();
    if (i % 4 == 3) x.row(i) *= 1e30F;
  }
  const data::block all(x);
  const data::normalizer scaling = data::normalizer::fit(all, data::scaling::none);
  const nn::mlp<float> net(d, 9, {.hidden = {8}}, {1, 2});
  const auto packed = net.pack();
  const learn::detail::row_projector project(scaling, net, packed, image);
  linalg::matrix<float> h, one;
  project(all, 0, n, h);
  REQUIRE(h.rows() == n);
  for (std::size_t i = 0; i < n; ++i) {
    CAPTURE(i);
    project(all, i, i + 1, one);
    CHECK(one == h.row(static_cast<linalg::index>(i)));
    const auto exact =
        learn::detail::outputs_in_double(net, std::span(&x(static_cast<linalg::index>(i), 0), d));
    for (std::size_t j = 0; j < 9; ++j)
      CHECK(one(0, static_cast<linalg::index>(j)) == Approx(exact[j]).margin(1e-5));
  }
  project(all, 5, 5, h);
  CHECK(h.rows() == 0);

  x(20, 7) = std::numeric_limits<float>::infinity();
  CHECK_THROWS_MESSAGE((project(data::block(x), 18, 24, h), 0), invalid_argument,
                       "image: row 20, column 7 is inf, expected finite numbers");
}
