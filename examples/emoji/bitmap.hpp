// SPDX-License-Identifier: MIT
/// \file
/// A small colour picture.
#ifndef EMOJI_BITMAP_HPP
#define EMOJI_BITMAP_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

namespace emoji {

/// Red, green, blue, alpha, one byte each, row after row from the top. Colours are premultiplied: a
/// half transparent white is (128, 128, 128, 128).
struct bitmap {
  std::size_t width = 0;
  std::size_t height = 0;
  std::vector<std::uint8_t> rgba;

  [[nodiscard]] bool empty() const noexcept { return rgba.empty(); }
  [[nodiscard]] const std::uint8_t* pixel(std::size_t x, std::size_t y) const noexcept {
    return rgba.data() + 4 * (y * width + x);
  }
};

/// Another size; every new pixel is the mean over the area that it covers.
[[nodiscard]] bitmap resize(const bitmap& from, std::size_t width, std::size_t height);

}  // namespace emoji

#endif
