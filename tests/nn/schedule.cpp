// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/nn/adam.hpp>
#include <hint/nn/schedule.hpp>

#include "support/catch.hpp"

namespace {

using hint::nn::decay;
using hint::nn::schedule;
using hint::nn::schedule_options;

std::vector<double> rates(const schedule_options& o, std::size_t steps, std::size_t count) {
  std::vector<double> out;
  for (std::size_t t = 0; t < count; ++t) out.push_back(schedule(o).rate(t, steps));
  return out;
}
void check_near(const std::vector<double>& found, const std::vector<double>& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CAPTURE(i);
    CHECK(found[i] == Approx(expected[i]).epsilon(1e-12).margin(1e-15));
  }
}

TEST_CASE("schedules by hand", "[nn][schedule]") {
  CHECK(rates({}, 10, 12) == std::vector<double>(12, 1e-3));
  check_near(rates({.kind = decay::step, .rate = 8, .factor = 0.5, .every = 3}, 5, 8),
             {8, 8, 8, 4, 4, 4, 2, 2});
  check_near(rates({.kind = decay::exponential, .rate = 8, .factor = 0.25, .every = 2}, 5, 5),
             {8, 4, 2, 1, 0.5});
  check_near(rates({.kind = decay::linear, .rate = 1, .last = 0.2}, 4, 6),
             {1, 0.8, 0.6, 0.4, 0.2, 0.2});
  const double root = std::sqrt(0.5);
  check_near(rates({.kind = decay::cosine, .rate = 3, .last = 1}, 4, 6),
             {3, 2 + root, 2, 2 - root, 1, 1});
}

TEST_CASE("the warm-up goes before the decay, which has the steps that are left",
          "[nn][schedule]") {
  for (const decay kind :
       {decay::constant, decay::step, decay::exponential, decay::cosine, decay::linear}) {
    schedule_options o{
        .kind = kind, .rate = 0.8, .last = 0.1, .factor = 0.5, .every = 3, .warm_up = 4};
    const auto found = rates(o, 14, 20);
    CAPTURE(static_cast<int>(kind));
    check_near({found.begin(), found.begin() + 4}, {0.2, 0.4, 0.6, 0.8});
    o.warm_up = 0;
    const auto without = rates(o, 10, 16);
    check_near({found.begin() + 4, found.end()}, without);
    for (std::size_t t = 1; t < without.size(); ++t) CHECK(without[t] <= without[t - 1]);
  }
  // All of it is warm-up.
  check_near(rates({.kind = decay::cosine, .rate = 1, .warm_up = 4}, 3, 5),
             {0.25, 0.5, 0.75, 1, 0});
  check_near(rates({.kind = decay::linear, .rate = 1, .last = 0.5}, 0, 1), {0.5});
}

TEST_CASE("a schedule drives an optimiser", "[nn][schedule]") {
  const schedule plan({.kind = decay::linear, .rate = 0.1});
  hint::nn::adam optimizer;
  std::vector<double> p = {0};
  double expected = 0;
  for (std::size_t t = 0; t < 8; ++t) {
    optimizer.set_rate(plan.rate(t, 8));
    optimizer.step(std::span<double>(p), std::vector<double>{1});
    expected -= 0.1 * (1 - static_cast<double>(t) / 8);  // Adam's steps have the size of the rate
  }
  CHECK(p[0] == Approx(expected));
}

TEST_CASE("a schedule's errors", "[nn][schedule]") {
  CHECK_THROWS_MESSAGE(schedule({.rate = -1}), hint::invalid_option,
                       "option rate is -1, expected 0 to 1000");
  CHECK_THROWS_MESSAGE(schedule({.last = std::nan("")}), hint::invalid_option,
                       "option last is nan, expected 0 to 1000");
  CHECK_THROWS_MESSAGE(schedule({.factor = 0}), hint::invalid_option,
                       "option factor is 0, expected 0 < factor <= 1");
  CHECK_THROWS_MESSAGE(schedule({.factor = 1.5}), hint::invalid_option,
                       "option factor is 1.5, expected 0 < factor <= 1");
  CHECK_THROWS_MESSAGE(schedule({.every = 0}), hint::invalid_option,
                       "option every is 0, expected 1 to 1099511627776");
  CHECK_THROWS_MESSAGE(schedule({.warm_up = (std::size_t{1} << 40) + 1}), hint::invalid_option,
                       "option warm_up is 1099511627777, expected 0 to 1099511627776");
  CHECK_THROWS_MESSAGE(schedule({.kind = static_cast<decay>(5)}), hint::invalid_option,
                       "option kind is 5, expected 0 to 4");
}

}  // namespace
