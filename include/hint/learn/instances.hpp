// SPDX-License-Identifier: MIT
/// \file
/// The learner for finding one item, not some of its kind.
#ifndef HINT_LEARN_INSTANCES_HPP
#define HINT_LEARN_INSTANCES_HPP

#include <algorithm>
#include <cstddef>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/learn/ensemble.hpp>
#include <hint/learn/hint.hpp>
#include <hint/learn/hint_options.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// How many networks `instances` trains for codes of so many bits: the largest divisor of `bits` up to 8 that
/// leaves each at least 64 bits, or 1.
[[nodiscard]] constexpr std::size_t instance_members(std::size_t bits) noexcept {
  std::size_t members = (std::min)(std::size_t{8}, bits / 64);
  while (members > 1 && bits % members != 0) --members;
  return (std::max)(members, std::size_t{1});
}

/// The preset `instances`: networks by `hint_options::instances` from different seeds, side by side. Their codes find
/// the very item that belongs to a query more often than HINT's own, for some data at the price of MAP, and training
/// takes some three times `instance_members(bits)` times as long: docs/rationale.md has the figures. Throws
/// `invalid_option`.
/// \code
/// const auto model = learn::instances().fit(train, ctx);  // 256 bits from four networks
/// \endcode
HINT_LAZY
[[nodiscard]] ensemble<hint<>> instances(std::size_t bits = 256) {
  option_in("bits", bits, 1, max_bits);
  return ensemble<hint<>>({.bits = bits, .members = instance_members(bits)},
                          hint_options::instances());
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
