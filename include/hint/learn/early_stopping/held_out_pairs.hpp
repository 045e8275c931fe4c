// SPDX-License-Identifier: MIT
/// \file
/// Which pairs learn, and which judge.
#ifndef HINT_LEARN_EARLY_STOPPING_HELD_OUT_PAIRS_HPP
#define HINT_LEARN_EARLY_STOPPING_HELD_OUT_PAIRS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/random.hpp>
#include <hint/data/block.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {
namespace detail {

/// The pairs 0 .. n-1 in two parts, each ascending.
struct held_out_pairs {
  static constexpr std::size_t most = 2000;

  std::vector<data::row_id> learning, judging;

  /// A share of the pairs, at random, but at most `most`, are to judge. Throws `invalid_argument` when less than two
  /// would judge or learn.
  HINT_LAZY
  [[nodiscard]] static held_out_pairs draw(std::size_t n, double share, random_stream random) {
    const std::size_t count =
        (std::min)(most, static_cast<std::size_t>(share * static_cast<double>(n)));
    expects(count >= 2 && n - count >= 2, "fit: ", count, " of ", n,
            " pairs are held out, expected at least 2 and as many others");
    std::vector<data::row_id> order = permutation(static_cast<std::uint32_t>(n), random);
    const auto middle = order.begin() + static_cast<std::ptrdiff_t>(count);
    held_out_pairs p{{middle, order.end()}, {order.begin(), middle}};
    std::ranges::sort(p.learning);
    std::ranges::sort(p.judging);
    return p;
  }
};

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn::detail

#endif
