// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <ctime>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/graph/approximate_nearest.hpp>
#include <hint/graph/fused.hpp>
#include <hint/graph/nearest.hpp>

#include "data/rows.hpp"
#include "graph/approximate_rows.hpp"
#include "graph/brute_force.hpp"
#include "support/catch.hpp"

namespace {

using namespace hint;
using graph::approximate_fused;
using graph::approximate_lists;
using graph::approximate_nearest;
using graph::approximate_options;
using graph::neighbor_lists;
using hint_tests::all_metrics;
using hint_tests::clustered_rows;
using hint_tests::lists_of;
using hint_tests::metric;
using hint_tests::name_of;
using hint_tests::near_row;
using hint_tests::rows_matrix;
using hint_tests::sparse_of;

/// Of the neighbours in `exact`, the share that is as near in `found`.
double recall_of(const neighbor_lists& found, const neighbor_lists& exact) {
  std::size_t hits = 0, all = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    all += exact[i].size();
    if (exact[i].empty()) continue;
    std::size_t hit = 0;
    for (const near_row& r : found[i]) hit += r.distance <= exact[i].back().distance ? 1U : 0U;
    hits += (std::min)(hit, exact[i].size());
  }
  return all > 0 ? static_cast<double>(hits) / static_cast<double>(all) : 1;
}

/// What lists promise whatever the recall: as many as there are, in order, none twice, not the row itself,
/// exact distances.
void check_lists(const neighbor_lists& found, const rows_matrix& x, std::size_t k, metric how) {
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    std::set<node_id> seen;
    for (std::size_t r = 0; r < found[i].size(); ++r) {
      const near_row& near = found[i][r];
      const auto exact = hint_tests::exact_distance(x, static_cast<Eigen::Index>(i),
                                                    static_cast<Eigen::Index>(near.row), how);
      wrong += exact && near.row != i && seen.insert(near.row).second ? 0U : 1U;
      wrong += r == 0 || nearer(found[i][r - 1], near) ? 0U : 1U;
      if (exact)
        wrong +=
            std::abs(static_cast<long double>(near.distance) - *exact) <= 1.3e-7L * std::abs(*exact)
                ? 0U
                : 1U;
    }
    wrong += found[i].size() <= k ? 0U : 1U;
  }
  CHECK(wrong == 0);
}

TEST_CASE("approximate lists of clusters have nearly all neighbours, at their exact distances",
          "[graph][approximate]") {
  for (const std::uint64_t seed : {1U, 2U})
    for (const metric how : all_metrics) {
      CAPTURE(seed, name_of(how));
      const rows_matrix x = clustered_rows(3000, 24, 60, seed);
      const data::block b(x);
      const approximate_options o{.recall = 0.95, .trees = 40, .leaf = 128};
      const approximate_lists found = approximate_nearest(b, 8, how, o);
      check_lists(found.lists, x, 8, how);
      const double recall = recall_of(found.lists, graph::nearest(b, 8, how));
      CAPTURE(recall, found.recall, found.trees);
      CHECK(found.recall >= 0.95);
      CHECK(recall > 0.93);
      CHECK(std::abs(recall - found.recall) < 0.03);
      CHECK(found.trees < 40);
      CHECK(found.lists.length() == 8);
      CHECK(std::all_of(found.lists[17].begin(), found.lists[17].end(),
                        [](const near_row& r) { return r.row < 3000; }));
    }
}

TEST_CASE("recall is measured right where little is found", "[graph][approximate]") {
  // Nothing is near anything in 200 dimensions.
  const data::block b(hint_tests::random_matrix<float>(3000, 200, 5));
  const approximate_options o{.recall = 1, .trees = 4, .leaf = 32, .sample = 1000};
  const approximate_lists found = approximate_nearest(b, 10, metric::l2, o);
  const double recall = recall_of(found.lists, graph::nearest(b, 10, metric::l2));
  CAPTURE(recall, found.recall);
  CHECK(found.trees == 4);
  CHECK(recall < 0.8);
  CHECK(std::abs(recall - found.recall) < 0.03);
  CHECK(approximate_lists{{}, 0.97256, 1}.text() == "recall 0.973 by 1 tree");
  CHECK(approximate_lists{{}, 1, 8}.text() == "recall 1 by 8 trees");
}

TEST_CASE("more trees find more", "[graph][approximate]") {
  const data::block b(hint_tests::random_matrix<float>(2000, 60, 6));
  double before = 0;
  for (const std::size_t trees : {1U, 6U, 20U}) {
    const double recall =
        approximate_nearest(b, 5, metric::cosine, {.recall = 1, .trees = trees, .leaf = 64}).recall;
    CHECK(recall > before + 0.05);
    before = recall;
  }
}

TEST_CASE("rows that fit a leaf have all their neighbours", "[graph][approximate]") {
  for (const metric how : all_metrics) {
    CAPTURE(name_of(how));
    const data::block b(hint_tests::random_matrix<float>(300, 7, 8));
    const approximate_lists found = approximate_nearest(b, 6, how);
    CHECK(lists_of(found.lists) == lists_of(graph::nearest(b, 6, how)));
    CHECK(found.recall == 1);
  }
}

TEST_CASE("approximate search at the ends: no rows, one, fewer than k, zeros, equal ones",
          "[graph][approximate]") {
  for (const metric how : all_metrics) {
    CAPTURE(name_of(how));
    CHECK(approximate_nearest(data::block(rows_matrix(0, 3)), 2, how).lists.size() == 0);
    const approximate_lists one = approximate_nearest(data::block(rows_matrix::Ones(1, 3)), 2, how);
    CHECK(one.lists.size() == 1);
    CHECK(one.lists[0].empty());
    CHECK(one.recall == 1);
    const data::block four(hint_tests::random_matrix<float>(4, 3, 1));
    CHECK(lists_of(approximate_nearest(four, 9, how).lists) ==
          lists_of(graph::nearest(four, 9, how)));
    CHECK(approximate_nearest(data::block(rows_matrix(5, 0)), 2, how).lists.size() == 5);

    rows_matrix x = clustered_rows(500, 6, 5, 3);
    x.topRows(100).setZero();
    x.middleRows(100, 100) = x.row(200).replicate(100, 1);
    const approximate_options o{.trees = 30, .leaf = 32};
    const approximate_lists found = approximate_nearest(data::block(x), 4, how, o);
    check_lists(found.lists, x, 4, how);
    CHECK(found.lists[50].size() == (how == metric::cosine ? 0U : 4U));
    CHECK(found.lists[150].size() == 4);
    if (how != metric::dot) CHECK(found.lists[150][3].distance == 0);
    CHECK(recall_of(found.lists, graph::nearest(data::block(x), 4, how)) > 0.9);
    const approximate_lists zeros =
        approximate_nearest(data::block(rows_matrix::Zero(200, 3)), 4, how, o);
    CHECK(zeros.lists[3].size() == (how == metric::cosine ? 0U : 4U));
    CHECK(zeros.recall == 1);
  }
}

TEST_CASE("rows may be very long, very short and far from 0", "[graph][approximate]") {
  const rows_matrix base = clustered_rows(1500, 12, 40, 4);
  const auto searched = [](const rows_matrix& x, metric how) {
    const data::block b(x);
    return recall_of(approximate_nearest(b, 5, how, {.trees = 40, .leaf = 128}).lists,
                     graph::nearest(b, 5, how));
  };
  for (const metric how : {metric::cosine, metric::l2, metric::l1}) {
    CAPTURE(name_of(how));
    CHECK(searched(base * 1e25F, how) > 0.94);
    CHECK(searched(base * 1e-25F, how) > 0.94);
    CHECK(searched(base.array() + 300.0F, how) > 0.94);
  }
}

TEST_CASE("long rows are near to all by dot product", "[graph][approximate]") {
  rows_matrix x = clustered_rows(2000, 16, 30, 9);
  for (Eigen::Index i = 0; i < x.rows(); i += 100) x.row(i) *= 5;
  const data::block b(x);
  const approximate_lists found = approximate_nearest(b, 6, metric::dot, {.trees = 8, .leaf = 128});
  CHECK(recall_of(found.lists, graph::nearest(b, 6, metric::dot)) > 0.95);
}

TEST_CASE("approximate lists of sparse and selected rows are those of dense ones",
          "[graph][approximate]") {
  rows_matrix x = clustered_rows(1200, 20, 30, 11);
  x = (x.array().abs() < 0.8F).select(0.0F, x);
  const approximate_options o{.trees = 6, .leaf = 64};
  std::vector<data::row_id> order(1200);
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<data::row_id>(i * 7 % 1200);
  rows_matrix shuffled(1200, 20);
  for (std::size_t i = 0; i < order.size(); ++i)
    shuffled.row(static_cast<Eigen::Index>(order[i])) = x.row(static_cast<Eigen::Index>(i));
  for (const metric how : all_metrics) {
    CAPTURE(name_of(how));
    const auto dense = lists_of(approximate_nearest(data::block(x), 5, how, o).lists);
    CHECK(dense == lists_of(approximate_nearest(data::block(sparse_of(x)), 5, how, o).lists));
    CHECK(dense == lists_of(approximate_nearest(data::block(shuffled)(order), 5, how, o).lists));
  }
}

TEST_CASE("approximate lists: the same bits for any number of threads, others for other seeds",
          "[graph][approximate]") {
  const data::block b(clustered_rows(2500, 16, 30, 12));
  const data::block c(clustered_rows(2500, 9, 30, 13));
  const approximate_options o{.recall = 1, .trees = 5, .leaf = 64};
  for (const metric how : all_metrics) {
    const approximate_lists alone = approximate_nearest(b, 6, how, o);
    for (const std::size_t threads : {2U, 3U}) {
      thread_pool pool(threads);
      context ctx{pool};
      const approximate_lists found = approximate_nearest(b, 6, how, o, ctx);
      CHECK(lists_of(found.lists) == lists_of(alone.lists));
      CHECK(found.recall == alone.recall);
      ctx.seed = 1;
      CHECK(lists_of(approximate_nearest(b, 6, how, o, ctx).lists) != lists_of(alone.lists));
    }
  }
  thread_pool pool(3);
  CHECK(lists_of(approximate_fused({b, c}, 0.3, 6, o).lists) ==
        lists_of(approximate_fused({b, c}, 0.3, 6, o, context{pool}).lists));
}

TEST_CASE("approximate fused lists are nearly those of nearest_fused", "[graph][approximate]") {
  rows_matrix image = clustered_rows(1500, 20, 40, 14), text = clustered_rows(1500, 8, 25, 15);
  text.topRows(50).setZero();
  image.middleRows(40, 20).setZero();
  for (const double weight : {0.0, 0.3, 0.5, 1.0}) {
    const std::array<data::block, 2> rows{data::block(image), data::block(sparse_of(text))};
    const neighbor_lists exact = graph::nearest_fused(rows, weight, 7);
    const approximate_lists found =
        approximate_fused(rows, weight, 7, {.recall = 0.98, .trees = 60, .leaf = 128});
    std::size_t hits = 0;
    double apart = 0;
    for (std::size_t i = 0; i < exact.size(); ++i) {
      hits += found.lists[i].size() == 7 ? 0U : 1000000U;
      for (const near_row& r : found.lists[i])
        for (const near_row& e : exact[i])
          if (e.row == r.row) {
            ++hits;
            apart = (std::max)(apart, std::abs(static_cast<double>(e.distance - r.distance)));
          }
    }
    CAPTURE(weight, hits, found.recall);
    CHECK(apart < 1e-6);
    // Rows of zeros have cosine 0 with all, where the order is by row.
    CHECK(hits > 1400 * 7 * 95 / 100);
    CHECK(hits <= 1500 * 7);
  }
}

TEST_CASE("approximate search says what it cannot do", "[graph][approximate]") {
  const data::block b(rows_matrix::Ones(3, 2));
  CHECK_THROWS_MESSAGE(approximate_nearest(b, 0, metric::l2), invalid_argument,
                       "approximate_nearest: k is 0, expected 1 to 1000");
  CHECK_THROWS_MESSAGE(approximate_fused({b, b}, -0.5, 1), invalid_option,
                       "option image_weight is -0.5, expected 0 to 1");
  CHECK_THROWS_MESSAGE(approximate_fused({b, b}, 0.5, 1001), invalid_argument,
                       "approximate_fused: k is 1001, expected 1 to 1000");
  CHECK_THROWS_MESSAGE(approximate_fused({b, data::block(rows_matrix::Ones(4, 2))}, 0.5, 1),
                       shape_error, "approximate_fused: image has 3 rows, text has 4");
  rows_matrix bad = rows_matrix::Ones(3, 2);
  bad(2, 1) = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_MESSAGE(approximate_nearest(data::block(bad), 1, metric::l2), invalid_argument,
                       "approximate_nearest: row 2, column 1 is nan, expected finite numbers");
  CHECK_THROWS_MESSAGE(approximate_nearest(b, 1, metric::l2, {.recall = 2}), invalid_option,
                       "option recall is 2, expected 0 to 1");
  CHECK_THROWS_MESSAGE(approximate_nearest(b, 1, metric::l2, {.trees = 0}), invalid_option,
                       "option trees is 0, expected 1 to 1000");
  CHECK_THROWS_MESSAGE(approximate_nearest(b, 1, metric::l2, {.leaf = 15}), invalid_option,
                       "option leaf is 15, expected 16 to 65536");
  CHECK_THROWS_MESSAGE(approximate_nearest(b, 1, metric::l2, {.sample = 0}), invalid_option,
                       "option sample is 0, expected 1 to 1000000");
}

/// Asks to stop after so many questions, and looks how much work, in seconds of processors, lies between two.
struct patient {
  std::size_t answers;
  std::size_t asked = 0;
  std::clock_t last = std::clock();
  double longest = 0;
  std::vector<std::string> told{};
  bool stop_requested() {
    const std::clock_t now = std::clock();
    longest = (std::max)(longest, static_cast<double>(now - last) / CLOCKS_PER_SEC);
    last = now;
    return asked++ >= answers;
  }
  void on(const phase_report& r) {
    if (r.done == 1) told.push_back(std::string(r.phase) + ": " + std::string(r.note));
  }
};

TEST_CASE("approximate search that is asked to stop has no lists", "[graph][approximate]") {
  const data::block b(clustered_rows(2000, 16, 30, 16));
  const approximate_options o{.recall = 1, .trees = 5, .leaf = 64};
  const auto whole = lists_of(approximate_nearest(b, 4, metric::cosine, o).lists);
  bool stopped = false, finished = false;
  for (std::size_t answers = 0; !finished && answers < 1000; answers += 3) {
    patient p{answers};
    context ctx;
    ctx.observer = observer_ref(p);
    const approximate_lists found = approximate_nearest(b, 4, metric::cosine, o, ctx);
    REQUIRE(found.lists.size() == 2000);
    if (p.asked <= answers) {
      finished = true;
      CHECK(lists_of(found.lists) == whole);
      REQUIRE(p.told.size() == 1);
      CHECK(p.told[0] == "approximate neighbours: " + found.text());
    } else {
      stopped = true;
      CHECK(p.asked <= answers + 30);
      CHECK(p.told.empty());
      CHECK(found.recall == 0);
      for (std::size_t i = 0; i < 2000; ++i) REQUIRE(found.lists[i].empty());
    }
  }
  CHECK(stopped);
  CHECK(finished);
}

TEST_CASE("approximate search asks several times a second whether to stop",
          "[graph][approximate]") {
  const data::block b(clustered_rows(12000, 64, 200, 17));
  patient p{1000000};
  thread_pool pool(2);
  (void)approximate_nearest(b, 10, metric::cosine, {}, context{pool, p});
  CAPTURE(p.longest, p.asked);
  CHECK(p.asked > 20);
  CHECK(p.longest < 1.5);  // of both processors, in a build without optimisation
}

}  // namespace
