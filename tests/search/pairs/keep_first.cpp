// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>

#include <hint/core/random.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/pairs/keep_first.hpp>

#include "support/catch.hpp"
#include "support/clusters.hpp"

using namespace hint::search::detail;
using hint::search::hamming_distance;

TEST_CASE("each code has the first kept one within the radius") {
  const std::uint64_t seed = 91;
  CAPTURE(seed);
  for (const std::size_t n : {1U, 64U, 65U, 129U, 2000U}) {
    const auto codes = clustered(96, n, 300, 12, {seed, n});
    double share = 0;
    const keep_first kept(codes, {12}, {}, [&](double done) {
      CHECK(done >= share);
      share = done;
      return true;
    });
    CHECK(kept.complete());
    CHECK(share == 1);
    for (std::uint32_t i = 0; i < n; ++i) {
      std::uint32_t first = i;
      for (std::uint32_t j = 0; j < i && first == i; ++j)
        if (kept.first_of(j) == j && hamming_distance(codes[i], codes[j]) <= 12) first = j;
      REQUIRE(kept.first_of(i) == first);
    }
  }
}

TEST_CASE("what is known when it is stopped is right") {
  const auto codes = clustered(96, 2000, 300, 12, {92, 0});
  const keep_first whole(codes, {12}, {}, [](double) { return true; });
  for (int most = 1; most < 40; most += 3) {
    int asked = 0;
    const keep_first part(codes, {12}, {}, [&](double) { return ++asked < most; });
    CHECK(!part.complete());
    for (std::uint32_t i = 0; i < 2000; ++i)
      if (part.first_of(i) != keep_first::none) REQUIRE(part.first_of(i) == whole.first_of(i));
  }
}
