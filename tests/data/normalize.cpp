// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/data/normalize.hpp>
#include <hint/io/archive_reader.hpp>
#include <hint/io/archive_writer.hpp>

#include "data/rows.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace {

using hint::data::block;
using hint::data::normalizer;
using hint::data::row_id;
using hint::data::scaling;
using hint_tests::dense_of;
using hint_tests::matrix_of;
using hint_tests::random_matrix;
using hint_tests::rows_matrix;
using hint_tests::same_bits;
using hint_tests::sparse_of;
using wide_matrix = hint::linalg::matrix<double>;

constexpr std::array<scaling, 5> all_scalings{scaling::none, scaling::l2, scaling::centered_l2,
                                              scaling::z_score, scaling::tf_idf};

std::string name_of(scaling how) {
  return std::string(hint::data::scaling_names[static_cast<std::size_t>(how)]);
}

void divide_by_lengths(wide_matrix& x) {
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    double squares = 0;
    for (Eigen::Index j = 0; j < x.cols(); ++j) squares += x(i, j) * x(i, j);
    for (Eigen::Index j = 0; j < x.cols() && squares > 0; ++j) x(i, j) /= std::sqrt(squares);
  }
}

double column_mean(const wide_matrix& x, Eigen::Index j) {
  double sum = 0;
  for (Eigen::Index i = 0; i < x.rows(); ++i) sum += x(i, j);
  return sum / static_cast<double>(x.rows());
}

/// The definitions, in double, column after column.
wide_matrix scaled(const rows_matrix& train_rows, const rows_matrix& rows, scaling how) {
  wide_matrix train = train_rows.cast<double>();
  wide_matrix x = rows.cast<double>();
  if (how == scaling::l2 || how == scaling::centered_l2) {
    divide_by_lengths(train);
    divide_by_lengths(x);
  }
  const auto n = static_cast<double>(train.rows());
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    const double mean = column_mean(train, j);
    double variance = 0;
    double used = 0;
    for (Eigen::Index i = 0; i < train.rows(); ++i) {
      variance += (train(i, j) - mean) * (train(i, j) - mean) / n;
      used += train(i, j) != 0;
    }
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
      if (how == scaling::centered_l2 && !rows.row(i).isZero(0)) x(i, j) -= mean;
      if (how == scaling::z_score)
        x(i, j) = variance > 0 ? (x(i, j) - mean) / std::sqrt(variance) : 0;
      if (how == scaling::tf_idf) x(i, j) = x(i, j) * std::log((1 + n) / (1 + used)) + x(i, j);
    }
  }
  if (how == scaling::centered_l2 || how == scaling::tf_idf) divide_by_lengths(x);
  return x;
}

double largest_difference(const rows_matrix& a, const wide_matrix& b) {
  REQUIRE(a.rows() == b.rows());
  REQUIRE(a.cols() == b.cols());
  double largest = 0;
  for (Eigen::Index i = 0; i < a.size(); ++i) {
    const double difference = std::abs(static_cast<double>(a.data()[i]) - b.data()[i]);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

/// Mostly 0, with rows of zeros and a column that nobody uses.
rows_matrix counts(Eigen::Index n, Eigen::Index d, std::uint64_t seed) {
  const hint::random_stream random(seed, hint::stream_id("counts"));
  rows_matrix x = rows_matrix::Zero(n, d);
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j + 1 < d && i % 10 != 3; ++j) {
      const auto cell = static_cast<std::uint64_t>(i * d + j);
      if (random.below(cell, 4) == 0)
        x(i, j) = static_cast<float>(1 + random.fork(1).below(cell, 4));
    }
  return x;
}

}  // namespace

TEST_CASE("scalings are what their definitions say") {
  for (const std::uint64_t seed : {1U, 2U}) {
    rows_matrix dense = random_matrix<float>(700, 9, seed);
    dense.col(4).setConstant(0.1F);
    dense.row(5).setZero();
    dense.row(699) *= 1000;
    for (const rows_matrix& train : {dense, counts(700, 9, seed)}) {
      rows_matrix rows = random_matrix<float>(40, 9, seed + 100);
      rows.row(7).setZero();
      for (const scaling how : all_scalings) {
        CAPTURE(seed, name_of(how));
        const normalizer n = normalizer::fit(train, how);
        CHECK(n.how() == how);
        CHECK(n.cols() == 9);
        CHECK(largest_difference(dense_of(n.transform(block(train))), scaled(train, train, how)) <
              2e-5);
        CHECK(largest_difference(dense_of(n.transform(block(rows))), scaled(train, rows, how)) <
              2e-5);
      }
    }
  }
}

TEST_CASE("a z-score by hand") {
  // column 0: mean 3, deviation 2; column 1: constant; column 2: constant but for its sign
  const rows_matrix train = matrix_of({{1, 0.3F, -1}, {5, 0.3F, 1}, {1, 0.3F, -1}, {5, 0.3F, 1}});
  const normalizer n = normalizer::fit(train, scaling::z_score);
  rows_matrix x = matrix_of({{3, 0.3F, 0}, {7, 9, 1}});
  n.apply(x);
  CHECK(same_bits<float>(x, matrix_of({{0, 0, 0}, {2, 0, 1}})));
}

TEST_CASE("z-scores do not depend on the unit of a column") {
  const rows_matrix x = random_matrix<float>(500, 1, 3);
  const rows_matrix expected = dense_of(normalizer::fit(x, scaling::z_score).transform(block(x)));
  for (const float unit : {1e-30F, 1e-9F, 1e9F, 1e15F}) {
    CAPTURE(unit);
    const rows_matrix y = x * unit;
    const rows_matrix found = dense_of(normalizer::fit(y, scaling::z_score).transform(block(y)));
    CHECK((found - expected).cwiseAbs().maxCoeff() < 1e-5F);
  }
  // far from 0, in steps that floats can tell
  rows_matrix far(500, 1);
  for (Eigen::Index i = 0; i < 500; ++i) far(i, 0) = 1e6F + static_cast<float>(i % 2);
  const rows_matrix found = dense_of(normalizer::fit(far, scaling::z_score).transform(block(far)));
  for (Eigen::Index i = 0; i < 500; ++i)
    CHECK(found(i, 0) == Approx(i % 2 == 0 ? -1 : 1).epsilon(1e-5));
}

TEST_CASE("constant columns become 0 whatever the constant") {
  for (const float value : {0.0F, 0.1F, -1e-12F, 3e7F, 1e-40F}) {
    CAPTURE(value);
    const rows_matrix x = rows_matrix::Constant(777, 1, value);
    const rows_matrix z = dense_of(normalizer::fit(x, scaling::z_score).transform(block(x)));
    CHECK(same_bits<float>(z.cwiseAbs(), rows_matrix::Zero(777, 1)));
  }
}

TEST_CASE("tf-idf by hand") {
  // 3 rows: the columns are used by 1, 3 and none of them
  const rows_matrix train = matrix_of({{2, 1, 0}, {0, 1, 0}, {0, 5, 0}});
  const normalizer n = normalizer::fit(train, scaling::tf_idf);
  rows_matrix x = matrix_of({{1, 1, 0}, {0, 0, 1}, {0, 0, 0}});
  n.apply(x);
  const double a = std::log(2.0) + 1;  // log(4 / 2) + 1, and log(4 / 4) + 1 = 1
  CHECK(x(0, 0) == Approx(a / std::sqrt(a * a + 1)));
  CHECK(x(0, 1) == Approx(1 / std::sqrt(a * a + 1)));
  CHECK(x(1, 2) == Approx(1));
  CHECK(x.row(2).isZero(0));
}

TEST_CASE("rows of zeros carry no direction") {
  const rows_matrix train = matrix_of({{3, 4}, {0, 0}, {4, 3}});
  for (const scaling how : {scaling::l2, scaling::centered_l2, scaling::tf_idf}) {
    CAPTURE(name_of(how));
    rows_matrix x = matrix_of({{0, 0}, {1, 0}});
    normalizer::fit(train, how).apply(x);
    CHECK(x.row(0).isZero(0));
    CHECK(x.row(1).norm() == Approx(1));
  }
}

TEST_CASE("rows of any length get length 1") {
  for (const float unit : {1e-40F, 1e-30F, 1.0F, 1e30F, 1e38F}) {
    CAPTURE(unit);
    rows_matrix x = matrix_of({{1, -1, 1, 1}});
    x *= unit;
    normalizer::fit(x, scaling::l2).apply(x);
    CHECK((x - matrix_of({{.5, -.5, .5, .5}})).cwiseAbs().maxCoeff() < 1e-4F);
  }
}

TEST_CASE("rows that are the mean have no direction either") {
  rows_matrix x(3, 5);
  for (Eigen::Index i = 0; i < 3; ++i) x.row(i) = random_matrix<float>(1, 5, 11);
  for (const Eigen::Index n : {1, 3}) {
    const rows_matrix train = x.topRows(n);
    CHECK(dense_of(normalizer::fit(train, scaling::centered_l2).transform(block(train))).isZero(0));
  }
}

TEST_CASE("sparse rows are scaled as dense ones, and stay sparse where zeros stay zeros") {
  const rows_matrix train = counts(600, 12, 5);
  const rows_matrix rows = counts(50, 12, 6);
  std::vector<row_id> some{40, 3, 40, 0};
  for (const scaling how : all_scalings) {
    CAPTURE(name_of(how));
    const normalizer dense = normalizer::fit(train, how);
    const normalizer sparse = normalizer::fit(sparse_of(train), how);
    const block expected = dense.transform(block(rows));
    const block found = sparse.transform(block(sparse_of(rows)));
    CHECK(found.is_sparse() == (how != scaling::centered_l2 && how != scaling::z_score));
    CHECK_FALSE(expected.is_sparse());
    if (how == scaling::z_score) {  // sums in another order
      CHECK((dense_of(found) - dense_of(expected)).cwiseAbs().maxCoeff() < 1e-6F);
    } else {
      CHECK(same_bits<float>(dense_of(found), dense_of(expected)));
    }
    CHECK(same_bits<float>(dense_of(sparse.transform(block(sparse_of(rows))(some))),
                           dense_of(found(some))));
    CHECK(same_bits<float>(dense_of(dense.transform(block(rows)(some))), dense_of(expected(some))));
  }
}

TEST_CASE("centred rows may stay sparse") {
  rows_matrix train = counts(300, 40, 7);
  train = (train.array() > 1).select(train, 0.0F);
  train.row(3).setZero();
  const std::vector<row_id> some{40, 3, 40, 0};
  for (const scaling how : all_scalings) {
    CAPTURE(name_of(how));
    const normalizer n = normalizer::fit(sparse_of(train), how);
    const block found = n.transform_sparse(block(sparse_of(train)));
    const rows_matrix expected = dense_of(n.transform(block(sparse_of(train))));
    CHECK(found.is_sparse());
    CHECK(found.shift().empty() == (how != scaling::centered_l2 && how != scaling::z_score));
    CHECK((dense_of(found) - expected).cwiseAbs().maxCoeff() <=
          2e-7F * expected.cwiseAbs().maxCoeff());
    for (const row_id i : {0U, 3U, 299U}) {
      rows_matrix row = rows_matrix::Zero(1, 40);
      found.for_each_in_row(
          i, [&](std::size_t j, float v) { row(0, static_cast<Eigen::Index>(j)) = v; });
      CHECK(row == dense_of(found).row(i));
      for (const row_id k : {0U, 3U, 150U}) {
        double stored = 0;
        rows_matrix values = rows_matrix::Zero(2, 40);
        for (const row_id r : {i, k})
          found.for_each_stored(r, [&](std::size_t j, float v) {
            values(r == i ? 0 : 1, static_cast<Eigen::Index>(j)) = v;
            if (i == k) values(1, static_cast<Eigen::Index>(j)) = v;
          });
        for (Eigen::Index j = 0; j < 40; ++j)
          stored += static_cast<double>(values(0, j)) * static_cast<double>(values(1, j));
        CHECK(found.product(i, k, stored) ==
              Approx(expected.row(i).cast<double>().dot(expected.row(k).cast<double>()))
                  .margin(1e-5));
      }
    }
    CHECK(dense_of(found(some)) == dense_of(found)(some, Eigen::all));
    CHECK(dense_of(n.transform_sparse(block(train))) == expected);
  }
  // Nearly all rows are one: what is left of their difference from the mean is about right.
  rows_matrix same = rows_matrix::Zero(50, 40);
  for (Eigen::Index i = 0; i < 50; ++i) same(i, 3) = 1, same(i, 7) = 1;
  same(9, 7) = 1.0001F;
  const normalizer n = normalizer::fit(sparse_of(same), scaling::centered_l2);
  const rows_matrix expected = dense_of(n.transform(block(same)));
  const rows_matrix found = dense_of(n.transform_sparse(block(sparse_of(same))));
  CHECK((found - expected).cwiseAbs().maxCoeff() < 0.02F);
  CHECK(found.row(9).norm() == Approx(1).epsilon(0.01));
}

TEST_CASE("a row's result has the same bits wherever it stands, for any number of threads") {
  const rows_matrix train = random_matrix<float>(1100, 37, 1);
  const rows_matrix rows = random_matrix<float>(600, 37, 2);
  hint::thread_pool two(2);
  hint::thread_pool three(3);
  for (const scaling how : all_scalings) {
    CAPTURE(name_of(how));
    const normalizer n = normalizer::fit(train, how);
    const rows_matrix expected = dense_of(n.transform(block(rows)));
    for (hint::thread_pool* pool : {&two, &three}) {
      const hint::context ctx{*pool};
      const normalizer parallel = normalizer::fit(train, how, "data", ctx);
      CHECK(same_bits<float>(dense_of(parallel.transform(block(rows), ctx)), expected));
    }
    rows_matrix whole = rows;
    n.apply(whole);
    CHECK(same_bits<float>(whole, expected));
    // every row alone, at every alignment, in memory of another width
    std::vector<float> memory(64);
    for (Eigen::Index i = 0; i < 40; ++i) {
      Eigen::Map<rows_matrix> one(memory.data() + i % 17, 1, 37);
      one = rows.row(i);
      n.apply(one);
      CHECK(same_bits<float>(one, expected.row(i)));
    }
    rows_matrix padded = rows_matrix::Zero(600, 50);
    padded.middleCols(11, 37) = rows;
    n.apply(padded.middleCols(11, 37));
    CHECK(same_bits<float>(padded.middleCols(11, 37), expected));
    CHECK(padded.col(10).isZero(0));
    CHECK(padded.col(48).isZero(0));
  }
}

TEST_CASE("no rows, no columns") {
  for (const scaling how : all_scalings) {
    CAPTURE(name_of(how));
    const normalizer empty = normalizer::fit(rows_matrix(0, 3), how);
    CHECK(empty.transform(block(rows_matrix(0, 3))).rows() == 0);
    rows_matrix x = matrix_of({{3, 0, 4}});
    empty.apply(x);
    CHECK(x(0, 2) == Approx(how == scaling::none || how == scaling::z_score ? 4 : 0.8));
    const normalizer narrow = normalizer::fit(rows_matrix(4, 0), how);
    CHECK(narrow.transform(block(rows_matrix(2, 0))).rows() == 2);
    CHECK(narrow.transform(block(sparse_of(rows_matrix(2, 0)))).rows() == 2);
  }
}

TEST_CASE("what does not fit is refused") {
  rows_matrix x = rows_matrix::Zero(2, 3);
  const normalizer n = normalizer::fit(x, scaling::l2);
  rows_matrix y = rows_matrix::Zero(2, 4);
  CHECK_THROWS_MESSAGE(n.apply(y), hint::shape_error,
                       "normalizer: rows have 4 columns, it was fitted on 3");
  CHECK_THROWS_MESSAGE(n.transform(block(y)), hint::shape_error,
                       "normalizer: rows have 4 columns, it was fitted on 3");
  CHECK_THROWS_MESSAGE(normalizer{}.transform(block(y)), hint::shape_error,
                       "normalizer: rows have 4 columns, it was fitted on 0");
  x(1, 2) = std::numeric_limits<float>::infinity();
  for (const scaling how : all_scalings)
    CHECK_THROWS_MESSAGE(normalizer::fit(x, how, "text"), hint::invalid_argument,
                         "text: row 1, column 2 is inf, expected finite numbers");
}

TEST_CASE("a normalizer through an archive") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "model.hint";
  const rows_matrix train = random_matrix<float>(100, 6, 1);
  const rows_matrix rows = random_matrix<float>(10, 6, 2);
  for (const scaling how : all_scalings) {
    CAPTURE(name_of(how));
    const normalizer n = normalizer::fit(train, how);
    hint::io::archive_writer writer(hint::io::model_kind);
    n.write(writer, "image");
    normalizer::fit(rows_matrix(3, 0), how).write(writer, "text");
    writer.save(path);
    const hint::io::archive_reader reader(path);
    const normalizer back = normalizer::read(reader, "image");
    CHECK(back.how() == how);
    CHECK(back.cols() == 6);
    CHECK(same_bits<float>(dense_of(back.transform(block(rows))),
                           dense_of(n.transform(block(rows)))));
    CHECK(normalizer::read(reader, "text").cols() == 0);
  }
}

TEST_CASE("an archive without a normalizer is refused") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "model.hint";
  const auto message = [&](auto fill) {
    hint::io::archive_writer writer(hint::io::model_kind);
    fill(writer);
    writer.save(path);
    const hint::io::archive_reader reader(path);
    return hint_tests::message_of<hint::format_error>(
        [&] { static_cast<void>(normalizer::read(reader, "image")); });
  };
  CHECK(message([](auto&) {}) == path.string() + ": no entry 'image.scaling'");
  CHECK(message([](auto& w) {
          w.meta("image.scaling", "sideways");
          w.meta("image.cols", 2);
        }) == path.string() + ": image.scaling is sideways, which this version does not know");
  CHECK(message([](auto& w) {
          w.meta("image.scaling", "l2");
          w.meta("image.cols", -2);
        }) ==
        path.string() + ": entry 'image.cols' is '-2', expected a whole number >= 0 in range");
  CHECK(message([](auto& w) {
          w.meta("image.scaling", "z_score");
          w.meta("image.cols", 2);
        }) == path.string() + ": no array 'image.shift'");
  CHECK(message([](auto& w) {
          w.meta("image.scaling", "z_score");
          w.meta("image.cols", 3);
          w.array("image.shift", std::vector<float>{1, 2}, 1, 2);
          w.array("image.scale", std::vector<float>{1, 2, 3}, 1, 3);
        }) == path.string() + ": image has 2 shifts and 3 scales for 3 columns");
}

TEST_CASE("means are right to more than a float, and stay so in a file") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "model.hint";
  for (const float offset : {1e3F, -1e6F}) {
    rows_matrix x = random_matrix<float>(700, 5, 21);
    x.array() += offset;
    for (const scaling how : {scaling::z_score, scaling::centered_l2}) {
      CAPTURE(offset, name_of(how));
      const normalizer n = normalizer::fit(x, how);
      const rows_matrix found = dense_of(n.transform(block(x)));
      // In double throughout, x may be 10^6 times as long as what is left of it.
      CHECK(largest_difference(found, scaled(x, x, how)) < 1e-6);
      hint::io::archive_writer writer(hint::io::model_kind);
      n.write(writer, "image");
      writer.save(path);
      const normalizer back = normalizer::read(hint::io::archive_reader(path), "image");
      CHECK(same_bits<float>(dense_of(back.transform(block(x))), found));
    }
  }
}

TEST_CASE("a file of the first version has means as floats") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "model.hint";
  const auto read = [&](std::size_t rest) {
    hint::io::archive_writer writer(hint::io::model_kind);
    writer.meta("image.scaling", "z_score");
    writer.meta("image.cols", 2);
    writer.array("image.shift", std::vector<float>{1, 2}, 1, 2);
    writer.array("image.scale", std::vector<float>{1, 4}, 1, 2);
    if (rest > 0) writer.array("image.shift_rest", std::vector<float>(rest, 0.5F), 1, rest);
    writer.save(path);
    rows_matrix x = matrix_of({{3, 3}});
    normalizer::read(hint::io::archive_reader(path), "image").apply(x);
    return x;
  };
  CHECK(read(0) == matrix_of({{2, 4}}));
  CHECK(read(2) == matrix_of({{1.5F, 2}}));
  CHECK_THROWS_MESSAGE(read(3), hint::format_error,
                       path.string() + ": image.shift_rest has 3 numbers for 2 columns");
}

TEST_CASE("rows as long as floats can be are scaled like others") {
  const rows_matrix train = random_matrix<float>(50, 6, 22);
  for (const scaling how : {scaling::l2, scaling::centered_l2, scaling::tf_idf}) {
    CAPTURE(name_of(how));
    const normalizer n = normalizer::fit(train, how);
    rows_matrix x = random_matrix<float>(5, 6, 23);
    x /= x.cwiseAbs().maxCoeff();
    rows_matrix expected = x;
    n.apply(expected);
    for (const float unit : {0x1p126F, 0x1p-100F}) {
      rows_matrix long_rows = x * unit;
      n.apply(long_rows);
      CHECK((long_rows - expected).cwiseAbs().maxCoeff() < 1e-6F);
    }
  }
}

TEST_CASE("homogeneous rows have z-scores and a 1, at length 1") {
  // column 0: mean 3, deviation 2; column 1: constant; column 2: mean 0, deviation 1; so k = 2
  const rows_matrix train = matrix_of({{1, 0.3F, -1}, {5, 0.3F, 1}, {1, 0.3F, -1}, {5, 0.3F, 1}});
  const normalizer n = normalizer::fit(train, scaling::homogeneous);
  CHECK(n.cols() == 3);
  CHECK(n.outputs() == 4);
  const rows_matrix rows = matrix_of({{3, 9, 0}, {7, 0.3F, 0}});
  const rows_matrix found = dense_of(n.transform(block(rows)));
  CHECK(same_bits<float>(dense_of(n.transform(block(sparse_of(rows)))), found));
  const double z = 2 / std::sqrt(2.0), length = std::sqrt(z * z + 1);
  CHECK(found.row(0) == matrix_of({{0, 0, 0, 1}}));
  CHECK(found(1, 0) == Approx(z / length));
  CHECK(found(1, 3) == Approx(1 / length));
  rows_matrix in_place = rows_matrix::Zero(2, 4);
  in_place.leftCols(3) = rows;
  n.apply(in_place);
  CHECK(same_bits<float>(in_place, found));
  rows_matrix narrow = rows;
  CHECK_THROWS_MESSAGE(n.apply(narrow), hint::shape_error,
                       "normalizer: rows have 3 columns, it was fitted on 3 and makes 4 of them");
}

TEST_CASE("the angles of homogeneous rows order single numbers") {
  rows_matrix x(200, 1);
  for (Eigen::Index i = 0; i < 200; ++i) x(i, 0) = 5 + static_cast<float>(i * i);
  const rows_matrix found = dense_of(normalizer::fit(x, scaling::homogeneous).transform(block(x)));
  for (Eigen::Index i = 1; i < 200; ++i)
    CHECK(found(i, 0) / found(i, 1) > found(i - 1, 0) / found(i - 1, 1));
}
