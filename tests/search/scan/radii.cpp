// SPDX-License-Identifier: MIT
#include <cstddef>
#include <span>
#include <vector>

#include <hint/search/scan/radii.hpp>

#include "support/catch.hpp"

TEST_CASE("radii are one for all queries, or one for each") {
  using hint::search::detail::radii;
  const radii all = std::size_t{7};
  CHECK(all[0] == 7);
  CHECK(all[99] == 7);
  CHECK(all.most() == 7);
  const std::vector<std::size_t> list{3, 9, 0};
  const radii each = std::span<const std::size_t>(list);
  CHECK(each[0] == 3);
  CHECK(each[1] == 9);
  CHECK(each[2] == 0);
  CHECK(each.most() == 9);
  const radii any = radii::any;
  CHECK(any[5] == ~std::size_t{0});
}
