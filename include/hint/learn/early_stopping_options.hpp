// SPDX-License-Identifier: MIT
/// \file
/// When to end training before its budget: pairs that take no part in it judge every epoch.
#ifndef HINT_LEARN_EARLY_STOPPING_OPTIONS_HPP
#define HINT_LEARN_EARLY_STOPPING_OPTIONS_HPP

#include <cstddef>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// No labels are looked at: the score of an epoch is `own_pair_recall` of the pairs held out, which the seed
/// chooses. Training ends when it has not risen for some epochs, and the model is that of the best epoch, the first of
/// equals, also when training ends by its budget or by request.
struct early_stopping_options {
  double held_out =
      0;  ///< share of the pairs, of at most 2000 pairs; 0 .. 0.5; 0: none, no epoch is judged
  std::size_t nearest = 10;  ///< k of `own_pair_recall`; 1 .. 2000
  std::size_t patience = 5;  ///< epochs in a row without a better score; 1 .. 10^9

  /// Throws `invalid_option`.
  void validate() const {
    option_in("held_out", held_out, 0, 0.5);
    option_in("nearest", nearest, 1, 2000);
    option_in("patience", patience, 1, 1000000000);
  }
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
