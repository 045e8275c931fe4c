// SPDX-License-Identifier: MIT
/// \file
/// What an approximate search compares: rows of one block by a metric, or of two by both cosines, fetched tile
/// by tile, so that there never is a copy of all.
#ifndef HINT_GRAPH_APPROXIMATE_COMPARED_ROWS_HPP
#define HINT_GRAPH_APPROXIMATE_COMPARED_ROWS_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/finite.hpp>
#include <hint/core/prefetch.hpp>
#include <hint/data/block.hpp>
#include <hint/data/check_finite.hpp>
#include <hint/graph/nearest/distance.hpp>
#include <hint/linalg/elementwise.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/reduce.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace graph {
namespace detail {

/// Some rows as they are multiplied, z = factor x - center, one after the other. The score of two, which grows
/// with their distance, is offset_i + offset_j - <z_i, z_j>: 1 - cos, half a squared distance in units, or a
/// negative product in squared units; of L1, which has no products, |z_i - z_j|.
struct row_tile {
  linalg::matrix<float> z;
  std::vector<float> offset;
};

template <class = void>  // as HINT_LAZY
class compared_rows {
 public:
  /// One block. Throws `invalid_argument`, naming `name`, for NaN or infinity.
  compared_rows(const data::block& rows, metric how, const char* name, const context& ctx)
      : parts_{part{rows, squared_norms(rows, ctx), {}, 1}}, how_(how) {
    check_finite(name, ctx);
    double most = 0;
    for (const double s : parts_[0].squares) most = (std::max)(most, s);
    if (how != metric::cosine && most > 0)
      unit_ = std::ldexp(1.0, -std::ilogb(std::sqrt(most)));  // so that squares stay floats
    for (const double s : parts_[0].squares)
      parts_[0].factors.push_back(how != metric::cosine ? unit_ : s > 0 ? 1 / std::sqrt(s) : 0);
    find_center();
  }
  /// Two, by g cos_image + (1 - g) cos_text, negated: products of both, each row divided by its length.
  compared_rows(const std::array<data::block, 2>& rows, double image_weight, const char* name,
                const context& ctx)
      : parts_{part{rows[0], squared_norms(rows[0], ctx), {}, image_weight},
               part{rows[1], squared_norms(rows[1], ctx), {}, 1 - image_weight}},
        how_(metric::dot) {
    check_finite(name, ctx);
    for (part& p : parts_)
      for (const double s : p.squares) p.factors.push_back(s > 0 ? std::sqrt(p.weight / s) : 0);
    find_center();
  }

  [[nodiscard]] std::size_t rows() const noexcept { return parts_[0].rows.rows(); }
  [[nodiscard]] std::size_t cols() const noexcept {
    std::size_t all = 0;
    for (const part& p : parts_) all += p.rows.cols();
    return all;
  }
  [[nodiscard]] metric how() const noexcept { return how_; }
  /// Whether a row has a distance to others at all.
  [[nodiscard]] bool usable(std::size_t row) const noexcept {
    return how_ != metric::cosine || parts_[0].squares[row] > 0;
  }
  /// Whether some rows are nearer to all others by being longer.
  [[nodiscard]] bool lengths_count() const noexcept {
    return how_ == metric::dot && parts_.size() == 1;
  }
  [[nodiscard]] double square(std::size_t row) const noexcept { return parts_[0].squares[row]; }

  /// `out` = rows `ids`. A row is the same wherever it stands.
  void fetch(std::span<const data::row_id> ids, row_tile& out, const executor_ref& e = {}) const {
    out.z.resize(static_cast<linalg::index>(ids.size()), static_cast<linalg::index>(cols()));
    out.offset.resize(ids.size());
    for_chunks(e, ids.size(), 64, [&](std::size_t begin, std::size_t end) {
      fetch(ids.subspan(begin, end - begin),
            out.z.middleRows(static_cast<linalg::index>(begin),
                             static_cast<linalg::index>(end - begin)),
            std::span(out.offset).subspan(begin, end - begin));
    });
  }

 private:
  void fetch(std::span<const data::row_id> ids, linalg::matrix_ref<float> z,
             std::span<float> offset) const {
    linalg::index first = 0;
    for (const part& p : parts_) {
      const auto width = static_cast<linalg::index>(p.rows.cols());
      p.rows.gather(ids, z.middleCols(first, width));
      first += width;
    }
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const std::span<float> row = linalg::row_span<float>(z, static_cast<linalg::index>(i));
      std::size_t j = 0;
      for (const part& p : parts_) {
        const double factor = p.factors[ids[i]];
        for (const std::size_t end = j + p.rows.cols(); j < end; ++j)
          row[j] = static_cast<float>(factor * static_cast<double>(row[j]) - center_[j]);
      }
      const dense_pair both{row, how_ == metric::dot ? std::span<const float>(float_center_) : row};
      const double product = both.sum([](double x, double y) { return x * y; });
      offset[i] =
          static_cast<float>(how_ == metric::dot ? -product - center_square_ / 2 : product / 2);
    }
  }

 public:
  /// Memory for `distance` and `score`: one for each thread.
  using scratch = std::array<std::vector<float>, 2>;
  /// As `nearest` has it.
  [[nodiscard]] double distance(std::size_t i, std::size_t j, scratch& s) const {
    if (parts_.size() == 1) {
      const part& p = parts_[0];
      dense_pair pair{p.row(i, s[0]), p.row(j, s[1])};
      return graph::detail::distance(how_, pair, p.squares[i], p.squares[j], pair.a.size());
    }
    double sum = 0;
    for (const part& p : parts_) {
      dense_pair pair{p.row(i, s[0]), p.row(j, s[1])};
      sum -= p.factors[i] * p.factors[j] * pair.sum([](double x, double y) { return x * y; });
    }
    return sum;
  }
  /// Within the rounding of floats, which there is no need to gather rows for.
  [[nodiscard]] float score(std::size_t i, std::size_t j, scratch& s) const {
    float sum = 0;
    for (const part& p : parts_) {
      const auto a = p.row(i, s[0]), b = p.row(j, s[1]);
      const linalg::batch<float> f(static_cast<float>(p.factors[i])),
          g(static_cast<float>(p.factors[j]));
      using linalg::detail::fold;
      if (how_ == metric::dot)
        sum -= fold<float>(
            a.size(),
            [&](const auto& all, const auto& x, const auto& y) { return fma(f * x, g * y, all); },
            a.data(), b.data());
      else if (how_ == metric::l1)
        sum += fold<float>(
            a.size(),
            [&](const auto& all, const auto& x, const auto& y) { return all + abs(f * x - g * y); },
            a.data(), b.data());
      else
        sum += fold<float>(
                   a.size(),
                   [&](const auto& all, const auto& x, const auto& y) {
                     const auto d = f * x - g * y;
                     return fma(d, d, all);
                   },
                   a.data(), b.data()) /
               2;
    }
    return sum;
  }
  /// Asks for a row that will be read soon.
  void prefetch(std::size_t row) const noexcept {
    for (const part& p : parts_)
      if (p.in_memory())
        for (std::size_t j = 0; j < p.rows.cols(); j += 16)
          hint::detail::prefetch(p.rows.stored(row).data() + j);
  }

 private:
  struct part {
    data::block rows;
    std::vector<double> squares, factors;
    double weight;
    [[nodiscard]] bool in_memory() const noexcept { return !rows.is_sparse() && rows.is_stored(); }
    [[nodiscard]] std::span<const float> row(std::size_t i, std::vector<float>& copy) const {
      if (in_memory()) return rows.stored(i);
      copy.resize(rows.cols());
      linalg::matrix_ref<float> one = Eigen::Map<linalg::matrix<float>>(
          copy.data(), 1, static_cast<linalg::index>(rows.cols()));
      rows.copy_rows(i, one);
      return copy;
    }
  };

  void check_finite(const char* name, const context& ctx) const {
    for (const part& p : parts_)
      if (!all_finite(p.squares.data(), p.squares.size())) data::check_finite(p.rows, name, ctx);
  }
  /// The mean of some rows, which would hide how rows differ.
  void find_center() {
    center_.assign(cols(), 0);
    float_center_.assign(cols(), 0);
    const std::size_t count = (std::min<std::size_t>)(256, rows());
    std::vector<data::row_id> some;
    for (std::size_t s = 0; s < count; ++s)
      some.push_back(static_cast<data::row_id>(s * rows() / count));
    row_tile sample;
    fetch(some, sample);
    for (linalg::index i = 0; i < sample.z.rows(); ++i)
      for (std::size_t j = 0; j < center_.size(); ++j)
        center_[j] += static_cast<double>(sample.z(i, static_cast<linalg::index>(j))) /
                      static_cast<double>(count);
    for (std::size_t j = 0; j < center_.size(); ++j) {
      float_center_[j] = static_cast<float>(center_[j]);
      center_[j] = static_cast<double>(float_center_[j]);
      center_square_ += center_[j] * center_[j];
    }
  }

  std::vector<part> parts_;
  metric how_;
  double unit_ = 1;
  std::vector<double> center_;
  std::vector<float> float_center_;
  double center_square_ = 0;
};

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph::detail

#endif
