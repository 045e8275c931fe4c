// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <vector>

#include <hint/graph/approximate/compared_rows.hpp>

#include "data/rows.hpp"
#include "graph/approximate_rows.hpp"
#include "graph/brute_force.hpp"
#include "support/catch.hpp"

namespace {

using namespace hint;
using graph::detail::compared_rows;
using graph::detail::row_tile;
using hint_tests::all_metrics;
using hint_tests::clustered_rows;
using hint_tests::exact_distance;
using hint_tests::metric;
using hint_tests::name_of;
using hint_tests::rows_matrix;
using hint_tests::sparse_of;

/// The score of two rows of a tile.
double score_in(const row_tile& t, std::size_t i, std::size_t j, metric how) {
  const auto a = t.z.row(static_cast<Eigen::Index>(i)).cast<double>();
  const auto b = t.z.row(static_cast<Eigen::Index>(j)).cast<double>();
  if (how == metric::l1) return (a - b).cwiseAbs().sum();
  return static_cast<double>(t.offset[i]) + static_cast<double>(t.offset[j]) - a.dot(b);
}

TEST_CASE("scores of tiles and of pairs say what distances say", "[graph][compared_rows]") {
  for (const float scale : {1.0F, 1e20F, 1e-20F})
    for (const float shift : {0.0F, 10.0F})
      for (const metric how : all_metrics) {
        CAPTURE(scale, shift, name_of(how));
        const rows_matrix x = (clustered_rows(40, 9, 3, 1).array() + shift) * scale;
        for (const data::block& b : {data::block(x), data::block(sparse_of(x))}) {
          const compared_rows<> rows(b, how, "test", {});
          REQUIRE(rows.rows() == 40);
          REQUIRE(rows.cols() == 9);
          std::vector<data::row_id> ids(40);
          std::iota(ids.begin(), ids.end(), 0U);
          row_tile tile;
          rows.fetch(ids, tile);
          compared_rows<>::scratch s;
          double unit = 0;  // scores are distances in other units
          for (std::size_t i = 0; i < 40; ++i)
            for (std::size_t j = 0; j < 40; ++j) {
              if (i == j) continue;
              const auto d = static_cast<double>(*exact_distance(
                  x, static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j), how));
              CHECK(std::abs(rows.distance(i, j, s) - d) <= 1e-12 * std::abs(d));
              const auto score = static_cast<double>(rows.score(i, j, s));
              const double wanted = how == metric::l2 ? d * d : d;
              if (unit == 0) unit = score / wanted;
              CHECK(unit > 0);
              // Of the largest scores, as dot products may be near 0.
              const double slack = how == metric::dot ? 2e-6 * 4 : 1e-5 * std::abs(score);
              CHECK(std::abs(score - wanted * unit) <= slack);
              CHECK(std::abs(score_in(tile, i, j, how) - score) <= slack + 4e-6);
            }
        }
      }
}

TEST_CASE("two modalities are compared by both cosines", "[graph][compared_rows]") {
  rows_matrix image = clustered_rows(30, 9, 3, 1), text = clustered_rows(30, 4, 3, 2) * 1e10F;
  text.row(3).setZero();
  for (const double g : {0.0, 0.4, 1.0}) {
    const compared_rows<> rows({data::block(image), data::block(sparse_of(text))}, g, "test", {});
    REQUIRE(rows.cols() == 13);
    std::vector<data::row_id> ids{5, 3, 17, 29};
    row_tile tile;
    rows.fetch(ids, tile);
    compared_rows<>::scratch s;
    for (std::size_t i = 0; i < ids.size(); ++i)
      for (std::size_t j = 0; j < ids.size(); ++j) {
        if (i == j) continue;
        const auto cosine = [&](const rows_matrix& x) {
          const auto d = exact_distance(x, static_cast<Eigen::Index>(ids[i]),
                                        static_cast<Eigen::Index>(ids[j]), metric::cosine);
          return d ? 1 - static_cast<double>(*d) : 0;
        };
        const double wanted = -(g * cosine(image) + (1 - g) * cosine(text));
        CHECK(std::abs(rows.distance(ids[i], ids[j], s) - wanted) < 1e-12);
        CHECK(std::abs(static_cast<double>(rows.score(ids[i], ids[j], s)) - wanted) < 1e-6);
        CHECK(std::abs(score_in(tile, i, j, metric::dot) - wanted) < 1e-6);
      }
    CHECK(rows.usable(3));
    CHECK_FALSE(rows.lengths_count());
  }
}

TEST_CASE("rows are usable unless they need a direction and have none", "[graph][compared_rows]") {
  const data::block b(hint_tests::matrix_of({{1, 2}, {0, 0}}));
  for (const metric how : all_metrics) {
    const compared_rows<> rows(b, how, "test", {});
    CHECK(rows.usable(0));
    CHECK(rows.usable(1) == (how != metric::cosine));
    CHECK(rows.lengths_count() == (how == metric::dot));
    CHECK(rows.square(0) == 5);
  }
  const data::block bad(hint_tests::matrix_of({{1, std::numeric_limits<float>::infinity()}}));
  CHECK_THROWS_MESSAGE(compared_rows<>(bad, metric::l2, "test", {}), invalid_argument,
                       "test: row 0, column 1 is inf, expected finite numbers");
}

TEST_CASE("a row that is fetched is the same in any company", "[graph][compared_rows]") {
  const compared_rows<> rows(data::block(clustered_rows(200, 33, 3, 1)), metric::cosine, "test",
                             {});
  row_tile alone, all;
  std::vector<data::row_id> ids(200);
  std::iota(ids.begin(), ids.end(), 0U);
  rows.fetch(ids, all);
  for (const data::row_id i : {0U, 7U, 199U}) {
    rows.fetch(std::array{i}, alone);
    CHECK(alone.z.row(0) == all.z.row(i));
    CHECK(alone.offset[0] == all.offset[i]);
  }
}

}  // namespace
