// SPDX-License-Identifier: MIT
// The graphs of tree_vs_rivals: edge lists and features from the data folder, and synthetic graphs
// of any size.
#ifndef HINT_BENCH_TREE_VS_RIVALS_GRAPHS_HPP
#define HINT_BENCH_TREE_VS_RIVALS_GRAPHS_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <hint/hint.hpp>

namespace tree_vs_rivals {

namespace fs = std::filesystem;

struct named_graph {
  std::string name;
  hint::relation_graph graph;
};

struct point {
  double x, y;
};

/// Points in buckets of a square grid, for exact nearest neighbours. A query is O(1) where points
/// are about as dense as on average.
class point_grid {
 public:
  explicit point_grid(const std::vector<point>& points)
      : side_(static_cast<std::ptrdiff_t>(
            std::ceil(std::sqrt(static_cast<double>(points.size()) / 2)))),
        begin_(static_cast<std::size_t>(side_ * side_) + 1),
        points_(points.size()),
        ids_(points.size()) {
    for (const point& p : points) ++begin_[bucket(p) + 1];
    for (std::size_t i = 1; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
    auto next = begin_;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const std::size_t place = next[bucket(points[i])]++;
      points_[place] = points[i];
      ids_[place] = static_cast<hint::node_id>(i);
    }
  }

  /// f(id, neighbour) for the three nearest other points of each point, ties to the lower number.
  template <class F>
  void three_nearest(F&& f) const {
    for (std::size_t i = 0; i < points_.size(); ++i) {
      nearest_list best;
      best.fill({std::numeric_limits<double>::infinity(), hint::tree::no_node});
      // What lies beyond ring r is further away than r buckets are wide, also for points outside
      // the square, which live in the nearest bucket: that step takes no two points apart.
      const double width = 1 / static_cast<double>(side_);
      for (std::ptrdiff_t r = 0; r <= side_; ++r) {
        search_ring(i, r, best);
        const double safe = static_cast<double>(r) * width;
        if (best.back().first <= safe * safe) break;
      }
      for (const auto& [distance, id] : best)
        if (id != hint::tree::no_node) f(ids_[i], id);
    }
  }

 private:
  using nearest_list = std::array<std::pair<double, hint::node_id>, 3>;

  [[nodiscard]] std::ptrdiff_t line(double v) const {
    return std::clamp<std::ptrdiff_t>(
        static_cast<std::ptrdiff_t>(std::floor(v * static_cast<double>(side_))), 0, side_ - 1);
  }
  [[nodiscard]] std::size_t bucket(const point& p) const {
    return static_cast<std::size_t>(line(p.y) * side_ + line(p.x));
  }
  void search_ring(std::size_t i, std::ptrdiff_t r, nearest_list& best) const {
    const std::ptrdiff_t x0 = line(points_[i].x);
    const std::ptrdiff_t y0 = line(points_[i].y);
    for (std::ptrdiff_t y = (std::max<std::ptrdiff_t>)(y0 - r, 0);
         y <= (std::min)(y0 + r, side_ - 1); ++y) {
      const bool whole = y == y0 - r || y == y0 + r;  // the others have two buckets in the ring
      for (std::ptrdiff_t x = x0 - r; x <= x0 + r; x += whole || r == 0 ? 1 : 2 * r)
        if (x >= 0 && x < side_) search_bucket(static_cast<std::size_t>(y * side_ + x), i, best);
    }
  }
  void search_bucket(std::size_t b, std::size_t i, nearest_list& best) const {
    for (std::size_t j = begin_[b]; j < begin_[b + 1]; ++j) {
      if (j == i) continue;
      const double dx = points_[j].x - points_[i].x;
      const double dy = points_[j].y - points_[i].y;
      const std::pair found(dx * dx + dy * dy, ids_[j]);
      if (!(found < best.back())) continue;
      best.back() = found;
      for (std::size_t k = best.size() - 1; k > 0 && best[k] < best[k - 1]; --k)
        std::swap(best[k], best[k - 1]);
    }
  }

  std::ptrdiff_t side_;
  std::vector<std::size_t> begin_;
  std::vector<point> points_;
  std::vector<hint::node_id> ids_;
};

/// Two modalities of `nodes / 2` points in the plane each, around centres of their own (one for a
/// hundred pairs, overlapping with their neighbours); the three nearest neighbours within each
/// modality and the pairs, all with weight 1. The same on every run.
inline hint::relation_graph synthetic_graph(std::size_t nodes) {
  const auto pairs = static_cast<hint::node_id>(nodes / 2);
  const std::size_t clusters = (std::max<std::size_t>)(pairs / 100, 1);
  const double spread = 0.35 / std::sqrt(static_cast<double>(clusters));
  const hint::random_stream choice(2026, hint::stream_id("cluster"));
  std::vector<hint::weighted_edge> edges;
  edges.reserve(std::size_t{7} * pairs);
  for (hint::node_id first = 0; first < 2 * pairs; first += pairs) {
    const hint::random_stream random(2026, hint::stream_id(first == 0 ? "image" : "text"));
    const hint::random_stream centre = random.fork(0);
    const hint::random_stream noise = random.fork(1);
    std::vector<point> points(pairs);
    for (std::size_t i = 0; i < pairs; ++i) {
      const std::uint64_t c = choice.below(i, clusters);
      points[i] = {centre.uniform(2 * c) + spread * hint::normal(noise, 2 * i),
                   centre.uniform(2 * c + 1) + spread * hint::normal(noise, 2 * i + 1)};
    }
    point_grid(points).three_nearest(
        [&](hint::node_id a, hint::node_id b) { edges.push_back({first + a, first + b, 1}); });
  }
  for (hint::node_id i = 0; i < pairs; ++i) edges.push_back({i, pairs + i, 1});
  const std::size_t all = std::size_t{2} * pairs;
  std::vector<std::uint8_t> groups(all);
  std::fill(groups.begin() + pairs, groups.end(), std::uint8_t{1});
  return hint::relation_graph::from_edges(all, edges, hint::duplicate_edges::largest,
                                          std::move(groups));
}

/// A `.npy` file of undirected edges, E x 2.
inline hint::relation_graph read_edges(const fs::path& file) {
  const auto list = hint::io::read_npy<std::uint32_t>(file);
  hint::expects<hint::format_error>(list.cols() == 2, file.string(), ": ", list.cols(),
                                    " columns, expected the 2 ends of an edge");
  std::vector<hint::weighted_edge> edges(list.rows());
  std::size_t nodes = 0;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    edges[i] = {list.values[2 * i], list.values[2 * i + 1], 1};
    nodes = (std::max)(nodes, std::size_t{1} + (std::max)(edges[i].a, edges[i].b));
  }
  return hint::relation_graph::from_edges(nodes, edges);
}

/// The paper's graph over the training pairs of a folder of features.
inline hint::relation_graph read_features(const fs::path& folder) {
  hint::thread_pool pool;
  const hint::graph::knn builder{{.neighbors = 3, .pair_weight = 1}};
  return builder(hint::data::read_set(folder).train(), hint::context{pool});
}

/// The graph gN with N pairs, or a synthetic one of that size under another name.
inline named_graph pairs_graph(const fs::path& data, std::size_t pairs) {
  const std::string size = std::to_string(pairs);
  const fs::path file = data / "graphs" / ("g" + size + ".npy");
  if (!data.empty() && fs::exists(file)) return {"g" + size, read_edges(file)};
  std::printf("no graphs/g%s.npy: a synthetic graph takes its place\n", size.c_str());
  return {"synthetic" + size, synthetic_graph(2 * pairs)};
}

/// The graph of mirflickr20k; without nodes where its folder is missing.
inline named_graph mirflickr_graph(const fs::path& data) {
  const fs::path folder = data / "mirflickr20k";
  if (!data.empty() && fs::exists(folder / "split.npy"))
    return {"gmirflickr", read_features(folder)};
  std::puts("no mirflickr20k: its graph is left out");
  return {};
}

}  // namespace tree_vs_rivals

#endif
