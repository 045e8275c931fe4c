// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/graph/nearest.hpp>
#include <hint/graph/nearest/sparse_search.hpp>

#include "data/rows.hpp"
#include "graph/brute_force.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace detail = hint::graph::detail;
using hint::data::block;
using hint::graph::nearest;
using hint_tests::all_metrics;
using hint_tests::brute_force;
using hint_tests::lists_of;
using hint_tests::lists_of_rows;
using hint_tests::metric;
using hint_tests::random_matrix;
using hint_tests::rows_matrix;
using hint_tests::sparse_of;

namespace {

/// Tags: ones in d columns, few columns frequent; many rows are equal, some empty.
rows_matrix tags(std::size_t n, std::size_t d, std::size_t most, std::uint64_t seed) {
  const hint::random_stream random(seed, 7);
  rows_matrix x = rows_matrix::Zero(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(d));
  std::uint64_t next = 0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t t = random.below(next++, most + 1); t > 0; --t) {
      const double u = random.uniform(next++);
      x(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(u * u * static_cast<double>(d))) =
          1;
    }
  return x;
}

}  // namespace

TEST_CASE("tags have the lists of brute force, many ties and all", "[graph][sparse_search]") {
  hint::thread_pool two(2), three(3);
  for (const std::uint64_t seed : {1U, 2U})
    for (const std::size_t d : {4U, 60U, 2000U})  // most rows share a column, some do, few do
      for (const metric how : all_metrics) {
        const rows_matrix x = tags(300, d, 3, seed);
        for (const std::size_t k : {1U, 10U, 299U, 1000U}) {
          CAPTURE(seed, d, k, hint_tests::name_of(how));
          const lists_of_rows expected = brute_force(x, k, how);
          CHECK(lists_of(nearest(sparse_of(x), k, how)) == expected);
          CHECK(lists_of(nearest(sparse_of(x), k, how, hint::context{two})) == expected);
          CHECK(lists_of(nearest(sparse_of(x), k, how, hint::context{three})) == expected);
        }
      }
}

TEST_CASE("dense rows of zeros, mostly, are searched as sparse ones", "[graph][sparse_search]") {
  const rows_matrix x = tags(400, 300, 4, 3);
  REQUIRE(hint::data::compact(block(x)).is_sparse());
  for (const metric how : all_metrics) {
    CAPTURE(hint_tests::name_of(how));
    const lists_of_rows expected = brute_force(x, 9, how);
    CHECK(lists_of(nearest(block(x), 9, how)) == expected);
    // As dense ones they have the same lists.
    std::vector<hint::data::row_id> all(400);
    for (std::size_t i = 0; i < 400; ++i) all[i] = static_cast<hint::data::row_id>(i);
    hint::graph::neighbor_lists dense(400, 9);
    hint::graph::nearest_among(block(x), all, all, detail::squared_norms(block(x)), 9, how, dense);
    CHECK(lists_of(dense) == expected);
  }
}

TEST_CASE("rows of fractions and of both signs, some of them cancelling",
          "[graph][sparse_search]") {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    rows_matrix x = random_matrix<float>(250, 40, seed);
    x = (x.array().abs() > 1.9F).select(x, 0.0F);
    x.middleRows(100, 50) = x.topRows(50);
    for (Eigen::Index i = 200; i + 1 < 250;
         i += 2) {  // products with (a, a) cancel, up to rounding
      x.row(i).setZero();
      x.row(i + 1).setZero();
      x(i, i % 40) = x(i, (i + 7) % 40) = x(i + 1, i % 40) = 0.1F * static_cast<float>(i);
      x(i + 1, (i + 7) % 40) = -x(i + 1, i % 40);
    }
    for (const float scale : {1.0F, 1e-20F, 1e18F})  // sums of floats and of doubles
      for (const metric how : {metric::cosine, metric::l2, metric::l1, metric::dot}) {
        CAPTURE(seed, scale, hint_tests::name_of(how));
        const block sparse(sparse_of(rows_matrix(x * scale)));
        const auto squares = detail::squared_norms(sparse);
        detail::sparse_pair pair(sparse);
        const auto found = nearest(sparse, 8, how);
        std::size_t wrong = 0;
        for (std::size_t i = 0; i < 250; ++i) {
          std::vector<std::pair<double, std::size_t>> expected;
          pair.from(i);
          for (std::size_t j = 0; j < 250; ++j) {
            if (i == j || !detail::usable(how, squares[i]) || !detail::usable(how, squares[j]))
              continue;
            pair.to(j);
            expected.emplace_back(
                detail::rounded(detail::distance(how, pair, squares[i], squares[j], 40)), j);
          }
          std::sort(expected.begin(), expected.end());
          expected.resize(std::min<std::size_t>(expected.size(), 8));
          bool right = found[i].size() == expected.size();
          for (std::size_t r = 0; right && r < expected.size(); ++r)
            right = found[i][r].row == expected[r].second;
          wrong += right ? 0U : 1U;
        }
        CHECK(wrong == 0);
      }
  }
}

TEST_CASE("centred rows have the lists of products, ties by row", "[graph][sparse_search]") {
  for (const std::uint64_t seed : {1U, 2U})
    for (const std::size_t d : {5U, 400U})
      for (const float offset : {0.05F, 30.0F}) {
        rows_matrix x = tags(200, d, 4, seed);
        if (offset > 1) x.array() += offset;
        block::centering c;
        c.shift.assign(d, offset);
        for (std::size_t i = 0; i < 200; ++i) c.factors.push_back(i % 11 == 0 ? 0.5 : 1.25);
        const block rows(sparse_of(x), c);
        const auto squares = detail::squared_norms(rows);
        detail::sparse_pair pair(rows);
        for (const metric how : {metric::cosine, metric::l2, metric::dot}) {
          CAPTURE(seed, d, offset, hint_tests::name_of(how));
          const auto found = nearest(rows, 12, how);
          std::size_t wrong = 0;
          for (std::size_t i = 0; i < 200; ++i) {
            if (!detail::usable(how, squares[i])) continue;
            hint::graph::nearest_rows best(12);
            pair.from(i);
            for (std::size_t j = 0; j < 200; ++j) {
              if (i == j || !detail::usable(how, squares[j])) continue;
              pair.to(j);
              const double p = rows.product(i, j, pair.product_of_stored());
              const double apart = 1 - p / std::sqrt(squares[i] * squares[j]);
              const double distance =
                  how == metric::cosine ? (apart > 0x1p-50 ? apart : 0)
                  : how == metric::l2   ? std::sqrt(std::max(0.0, squares[i] + squares[j] - 2 * p))
                                        : -p;
              best.offer({static_cast<hint::node_id>(j), static_cast<float>(distance)});
            }
            wrong +=
                std::equal(best.get().begin(), best.get().end(), found[i].begin(), found[i].end())
                    ? 0U
                    : 1U;
          }
          CHECK(wrong == 0);
        }
      }
}

TEST_CASE(
    "centred rows of one direction are equally near by cosine, and none is nearer than itself",
    "[graph][sparse_search]") {
  rows_matrix x(60, 1);
  block::centering c{{0.1F}, {}};
  for (Eigen::Index i = 0; i < 60; ++i) {
    x(i, 0) = 1 + 0.37F * static_cast<float>(i);
    c.factors.push_back(1.3 + 0.11 * static_cast<double>(i));
  }
  const auto found = nearest(block(sparse_of(x), c), 3, metric::cosine);
  CHECK(found[0][0] == hint::graph::near_row{1, 0});
  CHECK(found[0][2] == hint::graph::near_row{3, 0});
  for (std::size_t i = 3; i < 60; ++i) {
    CAPTURE(i);
    for (std::size_t r = 0; r < 3; ++r)
      CHECK(found[i][r] == hint::graph::near_row{static_cast<hint::node_id>(r), 0});
  }
}
