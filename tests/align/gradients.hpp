// SPDX-License-Identifier: MIT
/// \file
/// Gradient checks of functions of several matrices, for the tests of align and learn.
#ifndef HINT_TESTS_ALIGN_GRADIENTS_HPP
#define HINT_TESTS_ALIGN_GRADIENTS_HPP

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <hint/linalg/matrix.hpp>
#include <hint/nn/gradient_check.hpp>

namespace hint_tests {

using matrices = std::vector<hint::linalg::matrix<double>>;

inline std::vector<double> flat(const matrices& all) {
  std::vector<double> out;
  for (const auto& m : all) out.insert(out.end(), m.data(), m.data() + m.size());
  return out;
}

/// The largest relative error of `gradients` (one per matrix of `point`) of `value(matrices)`.
template <class Value>
double gradient_error(Value&& value, const matrices& point, const matrices& gradients) {
  matrices here = point;
  return hint::nn::gradient_check(
      [&](std::span<const double> x) {
        for (auto& m : here) {
          std::copy_n(x.data(), m.size(), m.data());
          x = x.subspan(static_cast<std::size_t>(m.size()));
        }
        return value(here);
      },
      flat(point), flat(gradients));
}

}  // namespace hint_tests

#endif
