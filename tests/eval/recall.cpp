// SPDX-License-Identifier: MIT
#include <vector>

#include <hint/core/error.hpp>
#include <hint/eval/recall.hpp>

#include "eval/orders.hpp"
#include "support/catch.hpp"

namespace eval = hint::eval;
using eval::ties;

namespace {

std::vector<double> recall(const hint_tests::groups& g, const eval::recall_at_options& o) {
  const eval::recall_at metric{o};
  eval::means_over_queries sum;
  metric.add(sum, hint_tests::ranking_of(g));
  return metric.value(sum);
}

}  // namespace

TEST_CASE("recall@N of the own pair is the chance to be among the first N") {
  const hint_tests::groups own_pair{{3, 2, 0}, {7, 4, 1}, {8, 90, 0}};
  const auto r = recall(own_pair, {.at = {1, 2, 3, 5, 6, 1000}});
  CHECK(r[0] == 0);
  CHECK(r[1] == 0);
  CHECK(r[2] == Approx(0.25));
  CHECK(r[3] == Approx(0.75));
  CHECK(r[4] == Approx(1));
  CHECK(r[5] == Approx(1));
  CHECK(recall(own_pair, {.at = {3, 5}, .ties = ties::optimistic}) == std::vector<double>{1, 1});
  CHECK(recall(own_pair, {.at = {3, 5, 6}, .ties = ties::pessimistic}) ==
        std::vector<double>{0, 0, 1});
}

TEST_CASE("recall@N divides by all relevant items") {
  const hint_tests::groups g{{0, 1, 1}, {1, 4, 3}};
  const auto r = recall(g, {.at = {1, 5}});
  CHECK(r[0] == Approx(0.25));
  CHECK(r[1] == Approx(1));
}

TEST_CASE("recall@N treats queries without relevant items as told") {
  const hint_tests::groups good{{0, 2, 1}};
  const hint_tests::groups bad{{0, 2, 0}};
  for (const bool skip : {false, true}) {
    const eval::recall_at metric{
        {.at = {2}, .empty_query = skip ? eval::empty_query::skip : eval::empty_query::zero}};
    eval::means_over_queries sum;
    metric.add(sum, hint_tests::ranking_of(bad));
    metric.add(sum, hint_tests::ranking_of(good));
    CHECK(metric.value(sum) == std::vector<double>{skip ? 1.0 : 0.5});
  }
}

TEST_CASE("recall@N checks and prints its options") {
  CHECK_THROWS_MESSAGE(eval::recall_at{{.at = {}}}, hint::invalid_option,
                       "option at is empty, expected at least one rank");
  CHECK(eval::recall_at{}.conventions() == "recall@1,5,10, ties expected, empty queries 0");
}
