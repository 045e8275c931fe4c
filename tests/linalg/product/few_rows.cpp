// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <vector>

#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product/few_rows.hpp>
#include <hint/linalg/product/pack.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::linalg::index;
using hint::linalg::matrix;
namespace detail = hint::linalg::detail;

/// An element of a product by its definition: chains of fused multiply-adds, added up in order.
template <class T>
T element(const matrix<T>& a, const matrix<T>& b, index i, index j) {
  using Batch = hint::linalg::batch<T>;
  T total = 0;
  for (index begin = 0; begin < a.cols(); begin += detail::product_depth) {
    Batch sum(T{0});
    for (index k = begin; k < (std::min)(a.cols(), begin + detail::product_depth); ++k)
      sum = fma(Batch(a(i, k)), Batch(b(j, k)), sum);
    T lanes[Batch::size];
    sum.store_unaligned(lanes);
    total = begin == 0 ? lanes[0] : total + lanes[0];
  }
  return total;
}

TEMPLATE_TEST_CASE("few rows times columns, however they lie", "[linalg][product]", float, double) {
  using T = TestType;
  constexpr index panel = detail::panel_width<T>;
  for (const index depth : {1, 7, 16, 29, 300})
    for (const index columns : {index{1}, panel - 1, panel, 3 * panel + 1, 9 * panel + 2}) {
      const matrix<T> a = hint_tests::random_matrix<T>(7, depth, 1);
      const matrix<T> b = hint_tests::random_matrix<T>(columns + panel, depth, 2);
      const matrix<T> a_down = a.transpose(), b_down = b.transpose();
      const index panels = detail::round_up(b.rows(), panel) / panel;
      std::vector<T> packed(static_cast<std::size_t>(panels * panel * depth));
      detail::pack(detail::rows_of<T>(b), 0, b.rows(), 0, depth, packed.data(), panel * depth);
      for (index rows = 1; rows <= static_cast<index>(detail::few_rows); ++rows) {
        CAPTURE(depth, columns, rows);
        const auto check = [&](const auto& left, const auto& right) {
          matrix<T> out = matrix<T>::Constant(rows + 1, columns + 1, T{7});
          detail::few_rows_block<T>(left, right, depth, 2, panel,
                                    {out.data(), out.outerStride(), rows, columns, true});
          bool right_bits = true;
          for (index i = 0; i <= rows; ++i)
            for (index j = 0; j <= columns; ++j)
              right_bits =
                  right_bits &&
                  out(i, j) == (i < rows && j < columns ? element(a, b, 2 + i, panel + j) : T{7});
          CHECK(right_bits);
        };
        check(detail::rows_of<T>(a), detail::rows_of<T>(b));
        check(detail::columns_of<T>(a_down), detail::rows_of<T>(b));
        check(detail::rows_of<T>(a), detail::columns_of<T>(b_down));
        check(detail::rows_of<T>(a), detail::packed_factor<T>{packed.data(), depth});
      }
    }
}

}  // namespace
