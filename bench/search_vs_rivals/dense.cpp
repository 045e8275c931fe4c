// SPDX-License-Identifier: MIT
#include "dense.hpp"

#include <Eigen/Core>

#ifdef HINT_HAVE_OPENBLAS
#include <cblas.h>
#endif

namespace search_vs_rivals {

namespace {

/// Few numbers pass the k-th best after the first some hundred, so this costs no more than reading
/// them.
void pick(const dense_rows& data, std::size_t k, dense_hit* best) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < data.rows; ++i) {
    const float score = data.scores[i];
    if (kept == k && !(score > best[k - 1].score)) continue;
    std::size_t at = kept < k ? kept++ : k - 1;
    for (; at > 0 && best[at - 1].score < score; --at) best[at] = best[at - 1];
    best[at] = {score, static_cast<std::uint32_t>(i)};
  }
}

}  // namespace

void dense_scan_eigen(const dense_rows& data, const float* query, std::size_t k, dense_hit* best) {
  using matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto rows = static_cast<Eigen::Index>(data.rows);
  const auto dimensions = static_cast<Eigen::Index>(data.dimensions);
  Eigen::Map<Eigen::VectorXf>(data.scores, rows).noalias() =
      Eigen::Map<const matrix>(data.values, rows, dimensions) *
      Eigen::Map<const Eigen::VectorXf>(query, dimensions);
  pick(data, k, best);
}

#ifdef HINT_HAVE_OPENBLAS

void dense_scan_blas(const dense_rows& data, const float* query, std::size_t k, dense_hit* best) {
  const auto rows = static_cast<blasint>(data.rows);
  const auto dimensions = static_cast<blasint>(data.dimensions);
  openblas_set_num_threads(1);
  cblas_sgemv(CblasRowMajor, CblasNoTrans, rows, dimensions, 1, data.values, dimensions, query, 1,
              0, data.scores, 1);
  pick(data, k, best);
}
bool has_blas() { return true; }
const char* blas_name() { return openblas_get_config(); }

#else

void dense_scan_blas(const dense_rows&, const float*, std::size_t, dense_hit*) {}
bool has_blas() { return false; }
const char* blas_name() { return "none"; }

#endif

#define HINT_BENCH_TEXT_(x) #x
#define HINT_BENCH_TEXT(x) HINT_BENCH_TEXT_(x)

const char* eigen_name() {
  return "Eigen " HINT_BENCH_TEXT(EIGEN_WORLD_VERSION) "." HINT_BENCH_TEXT(
      EIGEN_MAJOR_VERSION) "." HINT_BENCH_TEXT(EIGEN_MINOR_VERSION)
#if defined(__AVX512F__)
      " with AVX-512";
#elif defined(__AVX2__)
      " with AVX2";
#else
      "";
#endif
}

}  // namespace search_vs_rivals
