// SPDX-License-Identifier: MIT
#include <cstddef>
#include <limits>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/data/check_finite.hpp>
#include <hint/data/compact.hpp>
#include <hint/data/normalize.hpp>

#include "data/rows.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::data::block;
using hint::data::compact;
using hint::data::mostly_zero;
using hint::data::only_numbers;
using hint::data::row_id;
using hint_tests::dense_of;
using hint_tests::random_matrix;
using hint_tests::rows_matrix;
using hint_tests::sparse_of;

/// n x d numbers, each of which is there with probability `share`.
rows_matrix rarely(std::size_t n, std::size_t d, double share, std::uint64_t seed) {
  const hint::random_stream random(seed, 1);
  rows_matrix x =
      random_matrix<float>(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(d), seed);
  for (std::size_t i = 0; i < n * d; ++i)
    if (random.uniform(i) >= share) x.data()[i] = 0;
  return x;
}

TEST_CASE("few numbers in many columns are mostly zero", "[data][compact]") {
  CHECK(mostly_zero(256, 16));
  CHECK_FALSE(mostly_zero(256, 17));
  CHECK_FALSE(mostly_zero(255, 0));
  CHECK(mostly_zero(731, 45 * 10, 10));
  CHECK_FALSE(mostly_zero(731, 45 * 10 + 1, 10));
  CHECK(mostly_zero(1000, 0, 0));
}

TEST_CASE("rows that are mostly zero lose their zeros, others stay", "[data][compact]") {
  hint::thread_pool two(2), three(3);
  const hint::context contexts[] = {{}, hint::context(two), hint::context(three)};
  const std::vector<row_id> some{7, 7, 0, 900, 13};
  for (const double share : {0.0, 0.02, 0.05, 0.2, 1.0}) {
    const rows_matrix x = rarely(1000, 300, share, 5);
    const Eigen::Index numbers = (x.array() != 0).count();
    for (const hint::context& ctx : contexts) {
      CAPTURE(share, ctx.executor.concurrency());
      const block dense = block::borrow(x), found = compact(dense, ctx);
      CHECK(found.is_sparse() == (share < 1.0 / 16));
      CHECK(found.is_mostly_zero() == found.is_sparse());
      CHECK(dense_of(found) == x);
      if (!found.is_sparse()) CHECK(found.dense().data() == x.data());
      std::size_t stored = 0;
      for (std::size_t i = 0; i < found.rows(); ++i) stored += found.stored(i).size();
      CHECK(stored == static_cast<std::size_t>(found.is_sparse() ? numbers : x.size()));
      CHECK(dense_of(compact(dense(some), ctx)) == dense_of(dense(some)));
      const block few = only_numbers(dense, some, ctx);
      CHECK(few.is_sparse());
      CHECK(dense_of(few) == dense_of(dense(some)));
    }
  }
  CHECK(compact(block(rows_matrix(0, 400))).rows() == 0);
  CHECK_FALSE(compact(block(rows_matrix::Zero(9, 255))).is_sparse());
}

TEST_CASE("NaN is a number that stays, and rows keep the names of their files", "[data][compact]") {
  rows_matrix x = rows_matrix::Zero(4, 300);
  x(3, 7) = std::numeric_limits<float>::quiet_NaN();
  x(2, 1) = -0.0F;
  const block found = compact(block(x).from_files({{0, "a.npy"}, {2, "b.npy"}}));
  CHECK(found.is_sparse());
  CHECK(found.stored(2).empty());
  CHECK(found.stored(3).size() == 1);
  CHECK(found.name_of_row(3) == "row 1 of b.npy");
  CHECK_THROWS_MESSAGE(hint::data::check_finite(found, "text"), hint::invalid_argument,
                       "text: row 1 of b.npy, column 7 is nan, expected finite numbers");
}

TEST_CASE("stored zeros go, too", "[data][compact]") {
  hint::linalg::sparse_matrix<float> x(2, 256);
  for (int j = 0; j < 200; ++j) x.insert(1, j) = j == 9 ? 2.0F : 0.0F;
  const block stored(x);
  CHECK_FALSE(stored.is_mostly_zero());
  CHECK(stored.is_mostly_zero_row(1));
  CHECK(stored.count_in_row(1) == 1);
  const block found = compact(stored);
  CHECK(found.is_mostly_zero());
  CHECK(found.stored(0).empty());
  REQUIRE(found.stored(1).size() == 1);
  CHECK(dense_of(found) == dense_of(stored));
}

TEST_CASE("numbers of centred rows are those behind the stored ones", "[data][compact]") {
  const rows_matrix x = rarely(60, 300, 0.02, 8);
  const auto n = hint::data::normalizer::fit(block(x), hint::data::scaling::centered_l2);
  const block centred = n.transform_sparse(block(sparse_of(x)));
  REQUIRE_FALSE(centred.shift().empty());
  const rows_matrix dense = dense_of(centred);
  for (std::size_t i = 0; i < 60; ++i)
    CHECK(centred.count_in_row(i) ==
          static_cast<std::size_t>((dense.row(static_cast<Eigen::Index>(i)).array() != 0).count()));
}

TEST_CASE("asked to stop, compact changes nothing", "[data][compact]") {
  const rows_matrix x = rarely(1000, 300, 0.02, 5);
  struct {
    bool stop_requested() const { return true; }
  } observer;
  hint::context ctx;
  ctx.observer = observer;
  CHECK_FALSE(compact(block::borrow(x), ctx).is_sparse());
}

}  // namespace
