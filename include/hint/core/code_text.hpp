// SPDX-License-Identifier: MIT
/// \file
/// Codes as text: "0101", hexadecimal and base64, a text for each code.
///
/// | | `to_binary` | `to_hex`, `to_base64` |
/// |---|---|---|
/// | `least_significant_first` | bit 0 comes first (RDKit's `ToBitString`, PostgreSQL's `bit`) | the code's bytes in this order |
/// | `most_significant_first` | the same: text has no bytes | the code's bytes in this order |
/// | `big_endian` | bit 0 comes last, as numbers are written (`std::bitset`) | the code's bytes in this order |
///
/// Reading is exact: what `to_...` writes, in upper or lower case where that means the same, and nothing
/// around it: no white space, no "0x", no separators. Whatever is wrong throws `invalid_argument` or, for a
/// text of another length, `shape_error`, with the text and the character's place, both counted from 0.
#ifndef HINT_CORE_CODE_TEXT_HPP
#define HINT_CORE_CODE_TEXT_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hint/core/bit_order.hpp>
#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>

namespace hint { inline namespace HINT_ABI {

/// Anything that a range-based for takes and that gives texts: a vector of strings, a span of views.
template <class R>
concept text_range = requires(const R& r) {
  { *std::begin(r) } -> std::convertible_to<std::string_view>;
  std::end(r);
};

namespace detail {

inline constexpr std::string_view hex_digits = "0123456789abcdef";
inline constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
inline constexpr unsigned no_digit = 255;

[[nodiscard]] constexpr unsigned hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
  return no_digit;
}
[[nodiscard]] constexpr unsigned base64_value(char c) noexcept {
  if (c >= 'A' && c <= 'Z') return static_cast<unsigned>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<unsigned>(c - 'a') + 26;
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0') + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return no_digit;
}

/// One text that is read, for messages.
struct read_text {
  std::string_view function;
  std::size_t number;
  std::string_view text;

  void expects_length(bool good, std::size_t expected, std::size_t bits) const {
    expects<shape_error>(good, function, ": text ", number, " has ", text.size(),
                         " characters, expected ", expected, " for ", bits, " bits");
  }
  void expects_character(bool good, std::size_t at, std::string_view expected) const {
    if (good) return;
    const auto c = static_cast<unsigned char>(text[at]);
    std::string found{text[at]};
    if (c < 0x20 || c >= 0x7f) found = {'\\', 'x', hex_digits[c >> 4], hex_digits[c & 15]};
    raise<invalid_argument>(function, ": text ", number, ", character ", at, " is '", found,
                            "', expected ", expected);
  }
  /// Takes the bytes of a code in this order into a code of zeros.
  void take(std::span<std::byte> bytes, bit_order order, std::span<std::uint64_t> code,
            std::size_t bits) const {
    reorder(bytes, order);
    std::memcpy(code.data(), bytes.data(), bytes.size());
    expects((code.back() & ~last_word_mask(bits)) == 0, function, ": text ", number,
            " has bits set past the end of its code, bit ", bits - 1, ", if it is written ",
            name_of(order));
  }
};

inline void read_binary(const read_text& t, bit_order order, code_set& codes) {
  for (std::size_t at = 0; at < t.text.size(); ++at)
    t.expects_character(t.text[at] == '0' || t.text[at] == '1', at, "0 or 1");
  const std::size_t bits = codes.bits();
  t.expects_length(t.text.size() == bits, bits, bits);
  for (std::size_t j = 0; j < bits; ++j)
    codes.set_bit(t.number, order == bit_order::big_endian ? bits - 1 - j : j, t.text[j] == '1');
}

inline void read_hex(const read_text& t, bit_order order, code_set& codes) {
  for (std::size_t at = 0; at < t.text.size(); ++at)
    t.expects_character(hex_value(t.text[at]) != no_digit, at, "0 to 9, a to f or A to F");
  const std::size_t bits = codes.bits();
  std::vector<std::byte> bytes((bits + 7) / 8);
  // Half of a byte that is padding altogether may be left out, where it would be the text's end or begin.
  const bool may_be_odd = (bits + 3) / 4 % 2 == 1 && order != bit_order::least_significant_first;
  const bool odd = may_be_odd && t.text.size() + 1 == 2 * bytes.size();
  t.expects_length(odd || t.text.size() == 2 * bytes.size(), 2 * bytes.size(), bits);
  std::size_t place = odd && order == bit_order::big_endian ? 1 : 0;
  for (const char digit : t.text) {
    bytes[place / 2] |= static_cast<std::byte>(hex_value(digit) << (place % 2 == 0 ? 4 : 0));
    ++place;
  }
  t.take(bytes, order, codes[t.number], bits);
}

inline void read_base64(const read_text& t, bit_order order, code_set& codes) {
  const std::size_t bits = codes.bits();
  std::vector<std::byte> bytes((bits + 7) / 8);
  const std::size_t digits = (8 * bytes.size() + 5) / 6;
  const std::size_t padded = (digits + 3) / 4 * 4;
  for (std::size_t at = 0; at < t.text.size(); ++at) {
    const bool filling = t.text.size() == padded && at >= digits;
    t.expects_character(filling ? t.text[at] == '=' : base64_value(t.text[at]) != no_digit, at,
                        filling ? "'='" : "a base64 digit: A to Z, a to z, 0 to 9, + or -, / or _");
  }
  t.expects_length(t.text.size() == padded || t.text.size() == digits, padded, bits);
  unsigned held = 0, holds = 0;
  std::size_t place = 0;
  for (const char digit : t.text.substr(0, digits)) {
    held = (held << 6 | base64_value(digit)) & 0xfffU;
    holds += 6;
    if (holds < 8) continue;
    holds -= 8;
    bytes[place++] = static_cast<std::byte>(held >> holds & 0xffU);
  }
  t.expects_character((held & ((1U << holds) - 1)) == 0, digits - 1,
                      "a digit without bits beyond the last byte");
  t.take(bytes, order, codes[t.number], bits);
}

template <text_range Texts, class Read>
[[nodiscard]] code_set read_texts(std::string_view function, const Texts& texts, std::size_t bits,
                                  bit_order order, Read&& read) {
  code_set codes(bits);
  for (const auto& text : texts) {
    codes.resize(codes.size() + 1);
    read(read_text{function, codes.size() - 1, text}, order, codes);
  }
  return codes;
}

}  // namespace detail

/// Codes from texts of `bits` characters, 0 or 1. O(characters), as the others here.
template <text_range Texts = std::initializer_list<std::string_view>>
[[nodiscard]] code_set codes_from_binary(const Texts& texts, std::size_t bits,
                                         bit_order order = bit_order::least_significant_first) {
  return detail::read_texts("codes_from_binary", texts, bits, order, detail::read_binary);
}
/// Codes from texts of two hexadecimal digits for each of the ceil(bits / 8) bytes, in upper or lower
/// case. Where half of a byte is left over (36 bits), that digit may be missing from
/// `most_significant_first` and from `big_endian`, as ImageHash and printf write them.
template <text_range Texts = std::initializer_list<std::string_view>>
[[nodiscard]] code_set codes_from_hex(const Texts& texts, std::size_t bits,
                                      bit_order order = bit_order::least_significant_first) {
  return detail::read_texts("codes_from_hex", texts, bits, order, detail::read_hex);
}
/// Codes from base64 of their ceil(bits / 8) bytes, in the usual alphabet or that for URLs; the `=` at the
/// end may be left out, all of them. Bits beyond the last byte must be 0. Source: RFC 4648.
template <text_range Texts = std::initializer_list<std::string_view>>
[[nodiscard]] code_set codes_from_base64(const Texts& texts, std::size_t bits,
                                         bit_order order = bit_order::least_significant_first) {
  return detail::read_texts("codes_from_base64", texts, bits, order, detail::read_base64);
}

/// A text of bits() characters, 0 or 1, for each code.
[[nodiscard]] inline std::vector<std::string> to_binary(
    const code_view& codes, bit_order order = bit_order::least_significant_first) {
  std::vector<std::string> texts(codes.size());
  for (std::size_t i = 0; i < codes.size(); ++i)
    for (std::size_t j = 0; j < codes.bits(); ++j)
      texts[i] +=
          codes.bit(i, order == bit_order::big_endian ? codes.bits() - 1 - j : j) ? '1' : '0';
  return texts;
}
/// Two lower-case hexadecimal digits for each of the ceil(bits / 8) bytes of a code.
[[nodiscard]] inline std::vector<std::string> to_hex(
    const code_view& codes, bit_order order = bit_order::least_significant_first) {
  const std::vector<std::byte> bytes = to_bytes(codes, order);
  std::vector<std::string> texts(codes.size());
  const std::size_t row = (codes.bits() + 7) / 8;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = std::to_integer<std::size_t>(bytes[i]);
    texts[i / row] += {detail::hex_digits[byte >> 4], detail::hex_digits[byte & 15]};
  }
  return texts;
}
/// Base64 of the ceil(bits / 8) bytes of a code, in the usual alphabet, filled up with `=`.
[[nodiscard]] inline std::vector<std::string> to_base64(
    const code_view& codes, bit_order order = bit_order::least_significant_first) {
  const std::vector<std::byte> bytes = to_bytes(codes, order);
  std::vector<std::string> texts(codes.size());
  const std::size_t row = (codes.bits() + 7) / 8;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    for (std::size_t b = 0; b < row; b += 3) {
      std::size_t three = 0;
      for (std::size_t k = b; k < b + 3; ++k)
        three = three << 8 | (k < row ? std::to_integer<std::size_t>(bytes[i * row + k]) : 0);
      for (std::size_t k = 0; k < 4; ++k)
        texts[i] += b + k > row ? '=' : detail::base64_digits[three >> (18 - 6 * k) & 63];
    }
  }
  return texts;
}

}}  // namespace hint::HINT_ABI

#endif
