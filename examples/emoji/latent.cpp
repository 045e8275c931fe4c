// SPDX-License-Identifier: MIT
#include "latent.hpp"

#include <algorithm>

#include <Eigen/Eigenvalues>
#include <Eigen/QR>

#include <hint/core/error.hpp>
#include <hint/core/normal.hpp>
#include <hint/core/random.hpp>

namespace emoji {
namespace {

Eigen::MatrixXf orthonormal(const Eigen::MatrixXf& columns) {
  const Eigen::HouseholderQR<Eigen::MatrixXf> qr(columns);
  return qr.householderQ() * Eigen::MatrixXf::Identity(columns.rows(), columns.cols());
}

}  // namespace

latent_space::latent_space(const sparse& texts, std::size_t dimensions, std::uint64_t seed) {
  hint::expects(texts.rows() > 0 && texts.cols() > 0 && dimensions > 0,
                "latent_space: ", texts.rows(), " texts of ", texts.cols(), " terms in ",
                dimensions, " dimensions, expected at least one of each");
  constexpr std::size_t spare = 20;
  constexpr int rounds = 4;
  const Eigen::Index most = (std::min)(texts.rows(), texts.cols());
  const Eigen::Index width = (std::min)(static_cast<Eigen::Index>(dimensions + spare), most);
  const Eigen::Index wanted = (std::min)(static_cast<Eigen::Index>(dimensions), most);

  const hint::random_stream random(seed, hint::stream_id("emoji latent space"));
  Eigen::MatrixXf basis(texts.cols(), width);
  for (Eigen::Index i = 0; i < basis.size(); ++i)
    basis.data()[i] = static_cast<float>(hint::normal(random, static_cast<std::uint64_t>(i)));
  for (int round = 0; round < rounds; ++round) {
    const Eigen::MatrixXf seen = texts * orthonormal(basis);
    basis = texts.transpose() * seen;
  }
  // Within the subspace the exact directions come from a small eigenproblem.
  basis = orthonormal(basis);
  const Eigen::MatrixXf seen = texts * basis;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXf> solver(seen.transpose() * seen);
  directions_ = basis * solver.eigenvectors().rowwise().reverse().leftCols(wanted);
}

dense latent_space::operator()(const sparse& texts) const {
  hint::expects<hint::shape_error>(texts.cols() == directions_.rows(), "latent_space: texts of ",
                                   texts.cols(), " terms, expected ", directions_.rows());
  return texts * directions_;
}

}  // namespace emoji
