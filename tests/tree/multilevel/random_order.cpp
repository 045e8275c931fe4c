// SPDX-License-Identifier: MIT
#include <hint/tree/multilevel/random_order.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "support/catch.hpp"

using namespace hint;
using tree::detail::random_order;

TEST_CASE("random_order: the numbers of SplitMix64", "[tree]") {
  // The first outputs of the authors' splitmix64.c for state 1234567.
  random_order random(1234567);
  REQUIRE(random.random_bits() == 6457827717110365317ULL);
  REQUIRE(random.random_bits() == 3203168211198807973ULL);
  REQUIRE(random.random_bits() == 9817491932198370423ULL);
  random_order bits(5);
  random_order uniform(5);
  for (int i = 0; i < 1000; ++i) {
    const double u = uniform.uniform();
    REQUIRE((u >= 0 && u < 1));
    REQUIRE(u * 0x1p53 == static_cast<double>(bits.random_bits() >> 11));
  }
}

TEST_CASE("random_order: orders are permutations, shuffled in blocks", "[tree]") {
  for (const std::size_t n : {0U, 1U, 2U, 63U, 64U, 65U, 1000U}) {
    CAPTURE(n);
    random_order random(n);
    random.shuffle(n);
    const std::vector<node_id> order(random.order().begin(), random.order().end());
    REQUIRE(order.size() == n);
    std::vector<node_id> sorted = order;
    std::sort(sorted.begin(), sorted.end());
    for (node_id i = 0; i < n; ++i) REQUIRE(sorted[i] == i);
    // Each stretch of 64 holds numbers that follow one another, n - 1 being followed by 0.
    const auto first = [&](std::size_t begin) {
      const std::size_t end = (std::min)(begin + 64, n);
      for (std::size_t i = begin; i < end; ++i) {
        std::size_t within = 0;
        for (std::size_t j = begin; j < end; ++j)
          within += (order[j] + n - order[i]) % n < end - begin ? 1 : 0;
        if (within == end - begin) return std::size_t{order[i]};
      }
      return n;  // none
    };
    for (std::size_t begin = 0; begin < n; begin += 64) {
      REQUIRE(first(begin) < n);
      if (n > 64) REQUIRE(first(begin) == (first(0) + begin) % n);
    }
    random.shuffle(n);
    if (n > 2) REQUIRE_FALSE(std::ranges::equal(order, random.order()));
    random_order again(n);
    again.shuffle(n);
    REQUIRE(std::ranges::equal(order, again.order()));
  }
}

TEST_CASE("random_order: every order of few numbers occurs as often", "[tree]") {
  random_order random(17);
  std::vector<int> seen(1000);
  constexpr int draws = 24000;
  for (int i = 0; i < draws; ++i) {
    random.shuffle(4);
    const auto o = random.order();
    ++seen[o[0] * 64 + o[1] * 16 + o[2] * 4 + o[3]];
  }
  // 1000 each are expected, with a standard deviation of 31.
  REQUIRE(std::count_if(seen.begin(), seen.end(), [](int count) { return count > 0; }) == 24);
  for (const int count : seen) REQUIRE((count == 0 || (count > 840 && count < 1160)));
}
