// SPDX-License-Identifier: MIT
/// \file
/// Rotations after which signs tell most about numbers.
#ifndef HINT_LEARN_KERNEL_ROTATION_HPP
#define HINT_LEARN_KERNEL_ROTATION_HPP

#include <cstddef>

#include <Eigen/Eigenvalues>

#include <hint/core/config.hpp>
#include <hint/core/executor.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {
namespace detail {

/// Iterative quantization (Gong and Lazebnik, CVPR 2011): `rounds` times, R = the rotation that brings rows z
/// (n x r) nearest to the signs of z R. The sum of |z R| never falls. Ends before where that rotation is not unique.
/// O(rounds (n + r) r w).
HINT_LAZY
void fit_rotation(const linalg::matrix_view<double>& z, linalg::matrix<double>& rotation,
                  std::size_t rounds, const executor_ref& e = {}) {
  linalg::matrix<double> signs(z.rows(), rotation.cols());
  linalg::matrix<double> g(rotation.rows(), rotation.cols());
  linalg::matrix<double> gram(rotation.cols(), rotation.cols());
  for (std::size_t round = 0; round < rounds; ++round) {
    linalg::multiply<double>(z, rotation, signs, e);
    signs = signs.unaryExpr([](double x) { return x >= 0 ? 1.0 : -1.0; });
    linalg::transposed_multiply<double>(z, signs, g, e);
    // The nearest rotation to G = Z^T S is G (G^T G)^(-1/2).
    linalg::transposed_multiply<double>(g, g, gram, e);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(gram);
    const auto& values = solver.eigenvalues();
    if (!(values(0) > 1e-12 * values(values.size() - 1))) return;
    const linalg::matrix<double> root = solver.eigenvectors() *
                                        values.cwiseSqrt().cwiseInverse().asDiagonal() *
                                        solver.eigenvectors().transpose();
    linalg::multiply<double>(g, root, rotation, e);
  }
}

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn::detail

#endif
