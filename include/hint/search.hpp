// SPDX-License-Identifier: MIT
/// \file
/// Search among binary codes by Hamming distance.
#ifndef HINT_SEARCH_HPP
#define HINT_SEARCH_HPP

#include <hint/search/concepts.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/hits.hpp>
#include <hint/search/linear_scan.hpp>
#include <hint/search/top_k.hpp>

#endif
