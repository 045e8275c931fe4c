// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <set>

#include <hint/core/error.hpp>
#include <hint/learn/early_stopping/held_out_pairs.hpp>

#include "support/catch.hpp"

using namespace hint;
using learn::detail::held_out_pairs;

TEST_CASE("pairs are held out at random, each once", "[learn][early_stopping]") {
  for (const auto& [n, share, count] :
       {std::tuple{4U, 0.5, 2U}, {100U, 0.25, 25U}, {101U, 0.1, 10U}, {50000U, 0.5, 2000U}}) {
    const auto p = held_out_pairs::draw(n, share, {1, n});
    CHECK(p.judging.size() == count);
    CHECK(std::ranges::is_sorted(p.judging));
    CHECK(std::ranges::is_sorted(p.learning));
    std::set<data::row_id> all(p.judging.begin(), p.judging.end());
    all.insert(p.learning.begin(), p.learning.end());
    CHECK(all.size() == n);
    CHECK(*all.rbegin() == n - 1);
    CHECK(p.learning.size() + count == n);
  }
  CHECK(held_out_pairs::draw(100, 0.5, {1, 1}).judging !=
        held_out_pairs::draw(100, 0.5, {2, 1}).judging);
  CHECK_THROWS_MESSAGE(held_out_pairs::draw(3, 0.5, {1, 1}), invalid_argument,
                       "fit: 1 of 3 pairs are held out, expected at least 2 and as many others");
}
