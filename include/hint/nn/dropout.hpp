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

  /// What values that stay are multiplied by.
  template <linalg::real T>
  [[nodiscard]] T scale() const noexcept {
    return static_cast<T>(0x1p16 / (0x1p16 - threshold_));
  }
  /// Drops and scales row `row` of the values.
  template <linalg::real T>
  void apply(std::size_t row, std::span<T> values) const noexcept {
    change(row, values, scale<T>());
  }
  /// Drops by the same choice, without scaling.
  template <linalg::real T>
  void drop(std::size_t row, std::span<T> values) const noexcept {
    change(row, values, T{1});
  }

 private:
  template <linalg::real T>
  void change(std::size_t row, std::span<T> values, T factor) const noexcept {
    if (threshold_ == 0) return;
    const std::size_t blocks = (values.size() + 7) / 8;  // eight choices of 16 bits in a block
    std::uint32_t words[64];
    for (std::size_t begin = 0; begin < values.size(); begin += 128) {
      const std::size_t n = (std::min<std::size_t>)(128, values.size() - begin);
      random_.words(row * blocks + begin / 8, std::span(words).first((n + 7) / 8 * 4));
      T* const v = values.data() + begin;
      for (std::size_t i = 0; i < n; ++i) {
        const bool keep = ((words[i / 2] >> (16 * (i % 2))) & 0xffffU) >= threshold_;
        v[i] = keep ? v[i] * factor : T{0};
      }
    }
  }

  std::uint32_t threshold_;
  random_stream random_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::nn

#endif
