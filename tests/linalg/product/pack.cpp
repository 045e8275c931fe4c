// SPDX-License-Identifier: MIT
#include <cstddef>
#include <vector>

#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product/pack.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::linalg::index;
using hint::linalg::matrix;
namespace detail = hint::linalg::detail;

TEMPLATE_TEST_CASE("panels hold vectors side by side and zeros behind the last",
                   "[linalg][product]", float, double) {
  using T = TestType;
  constexpr index width = detail::panel_width<T>;
  for (const index count : {index{1}, width - 1, width, width + 1, 3 * width + 2})
    for (const index depth : {1, 3, 4, 9, 30}) {
      CAPTURE(count, depth);
      const matrix<T> all = hint_tests::random_matrix<T>(count + 5, depth + 7, 8);
      const matrix<T> transposed = all.transpose();
      const index stride = (depth + 2) * width, panels = detail::round_up(count, width) / width;
      for (const bool across : {false, true}) {
        const auto from = across ? detail::columns_of<T>(transposed) : detail::rows_of<T>(all);
        std::vector<T> to(static_cast<std::size_t>(panels * stride), T{-9});
        detail::pack(from, 3, count, 2, depth, to.data(), stride);
        for (index p = 0; p < panels; ++p)
          for (index at = 0; at < stride; ++at) {
            const index k = at / width, i = p * width + at % width;
            const T expected = k >= depth ? T{-9} : i < count ? all(3 + i, 2 + k) : T{0};
            CHECK(to[static_cast<std::size_t>(p * stride + at)] == expected);
          }
      }
    }
}

}  // namespace
