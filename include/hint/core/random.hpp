// SPDX-License-Identifier: MIT
/// \file
/// Counter-based random numbers: every number is a pure function of (seed, stream, index), so results
/// do not depend on the order or the number of threads that ask.
#ifndef HINT_CORE_RANDOM_HPP
#define HINT_CORE_RANDOM_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/hash.hpp>

namespace hint { inline namespace HINT_ABI {

namespace detail {
/// Philox4x32-10 on several counters side by side: word w of counter i is c[w][i].
template <std::size_t Lanes>
constexpr void philox_rounds(std::uint32_t (&c)[4][Lanes],
                             std::array<std::uint32_t, 2> key) noexcept {
  for (int round = 0; round < 10; ++round) {
    for (std::size_t i = 0; i < Lanes; ++i) {
      const std::uint64_t p0 = std::uint64_t{0xD2511F53} * c[0][i];
      const std::uint64_t p1 = std::uint64_t{0xCD9E8D57} * c[2][i];
      c[0][i] = static_cast<std::uint32_t>(p1 >> 32) ^ c[1][i] ^ key[0];
      c[1][i] = static_cast<std::uint32_t>(p1);
      c[2][i] = static_cast<std::uint32_t>(p0 >> 32) ^ c[3][i] ^ key[1];
      c[3][i] = static_cast<std::uint32_t>(p0);
    }
    key = {key[0] + 0x9E3779B9U, key[1] + 0xBB67AE85U};
  }
}
}  // namespace detail

/// Philox4x32-10: a bijection of 128-bit counters under a 64-bit key.
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
[[nodiscard]] constexpr std::array<std::uint32_t, 4> philox4x32(
    std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) noexcept {
  std::uint32_t c[4][1] = {{counter[0]}, {counter[1]}, {counter[2]}, {counter[3]}};
  detail::philox_rounds(c, key);
  return {c[0][0], c[1][0], c[2][0], c[3][0]};
}

/// A 64-bit number for a stream's name (FNV-1a), to be used as `random_stream{seed, stream_id("x")}`.
[[nodiscard]] constexpr std::uint64_t stream_id(std::string_view name) noexcept {
  fnv1a hash;
  for (const char c : name) hash.add(static_cast<unsigned char>(c));
  return hash.value;
}

/// An endless, randomly accessible sequence of random numbers. Copying is free; all functions are
/// const, pure and thread-safe. Two streams of one seed are independent.
class random_stream {
 public:
  constexpr random_stream(std::uint64_t seed, std::uint64_t stream) noexcept
      : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
        stream_(stream) {}

  /// A stream of its own for every `index` (an epoch, a step, a layer).
  [[nodiscard]] constexpr random_stream fork(std::uint64_t index) const noexcept {
    random_stream child = *this;
    child.stream_ = join(block(index, 1)[0], block(index, 1)[1]) ^ (stream_ << 1);
    return child;
  }

  /// 64 random bits.
  [[nodiscard]] constexpr std::uint64_t bits(std::uint64_t index) const noexcept {
    const auto b = block(index, 0);
    return join(b[0], b[1]);
  }
  /// Uniform in [0, 1), 53 bits.
  [[nodiscard]] constexpr double uniform(std::uint64_t index) const noexcept {
    return static_cast<double>(bits(index) >> 11) * 0x1p-53;
  }
  /// Uniform in 0 .. n-1 (n > 0). The bias is below n / 2^64.
  [[nodiscard]] constexpr std::uint64_t below(std::uint64_t index, std::uint64_t n) const noexcept {
    return high_product(bits(index), n);
  }
  /// Four 32-bit words at once, the fastest way to many numbers.
  [[nodiscard]] constexpr std::array<std::uint32_t, 4> words(std::uint64_t index) const noexcept {
    return block(index, 0);
  }

  /// words(first), words(first + 1) .. to `out`, four numbers each: as many as there is room for. Faster
  /// than one by one, since the compiler can work on several at once.
  constexpr void words(std::uint64_t first, std::span<std::uint32_t> out) const noexcept {
    constexpr std::size_t lanes = 16;
    for (std::size_t done = 0; 4 * done + 3 < out.size(); done += lanes) {
      std::uint32_t c[4][lanes]{};
      for (std::size_t i = 0; i < lanes; ++i) {
        c[0][i] = static_cast<std::uint32_t>(first + done + i);
        c[1][i] = static_cast<std::uint32_t>((first + done + i) >> 32);
        c[2][i] = static_cast<std::uint32_t>(stream_);
        c[3][i] = static_cast<std::uint32_t>(stream_ >> 32);
      }
      detail::philox_rounds(c, key_);
      const std::size_t n = (std::min)(lanes, out.size() / 4 - done);
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t w = 0; w < 4; ++w) out[4 * (done + i) + w] = c[w][i];
    }
  }

 private:
  [[nodiscard]] constexpr std::array<std::uint32_t, 4> block(std::uint64_t index,
                                                             std::uint64_t domain) const noexcept {
    const std::uint64_t s = stream_ + domain * 0x9E3779B97F4A7C15ULL;
    return philox4x32({static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32),
                       static_cast<std::uint32_t>(s), static_cast<std::uint32_t>(s >> 32)},
                      key_);
  }
  [[nodiscard]] static constexpr std::uint64_t join(std::uint32_t low,
                                                    std::uint32_t high) noexcept {
    return low | (std::uint64_t{high} << 32);
  }
  /// The upper 64 bits of a 128-bit product, without 128-bit integers.
  [[nodiscard]] static constexpr std::uint64_t high_product(std::uint64_t a,
                                                            std::uint64_t b) noexcept {
    constexpr std::uint64_t mask = 0xffffffffULL;
    const std::uint64_t low = (a & mask) * (b & mask);
    const std::uint64_t m1 = (a >> 32) * (b & mask) + (low >> 32);
    const std::uint64_t m2 = (a & mask) * (b >> 32) + (m1 & mask);
    return (a >> 32) * (b >> 32) + (m1 >> 32) + (m2 >> 32);
  }

  std::array<std::uint32_t, 2> key_;
  std::uint64_t stream_;
};

/// Shuffles in place (Fisher and Yates), using indices 0 .. size-2 of `random`. O(n).
template <class T>
constexpr void shuffle(std::span<T> values, random_stream random) noexcept {
  for (std::size_t i = values.size(); i > 1; --i)
    std::swap(values[i - 1], values[static_cast<std::size_t>(random.below(values.size() - i, i))]);
}

/// The numbers 0 .. n-1 in random order. O(n).
[[nodiscard]] inline std::vector<std::uint32_t> permutation(std::uint32_t n, random_stream random) {
  std::vector<std::uint32_t> order(n);
  for (std::uint32_t i = 0; i < n; ++i) order[i] = i;
  shuffle(std::span<std::uint32_t>(order), random);
  return order;
}

}}  // namespace hint::HINT_ABI

#endif
