// SPDX-License-Identifier: MIT
// The exact neighbours of all rows among themselves: dense ones against the Faiss that is linked and the newest one,
// sparse ones against our own search of dense ones.
#ifndef HINT_BENCH_FIT_VS_RIVALS_KNN_HPP
#define HINT_BENCH_FIT_VS_RIVALS_KNN_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <numeric>
#include <string>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/data/block.hpp>
#include <hint/data/compact.hpp>
#include <hint/data/read.hpp>
#include <hint/graph/nearest.hpp>
#include <hint/graph/nearest/distance.hpp>
#include <hint/graph/neighbor_lists.hpp>

#include "setting.hpp"

namespace fit_vs_rivals {

namespace detail {

inline constexpr std::size_t neighbors = 10;

/// Throws `error` unless the rows that a rival found, itself among them, are our neighbours, but for those whose inner
/// products are equal within what the rival's floats round. Returns how many of these there are.
template <class Id>
std::size_t check_neighbors(const std::string& rival, const matrix& rows,
                            const hint::graph::neighbor_lists& ours,
                            const std::vector<Id>& theirs) {
  const auto row = [&](std::size_t i) -> Eigen::RowVectorXd {
    return rows.row(static_cast<hint::linalg::index>(i)).cast<double>();
  };
  std::size_t rounded = 0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    std::size_t rank = 0;
    for (std::size_t c = 0; c <= neighbors && rank < neighbors; ++c) {
      const auto id = static_cast<std::size_t>(theirs[i * (neighbors + 1) + c]);
      if (id == i) continue;
      const hint::graph::near_row mine = ours[i][rank++];
      if (mine.row == id) continue;
      const double score = row(i).dot(row(id));
      const double length = row(i).norm() * row(id).norm();
      hint::expects<hint::error>(
          std::abs(score + static_cast<double>(mine.distance)) <= 1e-5 * length, rival,
          " finds row ", id, " for row ", i, ", not row ", mine.row);
      ++rounded;
    }
  }
  return rounded;
}

inline void knn_dense(const setting& s, std::size_t n, std::size_t d, const std::string& name,
                      bool one_thread = false) {
  const matrix rows = clustered_rows(n, d, name);
  const hint::data::block block = hint::data::block::borrow(rows);
  linked_faiss linked;
  hint::graph::neighbor_lists lists;
  const auto ours = [&](const hint::context& ctx) {
    return bench::seconds_of(
        [&] { lists = hint::graph::nearest(block, neighbors, hint::graph::metric::dot, ctx); });
  };
  ours(s.two);
  std::size_t rounded = 0;
  std::vector<bench::stopwatch> programs{[&] { return ours(s.two); }};
  if (one_thread) programs.emplace_back([&] { return ours(s.one); });
  if (linked_faiss::available) {
    linked.knn(rows, neighbors + 1, 2);
    rounded += check_neighbors("Faiss " + linked_faiss::version(), rows, lists, linked.ids);
    programs.emplace_back([&] { return linked.knn(rows, neighbors + 1, 2); });
  } else {
    s.out.missing("knn_" + name + "_vs_faiss: no Faiss is linked");
  }
  if (s.faiss != nullptr) {
    s.faiss->rows(rows);
    s.faiss->knn(neighbors + 1, 2);
    rounded += check_neighbors(s.faiss->name(), rows, lists, s.faiss->neighbors());
    programs.emplace_back([&] { return s.faiss->knn(neighbors + 1, 2); });
  } else {
    s.out.missing("knn_" + name + "_vs_newest_faiss: no Faiss in Python");
  }
  const std::vector<double> times =
      bench::medians_in_turns(programs, s.quick ? bench::repeats{2, 9, 1} : s.repeats);
  std::printf("%-10s %8.3f s", name.c_str(), times[0]);
  std::size_t next = 1;
  if (one_thread) {
    std::printf("   one thread %8.3f s", times[next]);
    s.out.ratio("knn_" + name + "_two_threads_vs_one", times[0], times[next++], 1.6);
  }
  if (linked_faiss::available) {
    std::printf("   Faiss %s %8.3f s", linked_faiss::version().c_str(), times[next]);
    s.out.ratio("knn_" + name + "_vs_faiss", times[0], times[next++], 1.5);
  }
  if (s.faiss != nullptr) {
    std::printf("   newest %8.3f s", times[next]);
    s.out.ratio("knn_" + name + "_vs_newest_faiss", times[0], times[next], 1.2);
  }
  std::printf("   equal but for %zu of %zu, which floats round\n", rounded, 2 * n * neighbors);
  std::fflush(stdout);
}

/// Texts as they are stored, dense: noticed to be sparse, and as dense rows.
inline void knn_text(const setting& s) {
  const hint::data::block file = hint::data::read(mirflickr20k(s.folder) / "text.npy");
  std::vector<hint::data::row_id> all(std::min<std::size_t>(file.rows(), 10'000));
  std::iota(all.begin(), all.end(), 0U);
  const hint::data::block text(dense_rows(file(all)));
  const auto how = hint::graph::metric::cosine;
  hint::graph::neighbor_lists sparse, dense;
  const auto by_column = [&] { sparse = hint::graph::nearest(text, neighbors, how, s.two); };
  const auto by_product = [&] {
    dense = hint::graph::neighbor_lists(all.size(), neighbors);
    hint::graph::nearest_among(text, all, all, hint::graph::detail::squared_norms(text, s.two),
                               neighbors, how, dense, s.two);
  };
  by_column();
  by_product();
  for (const auto i : all)
    hint::expects<hint::error>(
        std::equal(sparse[i].begin(), sparse[i].end(), dense[i].begin(), dense[i].end()),
        "texts: the lists of row ", i, " differ");
  const bench::duel times = bench::timed_in_turns(by_column, by_product, s.repeats);
  std::printf("text       %8.3f s   as dense rows %8.3f s   (%zu x %zu)\n", times.ours, times.rival,
              text.rows(), text.cols());
  s.out.ratio("knn_text_sparse_vs_dense", times.ours, times.rival, 10);
}

}  // namespace detail

inline void knn(const setting& s) {
  std::puts("\nExact neighbours of all rows by inner product, k = 10, two threads");
  detail::knn_dense(s, 10'000, 512, "1e4x512", true);
  detail::knn_dense(s, 20'000, 512, "2e4x512");
  detail::knn_dense(s, 10'000, 4096, "1e4x4096");
  detail::knn_text(s);
}

}  // namespace fit_vs_rivals

#endif
