// SPDX-License-Identifier: MIT
/// \file
/// Numbers as `.npy` files store them, converted to those of the program.
#ifndef HINT_IO_NPY_CONVERT_HPP
#define HINT_IO_NPY_CONVERT_HPP

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <utility>

#include <hint/core/config.hpp>
#include <hint/core/finite.hpp>
#include <hint/io/element.hpp>
#include <hint/io/npy_header.hpp>

namespace hint { inline namespace HINT_ABI { namespace io::detail {

/// IEEE 754 half precision, as stored. Every one is a float too.
struct half_bits {
  std::uint16_t bits;
};
/// A NumPy bool, as stored. Not 0 means true.
struct bool_byte {
  std::uint8_t bits;
};

/// Without branches, so that compilers vectorise loops of it.
[[nodiscard]] constexpr float value_of(half_bits h) noexcept {
  const std::uint32_t sign = std::uint32_t{h.bits & 0x8000U} << 16;
  const std::uint32_t exponent = (h.bits >> 10) & 31U;
  const std::uint32_t mantissa = h.bits & 1023U;
  const std::uint32_t bias = exponent == 31 ? 255U - 31U : 127U - 15U;  // infinity and NaN stay
  const std::uint32_t normal = (exponent + bias) << 23 | mantissa << 13;
  const auto tiny = std::bit_cast<std::uint32_t>(
      static_cast<float>(static_cast<std::int32_t>(mantissa)) * 0x1p-24F);
  return std::bit_cast<float>(sign | (exponent == 0 ? tiny : normal));
}
[[nodiscard]] constexpr std::uint8_t value_of(bool_byte b) noexcept { return b.bits != 0; }
template <element T>
[[nodiscard]] constexpr T value_of(T value) noexcept {
  return value;
}

template <class Stored>
[[nodiscard]] Stored load_stored(const std::byte* from, bool swap) noexcept {
  std::array<std::byte, sizeof(Stored)> bytes;
  std::memcpy(bytes.data(), from, sizeof(Stored));
  if (swap)
    for (std::size_t k = 0; k < sizeof(Stored) / 2; ++k)
      std::swap(bytes[k], bytes[sizeof(Stored) - 1 - k]);
  return std::bit_cast<Stored>(bytes);
}

/// Whether a value survives: integers in range, finite numbers finite. Rounding is no loss.
template <element T, element V>
[[nodiscard]] inline bool survives(const V& value) noexcept {
  if constexpr (std::integral<T>) {
    return std::in_range<T>(value);
  } else if constexpr (sizeof(T) < sizeof(V) && std::floating_point<V>) {
    const auto size = hint::detail::magnitude_bits(&value);
    constexpr auto largest =
        std::bit_cast<decltype(size)>(static_cast<V>((std::numeric_limits<T>::max)()));
    return size <= largest || size >= hint::detail::float_bits<V>::infinity;
  } else {
    return true;
  }
}

/// Converts to.size() stored numbers. Returns the index of the first that does not survive, or
/// to.size().
template <class Stored, element T>
[[nodiscard]] std::size_t convert(const std::byte* from, bool swap, std::span<T> to) noexcept {
  if constexpr (std::same_as<Stored, T>) {
    if (!swap) {
      if (!to.empty()) std::memcpy(to.data(), from, to.size_bytes());
      return to.size();
    }
  }
  bool all = true;
  for (std::size_t i = 0; i < to.size(); ++i) {
    const auto value = value_of(load_stored<Stored>(from + i * sizeof(Stored), swap));
    all &= survives<T>(value);
    to[i] = static_cast<T>(value);
  }
  if (!all)
    for (std::size_t i = 0; i < to.size(); ++i)
      if (!survives<T>(value_of(load_stored<Stored>(from + i * sizeof(Stored), swap)))) return i;
  return to.size();
}

template <element T>
using converter = std::size_t (*)(const std::byte* from, bool swap, std::span<T> to) noexcept;

/// `convert` for the type that `t` names; nullptr where it does not convert (floating point to
/// integers).
template <element T>
[[nodiscard]] constexpr converter<T> converter_from(npy_type t) noexcept {
  const auto pick = [&](std::array<converter<T>, 4> by_size) {
    return by_size[t.size == 1 ? 0 : t.size == 2 ? 1 : t.size == 4 ? 2 : 3];
  };
  if (t.kind == 'b') return &convert<bool_byte, T>;
  if (t.kind == 'i')
    return pick({&convert<std::int8_t, T>, &convert<std::int16_t, T>, &convert<std::int32_t, T>,
                 &convert<std::int64_t, T>});
  if (t.kind == 'u')
    return pick({&convert<std::uint8_t, T>, &convert<std::uint16_t, T>, &convert<std::uint32_t, T>,
                 &convert<std::uint64_t, T>});
  if constexpr (std::floating_point<T>) {
    return pick({nullptr, &convert<half_bits, T>, &convert<float, T>, &convert<double, T>});
  } else {
    return nullptr;
  }
}

}}}  // namespace hint::HINT_ABI::io::detail

#endif
