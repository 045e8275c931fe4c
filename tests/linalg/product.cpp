// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using Eigen::Index;
using hint::linalg::matrix;
using hint_tests::random_matrix;
using hint_tests::same_bits;

struct shape {
  Index n, d, m;
};

// Around the sizes of tiles and blocks: 4 or 8 rows, 2 to 48 columns, 256 deep, 256 rows in a block.
const std::vector<shape> shapes = {{1, 1, 1},    {2, 3, 4},     {5, 7, 6},      {6, 16, 16},
                                   {7, 255, 17}, {13, 256, 33}, {12, 257, 31},  {193, 40, 65},
                                   {50, 600, 9}, {3, 1386, 70}, {200, 513, 20}, {9, 30, 530},
                                   {1, 700, 40}, {40, 700, 1},  {400, 1, 3},    {261, 30, 50}};

/// Entry by entry in long double.
template <class T>
matrix<T> oracle(const matrix<T>& a, const matrix<T>& b) {
  matrix<T> out(a.rows(), b.rows());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < b.rows(); ++j) {
      long double sum = 0;
      for (Index k = 0; k < a.cols(); ++k)
        sum += static_cast<long double>(a(i, k)) * static_cast<long double>(b(j, k));
      out(i, j) = static_cast<T>(sum);
    }
  return out;
}

template <class T>
double tolerance(Index d) {
  return 8 * static_cast<double>(std::numeric_limits<T>::epsilon()) *
         std::sqrt(static_cast<double>(d)) * 4;
}

template <class T>
matrix<T> transposed(const matrix<T>& m) {
  return m.transpose();
}

TEMPLATE_TEST_CASE("products agree with sums in long double", "[linalg][product]", float, double) {
  using T = TestType;
  const std::uint64_t seed = 11;
  CAPTURE(seed);
  for (const shape& s : shapes) {
    CAPTURE(s.n, s.d, s.m);
    const matrix<T> a = random_matrix<T>(s.n, s.d, seed);
    const matrix<T> b = random_matrix<T>(s.m, s.d, seed + 1);
    const matrix<T> expected = oracle(a, b);
    matrix<T> out = matrix<T>::Constant(s.n, s.m, std::numeric_limits<T>::quiet_NaN());
    hint::linalg::multiply_transposed<T>(a, b, out);
    CHECK(static_cast<double>((out - expected).cwiseAbs().maxCoeff()) <= tolerance<T>(s.d));
    matrix<T> again(s.n, s.m);
    hint::linalg::multiply<T>(a, transposed(b), again);
    CHECK(same_bits(out, again));  // three ways to read the factors, one way to add up
    hint::linalg::transposed_multiply<T>(transposed(a), transposed(b), again);
    CHECK(same_bits(out, again));
  }
}

/// b with about one number in `one_in` left, and one column and one row of zeros.
template <class T>
matrix<T> with_zeros(matrix<T> b, std::uint64_t one_in, std::uint64_t seed) {
  const hint::random_stream random(seed, 7);
  for (Index i = 0; i < b.size(); ++i)
    if (random.below(static_cast<std::uint64_t>(i), one_in) != 0)
      b.data()[i] = i % 2 == 0 ? T(0) : -T(0);
  b.col(b.cols() / 2).setZero();
  b.row(b.rows() / 3).setZero();
  return b;
}

TEMPLATE_TEST_CASE("zeros that are left out change no bit of a product", "[linalg][product]", float,
                   double) {
  using T = TestType;
  const std::uint64_t seed = 29;
  CAPTURE(seed);
  hint::thread_pool two(2), three(3);
  for (const shape& s :
       {shape{1, 1, 1}, shape{33, 31, 40}, shape{40, 32, 32}, shape{64, 100, 48},
        shape{65, 256, 33}, shape{131, 257, 65}, shape{17, 600, 100}, shape{200, 0, 40}})
    for (const std::uint64_t one_in : {1U, 2U, 5U, 1000U}) {
      CAPTURE(s.n, s.d, s.m, one_in);
      const matrix<T> a = random_matrix<T>(s.d, s.n, seed);
      const matrix<T> b = s.d > 0
                              ? with_zeros<T>(random_matrix<T>(s.d, s.m, seed + 1), one_in, seed)
                              : matrix<T>(0, s.m);
      matrix<T> expected(s.n, s.m);
      hint::linalg::transposed_multiply<T>(a, b, expected);
      for (const hint::executor_ref& e :
           {hint::executor_ref(), hint::executor_ref(two), hint::executor_ref(three)}) {
        matrix<T> out = matrix<T>::Constant(s.n, s.m, std::numeric_limits<T>::quiet_NaN());
        hint::linalg::transposed_multiply_with_zeros<T>(a, b, out, e);
        CHECK(same_bits(out, expected));
        hint::linalg::matrix_ref<T> part = out;  // however many zeros there are
        if (s.d == 0) continue;
        out.setConstant(std::numeric_limits<T>::quiet_NaN());
        hint::linalg::detail::product_with_zeros<T>(a, b, part, e);
        CHECK(same_bits(out, expected));
      }
    }
}

TEMPLATE_TEST_CASE("a row of a product does not depend on the others", "[linalg][product]", float,
                   double) {
  using T = TestType;
  const std::uint64_t seed = 23;
  CAPTURE(seed);
  for (const shape& s : shapes) {
    CAPTURE(s.n, s.d, s.m);
    const matrix<T> a = random_matrix<T>(s.n, s.d, seed);
    const matrix<T> b = random_matrix<T>(s.m, s.d, seed + 1);
    matrix<T> all(s.n, s.m), single(s.n, s.m), mixed(s.n, s.m), back(s.n, s.m);
    hint::linalg::multiply_transposed<T>(a, b, all);
    for (Index i = 0; i < s.n; ++i)
      hint::linalg::multiply_transposed<T>(a.middleRows(i, 1), b, single.middleRows(i, 1));
    CHECK(same_bits(all, single));

    const auto order = hint::permutation(static_cast<std::uint32_t>(s.n), {seed, 1});
    matrix<T> shuffled(s.n, s.d);
    for (Index i = 0; i < s.n; ++i) shuffled.row(i) = a.row(order[static_cast<std::size_t>(i)]);
    hint::linalg::multiply_transposed<T>(shuffled, b, mixed);
    for (Index i = 0; i < s.n; ++i) back.row(order[static_cast<std::size_t>(i)]) = mixed.row(i);
    CHECK(same_bits(all, back));

    if (s.n < 3) continue;  // and in batches of odd sizes
    for (Index i = 0; i < s.n; i += 5) {
      const Index n = (std::min)(Index{5}, s.n - i);
      hint::linalg::multiply_transposed<T>(a.middleRows(i, n), b, back.middleRows(i, n));
    }
    CHECK(same_bits(all, back));
  }
}

TEMPLATE_TEST_CASE("products have the same bits on any executor", "[linalg][product]", float,
                   double) {
  using T = TestType;
  hint::thread_pool two(2), three(3);
  hint_tests::backwards many;
  const std::array<hint::executor_ref, 3> executors = {two, three, many};
  for (const shape& s :
       {shape{70, 300, 90}, shape{200, 20, 600}, shape{1, 2100, 700}, shape{3, 900, 600}}) {
    CAPTURE(s.n, s.d, s.m);
    const matrix<T> a = random_matrix<T>(s.n, s.d, 5);
    const matrix<T> b = random_matrix<T>(s.m, s.d, 6);
    matrix<T> expected(s.n, s.m), out(s.n, s.m);
    hint::linalg::multiply_transposed<T>(a, b, expected);
    for (const hint::executor_ref& e : executors) {
      hint::linalg::multiply_transposed<T>(a, b, out, e);
      CHECK(same_bits(expected, out));
      hint::linalg::multiply<T>(a, transposed(b), out, e);
      CHECK(same_bits(expected, out));
      hint::linalg::transposed_multiply<T>(transposed(a), transposed(b), out, e);
      CHECK(same_bits(expected, out));
    }
  }
}

TEST_CASE("products work on blocks in larger matrices and leave the rest alone",
          "[linalg][product]") {
  const matrix<double> a = random_matrix<double>(40, 90, 1), b = random_matrix<double>(50, 90, 2);
  const matrix<double> expected = oracle<double>(a.block(3, 5, 20, 71), b.block(1, 7, 23, 71));
  matrix<double> out = matrix<double>::Constant(30, 31, 7.0);
  hint::linalg::multiply_transposed<double>(a.block(3, 5, 20, 71), b.block(1, 7, 23, 71),
                                            out.block(4, 6, 20, 23));
  CHECK((out.block(4, 6, 20, 23) - expected).cwiseAbs().maxCoeff() < 1e-13);
  out.block(4, 6, 20, 23).setConstant(7.0);
  CHECK((out.array() == 7.0).all());
}

TEST_CASE("products of nothing", "[linalg][product]") {
  matrix<float> out = matrix<float>::Constant(3, 2, 5.0F);
  hint::linalg::multiply_transposed<float>(matrix<float>(3, 0), matrix<float>(2, 0), out);
  CHECK((out.array() == 0.0F).all());
  out.resize(0, 4);
  hint::linalg::multiply<float>(matrix<float>(0, 6), random_matrix<float>(6, 4, 1), out);
  out.resize(4, 0);
  hint::linalg::multiply<float>(random_matrix<float>(4, 6, 1), matrix<float>(6, 0), out);
  CHECK(out.size() == 0);
}

TEST_CASE("a NaN stays in its row and column", "[linalg][product]") {
  matrix<float> a = random_matrix<float>(8, 20, 1), b = random_matrix<float>(18, 20, 2);
  a(2, 3) = std::numeric_limits<float>::quiet_NaN();
  b(17, 0) = std::numeric_limits<float>::infinity();
  matrix<float> out(8, 18);
  hint::linalg::multiply_transposed<float>(a, b, out);
  for (Index i = 0; i < 8; ++i)
    for (Index j = 0; j < 18; ++j) CHECK(std::isfinite(out(i, j)) == (i != 2 && j != 17));
}

TEST_CASE("products name the shapes that do not fit", "[linalg][product]") {
  const matrix<float> a(3, 4), b(5, 6);
  matrix<float> out(3, 5);
  CHECK_THROWS_MESSAGE(hint::linalg::multiply_transposed<float>(a, b, out), hint::shape_error,
                       "multiply_transposed: a is 3 x 4 and b is 5 x 6");
  CHECK_THROWS_MESSAGE(hint::linalg::multiply<float>(a, b, out), hint::shape_error,
                       "multiply: a is 3 x 4 and b is 5 x 6");
  CHECK_THROWS_MESSAGE(hint::linalg::transposed_multiply<float>(a, b, out), hint::shape_error,
                       "transposed_multiply: a is 3 x 4 and b is 5 x 6");
  const matrix<float> c(6, 4);
  CHECK_THROWS_MESSAGE(hint::linalg::multiply_transposed<float>(a, c, out), hint::shape_error,
                       "multiply_transposed: out is 3 x 5, expected 3 x 6");
}

}  // namespace
