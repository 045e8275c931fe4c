// SPDX-License-Identifier: MIT
#include "image_features.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

#include <hint/core/error.hpp>

namespace emoji {
namespace {

struct hsv {
  float hue;  // 0 .. 6
  float saturation;
  float value;
};

hsv to_hsv(float r, float g, float b) {
  const float high = (std::max)({r, g, b});
  const float range = high - (std::min)({r, g, b});
  if (range <= 0) return {0, 0, high};
  float hue = high == r ? (g - b) / range : high == g ? 2 + (b - r) / range : 4 + (r - g) / range;
  if (hue < 0) hue += 6;
  return {hue, range / high, high};
}

std::size_t bin(float x, std::size_t bins) {  // x in 0 .. 1
  return (std::min)(static_cast<std::size_t>(x * static_cast<float>(bins)), bins - 1);
}

/// 12 hues (each pixel shared by the two nearest) x 3 saturations x 3 values, then 8 greys; weighted
/// by alpha, square root of the shares.
void color_histogram(const bitmap& b, float* out) {
  constexpr float grey_below = 0.15F;  // saturation
  float total = 0;
  for (std::size_t i = 0; i < b.width * b.height; ++i) {
    const std::uint8_t* p = b.rgba.data() + 4 * i;
    if (p[3] == 0) continue;
    const float alpha = static_cast<float>(p[3]);
    const auto straight = [&](int c) { return (std::min)(static_cast<float>(p[c]) / alpha, 1.0F); };
    const hsv color = to_hsv(straight(0), straight(1), straight(2));
    total += alpha;
    if (color.saturation < grey_below || color.value < 0.1F) {
      out[108 + bin(color.value, 8)] += alpha;
      continue;
    }
    const std::size_t rest =
        bin((color.saturation - grey_below) / (1 - grey_below), 3) * 3 + bin(color.value, 3);
    const float place = color.hue * 2;  // 0 .. 12, bins centred at whole numbers
    const float share = place - std::floor(place);
    const auto low = static_cast<std::size_t>(place) % 12;
    out[low * 9 + rest] += alpha * (1 - share);
    out[(low + 1) % 12 * 9 + rest] += alpha * share;
  }
  for (int k = 0; k < 116; ++k) out[k] = total > 0 ? std::sqrt(out[k] / total) : 0;
}

/// One channel over white, 0 .. 1.
float over_white(const std::uint8_t* p, int c) {
  return static_cast<float>(p[c] + 255 - p[3]) / 255.0F;
}

void layout(const bitmap& small, float* rgb, float* alpha) {
  for (std::size_t i = 0; i < 64; ++i) {
    const std::uint8_t* p = small.rgba.data() + 4 * i;
    for (int c = 0; c < 3; ++c) *rgb++ = over_white(p, c);
    *alpha++ = static_cast<float>(p[3]) / 255.0F;
  }
}

/// Histogram of oriented gradients: 4x4 cells of 16x16 pixels, 8 directions without sign, shared by
/// the two nearest; the whole is scaled to length 1 after a square root.
void oriented_gradients(const bitmap& b, float* out) {
  constexpr int n = 64;
  std::array<float, n * n> grey;
  for (std::size_t i = 0; i < n * n; ++i) {
    const std::uint8_t* p = b.rgba.data() + 4 * i;
    grey[i] = 0.299F * over_white(p, 0) + 0.587F * over_white(p, 1) + 0.114F * over_white(p, 2);
  }
  const auto at = [&](int x, int y) {
    return grey[static_cast<std::size_t>(std::clamp(y, 0, n - 1) * n + std::clamp(x, 0, n - 1))];
  };
  for (int y = 0; y < n; ++y)
    for (int x = 0; x < n; ++x) {
      const float dx = at(x + 1, y) - at(x - 1, y);
      const float dy = at(x, y + 1) - at(x, y - 1);
      const float length = std::sqrt(dx * dx + dy * dy);
      if (length <= 0) continue;
      float angle = std::atan2(dy, dx) / std::numbers::pi_v<float>;  // -1 .. 1
      if (angle < 0) angle += 1;
      const float place = angle * 8;
      const float share = place - std::floor(place);
      const int low = static_cast<int>(place) % 8;
      float* cell = out + (y / 16 * 4 + x / 16) * 8;
      cell[low] += length * (1 - share);
      cell[(low + 1) % 8] += length * share;
    }
  float norm = 0;
  for (int k = 0; k < 128; ++k) norm += out[k];
  for (int k = 0; k < 128; ++k) out[k] = norm > 0 ? std::sqrt(out[k] / norm) : 0;
}

}  // namespace

dense raw_image_features(std::span<const bitmap> bitmaps) {
  dense out = dense::Zero(static_cast<Eigen::Index>(bitmaps.size()), image_feature_columns);
  for (std::size_t i = 0; i < bitmaps.size(); ++i) {
    float* row = out.row(static_cast<Eigen::Index>(i)).data();
    const bitmap middle = resize(bitmaps[i], 64, 64);
    color_histogram(bitmaps[i], row);
    layout(resize(middle, 8, 8), row + 116, row + 116 + 192);
    oriented_gradients(middle, row + 116 + 192 + 64);
  }
  return out;
}

image_scaling::image_scaling(const dense& training)
    : mean_(image_feature_columns), scale_(image_feature_columns) {
  hint::expects<hint::shape_error>(training.rows() > 0 && training.cols() == image_feature_columns,
                                   "image_scaling: training is ", training.rows(), " x ",
                                   training.cols(), ", expected at least 1 x ",
                                   image_feature_columns);
  mean_ = training.colwise().mean();
  Eigen::Index first = 0;
  for (const auto& group : image_feature_groups) {
    const dense centred =
        training.middleCols(first, group.columns).rowwise() - mean_.segment(first, group.columns);
    const float length = centred.rowwise().norm().mean();
    scale_.segment(first, group.columns).setConstant(length > 0 ? group.weight / length : 0.0F);
    first += group.columns;
  }
}

dense image_scaling::operator()(const dense& raw) const {
  return ((raw.rowwise() - mean_).array().rowwise() * scale_.array()).matrix();
}

}  // namespace emoji
