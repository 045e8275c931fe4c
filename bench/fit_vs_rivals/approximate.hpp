// SPDX-License-Identifier: MIT
// Part `approximate`: neighbour graphs that are nearly exact against the exact one and against Faiss's inverted files
// (IVF) at the same recall.
#ifndef HINT_BENCH_FIT_VS_RIVALS_APPROXIMATE_HPP
#define HINT_BENCH_FIT_VS_RIVALS_APPROXIMATE_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/data/read.hpp>
#include <hint/graph/approximate_nearest.hpp>
#include <hint/graph/nearest.hpp>
#include <hint/linalg/reduce.hpp>

#include "setting.hpp"

#ifdef HINT_HAVE_FAISS
#include <faiss/IndexIVFFlat.h>
#endif

namespace fit_vs_rivals {

namespace approximate_part {

/// Fifty rows around each of n / 50 centres, with noise as large as the centres: neighbours are of the group, but no
/// coordinate tells them.
inline matrix grouped_rows(std::size_t n, std::size_t d, const hint::executor_ref& e) {
  matrix rows(static_cast<hint::linalg::index>(n), static_cast<hint::linalg::index>(d));
  const hint::random_stream random(seed, hint::stream_id("grouped rows"));
  hint::for_chunks(e, n, 256, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const auto centre = random.fork(0).fork(random.fork(1).below(i, n / 50));
      const auto noise = random.fork(2).fork(i);
      for (std::size_t j = 0; j < d; j += 4) {
        const auto a = centre.words(j), b = noise.words(j);
        for (std::size_t u = 0; u < 4 && j + u < d; ++u)
          rows(static_cast<hint::linalg::index>(i), static_cast<hint::linalg::index>(j + u)) =
              static_cast<float>(a[u]) * 0x1p-32F + static_cast<float>(b[u]) * 0x1p-32F - 1;
      }
    }
  });
  return rows;
}

/// Deep features of mirflickr20k's images, each several times with noise of half their deviation; none where
/// HINT_DATA lacks them.
inline matrix deep_rows(std::size_t n) {
  const char* root = std::getenv("HINT_DATA");
  const fs::path file = fs::path(root != nullptr ? root : "") / "mirflickr20k_deep" / "image.npy";
  if (root == nullptr || !fs::exists(file)) return {};
  const matrix real = dense_rows(hint::data::read(file));
  const double deviation =
      std::sqrt(static_cast<double>((real.rowwise() - real.colwise().mean()).squaredNorm()) /
                static_cast<double>(real.size()));
  matrix rows(static_cast<hint::linalg::index>(n), real.cols());
  const hint::random_stream random(seed, hint::stream_id("noise of deep rows"));
  for (hint::linalg::index i = 0; i < rows.rows(); ++i) {
    const auto noise = random.fork(static_cast<std::uint64_t>(i));
    for (hint::linalg::index j = 0; j < rows.cols(); ++j)
      rows(i, j) = real(i % real.rows(), j) +
                   static_cast<float>(std::sqrt(3.0) * deviation *
                                      (noise.uniform(static_cast<std::uint64_t>(j)) - 0.5));
  }
  return rows;
}

using neighbor_ids = std::vector<std::int64_t>;  // k for each row

/// The share of exact neighbours found; what a rival finds may hold the row itself.
inline double recall(const hint::graph::neighbor_lists& exact, const neighbor_ids& found,
                     std::size_t k) {
  std::size_t hits = 0, all = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    const auto* const mine = found.data() + i * k;
    const std::set<std::int64_t> ids(mine, mine + k);
    for (const hint::graph::near_row& r : exact[i]) hits += ids.count(r.row);
    all += exact[i].size();
  }
  return static_cast<double>(hits) / static_cast<double>(all);
}
inline double recall(const hint::graph::neighbor_lists& exact,
                     const hint::graph::neighbor_lists& found) {
  neighbor_ids ids;
  for (std::size_t i = 0; i < found.size(); ++i)
    for (std::size_t r = 0; r < found.length(); ++r)
      ids.push_back(r < found[i].size() ? static_cast<std::int64_t>(found[i][r].row) : -1);
  return recall(exact, ids, found.length());
}

/// Faiss's inverted file over about 4 sqrt(n) cells, of which as few are searched as reach a recall.
struct inverted_file {
  double seconds = 0, recall = 0;
  std::size_t probes = 0;
};
#ifdef HINT_HAVE_FAISS
inline inverted_file ivf(const matrix& rows, const hint::graph::neighbor_lists& exact,
                         std::size_t k, double wanted) {
  omp_set_num_threads(2);
  openblas_set_num_threads(2);
  faiss::IndexFlatIP cells(rows.cols());
  const auto n = static_cast<std::size_t>(rows.rows());
  const auto count =  // and 39 rows to learn a cell from, else Faiss complains
      (std::min)(static_cast<std::size_t>(4 * std::sqrt(static_cast<double>(n))), n / 39);
  faiss::IndexIVFFlat index(&cells, static_cast<std::size_t>(rows.cols()), count,
                            faiss::METRIC_INNER_PRODUCT);
  inverted_file out;
  const double built = bench::seconds_of([&] {
    index.train(rows.rows(), rows.data());
    index.add(rows.rows(), rows.data());
  });
  std::vector<float> scores(static_cast<std::size_t>(rows.rows()) * (k + 1));
  neighbor_ids ids(scores.size());
  for (out.probes = 1; out.probes <= 64; out.probes *= 2) {
    index.nprobe = out.probes;
    out.seconds = built + bench::seconds_of([&] {
                    index.search(rows.rows(), rows.data(), static_cast<std::int64_t>(k + 1),
                                 scores.data(), ids.data());
                  });
    out.recall = recall(exact, ids, k + 1);
    if (out.recall >= wanted) break;
  }
  return out;
}
#endif

inline void compare(const setting& s, const std::string& name, matrix rows, std::size_t k,
                    bool with_rival) {
  hint::linalg::normalize_rows<float>(rows);  // Faiss knows products, which are then cosines
  const hint::data::block block = hint::data::block::borrow(rows);
  hint::graph::neighbor_lists exact;
  hint::graph::approximate_lists found;
  const auto seconds = bench::medians_in_turns(
      {[&] {
         return bench::seconds_of([&] {
           found =
               hint::graph::approximate_nearest(block, k, hint::graph::metric::cosine, {}, s.two);
         });
       },
       [&] {
         return bench::seconds_of(
             [&] { exact = hint::graph::nearest(block, k, hint::graph::metric::cosine, s.two); });
       }},
      {1, 1, 1});
  const double share = recall(exact, found.lists);
  std::printf("  %-16s %8.2f s, recall %.3f (said %.3f), %zu trees; exact %8.2f s\n", name.c_str(),
              seconds[0], share, found.recall, found.trees, seconds[1]);
  std::fflush(stdout);
  s.out.ratio("approximate_" + name + "_vs_exact", seconds[0], seconds[1], s.quick ? 1 : 2);
  s.out.figure_at_least("approximate_" + name + "_recall", share, 0.95);
  s.out.figure_within("approximate_" + name + "_recall_error", found.recall - share, -0.02, 0.02);
  if (!with_rival) return;
#ifdef HINT_HAVE_FAISS
  const inverted_file rival = ivf(rows, exact, k, share - 0.01);
  std::printf("  %-16s %8.2f s, recall %.3f, %zu cells searched: Faiss %s IVF\n", "", rival.seconds,
              rival.recall, rival.probes, linked_faiss::version().c_str());
  s.out.ratio("approximate_" + name + "_vs_faiss_ivf", seconds[0], rival.seconds, 1);
#else
  s.out.missing("approximate_" + name + "_vs_faiss_ivf: no Faiss to link");
#endif
}

}  // namespace approximate_part

inline void approximate(const setting& s) {
  std::puts("\nApproximate neighbour graphs, k = 10, cosine, two threads");
  const std::size_t n = s.quick ? 20'000 : 100'000;
  const std::string size = s.quick ? "2e4" : "1e5";
  approximate_part::compare(s, "groups_" + size + "x512",
                            approximate_part::grouped_rows(n, 512, s.two.executor), 10, true);
  if (s.quick) return;
  matrix deep = approximate_part::deep_rows(n / 2);
  if (deep.size() > 0)
    approximate_part::compare(s, "deep_5e4x1280", std::move(deep), 10, true);
  else
    s.out.missing("approximate_deep_5e4x1280: no mirflickr20k_deep in $HINT_DATA");
}

}  // namespace fit_vs_rivals

#endif
