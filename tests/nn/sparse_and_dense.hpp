// SPDX-License-Identifier: MIT
// The same random rows in both forms.
#ifndef HINT_TESTS_NN_SPARSE_AND_DENSE_HPP
#define HINT_TESTS_NN_SPARSE_AND_DENSE_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/linalg/matrix.hpp>
#include <hint/nn/sparse_batch.hpp>

#include "linalg/random_matrix.hpp"

namespace hint_tests {

/// Rows of which one number in eight is stored, the second one of none; with a shift, amount 0.5 i of it off.
struct sparse_and_dense {
  using index = hint::linalg::index;

  sparse_and_dense(index rows, index cols, bool shifted, std::uint64_t seed)
      : shift(shifted ? static_cast<std::size_t>(cols) : 0),
        dense(hint::linalg::matrix<double>::Zero(rows, cols)) {
    const hint::linalg::matrix<double> x = random_matrix<double>(rows + 1, cols, seed);
    for (std::size_t j = 0; j < shift.size(); ++j) shift[j] = x(rows, static_cast<index>(j));
    sparse = hint::nn::sparse_batch<double>(static_cast<std::size_t>(cols), shift);
    for (index i = 0; i < rows; ++i) {
      const double amount = shifted ? 0.5 * static_cast<double>(i) : 0;
      sparse.begin_row(amount);
      for (index j = 0; j < cols; ++j) {
        if (i != 1 && (i + j) % 8 == 0) {
          sparse.add(static_cast<std::size_t>(j), x(i, j));
          dense(i, j) = x(i, j);
        }
        if (shifted) dense(i, j) -= amount * x(rows, j);
      }
    }
  }
  std::vector<double> shift;
  hint::nn::sparse_batch<double> sparse;
  hint::linalg::matrix<double> dense;
};

}  // namespace hint_tests

#endif
