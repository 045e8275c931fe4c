// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <limits>

#include <hint/align/mixing_schedule.hpp>
#include <hint/core/error.hpp>

#include "support/catch.hpp"

namespace {

namespace align = hint::align;
using align::mixing_kind;
using hint::image;
using hint::text;

TEST_CASE("the measured curriculum is Eq. 6, smoothed, for each modality", "[align][curriculum]") {
  align::mixing_schedule c({.kind = mixing_kind::measured_gap, .smoothing = 0.75});
  CHECK(c.measures());
  CHECK(c.weight(image, 0, 9, 3.0) == Approx(3.0 / 4));      // lambda = 3, the first as it is
  CHECK(c.weight(image, 1, 9, 1.0) == Approx(2.5 / 3.5));    // 0.75 * 3 + 0.25 * 1 = 2.5
  CHECK(c.weight(text, 1, 9, 0.25) == Approx(0.25 / 1.25));  // texts have their own lambda
  CHECK(c.weight(image, 2, 9, 0.5) == Approx(2.0 / 3.0));    // 0.75 * 2.5 + 0.25 * 0.5 = 2
  CHECK(c.weight(image, 3, 9, -8.0) == Approx(1.5 / 2.5));   // an unbiased estimate below 0 is 0
  CHECK(c.weight(text, 2, 9, 0.0) == Approx(0.1875 / 1.1875));

  align::mixing_schedule sharp({.kind = mixing_kind::measured_gap, .smoothing = 0});
  CHECK(sharp.weight(text, 0, 9, 7.0) == Approx(7.0 / 8));
  CHECK(sharp.weight(text, 1, 9, 0.0) == 0.0);
  CHECK(sharp.weight(text, 2, 9, 1e300) <= 1.0);
  CHECK(sharp.weight(text, 3, 9, std::numeric_limits<double>::quiet_NaN()) == 0.0);
}

TEST_CASE("a copy of a curriculum goes its own way", "[align][curriculum]") {
  align::mixing_schedule a({.kind = mixing_kind::measured_gap, .smoothing = 0.5});
  a.weight(image, 0, 9, 4.0);
  align::mixing_schedule b = a;
  CHECK(b.weight(image, 1, 9, 0.0) == Approx(2.0 / 3));
  CHECK(a.weight(image, 1, 9, 4.0) == Approx(4.0 / 5));
}

TEST_CASE("planned curricula", "[align][curriculum]") {
  const auto of = [](mixing_kind kind) {
    align::mixing_schedule c({.kind = kind, .start = 0.8, .end = 0.2});
    CHECK(!c.measures());
    return c;
  };
  auto fixed = of(mixing_kind::fixed);
  CHECK(fixed.weight(image, 0, 5, 9.0) == 0.8);
  CHECK(fixed.weight(text, 4, 5, 0.0) == 0.8);

  auto linear = of(mixing_kind::linear);
  const double expected[] = {0.8, 0.65, 0.5, 0.35, 0.2};
  for (std::size_t step = 0; step < 5; ++step)
    CHECK(linear.weight(image, step, 5, 9.0) == Approx(expected[step]));

  auto cosine = of(mixing_kind::cosine);
  CHECK(cosine.weight(image, 0, 5, 9.0) == Approx(0.8));
  CHECK(cosine.weight(image, 1, 5, 9.0) == Approx(0.5 + 0.3 * std::sqrt(0.5)));
  CHECK(cosine.weight(image, 2, 5, 9.0) == Approx(0.5));
  CHECK(cosine.weight(image, 4, 5, 9.0) == Approx(0.2));

  CHECK(linear.weight(image, 0, 1, 9.0) == Approx(0.8));  // a budget of one step
  CHECK(cosine.weight(image, 0, 0, 9.0) == Approx(0.8));
}

TEST_CASE("curriculum refuses weights outside 0 .. 1", "[align][curriculum]") {
  CHECK_THROWS_MESSAGE(align::mixing_schedule({.start = 1.5}), hint::invalid_option,
                       "option start is 1.5, expected 0 to 1");
  CHECK_THROWS_MESSAGE(align::mixing_schedule({.end = -1}), hint::invalid_option,
                       "option end is -1, expected 0 to 1");
  CHECK_THROWS_MESSAGE(align::mixing_schedule({.smoothing = 1}), hint::invalid_option,
                       "option smoothing is 1, expected 0 to 0.999");
  CHECK_THROWS_AS(align::mixing_schedule({.start = std::numeric_limits<double>::quiet_NaN()}),
                  hint::invalid_option);
}

}  // namespace
