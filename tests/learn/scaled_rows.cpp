// SPDX-License-Identifier: MIT
#include <cstddef>
#include <limits>
#include <string>

#include <hint/learn/scaled_rows.hpp>

#include "data/rows.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using namespace hint;
using data::block;
using data::scaling;
using hint_tests::dense_of;
using hint_tests::random_matrix;
using hint_tests::rows_matrix;
using learn::scale_rows;

constexpr scaling directions[] = {scaling::l2, scaling::centered_l2, scaling::tf_idf};

/// Positive multiples of one row.
rows_matrix proportional(Eigen::Index n, Eigen::Index d) {
  const rows_matrix row = random_matrix<float>(1, d, 1).cwiseAbs(),
                    times = random_matrix<float>(n, 1, 2);
  rows_matrix x(n, d);
  for (Eigen::Index i = 0; i < n; ++i) x.row(i) = row * (10 + times(i, 0));
  return x;
}
std::string name_of_scaling(scaling how) {
  return std::string(data::scaling_names[static_cast<std::size_t>(how)]);
}

}  // namespace

TEST_CASE("ordinary rows are scaled as asked for", "[learn][scaled_rows]") {
  const rows_matrix x = random_matrix<float>(30, 4, 3);
  for (std::size_t s = 0; s < data::scaling_names.size(); ++s) {
    const auto how = static_cast<scaling>(s);
    const auto found = scale_rows(block(x), how, image);
    CHECK(found.remark.empty());
    CHECK(found.scaling.how() == how);
    CHECK(hint_tests::same_bits<float>(
        dense_of(found.rows), dense_of(data::normalizer::fit(block(x), how).transform(block(x)))));
  }
}

TEST_CASE("where factors alone differ, they are kept", "[learn][scaled_rows]") {
  for (const scaling how : directions)
    for (const Eigen::Index d : {1, 2, 40}) {
      CAPTURE(name_of_scaling(how), d);
      const auto found = scale_rows(block(proportional(50, d)), how, text);
      CHECK(found.scaling.how() == scaling::homogeneous);
      CHECK(found.rows.cols() == static_cast<std::size_t>(d) + 1);
      CHECK(found.remark == "text: all rows are multiples of one, by factors that " +
                                name_of_scaling(how) +
                                " leaves out; the scaling homogeneous takes its place");
    }
  // One column of both signs is more than its signs.
  CHECK(scale_rows(block(random_matrix<float>(20, 1, 4)), scaling::l2, image).scaling.how() ==
        scaling::homogeneous);
  // So are proportional rows of both signs, and rows of zeros among them.
  rows_matrix both = proportional(50, 3);
  both.topRows(20) *= -1;
  both.row(7).setZero();
  CHECK(scale_rows(block(both), scaling::centered_l2, image).scaling.how() == scaling::homogeneous);
  // Two pairs are opposite when they are centred, and yet no multiples.
  CHECK(scale_rows(block(rows_matrix(random_matrix<float>(2, 5, 6))), scaling::centered_l2, image)
            .remark.empty());
  // A tight cone is no single direction.
  rows_matrix cone = random_matrix<float>(50, 8, 5) * 1e-4F;
  cone.array() += 1;
  CHECK(scale_rows(block(cone), scaling::centered_l2, image).remark.empty());
}

TEST_CASE("rows that are all equal are remarked upon", "[learn][scaled_rows]") {
  for (std::size_t s = 0; s < data::scaling_names.size(); ++s)
    for (const float value : {0.0F, 0.1F, -3.0F})
      for (const Eigen::Index d : {1, 5}) {
        const auto how = static_cast<scaling>(s);
        CAPTURE(name_of_scaling(how), value, d);
        const auto found =
            scale_rows(block(rows_matrix(rows_matrix::Constant(7, d, value))), how, image);
        CHECK(found.remark == "image: all 7 rows are equal, so nothing can be learnt from them");
        CHECK(found.scaling.how() == how);
      }
}

TEST_CASE("rows whose scaling the user chose to keep lengths are left alone",
          "[learn][scaled_rows]") {
  const auto found = scale_rows(block(proportional(50, 3)), scaling::none, text);
  CHECK(found.scaling.how() == scaling::none);
  CHECK(found.remark ==
        "text: all 50 rows have one direction after the scaling none, so cosines do not tell them "
        "apart");
}

TEST_CASE("looking for rows that say nothing is given up when asked to", "[learn][scaled_rows]") {
  struct stop_at {
    std::size_t left;
    bool stop_requested() { return left == 0 || --left == 0; }
  };
  const hint::linalg::matrix<float> equal = hint::linalg::matrix<float>::Ones(5000, 3);
  for (const std::size_t questions : {1U, 2U, 3U, 5U, 8U, 100000U}) {
    CAPTURE(questions);
    stop_at observer{questions};
    hint::sequential executor;
    const hint::context ctx{executor, observer};
    CHECK(hint::data::one_direction(hint::data::block(equal), ctx) == (questions > 8));
    observer.left = questions;
    const auto out = hint::learn::scale_rows(hint::data::block(equal), hint::data::scaling::l2,
                                             hint::image, ctx);
    if (observer.left == 0) CHECK(out.remark.empty());
  }
}

TEST_CASE("rows that are mostly zero stay so in every scaling that can, however they were stored",
          "[learn][scaled_rows]") {
  rows_matrix x = random_matrix<float>(200, 300, 6);
  x = (x.array() > 1.6F).select(x, 0.0F);  // one number in 20
  for (std::size_t s = 0; s < data::scaling_names.size(); ++s) {
    const auto how = static_cast<scaling>(s);
    CAPTURE(name_of_scaling(how));
    const auto dense = scale_rows(block(x), how, text);
    const auto sparse = scale_rows(block(hint_tests::sparse_of(x)), how, text);
    const bool may_stay = how != scaling::homogeneous;
    CHECK(dense.rows.is_mostly_zero() == may_stay);
    CHECK(sparse.rows.is_mostly_zero() == may_stay);
    const rows_matrix found = dense_of(dense.rows);
    CHECK(hint_tests::same_bits<float>(found, dense_of(sparse.rows)));
    const auto oracle = data::normalizer::fit(block(x), how).transform(block(x));
    CHECK((found - dense_of(oracle)).cwiseAbs().maxCoeff() <= 3e-7F * found.cwiseAbs().maxCoeff());
  }
  x(150, 7) = std::numeric_limits<float>::infinity();
  CHECK_THROWS_MESSAGE(
      scale_rows(block(x).from_files({{0, "a.npy"}, {100, "b.npy"}}), scaling::l2, text),
      hint::invalid_argument, "text: row 50 of b.npy, column 7 is inf, expected finite numbers");
}

TEST_CASE("rows of which a scaled copy would be too large are scaled when they are read",
          "[learn][scaled_rows]") {
  const rows_matrix x = random_matrix<float>(30, 4, 3), line = proportional(30, 4);
  for (std::size_t s = 0; s < data::scaling_names.size(); ++s) {
    CAPTURE(data::scaling_names[s]);
    const auto how = static_cast<scaling>(s);
    for (const rows_matrix& rows : {x, line}) {
      const auto copied = scale_rows(block(rows), how, image, {}, 30 * 4 * sizeof(float));
      const auto read = scale_rows(block(rows), how, image, {}, 30 * 4 * sizeof(float) - 1);
      CHECK(copied.rows.is_contiguous());
      CHECK(read.rows.is_stored() == (how == scaling::none));
      CHECK(read.remark == copied.remark);
      CHECK(hint_tests::same_bits<float>(dense_of(read.rows), dense_of(copied.rows)));
    }
  }
}
