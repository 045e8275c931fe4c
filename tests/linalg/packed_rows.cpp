// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <hint/core/error.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/packed_rows.hpp>
#include <hint/linalg/product.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using Eigen::Index;
using hint::linalg::matrix;
using hint::linalg::packed_rows;
using hint_tests::random_matrix;
using hint_tests::same_bits;

TEMPLATE_TEST_CASE("products of packed rows have the bits of products of rows",
                   "[linalg][packed_rows]", float, double) {
  using T = TestType;
  const std::uint64_t seed = 31;
  CAPTURE(seed);
  hint::thread_pool three(3);
  packed_rows<T> p, q;
  for (const Index n : {1, 3, 16, 70, 260})
    for (const Index m : {1, 17, 64, 200})
      for (const Index d : {1, 6, 255, 300}) {
        CAPTURE(n, m, d);
        const matrix<T> a = random_matrix<T>(n, d, seed), b = random_matrix<T>(m, d, seed + 1);
        const matrix<T> columns = b.transpose();
        matrix<T> expected(n, m), out(n, m);
        hint::linalg::multiply_transposed<T>(a, b, expected);
        p.assign(a);
        q.assign(b, three);  // over what it had been before
        CHECK(q.rows() == m);
        CHECK(q.cols() == d);
        hint::linalg::multiply_transposed<T>(a, q, out);
        CHECK(same_bits(expected, out));
        out.setZero();
        hint::linalg::multiply_transposed<T>(p, q, out, three);
        CHECK(same_bits(expected, out));
        q.assign_columns(columns);
        out.setZero();
        hint::linalg::multiply_transposed<T>(a, q, out);
        CHECK(same_bits(expected, out));
      }
}

TEMPLATE_TEST_CASE("blocks of packed rows", "[linalg][packed_rows]", float, double) {
  using T = TestType;
  constexpr Index panel = packed_rows<T>::panel;
  const Index n = 7 * panel + 3;
  const matrix<T> x = random_matrix<T>(n, 270, 3);
  const packed_rows<T> p(x);
  matrix<T> all(n, n);
  hint::linalg::multiply_transposed<T>(x, x, all);
  CHECK(same_bits(all, matrix<T>(all.transpose())));
  for (Index i = 0; i < n; i += 3 * panel)
    for (Index j = 0; j < n; j += 2 * panel) {
      const Index rows = (std::min)(3 * panel, n - i), columns = (std::min)(2 * panel - 1, n - j);
      CAPTURE(i, j, rows, columns);
      matrix<T> out(rows, columns);
      hint::linalg::multiply_transposed<T>(p.block(i, i + rows), p.block(j, j + columns), out);
      CHECK(same_bits(out, matrix<T>(all.block(i, j, rows, columns))));
    }
  matrix<T> none(0, n);
  hint::linalg::multiply_transposed<T>(p.block(panel, panel), p, none);
  CHECK(p.block(0, n).rows() == n);
}

TEST_CASE("packed rows of nothing", "[linalg][packed_rows]") {
  packed_rows<float> p;
  CHECK(p.rows() == 0);
  p.assign(matrix<float>(3, 0));
  matrix<float> out = matrix<float>::Constant(2, 3, 1.0F);
  hint::linalg::multiply_transposed<float>(matrix<float>(2, 0), p, out);
  CHECK((out.array() == 0.0F).all());
}

TEST_CASE("packed rows name what does not fit", "[linalg][packed_rows]") {
  constexpr Index panel = packed_rows<double>::panel;
  const packed_rows<double> p(matrix<double>::Zero(20, 4));
  const auto message = [&](Index begin, Index end) {
    return hint::detail::concat("packed_rows: block of rows ", begin, " to ", end,
                                " of 20, expected the first to be a multiple of ", panel);
  };
  CHECK_THROWS_MESSAGE(p.block(1, 5), hint::invalid_argument, message(1, 5));
  CHECK_THROWS_MESSAGE(p.block(-panel, 5), hint::invalid_argument, message(-panel, 5));
  CHECK_THROWS_MESSAGE(p.block(0, 21), hint::invalid_argument, message(0, 21));
  CHECK_THROWS_MESSAGE(p.block(panel, 0), hint::invalid_argument, message(panel, 0));
  matrix<double> out(20, 20);
  CHECK_THROWS_MESSAGE(hint::linalg::multiply_transposed<double>(matrix<double>(3, 5), p, out),
                       hint::shape_error, "multiply_transposed: a is 3 x 5 and b is 20 x 4");
  CHECK_THROWS_MESSAGE(hint::linalg::multiply_transposed<double>(p.block(0, 20), p, out.topRows(3)),
                       hint::shape_error, "multiply_transposed: out is 3 x 20, expected 20 x 20");
}

}  // namespace
