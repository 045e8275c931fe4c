// SPDX-License-Identifier: MIT
/// \file
/// The learner for finding one item, not some of its kind.
#ifndef HINT_LEARN_INSTANCES_HPP
#define HINT_LEARN_INSTANCES_HPP

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/learn/any_learner.hpp>
#include <hint/learn/ensemble.hpp>
#include <hint/learn/hint.hpp>
#include <hint/learn/hint_options.hpp>
#include <hint/learn/kernel_cca.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// The preset `instances`: an ensemble of networks by `hint_options::instances` and of kernel CCA. Its codes find
/// the very item that belongs to a query more often than HINT's own, for some data at the price of MAP, and training
/// takes some three times as long for each network: docs/rationale.md has the figures.
///
/// Half of the bits are those of networks, of 64 bits each or somewhat more, at most 8 of them; the others are those of one
/// `kernel_cca`. Below 64 bits all are those of one network, which does better then. Throws `invalid_option`.
/// \code
/// const auto model = learn::instances().fit(train, ctx);  // 256 bits: two networks, and 128 of kernel CCA
/// \endcode
HINT_LAZY
[[nodiscard]] ensemble<any_learner> instances(std::size_t bits = 256) {
  option_in("bits", bits, 1, max_bits);
  const std::size_t of_kernel = bits < 64 ? 0 : bits / 2;
  const std::size_t rest = bits - of_kernel;
  const std::size_t networks = std::clamp(rest / 64, std::size_t{1}, std::size_t{8});
  std::vector<any_learner> members;
  for (std::size_t k = 0; k < networks; ++k)
    members.emplace_back(
        hint{hint_options::instances(rest / networks + (k < rest % networks ? 1 : 0))});
  if (of_kernel > 0) members.emplace_back(kernel_cca{{.bits = of_kernel}});
  return ensemble<any_learner>(std::move(members));
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
