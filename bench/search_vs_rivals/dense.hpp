// SPDX-License-Identifier: MIT
// Dense vectors, searched by inner product on one thread: what the paper's Table 4 compares codes
// with.
//
// dense.cpp is compiled for this machine, unlike the rest, so nothing that both sides might
// instantiate (the linker would keep either) passes between them: pointers and numbers only.
#ifndef HINT_BENCH_SEARCH_VS_RIVALS_DENSE_HPP
#define HINT_BENCH_SEARCH_VS_RIVALS_DENSE_HPP

#include <cstddef>
#include <cstdint>

namespace search_vs_rivals {

struct dense_hit {
  float score;
  std::uint32_t row;
};

/// `rows` x `dimensions` numbers, row by row, and room for as many scores as there are rows.
struct dense_rows {
  const float* values;
  std::size_t rows;
  std::size_t dimensions;
  float* scores;
};

/// The k rows of the highest inner products, the highest first; k <= rows.
void dense_scan_eigen(const dense_rows& data, const float* query, std::size_t k, dense_hit* best);
/// The same by sgemv, if there is a BLAS.
void dense_scan_blas(const dense_rows& data, const float* query, std::size_t k, dense_hit* best);

[[nodiscard]] bool has_blas();
[[nodiscard]] const char* blas_name();
[[nodiscard]] const char* eigen_name();

}  // namespace search_vs_rivals

#endif
