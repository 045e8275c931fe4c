// SPDX-License-Identifier: MIT
#include "unicode.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace emoji {
namespace {

/// U+00C0 .. U+017F without accents and in lower case; '*' marks what needs two letters or none.
constexpr std::string_view latin_folded =
    "aaaaaa*ceeeeiiii"   // 00C0
    "dnooooo*ouuuuy**"   // 00D0
    "aaaaaa*ceeeeiiii"   // 00E0
    "dnooooo*ouuuuy*y"   // 00F0
    "aaaaaaccccccccdd"   // 0100
    "ddeeeeeeeeeegggg"   // 0110
    "gggghhhhiiiiiiii"   // 0120
    "ii**jjkkklllllll"   // 0130
    "lllnnnnnnnnnoooo"   // 0140
    "oo**rrrrrrssssss"   // 0150
    "ssttttttuuuuuuuu"   // 0160
    "uuuuwwyyyzzzzzzs";  // 0170
static_assert(latin_folded.size() == 0x180 - 0xC0);

std::u32string_view fold_to_two(char32_t c) {
  switch (c) {
    case 0xC6:
    case 0xE6:
      return U"ae";
    case 0x152:
    case 0x153:
      return U"oe";
    case 0x132:
    case 0x133:
      return U"ij";
    case 0xDE:
    case 0xFE:
      return U"th";
    case 0xDF:
      return U"ss";
    default:
      return {};  // the signs of multiplication and division
  }
}

}  // namespace

std::u32string from_utf8(std::string_view bytes) {
  std::u32string out;
  out.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    const std::size_t length = lead < 0x80       ? 1
                               : lead >> 5 == 6  ? 2
                               : lead >> 4 == 14 ? 3
                               : lead >> 3 == 30 ? 4
                                                 : 0;
    char32_t c = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    bool good = length != 0 && i + length <= bytes.size();
    for (std::size_t k = 1; good && k < length; ++k) {
      const auto next = static_cast<unsigned char>(bytes[i + k]);
      good = next >> 6 == 2;
      c = c << 6 | (next & 0x3FU);
    }
    out += good ? c : char32_t{0xFFFD};
    i += good ? length : 1;
  }
  return out;
}

void append_utf8(std::string& out, char32_t c) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80U | (c >> shift & 0x3FU)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0U | c >> 6);
    tail(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0U | c >> 12);
    tail(6), tail(0);
  } else {
    out += static_cast<char>(0xF0U | c >> 18);
    tail(12), tail(6), tail(0);
  }
}

std::string to_utf8(std::u32string_view text) {
  std::string out;
  for (const char32_t c : text) append_utf8(out, c);
  return out;
}

std::u32string fold(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (const char32_t c : text) {
    if (c >= U'A' && c <= U'Z') {
      out += c + 32;
    } else if (c >= 0xC0 && c < 0x180) {
      const char folded = latin_folded[c - 0xC0];
      if (folded == '*') {
        out += fold_to_two(c);
      } else {
        out += static_cast<char32_t>(folded);
      }
    } else if (c == 0x2018 || c == 0x2019) {
      out += U'\'';
    } else if (c >= 0x300 && c < 0x370) {
      // a combining accent: drop it
    } else {
      out += c;
    }
  }
  return out;
}

bool is_word_character(char32_t c) noexcept {
  return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || (c >= U'0' && c <= U'9') ||
         (c >= 0xC0 && c < 0x250 && c != 0xD7 && c != 0xF7) || (c >= 0x370 && c < 0x530);
}

bool is_ideographic(char32_t c) noexcept {
  return c == 0x3005 || (c >= 0x3041 && c <= 0x30FF && c != 0x30FB) ||
         (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7A3) ||
         (c >= 0x20000 && c <= 0x2FFFF);
}

bool is_skin_tone(char32_t c) noexcept { return c >= 0x1F3FB && c <= 0x1F3FF; }

}  // namespace emoji
