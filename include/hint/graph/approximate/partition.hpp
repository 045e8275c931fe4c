// SPDX-License-Identifier: MIT
/// \file
/// Random trees that divide rows into leaves of rows that are near each other.
#ifndef HINT_GRAPH_APPROXIMATE_PARTITION_HPP
#define HINT_GRAPH_APPROXIMATE_PARTITION_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/executor.hpp>
#include <hint/core/normal.hpp>
#include <hint/core/random.hpp>
#include <hint/core/until_stopped.hpp>
#include <hint/data/block.hpp>
#include <hint/graph/approximate/compared_rows.hpp>
#include <hint/linalg/elementwise.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>
#include <hint/linalg/reduce.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace graph {
namespace detail {

/// Columns orthonormal (Gram and Schmidt, twice, in double); those that are combinations of others become 0.
inline void orthonormalize(linalg::matrix<float>& q) {
  linalg::matrix<double> x = q.cast<double>().transpose();  // rows, for their places in memory
  const auto product = [&](linalg::index a, linalg::index b) {
    double sum = 0;
    for (linalg::index j = 0; j < x.cols(); ++j) sum += x(a, j) * x(b, j);
    return sum;
  };
  for (linalg::index i = 0; i < x.rows(); ++i) {
    const double before = product(i, i);
    for (int pass = 0; pass < 2; ++pass)
      for (linalg::index k = 0; k < i; ++k) {
        const double along = product(i, k);
        for (linalg::index j = 0; j < x.cols(); ++j) x(i, j) -= along * x(k, j);
      }
    const double square = product(i, i);
    const double scale = square > 1e-12 * before && square > 0 ? 1 / std::sqrt(square) : 0;
    for (linalg::index j = 0; j < x.cols(); ++j) x(i, j) *= scale;
  }
  q = x.transpose().cast<float>();
}

/// Every row in the few directions in which a sample of rows differs most (subspace iteration: Halko,
/// Martinsson and Tropp, "Finding structure with randomness", SIAM Review 2011). O(n d width) time, O(n width)
/// memory. Asked to stop, the last rows are 0.
HINT_LAZY
[[nodiscard]] linalg::matrix<float> sketch(const compared_rows<>& rows, std::size_t width,
                                           const context& ctx) {
  const std::size_t n = rows.rows(), d = rows.cols();
  width = (std::min)(width, d);
  const auto w = static_cast<linalg::index>(width);
  const random_stream random = ctx.random("approximate neighbours, sketch");
  std::vector<data::row_id> some((std::min<std::size_t>)(n, 1024));
  for (std::size_t s = 0; s < some.size(); ++s)
    some[s] = static_cast<data::row_id>(random.fork(0).below(s, n));
  row_tile sample;
  rows.fetch(some, sample);
  linalg::matrix<float> basis(static_cast<linalg::index>(d), w), along(sample.z.rows(), w);
  const random_stream directions = random.fork(1);
  for (linalg::index i = 0; i < basis.size(); ++i)
    basis.data()[i] = static_cast<float>(normal(directions, static_cast<std::uint64_t>(i)));
  for (int pass = 0; pass < 3 && !ctx.observer.stop_requested(); ++pass) {
    orthonormalize(basis);
    linalg::multiply<float>(sample.z, basis, along, ctx.executor);
    linalg::transposed_multiply<float>(sample.z, along, basis, ctx.executor);
  }
  orthonormalize(basis);
  linalg::matrix<float> out(static_cast<linalg::index>(n), w);
  if (ctx.observer.may_stop()) out.setZero();
  for_chunks_until_stopped(ctx, n, 256, [&](std::size_t begin, std::size_t end) {
    std::vector<data::row_id> ids(end - begin);
    std::iota(ids.begin(), ids.end(), static_cast<data::row_id>(begin));
    row_tile tile;
    rows.fetch(ids, tile);
    linalg::multiply<float>(
        tile.z, basis,
        out.middleRows(static_cast<linalg::index>(begin), static_cast<linalg::index>(end - begin)));
  });
  return out;
}

/// Rows in an order in which each leaf is a range.
struct partition {
  std::vector<data::row_id> order;
  std::vector<std::size_t> bounds;  ///< leaf l is order[bounds[l]] .. order[bounds[l + 1] - 1]
  [[nodiscard]] std::size_t leaves() const noexcept { return bounds.size() - 1; }
  [[nodiscard]] std::span<const data::row_id> leaf(std::size_t l) const noexcept {
    return std::span(order).subspan(bounds[l], bounds[l + 1] - bounds[l]);
  }
};

/// Where to cut a set of rows: across the line between the means of two parts of a sample (two rows of it,
/// moved by three steps of Lloyd).
HINT_LAZY
[[nodiscard]] std::vector<float> cut_direction(const linalg::matrix<float>& x,
                                               std::span<const data::row_id> rows,
                                               const random_stream& random) {
  const auto width = static_cast<std::size_t>(x.cols());
  const auto at = [&](std::size_t i) {
    return linalg::row_span<float>(linalg::matrix_view<float>(x), static_cast<linalg::index>(i));
  };
  const std::size_t count = (std::min<std::size_t>)(rows.size(), 128);
  std::vector<data::row_id> sample(count);
  for (std::size_t s = 0; s < count; ++s) sample[s] = rows[random.below(s, rows.size())];
  std::array<std::vector<float>, 2> means;
  for (std::size_t c = 0; c < 2; ++c) means[c].assign(at(sample[c]).begin(), at(sample[c]).end());
  for (int step = 0; step < 3; ++step) {
    std::array<std::vector<float>, 2> sums{std::vector<float>(width), std::vector<float>(width)};
    std::array<float, 2> counts{};
    for (const data::row_id r : sample) {
      float nearer = 0;
      for (std::size_t j = 0; j < width; ++j) {
        const float a = at(r)[j] - means[0][j], b = at(r)[j] - means[1][j];
        nearer += a * a - b * b;
      }
      const std::size_t c = nearer > 0 ? 1 : 0;
      for (std::size_t j = 0; j < width; ++j) sums[c][j] += at(r)[j];
      ++counts[c];
    }
    if (!(counts[0] > 0 && counts[1] > 0)) break;
    for (std::size_t c = 0; c < 2; ++c)
      for (std::size_t j = 0; j < width; ++j) means[c][j] = sums[c][j] / counts[c];
  }
  for (std::size_t j = 0; j < width; ++j) means[1][j] -= means[0][j];
  return means[1];
}

/// Divides rows `all` in halves, and these again, until none has more than `most`: a tree of cuts at the
/// median along `cut_direction`s (after Dasgupta and Freund, "Random projection trees and low dimensional
/// manifolds", STOC 2008). Leaves differ by one row at most; row numbers decide between rows that are alike.
/// O(n width log n). Asked to stop, it has larger leaves.
HINT_LAZY
[[nodiscard]] partition random_partition(const linalg::matrix<float>& x,
                                         std::span<const data::row_id> all, std::size_t most,
                                         const random_stream& random, const context& ctx) {
  partition p{{all.begin(), all.end()}, {0, all.size()}};
  std::vector<std::pair<float, data::row_id>> places(all.size());
  for (std::size_t level = 0; all.size() > most << level; ++level) {
    const std::size_t nodes = p.leaves();
    std::vector<std::vector<float>> directions(nodes);
    for_chunks(ctx.executor, nodes, 64, [&](std::size_t begin, std::size_t end) {
      for (std::size_t l = begin; l < end; ++l)
        directions[l] = cut_direction(x, p.leaf(l), random.fork(nodes + l));
    });
    const std::size_t done =
        for_chunks_until_stopped(ctx, all.size(), 4096, [&](std::size_t begin, std::size_t end) {
          auto l = static_cast<std::size_t>(
              std::upper_bound(p.bounds.begin(), p.bounds.end(), begin) - p.bounds.begin() - 1);
          for (std::size_t i = begin; i < end; ++i) {
            while (i >= p.bounds[l + 1]) ++l;
            const auto row = linalg::row_span<float>(linalg::matrix_view<float>(x),
                                                     static_cast<linalg::index>(p.order[i]));
            places[i] = {linalg::dot<float>(row, directions[l]), p.order[i]};
          }
        });
    if (done < all.size() || ctx.observer.stop_requested()) return p;
    std::vector<std::size_t> bounds(2 * nodes + 1);
    for (std::size_t l = 0; l <= nodes; ++l) bounds[2 * l] = p.bounds[l];
    for (std::size_t l = 0; l < nodes; ++l)
      bounds[2 * l + 1] = p.bounds[l] + (p.bounds[l + 1] - p.bounds[l]) / 2;
    for_chunks(ctx.executor, nodes, 1, [&](std::size_t l, std::size_t) {
      const auto place = [&](std::size_t i) {
        return places.begin() + static_cast<std::ptrdiff_t>(i);
      };
      std::nth_element(place(p.bounds[l]), place(bounds[2 * l + 1]), place(p.bounds[l + 1]));
      for (std::size_t i = p.bounds[l]; i < p.bounds[l + 1]; ++i) p.order[i] = places[i].second;
    });
    p.bounds = std::move(bounds);
  }
  return p;
}

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph::detail

#endif
