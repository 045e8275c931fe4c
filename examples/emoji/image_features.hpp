// SPDX-License-Identifier: MIT
/// \file
/// 500 numbers per bitmap: which colours (HSV histogram), where (8x8 layout), which shape (alpha,
/// oriented gradients). Plain arithmetic, no network.
#ifndef EMOJI_IMAGE_FEATURES_HPP
#define EMOJI_IMAGE_FEATURES_HPP

#include <array>
#include <filesystem>
#include <span>

#include <Eigen/Core>

#include "bitmap.hpp"

namespace emoji {

using dense = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// A run of columns that is centred and scaled by itself.
struct feature_group {
  const char* name;
  Eigen::Index columns;
  float weight;  ///< relative length of a mean row
};
inline constexpr std::array<feature_group, 4> image_feature_groups{{
    {"colour histogram", 12 * 3 * 3 + 8, 1.0F},
    {"layout", 8 * 8 * 3, 1.0F},
    {"alpha", 8 * 8, 0.5F},
    {"oriented gradients", 4 * 4 * 8, 1.5F},
}};
inline constexpr Eigen::Index image_feature_columns = 500;

/// As measured, one row per bitmap.
[[nodiscard]] dense raw_image_features(std::span<const bitmap> bitmaps);

/// Centres each column and scales each group to mean row norm `weight`, by what was learnt from the
/// training rows.
class image_scaling {
 public:
  /// `training`: rows x image_feature_columns, at least one row.
  explicit image_scaling(const dense& training);
  [[nodiscard]] dense operator()(const dense& raw) const;

 private:
  Eigen::RowVectorXf mean_;
  Eigen::RowVectorXf scale_;
};

}  // namespace emoji

#endif
