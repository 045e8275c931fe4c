// SPDX-License-Identifier: MIT
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include <Eigen/QR>
#include <Eigen/SVD>

#include <hint/core/error.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/io/archive.hpp>
#include <hint/learn/cvh.hpp>

#include "learn/pairs.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace {

using hint::image;
using hint::text;
using hint::data::block;
using hint::data::paired;
using hint::learn::cvh;
using hint::learn::linear_hasher;
using hint::linalg::matrix;
using dense = Eigen::MatrixXd;

dense centered(const matrix<float>& x) {
  dense out = x.cast<double>();
  const Eigen::RowVectorXd mean = out.colwise().mean();
  out.rowwise() -= mean;
  return out;
}
dense covariance(const dense& x, double regularization) {
  dense c = x.transpose() * x / static_cast<double>(x.rows());
  c.diagonal().array() += regularization * c.trace() / static_cast<double>(c.rows());
  return c;
}
/// Canonical correlations by QR and SVD, without a covariance of one modality: R of the QR of the
/// features with the regularisation as rows below is a root of the regularised covariance.
dense correlations(const dense& x, const dense& y, double regularization) {
  const double n = static_cast<double>(x.rows());
  const auto root = [&](const dense& f) {
    const double ridge = regularization * f.squaredNorm() / n / static_cast<double>(f.cols());
    dense tall(f.rows() + f.cols(), f.cols());
    tall.topRows(f.rows()) = f / std::sqrt(n);
    tall.bottomRows(f.cols()) = std::sqrt(ridge) * dense::Identity(f.cols(), f.cols());
    const dense r = tall.householderQr().matrixQR().topRows(f.cols());
    return dense(r.triangularView<Eigen::Upper>());
  };
  const dense rx = root(x), ry = root(y);
  const dense cross = x.transpose() * y / n;
  dense k = rx.transpose().colPivHouseholderQr().solve(cross);
  k = ry.transpose().colPivHouseholderQr().solve(dense(k.transpose()));
  return Eigen::JacobiSVD<dense>(k).singularValues();
}
dense weights(const linear_hasher& h, hint::modality m) { return h.get(m).weights.cast<double>(); }

/// Share of bits in which two sets of codes agree.
double agreement(const hint::code_set& a, const hint::code_set& b) {
  std::size_t different = 0;
  for (std::size_t i = 0; i < a.words().size(); ++i)
    different += static_cast<std::size_t>(std::popcount(a.words()[i] ^ b.words()[i]));
  return 1 - static_cast<double>(different) / static_cast<double>(a.size() * a.bits());
}

TEST_CASE("cvh finds the canonical correlations", "[learn][cvh]") {
  const hint_tests::clustered_pairs data(80, 5, 1);
  for (const bool swapped : {false, true})  // the smaller side's eigenproblem is solved
    for (const double regularization : {1e-9, 0.05}) {
      CAPTURE(swapped, regularization);
      const matrix<float>& a = data.features[swapped ? 1 : 0];
      const matrix<float>& b = data.features[swapped ? 0 : 1];
      const linear_hasher h = cvh({.bits = 9, .regularization = regularization}).fit(paired(a, b));
      const dense x = centered(a), y = centered(b);
      const dense u = weights(h, image), v = weights(h, text);  // bits x d
      const dense cross = u * (x.transpose() * y / 80.0) * v.transpose();
      const dense xx = u * covariance(x, regularization) * u.transpose();
      const dense yy = v * covariance(y, regularization) * v.transpose();
      const dense expected = correlations(x, y, regularization);
      for (Eigen::Index i = 0; i < 9; ++i)
        for (Eigen::Index j = 0; j < 9; ++j) {
          CAPTURE(i, j);
          const double scale = std::sqrt(xx(i, i) * yy(j, j));
          CHECK(cross(i, j) / scale == Approx(i == j ? expected(i) : 0).margin(1e-4));
          if (i != j) {  // directions of one modality are uncorrelated
            CHECK(std::abs(xx(i, j)) / std::sqrt(xx(i, i) * xx(j, j)) < 1e-4);
            CHECK(std::abs(yy(i, j)) / std::sqrt(yy(i, i) * yy(j, j)) < 1e-4);
          }
        }
      // A bit is the sign of the centred projection.
      const hint::code_set codes = h.encode(image, block(a));
      const dense projected = x * u.transpose();
      std::size_t wrong = 0;
      for (Eigen::Index i = 0; i < 80; ++i)
        for (Eigen::Index j = 0; j < 9; ++j)
          if (std::abs(projected(i, j)) > 1e-4 &&
              codes.bit(static_cast<std::size_t>(i), static_cast<std::size_t>(j)) !=
                  (projected(i, j) > 0))
            ++wrong;
      CHECK(wrong == 0);
    }
}

TEST_CASE("cvh with more bits than directions", "[learn][cvh]") {
  const hint_tests::clustered_pairs data(100, 5, 2);
  const linear_hasher few = cvh({.bits = 9}).fit(data.pairs());
  const linear_hasher many = cvh({.bits = 130}).fit(data.pairs());
  REQUIRE(many.bits() == 130);
  for (const hint::modality m : hint::modalities) {
    const dense a = weights(few, m), b = weights(many, m);
    CHECK((b.topRows(9) - a).cwiseAbs().maxCoeff() == 0.0);
    // The rest are combinations of these nine, the same ones in both modalities.
    const dense mix =
        a.transpose().colPivHouseholderQr().solve(dense(b.bottomRows(121).transpose()));
    CHECK((a.transpose() * mix - b.bottomRows(121).transpose()).cwiseAbs().maxCoeff() < 1e-4);
    CHECK(mix.cwiseAbs().maxCoeff() > 1);
    const dense other = weights(few, hint::other(m)).transpose() * mix;
    CHECK(
        (other - weights(many, hint::other(m)).bottomRows(121).transpose()).cwiseAbs().maxCoeff() <
        1e-3);
  }
  hint::context ctx;
  ctx.seed = 5;
  const linear_hasher otherwise = cvh({.bits = 130}).fit(data.pairs(), ctx);
  CHECK(hint_tests::same_bits<float>(otherwise.get(image).weights.topRows(9),
                                     many.get(image).weights.topRows(9)));
  CHECK(!hint_tests::same_bits(otherwise.get(image).weights, many.get(image).weights));
}

TEST_CASE("cvh gives equal modalities equal codes", "[learn][cvh]") {
  const hint_tests::clustered_pairs data(90, 5, 3);
  matrix<float> x = data.features[0];
  const auto check = [&](double least) {
    const linear_hasher h = cvh({.bits = 40}).fit(paired(x, x));
    CHECK(agreement(h.encode(image, block(x)), h.encode(text, block(x))) > least);
  };
  check(0.999);
  // Features that say nothing new: constant ones, copies. Directions that do not exist must not
  // become bits of noise.
  x.col(3).setConstant(7);
  x.col(5).setZero();
  x.col(8) = x.col(0);
  check(0.999);
  x = hint_tests::random_matrix<float>(6, 20, 3);  // fewer pairs than features
  check(0.99);
}

TEST_CASE("cvh on data at its ends gives finite weights", "[learn][cvh]") {
  const auto fit = [](const matrix<float>& a, const matrix<float>& b) {
    const linear_hasher h = cvh({.bits = 24}).fit(paired(a, b));
    for (const hint::modality m : hint::modalities) {
      CHECK(h.get(m).weights.allFinite());
      CHECK(h.get(m).thresholds.allFinite());
    }
    CHECK(h.encode(image, block(a)).size() == static_cast<std::size_t>(a.rows()));
  };
  const auto a = hint_tests::random_matrix<float>(5, 12, 1);
  const auto b = hint_tests::random_matrix<float>(5, 7, 2);
  fit(a, b);  // n < d
  fit(a.topRows(2), b.topRows(2));
  fit(a, matrix<float>::Ones(5, 3));  // a modality that says nothing
  fit(matrix<float>::Zero(5, 4), matrix<float>::Zero(5, 3));
  fit(a.leftCols(1), b);
}

TEST_CASE("cvh beats chance on held-out pairs", "[learn][cvh]") {
  const hint_tests::clustered_pairs data(260, 5, 4), held_out(60, 5, 5);
  const linear_hasher h = cvh({.bits = 16}).fit(data.pairs());
  const auto queries = h.encode(image, held_out.pairs().image());
  const auto database = h.encode(text, data.pairs().text());
  double same = 0, other = 0, same_count = 0, other_count = 0;
  for (std::size_t q = 0; q < 60; ++q)
    for (std::size_t i = 0; i < 260; ++i) {
      const auto distance = static_cast<double>(std::popcount(queries[q][0] ^ database[i][0]));
      (held_out.label(q) == data.label(i) ? same : other) += distance;
      (held_out.label(q) == data.label(i) ? same_count : other_count) += 1;
    }
  CHECK(same / same_count < 0.8 * other / other_count);
}

TEST_CASE("cvh: same bits for any number of threads, and after a file", "[learn][cvh]") {
  const hint_tests::clustered_pairs data(300, 5, 6);
  const linear_hasher one = cvh({.bits = 20}).fit(data.pairs());
  for (const std::size_t threads : {2U, 3U}) {
    hint::thread_pool pool(threads);
    const linear_hasher h = cvh({.bits = 20}).fit(data.pairs(), hint::context(pool));
    for (const hint::modality m : hint::modalities) {
      CHECK(hint_tests::same_bits(h.get(m).weights, one.get(m).weights));
      CHECK(h.get(m).thresholds == one.get(m).thresholds);
    }
  }
  CHECK(hint_tests::codes_rows_alone(one, text, data.features[1]));
  const hint_tests::temporary_folder folder;
  hint::io::save(folder / "cvh.hint", one);
  CHECK(hint::io::load<linear_hasher>(folder / "cvh.hint").encode(text, data.pairs().text()) ==
        one.encode(text, data.pairs().text()));

  const hint::linalg::sparse_matrix<float> sparse = data.features[1].sparseView();
  const linear_hasher from_sparse =
      cvh({.bits = 20}).fit(paired(block(data.features[0]), block(sparse)));
  CHECK(hint_tests::same_bits(from_sparse.get(image).weights, one.get(image).weights));
}

TEST_CASE("cvh refuses what it cannot learn from", "[learn][cvh]") {
  CHECK_THROWS_MESSAGE(cvh({.bits = 0}), hint::invalid_option,
                       "option bits is 0, expected 1 to 16384");
  CHECK_THROWS_MESSAGE(cvh({.regularization = 0}), hint::invalid_option,
                       "option regularization is 0, expected 1e-12 to 1e+12");
  matrix<float> x = matrix<float>::Ones(4, 3);
  CHECK_THROWS_MESSAGE(cvh().fit(paired(matrix<float>(x.topRows(1)), matrix<float>(x.topRows(1)))),
                       hint::invalid_argument,
                       "fit: the data set has 1 pairs, expected at least 2");
  CHECK_THROWS_MESSAGE(cvh().fit(paired(x, matrix<float>(4, 0))), hint::invalid_argument,
                       "fit: text has no columns");
  matrix<float> bad = x;
  bad(3, 1) = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_MESSAGE(cvh().fit(paired(x, bad)), hint::invalid_argument,
                       "text: row 3, column 1 is nan, expected finite numbers");
}

/// Share of bits that are the signs of W (x - mean) in double.
double right_bits(const linear_hasher& h, const matrix<float>& x) {
  const dense projected = centered(x) * weights(h, image).transpose();
  const hint::code_set codes = h.encode(image, block(x));
  double right = 0;
  for (Eigen::Index i = 0; i < x.rows(); ++i)
    for (Eigen::Index j = 0; j < projected.cols(); ++j)
      right += codes.bit(static_cast<std::size_t>(i), static_cast<std::size_t>(j)) ==
                       (projected(i, j) >= 0)
                   ? 1
                   : 0;
  return right / static_cast<double>(projected.size());
}

TEST_CASE("cvh at any offset and scale has the bits of exact arithmetic", "[learn][cvh]") {
  const hint_tests::clustered_pairs data(300, 5, 7);
  for (const float offset : {0.0F, 1e3F, -1e6F})
    for (const float unit : {1e-30F, 1.0F, 1e30F}) {
      CAPTURE(offset, unit);
      const matrix<float> x = (data.features[0].array() + offset) * unit;
      const linear_hasher h = cvh({.bits = 20}).fit(paired(x, data.features[1]));
      CHECK(h.get(image).weights.allFinite());
      CHECK(right_bits(h, x) > 0.9995);
    }
}

TEST_CASE("one number is enough to order items", "[learn][cvh]") {
  const hint_tests::clustered_pairs data(200, 5, 8);
  matrix<float> x(200, 3);
  for (Eigen::Index i = 0; i < 200; ++i)  // proportional rows, all positive
    x.row(i) = hint::linalg::row_vector<float>::Constant(3, 100 + data.features[0](i, 0));
  const linear_hasher h = cvh({.bits = 20}).fit(paired(x, matrix<float>(x.leftCols(1))));
  for (const hint::modality m : hint::modalities) {
    const hint::code_set codes = h.encode(m, block(m == image ? x : matrix<float>(x.leftCols(1))));
    std::vector<std::size_t> order(200);
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return x(static_cast<Eigen::Index>(a), 0) < x(static_cast<Eigen::Index>(b), 0);
    });
    // The distance from the lowest item never falls on the way up, and about reaches the bits.
    int before = 0;
    for (const std::size_t i : order) {
      const int distance = std::popcount(codes[i][0] ^ codes[order[0]][0]);
      CHECK(distance >= before);
      before = distance;
    }
    CHECK(before == 20);
    for (std::size_t j = 1; j < 20; ++j) {  // quantiles
      std::size_t ones = 0;
      for (std::size_t i = 0; i < 200; ++i) ones += codes.bit(i, j) ? 1 : 0;
      CHECK((ones == 10 * j || ones == 200 - 10 * j));
    }
  }
  CHECK(agreement(h.encode(image, block(x)), h.encode(text, block(matrix<float>(x.leftCols(1))))) >
        0.99);
}

TEST_CASE("cvh says when a modality says nothing", "[learn][cvh]") {
  std::vector<std::string> notes;
  struct listener {
    std::vector<std::string>& notes;
    void on(const hint::phase_report& r) const { notes.emplace_back(r.note); }
  } observer{notes};
  hint::context ctx;
  ctx.observer = observer;
  const auto x = hint_tests::random_matrix<float>(5, 4, 1);
  static_cast<void>(cvh().fit(paired(x, matrix<float>(matrix<float>::Constant(5, 3, 0.1F))), ctx));
  CHECK(notes ==
        std::vector<std::string>{"text: all 5 rows are equal, so nothing can be learnt from them"});
  static_cast<void>(cvh().fit(paired(x, x), ctx));
  CHECK(notes.size() == 1);
}

TEST_CASE("cvh has no half model", "[learn][cvh]") {
  const hint_tests::clustered_pairs data(40, 4, 1);
  struct patient {
    std::size_t answers;
    bool stop_requested() { return answers == 0 || answers-- == 0; }
  };
  std::size_t answers = 0;
  for (bool stopped = true; stopped; ++answers) {
    REQUIRE(answers < 40);
    patient observer{answers};
    hint::sequential here;
    stopped = false;
    try {
      (void)cvh{{.bits = 8}}.fit(data.pairs(), hint::context(here, observer));
    } catch (const hint::error& e) {
      stopped = true;
      CHECK(std::string(e.what()) == "fit: asked to stop before CVH had a model");
    }
  }
  CHECK(answers > 8);
}

}  // namespace
