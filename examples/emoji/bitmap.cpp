// SPDX-License-Identifier: MIT
#include "bitmap.hpp"

#include <algorithm>
#include <cmath>

namespace emoji {
namespace {

/// One new pixel along one axis: old pixels first .. first + weights.size() - 1.
struct span_weights {
  std::size_t first = 0;
  std::vector<float> weights;
};

std::vector<span_weights> cover(std::size_t from, std::size_t to) {
  std::vector<span_weights> out(to);
  const double step = static_cast<double>(from) / static_cast<double>(to);
  for (std::size_t i = 0; i < to; ++i) {
    const double low = static_cast<double>(i) * step;
    const double high = (std::min)(low + step, static_cast<double>(from));
    out[i].first = static_cast<std::size_t>(low);
    for (std::size_t k = out[i].first; static_cast<double>(k) < high - 1e-9; ++k) {
      const double left = (std::max)(low, static_cast<double>(k));
      const double right = (std::min)(high, static_cast<double>(k + 1));
      out[i].weights.push_back(static_cast<float>((right - left) / step));
    }
  }
  return out;
}

}  // namespace

bitmap resize(const bitmap& from, std::size_t width, std::size_t height) {
  bitmap out{width, height, std::vector<std::uint8_t>(4 * width * height)};
  if (from.empty()) return out;
  const auto columns = cover(from.width, width);
  const auto rows = cover(from.height, height);
  for (std::size_t y = 0; y < height; ++y)
    for (std::size_t x = 0; x < width; ++x) {
      float sum[4] = {};
      for (std::size_t j = 0; j < rows[y].weights.size(); ++j)
        for (std::size_t i = 0; i < columns[x].weights.size(); ++i) {
          const float w = rows[y].weights[j] * columns[x].weights[i];
          const std::uint8_t* p = from.pixel(columns[x].first + i, rows[y].first + j);
          for (int c = 0; c < 4; ++c) sum[c] += w * static_cast<float>(p[c]);
        }
      for (std::size_t c = 0; c < 4; ++c)
        out.rgba[4 * (y * width + x) + c] =
            static_cast<std::uint8_t>((std::min)(std::lround(sum[c]), 255L));
    }
  return out;
}

}  // namespace emoji
