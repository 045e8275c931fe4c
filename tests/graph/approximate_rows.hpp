// SPDX-License-Identifier: MIT
/// \file
/// Rows for the tests of approximate search.
#ifndef HINT_TESTS_GRAPH_APPROXIMATE_ROWS_HPP
#define HINT_TESTS_GRAPH_APPROXIMATE_ROWS_HPP

#include <cstddef>
#include <cstdint>

#include <hint/core/normal.hpp>
#include <hint/core/random.hpp>

#include "data/rows.hpp"
#include "linalg/random_matrix.hpp"

namespace hint_tests {

/// Random centres with normal noise of half their spread.
inline rows_matrix clustered_rows(std::size_t n, std::size_t d, std::size_t centers,
                                  std::uint64_t seed) {
  const rows_matrix middle =
      random_matrix<float>(static_cast<Eigen::Index>(centers), static_cast<Eigen::Index>(d), seed);
  rows_matrix x =
      random_matrix<float>(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(d), seed + 1) *
      0.5F;
  const hint::random_stream random(seed, hint::stream_id("clustered_rows"));
  for (std::size_t i = 0; i < n; ++i)
    x.row(static_cast<Eigen::Index>(i)) +=
        middle.row(static_cast<Eigen::Index>(random.below(i, centers)));
  return x;
}

}  // namespace hint_tests

#endif
