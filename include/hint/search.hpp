// SPDX-License-Identifier: MIT
/// \file
/// Search among binary codes by Hamming distance, and among sets of bits by similarity.
/// Not in it, to compile fast; include by name:
/// - hint/search/any_within.hpp
/// - hint/search/bit_set_index.hpp
/// - hint/search/items.hpp
/// - hint/search/masked_search.hpp
/// - hint/search/near_duplicates.hpp
/// - hint/search/neighbor_graph.hpp
/// - hint/search/pairs.hpp
/// - hint/search/set_similarity.hpp
/// - hint/search/streamed_scan.hpp
/// - hint/search/weighted_search.hpp
#ifndef HINT_SEARCH_HPP
#define HINT_SEARCH_HPP

#include <hint/search/asymmetric.hpp>
#include <hint/search/automatic.hpp>
#include <hint/search/concepts.hpp>
#include <hint/search/duplicates.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/histograms.hpp>
#include <hint/search/hit_matrix.hpp>
#include <hint/search/hits.hpp>
#include <hint/search/ids.hpp>
#include <hint/search/index_interface.hpp>
#include <hint/search/linear_scan.hpp>
#include <hint/search/merge.hpp>
#include <hint/search/multi_index.hpp>
#include <hint/search/nearest_within.hpp>
#include <hint/search/scored_search.hpp>

#endif
