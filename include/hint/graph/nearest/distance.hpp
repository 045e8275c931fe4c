// SPDX-License-Identifier: MIT
/// \file
/// Distances between two rows in double, from the rows as they are: what decides the order of
/// neighbours wherever float products cannot.
#ifndef HINT_GRAPH_NEAREST_DISTANCE_HPP
#define HINT_GRAPH_NEAREST_DISTANCE_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/until_stopped.hpp>
#include <hint/data/block.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace graph {

/// How far two rows are from each other (paper, Table 7). Rows may be as long, as short and as far from
/// 0 as floats can be: nothing has to be scaled or centred for the order of neighbours to be right.
enum class metric : std::uint8_t {
  cosine,  ///< 1 - cos(x, y). Rows of zeros have no direction: they get and are no neighbours
  l2,      ///< ||x - y||
  l1,      ///< |x - y|
  dot,     ///< -<x, y>
};
inline constexpr std::array<std::string_view, 4> metric_names{"cosine", "l2", "l1", "dot"};

namespace detail {

/// Two rows of one dense matrix. `sum(f)` is the sum of f(x, y) over all columns, in double, `each(f)` calls
/// it. Sixteen running sums, always the same ones, let the compiler use the registers that it has.
struct dense_pair {
  std::span<const float> a, b;

  template <class F>
  [[nodiscard]] double sum(F f) const {
    const float *x = a.data(), *y = b.data();
    const std::size_t n = a.size();
    constexpr std::size_t lanes = 16;
    double s[lanes] = {};
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes)
      for (std::size_t u = 0; u < lanes; ++u)
        s[u] += f(static_cast<double>(x[i + u]), static_cast<double>(y[i + u]));
    for (; i < n; ++i) s[i % lanes] += f(static_cast<double>(x[i]), static_cast<double>(y[i]));
    for (std::size_t half = lanes / 2; half > 0; half /= 2)
      for (std::size_t u = 0; u < half; ++u) s[u] += s[u + half];
    return s[0];
  }
  template <class F>
  void each(F f) const {
    for (std::size_t i = 0; i < a.size(); ++i)
      f(static_cast<double>(a[i]), static_cast<double>(b[i]));
  }
};

/// Row `from` of a sparse block spread out, to be paired with others. `sum` and `each` as above, over the
/// columns that either row stores, of what is stored. O(cols) memory, O(stored numbers) for a pair.
class sparse_pair {
 public:
  explicit sparse_pair(const data::block& rows)
      : rows_(rows), values_(rows.cols()), seen_(rows.cols()) {}
  void from(std::size_t row) {
    rows_.for_each_stored(from_, [&](std::size_t j, float) { values_[j] = 0; });
    rows_.for_each_stored(row, [&](std::size_t j, float v) { values_[j] = v; });
    from_ = row;
  }
  void to(std::size_t row) noexcept { to_ = row; }

  template <class F>
  void each(F f) {
    ++pair_;
    rows_.for_each_stored(to_, [&](std::size_t j, float v) {
      f(static_cast<double>(values_[j]), static_cast<double>(v));
      seen_[j] = pair_;
    });
    rows_.for_each_stored(from_, [&](std::size_t j, float v) {
      if (seen_[j] != pair_) f(static_cast<double>(v), 0.0);
    });
  }
  template <class F>
  [[nodiscard]] double sum(F f) {
    double sum = 0;
    each([&](double x, double y) { sum += f(x, y); });
    return sum;
  }
  /// The product of the numbers that both store, by columns.
  [[nodiscard]] double product_of_stored() const {
    double sum = 0;
    rows_.for_each_stored(to_, [&](std::size_t j, float v) {
      sum += static_cast<double>(values_[j]) * static_cast<double>(v);
    });
    return sum;
  }

 private:
  const data::block& rows_;
  std::vector<float> values_;
  std::vector<std::uint64_t> seen_;  // the last pair that used a column
  std::uint64_t pair_ = 0;
  std::size_t from_ = 0, to_ = 0;
};

/// <x, y> of rows of squared lengths `aa` and `bb`. Products of floats are exact in double; where their sum
/// cancels so far that its rounding might show, it is added up once more with the errors (Neumaier).
template <class Pair>
[[nodiscard]] double scalar_product(Pair& pair, double aa, double bb) {
  const double sum = pair.sum([](double x, double y) { return x * y; });
  if (std::abs(sum) > 0x1p-16 * std::sqrt(aa) * std::sqrt(bb)) return sum;
  double high = 0, low = 0;
  pair.each([&](double x, double y) {
    const double term = x * y, next = high + term;
    low += std::abs(high) >= std::abs(term) ? (high - next) + term : (term - next) + high;
    high = next;
  });
  return high + low;
}

/// The distance of two rows of squared lengths `aa` and `bb` in `cols` columns, within about 1e-15 of
/// itself. 1 - cos is half the squared distance of the directions, which does not cancel; directions
/// closer than their own rounding are the same.
template <class Pair>
[[nodiscard]] double distance(metric how, Pair& pair, double aa, double bb, std::size_t cols) {
  switch (how) {
    case metric::cosine: {
      const double p = 1 / std::sqrt(aa), q = 1 / std::sqrt(bb);
      const double squares = pair.sum([p, q](double x, double y) {
        const double d = p * x - q * y;
        return d * d;
      });
      return squares > static_cast<double>(cols + 16) * 0x1p-99 ? squares / 2 : 0;
    }
    case metric::l2:
      return std::sqrt(pair.sum([](double x, double y) { return (x - y) * (x - y); }));
    case metric::l1:
      return pair.sum([](double x, double y) { return std::abs(x - y); });
    default:
      return -scalar_product(pair, aa, bb);
  }
}

/// Rounded to float, by which neighbours are ordered; unrounded beyond the range of normal floats, where
/// rounding would make everything equal.
[[nodiscard]] inline double rounded(double distance) noexcept {
  const auto size = std::abs(distance);
  const bool normal = size >= static_cast<double>((std::numeric_limits<float>::min)()) &&
                      size <= static_cast<double>((std::numeric_limits<float>::max)());
  return normal ? static_cast<double>(static_cast<float>(distance)) : distance;
}

/// Lengths, squared, in plain order (see normalizer on why not Eigen's).
[[nodiscard]] inline std::vector<double> squared_norms(const data::block& rows,
                                                       const context& ctx = {}) {
  std::vector<double> out(rows.rows());
  for_chunks_until_stopped(ctx, out.size(), 64, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      rows.for_each_stored(i, [&](std::size_t, float v) {
        out[i] += static_cast<double>(v) * static_cast<double>(v);
      });
      if (!rows.shift().empty()) out[i] = (std::max)(0.0, rows.product(i, i, out[i]));
    }
  });
  return out;
}

}  // namespace detail

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph

#endif
