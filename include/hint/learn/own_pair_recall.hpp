// SPDX-License-Identifier: MIT
/// \file
/// How often an item's own pair is among the nearest: a figure for models that needs no labels.
#ifndef HINT_LEARN_OWN_PAIR_RECALL_HPP
#define HINT_LEARN_OWN_PAIR_RECALL_HPP

#include <algorithm>
#include <bit>
#include <cstddef>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// Code i of `images` and code i of `texts` belong to one item. The chance that an item's own text is among the `k`
/// nearest of all texts by Hamming distance, equal distances in random order, and the same from texts to images; the
/// mean over items and both directions, 0 .. 1; 0 without items. O(n^2 words). The same for any number of threads. Throws
/// `shape_error` unless there are as many of both, of one length.
HINT_LAZY
[[nodiscard]] double own_pair_recall(const code_view& images, const code_view& texts, std::size_t k,
                                     const context& ctx = {}) {
  expects<shape_error>(images.size() == texts.size() && images.bits() == texts.bits(),
                       "own_pair_recall: ", images.size(), " images of ", images.bits(), " bits, ",
                       texts.size(), " texts of ", texts.bits());
  const std::size_t n = images.size();
  const auto distance = [&](std::size_t image, std::size_t text) {
    std::size_t sum = 0;
    for (std::size_t w = 0; w < images.words_per_code(); ++w)
      sum += static_cast<std::size_t>(std::popcount(images[image][w] ^ texts[text][w]));
    return sum;
  };
  const auto chance = [&](std::size_t own, auto&& distance_to) {
    std::size_t nearer = 0, equal = 0;  // the own one is among the equal
    for (std::size_t j = 0; j < n; ++j) {
      const std::size_t d = distance_to(j);
      nearer += d < own;
      equal += d == own;
    }
    const std::size_t places = k > nearer ? k - nearer : 0;
    return static_cast<double>((std::min)(places, equal)) / static_cast<double>(equal);
  };
  const double sum =
      reduce_chunks<double>(ctx.executor, n, 64, [&](std::size_t begin, std::size_t end) {
        double part = 0;
        for (std::size_t i = begin; i < end; ++i) {
          const std::size_t own = distance(i, i);
          part += chance(own, [&](std::size_t j) { return distance(i, j); });
          part += chance(own, [&](std::size_t j) { return distance(j, i); });
        }
        return part;
      });
  return n > 0 ? sum / static_cast<double>(2 * n) : 0;
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
