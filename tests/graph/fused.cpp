// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <hint/align/neighborhood_sampler.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/data/normalize.hpp>
#include <hint/graph/fused.hpp>

#include "data/rows.hpp"
#include "graph/brute_force.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::data::block;
using hint::data::normalizer;
using hint::data::row_id;
using hint::data::scaling;
using hint::graph::nearest;
using hint::graph::nearest_fused;
using hint::graph::neighbor_lists;
using hint_tests::matrix_of;
using hint_tests::random_matrix;
using hint_tests::rows_matrix;
using hint_tests::sparse_of;

/// Texts of n rows, one number in nine and a half, some rows of zeros.
rows_matrix few_numbers(Eigen::Index n, Eigen::Index d, std::uint64_t seed) {
  rows_matrix x = random_matrix<float>(n, d, seed);
  x = (x.array() > 1.25F).select(x, 0.0F);
  x.row(1).setZero();
  return x;
}

/// Equal lists, but for neighbours whose distances are equal up to rounding.
void check_near(const neighbor_lists& found, const neighbor_lists& expected) {
  REQUIRE(found.size() == expected.size());
  std::size_t other = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    REQUIRE(found[i].size() == expected[i].size());
    for (std::size_t j = 0; j < found[i].size(); ++j) {
      CHECK(found[i][j].distance == Approx(expected[i][j].distance).margin(2e-6));
      other += found[i][j].row != expected[i][j].row ? 1 : 0;
    }
  }
  CHECK(other <= found.size() / 20);
}

}  // namespace

TEST_CASE("lists by both modalities are those of rows side by side") {
  const rows_matrix images = random_matrix<float>(200, 9, 1);
  const rows_matrix texts = few_numbers(200, 60, 2);
  const normalizer n = normalizer::fit(sparse_of(texts), scaling::centered_l2);
  for (const double w : {0.0, 0.3, 1.0})
    for (const std::size_t threads : {1U, 2U}) {
      CAPTURE(w, threads);
      hint::thread_pool pool(threads);
      const hint::context ctx(pool);
      for (const block& sparse : {n.transform_sparse(sparse_of(texts)), block(sparse_of(texts))}) {
        rows_matrix dense(200, 60);
        sparse.copy_rows(0, dense);
        const std::array<block, 2> expected{block(images), block(dense)};
        check_near(
            nearest_fused({block(images), sparse}, w, 7, ctx),
            nearest(hint::align::detail::concatenate(expected, w), 7, hint::graph::metric::dot));
        std::vector<row_id> some;
        for (row_id i = 0; i < 100; ++i) some.push_back(199 - i);
        check_near(
            nearest_fused({block(images)(some), sparse(some)}, w, 7, ctx),
            nearest(hint::align::detail::concatenate({expected[0](some), expected[1](some)}, w), 7,
                    hint::graph::metric::dot));
      }
    }
}

TEST_CASE("centred sparse rows have the neighbours of the dense ones") {
  const rows_matrix texts = few_numbers(150, 80, 3);
  const normalizer n = normalizer::fit(sparse_of(texts), scaling::centered_l2);
  const block sparse = n.transform_sparse(sparse_of(texts));
  const block dense = n.transform(sparse_of(texts));
  REQUIRE(sparse.is_sparse());
  REQUIRE_FALSE(dense.is_sparse());
  for (const auto how : hint_tests::all_metrics) {
    CAPTURE(hint_tests::name_of(how));
    check_near(nearest(sparse, 6, how), nearest(dense, 6, how));
  }
}

TEST_CASE("a column that most rows store far from 0 does not hide the others") {
  for (const float offset : {100.0F, 1e4F, 1e5F})
    for (const scaling how : {scaling::centered_l2, scaling::z_score}) {
      CAPTURE(offset, how);
      rows_matrix x = few_numbers(150, 60, 3);
      x.col(0) = offset + random_matrix<float>(150, 1, 4).array();
      const normalizer n = normalizer::fit(block(x), how);
      const block sparse = n.transform_sparse(sparse_of(x));
      REQUIRE(sparse.is_sparse());
      const block dense = n.transform(block(x));
      check_near(nearest_fused({sparse, sparse}, 0.5, 7), nearest_fused({dense, dense}, 0.5, 7));
    }
}

TEST_CASE("lists by both modalities do not depend on the lengths of rows") {
  const rows_matrix images = random_matrix<float>(80, 9, 5);
  const rows_matrix texts = few_numbers(80, 60, 6);
  const auto expected = nearest_fused({block(images), sparse_of(texts)}, 0.4, 5);
  for (const float length : {0x1p-90F, 0x1p-45F, 0x1p45F, 0x1p90F}) {
    CAPTURE(length);
    const rows_matrix a = images * length, b = texts * length;
    check_near(nearest_fused({block(a), sparse_of(b)}, 0.4, 5), expected);
    check_near(nearest_fused({block(a), block(b)}, 0.4, 5), expected);
  }
}

TEST_CASE("lists by both modalities are those of brute force in double, at the borders of blocks") {
  hint::thread_pool one(1), two(2), three(3);
  for (const std::size_t n : {2U, 64U, 65U, 193U, 300U})
    for (const std::size_t kinds : {0U, 1U, 2U, 3U}) {  // which modality is sparse
      rows_matrix images = random_matrix<float>(static_cast<Eigen::Index>(n), 20, n);
      rows_matrix texts = few_numbers(static_cast<Eigen::Index>(n), 300, n + 1);
      for (Eigen::Index i = 50; i < images.rows(); ++i)
        if (i % 9 == 0) {  // equal pairs
          images.row(i) = images.row(i - 50);
          texts.row(i) = texts.row(i - 50);
        }
      const std::array<block, 2> rows{(kinds & 1U) != 0 ? block(sparse_of(images)) : block(images),
                                      (kinds & 2U) != 0 ? block(sparse_of(texts)) : block(texts)};
      const auto cosine = [](const rows_matrix& x, Eigen::Index i, Eigen::Index j) {
        const double ii = x.row(i).cast<double>().squaredNorm(),
                     jj = x.row(j).cast<double>().squaredNorm();
        return ii * jj > 0
                   ? x.row(i).cast<double>().dot(x.row(j).cast<double>()) / std::sqrt(ii * jj)
                   : 0.0;
      };
      for (const std::size_t k : {std::size_t{1}, std::size_t{7}, n}) {
        CAPTURE(n, kinds, k);
        const neighbor_lists found = nearest_fused(rows, 0.3, k, hint::context{one});
        std::size_t wrong = 0;
        for (std::size_t i = 0; i < n; ++i) {
          std::vector<double> far;
          for (std::size_t j = 0; j < n; ++j) {
            const auto a = static_cast<Eigen::Index>(i), b = static_cast<Eigen::Index>(j);
            if (j != i) far.push_back(-0.3 * cosine(images, a, b) - 0.7 * cosine(texts, a, b));
          }
          std::sort(far.begin(), far.end());
          REQUIRE(found[i].size() == (std::min)(k, n - 1));
          for (std::size_t r = 0; r < found[i].size(); ++r) {
            const auto a = static_cast<Eigen::Index>(i),
                       b = static_cast<Eigen::Index>(found[i][r].row);
            const double is = -0.3 * cosine(images, a, b) - 0.7 * cosine(texts, a, b);
            wrong += std::abs(is - far[r]) > 1e-6 ||
                             std::abs(is - static_cast<double>(found[i][r].distance)) > 1e-6 ||
                             (r > 0 && !hint::graph::nearer(found[i][r - 1], found[i][r]))
                         ? 1U
                         : 0U;
          }
        }
        CHECK(wrong == 0);
        for (hint::thread_pool* pool : {&two, &three})
          CHECK(hint_tests::lists_of(nearest_fused(rows, 0.3, k, hint::context{*pool})) ==
                hint_tests::lists_of(found));
      }
    }
}

TEST_CASE("lists by both modalities: ends and errors") {
  const block none(rows_matrix(0, 3)), one(rows_matrix(rows_matrix::Ones(1, 3)));
  CHECK(nearest_fused({none, none}, 0.5, 3).size() == 0);
  CHECK(nearest_fused({one, one}, 0.5, 3)[0].empty());
  CHECK_THROWS_MESSAGE(nearest_fused({none, one}, 0.5, 3), hint::shape_error,
                       "nearest_fused: image has 0 rows, text has 1");
  for (const double weight : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()})
    CHECK_THROWS_AS(nearest_fused({one, one}, weight, 1), hint::invalid_option);
  CHECK_THROWS_MESSAGE(nearest_fused({one, one}, 2, 1), hint::invalid_option,
                       "option image_weight is 2, expected 0 to 1");
  rows_matrix bad = random_matrix<float>(20, 3, 7);
  const block good(bad);
  bad(7, 1) = std::numeric_limits<float>::quiet_NaN();
  for (const block& b : {block(bad), block(sparse_of(bad))})
    for (const std::array<block, 2>& rows : {std::array{good, b}, std::array{b, good}})
      CHECK_THROWS_MESSAGE(nearest_fused(rows, 0.5, 3), hint::invalid_argument,
                           "nearest_fused: row 7, column 1 is nan, expected finite numbers");
  CHECK_THROWS_MESSAGE(nearest_fused({one, one}, 0.5, 0), hint::invalid_argument,
                       "nearest_fused: k is 0, expected at least 1");
  struct stops {
    static bool stop_requested() { return true; }
  } observer;
  hint::sequential here;
  const block x(random_matrix<float>(20, 3, 4));
  const auto stopped = nearest_fused({x, x}, 0.5, 3, hint::context(here, observer));
  REQUIRE(stopped.size() == 20);
  CHECK(stopped[0].empty());
}
