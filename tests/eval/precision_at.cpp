// SPDX-License-Identifier: MIT
#include <cstddef>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/eval/precision_at.hpp>

#include "eval/orders.hpp"
#include "support/catch.hpp"

namespace eval = hint::eval;
using eval::ties;

TEST_CASE("precision@N of a ranking worked out by hand") {
  const hint_tests::groups g{{0, 1, 1}, {2, 3, 1}, {9, 1, 0}};
  const auto values = [&](ties rule) {
    const eval::precision_at metric{{.at = {1, 2, 4, 10}, .ties = rule}};
    eval::means_over_queries sum;
    metric.add(sum, hint_tests::ranking_of(g));
    return metric.value(sum);
  };
  const auto expected = values(ties::expected);
  CHECK(expected[0] == Approx(1));
  CHECK(expected[1] == Approx((1 + 1.0 / 3) / 2));
  CHECK(expected[2] == Approx(0.5));
  CHECK(expected[3] == Approx(0.2));  // N stays the divisor
  CHECK(values(ties::optimistic)[1] == Approx(1));
  CHECK(values(ties::pessimistic)[1] == Approx(0.5));
}

TEST_CASE("precision@N counts queries without relevant items") {
  const hint_tests::groups good{{0, 2, 2}};
  const hint_tests::groups bad{{0, 2, 0}};
  const eval::precision_at metric{{.at = {2}}};
  eval::means_over_queries sum;
  metric.add(sum, hint_tests::ranking_of(good));
  metric.add(sum, hint_tests::ranking_of(bad));
  CHECK(metric.value(sum) == std::vector<double>{0.5});
}

TEST_CASE("precision@N refuses bad ranks and names the good ones") {
  CHECK_THROWS_MESSAGE(eval::precision_at{{.at = {}}}, hint::invalid_option,
                       "option at is empty, expected at least one rank");
  CHECK_THROWS_MESSAGE((eval::precision_at{{.at = {5, 0}}}), hint::invalid_option,
                       "option at holds 0, expected ranks from 1");
  CHECK(eval::precision_at{}.conventions() ==
        "precision@1,5,10,50,100, ties expected, empty queries 0");
  eval::precision_at_options many;
  many.at.clear();
  for (std::size_t n = 1; n <= 5000; n += 100) many.at.push_back(n);
  CHECK(eval::precision_at{many}.conventions() ==
        "precision@1..4901 (50 ranks), ties expected, empty queries 0");
}
