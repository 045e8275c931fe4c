// SPDX-License-Identifier: MIT
/// \file
/// Compares an analytic gradient with finite differences.
#ifndef HINT_NN_GRADIENT_CHECK_HPP
#define HINT_NN_GRADIENT_CHECK_HPP

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/finite.hpp>
#include <hint/core/random.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace nn {

struct gradient_check_options {
  double step = 1e-3;  ///< largest distance, times max(1, |x|); 1e-12 to 1
  std::size_t samples =
      300;  ///< coordinates to check, at least 1; chosen at random when there are more
  std::uint64_t seed = 0;  ///< chooses them

  void validate() const {
    option_in("step", step, 1e-12, 1);
    option_in("samples", samples, 1, (std::numeric_limits<std::size_t>::max)());
  }
};

/// The largest relative error of `gradient`, which claims to be the gradient of `value` at `point`,
/// over all coordinates or a random subset. Below 1e-6 is right, above 1e-4 is wrong.
///
/// Central differences of fourth order. The error of a coordinate is taken against the larger of the
/// two numbers, but at least a thousandth of the gradient's largest entry. Of the distances `step`,
/// step / 10 .. step / 1000 the best counts, so that a kink (ReLU) near `point` does no harm as long
/// as it is not on it; a wrong gradient is wrong at all of them. Calls `value` up to 16 times per
/// coordinate. Not finite values give infinity. Throws `shape_error`, `invalid_option`.
template <class Value>
  requires std::invocable<Value&, std::span<const double>>
[[nodiscard]] double gradient_check(Value&& value, std::span<const double> point,
                                    std::span<const double> gradient,
                                    const gradient_check_options& options = {}) {
  options.validate();
  expects<shape_error>(gradient.size() == point.size(), "gradient_check: gradient has ",
                       gradient.size(), " elements, point has ", point.size());
  double largest = 0;
  for (const double g : gradient) {
    if (!is_finite(g)) return std::numeric_limits<double>::infinity();
    largest = (std::max)(largest, std::abs(g));
  }
  std::vector<double> x(point.begin(), point.end());
  const auto error_at = [&](std::size_t i, double step) {
    const double here = x[i];
    const auto at = [&](double distance) {
      x[i] = here + distance;
      return static_cast<double>(value(std::span<const double>(x)));
    };
    const double near = at(step) - at(-step);
    const double far = at(2 * step) - at(-2 * step);
    x[i] = here;
    const double numeric = (8 * near - far) / (12 * step);
    const double scale = (std::max)({std::abs(numeric), std::abs(gradient[i]), 1e-3 * largest});
    if (!is_finite(numeric)) return std::numeric_limits<double>::infinity();
    return scale > 0 ? std::abs(numeric - gradient[i]) / scale : 0.0;
  };
  const std::size_t n = point.size();
  const bool all = n <= options.samples;
  const random_stream random(options.seed, stream_id("gradient_check"));
  double worst = 0;
  for (std::size_t s = 0; s < (all ? n : options.samples); ++s) {
    const std::size_t i = all ? s : random.below(s, n);
    double step = options.step * (std::max)(1.0, std::abs(x[i]));
    double best = error_at(i, step);
    for (int finer = 0; finer < 3 && best > 1e-9; ++finer)
      best = (std::min)(best, error_at(i, step /= 10));
    worst = (std::max)(worst, best);
  }
  return worst;
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::nn

#endif
