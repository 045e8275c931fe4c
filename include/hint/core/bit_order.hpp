// SPDX-License-Identifier: MIT
/// \file
/// In which order other programs put the bits of a code into bytes.
#ifndef HINT_CORE_BIT_ORDER_HPP
#define HINT_CORE_BIT_ORDER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <hint/core/config.hpp>

namespace hint { inline namespace HINT_ABI {

/// Where bit i of a code of n bytes is. A code whose length is no multiple of 8 has padding bits, which
/// must be 0: the places that bits from the code's length on would have.
enum class bit_order : std::uint8_t {
  /// Bit i mod 8 of byte i / 8, counted from the least significant. Faiss, RDKit, FPS files (chemfp),
  /// `numpy.packbits(bitorder="little")`; this library's own order.
  least_significant_first,
  /// Bit i mod 8 of byte i / 8, counted from the most significant. `numpy.packbits` without a
  /// `bitorder`, USearch, ImageHash (as hexadecimal text).
  most_significant_first,
  /// The code as a number, its first byte the most significant: bit i mod 8 of byte n - 1 - i / 8, counted
  /// from the least significant. Python's `int.to_bytes(n, "big")`, C's `printf("%016llx")`.
  big_endian
};

/// "least_significant_first", ...
[[nodiscard]] constexpr std::string_view name_of(bit_order order) noexcept {
  return order == bit_order::least_significant_first  ? "least_significant_first"
         : order == bit_order::most_significant_first ? "most_significant_first"
                                                      : "big_endian";
}

namespace detail {

/// The byte with its bits in reverse.
[[nodiscard]] constexpr std::byte reversed(std::byte byte) noexcept {
  auto b = std::to_integer<unsigned>(byte);
  b = (b & 0x55U) << 1 | (b >> 1 & 0x55U);
  b = (b & 0x33U) << 2 | (b >> 2 & 0x33U);
  return static_cast<std::byte>((b & 0x0fU) << 4 | b >> 4);
}
/// All bytes of one code from `order` to least_significant_first, or back: the way there is the way back.
constexpr void reorder(std::span<std::byte> code, bit_order order) noexcept {
  if (order == bit_order::most_significant_first)
    for (std::byte& byte : code) byte = reversed(byte);
  if (order == bit_order::big_endian) std::reverse(code.begin(), code.end());
}

}  // namespace detail

}}  // namespace hint::HINT_ABI

#endif
