// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/core/random.hpp>
#include <hint/eval/precision_recall.hpp>

#include "eval/orders.hpp"
#include "support/catch.hpp"

namespace eval = hint::eval;
using eval::ties;

namespace {

eval::precision_recall_curve curve_of(const auto& metric,
                                      const std::vector<hint_tests::groups>& queries,
                                      std::size_t bits) {
  typename std::decay_t<decltype(metric)>::sum_type sum;
  for (const auto& g : queries) metric.add(sum, hint_tests::ranking_of(g, bits));
  return metric.value(sum);
}

// Query 1: at radius 1 one of two is relevant, at 3 all three. Query 2: nothing relevant before 2.
const std::vector<hint_tests::groups> two{{{1, 2, 1}, {3, 1, 1}}, {{0, 1, 0}, {2, 3, 1}}};

}  // namespace

TEST_CASE("the micro curve by radius, worked out by hand") {
  const auto c = curve_of(eval::radius_curve{}, two, 4);
  REQUIRE(c.recall.size() == 5);
  const std::vector<double> precision{0, 1.0 / 3, 2.0 / 6, 3.0 / 7, 3.0 / 7};
  const std::vector<double> recall{0, 1.0 / 3, 2.0 / 3, 1, 1};
  for (std::size_t r = 0; r < 5; ++r) {
    CAPTURE(r);
    CHECK(c.precision[r] == Approx(precision[r]).margin(1e-15));
    CHECK(c.recall[r] == Approx(recall[r]).margin(1e-15));
  }
}

TEST_CASE("the mean over queries with precision above 0, worked out by hand") {
  const auto c =
      curve_of(eval::radius_curve{{.mean = eval::curve_mean::nonzero_precision}}, two, 4);
  const std::vector<double> precision{0, 0.5, (0.5 + 0.25) / 2, (2.0 / 3 + 0.25) / 2,
                                      (2.0 / 3 + 0.25) / 2};
  const std::vector<double> recall{0, 0.5, (0.5 + 1) / 2, 1, 1};
  for (std::size_t r = 0; r < 5; ++r) {
    CAPTURE(r);
    CHECK(c.precision[r] == Approx(precision[r]).margin(1e-15));
    CHECK(c.recall[r] == Approx(recall[r]).margin(1e-15));
  }
}

TEST_CASE("curves of nothing") {
  CHECK(curve_of(eval::radius_curve{}, {}, 4).recall.empty());
  const auto empty = curve_of(eval::radius_curve{}, {{}}, 2);
  CHECK(empty.precision == std::vector<double>{0, 0, 0});
  CHECK(empty.recall == std::vector<double>{0, 0, 0});
  CHECK(std::isnan(curve_of(eval::rank_curve{}, {{{0, 2, 0}}}, 2).precision[0]));
}

TEST_CASE("the curve by rank equals the definition over all orders") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const auto g = hint_tests::random_groups(hint::random_stream(seed, 4));
    if (hint_tests::ranking_of(g).relevant == 0) continue;
    for (const double level : {0.0, 0.1, 0.5, 0.75, 1.0}) {
      CAPTURE(seed, level);
      const auto v = hint_tests::over_orders(g, [&](const std::vector<bool>& order) {
        double all = 0;
        for (const bool relevant : order) all += relevant ? 1 : 0;
        double found = 0;
        for (std::size_t i = 0; i < order.size(); ++i) {
          found += order[i] ? 1 : 0;
          if (found > 0 && found / all >= level) return found / static_cast<double>(i + 1);
        }
        return -1.0;
      });
      const auto value = [&](ties rule) {
        return curve_of(eval::rank_curve{{.levels = {level}, .ties = rule}}, {g}, 64).precision[0];
      };
      CHECK(value(ties::expected) == Approx(v.mean).margin(1e-13));
      CHECK(value(ties::optimistic) == Approx(v.highest).margin(1e-13));
      CHECK(value(ties::pessimistic) == Approx(v.lowest).margin(1e-13));
    }
  }
}

TEST_CASE("a level that is hit exactly is not missed by rounding") {
  hint_tests::groups g;  // 30 relevant, each alone, each followed by an irrelevant one
  for (std::uint32_t i = 0; i < 60; ++i) g.push_back({i, 1, i % 2 == 0 ? 1U : 0U});
  const auto c = curve_of(eval::rank_curve{{.levels = {0.1}}}, {g}, 64);
  CHECK(c.precision[0] == Approx(3.0 / 5));
  CHECK(c.recall == std::vector<double>{0.1});
}

TEST_CASE("curves check and print their options") {
  CHECK_THROWS_MESSAGE(eval::rank_curve{{.levels = {}}}, hint::invalid_option,
                       "option levels is empty, expected at least one level");
  CHECK_THROWS_MESSAGE((eval::rank_curve{{.levels = {0.5, 1.5}}}), hint::invalid_option,
                       "option levels is 1.5, expected 0 to 1");
  CHECK(eval::radius_curve{}.conventions() == "precision-recall by radius, micro mean");
  CHECK(eval::rank_curve{}.conventions() ==
        "precision-recall by rank, not interpolated, ties expected, empty queries skipped");
  CHECK(text_of(eval::precision_recall_curve{{0, 1}, {0.5, 0.25}}) ==
        "recall [0.0000, 1.0000] precision [0.5000, 0.2500]");
}
