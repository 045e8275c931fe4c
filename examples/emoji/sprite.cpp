// SPDX-License-Identifier: MIT
#include "sprite.hpp"

#include <algorithm>
#include <cstddef>

#include <hint/core/error.hpp>

#include "chart.hpp"
#include "png.hpp"

namespace emoji {
namespace {

// A cell is a bitmap at half size with a rim of two clear pixels, so that neighbours do not shine in.
constexpr std::size_t columns = 24;
constexpr std::size_t inner_width = 68, inner_height = 64, rim = 2;
constexpr std::size_t cell_width = inner_width + 2 * rim, cell_height = inner_height + 2 * rim;

/// Lengths in em where 1 em is `cell_height` pixels.
std::string em(std::size_t pixels) {
  return fixed(static_cast<double>(pixels) / static_cast<double>(cell_height), 4) + "em";
}

/// Fewer shades per channel: no eye sees it at this size and the file shrinks by a third.
std::uint8_t coarse(std::uint8_t value) {
  return static_cast<std::uint8_t>((std::min)((value + 4) / 8 * 8, 255));
}

}  // namespace

std::string sprite::html(std::uint32_t item, std::string_view title) {
  const std::size_t place = places_.emplace(item, places_.size()).first->second;
  const auto offset = [](std::size_t cells, std::size_t size) {
    return cells == 0 ? std::string("0") : hint::detail::concat('-', em(cells * size));
  };
  return hint::detail::concat(
      "<span class=\"e\" role=\"img\" title=\"", escape_html(title), "\" aria-label=\"",
      escape_html(title), "\" style=\"background-position:", offset(place % columns, cell_width),
      " ", offset(place / columns, cell_height), "\"></span>");
}

std::string sprite::css(std::span<const bitmap> bitmaps) const {
  if (places_.empty()) return {};
  const std::size_t rows = (places_.size() + columns - 1) / columns;
  bitmap sheet{columns * cell_width, rows * cell_height, {}};
  sheet.rgba.resize(4 * sheet.width * sheet.height);
  for (const auto& [item, place] : places_) {
    const bitmap small = resize(bitmaps[item], inner_width, inner_height);
    const std::size_t x0 = place % columns * cell_width + rim;
    const std::size_t y0 = place / columns * cell_height + rim;
    for (std::size_t y = 0; y < inner_height; ++y)
      std::transform(
          small.pixel(0, y), small.pixel(0, y) + 4 * inner_width,
          sheet.rgba.begin() + static_cast<std::ptrdiff_t>(4 * ((y0 + y) * sheet.width + x0)),
          coarse);
  }
  return hint::detail::concat(".e{background-size:", em(sheet.width), " ", em(sheet.height),
                              ";background-image:url(data:image/png;base64,",
                              base64(encode_png(sheet)), ")}\n");
}

}  // namespace emoji
