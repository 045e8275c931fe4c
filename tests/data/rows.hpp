// SPDX-License-Identifier: MIT
/// \file
/// Small feature rows for the tests of data and graph.
#ifndef HINT_TESTS_DATA_ROWS_HPP
#define HINT_TESTS_DATA_ROWS_HPP

#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include <hint/core/random.hpp>
#include <hint/data/block.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint_tests {

using rows_matrix = hint::linalg::matrix<float>;

inline rows_matrix matrix_of(std::initializer_list<std::initializer_list<float>> rows) {
  rows_matrix m(static_cast<Eigen::Index>(rows.size()),
                rows.size() == 0 ? 0 : static_cast<Eigen::Index>(rows.begin()->size()));
  Eigen::Index i = 0;
  for (const auto& row : rows)
    for (const float x : row) m.data()[i++] = x;
  return m;
}

/// The numbers other than 0.
inline hint::linalg::sparse_matrix<float> sparse_of(const rows_matrix& dense) {
  hint::linalg::sparse_matrix<float> sparse(dense.rows(), dense.cols());
  for (Eigen::Index i = 0; i < dense.rows(); ++i)
    for (Eigen::Index j = 0; j < dense.cols(); ++j)
      if (dense(i, j) != 0) sparse.insert(i, j) = dense(i, j);
  sparse.makeCompressed();
  return sparse;
}

/// All rows of any feature block.
template <hint::data::feature_block B>
rows_matrix dense_of(const B& b) {
  rows_matrix out(static_cast<Eigen::Index>(b.rows()), static_cast<Eigen::Index>(b.cols()));
  b.copy_rows(0, out);
  return out;
}

/// Whole numbers -2 .. 2, mostly 0: products and sums of them are exact in float, ties are many, some
/// rows repeat and some are all 0.
inline rows_matrix small_integers(std::size_t n, std::size_t d, std::uint64_t seed) {
  const hint::random_stream random(seed, hint::stream_id("small_integers"));
  rows_matrix m = rows_matrix::Zero(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(d));
  for (std::size_t i = 0; i < n; ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    const std::uint64_t kind = random.below(i, 8);
    if (kind == 0) continue;
    if (kind == 1 && i > 0) {
      m.row(row) = m.row(static_cast<Eigen::Index>(random.fork(1).below(i, i)));
      continue;
    }
    for (std::size_t j = 0; j < d; ++j)
      if (random.fork(2).below(i * d + j, 3) == 0)
        m(row, static_cast<Eigen::Index>(j)) =
            static_cast<float>(random.fork(3).below(i * d + j, 5)) - 2;
  }
  return m;
}

}  // namespace hint_tests

#endif
