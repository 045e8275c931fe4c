// SPDX-License-Identifier: MIT
/// \file
/// The random numbers of the multilevel search, and the random order in which it visits nodes.
#ifndef HINT_TREE_MULTILEVEL_RANDOM_ORDER_HPP
#define HINT_TREE_MULTILEVEL_RANDOM_ORDER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/hash.hpp>
#include <hint/core/relation_graph.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014): as a
/// number is drawn for every node that is visited, drawing must be cheap.
class random_order {
 public:
  explicit random_order(std::uint64_t seed) : state_(seed) {}

  /// Uniform in 0 .. 2^64 - 1.
  [[nodiscard]] std::uint64_t random_bits() noexcept {
    return mix64(state_ += 0x9e3779b97f4a7c15ULL);
  }
  /// Uniform in [0, 1), a multiple of 2^-53.
  [[nodiscard]] double uniform() noexcept {
    return static_cast<double>(random_bits() >> 11) * 0x1p-53;
  }
  /// Makes a new order of the numbers 0 .. n-1: they ascend from a random one on, and from n - 1 to
  /// 0, but each stretch of 64 of them is shuffled. So large graphs are visited nearly in the order
  /// of memory. O(n).
  void shuffle(std::size_t n) {
    constexpr std::size_t block = 64;
    order_.resize(n);
    const std::size_t first = n > block ? below(n) : 0;
    for (std::size_t i = 0; i < n; ++i)
      order_[i] = static_cast<node_id>(i + first < n ? i + first : i + first - n);
    for (std::size_t begin = 0; begin < n; begin += block)
      for (std::size_t i = (std::min)(block, n - begin); i > 1; --i)
        std::swap(order_[begin + i - 1], order_[begin + below(i)]);
  }
  /// What `shuffle` has made last.
  [[nodiscard]] std::span<const node_id> order() const noexcept { return order_; }

 private:
  /// Nearly uniform in 0 .. n-1, for n below 2^32.
  [[nodiscard]] std::size_t below(std::size_t n) noexcept {
    return ((random_bits() >> 32) * n) >> 32;
  }

  std::uint64_t state_;
  std::vector<node_id> order_;
};

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
