// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include <Eigen/Eigenvalues>
#include <Eigen/SVD>

#include <hint/core/error.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/linalg/subspace.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::linalg::matrix;
using hint_tests::random_matrix;
using dense = Eigen::MatrixXd;

constexpr hint::random_stream source{7, 1};

/// p x q with singular values 2^-i, i = 0 .. p-1.
matrix<double> decaying(Eigen::Index p, Eigen::Index q) {
  const auto u = hint::linalg::random_orthonormal(p, p, {1, 2});
  const auto v = hint::linalg::random_orthonormal(q, p, {3, 4});
  Eigen::VectorXd s(p);
  for (Eigen::Index i = 0; i < p; ++i) s(i) = std::exp2(-static_cast<double>(i));
  return u * s.asDiagonal() * v.transpose();
}
double away_from_identity(const dense& v) {
  return (v.transpose() * v - dense::Identity(v.cols(), v.cols())).cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("columns become an orthonormal basis of what they span", "[linalg][subspace]") {
  matrix<double> m = random_matrix<double>(30, 8, 1);
  m.col(5) = m.col(1) - 2 * m.col(0);  // spans less than 8 dimensions
  const dense before = m;
  hint::linalg::orthonormalize_columns(m);
  CHECK(away_from_identity(m) < 1e-14);
  CHECK((m * (m.transpose() * before) - before).cwiseAbs().maxCoeff() < 1e-13);
  const auto q = hint::linalg::random_orthonormal(9, 9, source);
  CHECK(away_from_identity(q) < 1e-14);
  CHECK(away_from_identity(dense(q.transpose())) < 1e-14);
  CHECK(hint_tests::same_bits(q, hint::linalg::random_orthonormal(9, 9, source)));
  CHECK(!hint_tests::same_bits(q, hint::linalg::random_orthonormal(9, 9, {7, 2})));
}

TEST_CASE("leading eigenvectors are those of a full decomposition", "[linalg][subspace]") {
  for (const Eigen::Index p : {1, 2, 40, 300}) {  // the last one by iteration
    const matrix<double> k = decaying(p, p + 3);
    const matrix<double> s = k * k.transpose();
    for (const Eigen::Index rank : {1, 5, 12}) {
      CAPTURE(p, rank);
      const auto found = hint::linalg::leading_eigenvectors(s, rank, 0, source);
      const Eigen::Index count = (std::min)(rank, p);
      REQUIRE(found.values.size() == count);
      REQUIRE(found.vectors.rows() == p);
      REQUIRE(found.vectors.cols() == count);
      CHECK(away_from_identity(found.vectors) < 1e-12);
      const Eigen::SelfAdjointEigenSolver<dense> all(s);
      for (Eigen::Index i = 0; i < count; ++i)
        CHECK(found.values(i) == Approx(all.eigenvalues()(p - 1 - i)).epsilon(1e-10).margin(1e-15));
      CHECK((s * found.vectors - found.vectors * found.values.asDiagonal()).cwiseAbs().maxCoeff() <
            1e-12);
    }
    const auto cut = hint::linalg::leading_eigenvectors(s, 12, std::exp2(-5), source);
    CHECK(cut.values.size() == (std::min<Eigen::Index>)(p, 3));  // 1, 1/4 and 1/16
  }
  const auto none = hint::linalg::leading_eigenvectors(matrix<double>::Zero(4, 4), 3, 1e-6, source);
  CHECK(none.values.size() == 1);
  CHECK(none.values(0) == 0);
}

TEST_CASE("a subspace among close neighbours is about as good", "[linalg][subspace]") {
  const matrix<double> x = random_matrix<double>(700, 700, 3);
  const matrix<double> s = x * x.transpose();
  const auto found = hint::linalg::leading_eigenvectors(s, 100, 0, source);
  const Eigen::SelfAdjointEigenSolver<dense> all(s);
  const double best = all.eigenvalues().tail(100).sum();
  const double got = (found.vectors.transpose() * s * found.vectors).trace();
  CHECK(got <= best * (1 + 1e-12));
  CHECK(got > 0.97 * best);
  CHECK(away_from_identity(found.vectors) < 1e-12);
}

TEST_CASE("a truncated svd has the leading singular vectors", "[linalg][subspace]") {
  for (const auto& [p, q] : {std::pair<Eigen::Index, Eigen::Index>{3, 7}, {7, 3}, {200, 260}}) {
    const matrix<double> wide = decaying((std::min)(p, q), (std::max)(p, q));
    const matrix<double> k = p <= q ? wide : matrix<double>(wide.transpose());
    for (const Eigen::Index rank : {1, 4, 9}) {
      CAPTURE(p, q, rank);
      const auto found = hint::linalg::truncated_svd(k, rank, 0, source);
      const Eigen::Index count = (std::min)({rank, p, q});
      REQUIRE(found.values.size() == count);
      for (Eigen::Index i = 0; i < count; ++i)
        CHECK(found.values(i) == Approx(std::exp2(-static_cast<double>(i))).epsilon(1e-9));
      CHECK((k * found.right - found.left * found.values.asDiagonal()).cwiseAbs().maxCoeff() <
            1e-9);
      CHECK(away_from_identity(found.right) < 1e-9);
      CHECK(away_from_identity(found.left) < 1e-6);
    }
    CHECK(hint::linalg::truncated_svd(k, 9, 0.2, source).values.size() == 3);  // 1, 1/2 and 1/4
  }
}

TEST_CASE("subspaces have the same bits for any number of threads", "[linalg][subspace]") {
  const matrix<double> k = random_matrix<double>(400, 300, 5);
  const matrix<double> s = k.transpose() * k;
  const auto one = hint::linalg::truncated_svd(k, 8, 0, source);
  const auto values = hint::linalg::leading_eigenvectors(s, 8, 0, source);
  for (const std::size_t threads : {2U, 3U}) {
    hint::thread_pool pool(threads);
    const auto svd = hint::linalg::truncated_svd(k, 8, 0, source, pool);
    CHECK(hint_tests::same_bits(svd.left, one.left));
    CHECK(hint_tests::same_bits(svd.right, one.right));
    CHECK(hint_tests::same_bits(hint::linalg::leading_eigenvectors(s, 8, 0, source, pool).vectors,
                                values.vectors));
  }
}

TEST_CASE("subspaces of what is no matrix", "[linalg][subspace]") {
  CHECK_THROWS_MESSAGE(hint::linalg::truncated_svd(matrix<double>(0, 3), 1, 0, source),
                       hint::shape_error, "truncated_svd: rank 1 of a matrix of 0 x 3");
  CHECK_THROWS_MESSAGE(hint::linalg::truncated_svd(matrix<double>::Ones(2, 3), 0, 0, source),
                       hint::shape_error, "truncated_svd: rank 0 of a matrix of 2 x 3");
  CHECK_THROWS_MESSAGE(hint::linalg::leading_eigenvectors(matrix<double>::Ones(2, 3), 1, 0, source),
                       hint::shape_error, "leading_eigenvectors: rank 1 of a matrix of 2 x 3");
}
