// SPDX-License-Identifier: MIT
// The Faiss that this program is linked with, Debian's: its exact search by inner product.
#ifndef HINT_BENCH_FIT_VS_RIVALS_FAISS_LINKED_HPP
#define HINT_BENCH_FIT_VS_RIVALS_FAISS_LINKED_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <hint/linalg/matrix.hpp>

#include "../support/measure.hpp"

#ifdef HINT_HAVE_FAISS
#include <faiss/IndexFlat.h>

extern "C" void omp_set_num_threads(int);  // <omp.h> may be missing where Faiss is not
extern "C" void openblas_set_num_threads(int);
#endif

namespace fit_vs_rivals {

#ifdef HINT_HAVE_FAISS

class linked_faiss {
 public:
  static constexpr bool available = true;
  static std::string version() {
    return std::to_string(FAISS_VERSION_MAJOR) + "." + std::to_string(FAISS_VERSION_MINOR) + "." +
           std::to_string(FAISS_VERSION_PATCH);
  }

  /// Seconds of an exact search for the k rows of the highest inner product with each row, itself among them:
  /// adding the rows and searching. What it finds stays in `ids`, k for each row.
  double knn(const hint::linalg::matrix<float>& rows, std::size_t k, int threads) {
    omp_set_num_threads(threads);
    openblas_set_num_threads(threads);
    const auto n = static_cast<std::size_t>(rows.rows());
    scores.assign(n * k, 0);
    ids.assign(n * k, -1);
    return bench::seconds_of([&] {
      faiss::IndexFlatIP index(rows.cols());
      index.add(rows.rows(), rows.data());
      index.search(rows.rows(), rows.data(), static_cast<std::int64_t>(k), scores.data(),
                   ids.data());
    });
  }

  std::vector<float> scores;
  std::vector<faiss::Index::idx_t> ids;
};

#else

class linked_faiss {
 public:
  static constexpr bool available = false;
  static std::string version() { return "none"; }
  double knn(const hint::linalg::matrix<float>&, std::size_t, int) { return 0; }

  std::vector<float> scores;
  std::vector<std::int64_t> ids;
};

#endif

}  // namespace fit_vs_rivals

#endif
