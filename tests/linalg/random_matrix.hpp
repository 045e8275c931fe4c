// SPDX-License-Identifier: MIT
/// \file
/// Random matrices and executors for the tests of linalg and nn.
#ifndef HINT_TESTS_LINALG_RANDOM_MATRIX_HPP
#define HINT_TESTS_LINALG_RANDOM_MATRIX_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hint/core/executor.hpp>
#include <hint/core/normal.hpp>
#include <hint/core/random.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint_tests {

/// Standard normal entries.
template <class T>
hint::linalg::matrix<T> random_matrix(Eigen::Index rows, Eigen::Index cols, std::uint64_t seed) {
  const hint::random_stream random(seed, hint::stream_id("random_matrix"));
  hint::linalg::matrix<T> m(rows, cols);
  for (Eigen::Index i = 0; i < m.size(); ++i)
    m.data()[i] = static_cast<T>(hint::normal(random, static_cast<std::uint64_t>(i)));
  return m;
}

/// Equal in every bit (so that 0 differs from -0, and a NaN equals itself).
template <class T>
bool same_bits(const hint::linalg::matrix<T>& a, const hint::linalg::matrix<T>& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         (a.size() == 0 ||
          std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(T)) == 0);
}

/// Claims to have `threads` threads and runs the last task first.
struct backwards {
  std::size_t threads = 16;
  [[nodiscard]] std::size_t concurrency() const { return threads; }
  void bulk(std::size_t n, hint::task_ref f) const {
    while (n-- > 0) f(n);
  }
};

}  // namespace hint_tests

#endif
