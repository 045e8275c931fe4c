// SPDX-License-Identifier: MIT
/// \file
/// The figure by which `merge` chooses pairs of communities.
#ifndef HINT_TREE_PAIR_KEY_HPP
#define HINT_TREE_PAIR_KEY_HPP

#include <cmath>
#include <cstdint>
#include <utility>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/work_tree.hpp>

namespace hint::inline HINT_ABI::tree {

/// By which figure pairs of communities are chosen.
enum class merge_key : std::uint8_t {
  fuse,    ///< change of the two-dimensional entropy, were both one module of vertices
  combine  ///< change of the tree's entropy by a new community over the two ("stretch")
};

namespace tree_detail {

/// The key of a pair, in bits; low is good. With x, y the pair, c the weight between them, s the
/// smoothing, v_x = vol x + s, v = v_x + v_y and i_x the weight inside x:
///   2 (i_x log2(v/v_x) + i_y log2(v/v_y) - c log2(vol G/v)) / vol G,
/// where i is 0 for the key `combine`.
struct pair_key {
  merge_key key = merge_key::fuse;
  /// Whether "inside" means all leaves below or only the children, which fuse would make siblings.
  bool nested = true;
  double smoothing = 0;

  [[nodiscard]] double inside(const work_tree& tree, node_id v) const noexcept {
    if (key == merge_key::combine) return 0;
    return nested ? tree.inside(v) : tree.between(v);
  }
  [[nodiscard]] double volume(const work_tree& tree, node_id v) const noexcept {
    return tree.volume(v) + smoothing;
  }
  [[nodiscard]] static double bits(double inside_x, double volume_x, double inside_y,
                                   double volume_y, double cut, double total) noexcept {
    // One order of summation for (x, y) and (y, x), for the sake of fused multiply-add.
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
  [[nodiscard]] double operator()(const work_tree& tree, node_id x, node_id y,
                                  double cut) const noexcept {
    return bits(inside(tree, x), volume(tree, x), inside(tree, y), volume(tree, y), cut,
                tree.volume(tree.root()));
  }
};

}  // namespace tree_detail
}  // namespace hint::inline HINT_ABI::tree

#endif
