// SPDX-License-Identifier: MIT
/// \file
/// The matrix types of the library: rows are items, stored row after row.
#ifndef HINT_LINALG_MATRIX_HPP
#define HINT_LINALG_MATRIX_HPP

#include <Eigen/Core>
#include <Eigen/SparseCore>

#include <hint/core/config.hpp>

// Programs whose parts are built with different -m flags disagree on Eigen's alignment and corrupt
// the heap. The tag in the name of this namespace makes them fail at link time instead.
#define HINT_EIGEN_ABI HINT_DETAIL_JOIN(a, EIGEN_MAX_ALIGN_BYTES)

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace linalg {

using index = Eigen::Index;

/// Dense rows.
template <class T>
using matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class T>
using vector = Eigen::Matrix<T, Eigen::Dynamic, 1>;
template <class T>
using row_vector = Eigen::Matrix<T, 1, Eigen::Dynamic>;
/// Compressed sparse rows.
template <class T>
using sparse_matrix = Eigen::SparseMatrix<T, Eigen::RowMajor, int>;

/// Dense rows somewhere in memory, contiguous; binds to `matrix` and to blocks of whole rows at no
/// cost.
template <class T>
using matrix_view = Eigen::Ref<const matrix<T>, 0, Eigen::OuterStride<>>;
template <class T>
using matrix_ref = Eigen::Ref<matrix<T>, 0, Eigen::OuterStride<>>;

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::linalg

#endif
