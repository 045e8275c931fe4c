// SPDX-License-Identifier: MIT
/// \file
/// Pictures as PNG files and as text inside a page.
#ifndef EMOJI_PNG_HPP
#define EMOJI_PNG_HPP

#include <string>
#include <string_view>

#include "bitmap.hpp"

namespace emoji {

/// The bytes of a PNG file: 8 bits per channel, with alpha (no longer premultiplied).
[[nodiscard]] std::string encode_png(const bitmap& picture);

[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace emoji

#endif
