// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/graph/approximate/sampled_recall.hpp>
#include <hint/graph/nearest.hpp>

#include "data/rows.hpp"
#include "graph/approximate_rows.hpp"
#include "graph/brute_force.hpp"
#include "support/catch.hpp"

namespace {

using namespace hint;
using graph::detail::compared_rows;
using graph::detail::growing_lists;
using graph::detail::recall_sample;
using hint_tests::all_metrics;
using hint_tests::clustered_rows;
using hint_tests::name_of;
using hint_tests::rows_matrix;

TEST_CASE("recall is the share of the nearest that are in the lists", "[graph][sampled_recall]") {
  rows_matrix x = clustered_rows(400, 6, 10, 1);
  x.row(5).setZero();
  const data::block b(x);
  thread_pool pool(2);
  const context ctx{pool};
  for (const graph::metric how : all_metrics) {
    CAPTURE(name_of(how));
    const compared_rows<> rows(b, how, "test", {});
    compared_rows<>::scratch s;
    const auto exact = graph::nearest(b, 4, how);
    const recall_sample<> sample(rows, 400, 4, ctx);  // of all
    for (std::size_t kept = 0; kept <= 4; ++kept) {
      growing_lists<> lists(400, 6);
      std::size_t all = 0, here = 0;
      for (std::size_t i = 0; i < 400; ++i)
        for (std::size_t r = 0; r < exact[i].size(); ++r) {
          ++all;
          // Odd rows have their first neighbours only.
          if (i % 2 == 1 && r >= kept) continue;
          ++here;
          lists.offer(i, exact[i][r].row, rows.score(i, exact[i][r].row, s));
        }
      CHECK(sample.recall(rows, lists, ctx) ==
            static_cast<double>(here) / static_cast<double>(all));
      const double some = recall_sample<>(rows, 200, 4, {}).recall(rows, lists, {});
      CHECK(std::abs(some - static_cast<double>(here) / static_cast<double>(all)) < 0.08);
      CHECK((kept == 4) == (some == 1));
    }
  }
}

TEST_CASE("one as near as the last counts, whichever it is", "[graph][sampled_recall]") {
  const compared_rows<> rows(data::block(rows_matrix::Ones(50, 3)), graph::metric::l2, "test", {});
  growing_lists<> lists(50, 4);
  for (std::size_t i = 0; i < 50; ++i)
    for (std::size_t r = 1; r <= 3; ++r) lists.offer(i, (i + 10 * r) % 50, 0);
  CHECK(recall_sample<>(rows, 20, 2, {}).recall(rows, lists, {}) == 1);
  CHECK(recall_sample<>(rows, 20, 3, {}).recall(rows, lists, {}) == 1);
  CHECK(recall_sample<>(rows, 20, 4, {}).recall(rows, lists, {}) == 0.75);
  const compared_rows<> none(data::block(rows_matrix::Zero(9, 2)), graph::metric::cosine, "t", {});
  CHECK(recall_sample<>(none, 5, 4, {}).recall(none, growing_lists<>(9, 4), {}) == 1);
}

}  // namespace
