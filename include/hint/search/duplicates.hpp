// SPDX-License-Identifier: MIT
/// \file
/// What becomes of ids that come again.
#ifndef HINT_SEARCH_DUPLICATES_HPP
#define HINT_SEARCH_DUPLICATES_HPP

#include <cstdint>

#include <hint/core/config.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// What `add` does with an id that is in the index already, or comes twice.
enum class duplicates : std::uint8_t {
  refuse,  ///< throws `invalid_argument` and adds nothing
  replace  ///< the last code that comes under an id is the one that stays
};

}}}  // namespace hint::HINT_ABI::search

#endif
