// SPDX-License-Identifier: MIT
/// \file
/// A number of hits and a radius together.
#ifndef HINT_SEARCH_NEAREST_WITHIN_HPP
#define HINT_SEARCH_NEAREST_WITHIN_HPP

#include <cstddef>

#include <hint/core/config.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// What a search is to find: the k nearest, but none beyond the radius.
/// \code
/// auto found = index.search(queries, hint::search::nearest_within{.k = 10, .radius = 12});
/// \endcode
struct nearest_within {
  std::size_t k = 0;
  std::size_t radius = 0;  ///< a distance, itself included
};

}}}  // namespace hint::HINT_ABI::search

#endif
