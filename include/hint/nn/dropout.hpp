// SPDX-License-Identifier: MIT
/// \file
/// Inverted dropout: while training, each hidden value is zero with probability `rate` and otherwise
/// grows by 1 / (1 - rate). Source: Srivastava et al., JMLR 2014.
#ifndef HINT_NN_DROPOUT_HPP
#define HINT_NN_DROPOUT_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <hint/core/config.hpp>
#include <hint/core/random.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/simd.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace nn {

/// Whether a value stays is a pure function of (stream, row, column, width), so that rows may be
/// worked on in any order by any number of threads. A new `random` (`stream.fork(step)`) for every
/// step makes new choices.
class dropout {
 public:
  /// `rate` in [0, 1), rounded to a multiple of 2^-16; checking it is up to the caller.
  dropout(double rate, random_stream random) noexcept
      : threshold_(static_cast<std::uint32_t>((std::min)(rate * 0x1p16 + 0.5, 0x1p16 - 1))),
        random_(random) {}

  /// Drops and scales row `row` of the values and, by the same choice, of their derivatives.
  template <linalg::real T>
  void apply(std::size_t row, std::span<T> values, std::span<T> slopes) const noexcept {
    if (threshold_ == 0) return;
    const T scale = static_cast<T>(0x1p16 / (0x1p16 - threshold_));
    const std::size_t blocks = (values.size() + 7) / 8;  // eight choices of 16 bits in a block
    for (std::size_t b = 0; b < blocks; ++b) {
      const auto words = random_.words(row * blocks + b);
      const std::size_t begin = 8 * b, n = (std::min<std::size_t>)(8, values.size() - begin);
      for (std::size_t i = 0; i < n; ++i) {
        const bool keep = ((words[i / 2] >> (16 * (i % 2))) & 0xffffU) >= threshold_;
        values[begin + i] = keep ? values[begin + i] * scale : T{0};
        slopes[begin + i] = keep ? slopes[begin + i] * scale : T{0};
      }
    }
  }

 private:
  std::uint32_t threshold_;
  random_stream random_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::nn

#endif
