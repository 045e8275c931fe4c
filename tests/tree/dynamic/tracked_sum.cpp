// SPDX-License-Identifier: MIT
#include <hint/tree/dynamic/tracked_sum.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <hint/core/random.hpp>

#include "support/catch.hpp"

using hint::tree::detail::tracked_sum;

TEST_CASE("tracked_sum: what was huge for a moment leaves no trace", "[tree]") {
  for (const double huge : {1e3, 1e9, 1e15, 1e18, 1e20, 1e30}) {
    CAPTURE(huge);
    tracked_sum sum = 0.1;
    sum += 0.2;
    const double before = sum.value();
    sum += huge;
    CHECK(sum.value() == huge + before);
    sum += -huge;
    CHECK(sum.value() == before);
    CHECK_FALSE(sum.worn(1));
  }
}

TEST_CASE("tracked_sum: the error is within the bound, or the sum is worn", "[tree]") {
  int worn = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    const hint::random_stream random(seed, hint::stream_id("sums"));
    tracked_sum sum;
    std::vector<double> there;
    const double decades = seed % 2 == 0 ? 30 : 60;
    for (std::uint64_t i = 0; i < 300; ++i) {
      if (there.size() > 5 && random.below(3 * i, 2) == 0) {
        const std::size_t out = random.below(3 * i + 1, there.size());
        sum += -tracked_sum(there[out]);
        there[out] = there.back();
        there.pop_back();
      } else {
        there.push_back(std::pow(10, decades * random.uniform(3 * i + 2) - 12));
        sum += there.back();
      }
      // Exact to 64 bits of the largest summand that is there; adding them up by size.
      std::vector<double> sorted = there;
      std::sort(sorted.begin(), sorted.end());
      long double exact = 0;
      for (const double x : sorted) exact += x;
      const auto scale = static_cast<double>(exact);
      worn += sum.worn(scale);
      if (!sum.worn(scale))
        REQUIRE(std::abs(static_cast<double>(sum.value() - exact)) <= 1.001e-12 * scale);
    }
  }
  CHECK(worn > 0);
}

TEST_CASE("tracked_sum: sums of sums, their negatives, ordinary wear", "[tree]") {
  tracked_sum a = 1e18;
  a += 0.25;
  tracked_sum b = 3;
  b += a;
  b += -a;
  CHECK(b.value() == 3);
  CHECK((-a).value() == -1e18);
  tracked_sum many;
  for (int i = 0; i < 1000000; ++i) many += i % 2 == 0 ? 0.1 : -0.1 + 1e-9;
  CHECK(many.value() == Approx(5e-4).epsilon(1e-9));
  CHECK_FALSE(many.worn(many.value()));
  CHECK_FALSE(tracked_sum().worn(0));
}
