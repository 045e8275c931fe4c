// SPDX-License-Identifier: MIT
/// \file
/// The figure by which `merge` chooses pairs of communities.
#ifndef HINT_TREE_GREEDY_PAIR_KEY_HPP
#define HINT_TREE_GREEDY_PAIR_KEY_HPP

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <utility>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/build_tree.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree {

/// By which figure pairs of communities are chosen.
enum class merge_key : std::uint8_t {
  merge,   ///< change of the two-dimensional entropy if both became one module of vertices
  combine  ///< change of the tree's entropy by a new community over the two ("stretch")
};

namespace detail {

/// The key of a pair, in bits; low is good. With x, y the pair, c the weight between them, s the
/// smoothing, v_x = vol x + s, v = v_x + v_y and i_x the weight inside x:
///   2 (i_x log2(v/v_x) + i_y log2(v/v_y) - c log2(vol G/v)) / vol G,
/// where i is 0 for the key `combine`.
struct pair_key {
  merge_key key = merge_key::merge;
  /// Whether "inside" means all leaves below or only the children, which the edit merge would make
  /// siblings.
  bool nested = true;
  double smoothing = 0;

  [[nodiscard]] double inside(const build_tree& tree, node_id v) const noexcept {
    if (key == merge_key::combine) return 0;
    return nested ? tree.inside(v) : tree.between(v);
  }
  [[nodiscard]] double volume(const build_tree& tree, node_id v) const noexcept {
    return tree.volume(v) + smoothing;
  }
  [[nodiscard]] static double value(double inside_x, double volume_x, double inside_y,
                                    double volume_y, double cut, double total) noexcept {
    // One order of summation for (x, y) and (y, x), for the sake of merged multiply-add.
    if (inside_x < inside_y || (inside_x == inside_y && volume_x < volume_y)) {
      std::swap(inside_x, inside_y);
      std::swap(volume_x, volume_y);
    }
    const double v = volume_x + volume_y;
    double sum = 0;
    if (inside_x > 0) sum += inside_x * std::log2(v / volume_x);
    if (inside_y > 0) sum += inside_y * std::log2(v / volume_y);
    return 2 * (sum - cut * std::log2(total / v)) / total;
  }
  /// The logarithm for all x > 0 that are no denormal numbers, to 4e-11 (the first term left out of
  /// the series of the inverse hyperbolic tangent is below 2.6e-11), without branches: loops over
  /// it are vectorised.
  [[nodiscard]] static double rough_log2(double x) noexcept {
    const auto bits = std::bit_cast<std::uint64_t>(x);
    const std::uint64_t exponent = (bits + 0x95f619980c433) >> 52;  // of x / sqrt(1/2), plus 1023
    const auto mantissa = std::bit_cast<double>(bits - ((exponent - 1023) << 52));
    const double whole = std::bit_cast<double>(exponent | 0x4330000000000000) - (0x1p52 + 1023);
    const double s = (mantissa - 1) / (mantissa + 1);
    const double s2 = s * s;
    constexpr double c = 2 * std::numbers::log2e;
    return whole +
           s * (c + s2 * (c / 3 + s2 * (c / 5 + s2 * (c / 7 + s2 * (c / 9 + s2 * (c / 11))))));
  }
  /// Lower bounds of the keys of one community with others. Unless the summands of a key cancel
  /// out, they are closer to the keys than 1e-6 of them.
  struct lower_bound {
    double inside;
    double volume;
    double total;
    double log_volume = std::log2(volume);
    double log_total = std::log2(total);

    [[nodiscard]] float operator()(double inside_y, double volume_y, double cut) const noexcept {
      const double both = rough_log2(volume + volume_y);
      const double sum = inside * (both - log_volume) + inside_y * (both - rough_log2(volume_y)) -
                         cut * (log_total - both);
      // The errors of the logarithms, then those of rounding to a float.
      const double low = sum - 1e-10 * (inside + inside_y + cut);
      const double bound = 2 * (low - 1.2e-7 * std::abs(low)) / total - 1e-44;
      return volume_y < 0x1p-1000 ? std::numeric_limits<float>::lowest()
                                  : static_cast<float>(bound);
    }
  };

  [[nodiscard]] double operator()(const build_tree& tree, node_id x, node_id y,
                                  double cut) const noexcept {
    return value(inside(tree, x), volume(tree, x), inside(tree, y), volume(tree, y), cut,
                 tree.volume(tree.root()));
  }
};

}  // namespace detail
}}}  // namespace hint::HINT_ABI::tree

#endif
