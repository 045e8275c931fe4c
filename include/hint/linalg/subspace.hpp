// SPDX-License-Identifier: MIT
/// \file
/// Some leading eigenvectors or singular vectors of a large matrix, by iterations on random vectors (Halko,
/// Martinsson, Tropp: Finding structure with randomness, SIAM Review 2011, algorithm 4.4). What belongs to numbers
/// much larger than the next ones is exact; among close neighbours at the end it is a subspace about as good.
/// The same bits for any number of threads.
#ifndef HINT_LINALG_SUBSPACE_HPP
#define HINT_LINALG_SUBSPACE_HPP

#include <algorithm>
#include <cstdint>
#include <utility>

#include <Eigen/Eigenvalues>
#include <Eigen/QR>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/core/normal.hpp>
#include <hint/core/random.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>
#include <hint/linalg/singular.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace linalg {

namespace detail {
/// Vectors that are iterated on beyond those that are asked for.
inline constexpr index oversampling = 32;
}  // namespace detail

/// Columns of m (p x b, b at most p) become an orthonormal basis of what they span, filled up if that is less.
/// O(p b^2).
HINT_LAZY
void orthonormalize_columns(matrix<double>& m) {
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(m);
  m = qr.householderQ() * Eigen::MatrixXd::Identity(m.rows(), m.cols());
}

/// p x b standard normal numbers, orthonormalised.
HINT_LAZY
[[nodiscard]] matrix<double> random_orthonormal(index p, index b, const random_stream& random) {
  matrix<double> out(p, b);
  for (index i = 0; i < out.size(); ++i)
    out.data()[i] = normal(random, static_cast<std::uint64_t>(i));
  orthonormalize_columns(out);
  return out;
}

/// S = V diag(values) V^T, the largest first, V of p x rank.
struct eigenvectors {
  vector<double> values;
  matrix<double> vectors;
};

/// At most `rank` eigenvectors of a symmetric, positive semidefinite S (p x p), without those whose value is below
/// `tolerance` times the largest, but at least one. Exact where all would cost no more than 6 iterations.
/// O(p^2 rank). Throws `shape_error` when S is empty or not square or `rank` is below 1.
HINT_LAZY
[[nodiscard]] eigenvectors leading_eigenvectors(const matrix_view<double>& s, index rank,
                                                double tolerance, const random_stream& random,
                                                const executor_ref& e = {}) {
  expects<shape_error>(rank >= 1 && s.rows() >= 1 && s.rows() == s.cols(),
                       "leading_eigenvectors: rank ", rank, " of a matrix of ", s.rows(), " x ",
                       s.cols());
  const index width = rank + detail::oversampling;
  eigenvectors out;
  const auto keep = [&](const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>& solver) {
    const auto& values = solver.eigenvalues();  // ascending
    const index last = values.size() - 1;
    index count = 1;
    while (count < (std::min)(rank, last + 1) && values(last - count) > tolerance * values(last))
      ++count;
    out.values = values.tail(count).reverse().cwiseMax(0);
    return matrix<double>(solver.eigenvectors().rightCols(count).rowwise().reverse());
  };
  if (s.rows() <= 256 || 4 * width >= 3 * s.rows()) {
    out.vectors = keep(Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(s));
    return out;
  }
  matrix<double> basis = random_orthonormal(s.rows(), width, random), image(s.rows(), width);
  for (int round = 0; round < 6; ++round) {
    multiply<double>(s, basis, image, e);
    std::swap(basis, image);
    orthonormalize_columns(basis);
  }
  multiply<double>(s, basis, image, e);
  matrix<double> within(width, width);
  transposed_multiply<double>(basis, image, within, e);
  const matrix<double> found =
      keep(Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>((within + within.transpose()) / 2));
  out.vectors.resize(s.rows(), found.cols());
  multiply<double>(basis, found, out.vectors, e);
  return out;
}

/// At most `rank` singular vectors of K (p x q, neither 0), those of the largest singular values, without those
/// below `tolerance` times the largest. Exact, by `leading_singular_vectors`, where that costs no more than 12
/// iterations. O(p q rank). Throws `shape_error` when K is empty or `rank` is below 1.
HINT_LAZY
[[nodiscard]] singular_vectors truncated_svd(const matrix_view<double>& k, index rank,
                                             double tolerance, const random_stream& random,
                                             const executor_ref& e = {}) {
  expects<shape_error>(rank >= 1 && k.size() > 0, "truncated_svd: rank ", rank, " of a matrix of ",
                       k.rows(), " x ", k.cols());
  const index width = rank + detail::oversampling;
  const auto cut = [&](singular_vectors all) {
    if (all.values.size() > rank) {
      all.values.conservativeResize(rank);
      all.left = matrix<double>(all.left.leftCols(rank));
      all.right = matrix<double>(all.right.leftCols(rank));
    }
    return all;
  };
  if (4 * width >= (std::min)(k.rows(), k.cols()))
    return cut(leading_singular_vectors(k, tolerance, e));
  matrix<double> right = random_orthonormal(k.cols(), width, random), left(k.rows(), width);
  for (int round = 0; round < 12; ++round) {
    multiply<double>(k, right, left, e);
    orthonormalize_columns(left);
    transposed_multiply<double>(k, left, right, e);
    orthonormalize_columns(right);
  }
  multiply<double>(k, right, left, e);
  singular_vectors found = cut(leading_singular_vectors(left, tolerance, e));
  matrix<double> rotated(k.cols(), found.right.cols());
  multiply<double>(right, found.right, rotated, e);
  found.right = std::move(rotated);
  return found;
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::linalg

#endif
