// SPDX-License-Identifier: MIT
#include <cstddef>
#include <vector>

#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product/kernel.hpp>
#include <hint/linalg/product/pack.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::linalg::index;
using hint::linalg::matrix;
namespace detail = hint::linalg::detail;

/// The chain of fused multiply-adds that an element of a product is.
template <class T>
T chain(const matrix<T>& a, const matrix<T>& b, index i, index j) {
  using Batch = hint::linalg::batch<T>;
  Batch sum(T{0});
  for (index k = 0; k < a.cols(); ++k) sum = fma(Batch(a(i, k)), Batch(b(j, k)), sum);
  T lanes[Batch::size];
  sum.store_unaligned(lanes);
  return lanes[0];
}

TEMPLATE_TEST_CASE("kernels write the wanted part of a tile, or add to it", "[linalg][product]",
                   float, double) {
  using T = TestType;
  constexpr index panel = detail::panel_width<T>, depth = 37;
  constexpr std::size_t rows = 4, registers = 2;
  constexpr index width = static_cast<index>(registers * hint::linalg::batch<T>::size);
  const matrix<T> a = hint_tests::random_matrix<T>(rows, depth, 1);
  const matrix<T> b = hint_tests::random_matrix<T>(width, depth, 2);
  std::vector<T> left(static_cast<std::size_t>(panel * depth));
  std::vector<T> right(static_cast<std::size_t>(detail::round_up(width, panel) * depth));
  detail::pack(detail::rows_of<T>(a), 0, rows, 0, depth, left.data(), panel * depth);
  detail::pack(detail::rows_of<T>(b), 0, width, 0, depth, right.data(), panel * depth);
  for (const bool overwrite : {true, false})
    for (const index high : {index{1}, index{3}, index{4}, index{9}})
      for (const index wide : {index{1}, width - 1, width, width + 8}) {
        CAPTURE(overwrite, high, wide);
        matrix<T> out = matrix<T>::Constant(10, width + 9, T{5});
        detail::product_kernel<T, rows, registers>(
            depth, left.data(), {right.data(), panel * depth},
            {out.data(), out.outerStride(), high, wide, overwrite});
        for (index i = 0; i < out.rows(); ++i)
          for (index j = 0; j < out.cols(); ++j) {
            const bool wanted = i < high && i < a.rows() && j < wide && j < width;
            const T sum = wanted ? chain(a, b, i, j) : T{0};
            CHECK(out(i, j) == (!wanted ? T{5} : overwrite ? sum : T{5} + sum));
          }
      }
}

}  // namespace
