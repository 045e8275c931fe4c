// SPDX-License-Identifier: MIT
/// \file
/// The leading singular vectors of a matrix, from the eigenproblem of its smaller side.
#ifndef HINT_LINALG_SINGULAR_HPP
#define HINT_LINALG_SINGULAR_HPP

#include <utility>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>

#if !defined(HINT_ELSEWHERE)
#include <Eigen/Eigenvalues>
#endif

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace linalg {

/// K = U diag(s) V^T, without what is rounding noise: s of `rank` numbers, the largest first, U of
/// rows x rank, V of columns x rank.
struct singular_vectors {
  vector<double> values;
  matrix<double> left;
  matrix<double> right;
};

/// Those of K (p x q, neither 0) whose singular value is above `tolerance` times the largest one, and
/// the largest one in any case (a vector is then no direction when K is 0). Singular values are roots
/// of eigenvalues, so those below about 1e-8 of the largest are noise. The same bits for any number of
/// threads. O(p q min(p, q)). Throws `shape_error` when K is empty.
HINT_LAZY
[[nodiscard]] singular_vectors leading_singular_vectors(const matrix_view<double>& k,
                                                        double tolerance,
                                                        const executor_ref& e = {});

#if !defined(HINT_ELSEWHERE)
template <class>
singular_vectors leading_singular_vectors(const matrix_view<double>& k, double tolerance,
                                          const executor_ref& e) {
  expects<shape_error>(k.size() > 0, "leading_singular_vectors: k is ", k.rows(), " x ", k.cols());
  const bool narrow = k.cols() <= k.rows();
  const index side = narrow ? k.cols() : k.rows();
  matrix<double> gram(side, side);  // K^T K or K K^T
  if (narrow)
    transposed_multiply<double>(k, k, gram, e);
  else
    multiply_transposed<double>(k, k, gram, e);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(gram);
  const vector<double> values =
      solver.eigenvalues().reverse().cwiseMax(0).cwiseSqrt().cwiseMax(1e-12);
  index rank = 1;
  while (rank < side && values(rank) > tolerance * values(0)) ++rank;

  singular_vectors out;
  out.values = values.head(rank);
  out.right = solver.eigenvectors().rightCols(rank).rowwise().reverse();
  out.left.resize(narrow ? k.rows() : k.cols(), rank);  // K right / s, or K^T left / s
  if (narrow)
    multiply<double>(k, out.right, out.left, e);
  else
    transposed_multiply<double>(k, out.right, out.left, e);
  out.left.array().rowwise() /= out.values.transpose().array();
  if (!narrow) std::swap(out.left, out.right);
  return out;
}
#endif

#if defined(HINT_COMPILED)
HINT_EXTERN template singular_vectors leading_singular_vectors<>(const matrix_view<double>&, double,
                                                                 const executor_ref&);
#endif

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::linalg

#endif
