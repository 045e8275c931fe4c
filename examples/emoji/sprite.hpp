// SPDX-License-Identifier: MIT
/// \file
/// Many small pictures in one, so that a page stores each only once.
#ifndef EMOJI_SPRITE_HPP
#define EMOJI_SPRITE_HPP

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bitmap.hpp"

namespace emoji {

/// Hands out places for items and draws them all at the end. In the page, an item is a `<span>` of
/// class "e" as high as the font, placed over one picture by its background position.
class sprite {
 public:
  /// HTML of item `item`, with `title` for readers who cannot see it.
  [[nodiscard]] std::string html(std::uint32_t item, std::string_view title);
  /// The style of class "e" with the picture of all items asked for so far.
  [[nodiscard]] std::string css(std::span<const bitmap> bitmaps) const;

 private:
  std::map<std::uint32_t, std::size_t> places_;
};

}  // namespace emoji

#endif
