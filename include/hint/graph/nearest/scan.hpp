// SPDX-License-Identifier: MIT
/// \file
/// Which products of a row with many others may belong to near ones: a look by whole registers that rules out
/// almost all of them.
#ifndef HINT_GRAPH_NEAREST_SCAN_HPP
#define HINT_GRAPH_NEAREST_SCAN_HPP

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/graph/nearest/bounds.hpp>
#include <hint/linalg/simd.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace graph {
namespace detail {

/// What a score is at least and at most.
struct score_bounds {
  double low, high;
};
/// Bounds on the score of rows i and j, whose floats' product is p, known within `relative` of itself and what
/// their slack says; `high` is no lower than that of any distance that rounds to the same float.
[[nodiscard]] inline score_bounds bounds_of(const score_terms& a, std::size_t i,
                                            const score_terms& b, std::size_t j, double p,
                                            double relative = 0) noexcept {
  const double unsure = a.slack[i] * b.slack[j];
  const double low = a.low[i] + b.low[j] - a.factor[i] * b.factor[j] * p - unsure;
  const double top = low + 2 * (unsure + a.blur[i] + b.blur[j]) + 4 * relative * std::abs(p);
  return {low, top + 0x1p-21 * std::abs(top)};
}

/// Floats that err by so much of themselves are right again: sixteen units of rounding, of which a bound in
/// float needs six.
inline constexpr double float_margin = 0x1p-20;
[[nodiscard]] inline float lowered(double x) noexcept {
  constexpr double most = static_cast<double>((std::numeric_limits<float>::max)());
  const double y = x - float_margin * (std::min)(std::abs(x), 1e300);  // infinity stays
  return y < -most ? -std::numeric_limits<float>::infinity()
                   : static_cast<float>((std::min)(y, most));
}
[[nodiscard]] inline float raised(double x) noexcept { return -lowered(-x); }

/// The terms of rows in floats, rounded such that bounds from them are no higher.
struct float_terms {
  explicit float_terms(const score_terms& t)
      : low(t.low.size()), factor(t.low.size()), slack(t.low.size()) {
    for (std::size_t i = 0; i < low.size(); ++i) {
      low[i] = lowered(t.low[i]);
      factor[i] = static_cast<float>(t.factor[i]);
      slack[i] = raised(t.slack[i]);
    }
  }
  std::vector<float> low, factor, slack;
  std::vector<float> lacks{};  ///< what products of two rows lack for each of them; empty: nothing
};

/// Calls f(c, p) in order for all c of begin .. end-1 whose score with row q may be at most `limit()` or
/// limits[c] (both `raised`), where p = products[c - first] is that of row q and row c of `columns`. `limit` is
/// asked again after calls. Without `limits` (null) the row's counts alone. `but_zeros` leaves out products that
/// are 0.
template <class Limit, class F>
void scan(const float_terms& rows, std::size_t q, const float_terms& columns, const float* products,
          std::size_t first, const float* limits, std::size_t begin, std::size_t end, Limit&& limit,
          F&& f, bool but_zeros = false) {
  using Batch = linalg::batch<float>;
  constexpr std::size_t lanes = Batch::size;
  const Batch factor(rows.factor[q]), slack(-rows.slack[q]), start(rows.low[q]);
  const Batch margin(static_cast<float>(float_margin));
  const Batch lack(columns.lacks.empty() ? 0.0F : rows.lacks[q]);
  float room = limit();
  const auto look = [&](std::size_t c, std::size_t count, const float* product, const float* low,
                        const float* scale, const float* unsure, const float* lacks,
                        const float* most) {
    const Batch p = Batch::load_unaligned(product);
    const Batch scaled = factor * Batch::load_unaligned(scale);
    Batch top = fma(margin, abs(p), p);
    if (lacks != nullptr) top = top - lack - Batch::load_unaligned(lacks);
    const Batch least =
        fma(slack, Batch::load_unaligned(unsure), Batch::load_unaligned(low) - scaled * top);
    Batch allowed(room);
    if (most != nullptr) allowed = linalg::larger(allowed, Batch::load_unaligned(most));
    std::uint32_t lanes_left = linalg::lanes_not_above(least, allowed - start);
    if (lanes_left == 0) return;  // as a rule: measure before changing
    if (but_zeros)
      lanes_left &=
          ~(linalg::lanes_not_above(p, Batch(0.0F)) & linalg::lanes_not_above(Batch(0.0F), p));
    for (; lanes_left != 0; lanes_left &= lanes_left - 1) {
      const auto i = static_cast<std::size_t>(std::countr_zero(lanes_left));
      if (i < count) f(c + i, product[i]);
    }
    room = limit();
  };
  const float* from[6] = {products - first,
                          columns.low.data(),
                          columns.factor.data(),
                          columns.slack.data(),
                          columns.lacks.empty() ? nullptr : columns.lacks.data(),
                          limits};
  std::size_t c = begin;
  for (; c + lanes <= end; c += lanes)
    look(c, lanes, from[0] + c, from[1] + c, from[2] + c, from[3] + c,
         from[4] == nullptr ? nullptr : from[4] + c, from[5] == nullptr ? nullptr : from[5] + c);
  if (c == end) return;
  float rest[6][lanes] = {};
  for (std::size_t i = 0; i < 6; ++i)
    if (from[i] != nullptr) {
      std::copy_n(from[i] + c, end - c, rest[i]);
      from[i] = rest[i];
    }
  look(c, end - c, from[0], from[1], from[2], from[3], from[4], from[5]);
}

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph::detail

#endif
