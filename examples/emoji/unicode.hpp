// SPDX-License-Identifier: MIT
/// \file
/// The little Unicode that the demo needs: UTF-8 to code points and back, and a folding that makes
/// words comparable (lower case, no accents).
#ifndef EMOJI_UNICODE_HPP
#define EMOJI_UNICODE_HPP

#include <string>
#include <string_view>

namespace emoji {

inline constexpr char32_t zero_width_joiner = 0x200D;
inline constexpr char32_t variation_selector_16 = 0xFE0F;

/// Malformed bytes become U+FFFD.
[[nodiscard]] std::u32string from_utf8(std::string_view bytes);
void append_utf8(std::string& out, char32_t c);
[[nodiscard]] std::string to_utf8(std::u32string_view text);

/// Lower case without accents, for Latin letters; typographic quotes become '. Everything else stays.
/// May give two letters (U+00DF gives "ss").
[[nodiscard]] std::u32string fold(std::u32string_view text);

/// A letter or digit of an alphabet that separates words by spaces.
[[nodiscard]] bool is_word_character(char32_t c) noexcept;
/// Han, Hiragana, Katakana or Hangul: scripts that are split into characters and pairs of them.
[[nodiscard]] bool is_ideographic(char32_t c) noexcept;
/// U+1F3FB .. U+1F3FF.
[[nodiscard]] bool is_skin_tone(char32_t c) noexcept;

}  // namespace emoji

#endif
