// SPDX-License-Identifier: MIT
/// \file
/// Which numbers the file formats hold, and what they are called.
#ifndef HINT_IO_ELEMENT_HPP
#define HINT_IO_ELEMENT_HPP

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <hint/core/config.hpp>

namespace hint { inline namespace HINT_ABI { namespace io {

/// A number type that can be an array's element: float, double and the standard integers.
/// (Not `char`, `bool` and `long double`, which have no fixed meaning in a file.)
template <class T>
concept element =
    std::same_as<T, float> || std::same_as<T, double> || std::same_as<T, signed char> ||
    std::same_as<T, unsigned char> || std::same_as<T, short> || std::same_as<T, unsigned short> ||
    std::same_as<T, int> || std::same_as<T, unsigned> || std::same_as<T, long> ||
    std::same_as<T, unsigned long> || std::same_as<T, long long> ||
    std::same_as<T, unsigned long long>;

/// NumPy's short name of a type: "f4" for float, "u1" for an unsigned byte.
template <element T>
[[nodiscard]] constexpr std::string_view element_name() noexcept {
  constexpr std::array<std::string_view, 4> f{"", "", "f4", "f8"};
  constexpr std::array<std::string_view, 4> i{"i1", "i2", "i4", "i8"};
  constexpr std::array<std::string_view, 4> u{"u1", "u2", "u4", "u8"};
  constexpr std::size_t log = sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3;
  if constexpr (std::floating_point<T>) return f[log];
  return std::signed_integral<T> ? i[log] : u[log];
}

namespace detail {

/// Bytes of an array of `shape`, or nothing when a file of that size could not exist. Zeros in the
/// shape do not hide the other dimensions.
[[nodiscard]] inline std::optional<std::size_t> bytes_of(std::span<const std::size_t> shape,
                                                         std::size_t element_size) {
  constexpr auto limit = static_cast<std::size_t>((std::numeric_limits<std::ptrdiff_t>::max)());
  std::size_t bytes = element_size;
  for (const std::size_t n : shape) {
    if (n == 0) continue;
    if (bytes > limit / n) return std::nullopt;
    bytes *= n;
  }
  return std::find(shape.begin(), shape.end(), 0U) == shape.end() ? bytes : 0;
}

/// "(3, 4)", "(3,)", "()".
[[nodiscard]] inline std::string shape_text(std::span<const std::size_t> shape) {
  std::string out = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) out += ", ";
    out += std::to_string(shape[i]);
  }
  return out += shape.size() == 1 ? ",)" : ")";
}

/// Bytes of a file as text for a message: printable ASCII, the rest as \xNN; at most `limit` bytes.
[[nodiscard]] inline std::string printable(std::string_view bytes, std::size_t limit = 24) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes.substr(0, limit)) {
    const auto b = static_cast<unsigned char>(c);
    if (b >= 0x20 && b < 0x7f) {
      out += c;
    } else {
      out += "\\x";
      out += digits[b >> 4];
      out += digits[b & 15];
    }
  }
  return bytes.size() > limit ? out + "..." : out;
}

/// A number at a byte offset, little-endian as the machine, wherever it lies.
template <class T>
[[nodiscard]] T load(std::span<const std::byte> bytes, std::size_t offset) noexcept {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

[[nodiscard]] inline std::string_view as_text(std::span<const std::byte> bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
[[nodiscard]] inline std::span<const std::byte> as_bytes(std::string_view text) noexcept {
  return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace detail

}}}  // namespace hint::HINT_ABI::io

#endif
